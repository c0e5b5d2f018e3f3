"""Programs that have type errors. Never run: an accepted line has an unused mark, which is an error.

A line is marked for each checker: `type: ignore` for mypy and pyright, `pyright: ignore` for pyright alone,
`ty: ignore` for ty, and `not mypy` (or another name) for a checker that accepts it.

`==` accepts every value, so a comparison with another type is rejected only when it is used: it is a `bool`.
"""

# pyright: reportUnnecessaryTypeIgnoreComment=true, reportUnusedExpression=false, reportUnusedCoroutine=false
# ruff: noqa: B015, B018, E711, F841

from collections.abc import Mapping
from datetime import date

import httpx

import fireworks_gateway
from fireworks_gateway import (
    AsyncGatewayClient,
    Field,
    GatewayClient,
    GatewayError,
    Model,
    ModelKind,
    ModelState,
    Pager,
    PartialDate,
    Retry,
    StatusError,
)
from fireworks_gateway.catalogue import Snapshot, diff, drift
from fireworks_gateway.filters import Filter
from fireworks_gateway.specification import LIST_MODELS, ModelFields, Status
from fireworks_gateway.testing import FakeGateway, faults


def assign(model: Model) -> None:
    """Change a model, which is read-only."""
    model.name = "x"  # type: ignore[assignment]  # ty: ignore[invalid-assignment]
    model.base_model_details = None  # type: ignore[assignment]  # ty: ignore[invalid-assignment]
    model.payload["name"] = "x"  # type: ignore[index]  # ty: ignore[invalid-assignment]
    model.is_base_model = True  # type: ignore[misc]  # ty: ignore[invalid-assignment]
    Model({}).colour = "red"  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]


def read(model: Model) -> None:
    """Optional values, other types, and missing attributes."""
    print(model.nonsense)  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]
    print(model.context_length + 1)  # type: ignore[operator]  # ty: ignore[unsupported-operator]
    print(model.base_model_details.moe)  # type: ignore[union-attr]  # ty: ignore[missing-union-attribute]
    model.name.upper()  # type: ignore[union-attr]  # ty: ignore[missing-union-attribute]
    kind: ModelKind | None = model.kind  # type: ignore[assignment]  # ty: ignore[invalid-assignment]
    day: date | None = model.deprecation_date  # type: ignore[assignment]  # ty: ignore[invalid-assignment]
    details: Status | None = model.base_model_details  # type: ignore[assignment]  # ty: ignore[invalid-assignment]
    model.serving_status(on="2026-01-01")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    model.serving_status().calable  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]
    model.to_row(columns=[5])  # type: ignore[list-item]  # ty: ignore[invalid-argument-type]
    PartialDate("2026")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    if model.serving_status():  # pyright: ignore[reportGeneralTypeIssues]  # ty: ignore[unsupported-bool-conversion]  # not mypy
        print(model)


def walk(client: GatewayClient) -> None:
    """Pass unknown or wrong arguments."""
    client.models.list(filtre="x")  # type: ignore[call-arg]  # ty: ignore[unknown-argument]
    client.models.list(page_size="7")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    client.models.list("fireworks")  # type: ignore[call-arg]  # ty: ignore[too-many-positional-arguments]
    client.models.list(read_mask=[5])  # type: ignore[list-item]  # ty: ignore[invalid-argument-type]
    client.models.list(read_mask=Model.name)  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    client.models.list(on_malformed="ignore")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    client.models.get(5)  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    client.models.list()[0]  # type: ignore[index]  # ty: ignore[not-subscriptable]
    len(client.models.list())  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    client.models.list().rows("name", "kind")  # type: ignore[call-arg]  # ty: ignore[too-many-positional-arguments]
    GatewayClient("key")  # type: ignore[call-arg]  # ty: ignore[too-many-positional-arguments]


def list_any(client: GatewayClient, other: AsyncGatewayClient) -> None:
    """Expect another message, or pass unknown parameters."""
    client.list(LIST_MODELS, show_deleted=True)  # type: ignore[call-arg]  # ty: ignore[unknown-argument]
    client.list("models")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    client.list(LIST_MODELS.of(int))  # type: ignore[type-var]  # ty: ignore[invalid-argument-type]
    client.list(LIST_MODELS, page_size="5")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    pager: Pager[ModelFields] = other.list(LIST_MODELS)  # type: ignore[assignment]  # ty: ignore[invalid-assignment]
    models: Pager[Model] = client.list(LIST_MODELS)  # type: ignore[arg-type]  # ty: ignore[invalid-assignment]
    fireworks_gateway.BaseModelDetails  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]
    Status({}).message = "x"  # type: ignore[assignment]  # ty: ignore[invalid-assignment]
    Status([])  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    Status.message > 5  # type: ignore[operator]  # ty: ignore[unsupported-operator]


def keep(client: GatewayClient, other: AsyncGatewayClient, kept: Snapshot) -> None:
    """Pass arguments that are neither a listing nor a snapshot."""
    Snapshot.take(client.models.list().to_list())  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    Snapshot.take(other.models.list())  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    Snapshot.take_async(client.models.list())  # type: ignore[arg-type, unused-coroutine]  # ty: ignore[invalid-argument-type, unused-awaitable]
    kept.models = ()  # type: ignore[misc]  # ty: ignore[invalid-assignment]
    diff(kept)  # type: ignore[call-arg]  # ty: ignore[missing-argument]
    diff(kept, "file.jsonl")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    drift(other.models.list())  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]


def fake() -> None:
    """Wrong arguments of a fake gateway."""
    FakeGateway("models")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    FakeGateway(faults=faults.busy())  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    FakeGateway(faults=["busy"])  # type: ignore[list-item]  # ty: ignore[invalid-argument-type]
    FakeGateway().client(retries=5)  # type: ignore[call-arg]  # not ty


async def mix(client: GatewayClient, other: AsyncGatewayClient) -> None:
    """Await a sync client, or use an async one without."""
    await client.models.get("accounts/a/models/b")  # type: ignore[misc]  # ty: ignore[invalid-await]
    await client.models.list()  # type: ignore[misc]  # ty: ignore[invalid-await]
    async for model in client.models.list():  # type: ignore[attr-defined]  # ty: ignore[not-iterable]
        print(model)
    for model in other.models.list():  # type: ignore[attr-defined]  # ty: ignore[not-iterable]
        print(model)
    for page in other.models.list().pages():  # type: ignore[attr-defined]  # ty: ignore[not-iterable]
        print(page)
    async with client:  # type: ignore[attr-defined]  # ty: ignore[invalid-context-manager]
        pass
    with other:  # type: ignore[attr-defined]  # ty: ignore[invalid-context-manager]
        pass
    other.close()  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]
    await client.aclose()  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]
    list(other.models.list())  # type: ignore[call-overload]  # ty: ignore[invalid-argument-type]
    first: Model | None = other.models.list().first()  # type: ignore[assignment]  # ty: ignore[invalid-assignment]
    name = other.models.get("accounts/a/models/b").name  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]


def resume(client: GatewayClient) -> None:
    """Resume from something that is not a bookmark."""
    client.models.list().bookmark  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]
    client.models.list().resume(b"{}")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    client.models.list().resume()  # type: ignore[call-arg]  # ty: ignore[missing-argument]


def fail(error: GatewayError) -> None:
    """Attributes of other errors, and missing attributes."""
    error.status_code  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]
    error.bookmark.to_json()  # type: ignore[union-attr]  # ty: ignore[missing-union-attribute]
    StatusError("x")  # type: ignore[call-arg]  # ty: ignore[missing-argument]


async def awaited(retry: Retry) -> None:
    """A coroutine function, which `on_retry` would never await."""


def count() -> None:
    """Callbacks of retries with other parameters."""
    GatewayClient(on_retry=lambda: None)  # type: ignore[arg-type, misc]  # ty: ignore[invalid-argument-type]
    GatewayClient(on_retry=awaited)  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    GatewayClient(on_retry=[])  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    GatewayClient(http_client=httpx.AsyncClient())  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    AsyncGatewayClient(http_client=httpx.Client())  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    Retry("request", 1).wait = 5  # type: ignore[call-arg, misc]  # ty: ignore[invalid-assignment, missing-argument]


def compare(numbers: Field[Mapping[str, float]]) -> None:
    """Values of another type, and comparisons of fields without an order."""
    Model.context_length >= "128000"  # type: ignore[operator]  # ty: ignore[unsupported-operator]
    Model.context_length > None  # type: ignore[operator]  # ty: ignore[unsupported-operator]
    Model.name < 5  # type: ignore[operator]  # ty: ignore[unsupported-operator]
    Model.create_time > date(2026, 1, 1)  # type: ignore[operator]  # ty: ignore[unsupported-operator]
    Model.create_time > "2026-01-01T00:00:00Z"  # type: ignore[operator]  # ty: ignore[unsupported-operator]
    Model.deprecation_date < "2026-01-01"  # type: ignore[operator]  # ty: ignore[unsupported-operator]
    numbers["temperature"] > "hot"  # type: ignore[operator]  # ty: ignore[unsupported-operator]
    Model.kind < ModelKind.HF_BASE_MODEL  # type: ignore[operator]  # ty: ignore[unsupported-operator]
    Model.supports_serverless > False  # type: ignore[operator]  # ty: ignore[unsupported-operator]
    Model.base_model_details > 1  # type: ignore[operator]  # ty: ignore[unsupported-operator]


def ask(texts: Field[tuple[str, ...]]) -> None:
    """Methods that the field lacks."""
    Model.kind.in_([ModelState.READY])  # type: ignore[list-item]  # ty: ignore[invalid-argument-type]
    Model.context_length.startswith("1")  # type: ignore[misc]  # ty: ignore[invalid-argument-type]
    Model.name.has("x")  # type: ignore[misc]  # ty: ignore[no-matching-overload]
    texts.has(5)  # type: ignore[arg-type]  # ty: ignore[no-matching-overload]
    Model.name["x"]  # type: ignore[misc]  # ty: ignore[invalid-argument-type]
    Model.base_model_details.desc()  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]
    Model.base_model_details.has(5)  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    Model.kindd  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]
    Model({}).kindd  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]


def combine() -> None:
    """Operands that are no conditions."""
    Model.supports_serverless & Model.context_length  # type: ignore[operator]  # ty: ignore[unsupported-operator]
    Model.supports_serverless & "state = READY"  # type: ignore[operator]  # ty: ignore[unsupported-operator]
    ~Model.context_length  # type: ignore[operator]  # ty: ignore[unsupported-operator]
    (Model.context_length > 1) & Model.context_length > 5  # type: ignore[operator]  # ty: ignore[unsupported-operator]
    Model.supports_serverless & (Model.context_length == "5")  # type: ignore[operator]  # ty: ignore[unsupported-operator]


def use_and(client: GatewayClient, long: Filter) -> None:
    """Use Python operators that need a truth value."""
    print(Model.supports_serverless and long)  # ty: ignore[unsupported-bool-conversion]  # not mypy  # not pyright
    print(not Model.supports_serverless)  # pyright: ignore[reportGeneralTypeIssues]  # ty: ignore[unsupported-bool-conversion]  # not mypy
    print(8192 <= Model.context_length <= 128_000)  # ty: ignore[unsupported-bool-conversion]  # not mypy  # not pyright
    print("llama" in Model.name)  # type: ignore[operator]  # ty: ignore[unsupported-operator]
    print(long if Model.supports_serverless else None)  # type: ignore[redundant-expr]  # ty: ignore[unsupported-bool-conversion]
    if long:  # pyright: ignore[reportGeneralTypeIssues]  # ty: ignore[unsupported-bool-conversion]  # not mypy
        print(long)
    client.models.list(filter=Model.supports_serverless and Model.supports_serverless)  # ty: ignore[unsupported-bool-conversion]  # not mypy  # not pyright
    client.models.list(filter=not Model.supports_serverless)  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type, unsupported-bool-conversion]
    client.models.list(filter=Model.kind in [ModelKind.HF_BASE_MODEL])  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    for letter in Model.name:  # type: ignore[misc]  # ty: ignore[not-iterable]
        print(letter)


def list_models(client: GatewayClient) -> None:
    """Pass fields and comparisons that are not conditions."""
    client.models.list(filter=Model.context_length)  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    client.models.list(filter=Model.kind == "HF_BASE_MODEL")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    client.models.list(filter=Model.name != None)  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    client.models.list(filter=Model.base_model_details)  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    client.models.list(order_by=Model.base_model_details)  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    client.models.list(order_by=[Model.context_length > 1])  # type: ignore[list-item]  # ty: ignore[invalid-argument-type]
