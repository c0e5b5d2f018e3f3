"""Conditions and orders of users that have the right types. Never run: `make types` checks it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, assert_type

from fireworks_gateway import (
    AsyncGatewayClient,
    Field,
    GatewayClient,
    Model,
    ModelKind,
    Pager,
    PartialDate,
    Unrecognized,
)
from fireworks_gateway.catalogue import diff
from fireworks_gateway.filters import Filter, parse


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
