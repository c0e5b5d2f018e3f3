"""Programs of users that have the right types. Never run: `make types` checks it."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, assert_never, assert_type

import httpx
import httpx2

from fireworks_gateway import (
    AsyncGatewayClient,
    AsyncPager,
    Bookmark,
    BoolField,
    Code,
    DateField,
    Field,
    GatewayClient,
    GatewayError,
    Model,
    ModelKind,
    ModelName,
    ModelNotFoundError,
    Page,
    Pager,
    PartialDate,
    RequestTimeoutError,
    ResourceExhaustedError,
    Response,
    Retry,
    ServingStatus,
    StatusError,
    TransportError,
    Unrecognized,
    parse_enum,
)
from fireworks_gateway.catalogue import diff
from fireworks_gateway.filters import Filter, parse
from fireworks_gateway.specification import LIST_MODELS, BaseModelDetails, ModelFields, Status
from fireworks_gateway.types import Items, OnRetry, Row


def read(model: Model) -> None:
    """On an instance a field is its value, or None."""
    assert_type(model.name, str | None)
    assert_type(model.kind, ModelKind | Unrecognized | None)
    assert_type(model.status, Status | None)
    if model.status is not None:
        assert_type(model.status.code, Code | Unrecognized | None)
    assert_type(model.context_length, int | None)
    assert_type(model.create_time, datetime | None)
    assert_type(model.deprecation_date, PartialDate | None)
    assert_type(PartialDate(2026, 3, 1) - date(2026, 2, 1), timedelta)
    assert_type(PartialDate(2026, 3, 1) <= date(2026, 2, 1), bool)
    assert_type(model.base_model_details, BaseModelDetails | None)
    if model.base_model_details is not None:
        assert_type(model.base_model_details.parameter_count, int | None)
    if model.deprecation_date:
        assert_type(model.deprecation_date.earliest(), date)
    assert_type(model.resource_name, ModelName | None)
    assert_type(model.is_base_model, bool | None)
    assert_type(model.payload, Mapping[str, Any])
    assert_type(model.serving_status().callable, bool | None)
    assert_type(model.serving_status(on=date(2026, 11, 21)).state, ServingStatus.State)
    assert_type(model.to_row([Model.name, "kind", Model.status]), dict[str, object])


class Own(Model):
    """A model with fields of the user's own types."""

    numbers: Field[Mapping[str, float]]
    files: Field[tuple[str, ...]]


def read_own(model: Own) -> None:
    """The value of a map or a list has the type of the field."""
    assert_type(model.numbers, Mapping[str, float] | None)
    assert_type(model.files, tuple[str, ...] | None)
    assert_type(Own.numbers, Field[Mapping[str, float]])


def ask_fields() -> None:
    """On the class it is a field, on every level."""
    assert_type(Model.context_length, Field[int])
    assert_type(Model.name, Field[str])
    assert_type(Model.supports_serverless, BoolField)
    assert_type(Model.deprecation_date, DateField)
    assert_type(Model.base_model_details, type[BaseModelDetails])
    assert_type(parse_enum(ModelKind, "draft addon"), ModelKind)


def compare() -> None:
    """A comparison with a value of the field's type is a filter, with the field on either side."""
    assert_type(Model.context_length >= 128_000, Filter)
    assert_type(128_000 <= Model.context_length, Filter)  # noqa: SIM300
    assert_type(Model.kind == ModelKind.HF_BASE_MODEL, Filter)
    assert_type(Model.supports_serverless == True, Filter)  # noqa: E712
    assert_type(Model.create_time > datetime(2026, 1, 1, tzinfo=UTC), Filter)
    assert_type(Model.deprecation_date == PartialDate(2026), Filter)
    assert_type(Model.deprecation_date.year == 2026, Filter)
    assert_type(Model.base_model_details.parameter_count >= 8_000_000_000, Filter)


def ask(texts: Field[tuple[str, ...]], numbers: Field[Mapping[str, float]]) -> None:
    """The result of a method of the field is a filter."""
    assert_type(Model.kind.in_([ModelKind.HF_BASE_MODEL, Unrecognized("NEW")]), Filter)
    assert_type(Model.name.startswith("accounts/fireworks/"), Filter)
    assert_type(texts.has("model.safetensors"), Filter)
    assert_type(numbers.has("temperature"), Filter)
    assert_type(numbers["temperature"], Field[float])


def combine() -> None:
    """Flags and filters combine."""
    long = Model.context_length >= 128_000
    assert_type(Model.supports_serverless & ~Model.base_model_details.moe, Filter)
    assert_type(Model.supports_serverless | long, Filter)
    assert_type(long & ~(Model.kind == ModelKind.DRAFT_ADDON), Filter)
    conditions: list[Filter] = [Model.supports_serverless, long]
    assert_type(conditions[0].matches({}), bool)
    assert_type(parse("state = READY") & Model.supports_serverless, Filter)


def list_models(client: GatewayClient, async_client: AsyncGatewayClient) -> None:
    """A listing accepts filters, orders and text."""
    assert_type(client.models.list(filter=Model.supports_serverless, order_by=Model.create_time.desc()), Pager[Model])
    client.models.list(filter="state = READY", order_by=[Model.kind, Model.create_time.desc(), "name desc"])
    client.models.list(filter=parse("state = READY"), order_by=(Model.name.asc(), Model.deprecation_date.desc()))
    async_client.models.list(
        filter=~Model.supports_serverless, order_by=[Model.base_model_details.parameter_count.desc()]
    )


def keep_columns(client: GatewayClient, model: Model) -> None:
    """Fields of different types fit into a tuple; a list needs an annotation."""
    columns = (Model.name, Model.context_length, Model.base_model_details.moe, Model.status, "kind")
    client.models.list(read_mask=columns).rows(columns)
    model.to_row(columns)
    diff([model], [model], ignore=columns)
    listed: list[Field[Any]] = [Model.name, Model.context_length]
    client.models.list(read_mask=listed, order_by=listed).rows(listed)


def list_any(client: GatewayClient, other: AsyncGatewayClient) -> None:
    """A pager has the message of its operation, or the class that reads its items."""
    assert_type(client.list(LIST_MODELS), Pager[ModelFields])
    assert_type(client.list(LIST_MODELS.of(Model)), Pager[Model])
    assert_type(other.list(LIST_MODELS, account_id="a", limit=5), AsyncPager[ModelFields])
    client.list(
        LIST_MODELS, filter=ModelFields.supports_serverless, order_by=[ModelFields.name], read_mask=[ModelFields.name]
    )


async def walk(client: AsyncGatewayClient) -> dict[str, int]:
    """List asynchronously, with prefetching."""
    lengths: dict[str, int] = {}
    async with client:
        async for model in client.models.list(prefetch=True, deadline=60, filter=Model.supports_serverless):
            if model.name is not None and model.context_length is not None:
                lengths[model.name] = model.context_length
        async for page in client.models.list(page_size=50).pages():
            assert_type(page, Page[Model])
            assert_type(page.items, tuple[Model, ...])
            assert_type(page.response, Response | None)
        rows = [row async for row in client.models.list().rows([Model.name, Model.context_length])]
        assert_type(rows, list[Row])
        assert_type(await client.models.list().to_list(), list[Model])
        assert_type(await client.models.get("accounts/a/models/b"), Model)
        assert_type(await client.models.list().first(), Model | None)
    return lengths


def resume(client: GatewayClient, kept: Path) -> list[Model]:
    """Resume a walk that failed."""
    pager = client.models.list(page_size=200)
    if kept.exists():
        pager = pager.resume(kept.read_text())
    assert_type(pager, Pager[Model])
    assert_type(pager.first(), Model | None)
    assert_type(list(pager.rows([Model.name, Model.base_model_details.moe, Model.status])), list[Row])
    assert_type([page for page in pager.pages()], list[Page[Model]])
    items: Items[Model] = iter(pager)
    found: list[Model] = []
    try:
        found += items
    except GatewayError as error:
        assert_type(error.bookmark, Bookmark | None)
        if error.bookmark is not None:
            kept.write_text(error.bookmark.to_json())
        raise
    assert_type(items.bookmark, Bookmark)
    assert_type(pager.resume(items.bookmark).to_list(), list[Model])
    assert_type(Bookmark.from_json(kept.read_bytes()).taken, int)
    return found


def fail(client: GatewayClient) -> str:
    """Distinguish errors by class or by code."""
    try:
        client.models.get("accounts/a/models/b")
    except ModelNotFoundError as error:
        return error.name
    except ResourceExhaustedError as error:
        assert_type(error.retry_after, float | None)
    except RequestTimeoutError as error:
        timeout: TimeoutError = error
        return str(timeout)
    except TransportError as error:
        connection: ConnectionError = error
        return str(connection)
    except StatusError as error:
        assert_type(error.code, Code | None)
        assert_type(error.request_id, str | None)
        match error.code:
            case Code.UNAVAILABLE | Code.DEADLINE_EXCEEDED:
                return "later"
            case Code.PERMISSION_DENIED:
                return "never"
            case None | _:
                return error.message
    return ""


def serve(model: Model) -> str:
    """Match every state of a serving status."""
    state = model.serving_status().state
    match state:
        case ServingStatus.State.AVAILABLE | ServingStatus.State.ENDING:
            return "yes"
        case ServingStatus.State.ENDED | ServingStatus.State.NOT_SERVERLESS | ServingStatus.State.NOT_READY:
            return "no"
        case ServingStatus.State.UNKNOWN:
            return "unknown"
        case _:
            assert_never(state)


def count() -> GatewayClient:
    """Pass a function or a method as the callback of retries."""
    counted: Counter[int] = Counter()

    def count_retry(retry: Retry) -> None:
        assert_type(retry.error, GatewayError)
        assert_type(retry.wait, float)
        counted[retry.attempt] += 1

    hook: OnRetry = print
    GatewayClient(on_retry=hook)
    return GatewayClient(on_retry=count_retry, max_retries=5, deadline=None)


def configure(timeout: httpx.Timeout) -> GatewayClient:
    """Use a client of httpx2, and change options."""
    client = GatewayClient(http_client=httpx2.Client(), timeout=timeout, default_headers={"X-Team": "search"})
    return client.with_options(timeout=5, max_retries=0, headers={"X-Team": "ads"}).with_options(timeout=timeout)
