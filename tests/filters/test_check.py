"""Filters checked against the fields of a message."""

from typing import Any

import pytest

from fireworks_gateway import check_filter
from fireworks_gateway.errors import FilterError
from fireworks_gateway.filters import Comparison, Member, Text, parse
from tests.filters.cases import MODEL_FILTERS
from tests.shared.sample_message import Sample


@pytest.mark.parametrize(("text", "checked_text"), MODEL_FILTERS)
def test_a_filter_is_checked_for_models(text: str, checked_text: str | None) -> None:
    """The result is the filter in the words of the message, and passes again; other filters are rejected."""
    if checked_text is None:
        with pytest.raises(FilterError):
            check_filter(text, Sample)
    else:
        checked = check_filter(text, Sample)
        assert str(checked) == checked_text
        assert check_filter(checked, Sample).predicate()({}) is checked.matches({})


PAYLOAD: dict[str, Any] = {
    "displayName": "2024-01-01T00:00:00Z",
    "createTime": "2024-01-01T00:00:00Z",
    "kind": "KIND_UNSPECIFIED",
    "baseModelDetails": {"moe": False, "parameterCount": "0"},
    "numberMap": {"top_k": 0, "topP": 1},
    "nothing": {},
    "part": None,
    "childList": [],
}
MATCHES = {
    # A field is present if it differs from its default, a key of a map if it exists, a message even if it is empty.
    "kind:*": False,
    "base_model_details.parameter_count:*": False,
    "base_model_details:moe": False,
    "number_map.top_k:*": True,
    "number_map.top_p:*": False,
    "number_map:*": True,
    "nothing:*": True,
    "part:*": False,
    "child_list:*": False,
    # A key of a map has one spelling, and a text is no timestamp.
    'displayName = "2024-01-01T00:00:00Z"': True,
    'display_name = "2024-01-01T01:00:00+01:00"': False,
    'create_time = "2024-01-01T01:00:00+01:00"': True,
    "number_map.topP = 1": True,
    "numberMap.top_p = 1": False,
    "number_map:topP": True,
    "numberMap:(top_p OR top_K)": False,
}


@pytest.mark.parametrize(("text", "expected"), MATCHES.items())
def test_a_checked_filter_matches_by_type(text: str, expected: bool) -> None:
    """The type of a field decides, also if the filter is checked twice."""
    checked = check_filter(text, Sample)
    assert [each.matches(PAYLOAD) for each in (checked, check_filter(checked, Sample))] == [expected, expected]
    assert checked == parse(str(checked))


def test_an_error_has_the_position_of_the_comparison() -> None:
    """The position is in the text that was given; a built filter has its formatted text."""
    with pytest.raises(FilterError, match="contxt_length") as caught:
        check_filter("second_flag=true   AND contxt_length>1", Sample)
    error = caught.value
    assert error.filter[error.position :] == "contxt_length>1"
    assert "context_length" in error.expected
    built = Comparison(Member(("contxt_length",)), ">", Text("1"))
    with pytest.raises(FilterError) as caught:
        check_filter(built, Sample)
    assert (caught.value.filter, caught.value.position) == ("contxt_length > 1", 0)


@pytest.mark.parametrize("text", ['context_length = "{}"', "kind = {}", "create_time > {}", "f{}(a)", "kind = (a:{})"])
def test_an_error_quotes_at_most_80_characters(text: str) -> None:
    """A long literal does not make a long message."""
    with pytest.raises(FilterError) as caught:
        check_filter(text.format("x" * 5_000), Sample)
    assert "x" * 81 not in caught.value.message


@pytest.mark.parametrize(
    ("text", "message", "expected"),
    [
        ("status = 1", "status", ("status:*",)),
        ("deprecation_date = 1", "deprecation_date", ("deprecation_date.year",)),
        ("child_list = 1", "child_list", ("child_list:*",)),
        ("kind > HF_BASE_MODEL", "no order", ("=", "!=")),
        ("child_list.name = x", "is a list", ()),
        ("status.codee = OK", "status.codee", ("status.code",)),
        ("contextLength", "context_length", ()),
        ("nothing.of.it", "literal alone", ()),
        # From another language, or with a value of another type.
        ("flag = true and second_flag = true", "literal alone", ("AND",)),
        ("flag = true || second_flag = true", "literal alone", ("OR",)),
        ("not flag", "literal alone", ("NOT",)),
        ("kind in (HF_BASE_MODEL)", "kind", ()),
        ("kind = HF_BASE_MODL", "HF_BASE_MODL", ("HF_BASE_MODEL",)),
        ("kind = hf_base_model", "hf_base_model", ("HF_BASE_MODEL",)),
        ("context_length = 9223372036854775808", "context_length must be", ()),
        ("create_time > 2025", "timestamp such as 2026-01-31T00:00:00Z", ()),
    ],
)
def test_an_error_has_advice(text: str, message: str, expected: tuple[str, ...]) -> None:
    """It names the field, and `expected` has the alternatives, the nearest first."""
    with pytest.raises(FilterError, match=message) as caught:
        check_filter(text, Sample)
    assert caught.value.expected[: max(len(expected), 1)] == expected
