"""Conditions and orders of users that have the right types. Never run: `make types` checks it."""

from __future__ import annotations

from datetime import UTC, date, datetime
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
    """A comparison with a value of the field's type is a filter, whichever side the field is on."""
    assert_type(Model.context_length >= 128_000, Filter)
    assert_type(128_000 <= Model.context_length, Filter)  # noqa: SIM300
    assert_type(Model.name == "accounts/fireworks/models/m", Filter)
    assert_type(Model.display_name < "M", Filter)
    assert_type(Model.kind == ModelKind.HF_BASE_MODEL, Filter)
    assert_type(Model.kind != Unrecognized("NEW"), Filter)
    assert_type(Model.supports_tools == True, Filter)  # noqa: E712
    assert_type(Model.create_time > datetime(2026, 1, 1, tzinfo=UTC), Filter)
    assert_type(Model.deprecation_date <= date(2026, 1, 31), Filter)
    assert_type(Model.deprecation_date == PartialDate(2026), Filter)
    assert_type(Model.deprecation_date.year == 2026, Filter)
    assert_type(Model.base_model_details.parameter_count >= 8_000_000_000, Filter)
    assert_type(Model.default_sampling_params["temperature"], Field[float])
    assert_type(Model.default_sampling_params["temperature"] > 0.5, Filter)
    assert_type(Model.default_sampling_params["top_k"] >= 40, Filter)


def ask() -> None:
    """So is what the methods ask, where the field can be asked it."""
    assert_type(Model.kind.in_([ModelKind.HF_BASE_MODEL, Unrecognized("NEW")]), Filter)
    assert_type(Model.deprecation_date.in_([date(2026, 1, 31)]), Filter)
    assert_type(Model.name.startswith("accounts/fireworks/"), Filter)
    assert_type(Model.base_model_details.model_type.endswith("moe"), Filter)
    assert_type(Model.base_model_details.huggingface_files.has("model.safetensors"), Filter)
    assert_type(Model.default_sampling_params.has("temperature"), Filter)
    assert_type(Model.base_model_details.has("moe"), Filter)
    assert_type(Model.context_length.is_set(), Filter)
    assert_type(Model.base_model_details.is_set(), Filter)


def combine() -> None:
    """Flags and filters combine with each other on either side."""
    long = Model.context_length >= 128_000
    assert_type(Model.supports_serverless & ~Model.base_model_details.moe, Filter)
    assert_type(Model.supports_serverless & Model.supports_tools, Filter)
    assert_type(Model.supports_serverless | long, Filter)
    assert_type(long & Model.supports_serverless, Filter)
    assert_type(long | Model.supports_serverless, Filter)
    assert_type(long & ~(Model.kind == ModelKind.DRAFT_ADDON), Filter)
    assert_type(parse("public = true") & Model.supports_serverless, Filter)


def list_models(client: GatewayClient, async_client: AsyncGatewayClient) -> None:
    """A listing takes them all, beside text."""
    assert_type(client.models.list(filter=Model.supports_serverless, order_by=Model.create_time.desc()), Pager[Model])
    client.models.list(filter=Model.context_length >= 128_000, order_by=Model.name)
    client.models.list(filter="public = true", order_by=[Model.kind, Model.create_time.desc(), "name desc"])
    client.models.list(filter=parse("public = true"), order_by=(Model.name.asc(), Model.deprecation_date.desc()))
    async_client.models.list(filter=~Model.public, order_by=[Model.base_model_details.parameter_count.desc()])


def keep_columns(client: GatewayClient, model: Model) -> None:
    """Fields of different types are kept in a tuple without a word on its type; a list says what is in it."""
    columns = (Model.name, Model.context_length, Model.base_model_details.moe, Model.status, "kind")
    client.models.list(read_mask=columns).rows(columns)
    model.to_row(columns)
    diff([model], [model], ignore=columns)
    order = (Model.context_length, Model.create_time.desc(), "name")
    client.models.list(order_by=order)
    listed: list[Field[Any]] = [Model.name, Model.context_length]
    client.models.list(read_mask=listed, order_by=listed).rows(listed)
