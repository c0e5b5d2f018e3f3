"""Where a path leads: every field by either spelling, and advice where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import ConfigurationError, Model
from fireworks_gateway._fields.kinds import Integer, Kind, ListOf, MapOf, MessageOf, Number, Step, String
from fireworks_gateway._fields.messages import Message, fields_of
from fireworks_gateway._fields.paths import PathError, column_steps, find_steps, format_path, path_text, split_path
from fireworks_gateway.specification import Status


def spellings(message: type[Message], above: tuple[str, str] | None = None) -> Iterator[tuple[str, str]]:
    """Return the path of every field, on every level, in snake_case and in camelCase."""
    for name, field in fields_of(message).items():
        paths = (name, field.key) if above is None else (f"{above[0]}.{name}", f"{above[1]}.{field.key}")
        yield paths
        if isinstance(field.kind, MessageOf):
            yield from spellings(field.kind.message, paths)


@pytest.mark.parametrize(("snake", "camel"), list(spellings(Model)))
def test_either_spelling_leads_to_the_field(snake: str, camel: str) -> None:
    """Both spellings of a path lead to the declared field."""
    message: type[Message] = Model
    found: list[Step] = []
    for name in snake.split("."):
        field = fields_of(message)[name]
        found.append(Step(name, field.key, field.kind, name))
        message = field.kind.message if isinstance(field.kind, MessageOf) else message
    steps = column_steps(Model, snake)
    assert steps == column_steps(Model, camel) == found
    assert format_path(step.name for step in steps) == snake


def test_parts_of_dates_and_keys_of_maps_are_fields() -> None:
    """They have no line of their own in the declarations; a key may be called as an attribute of a field is."""
    year, key = column_steps(Model, "deprecationDate.year")[-1], column_steps(Model, "defaultSamplingParams.path")[-1]
    assert (year.name, year.attribute, type(year.kind)) == ("year", "year", Integer)
    assert (key.name, key.attribute, type(key.kind)) == ("path", None, Number)
    steps = column_steps(Model, "defaultSamplingParams.`top.k``s`")
    assert format_path(step.name for step in steps) == "default_sampling_params.`top.k``s`"


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("conext_length", "Model: there is no field conext_length; did you mean context_length or"),
        ("moe", "Model: there is no field moe; did you mean base_model_details.moe?"),
        ("base_model_details.mo", "no field base_model_details.mo; did you mean base_model_details.moe?"),
        ("deprecation_date.yer", "there is no field deprecation_date.yer; did you mean deprecation_date.year?"),
        ("context_length.x", "context_length is an integer and has no fields"),
        (
            "base_model_details.huggingface_files.x",
            "base_model_details.huggingface_files is a list, each item a string",
        ),
        ("deployed_model_refs.name", "deployed_model_refs is a list"),
        ("Context_Length", "there is no field Context_Length"),
        ("zzz", "Model: there is no field zzz"),
        ("", "'' is not a path"),
        (".name", "is not a path"),
        ("status.", "is not a path"),
        ("status..code", "is not a path"),
        ("default_sampling_params.`top_k", "is not a path"),
    ],
)
def test_a_path_that_leads_nowhere_is_told_with_what_is_near(path: str, complaint: str) -> None:
    """As an error about an argument."""
    with pytest.raises(ConfigurationError) as raised:
        column_steps(Model, path)
    assert complaint in str(raised.value)
    assert "did you mean ?" not in str(raised.value)


class Bare(Message):
    """A message of which nothing is declared."""


def test_a_message_without_fields_has_none_of_any_name() -> None:
    """It says so as any other message does."""
    with pytest.raises(ConfigurationError, match="there is no field name"):
        column_steps(Bare, "name")


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("any text", "any text"),
        (Model.name, "name"),
        (Model.base_model_details.moe, "base_model_details.moe"),
        (Model.status, "status"),
        (Model, None),
        (Status, None),
        (5, None),
        (None, None),
    ],
    ids=repr,
)
def test_a_path_is_text_or_a_field(asked: object, path: str | None) -> None:
    """A message in another is a field of it; a class of messages is in none."""
    assert path_text(asked) == path


NAMES = st.lists(st.text(min_size=1), min_size=1, max_size=3)


@given(NAMES)
def test_any_key_can_be_written_as_a_path(names: list[str]) -> None:
    """Names that no specification would have stand in backticks, and are read back."""
    kind: Kind[Any] = String()
    for _ in names:
        kind = MapOf[Any](kind)
    assert [step.name for step in find_steps(kind, split_path(format_path(names)))] == names


def test_what_is_near_is_data() -> None:
    """For who words a refusal differently."""
    with pytest.raises(PathError) as raised:
        find_steps(MessageOf(lambda: Status), ["cod"])
    assert raised.value.near == ("code",)
    with pytest.raises(PathError):
        find_steps(ListOf(String()), ["0"])
