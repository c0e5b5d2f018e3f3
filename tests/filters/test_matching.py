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
    with pytest.raises(FilterError, match="NOT must be followed by a space" if text.startswith("NOT(") else None):
        tree.matches({})


def test_a_search_has_a_limit_of_depth() -> None:
    """An object of any depth can be searched; deeper values are ignored."""
    deep: Any = "needle"
    for _ in range(2_000):
        deep = {"a": [deep]}
    assert not parse("needle").matches(deep)
    assert parse("needle").matches({"a": [{"b": "needle"}]})


Condition: TypeAlias = tuple[Filter, Callable[[dict[str, Any]], bool]]
"""A filter, and the same condition in Python."""
Conditions: TypeAlias = st.SearchStrategy[Condition]

ORDERS = {"=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
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


def compared(path: str, values: st.SearchStrategy[Any], read: Callable[[dict[str, Any]], Any]) -> Conditions:
    """Return the comparisons of a field with some values."""
    return st.builds(comparison, st.just(path), COMPARATORS, values, st.just(read))


def literal(path: str, comparator: str, value: Filter, test: Callable[[dict[str, Any]], bool]) -> Condition:
    """Return a comparison with a literal, and the same condition in Python."""
    return Comparison(Member((path,)), comparator, value), test


NUMBERS = st.integers(-2, 2) | st.sampled_from([-1.5, 0.5, 1e-3])
CONDITIONS = (
    compared("context_length", NUMBERS, operator.itemgetter("contextLength"))
    | compared("contextLength", NUMBERS, operator.itemgetter("contextLength"))
    | compared("parameter_count", LARGE_INTEGERS, lambda record: int(record["parameterCount"]))
    | compared("details.r", st.integers(-2, 2), lambda record: (record["details"] or {}).get("r"))
    | compared("name", SMALL_TEXT, operator.itemgetter("name"))
    | SMALL_TEXT.map(lambda tag: literal("tags", ":", String(tag), lambda record: tag in record["tags"]))
    | st.booleans().map(lambda x: literal("public", "=", Text(str(x).lower()), lambda record: record["public"] is x))
    | SMALL_TEXT.map(lambda x: literal("name", "=", String(f"{x}*"), lambda record: record["name"].startswith(x)))
)


def combined(inner: Conditions) -> Conditions:
    """Return conditions that are combined in both languages alike."""
    return (
        st.builds(lambda a, b: (a[0] & b[0], lambda record: a[1](record) and b[1](record)), inner, inner)
        | st.builds(lambda a, b: (a[0] | b[0], lambda record: a[1](record) or b[1](record)), inner, inner)
        | st.builds(lambda a: (~a[0], lambda record: not a[1](record)), inner)
    )


@settings(max_examples=2 * settings().max_examples)
@given(condition=st.recursive(CONDITIONS, combined, max_leaves=4), records=st.lists(RECORDS, min_size=1, max_size=2))
def test_a_filter_matches_as_the_condition_in_python(condition: Condition, records: list[dict[str, Any]]) -> None:
    """A filter, and the filter that its text parses to, agree with Python on every record."""
    tree, holds = condition
    for record in records:
        assert tree.matches(record) is holds(record)
        assert parse(str(tree)).matches(record) is holds(record)
