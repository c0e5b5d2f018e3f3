"""Orders (AIP-132): parse them, and sort JSON objects by them."""

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import partial
from typing import Any

from .._openapi import ENUM_TEXTS
from ..errors import FieldError
from .enums import Unrecognized
from .messages import Message
from .paths import PathNames, parse_path, path_pattern, read_path, resolve_path

_TERM = re.compile(rf"\s*({path_pattern('[A-Za-z0-9_]+')})(?:\s+(asc|desc))?\s*(,|\Z)")

Reader = Callable[[Message], Any]


def sort_payloads(payloads: Iterable[dict[str, Any]], order_by: str, message: type[Message]) -> list[dict[str, Any]]:
    """Return JSON objects in an order; unset values come first, and equal objects keep their order.

    Names are in snake_case or camelCase, with dots before parts of messages and keys of maps. Enums are in the order of
    the specification. Raises ValueError for a malformed text, an unknown name, and a field without an order.
    """
    listed = list(payloads)
    # From the last term to the first, since each sort keeps the order of equal objects.
    for read, descending in reversed(order_keys(order_by, message)):
        listed.sort(key=partial(_rank, read, message), reverse=descending)
    return listed


def parse_order(order_by: str) -> list[tuple[PathNames, bool]]:
    """Return the path of each term of an order, with True if it is descending; raises ValueError if malformed."""
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
    """Return a reader of the field of each term of an order, with True if it is descending; raises ValueError."""
    readers: dict[tuple[str, ...], tuple[Reader, bool]] = {}
    for path, descending in parse_order(order_by):
        try:
            steps = resolve_path(path, message)
            names = tuple(step.name for step in steps)
            steps[-1].kind.order_paths(".".join(names))
        except ValueError as error:
            raise ValueError(f"order_by: {error}") from None
        if names in readers:
            raise ValueError(f"order_by must name each field once, got {'.'.join(names)} twice")
        readers[names] = partial(read_path, steps), descending
    return list(readers.values())


def _rank(read: Reader, message: type[Message], payload: dict[str, Any]) -> tuple[Any, ...]:
    try:
        value = read(message(payload))
    except FieldError:
        value = None
    if value is None:
        return (0,)
    if isinstance(value, Unrecognized):
        return (2, value)
    return (1, list(ENUM_TEXTS[type(value)]).index(value.value) if isinstance(value, StrEnum) else value)
