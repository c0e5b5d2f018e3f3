"""Operators of fields: the filters that they build, the errors with advice, and orders."""

import operator
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from fireworks_gateway import ConfigurationError, ModelKind, ModelState, PartialDate, Unrecognized
from fireworks_gateway import check_filter as check
from fireworks_gateway._fields.fields import BoolField, Field
from fireworks_gateway._fields.kinds import ListOf, MapOf, MessageOf
from fireworks_gateway._fields.messages import fields_of
from fireworks_gateway.filters import Filter, parse
from fireworks_gateway.filters._tree import filter_of
from fireworks_gateway.specification import Status
from fireworks_gateway.testing import FakeGateway
from fireworks_gateway.types import SortKey
from tests.shared.sample_message import Sample
from tests.shared.sent_requests import query_of

LONG = Sample.context_length >= 128_000
DETAILS = Sample.base_model_details
MAP_OF_MESSAGES: Field[Any] = Field("map", MapOf(MessageOf(lambda: Status)), doc="", path="map")


class Loud(float):
    """A float with another repr, like those of numpy."""

    def __repr__(self) -> str:
        return f"Loud({float(self)})"


INDIA = timezone(timedelta(hours=5, minutes=30))

WRITTEN: list[tuple[Filter | BoolField, str]] = [
    (Sample.context_length == 8192, "context_length = 8192"),
    (8192 >= Sample.context_length, "context_length <= 8192"),  # noqa: SIM300
    (Sample.context_length >= -(2**63), "context_length >= -9223372036854775808"),
    (Sample.context_length <= 2**63 - 1, "context_length <= 9223372036854775807"),
    (DETAILS.parameter_count > 8_000_000_000, "base_model_details.parameter_count > 8000000000"),
    (Sample.kind == ModelKind.HF_BASE_MODEL, "kind = HF_BASE_MODEL"),
    (Sample.kind != Unrecognized("NEW"), "kind != NEW"),
    (Sample.kind == Unrecognized("7"), "kind = 7"),
    (Sample.level.in_([ModelState.READY, ModelState.UPLOADING]), "level = READY OR level = UPLOADING"),
    (Sample.supports_serverless, "supports_serverless = true"),
    (Sample.second_flag == True, "second_flag = true"),  # noqa: E712
    (Sample.second_flag != False, "second_flag != false"),  # noqa: E712
    (Sample.supports_serverless & ~DETAILS.moe, "supports_serverless = true AND NOT base_model_details.moe = true"),
    (Sample.flag | Sample.second_flag | LONG, "flag = true OR second_flag = true OR context_length >= 128000"),
    (Sample.flag & LONG, "flag = true AND context_length >= 128000"),
    ((LONG | Sample.flag) & Sample.second_flag, "(context_length >= 128000 OR flag = true) AND second_flag = true"),
    (~~Sample.flag, "flag = true"),
    (Sample.name == 'a"b\\c\nAND (d', 'name = "a\\"b\\\\c\\u000aAND (d"'),
    (Sample.display_name == "a*b", 'display_name >= "a*b" AND display_name <= "a*b"'),
    (Sample.display_name != "*", 'display_name < "*" OR display_name > "*"'),
    (Sample.display_name > "a*", 'display_name > "a*"'),
    (Sample.display_name.in_(["x", "y*", "x"]),
     'display_name = "x" OR (display_name >= "y*" AND display_name <= "y*")'),
    (Sample.display_name.in_(each for each in ["x"]), 'display_name = "x"'),
    (Sample.name.startswith("accounts/fireworks/"), 'name = "accounts/fireworks/*"'),
    (Sample.name.endswith("-instruct"), 'name = "*-instruct"'),
    (Sample.create_time <= datetime(2025, 1, 1, 5, 30, 0, 250, tzinfo=INDIA),
     'create_time <= timestamp("2025-01-01T00:00:00.000250Z")'),
    (Sample.deprecation_date.year == 2026, "deprecation_date.year = 2026"),
    (Sample.deprecation_date == date(2026, 1, 31),
     "deprecation_date.year = 2026 AND deprecation_date.month = 1 AND deprecation_date.day = 31"),
    (Sample.deprecation_date != PartialDate(2026, 1),
     "deprecation_date.year != 2026 OR deprecation_date.month != 1 OR deprecation_date.day != 0"),
    (Sample.deprecation_date < PartialDate(2026, 2),
     ("deprecation_date.year < 2026 OR (deprecation_date.year = 2026 AND (deprecation_date.month < 2 OR "
      "(deprecation_date.month = 2 AND deprecation_date.day < 0)))")),
    (Sample.text_list.has("a*"), 'text_list:"a*"'),
    (Sample.number_map.has("top_p"), 'number_map:"top_p"'),
    (Sample.number_map["a.b"] == 1, 'number_map."a.b" = 1'),
    (Sample.number_map["k"] < 1e-7, "number_map.k < 1e-07"),
    (Sample.number_map["k"] == Loud(0.5), "number_map.k = 0.5"),
    (Sample.number_map["k"].is_set(), 'number_map:"k"'),
    (Sample.number_map["*"] == 1, "number_map.* = 1"),
    (Sample.child_list.is_set(), "child_list:*"),
    (Sample.name.is_set(), "name:*"),
    (Sample.kind.is_set(), "kind != KIND_UNSPECIFIED"),
    (DETAILS.is_set(), "base_model_details:*"),
    (DETAILS.has("moe"), "base_model_details.moe = true"),
    (Sample.context_length.is_set(), "context_length != 0"),
    (Sample.second_flag.is_set(), "second_flag = true"),
    (DETAILS.has("parameter_count"), "base_model_details.parameter_count != 0"),
]  # fmt: skip


@pytest.mark.parametrize(("built", "text"), WRITTEN, ids=[text for _, text in WRITTEN])
def test_an_operator_builds_a_filter(built: Filter | BoolField, text: str) -> None:
    """Its text parses to the same filter, and passes the check unless it has an unknown enum value."""
    assert str(filter_of(built)) == text
    assert parse(text) == filter_of(built)
    assert repr(parse(text)) == repr(filter_of(built))
    if text not in ("kind != NEW", "kind = 7"):
        assert check(text, Sample).matches({}) == filter_of(built).matches({})


REFUSED: list[tuple[Callable[[Any], object], str]] = [
    (lambda m: m.context_length == "8192", "context_length must be a 64-bit integer, got '8192'"),
    (lambda m: m.context_length > 8192.0, "64-bit integer"),
    (lambda m: m.context_length > 2**63, "64-bit integer"),
    (lambda m: m.context_length > 10**5000, "64-bit integer, got an integer of thousands"),
    (lambda m: m.context_length > m.second_length, "got <field second_length>"),
    (lambda m: m.name == 5, "name must be a string, got 5"),
    (lambda m: m.name == "\ud800", "name must be a string"),
    (lambda m: m.name.startswith("\ud83d"), "name must be a string"),
    (lambda m: m.flag == 1, "flag must be True or False, got 1"),
    (lambda m: m.kind == "HF_BASE_MODEL", "such as ModelKind.HF_BASE_MODEL, .* got 'HF_BASE_MODEL'"),
    (lambda m: m.kind == [], r"kind must be a value of ModelKind .* got \[\]"),
    (lambda m: m.kind == ModelState.READY, "kind must be a value of ModelKind"),
    (lambda m: m.kind == Unrecognized("A OR B"), "kind must be a value of ModelKind"),
    (lambda m: m.create_time > datetime(2025, 1, 1), "create_time must be a datetime with a time zone"),
    (lambda m: m.create_time > datetime.min.replace(tzinfo=INDIA), "datetime with a time zone"),
    (lambda m: m.deprecation_date < datetime(2025, 1, 1), "a date or a PartialDate, got"),
    (lambda m: m.deprecation_date == "2025-01-01", "a date or a PartialDate"),
    (lambda m: m.deprecation_date.year == "2026", "deprecation_date.year must be a 64-bit integer"),
    (lambda m: m.number_map["k"] > float("nan"), "finite number"),
    (lambda m: m.number_map["k"] == True, "finite number"),  # noqa: E712
    (lambda m: m.name == None, r"is_set\(\)"),  # noqa: E711
    (lambda m: m.status == None, r"status cannot be compared as a whole; .* is_set\(\)"),  # noqa: E711
    (lambda m: m.name.in_([None]), r"is_set\(\)"),
    (lambda m: m.kind < ModelKind.HF_BASE_MODEL, "kind has no order; it can only be equal"),
    (lambda m: m.flag >= True, "flag has no order"),
    (lambda m: m.number_map == {"k": 1}, r"cannot be compared as a whole"),
    (lambda m: MAP_OF_MESSAGES["key"] == "x", "cannot be compared as a whole"),
    (lambda m: m.name.in_([]), "must not be empty"),
    (lambda m: m.name.in_("name"), "must be a list, got 'name'"),
    (lambda m: m.context_length.in_(5), "must be a list, got 5"),
    (lambda m: m.context_length.in_([1, "2"]), "64-bit integer"),
    (lambda m: m.second_length.startswith("1"), "second_length is an integer; only a string has a beginning"),
    (lambda m: m.name.startswith("a*"), r'empty or contain "\*"'),
    (lambda m: m.name.endswith(""), "got ''"),
    (lambda m: m.name.has("x"), "name is a string and has no items or keys"),
    (lambda m: m.text_list.has(5), "must be a string, got 5"),
    (lambda m: m.text_list.has("*"), r"use is_set\(\)"),
    (lambda m: m.number_map.has("*"), r"use is_set\(\)"),
    (lambda m: m.number_map.has(5), "must be a string, got 5"),
    (lambda m: m.child_list.has("x"), "is a list of messages"),
    (lambda m: m.base_model_details.has("mo"), "base_model_details has no field 'mo'; it has "),
    (lambda m: m.name["x"], "name is a string and has no keys"),
    (lambda m: m.number_map[0], "must be a string, got 0"),
    (lambda m: m.number_map.asc(), "number_map has no order"),
    (lambda m: m.child_list.desc(), "child_list has no order"),
    (lambda m: m.number_map["k"].desc(), "order by a field"),
    (lambda m: MAP_OF_MESSAGES["key"].asc(), "has no order"),
    # Operators that Python evaluates by itself.
    (lambda m: m.flag and m.second_flag, "&, \\| and ~ instead of and"),
    (lambda m: 1 < m.context_length < 5, "with &, \\| and ~"),
    (lambda m: "k" in m.number_map, r"in_\(\) or has\(\) instead of in"),
    (lambda m: m.name in (m.kind, m.state), "kind must be a value of ModelKind .* got <field name>"),
    (lambda m: list(m.number_map), "not iterable"),
    (lambda m: bool(m.context_length > 1), "a filter has no truth value"),
    (lambda m: bool(m.status), r"status is the name of a field here; use is_set\(\)"),
    (lambda m: m.flag & m.context_length >= 5, "put comparisons in parentheses"),
    (lambda m: m.flag & "x", "put comparisons in parentheses"),
    (lambda m: 5 | m.flag, "put comparisons in parentheses"),
    (lambda m: LONG | m.kind == ModelKind.HF_BASE_MODEL, "put comparisons in parentheses"),
]


@pytest.mark.parametrize(("build", "advice"), REFUSED, ids=[f"{n}-{advice}" for n, (_, advice) in enumerate(REFUSED)])
def test_a_misused_operator_raises_with_advice(build: Callable[[Any], object], advice: str) -> None:
    """The error has the field, its kind of values and the given value, or an alternative."""
    with pytest.raises((TypeError, ConfigurationError), match=advice):
        build(Sample)


@pytest.mark.parametrize("owner", [Sample, Sample({}), Sample.status, Sample.kind, Sample({"status": {}}).status])
def test_a_misspelt_field_is_an_attribute_error(owner: object) -> None:
    """Python adds the nearest name."""
    with pytest.raises(AttributeError, match="kindd"):
        _ = owner.kindd  # type: ignore[attr-defined]


def test_fields_are_hashable() -> None:
    """A path always returns the same field, which can be a key of a dictionary."""
    fields: list[Any] = [Sample.kind, Sample.deprecation_date, DETAILS.moe, DETAILS]
    paths = {field: str(field) for field in fields}
    again: list[Any] = [Sample.kind, Sample.deprecation_date, Sample.base_model_details.moe, Sample.base_model_details]
    assert [paths[field] for field in again] == [str(field) for field in fields]
    assert len({*fields, *again, Sample.name}) == 5


ORDERS: list[tuple[SortKey | list[SortKey], str]] = [
    ("create_time desc,name", "create_time desc,name"),
    (Sample.create_time.asc(), "create_time"),
    (Sample.create_time, "create_time"),
    ([Sample.kind, Sample.create_time.desc(), "name desc"], "kind,create_time desc,name desc"),
    (DETAILS.parameter_count.desc(), "base_model_details.parameter_count desc"),
    (Sample.deprecation_date.year.desc(), "deprecation_date.year desc"),
    ([Sample.deprecation_date.desc(), Sample.name],
     "deprecation_date.year desc,deprecation_date.month desc,deprecation_date.day desc,name"),
]  # fmt: skip


@pytest.mark.parametrize(("order", "text"), ORDERS, ids=[text for _, text in ORDERS])
def test_an_order_is_a_text_or_fields(order: Any, text: str) -> None:
    """An order is sent as text, and a gateway accepts it."""
    gateway = FakeGateway(3)
    assert len(gateway.client().models.list(order_by=order).to_list()) == 3
    assert query_of(gateway.requests[0])["order_by"] == text


@pytest.mark.parametrize("name", [name for name, field in fields_of(Sample).items() if isinstance(field, Field)])
def test_every_field_has_presence_and_order(name: str) -> None:
    """The presence of each field passes the check; only lists and maps have no order."""
    field: Field[Any] = getattr(Sample, name)
    check(field.is_set(), Sample)
    if not isinstance(field.kind, (ListOf, MapOf)):
        assert field.asc() != field.desc()
        with pytest.raises(ConfigurationError):
            operator.eq(field, object())
