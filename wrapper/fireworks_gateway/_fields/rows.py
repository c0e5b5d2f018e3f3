"""Flatten messages into rows for data frames."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias, cast

from ..errors import ConfigurationError, FieldError
from .kinds import MessageOf, Step
from .messages import Message, fields_of
from .paths import Path, column_steps, format_path, path_text

logger = logging.getLogger("fireworks_gateway")

Row: TypeAlias = dict[str, object]
"""The cells of a message by column path: text, numbers, truth values, aware datetimes, lists of text, None."""


class _Column(NamedTuple):
    """A column, or a message or map with columns inside.

    Attributes:
        path: The path of its field.
        parent: The path of the message or map around it; "" for the whole message.
        read: Returns its value from the value of the parent.
    """

    path: str
    parent: str
    read: Callable[[Any], object]


class _Table(NamedTuple):
    """The columns of a row, and the messages and maps with columns inside, the outer before the inner."""

    parents: tuple[_Column, ...]
    columns: tuple[_Column, ...]

    def row(self, message: Message) -> Row:
        """Return the row of a message; a parent is decoded once, and logged once if it cannot be decoded."""
        values: dict[str, Any] = {"": message}
        for path, parent, read in self.parents:
            values[path] = _read_or_none(read, values[parent])
        return {path: _read_or_none(read, values[parent]) for path, parent, read in self.columns}


def row_builder(message: type[Message], columns: Iterable[Path] | None = None) -> Callable[[Message], Row]:
    """Return the function that makes the row of a message.

    Args:
        message: The class of the messages.
        columns: The columns, in their order; every field if None.

    Raises:
        ConfigurationError: A column does not exist; the error suggests similar paths.
    """
    return _build_table(message, None if columns is None else _column_paths(columns)).row


def _column_paths(columns: Iterable[Path]) -> tuple[str, ...]:
    if isinstance(columns, str) or not isinstance(columns, Iterable):
        message = f'columns must be a list such as ["name", Model.context_length], got {columns!r:.80}'
        raise ConfigurationError(message, parameter="columns")
    texts: list[str] = []
    for column in cast("Iterable[object]", columns):
        if (text := path_text(column)) is None:
            message = f"columns must contain paths or fields such as Model.name, got {column!r:.80}"
            raise ConfigurationError(message, parameter="columns")
        texts.append(text)
    if not texts:
        raise ConfigurationError("columns must not be empty; omit it to read every field", parameter="columns")
    return tuple(texts)


@lru_cache(maxsize=64)
def _build_table(message: type[Message], paths: tuple[str, ...] | None) -> _Table:
    parents: dict[str, _Column] = {}
    columns: dict[str, _Column] = {}
    for path in [field.path for field in fields_of(message).values()] if paths is None else paths:
        for steps in _leaves(column_steps(message, path), (message,)):
            *above, column = _path_columns(steps)
            parents.update((each.path, each) for each in above)
            columns[column.path] = column._replace(read=_cell_reader(steps[-1]))
    return _Table(tuple(parents.values()), tuple(columns.values()))


def _leaves(steps: list[Step], above: tuple[type[Message], ...]) -> Iterator[list[Step]]:
    """Yield the paths that continue a path down to values other than messages.

    A message within a message of the same class is one JSON cell, because its depth is unlimited.
    """
    kind = steps[-1].kind
    if not isinstance(kind, MessageOf) or not kind.children or kind.message in above:
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
