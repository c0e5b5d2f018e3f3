"""Orders (AIP-132): parse them, and sort JSON objects by them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

from .._openapi import ENUM_TEXTS
from ..errors import FieldError, did_you_mean
from .enums import Unrecognized
from .kinds import MessageOf, Step
from .messages import Message
from .paths import PathError, find_steps, unquoted

PathNames = tuple[str | None, ...]
"""The names in a path; None for a bare `*`, which means every item of a list or map."""

_QUOTED = r"`(?:[^`]|``)+`"
_SEGMENTS = re.compile(rf"{_QUOTED}|[^.`]+").findall


def path_pattern(plain: str) -> str:
    """Return the regular expression of a path whose names outside backticks match a regular expression."""
    segment = rf"(?:{plain}|{_QUOTED})"
    return rf"{segment}(?:\.{segment})*"


def parse_path(text: str) -> PathNames:
    """Return the names in a path that matches `path_pattern`; a backtick within backticks is doubled."""
    return tuple(None if segment == "*" else unquoted(segment) for segment in _SEGMENTS(text))


def resolve_path(path: PathNames, message: type[Message]) -> list[Step]:
    """Return the steps of a path from a message down, one for each name.

    Raises:
        ValueError: A name is unknown; the error suggests near names.
    """
    try:
        return find_steps(MessageOf(lambda: message), path)
    except PathError as error:
        raise ValueError(f"{error}{did_you_mean(error.near)}") from None


_TERM = re.compile(rf"\s*({path_pattern('[A-Za-z0-9_]+')})(?:\s+(asc|desc))?\s*(,|\Z)")

Reader = Callable[[Message], Any]


def sort_payloads(payloads: Iterable[dict[str, Any]], order_by: str, message: type[Message]) -> list[dict[str, Any]]:
    """Return JSON objects in an order; unset values come first, and equal ones keep theirs.

    Names are in snake_case or camelCase, with dots before parts of messages and keys of maps. Enums are in the order of
    the specification.

    Raises:
        ValueError: The text is not an order, or has an unknown name or a field without an order.
    """
    listed = list(payloads)
    # From the last term to the first, since each sort keeps the order of equal objects.
    for read, descending in reversed(order_keys(order_by, message)):
        listed.sort(key=partial(_rank, read, message), reverse=descending)
    return listed


def parse_order(order_by: str) -> list[tuple[PathNames, bool]]:
    """Return the path of each term of an order, with True if it is descending.

    Raises:
        ValueError: A term is malformed.
    """
    found: list[tuple[PathNames, bool]] = []
    if not order_by.strip():
        return found
    end = 0
    while term := _TERM.match(order_by, end):
        found.append((parse_path(term[1]), term[2] == "desc"))
        if not term[3]:
            return found
        end = term.end()
    text = order_by[end:].split(",")[0].strip()
    raise ValueError(f'order_by must be fields such as "create_time desc", got {text!r:.80}')


def order_keys(order_by: str, message: type[Message]) -> list[tuple[Reader, bool]]:
    """Return a function that reads the field of each term of an order, with True if it is descending.

    Raises:
        ValueError: A term is malformed, unknown, without an order, or repeated.
    """
    readers: dict[tuple[str, ...], tuple[Reader, bool]] = {}
    for path, descending in parse_order(order_by):
        steps = _order_steps(path, message)
        names = tuple(step.name for step in steps)
        if names in readers:
            raise ValueError(f"order_by names {'.'.join(names)} twice")
        readers[names] = partial(_value_at, steps), descending
    return list(readers.values())


def _order_steps(path: PathNames, message: type[Message]) -> list[Step]:
    try:
        steps = resolve_path(path, message)
        steps[-1].kind.order_paths(".".join(step.name for step in steps))
    except ValueError as error:
        raise ValueError(f"order_by: {error}") from None
    return steps


def _value_at(steps: Sequence[Step], message: Message) -> Any:
    value: Any = message
    for step in steps:
        try:
            value = None if value is None else step.read(value)
        except FieldError:
            return None
    return value


def _rank(read: Reader, message: type[Message], payload: dict[str, Any]) -> tuple[Any, ...]:
    value = read(message(payload))
    if value is None:
        return (0,)
    if isinstance(value, Unrecognized):
        return (2, value)
    return (1, list(ENUM_TEXTS[type(value)]).index(value.value) if isinstance(value, StrEnum) else value)
