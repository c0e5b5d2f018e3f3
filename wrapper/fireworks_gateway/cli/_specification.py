"""The fields of the specification as a person looks them up: path, type and text, and what enum values mean."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any

from attrs import frozen

from fireworks_gateway import Field, Model, describe

_TYPES = {
    "a string": "string",
    "true or false": "boolean",
    "an integer": "integer",
    "an integer, as a string or a number": "integer",
    "a number": "number",
    "an RFC 3339 timestamp": "timestamp",
    "a date of year, month and day": "date",
}


@frozen
class FieldEntry:
    """A field of the specification.

    Attributes:
        path: As in filters, masks and columns, e.g. base_model_details.moe; what is in a list stands under its path.
        type: What it holds.
        doc: What the specification says of it.
        values: Of an enum, its values.
    """

    path: str
    type: str
    doc: str
    values: tuple[Enum, ...] = ()

    @property
    def meanings(self) -> dict[str, str]:
        """What the specification says of each of its values."""
        return {str(value.value): describe(value) for value in self.values}


def entries(message: type[Any] = Model, above: str = "", outer: tuple[type[Any], ...] = ()) -> Iterator[FieldEntry]:
    """Return every field in a message, and after each what is in it, in the specification's order."""
    for owner in reversed(message.__mro__):
        for name, declared in vars(owner).items():
            if name.startswith("_") or isinstance(declared, property) or callable(declared):
                continue
            path, reader = f"{above}{declared.path}", declared.reader
            held = reader.message or (reader.items.message if reader.items else None)
            known: dict[Any, Any] = reader.known or {}
            values = tuple(value for value in known.values() if isinstance(value, Enum))
            yield FieldEntry(path, type_of(reader), declared.__doc__ or "", values)
            if held is not None and held not in (*outer, message):  # A message may contain itself.
                yield from entries(held, f"{path}.", (*outer, message))
            if type_of(reader) == "date":
                yield from _parts_of(getattr(message, name), path)


def _parts_of(declared: Any, path: str) -> Iterator[FieldEntry]:
    """Return the parts of a date."""
    for name in ("year", "month", "day"):
        part: Field[Any] = getattr(declared, name)
        yield FieldEntry(f"{path}.{name}", type_of(part.reader), part.__doc__ or "")


def type_of(reader: Any) -> str:
    """Return what a field holds, in a word or three."""
    if reader.message is not None:
        return str(reader.message.__name__)
    if reader.items is not None:
        return f"list of {type_of(reader.items)}"
    if reader.values is not None:
        return f"map to {type_of(reader.values)}"
    expected: str = reader.expected
    return _TYPES.get(expected) or expected.removeprefix("a value of ").removeprefix("Gateway")


def field_paths() -> list[str]:
    """Return the path of every field that a column can show."""
    lists = tuple(f"{each.path}." for each in entries() if each.type.startswith("list of"))
    return [each.path for each in entries() if not each.path.startswith(lists)]
