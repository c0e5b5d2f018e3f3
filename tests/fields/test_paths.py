"""Paths of fields, in both spellings, and the advice for unknown ones."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import ConfigurationError
from fireworks_gateway._fields.kinds import Kind, MapOf, MessageOf, Step, String
from fireworks_gateway._fields.messages import Message, fields_of
from fireworks_gateway._fields.paths import column_steps, find_steps, format_path, split_path
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


@given(st.lists(st.text(min_size=1), min_size=1, max_size=3))
def test_any_key_can_be_written_as_a_path(names: list[str]) -> None:
    """Names that are no identifiers are quoted in backticks, and parsed back."""
    kind: Kind[Any] = String()
    for _ in names:
        kind = MapOf[Any](kind)
    assert [step.name for step in find_steps(kind, split_path(format_path(names)))] == names
