"""Flatten messages into rows for data frames, and show them as tables of HTML in notebooks."""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from functools import lru_cache, partial
from typing import Any, NamedTuple, NoReturn, TypeAlias, cast, overload

from ..errors import FieldError, is_deep, parameter_error, quote_value
from .fields import Field
from .kinds import MessageOf, Step, json_text
from .messages import Message, fields_of
from .paths import Path, column_steps, format_path, path_text, read_path, split_path

logger = logging.getLogger("fireworks_gateway")

Row: TypeAlias = dict[str, object]
"""The cells of a message by column path: text, numbers, truth values, aware datetimes, lists of text, None."""


UNKNOWN = "unknown_fields"
"""In a path, the parent of a field that the specification lacks, as in `message.unknown_fields`."""


class ArrowRows:
    """Rows that polars and pyarrow read as an Arrow stream."""

    __slots__ = ()

    def _frame_rows(self) -> list[Row]:
        rows: Any = self
        return [*rows]

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the rows as an Arrow stream, in which a column has one type, however late its first value comes."""
        rows = self._frame_rows()
        if (polars := cast("Any", sys.modules.get("polars"))) is not None:
            return polars.DataFrame(rows, infer_schema_length=None).__arrow_c_stream__(requested_schema)
        import pyarrow  # type: ignore[import-untyped,unused-ignore]  # Whoever reads a stream without polars has it.

        return cast("Any", pyarrow).Table.from_pylist(rows).__arrow_c_stream__(requested_schema)


class FrameSource(ArrowRows):
    """Models that polars and pyarrow read as rows. pandas would make a single column of them, so it gets an error."""

    __slots__ = ()

    def _frame_rows(self) -> list[Row]:
        models: Any = self
        return [*models.rows()]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} is not an array. Pass its rows() to a data frame")


class Rows(ArrowRows):
    """Rows in memory, which a data frame accepts; `list(rows)` is a list of dictionaries."""

    # No `Sequence`: polars would look at the first hundred rows only.
    __slots__ = ("_rows",)

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = [*rows]

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        return self._rows[index]

    def __eq__(self, other: object) -> bool:
        return self._rows == (other._rows if isinstance(other, Rows) else other)

    def __repr__(self) -> str:
        return repr(self._rows)


class _Column(NamedTuple):
    """A column, or a message or map with columns inside. `read` takes the parent's value; the row's parent is ""."""

    path: str
    parent: str
    read: Callable[[Any], object]


def row_builder(
    message: type[Message], columns: Iterable[Path] | None = None, on: date | None = None
) -> Callable[[Message], Row]:
    """Return the function that makes the row of a message: with columns in their order, or every field, on a day.

    Raises ConfigurationError with near paths for an unknown column.
    """
    return _build_row(message, None if columns is None else _column_paths(columns), on)


def _column_paths(columns: Iterable[Path]) -> tuple[str, ...]:
    if isinstance(columns, str) or not isinstance(columns, Iterable):
        raise parameter_error("columns", f'must be a list such as ["name", Model.context_length], got {columns!r:.80}')
    texts: list[str] = []
    for column in cast("Iterable[object]", columns):
        if (text := path_text(column)) is None:
            raise parameter_error("columns", f"must contain paths or fields such as Model.name, got {column!r:.80}")
        texts.append(text)
    if not texts:
        raise parameter_error("columns", "must not be empty; omit it to read every field")
    return tuple(texts)


@lru_cache(maxsize=64)
def _build_row(message: type[Message], paths: tuple[str, ...] | None, on: date | None) -> Callable[[Message], Row]:
    parents: dict[str, _Column] = {}  # The messages and maps with columns inside, the outer before the inner.
    columns: dict[str, _Column] = {}
    for path in [field.path for field in fields_of(message).values()] if paths is None else paths:
        if (column := _derived_column(message, path, on) or _unknown_column(message, path)) is not None:
            columns[path] = column
            continue
        for steps in _leaves(column_steps(message, path), (message,)):
            *above, column = _path_columns(steps)
            parents.update((each.path, each) for each in above)
            columns[column.path] = column._replace(read=_cell_reader(steps[-1]))

    def row(message: Message) -> Row:
        # A parent is decoded once, and logged once if it cannot be decoded.
        values: dict[str, Any] = {"": message}
        for path, parent, read in parents.values():
            values[path] = _read_or_none(read, values[parent])
        return {path: _read_or_none(read, values[parent]) for path, parent, read in columns.values()}

    return row


def _derived_column(message: type[Message], name: str, on: date | None) -> _Column | None:
    """Return the column of a property, or of a value derived from several fields; None if the name is a field's."""
    if name in fields_of(message):
        return None
    if (derive := message._derived.get(name)) is not None:
        return _Column(name, "", partial(derive, on=on))
    if not isinstance(getattr(message, name, None), property):
        return None
    return _Column(name, "", lambda each: _plain_cell(getattr(each, name)))


def _unknown_column(message: type[Message], path: str) -> _Column | None:
    """Return the column of a field that the specification lacks, by the path that `diff` prints; None for any other."""
    above, found, key = f".{path}".partition(f".{UNKNOWN}.")
    if not found or not key:
        return None
    steps = column_steps(message, above[1:]) if above else []

    def read(message: Message) -> object:
        outer = read_path(steps, message)
        return _plain_cell(_find_unknown(outer.unknown_fields, key)) if isinstance(outer, Message) else None

    return _Column(path, "", read)


def _find_unknown(fields: Mapping[str, Any], path: str) -> Any:
    """Return the value of a key, or of a key within the values of others."""
    if path in fields:
        return fields[path]
    value: Any = fields
    for name in split_path(path):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _plain_cell(value: Any) -> object:
    """Return a value of a property, or a JSON value, as a cell of the types of other columns."""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return value  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, (dict, list)):
        return quote_value(value) if is_deep(value) else json_text(value)
    return str(value)


def _leaves(steps: list[Step], above: tuple[type[Message], ...]) -> Iterator[list[Step]]:
    """Yield the paths that continue a path down to values other than messages, or to a message inside its own class."""
    kind = steps[-1].kind
    if not isinstance(kind, MessageOf) or not kind.children or any(issubclass(each, kind.message) for each in above):
        yield steps
        return
    for child in kind.children:
        yield from _leaves([*steps, child], (*above, kind.message))


def _path_columns(steps: list[Step]) -> Iterator[_Column]:
    parent = ""
    for depth, step in enumerate(steps, 1):
        path = format_path(each.name for each in steps[:depth])
        yield _Column(path, parent, step.read)
        parent = path


def _cell_reader(step: Step) -> Callable[[Any], object]:
    read, cell = step.read, step.kind.cell
    return lambda parent: None if (value := read(parent)) is None else cell(value)


def _read_or_none(read: Callable[[Any], object], parent: Any) -> Any:
    if parent is None:
        return None
    try:
        return read(parent)
    except FieldError as error:
        logger.warning("%s; the row has None there", error)
        return None


MOST_ROWS = 30  # Number of rows of a table; a line below it has the number of the others.

_MOST_FIELDS = 100
_LONGEST = 120


def format_text(value: object) -> str:
    """Return a value as text for HTML, cut to 120 characters; None is empty."""
    if isinstance(value, (dict, list, tuple)):
        text = quote_value(value, 1_000)  # It may be nested too deep for `str`.
    else:
        text = "" if value is None else str(value)
    from html import escape  # Notebooks alone need it.

    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return escape(shown.encode(errors="backslashreplace").decode())  # A notebook cannot send half a surrogate pair.


def format_code(value: object) -> str:
    """Return a text as code."""
    from html import escape

    return f"<code>{escape(str(value))}</code>"


def format_table(names: Sequence[str], rows: Sequence[Sequence[object]], total: int, most: int = MOST_ROWS) -> str:
    """Return a table of the first rows, and the number of the others; `rows` may end with those that are shown."""
    head = "".join(f"<th>{format_text(name)}</th>" for name in names)
    shown = rows[:most]
    lines = [f"<tr>{''.join(f'<td>{format_text(cell)}</td>' for cell in row)}</tr>" for row in shown]
    left = total - len(shown)
    more = f"<p>… and {left:,} more</p>" if left > 0 else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>{more}"


def format_items(items: Sequence[Any]) -> str:
    """Return a table of messages, with the columns that identify them, or of rows."""
    if not items:
        return "<p>No items</p>"
    rows = [*map(_to_row, items[:MOST_ROWS])]
    names = list(dict.fromkeys(name for row in rows for name in row))
    return format_table(names, [[row.get(name) for name in names] for row in rows], len(items))


def _to_row(item: Any) -> Row:
    if not isinstance(item, Message):
        return item if isinstance(item, dict) else {"item": item}
    fields = fields_of(type(item)).items()
    columns = type(item)._summary or [each.path for _, each in fields if isinstance(each, Field)][:6]
    return row_builder(type(item), columns)(item) if columns else {"item": repr(item)}


def format_message(message: Message) -> str:
    """Return a table of the fields of a message that are set; inner messages are included by path."""
    rows = [*_set_fields(message)]
    return format_table(["field", "value"], rows, len(rows), most=_MOST_FIELDS)


def _set_fields(message: Message, above: str = "") -> Iterator[tuple[str, object]]:
    for name, value in message._set_values():
        if isinstance(value, Message):
            yield from _set_fields(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value.value if isinstance(value, Enum) else value
