"""Asking with fields: what each operator writes, what is refused and with which advice, and orders."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from fireworks_gateway import ConfigurationError, Model, ModelKind, ModelState, PartialDate, Unrecognized
from fireworks_gateway import check_filter as check
from fireworks_gateway._fields.fields import BoolField, Field, Order, filter_of
from fireworks_gateway._fields.kinds import ListOf, MapOf, MessageOf
from fireworks_gateway._fields.messages import fields_of
from fireworks_gateway._listing.query import SortKey, format_order
from fireworks_gateway.filters import Comparison, Empty, Filter, Member, Text, parse
from fireworks_gateway.specification import DeploymentPrecision, Status
from fireworks_gateway.testing import FakeGateway, model_payload

LONG = Model.context_length >= 128_000
DETAILS = Model.base_model_details
# To be asked as those do who have no type checker.
UNTYPED: Any = Model


class Loud(float):
    """A float with a text of its own, as those of numpy have."""

    def __repr__(self) -> str:
        return f"Loud({float(self)})"


INDIA = timezone(timedelta(hours=5, minutes=30))

WRITTEN: list[tuple[Filter | BoolField, str]] = [
    (Model.context_length == 8192, "context_length = 8192"),
    (Model.context_length != -1, "context_length != -1"),
    (Model.context_length < 8192, "context_length < 8192"),
    (8192 >= Model.context_length, "context_length <= 8192"),  # noqa: SIM300
    (Model.context_length >= -(2**63), "context_length >= -9223372036854775808"),
    (Model.context_length <= 2**63 - 1, "context_length <= 9223372036854775807"),
    (DETAILS.parameter_count > 8_000_000_000, "base_model_details.parameter_count > 8000000000"),
    (Model.kind == ModelKind.HF_BASE_MODEL, "kind = HF_BASE_MODEL"),
    (Model.kind != Unrecognized("NEW"), "kind != NEW"),
    (Model.kind == Unrecognized("7"), "kind = 7"),
    (DETAILS.default_precision.in_([DeploymentPrecision.FP8, DeploymentPrecision.FP4]),
     "base_model_details.default_precision = FP8 OR base_model_details.default_precision = FP4"),
    (Model.supports_serverless, "supports_serverless = true"),
    (Model.supports_tools == True, "supports_tools = true"),  # noqa: E712
    (Model.supports_tools != False, "supports_tools != false"),  # noqa: E712
    (Model.supports_serverless & ~DETAILS.moe, "supports_serverless = true AND NOT base_model_details.moe = true"),
    (Model.public | Model.tunable | LONG, "public = true OR tunable = true OR context_length >= 128000"),
    (LONG & Model.public, "context_length >= 128000 AND public = true"),
    (Model.public & LONG, "public = true AND context_length >= 128000"),
    (LONG | Model.public, "context_length >= 128000 OR public = true"),
    ((LONG | Model.public) & Model.tunable, "(context_length >= 128000 OR public = true) AND tunable = true"),
    (~~Model.public, "public = true"),
    (Empty() & Model.public, "public = true"),
    (Model.name == 'a"b\\c\nAND (d', 'name = "a\\"b\\\\c\\u000aAND (d"'),
    (Model.display_name == "a*b", 'display_name >= "a*b" AND display_name <= "a*b"'),
    (Model.display_name != "*", 'display_name < "*" OR display_name > "*"'),
    (Model.display_name > "a*", 'display_name > "a*"'),
    (Model.display_name.in_(["x", "y*", "x"]), 'display_name = "x" OR (display_name >= "y*" AND display_name <= "y*")'),
    (Model.display_name.in_(each for each in ["x"]), 'display_name = "x"'),
    (Model.name.startswith("accounts/fireworks/"), 'name = "accounts/fireworks/*"'),
    (Model.name.endswith("-instruct"), 'name = "*-instruct"'),
    (Model.create_time > datetime(2025, 1, 1, tzinfo=UTC), 'create_time > timestamp("2025-01-01T00:00:00Z")'),
    (Model.create_time <= datetime(2025, 1, 1, 5, 30, 0, 250, tzinfo=INDIA),
     'create_time <= timestamp("2025-01-01T00:00:00.000250Z")'),
    (Model.deprecation_date.year == 2026, "deprecation_date.year = 2026"),
    (Model.deprecation_date == date(2026, 1, 31),
     "deprecation_date.year = 2026 AND deprecation_date.month = 1 AND deprecation_date.day = 31"),
    (Model.deprecation_date != PartialDate(2026, 1),
     "deprecation_date.year != 2026 OR deprecation_date.month != 1 OR deprecation_date.day != 0"),
    (Model.deprecation_date <= date(2026, 1, 31),
     ("deprecation_date.year < 2026 OR (deprecation_date.year = 2026 AND (deprecation_date.month < 1 OR "
      "(deprecation_date.month = 1 AND deprecation_date.day <= 31)))")),
    (Model.deprecation_date < PartialDate(2026, 2),
     ("deprecation_date.year < 2026 OR (deprecation_date.year = 2026 AND (deprecation_date.month < 2 OR "
      "(deprecation_date.month = 2 AND deprecation_date.day < 0)))")),
    (Model.deprecation_date > PartialDate(2026, 2, 28),
     ("deprecation_date.year > 2026 OR (deprecation_date.year = 2026 AND (deprecation_date.month > 2 OR "
      "(deprecation_date.month = 2 AND deprecation_date.day > 28)))")),
    (Model.deprecation_date >= PartialDate(2026),
     ("deprecation_date.year > 2026 OR (deprecation_date.year = 2026 AND (deprecation_date.month > 0 OR "
      "(deprecation_date.month = 0 AND deprecation_date.day >= 0)))")),
    (Model.deprecation_date.in_([date(2026, 1, 31)]),
     "deprecation_date.year = 2026 AND deprecation_date.month = 1 AND deprecation_date.day = 31"),
    (DETAILS.huggingface_files.has("model.safetensors"), 'base_model_details.huggingface_files:"model.safetensors"'),
    (DETAILS.huggingface_files.has("a*"), 'base_model_details.huggingface_files:"a*"'),
    (Model.default_sampling_params.has("top_p"), 'default_sampling_params:"top_p"'),
    (Model.default_sampling_params["temperature"] > 0.5, "default_sampling_params.temperature > 0.5"),
    (Model.default_sampling_params["a.b"] == 1, 'default_sampling_params."a.b" = 1'),
    (Model.default_sampling_params["k"] < 1e-7, "default_sampling_params.k < 1e-07"),
    (Model.default_sampling_params["k"] == Loud(0.5), "default_sampling_params.k = 0.5"),
    (Model.default_sampling_params["k"].is_set(), 'default_sampling_params:"k"'),
    (Model.default_sampling_params["*"] == 1, "default_sampling_params.* = 1"),
    (Model.deployed_model_refs.is_set(), "deployed_model_refs:*"),
    (Model.name.is_set(), "name:*"),
    (Model.kind.is_set(), "kind != KIND_UNSPECIFIED"),
    (DETAILS.parameter_count.is_set(), "base_model_details.parameter_count != 0"),
    (Model.deprecation_date.is_set(), "deprecation_date:*"),
    (DETAILS.is_set(), "base_model_details:*"),
    (DETAILS.has("moe"), "base_model_details.moe = true"),
    (Model.context_length.is_set(), "context_length != 0"),
    (Model.supports_tools.is_set(), "supports_tools = true"),
    (DETAILS.has("parameter_count"), "base_model_details.parameter_count != 0"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "text"), WRITTEN, ids=[text for _, text in WRITTEN])
def test_what_is_asked_is_written_as_the_service_takes_it(asked: Filter | BoolField, text: str) -> None:
    """The text is read back as the same filter, and fits the specification's types where it knows the value."""
    assert str(filter_of(asked)) == text
    assert parse(text) == filter_of(asked)
    assert repr(parse(text)) == repr(filter_of(asked))
    if text not in ("kind != NEW", "kind = 7"):
        assert check(text, Model).matches({}) == filter_of(asked).matches({})


REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: UNTYPED.context_length == "8192", "context_length must be a 64-bit integer, got '8192'"),
    (lambda: UNTYPED.context_length >= True, "64-bit integer"),
    (lambda: UNTYPED.context_length > 8192.0, "64-bit integer"),
    (lambda: UNTYPED.context_length > 2**63, "64-bit integer"),
    (lambda: UNTYPED.context_length > -(2**63) - 1, "64-bit integer"),
    (lambda: UNTYPED.context_length > 10**5000, "64-bit integer, got an integer of thousands"),
    (lambda: UNTYPED.context_length > UNTYPED.training_context_length, "got <field training_context_length>"),
    (
        lambda: UNTYPED.base_model_details.parameter_count == "8000000000",
        "base_model_details.parameter_count must be a 64-bit integer",
    ),
    (lambda: UNTYPED.name == 5, "name must be a string, got 5"),
    (lambda: UNTYPED.name == "\ud83d", "name must be a string"),
    (lambda: UNTYPED.name == "\ud800", "name must be a string"),
    (lambda: UNTYPED.name == "\udfff", "name must be a string"),
    (lambda: UNTYPED.name.startswith("\ud83d"), "name must be a string"),
    (lambda: UNTYPED.public == 1, "public must be True or False, got 1"),
    (lambda: UNTYPED.kind == "HF_BASE_MODEL", "such as ModelKind.HF_BASE_MODEL, .* got 'HF_BASE_MODEL'"),
    (lambda: UNTYPED.kind == [], r"kind must be a value of ModelKind .* got \[\]"),
    (lambda: UNTYPED.kind == ModelState.READY, "kind must be a value of ModelKind"),
    (lambda: UNTYPED.kind == Unrecognized("A OR B"), "kind must be a value of ModelKind"),
    (lambda: UNTYPED.create_time > datetime(2025, 1, 1), "create_time must be a datetime with a time zone"),
    (lambda: UNTYPED.create_time > date(2025, 1, 1), "datetime with a time zone"),
    (lambda: UNTYPED.create_time > "2025-01-01T00:00:00Z", "datetime with a time zone"),
    (lambda: UNTYPED.create_time > datetime.min.replace(tzinfo=INDIA), "datetime with a time zone"),
    (lambda: UNTYPED.deprecation_date < datetime(2025, 1, 1), "a date or a PartialDate, got"),
    (lambda: UNTYPED.deprecation_date == "2025-01-01", "a date or a PartialDate"),
    (lambda: UNTYPED.deprecation_date.year == "2026", "deprecation_date.year must be a 64-bit integer"),
    (lambda: UNTYPED.default_sampling_params["k"] > float("nan"), "finite number"),
    (lambda: UNTYPED.default_sampling_params["k"] > float("-inf"), "finite number"),
    (lambda: UNTYPED.default_sampling_params["k"] == True, "finite number"),  # noqa: E712
    (lambda: UNTYPED.name == None, r"is_set\(\)"),  # noqa: E711
    (lambda: UNTYPED.public != None, r"is_set\(\)"),  # noqa: E711
    (lambda: UNTYPED.kind > None, r"is_set\(\)"),
    (lambda: UNTYPED.deprecation_date == None, r"is_set\(\)"),  # noqa: E711
    (lambda: UNTYPED.status == None, r"status cannot be compared as a whole; .* is_set\(\)"),  # noqa: E711
    (lambda: UNTYPED.name.in_([None]), r"is_set\(\)"),
    (lambda: UNTYPED.kind < ModelKind.HF_BASE_MODEL, "kind has no order; it can only be equal"),
    (lambda: UNTYPED.public >= True, "public has no order"),
    (lambda: UNTYPED.default_sampling_params == {"k": 1}, r"cannot be compared as a whole"),
    (lambda: UNTYPED.deployed_model_refs == (), r"cannot be compared as a whole"),
    (lambda: UNTYPED.name.in_([]), "must not be empty"),
    (lambda: UNTYPED.name.in_("name"), "must be a list, got 'name'"),
    (lambda: UNTYPED.context_length.in_([1, "2"]), "64-bit integer"),
    (lambda: UNTYPED.context_length.startswith("1"), "context_length is an integer; only a string has a beginning"),
    (lambda: UNTYPED.kind.endswith("MODEL"), "only a string has a beginning and an end"),
    (lambda: UNTYPED.name.startswith("a*"), r'empty or contain "\*"'),
    (lambda: UNTYPED.name.endswith(""), "got ''"),
    (lambda: UNTYPED.name.has("x"), "name is a string and has no items or keys"),
    (lambda: UNTYPED.base_model_details.huggingface_files.has(5), "must be a string, got 5"),
    (lambda: UNTYPED.base_model_details.huggingface_files.has("*"), r"use is_set\(\)"),
    (lambda: UNTYPED.default_sampling_params.has("*"), r"use is_set\(\)"),
    (lambda: UNTYPED.default_sampling_params.has(5), "must be a string, got 5"),
    (lambda: UNTYPED.deployed_model_refs.has("x"), "is a list of messages"),
    (lambda: UNTYPED.base_model_details.has("mo"), "base_model_details has no field 'mo'; it has world_size"),
    (lambda: UNTYPED.name["x"], "name is a string and has no keys"),
    (lambda: UNTYPED.default_sampling_params[0], "must be a string, got 0"),
    (lambda: UNTYPED.default_sampling_params.asc(), "default_sampling_params has no order"),
    (lambda: UNTYPED.deployed_model_refs.desc(), "deployed_model_refs has no order"),
    (lambda: UNTYPED.default_sampling_params["k"].desc(), "order by a field"),
]


@pytest.mark.parametrize(("asked", "advice"), REFUSED, ids=[f"{n}-{advice}" for n, (_, advice) in enumerate(REFUSED)])
def test_what_cannot_be_asked_is_refused_where_it_is_written(asked: Callable[[], object], advice: str) -> None:
    """The error says which field, what it takes and what was given, or what to ask instead."""
    with pytest.raises(ConfigurationError, match=advice) as raised:
        asked()
    assert isinstance(raised.value, ValueError)


def test_a_message_in_a_map_is_compared_by_none_of_its_values() -> None:
    """As any message is, which has no order either."""
    field: Field[Any] = Field("map", MapOf(MessageOf(lambda: Status)), doc="", path="map")
    with pytest.raises(ConfigurationError, match="cannot be compared as a whole"):
        operator.eq(field["key"], "x")
    with pytest.raises(ConfigurationError, match="has no order"):
        field["key"].asc()


MISUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: UNTYPED.public and UNTYPED.tunable, "&, \\| and ~ instead of and"),
    (lambda: not UNTYPED.public, "with &, \\| and ~"),
    (lambda: (UNTYPED.context_length > 1) or UNTYPED.public, "with &, \\| and ~"),
    (lambda: 1 < UNTYPED.context_length < 5, "with &, \\| and ~"),
    (lambda: "k" in UNTYPED.default_sampling_params, r"has\(\) instead of in"),
    (lambda: 5 in UNTYPED.context_length, r"in_\(\)"),
    (lambda: UNTYPED.name in (UNTYPED.kind, UNTYPED.state), "kind must be a value of ModelKind .* got <field name>"),
    (lambda: list(UNTYPED.default_sampling_params), "not iterable"),
    (lambda: bool(UNTYPED.status), r"status is the name of a field here; use is_set\(\)"),
    (lambda: UNTYPED.public & UNTYPED.context_length >= 5, "put comparisons in parentheses"),
    (lambda: UNTYPED.public & "x", "put comparisons in parentheses"),
    (lambda: 5 | UNTYPED.public, "put comparisons in parentheses"),
    (lambda: LONG & UNTYPED.context_length < 5, "put comparisons in parentheses"),
    (lambda: LONG | UNTYPED.kind == ModelKind.HF_BASE_MODEL, "put comparisons in parentheses"),
]


@pytest.mark.parametrize(("asked", "advice"), MISUSED, ids=[f"{n}-{advice}" for n, (_, advice) in enumerate(MISUSED)])
def test_pythons_own_words_cannot_go_wrong_silently(asked: Callable[[], object], advice: str) -> None:
    """An operator that Python evaluates by itself raises an error with advice."""
    with pytest.raises((TypeError, ConfigurationError), match=advice):
        asked()


@pytest.mark.parametrize("owner", [Model, Model({}), Model.status, Model.kind, Model({"status": {}}).status])
def test_a_misspelt_name_is_an_attribute_error(owner: object) -> None:
    """As of any object; Python adds the name that is near."""
    with pytest.raises(AttributeError, match="kindd"):
        _ = owner.kindd  # type: ignore[attr-defined]


def test_fields_are_keys_by_what_they_are() -> None:
    """Sets and dictionaries hold them as any object, and what was looked up once is the same field again."""
    paths = {
        Model.name: "name",
        Model.kind: "kind",
        Model.deprecation_date: "deprecation_date",
        DETAILS.moe: "base_model_details.moe",
        DETAILS: "base_model_details",
    }
    assert paths[Model.kind] == "kind"
    assert paths[Model.deprecation_date] == "deprecation_date"
    assert paths[Model.base_model_details.moe] == "base_model_details.moe"
    assert paths[Model.base_model_details] == "base_model_details"
    assert len({Model.name, Model.name, Model.kind}) == 2
    assert Model.base_model_details == Model.base_model_details


def test_an_entry_is_called_by_its_path() -> None:
    """A key that is no name stands in quotes, as it does in a filter."""
    entry = Model.default_sampling_params["top.k"]
    assert (str(entry), repr(entry)) == ('default_sampling_params."top.k"', '<field default_sampling_params."top.k">')


def test_a_comparison_is_the_filter_that_it_reads_as() -> None:
    """On the class; on an instance a field is its value, which cannot be assigned to."""
    assert (Model.context_length == 5) == Comparison(Member(("context_length",)), "=", Text("5"))
    model = Model({"contextLength": 5})
    assert model.context_length == 5
    with pytest.raises(AttributeError, match="read-only"):
        model.context_length = 6  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]


ORDERS: list[tuple[SortKey | list[SortKey], str]] = [
    ("create_time desc,name", "create_time desc,name"),
    (Model.create_time.desc(), "create_time desc"),
    (Model.create_time.asc(), "create_time"),
    (Model.create_time, "create_time"),
    ([Model.kind, Model.create_time.desc(), "name desc"], "kind,create_time desc,name desc"),
    (DETAILS.parameter_count.desc(), "base_model_details.parameter_count desc"),
    (Model.deprecation_date.year.desc(), "deprecation_date.year desc"),
    ([Model.deprecation_date.desc(), Model.name],
     "deprecation_date.year desc,deprecation_date.month desc,deprecation_date.day desc,name"),
]  # fmt: skip


@pytest.mark.parametrize(("order", "text"), ORDERS, ids=[text for _, text in ORDERS])
def test_an_order_is_text_fields_or_terms(order: Any, text: str) -> None:
    """One or several, sent as the service was seen to take them, and understood by a gateway."""
    assert format_order(order) == text
    gateway = FakeGateway(3)
    assert len(gateway.client().models.list(order_by=order).to_list()) == 3
    assert dict(gateway.requests[0].query)["orderBy"] == text


def test_orders_are_values() -> None:
    """Equal by what they order by."""
    assert Model.create_time.desc() == Order(("create_time",), descending=True) != Model.create_time.asc()
    assert Model.create_time.asc() == Order(("create_time",))
    assert len({Model.name.asc(), Model.name.asc(), Model.name.desc()}) == 2


@pytest.mark.parametrize("descending", [False, True])
def test_dates_come_in_the_order_of_their_parts(descending: bool) -> None:
    """As PartialDate orders them, with what is unset first."""
    dates = [PartialDate(2026, 1), PartialDate(2025, 12, 31), None, PartialDate(2026), PartialDate(2026, 1, 2)]
    gateway = FakeGateway(
        model_payload(
            name=f"accounts/fireworks/models/m{number}",
            deprecationDate=each and {"year": each.year, "month": each.month, "day": each.day},
        )
        for number, each in enumerate(dates)
    )
    field = Model.deprecation_date
    came = gateway.client().models.list(order_by=field.desc() if descending else field.asc())
    wanted = sorted(dates, key=lambda each: each or PartialDate(), reverse=descending)
    assert [model.deprecation_date for model in came] == wanted


@pytest.mark.parametrize("asked", [Model.supports_serverless, LONG & Model.supports_serverless, LONG], ids=str)
def test_a_listing_takes_conditions_and_flags(asked: Filter | BoolField) -> None:
    """They are sent as their text, and every model that comes fits."""
    gateway = FakeGateway()
    models = gateway.client().models.list(filter=asked, limit=20).to_list()
    assert dict(gateway.requests[0].query)["filter"] == str(filter_of(asked))
    assert models
    assert all(filter_of(asked).matches(model.payload) for model in models)


@pytest.mark.parametrize("name", [name for name, field in fields_of(Model).items() if isinstance(field, Field)])
def test_every_field_can_be_asked_for(name: str) -> None:
    """Each has a presence that the specification's types allow, and, but for lists and maps, an order."""
    field: Field[Any] = getattr(Model, name)
    check(field.is_set(), Model)
    if not isinstance(field.kind, (ListOf, MapOf)):
        assert format_order(field)
        with pytest.raises(ConfigurationError):
            operator.eq(field, object())
