"""Where a path such as `base_model_details.moe` leads in a message; snake_case and camelCase lead to the same place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from ._dates import partial_date
from ._fields import Field, Message, MessageType, fields_of
from ._readers import Reader, integer
from .errors import ConfigurationError

Path: TypeAlias = str | Field[Any] | type[Message]
"""A field to ask by: its path, or the field itself, e.g. `Model.base_model_details.moe`."""

Place: TypeAlias = tuple[str, Reader[Any]]
"""A name on a path, as the specification spells it, and how what is there is read."""

DATE_PARTS = ("year", "month", "day")

# A name, or in backticks what is no name, in which two of them stand for one (AIP-161).
_NAME = r"(?:[^.`]+|`(?:[^`]|``)+`)"
_is_path = re.compile(rf"{_NAME}(?:\.{_NAME})*").fullmatch
_names = re.compile(_NAME).findall
_is_plain = re.compile(r"\w+").fullmatch


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


def part_of(reader: Reader[Any], name: str, path: Sequence[str]) -> Place:
    """Return the canonical name and the reader of a part of what is at a path: of a message, a date or a map.

    Raises:
        PathError: There is no such part.
    """
    if reader.message is not None:
        fields = fields_of(reader.message)
        for each, field in fields.items():
            if name in (each, field.key):
                return each, field.reader
        raise _unknown(f"there is no field {'.'.join((*path, name))}", name, path, fields)
    if reader.values is not None:
        return name, reader.values
    if reader is partial_date and name in DATE_PARTS:
        return name, integer
    if reader is partial_date:
        raise _unknown(f"a date has no {name}", name, path, DATE_PARTS)
    raise PathError(f"{'.'.join(path)} is {reader.expected} and has no fields")


def places_on(path: str, root: Reader[Any]) -> list[Place]:
    """Return the canonical names on a path, from the outside in, each with the reader of what is there.

    Raises:
        PathError: The text is no path, or leads nowhere.
    """
    if not _is_path(path):
        raise PathError(f"{path!r} is no path, like base_model_details.moe")
    places: list[Place] = []
    reader = root
    for text in _names(path):
        name = text[1:-1].replace("``", "`") if text[0] == "`" else text
        canonical, reader = part_of(reader, name, [each for each, _ in places])
        places.append((canonical, reader))
    return places


def path_of(names: Iterable[str]) -> str:
    """Return names as a path; what is no plain name, as a map's key may be, stands in backticks (AIP-161)."""
    return ".".join(name if _is_plain(name) else f"`{name.replace('`', '``')}`" for name in names)


def field_at(message: type[Message], path: str) -> Field[Any] | type[Message]:
    """Return the field that a path names, as `Model.base_model_details.moe` is; under a map, its keys.

    Raises:
        ConfigurationError: The text is no path, or leads nowhere; the error says what is near.
    """
    at: Any = message
    places = resolved(message, path)
    above: Reader[Any] | None = None
    for depth, (name, reader) in enumerate(places, 1):
        if above is None or above.values is None:
            at = getattr(at, name)
        else:
            at = Field(name, reader, doc=f"{name} in {at}.", path=path_of(each for each, _ in places[:depth]))
        above = reader
    return at  # type: ignore[no-any-return]


def resolved(message: type[Message], path: str) -> list[Place]:
    """Return what `places_on` does, for a path that a person wrote.

    Raises:
        ConfigurationError: The text is no path, or leads nowhere; the error says what is near.
    """
    try:
        return places_on(path, Reader(message, "an object", message=message))
    except PathError as error:
        near = (*_endings(message, path), *error.near)
        advice = f"; did you mean {' or '.join(near)}?" if near else ""
        raise ConfigurationError(f"{message.__name__}: {error}{advice}") from None


def _unknown(message: str, name: str, path: Sequence[str], names: Iterable[str]) -> PathError:
    from difflib import get_close_matches  # Only a mistake needs it.

    return PathError(message, tuple(".".join((*path, near)) for near in get_close_matches(name, names)))


def _endings(message: type[Message], name: str) -> tuple[str, ...]:
    """Return the paths of fields of that name in the messages inside a message."""
    inner = {outer: field.reader.message for outer, field in fields_of(message).items()}
    return tuple(f"{outer}.{name}" for outer, part in inner.items() if part is not None and name in fields_of(part))
