"""Laws of filters built from fields: parsed, checked, evaluated and served, they agree with Python."""

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeAlias

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fireworks_gateway import Model, PartialDate
from fireworks_gateway import check_filter as check
from fireworks_gateway._fields.dates import Date, Timestamp
from fireworks_gateway._fields.enums import OpenEnum
from fireworks_gateway._fields.fields import BoolField
from fireworks_gateway._fields.kinds import Boolean, Integer, Integer64, Kind, ListOf, MapOf, MessageOf, Number, String
from fireworks_gateway._fields.messages import Message, MessageName, fields_of
from fireworks_gateway.filters import Filter, parse
from fireworks_gateway.filters._tree import filter_of
from fireworks_gateway.testing import FakeGateway, model_payload
from tests.shared.field_paths import field_paths

Condition: TypeAlias = tuple[Filter | BoolField, Callable[[Model], bool]]

# Texts that look like syntax, and texts that are hard to quote.
SAME_TIME = ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00.000+01:00"]
PARTS = [*"ab*\"'\\() \n\x00.:é", "AND", " OR ", "🎆", "-1", "true"]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=3).map("".join) | st.sampled_from(SAME_TIME)
FIXED_TEXTS = TEXTS.filter(lambda text: text and "*" not in text)
KEYS = st.sampled_from(["temperature", "top_p", "topP", "a.b", "a b", "NOT", '"', "", "é"])
FLOATS = st.sampled_from([0.0, 0.5, -1.5, 1e-7, 1e22, 3]) | st.floats(-2, 2)
ZONES = st.sampled_from([0, 5.5, -8]).map(lambda hours: timezone(timedelta(hours=hours)))
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
# To the microsecond, as a datetime has it, and so near each other that some are equal.
INSTANTS = st.builds(
    lambda zone, step: (NEW_YEAR + timedelta(microseconds=step)).astimezone(zone),
    ZONES,
    st.sampled_from([-1, 0, 1, 500_000, 3_600_000_000]),
)
DATES = st.sampled_from([(), (2026,), (2026, 1), (2026, 1, 31), (2026, 2, 1), (2025, 12, 31), (0, 2, 29)]).map(
    lambda parts: PartialDate(*parts)
)
VALUES: list[tuple[type[Kind[Any]], st.SearchStrategy[Any], Callable[[Any], Any]]] = [
    (String, TEXTS, str),
    (Boolean, st.booleans(), bool),
    (Integer, st.integers(-2, 2), int),
    (Integer64, st.integers(-2, 2) | st.integers(-(2**63), 2**63 - 1), str),
    (Number, FLOATS, float),
    (Timestamp, INSTANTS, datetime.isoformat),
    (Date, DATES, attrs.asdict),
]
"""Kinds of single values, the values for comparisons, and the JSON value that the service prints for one."""

ORDERS = {"=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def values_of(kind: Kind[Any]) -> st.SearchStrategy[Any]:
    """Return the values that a field of single values may be compared with."""
    if isinstance(kind, OpenEnum):
        return st.sampled_from([each for each in kind.members.values() if re.fullmatch(r"\w+", str(each))])
    return next(values for known, values, _ in VALUES if known is type(kind))


def printed(kind: Kind[Any]) -> st.SearchStrategy[Any]:
    """Return JSON values of a field, as the service prints them."""
    if isinstance(kind, MessageOf):
        return payloads_of(kind.message)
    if isinstance(kind, ListOf):
        return st.lists(printed(kind.items), max_size=3)
    if isinstance(kind, MapOf):
        return st.dictionaries(KEYS, printed(kind.values), max_size=3)
    if isinstance(kind, OpenEnum):
        return st.sampled_from([*kind.members, "NOVEL"])
    values, written = next((values, written) for known, values, written in VALUES if known is type(kind))
    return values.map(written)


def is_comparable(kind: Kind[Any]) -> bool:
    """Return whether these laws know the operators of a kind."""
    if isinstance(kind, ListOf):
        return isinstance(kind.items, (MessageOf, String))
    if isinstance(kind, MapOf):
        return isinstance(kind.values, Number)
    return isinstance(kind, (MessageOf, OpenEnum)) or type(kind) in {known for known, *_ in VALUES}


def payloads_of(message: type[Message]) -> st.SearchStrategy[dict[str, Any]]:
    """Return JSON objects of a message in which some fields are set, and some are null."""

    def payloads() -> st.SearchStrategy[dict[str, Any]]:
        fields = [field for field in fields_of(message).values() if is_comparable(field.kind)]
        return st.fixed_dictionaries({}, optional={field.key: st.none() | printed(field.kind) for field in fields})

    return st.deferred(payloads)  # A message may contain itself.


PAYLOADS = st.builds(
    lambda fields, absent: {key: value for key, value in model_payload(**fields).items() if key not in absent},
    payloads_of(Model),
    st.sets(st.sampled_from([field.key for field in fields_of(Model).values()]), max_size=8),
)
"""Models with all fields, of which some are set, and some are removed."""


def at(path: tuple[str, ...], start: Any) -> Any:
    """Return the value or field at a path of a model or of the class."""
    for name in path:
        start = None if start is None else getattr(start, name)
    return start


def condition(path: tuple[str, ...], filter: Filter | BoolField, test: Callable[[Any], object]) -> Condition:
    """Return a filter with its meaning in Python; an absent value matches no test, not even != (AIP-160)."""

    def matches(model: Model) -> bool:
        found = at(path, model)
        return found is not None and bool(test(found))

    return filter, matches


def comparison(path: tuple[str, ...], comparator: str, value: Any) -> Condition:
    """Return a comparison of a field."""
    compare = ORDERS[comparator]
    return condition(path, compare(at(path, Model), value), lambda found: compare(found, value))


def entry(path: tuple[str, ...], key: str, comparator: str, value: float) -> Condition:
    """Return a comparison of the value at a key of a map."""
    compare = ORDERS[comparator]
    return condition(
        path, compare(at(path, Model)[key], value), lambda found: key in found and compare(found[key], value)
    )


def presence(path: tuple[str, ...], kind: Kind[Any]) -> Condition:
    """Return the condition that a field differs from its default; a message or date only has to be there."""

    def is_set(found: Any) -> bool:
        whole = isinstance(found, Message) or isinstance(kind, Date)
        return whole or (bool(found) and (kind.unset is None or found != kind.decode(kind.unset)))

    return condition(path, at(path, Model).is_set(), is_set)


def conditions_on(path: tuple[str, ...]) -> st.SearchStrategy[Condition]:
    """Return every condition that the operators of one field can build."""
    field, here, any_order = at(path, Model), st.just(path), st.sampled_from(list(ORDERS))
    if isinstance(field, MessageName):
        return st.just(presence(path, MessageOf(lambda: Message)))
    kind: Kind[Any] = field.kind
    several = st.just(presence(path, kind))

    def item(value: str) -> Condition:
        return condition(path, field.has(value), lambda found: value in found)

    if isinstance(kind, ListOf):
        texts = st.nothing() if isinstance(kind.items, MessageOf) else TEXTS.filter(lambda text: text != "*")
        return several | st.builds(item, texts)
    if isinstance(kind, MapOf):
        keys = KEYS.map(lambda key: condition(path, field[key].is_set(), lambda found: key in found))
        return several | keys | st.builds(item, KEYS) | st.builds(entry, here, KEYS, any_order, FLOATS)
    comparators = st.sampled_from(["=", "!="]) if isinstance(kind, (Boolean, OpenEnum)) else any_order
    several |= st.builds(comparison, here, comparators, values_of(kind))
    several |= st.lists(values_of(kind), min_size=1, max_size=3).map(
        lambda values: condition(path, field.in_(values), lambda found: found in values)
    )
    if isinstance(kind, Boolean):
        several |= st.just(condition(path, field, lambda found: found is True))
    if isinstance(kind, String):
        several |= FIXED_TEXTS.map(lambda part: condition(path, field.startswith(part), lambda v: v.startswith(part)))
        several |= FIXED_TEXTS.map(lambda part: condition(path, field.endswith(part), lambda v: v.endswith(part)))
    if isinstance(kind, Date):
        parts = st.sampled_from(["year", "month", "day"]).map(lambda part: (*path, part))
        several |= st.builds(comparison, parts, any_order, st.sampled_from([0, 1, 2, 31, 2026]))
    return several


def combined(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    """Return conditions joined in the language and in Python alike; NOT is plain negation."""
    return (
        st.builds(lambda a, b: (a[0] & b[0], lambda model: a[1](model) and b[1](model)), inner, inner)
        | st.builds(lambda a, b: (a[0] | b[0], lambda model: a[1](model) or b[1](model)), inner, inner)
        | st.builds(lambda a: (~a[0], lambda model: not a[1](model)), inner)
    )


PATHS = [path.attributes for path in field_paths(Model) if is_comparable(path.kind)]
CONDITIONS = st.recursive(st.sampled_from(PATHS).flatmap(conditions_on), combined, max_leaves=4)


def check_condition(condition: Condition, payloads: list[dict[str, Any]]) -> None:
    """Check that a built filter, its text, and its checked form agree with Python."""
    built, matches = filter_of(condition[0]), condition[1]
    assert parse(str(built)) == built
    checked = check(str(built), Model)
    for payload in payloads:
        assert built.matches(payload) is checked.matches(payload) is matches(Model(payload))


def payloads_with(path: tuple[str, ...], message: Any = Model) -> st.SearchStrategy[dict[str, Any]]:
    """Return JSON objects in which one field is set or null."""
    field, *below = fields_of(message)[path[0]], *path[1:]
    kind: Any = field.kind
    value = payloads_with(tuple(below), kind.message) if below else printed(field.kind)
    return st.fixed_dictionaries({field.key: value | value | st.none()})


@pytest.mark.parametrize("path", PATHS, ids=".".join)
@settings(max_examples=settings().max_examples // 5)
@given(data=st.data())
def test_a_condition_on_any_field_agrees_with_python(path: tuple[str, ...], data: st.DataObject) -> None:
    """The field is set, printed as unset, or null."""
    payloads = [model_payload(**data.draw(payloads_with(path))), model_payload()]
    check_condition(data.draw(conditions_on(path)), payloads)


@given(condition=CONDITIONS, payloads=st.lists(PAYLOADS, min_size=1, max_size=2))
def test_a_condition_on_several_fields_agrees_with_python(condition: Condition, payloads: list[dict[str, Any]]) -> None:
    """Some fields of the models are absent, and a gateway lists exactly the models that match."""
    check_condition(condition, payloads)
    models = [{**payload, "name": f"accounts/fireworks/models/m{number}"} for number, payload in enumerate(payloads)]
    listed = FakeGateway(models).client().models.list(filter=condition[0]).to_list()
    assert [model.to_dict() for model in listed] == [model for model in models if condition[1](Model(model))]


UNICODE = st.text(st.characters(exclude_categories=["Cs"]))


@given(value=UNICODE, other=UNICODE)
def test_a_text_cannot_escape_from_its_comparison(value: str, other: str) -> None:
    """A text of any characters is compared as a whole, and the condition beside it still applies."""
    built = (Model.display_name == value) & (Model.context_length >= 1)
    assert parse(str(built)) == built
    assert built.matches({"displayName": value, "contextLength": 1})
    assert not built.matches({"displayName": value, "contextLength": 0})
    assert built.matches({"displayName": other, "contextLength": 1}) is (value == other)
    assert (Model.display_name != value).matches({"displayName": other}) is (value != other)
