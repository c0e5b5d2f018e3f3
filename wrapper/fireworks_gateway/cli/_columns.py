"""The columns of a listing, and the fields of the specification."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any

from attrs import frozen

from fireworks_gateway import ConfigurationError, DateField, Model, describe


@frozen
class FieldEntry:
    """A field of the specification; its attributes differ from its path where a name is taken, such as `payload_`."""

    path: str
    attributes: tuple[str, ...]
    type: str
    doc: str
    values: tuple[Enum, ...] = ()

    @property
    def descriptions(self) -> dict[str, str]:
        """The description of each value in the specification."""
        return {str(value.value): describe(value) for value in self.values}


def list_fields(
    message: type[Any] = Model, above: tuple[str, ...] = (), path: str = "", outer: tuple[type[Any], ...] = ()
) -> Iterator[FieldEntry]:
    """Yield every field of a message, each followed by the fields inside it, in the order of the specification."""
    for owner in reversed(message.__mro__):
        for name, declared in vars(owner).items():
            if name.startswith("_") or isinstance(declared, property) or callable(declared):
                continue
            kind, names = declared.kind, (*above, name)
            inner = getattr(getattr(kind, "items", kind), "message", None)
            values = tuple(getattr(kind, "enum", ()))
            entry = FieldEntry(f"{path}{declared.path}", names, kind.type_name, declared.__doc__ or "", values)
            yield entry
            # A message may contain itself.
            if inner is not None and not any(issubclass(each, inner) for each in (*outer, message)):
                yield from list_fields(inner, names, f"{entry.path}.", (*outer, message))
            if isinstance(declared, DateField):
                for part in (declared.year, declared.month, declared.day):
                    yield FieldEntry(f"{path}{part.path}", (*names, part.key), part.kind.type_name, part.__doc__ or "")


Cells = dict[str, Any]  # The cells of a model by column, as JSON values.

DEFAULT = ("model_id", "serving", "deprecation_date", "context_length", "base_model_details.parameter_count", "kind")
"""The columns without --columns, the most important first, because a narrow terminal drops the last."""

_SERVING = ("state", "supports_serverless", "deprecation_date")

_split = re.compile(r"(?:[^,`]|`[^`]*`?)+").findall


DERIVED: Mapping[str, tuple[str, ...]] = {
    "model_id": ("name",),
    "serving": _SERVING,
    "days_left": _SERVING,
    "account_id": ("name",),
    "resource_name": ("name",),
    "is_base_model": ("kind",),
    "is_addon": ("kind",),
    "is_chat_model": ("kind", "conversation_config"),
    "last_operation_failed": ("status",),
}
"""The columns that are not fields, with the fields that each needs. Any other property needs all fields."""


@frozen
class Columns:
    """The columns of a listing, and the day of their serving status; without names, whole models as they were sent."""

    names: tuple[str, ...]
    on: date | None = None
    masked: bool = True

    @property
    def mask(self) -> tuple[str, ...] | None:
        """The read mask of a request: the fields that the columns need; None for all fields."""
        if not self.masked or not self.names or any(map(_needs_all_fields, self.names)):
            return None
        needed = [path for name in self.names for path in DERIVED.get(name, (name,))]
        return tuple(dict.fromkeys(map(_path_in_mask, needed)))

    def row(self, model: Model) -> Cells:
        """Return the cells of a model."""
        if not self.names:
            return model.to_dict()
        return {name: json_cell(cell) for name, cell in model.to_row(self.names, on=self.on).items()}


def parse_columns(texts: Sequence[str], on: date | None = None) -> Columns:
    """Parse columns, separated by commas or one by one; a message means all its fields."""
    paths = [path.strip() for text in texts for path in _split(text) if path.strip()]
    if not paths:
        raise ConfigurationError("--columns must name at least one column; omit it for the default columns")
    names = [name for path in paths for name in Model({}).to_row([path])]
    return Columns(tuple(dict.fromkeys(names)), on)


def _needs_all_fields(name: str) -> bool:
    return isinstance(getattr(Model, name, None), property) and name not in DERIVED


def json_cell(value: object) -> Any:
    """Return a cell as a JSON value: times as text in UTC."""
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


def complete_columns(incomplete: str) -> list[str]:
    """Return the completions of a comma-separated list of columns, for a shell."""
    before, comma, last = incomplete.rpartition(",")
    fields = [*list_fields()]
    lists = tuple(f"{each.path}." for each in fields if each.type.startswith("list of"))  # Not columns.
    names = [*DERIVED, *(each.path for each in fields if not each.path.startswith(lists))]
    return [f"{before}{comma}{name}" for name in names if name.startswith(last)]


def _path_in_mask(path: str) -> str:
    """Return the path for a read mask: for a key of a map the map itself, since a key may contain dots."""
    above, unknown, key = f".{path}".partition(".unknown_fields.")
    if unknown:
        return f"{above}.{key.partition('.')[0]}"[1:]
    first = path.partition(".")[0]
    is_map = any(each.path == first and each.type.startswith("map") for each in list_fields())
    return first if is_map else path
