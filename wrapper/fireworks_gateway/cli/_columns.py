"""The columns of a listing, and the fields of the specification."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any

from attrs import field, frozen

from fireworks_gateway import ConfigurationError, Field, FieldError, Model, describe

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


Row = dict[str, Any]
"""What is shown of a model, by column, as JSON values."""

DEFAULT = ("model_id", "serving", "deprecation_date", "context_length", "base_model_details.parameter_count", "kind")
"""What is shown of a model when nobody says: first whether it can be called, since what is last may not fit."""

_SERVING = ("state", "supports_serverless", "deprecation_date")

_split = re.compile(r"(?:[^,`]|`[^`]*`?)+").findall


def _model_id(model: Model, on: date | None) -> Any:
    try:
        return model.model_id
    except FieldError:
        return model.payload.get("name")


def _serving(model: Model, on: date | None) -> Any:
    return str(model.serving_status(on=on).state)


def _days_left(model: Model, on: date | None) -> Any:
    return model.serving_status(on=on).days_left


WORKED_OUT: Mapping[str, tuple[tuple[str, ...], Callable[[Model, date | None], Any]]] = {
    "model_id": (("name",), _model_id),
    "serving": (_SERVING, _serving),
    "days_left": (_SERVING, _days_left),
}
"""Columns that are no field: what each rests on, and how it is worked out."""


@frozen
class Columns:
    """Columns of a listing, checked.

    Attributes:
        names: The columns, as the specification spells the paths; a message stands for all its parts.
        on: For which day the serving status is told; today if None.
        fields: Those that are fields.
    """

    names: tuple[str, ...]
    on: date | None = None
    fields: tuple[str, ...] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "fields", tuple(name for name in self.names if name not in WORKED_OUT))

    @property
    def mask(self) -> tuple[str, ...]:
        """The fields to ask for: all that is shown rests on them."""
        wanted = [path for name in self.names for path in WORKED_OUT.get(name, ((name,),))[0]]
        return tuple(dict.fromkeys(map(_maskable, wanted)))

    def row(self, model: Model) -> Row:
        """Return what is shown of a model."""
        cells = model.to_row(self.fields) if self.fields else {}
        return {
            name: WORKED_OUT[name][1](model, self.on) if name in WORKED_OUT else cell_of(cells[name])
            for name in self.names
        }


def columns_from(given: Sequence[str], on: date | None = None) -> Columns:
    """Return the columns that a person asks for, separated by commas or given one by one.

    Raises:
        ConfigurationError: There is no such column; the message says which are near.
    """
    asked = [path.strip() for text in given for path in _split(text) if path.strip()]
    if not asked:
        raise ConfigurationError("no column is named; leave --columns out for the usual ones")
    return Columns(tuple(dict.fromkeys(name for path in asked for name in _names_of(path))), on)


def every_column() -> Columns:
    """Return a column for every field of the specification."""
    return Columns(tuple(Model({}).to_row()))


def cell_of(value: object) -> Any:
    """Return a cell of a row as a JSON value; times are in UTC."""
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


def completed(incomplete: str) -> list[str]:
    """Return how the last column of a list that is being typed may go on, for a shell."""
    before, comma, last = incomplete.rpartition(",")
    names: Iterable[str] = [*WORKED_OUT, *field_paths()]
    return [f"{before}{comma}{name}" for name in names if name.startswith(last)]


def _names_of(path: str) -> Iterable[str]:
    return (path,) if path in WORKED_OUT else Model({}).to_row([path])


def _maskable(path: str) -> str:
    """Return what of a path a mask can name: a key of a map may hold what separates paths there."""
    first = path.partition(".")[0]
    top: Field[Any] | type[Any] = getattr(Model, first)
    return first if isinstance(top, Field) and top.reader.values is not None else path
