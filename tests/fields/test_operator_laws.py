"""Laws of filters that fields make: written, read back, checked, evaluated and served, they mean what Python says."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeAlias

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fireworks_gateway import Model, ModelKind, PartialDate, Unrecognized
from fireworks_gateway import check_filter as check
from fireworks_gateway._fields.dates import Date, Timestamp
from fireworks_gateway._fields.enums import OpenEnum
from fireworks_gateway._fields.fields import BoolField, filter_of
from fireworks_gateway._fields.kinds import Boolean, Integer, Integer64, Kind, ListOf, MapOf, MessageOf, Number, String
from fireworks_gateway._fields.messages import Message, MessageField, MessageName, fields_of
from fireworks_gateway.filters import Filter, parse
from fireworks_gateway.testing import FakeGateway, model_payload

Condition: TypeAlias = tuple[Filter | BoolField, Callable[[Model], bool]]

# Texts that look like syntax, and texts that are hard to quote.
SAME_TIME = ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00.000+01:00"]
PARTS = [*"ab*\"'\\() \n\x00.:é", "AND", " OR ", "🎆", "-1", "true"]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=3).map("".join) | st.sampled_from(SAME_TIME)
FIXED_TEXTS = TEXTS.filter(lambda text: text and "*" not in text)
KEYS = st.sampled_from(["temperature", "top_p", "topP", "a.b", "a b", "NOT", '"', "", "é"])
FLOATS = st.sampled_from([0.0, 0.5, -1.5, 1e-7, 1e22, 3]) | st.floats(-2, 2)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8))])
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
"""How a field is read; the values it may be compared with; and how the service prints one."""

ORDERS = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def values_of(kind: Kind[Any]) -> st.SearchStrategy[Any]:
    """Return the values that a field of single values may be compared with."""
    if isinstance(kind, OpenEnum):
        return st.sampled_from(list(kind.members.values()))
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


def payloads_of(message: type[Message]) -> st.SearchStrategy[dict[str, Any]]:
    """Return JSON objects of a message in which some fields are set, and some are null."""
    return st.fixed_dictionaries(
        {}, optional={field.key: st.none() | printed(field.kind) for field in fields_of(message).values()}
    )


# A field that is not given is printed as unset; one that is taken out again is not there at all.
PAYLOADS = st.builds(
    lambda given, gone: {key: value for key, value in model_payload(**given).items() if key not in gone},
    payloads_of(Model),
    st.sets(st.sampled_from([field.key for field in fields_of(Model).values()]), max_size=8),
)


def paths_of(message: type[Message], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of every field, messages' own fields included."""
    for name, field in fields_of(message).items():
        yield (*above, name)
        if isinstance(field, MessageField):
            yield from paths_of(field.kind.message, (*above, name))


def at(path: tuple[str, ...], start: Any) -> Any:
    """Return what is at a path: of a model the value, or None; of the class the field."""
    for name in path:
        start = None if start is None else getattr(start, name)
    return start


def comparison(path: tuple[str, ...], comparator: str, value: Any) -> Condition:
    """Return a comparison in the language and in Python; what is unset fits none, != included (AIP-160)."""

    def holds(model: Model) -> bool:
        found = at(path, model)
        return found is not None and ORDERS[comparator](found, value)

    return ORDERS[comparator](at(path, Model), value), holds


def presence(path: tuple[str, ...], kind: Kind[Any]) -> Condition:
    """Return whether a field is set: other than its default, or a message that is there, whatever is in it."""

    def holds(model: Model) -> bool:
        found = at(path, model)
        if found is None or isinstance(found, Message) or isinstance(kind, Date):
            return found is not None
        return bool(found) and (kind.unset is None or found != kind.decode(kind.unset))

    return at(path, Model).is_set(), holds


def choice(path: tuple[str, ...], values: list[Any]) -> Condition:
    """Return whether a field is one of some values."""
    return at(path, Model).in_(values), lambda model: at(path, model) is not None and at(path, model) in values


def item(path: tuple[str, ...], value: str) -> Condition:
    """Return whether a list has an item, or a map a key."""
    return at(path, Model).has(value), lambda model: value in (at(path, model) or ())


def text(path: tuple[str, ...], method: str, part: str) -> Condition:
    """Return whether a text begins or ends with another."""
    asked: Filter = getattr(at(path, Model), method)(part)
    return asked, lambda model: at(path, model) is not None and getattr(at(path, model), method)(part)


def date_part(path: tuple[str, ...], part: str, comparator: str, value: int) -> Condition:
    """Return a comparison of a part of a date."""
    return comparison((*path, part), comparator, value)


def entry(path: tuple[str, ...], key: str, comparator: str, value: float) -> Condition:
    """Return a comparison of what a map has for a key."""

    def holds(model: Model) -> bool:
        found = (at(path, model) or {}).get(key)
        return found is not None and ORDERS[comparator](found, value)

    return ORDERS[comparator](at(path, Model)[key], value), holds


def entry_presence(path: tuple[str, ...], key: str) -> Condition:
    """Return whether a map has a key, whatever for."""
    return at(path, Model)[key].is_set(), lambda model: key in (at(path, model) or {})


def conditions_on(path: tuple[str, ...]) -> st.SearchStrategy[Condition]:
    """Return whatever can be asked of one field."""
    field, here, any_order = at(path, Model), st.just(path), st.sampled_from(list(ORDERS))
    if isinstance(field, MessageName):
        return st.just(presence(path, MessageOf(lambda: Message)))
    kind: Kind[Any] = field.kind
    several = st.just(presence(path, kind))
    if isinstance(kind, ListOf):
        return (
            several
            if isinstance(kind.items, MessageOf)
            else several | st.builds(item, here, TEXTS.filter(lambda t: t != "*"))
        )
    if isinstance(kind, MapOf):
        found = st.builds(item, here, KEYS) | st.builds(entry_presence, here, KEYS)
        return several | found | st.builds(entry, here, KEYS, any_order, FLOATS)
    comparators = st.sampled_from(["=", "!="]) if isinstance(kind, (Boolean, OpenEnum)) else any_order
    several |= st.builds(comparison, here, comparators, values_of(kind))
    several |= st.builds(choice, here, st.lists(values_of(kind), min_size=1, max_size=3))
    if isinstance(kind, Boolean):
        several |= st.just((field, lambda model: at(path, model) is True))
    if isinstance(kind, String):
        several |= st.builds(text, here, st.sampled_from(["startswith", "endswith"]), FIXED_TEXTS)
    if isinstance(kind, Date):
        parts = st.sampled_from(["year", "month", "day"])
        several |= st.builds(date_part, here, parts, any_order, st.sampled_from([0, 1, 2, 31, 2026]))
    return several


def combined(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    """Return conditions joined in the language and in Python alike; NOT is plain negation."""

    def both(a: Condition, b: Condition) -> Condition:
        return a[0] & b[0], lambda model: a[1](model) and b[1](model)

    def either(a: Condition, b: Condition) -> Condition:
        return a[0] | b[0], lambda model: a[1](model) or b[1](model)

    def neither(a: Condition) -> Condition:
        return ~a[0], lambda model: not a[1](model)

    return st.builds(both, inner, inner) | st.builds(either, inner, inner) | st.builds(neither, inner)


PATHS = list(paths_of(Model))
CONDITIONS = st.recursive(st.sampled_from(PATHS).flatmap(conditions_on), combined, max_leaves=6)


def assert_said(condition: Condition, payloads: list[dict[str, Any]]) -> None:
    """Compare a condition with Python's: as a tree, as the text that is sent, and as the specification types it."""
    asked, holds = filter_of(condition[0]), condition[1]
    assert parse(str(asked)) == asked
    checked = check(str(asked), Model)
    for payload in payloads:
        wanted = holds(Model(payload))
        assert asked.matches(payload) is wanted
        assert checked.matches(payload) is wanted


def payloads_with(path: tuple[str, ...], message: Any = Model) -> st.SearchStrategy[dict[str, Any]]:
    """Return JSON objects in which one field is set, or null, or in a message that is."""
    field, *under = fields_of(message)[path[0]], *path[1:]
    kind: Any = field.kind
    value = payloads_with(tuple(under), kind.message) if under else printed(field.kind)
    return st.fixed_dictionaries({field.key: value | value | st.none()})


@pytest.mark.parametrize("path", PATHS, ids=".".join)
@settings(max_examples=settings().max_examples // 5)
@given(data=st.data())
def test_every_field_is_asked_as_python_asks_a_model(path: tuple[str, ...], data: st.DataObject) -> None:
    """Whatever can be asked of it, of what was set, printed as unset, and null."""
    payloads = [model_payload(**data.draw(payloads_with(path))), model_payload()]
    assert_said(data.draw(conditions_on(path)), payloads)


@given(condition=CONDITIONS, payloads=st.lists(PAYLOADS, min_size=1, max_size=5))
def test_a_condition_means_what_it_says_in_python(condition: Condition, payloads: list[dict[str, Any]]) -> None:
    """Of several fields together, and of models that lack some of them."""
    assert_said(condition, payloads)


@given(condition=CONDITIONS, payloads=st.lists(PAYLOADS, max_size=6))
def test_what_is_asked_for_is_what_comes(condition: Condition, payloads: list[dict[str, Any]]) -> None:
    """A gateway gives the models that a condition matches, all of them and no other."""
    asked, models = condition[0], []
    for position, payload in enumerate(payloads):
        models.append({**payload, "name": f"accounts/fireworks/models/m{position}"})
    came = FakeGateway(models).client().models.list(filter=asked).to_list()
    assert [model.to_dict() for model in came] == [model for model in models if filter_of(asked).matches(model)]


@given(value=st.text(st.characters(exclude_categories=["Cs"])), other=st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_gets_out_of_its_comparison(value: str, other: str) -> None:
    """Whatever a text has in it, it is compared as a whole, and the filter beside it stays what it was."""
    asked = (Model.display_name == value) & (Model.context_length >= 1)
    assert parse(str(asked)) == asked
    assert asked.matches({"displayName": value, "contextLength": 1})
    assert not asked.matches({"displayName": value, "contextLength": 0})
    assert asked.matches({"displayName": other, "contextLength": 1}) is (value == other)
    assert (Model.display_name != value).matches({"displayName": other}) is (value != other)


@given(name=st.from_regex(r"[A-Z][A-Z0-9_]{0,20}", fullmatch=True), kind=st.sampled_from(ModelKind))
def test_an_enum_value_of_tomorrow_can_be_asked_for(name: str, kind: ModelKind) -> None:
    """It is written as it was sent; `check`, which goes by the specification of today, refuses what that lacks."""
    asked = Model.kind == Unrecognized(f"NEW_{name}")
    assert str(asked) == f"kind = NEW_{name}"
    assert asked.matches({"kind": f"NEW_{name}"})
    assert not asked.matches({"kind": kind.value})
