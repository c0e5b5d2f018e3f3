"""Where a name leads in a message as it is declared: to a field, a part of a date, a key of a map, or nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, NamedTuple

from ._comparables import Unfit
from ._dates import partial_date
from ._fields import Message, fields_of
from ._readers import Reader, integer


class Step(NamedTuple):
    """One name of a path: as it is declared, as it is in JSON, and how what it leads to is read."""

    name: str
    key: str
    reader: Reader[Any]


_DATE_PARTS = tuple(Step(part, part, integer) for part in ("year", "month", "day"))


def parts_of(reader: Reader[Any]) -> Sequence[Step]:
    """Return what is in a value by declaration: a message's fields, a date's parts; in others there is nothing."""
    message: type[Message] | None = reader.message
    if message is not None:
        return _fields_of(message)
    return _DATE_PARTS if reader is partial_date else ()


@cache
def _fields_of(message: type[Message]) -> tuple[Step, ...]:
    return tuple(Step(name, field.key, field.reader) for name, field in fields_of(message).items())


def step_under(name: str, reader: Reader[Any], path: Sequence[str]) -> Step:
    """Return the step that a name, in snake_case or camelCase, is from what stands at a path and is read so.

    Raises:
        Unfit: It leads nowhere; near names are what was expected.
    """
    if reader.values is not None:
        return Step(name, name, reader.values)
    parts = parts_of(reader)
    for part in parts:
        if name in (part.name, part.key):
            return part
    if reader.message is None and not parts:
        raise Unfit(f"{'.'.join(path)} is {reader.expected} and has no fields")
    message = f"there is no field {'.'.join((*path, name))}" if reader.message else f"a date has no {name}"
    raise Unfit(message, tuple(get_close_matches(name, [part.name for part in parts])))
