"""Paths of fields, in both spellings, and the advice for unknown ones."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import ConfigurationError
from fireworks_gateway._fields.kinds import Integer, Kind, ListOf, MapOf, MessageOf, Number, Step, String
from fireworks_gateway._fields.messages import Message, fields_of
from fireworks_gateway._fields.paths import PathError, column_steps, find_steps, format_path, path_text, split_path
from fireworks_gateway.specification import Status
from tests.shared.field_paths import FieldPath, field_paths
from tests.shared.sample_message import Sample


@pytest.mark.parametrize("path", [*field_paths(Sample)], ids=lambda path: str(path.snake))
def test_both_spellings_lead_to_a_field(path: FieldPath) -> None:
    """Both spellings of a path lead to the declared field."""
    message: type[Message] = Sample
    found: list[Step] = []
    for name in path.attributes:
        field = fields_of(message)[name]
        found.append(Step(field.path, field.key, field.kind, name))
        message = field.kind.message if isinstance(field.kind, MessageOf) else message
    steps = column_steps(Sample, path.snake)
    assert steps == column_steps(Sample, path.camel) == found
    assert format_path(step.name for step in steps) == path.snake


def test_parts_of_dates_and_keys_of_maps_are_fields() -> None:
    """A path leads to the parts of a date and to any key of a map."""
    year, key = column_steps(Sample, "deprecationDate.year")[-1], column_steps(Sample, "numberMap.path")[-1]
    assert (year.name, year.attribute, type(year.kind)) == ("year", "year", Integer)
    assert (key.name, key.attribute, type(key.kind)) == ("path", None, Number)
    steps = column_steps(Sample, "numberMap.`top.k``s`")
    assert format_path(step.name for step in steps) == "number_map.`top.k``s`"


class Bare(Message):
    """A message without fields."""


REFUSED: list[tuple[type[Message], str, str]] = [
    (Sample, "conext_length", "Sample: there is no field conext_length; did you mean context_length or"),
    (Sample, "moe", "Sample: there is no field moe; did you mean base_model_details.moe?"),
    (Sample, "base_model_details.mo", "no field base_model_details.mo; did you mean base_model_details.moe?"),
    (Sample, "deprecation_date.yer", "there is no field deprecation_date.yer; did you mean deprecation_date.year?"),
    (Sample, "second_length.x", "second_length is an integer and has no fields"),
    (Sample, "child_list.name", "child_list is a list, each item an object"),
    (Sample, "Context_Length", "there is no field Context_Length"),
    (Bare, "name", "there is no field name"),
    *((Sample, path, f"{path!r} is not a path") for path in ("", ".name", "status.", "status..code")),
    (Sample, "number_map.`top_k", "is not a path"),
]


@pytest.mark.parametrize(("message", "path", "complaint"), REFUSED)
def test_an_unknown_path_is_refused(message: type[Message], path: str, complaint: str) -> None:
    """The error suggests near names, if there are any."""
    with pytest.raises(ConfigurationError) as raised:
        column_steps(message, path)
    assert complaint in str(raised.value)
    assert "did you mean ?" not in str(raised.value)


def test_a_path_is_text_or_a_field() -> None:
    """Fields have the text of their path; classes and other objects have None."""
    paths = ["any text", Sample.name, Sample.base_model_details.moe, Sample.status, Sample, Status, 5, None]
    texts = ["any text", "name", "base_model_details.moe", "status", None, None, None, None]
    assert list(map(path_text, paths)) == texts


@given(st.lists(st.text(min_size=1), min_size=1, max_size=3))
def test_any_key_can_be_written_as_a_path(names: list[str]) -> None:
    """Names that are no identifiers are quoted in backticks, and parsed back."""
    kind: Kind[Any] = String()
    for _ in names:
        kind = MapOf[Any](kind)
    assert [step.name for step in find_steps(kind, split_path(format_path(names)))] == names


def test_near_names_are_an_attribute_of_the_error() -> None:
    """A caller can write its own message."""
    with pytest.raises(PathError) as raised:
        find_steps(MessageOf(lambda: Status), ["cod"])
    assert raised.value.near == ("code",)
    with pytest.raises(PathError):
        find_steps(ListOf(String()), ["0"])
