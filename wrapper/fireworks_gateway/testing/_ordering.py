"""In what order the fake gateway lists models (AIP-132)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Any, cast

from .._enums import Unrecognized
from .._fields import Message
from .._models import Model
from .._openapi import ENUM_TEXTS
from ..errors import FieldError
from ._segments import Path, path_in, pattern_of, steps_along

_TERM = re.compile(rf"\s*({pattern_of('[A-Za-z0-9_]+')})(?:\s+(asc|desc))?\s*(,|\Z)")

Reading = Callable[[Message], Any]


def ordered(models: Sequence[dict[str, Any]], order_by: str) -> list[dict[str, Any]]:
    """Return models, which come in order of name, in the order that a text says; what is unset comes first.

    Fields are named in snake_case or camelCase, parts of messages and keys of maps with dots. Enums are in the
    specification's order.

    Raises:
        ValueError: The text is no order, or names what there is not, or what has no order.
    """
    listed = list(models)
    # From the last term to the first, since each sort keeps the order of what is equal to it.
    for reading, descending in reversed(terms_in(order_by)):
        listed.sort(key=partial(_rank, reading), reverse=descending)
    return listed


def terms(order_by: str) -> list[tuple[Path, bool]]:
    """Return the path of each term of an order, and whether it is descending, whatever there is to order.

    Raises:
        ValueError: One of them is no term.
    """
    found: list[tuple[Path, bool]] = []
    if not order_by.strip():
        return found
    end = 0
    while term := _TERM.match(order_by, end):
        found.append((path_in(term[1]), term[2] == "desc"))
        if not term[3]:
            return found
        end = term.end()
    text = order_by[end:].split(",")[0].strip()
    raise ValueError(f'order_by has {text!r:.80} where a field is to be, like "create_time desc"')


def terms_in(order_by: str, message: type[Message] = Model) -> list[tuple[Reading, bool]]:
    """Return how each term of an order reads its field, and whether it is descending.

    Raises:
        ValueError: One of them is no term, names what has no order or is not there, or comes twice.
    """
    readings: dict[tuple[str, ...], tuple[Reading, bool]] = {}
    for path, descending in terms(order_by):
        names = _names(path, message)
        if names in readings:
            raise ValueError(f"order_by names {'.'.join(names)} twice")
        readings[names] = partial(_value_at, names), descending
    return list(readings.values())


def _names(path: Path, message: type[Message]) -> tuple[str, ...]:
    try:
        steps = steps_along(path, message)
    except ValueError as error:
        raise ValueError(f"order_by: {error}") from None
    names = tuple(step.attribute for step in steps)
    reader = steps[-1].reader
    if reader.message or reader.items or reader.values:
        raise ValueError(f"order_by names {'.'.join(names)}, which has no order")
    return names


def _value_at(names: Sequence[str], message: Message) -> Any:
    value: Any = message
    for name in names:
        try:
            value = _part_of(value, name)
        except FieldError:
            return None
    return value


def _part_of(value: Any, name: str) -> Any:
    if isinstance(value, Mapping):
        return cast("Mapping[str, Any]", value).get(name)
    return None if value is None else getattr(value, name)


def _rank(reading: Reading, payload: dict[str, Any]) -> tuple[Any, ...]:
    value = reading(Model(payload))
    if value is None:
        return (0,)
    if isinstance(value, Unrecognized):
        return (2, value)
    return (1, list(ENUM_TEXTS[type(value)]).index(value.value) if isinstance(value, StrEnum) else value)
