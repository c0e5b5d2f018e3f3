"""The evaluation of filters on JSON objects."""

from typing import Any

import pytest

from fireworks_gateway.errors import FilterError
from fireworks_gateway.filters import parse
from tests.filters.cases import NOT_EVALUABLE, PET, PET_FILTERS, RECORD_FILTERS


@pytest.mark.parametrize(
    ("text", "record", "expected"), [*((text, PET, expected) for text, expected in PET_FILTERS), *RECORD_FILTERS]
)
def test_a_filter_matches_an_object(text: str, record: dict[str, Any], expected: bool) -> None:
    """The meaning is that of the standard, and that of the decision record where the standard is open."""
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
