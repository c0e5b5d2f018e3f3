"""The evaluation of filters on JSON objects."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fireworks_gateway.errors import FilterError
from fireworks_gateway.filters import Comparison, Filter, Member, String, Text, parse
from tests.filters.cases import NOT_EVALUABLE, PET, PET_FILTERS, RECORD_FILTERS


@pytest.mark.parametrize(("text", "expected"), PET_FILTERS)
def test_a_filter_matches_the_pet(text: str, expected: bool) -> None:
    """A filter on a JSON object has the meaning of the standard."""
    assert parse(text).matches(PET) is expected


@pytest.mark.parametrize(("text", "record", "expected"), RECORD_FILTERS)
def test_a_filter_matches_a_record(text: str, record: dict[str, Any], expected: bool) -> None:
    """Names, types and literals have the meaning that the decision record gives them."""
    assert parse(text).matches(record) is expected


@pytest.mark.parametrize("text", NOT_EVALUABLE)
def test_a_filter_cannot_be_evaluated(text: str) -> None:
    """An unknown function, or an argument that is no literal, is an error for every object."""
    tree = parse(text)
    with pytest.raises(FilterError):
        tree.matches({})


def test_an_error_explains_not_as_a_function() -> None:
    """NOT without a space calls a function, as in the standard's grammar."""
    with pytest.raises(FilterError, match="NOT must be followed by a space"):
        parse("NOT(a)").matches({})


def test_a_search_has_a_limit_of_depth() -> None:
    """An object of any depth can be searched; deeper values are ignored."""
    deep: Any = "needle"
    for _ in range(2_000):
        deep = {"a": [deep]}
    assert not parse("needle").matches(deep)
    assert parse("needle").matches({"a": [{"b": "needle"}]})


Condition: TypeAlias = tuple[Filter, Callable[[dict[str, Any]], bool]]
"""A filter, and the same condition in Python."""

ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
COMPARATORS = st.sampled_from(list(ORDERS))
SMALL_TEXT = st.text("ab\"'\\ (", max_size=2)
LARGE_INTEGERS = st.integers(2**53, 2**53 + 2)
RECORDS = st.fixed_dictionaries(
    {
        "contextLength": st.integers(-2, 2),
        "parameterCount": LARGE_INTEGERS.map(str),
        "name": SMALL_TEXT,
        "public": st.booleans(),
        "tags": st.lists(SMALL_TEXT, max_size=2),
        "details": st.none() | st.fixed_dictionaries({"r": st.integers(-2, 2)}),
    }
)


def comparison(path: str, comparator: str, value: float | str, read: Callable[[dict[str, Any]], Any]) -> Condition:
    """Return a comparison of a field with a number or a text."""

    def condition(record: dict[str, Any]) -> bool:
        found = read(record)
        return found is not None and ORDERS[comparator](found, value)

    literal = String(value) if isinstance(value, str) else Text(repr(value))
    return Comparison(Member(tuple(path.split("."))), comparator, literal), condition


def has_tag(value: str) -> Condition:
    """Return the condition that a list has an item."""
    return Comparison(Member(("tags",)), ":", String(value)), lambda record: value in record["tags"]


def is_public(value: bool) -> Condition:
    """Return a comparison of a flag."""
    literal = Text(str(value).lower())
    return Comparison(Member(("public",)), "=", literal), lambda record: record["public"] is value


def starts_with(value: str) -> Condition:
    """Return the condition that a text begins with another."""
    literal = String(f"{value}*")
    return Comparison(Member(("name",)), "=", literal), lambda record: record["name"].startswith(value)


CONDITIONS = (
    st.builds(
        comparison,
        st.sampled_from(["context_length", "contextLength"]),
        COMPARATORS,
        st.integers(-2, 2) | st.sampled_from([-1.5, 0.5, 1e-3]),
        st.just(operator.itemgetter("contextLength")),
    )
    | st.builds(
        comparison, st.just("parameter_count"), COMPARATORS, LARGE_INTEGERS, st.just(lambda r: int(r["parameterCount"]))
    )
    | st.builds(
        comparison,
        st.just("details.r"),
        COMPARATORS,
        st.integers(-2, 2),
        st.just(lambda r: (r["details"] or {}).get("r")),
    )
    | st.builds(comparison, st.just("name"), COMPARATORS, SMALL_TEXT, st.just(operator.itemgetter("name")))
    | st.builds(has_tag, SMALL_TEXT)
    | st.builds(is_public, st.booleans())
    | st.builds(starts_with, SMALL_TEXT)
)


def combined(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    """Return conditions that are combined in both languages alike."""

    def both(a: Condition, b: Condition) -> Condition:
        return a[0] & b[0], lambda record: a[1](record) and b[1](record)

    def either(a: Condition, b: Condition) -> Condition:
        return a[0] | b[0], lambda record: a[1](record) or b[1](record)

    def negation(a: Condition) -> Condition:
        return ~a[0], lambda record: not a[1](record)

    return st.builds(both, inner, inner) | st.builds(either, inner, inner) | st.builds(negation, inner)


@settings(max_examples=2 * settings().max_examples)
@given(condition=st.recursive(CONDITIONS, combined, max_leaves=4), records=st.lists(RECORDS, min_size=1, max_size=2))
def test_a_filter_matches_as_the_condition_in_python(condition: Condition, records: list[dict[str, Any]]) -> None:
    """A filter, and the filter that its text parses to, agree with Python on every record."""
    tree, holds = condition
    for record in records:
        assert tree.matches(record) is holds(record)
        assert parse(str(tree)).matches(record) is holds(record)
