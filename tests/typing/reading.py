"""Programs of users that have the right types. Never run: `make types` checks it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, assert_type

from fireworks_gateway import (
    BoolField,
    Code,
    DateField,
    Field,
    Model,
    ModelKind,
    ModelName,
    PartialDate,
    ServingStatus,
    Unrecognized,
    parse_enum,
)
from fireworks_gateway.specification import BaseModelDetails, Status


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


def ask() -> None:
    """On the class it is a field, on every level."""
    assert_type(Model.context_length, Field[int])
    assert_type(Model.name, Field[str])
    assert_type(Model.supports_serverless, BoolField)
    assert_type(Model.deprecation_date, DateField)
    assert_type(Model.base_model_details, type[BaseModelDetails])
    assert_type(parse_enum(ModelKind, "draft addon"), ModelKind)
