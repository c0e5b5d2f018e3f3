"""Resolve paths such as `base_model_details.moe`, in snake_case or camelCase (AIP-161)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple, TypeAlias

from ..errors import ConfigurationError
from .dates import DATE_PARTS, Date
from .fields import Field, Message, MessageOf, MessageType, fields_of
from .kinds import Integer, Reader


@lru_cache(maxsize=256)  # Libraries probe objects for what they are, each of them for the same names.
def near(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the known names that another may have been meant for, the nearest first."""
    from difflib import get_close_matches  # Only a mistake needs it.

    return tuple(get_close_matches(name, known))


Path: TypeAlias = str | Field[Any] | type[Message]
"""A field to ask by: its path, or the field itself, e.g. `Model.base_model_details.moe`."""

# A name, or in backticks what is no name, in which two of them stand for one (AIP-161).
_NAME = r"(?:[^.`]+|`(?:[^`]|``)+`)"

# `re` compiles a pattern when it is first used, which for most who import this is never.
_is_path = partial(re.fullmatch, rf"{_NAME}(?:\.{_NAME})*")
_names = partial(re.findall, _NAME)
_is_plain = partial(re.fullmatch, r"\w+")


class Step(NamedTuple):
    """One name of a path.

    Attributes:
        name: The name in filters, orders and masks.
        key: The name in JSON.
        reader: How the value is decoded.
        attribute: The name in Python, which differs for names such as type (`type_`).
    """

    name: str
    key: str
    reader: Reader[Any]
    attribute: str


_DATE_PARTS = tuple(Step(part, part, Integer, part) for part in DATE_PARTS)


class PathError(ValueError):
    """A path that leads nowhere; `near` holds what may have been meant."""

    def __init__(self, message: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.near = near


def text_of(asked: object) -> str | None:
    """Return the path of what is asked for as text or as a field; None for what is neither."""
    if isinstance(asked, (str, Field)) or (isinstance(asked, MessageType) and asked._path):
        return f"{asked}"
    return None


def parts_of(reader: Reader[Any]) -> Sequence[Step]:
    """Return what is in a value by declaration: a message's fields, a date's parts; in others there is nothing."""
    message: type[Message] | None = reader.message
    if message is not None:
        return _fields_of(message)
    return _DATE_PARTS if reader is Date else ()


@cache
def _fields_of(message: type[Message]) -> tuple[Step, ...]:
    return tuple(Step(field.path, field.key, field.reader, name) for name, field in fields_of(message).items())


def step_under(name: str, reader: Reader[Any], path: Sequence[str]) -> Step:
    """Return the step that a name, in snake_case or camelCase, is from what stands at a path and is read so.

    Raises:
        PathError: It leads nowhere.
    """
    if reader.values is not None:
        return Step(name, name, reader.values, name)
    parts = parts_of(reader)
    for part in parts:
        if name in (part.name, part.key, part.attribute):
            return part
    if reader.message is None and not parts:
        raise PathError(f"{'.'.join(path)} is {reader.expected} and has no fields")
    meant = near(name, tuple(part.name for part in parts))
    message = f"there is no field {'.'.join((*path, name))}" if reader.message else f"a date has no {name}"
    raise PathError(message, tuple(".".join((*path, each)) for each in meant))


def steps_on(path: str, reader: Reader[Any]) -> list[Step]:
    """Return the steps of a path from a message, which is read so, down.

    Raises:
        PathError: The text is no path, or leads nowhere.
    """
    if not _is_path(path):
        raise PathError(f"{path!r} is no path, like base_model_details.moe")
    steps: list[Step] = []
    for name in _names(path):
        steps.append(step_under(unquoted(name), steps[-1].reader if steps else reader, [step.name for step in steps]))
    return steps


def unquoted(segment: str) -> str:
    """Return the name that a segment of a path is, which may stand in backticks."""
    return segment[1:-1].replace("``", "`") if segment[0] == "`" else segment


def path_of(names: Iterable[str]) -> str:
    """Return names as a path; what is no plain name, as a map's key may be, stands in backticks (AIP-161)."""
    return ".".join(name if _is_plain(name) else f"`{name.replace('`', '``')}`" for name in names)


def resolved(message: type[Message], path: str) -> list[Step]:
    """Return what `steps_on` does, for a path that a person wrote.

    Raises:
        ConfigurationError: The text is no path, or leads nowhere; the error says what is near.
    """
    try:
        return steps_on(path, MessageOf(lambda: message))
    except PathError as error:
        meant = (*_endings(message, path), *error.near)
        advice = f"; did you mean {' or '.join(meant)}?" if meant else ""
        text = f"columns must be fields of {message.__name__}: {error}{advice}"
        raise ConfigurationError(text, parameter="columns") from None


def _endings(message: type[Message], name: str) -> tuple[str, ...]:
    """Return the paths of fields of that name in the messages inside a message."""
    inner = {outer: field.reader.message for outer, field in fields_of(message).items()}
    return tuple(f"{outer}.{name}" for outer, part in inner.items() if part is not None and name in fields_of(part))
