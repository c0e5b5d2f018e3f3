"""The evaluation of filters on JSON objects."""

from typing import Any

import pytest

from fireworks_gateway.errors import FilterError
from fireworks_gateway.filters import parse
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
