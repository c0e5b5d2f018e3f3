"""What of a model is shown: columns, each a field's path or worked out from several, and the mask to ask for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from attrs import field, frozen

from fireworks_gateway import ConfigurationError, Field, FieldError, Model

from ._specification import field_paths

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
