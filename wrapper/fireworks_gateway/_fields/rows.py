"""Flatten messages into rows for data frames."""

from __future__ import annotations

import json
import logging
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from math import isfinite, isnan
from operator import attrgetter, methodcaller
from typing import Any, NamedTuple, TypeAlias, cast

from ..errors import ConfigurationError, FieldError
from .dates import Date, PartialDate, Timestamp
from .fields import Field, Message, MessageOf, MessageType, fields_of
from .kinds import Bytes, Day, Json, JsonObject, Reader
from .paths import Path, Step, parts_of, path_of, resolved, text_of

logger = logging.getLogger("fireworks_gateway")

Row: TypeAlias = dict[str, object]
"""A message's cells by the path of their column: text, numbers, truth values, aware datetimes, lists of text, None."""

Reading: TypeAlias = Callable[[Any], object]


class _Column(NamedTuple):
    """A column: its name, the path of what holds its value ("" for the message), and how the value is read there."""

    name: str
    holder: str
    read: Reading


class _Table(NamedTuple):
    """What a row is made of: the columns, and what holds values of theirs, the outer before the inner."""

    holders: tuple[_Column, ...]
    columns: tuple[_Column, ...]

    def row(self, message: Message) -> Row:
        """Return a message's row. What holds several columns is read once, and told of once if it cannot be."""
        held: dict[str, Any] = {"": message}
        for name, holder, read in self.holders:
            held[name] = _cell(read, held[holder])
        return {name: _cell(read, held[holder]) for name, holder, read in self.columns}


def row_reading(message: type[Message], columns: Iterable[Path] | None = None) -> Callable[[Message], Row]:
    """Return what makes a row of a message: of the columns asked for, in that order; of all fields if None.

    Raises:
        ConfigurationError: There is no such column; the error says what is near.
    """
    return _table(message, None if columns is None else _texts_of(columns)).row


def _texts_of(columns: object) -> tuple[str, ...]:
    if isinstance(columns, (str, Field, MessageType)) or not isinstance(columns, Iterable):
        message = f'columns must be a list such as ["name", Model.context_length], got {columns!r:.80}'
        raise ConfigurationError(message, parameter="columns")
    texts: list[str] = []
    for asked in cast("Iterable[object]", columns):
        if (text := text_of(asked)) is None:
            message = f"columns must contain paths or fields such as Model.name, got {asked!r:.80}"
            raise ConfigurationError(message, parameter="columns")
        texts.append(text)
    if not texts:
        raise ConfigurationError("columns must not be empty; omit it to read every field", parameter="columns")
    return tuple(texts)


@lru_cache(maxsize=64)
def _table(message: type[Message], paths: tuple[str, ...] | None) -> _Table:
    holders: dict[str, _Column] = {}
    columns: dict[str, _Column] = {}
    for path in [field.path for field in fields_of(message).values()] if paths is None else paths:
        steps = resolved(message, path)
        for leaf in _leaves(steps, (message,)):
            *above, column = _columns_to(leaf, MessageOf(lambda: message))
            holders.update((each.name, each) for each in above)
            columns[column.name] = column._replace(read=_composed(column.read, _cell_maker(leaf[-1].reader)))
    return _Table(tuple(holders.values()), tuple(columns.values()))


def _leaves(steps: list[Step], above: tuple[type[Message], ...]) -> Iterator[list[Step]]:
    """Return the paths under one that hold no message with fields.

    A message within a message of the same class is one JSON cell, because its depth is unlimited.
    """
    message = steps[-1].reader.message
    if message is None or not fields_of(message) or message in above:
        yield steps
        return
    for part in parts_of(steps[-1].reader):
        yield from _leaves([*steps, part], (*above, message))


def _columns_to(steps: list[Step], above: Reader[Any]) -> Iterator[_Column]:
    """Return a column for each step on the way, with what is there as it is."""
    holder = ""
    for depth, step in enumerate(steps, 1):
        path = path_of(each.name for each in steps[:depth])
        read = attrgetter(step.attribute) if above.values is None else methodcaller("get", step.name)
        yield _Column(path, holder, read)
        holder, above = path, step.reader


def _composed(read: Reading, cell: Reading | None) -> Reading:
    if cell is None:
        return read
    return lambda holder: None if (value := read(holder)) is None else cell(value)


def _cell_maker(reader: Reader[Any]) -> Reading | None:
    """Return what makes a cell of a value; None where the value is one already."""
    if reader.items is not None and reader.items.message is None:
        item = _cell_maker(reader.items) or _as_is
        return lambda values: [item(value) for value in values]
    if reader.message or reader.items or reader.values or reader in (Json, JsonObject):
        return _json
    if reader.known is not None:
        return str
    return _CELLS.get(reader)


def _cell(read: Reading, holder: Any) -> Any:
    if holder is None:
        return None
    try:
        return read(holder)
    except FieldError as error:
        logger.warning("%s; the row has None there", error)
        return None


def _as_is(value: Any) -> object:
    return value


def _in_utc(value: datetime) -> datetime:
    # Of offsets that differ within a column no library makes a column of timestamps.
    try:
        return value.astimezone(UTC)
    except OverflowError:  # A local time of year 1 or 9999 which is in none in UTC.
        return value


def _iso(value: PartialDate) -> str | None:
    return str(value) if value else None


def _base64(value: bytes) -> str:
    return b64encode(value).decode()


def _json(value: object) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True)


_CELLS: Mapping[Reader[Any], Reading] = {Timestamp: _in_utc, Date: _iso, Day: date.isoformat, Bytes: _base64}
"""The function that makes a cell of a value, for kinds whose values are not cells themselves."""


def _plain(value: object) -> object:
    if isinstance(value, Message):
        return dict(value.payload)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in cast("Mapping[str, object]", value).items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in cast("tuple[object, ...]", value)]
    if isinstance(value, PartialDate):
        return str(value)
    if isinstance(value, date):  # A datetime too.
        return value.isoformat()
    if isinstance(value, bytes):
        return _base64(value)
    if isinstance(value, float) and not isfinite(value):
        return "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"  # As ProtoJSON has them.
    return value
