"""Conditions and orders that type checkers reject. Never run: an accepted line has an unused mark, which is an error.

A line is marked for each checker: `type: ignore` for mypy and pyright, `pyright: ignore` for pyright alone,
`ty: ignore` for ty, and `not mypy` (or another name) for a checker that accepts it.

`==` accepts every value, so a comparison with another type is rejected only when it is used: it is a `bool`.
"""

# pyright: reportUnnecessaryTypeIgnoreComment=true, reportUnusedExpression=false
# ruff: noqa: B015, B018, E711

from collections.abc import Mapping
from datetime import date

from fireworks_gateway import Field, GatewayClient, Model, ModelKind, ModelState
from fireworks_gateway.filters import Filter


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
