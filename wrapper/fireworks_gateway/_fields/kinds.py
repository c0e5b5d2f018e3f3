"""Decode each kind of JSON value as ProtoJSON defines it.

The names are capitalized because `specification.py` uses them in class bodies, where a field may be called `string`.
"""

from __future__ import annotations

import base64
import copy
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any, Generic, TypeGuard, TypeVar

from attrs import frozen

T = TypeVar("T")

# Compiled when first asked: most listings have no such number, and each import would pay.
_is_whole = partial(re.fullmatch, r"-?[0-9]+")
_is_number = partial(re.fullmatch, r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?|NaN|-?Infinity")


@frozen(eq=False, repr=False)  # Told apart by what they are.
class Reader(Generic[T]):
    """How a field's JSON value becomes a Python value.

    Attributes:
        read: Returns the value, or raises ValueError when there is none to be had.
        expected: What a readable value is, for messages: "an integer".
        unset: What the service prints for a field that was never set.
        as_sent: The type whose values need no reading; None where every value does.
        known: What some values are read as, to be looked up before `read` is called; of an enum, its members.
        items: Of a list, how an item is read.
        values: Of a map, how a value is read.
        message_type: Of a message, a function that returns its class, so that classes can refer to each other.
    """

    read: Callable[[Any], T]
    expected: str
    unset: Any = None
    as_sent: type[T] | None = None
    known: Mapping[Any, T] | None = None
    items: Reader[Any] | None = None
    values: Reader[Any] | None = None
    message_type: Callable[[], type[Any]] | None = None

    @property
    def message(self) -> type[Any] | None:
        """The class of a message; None for every other kind."""
        return None if self.message_type is None else self.message_type()

    def is_default(self, value: Any) -> bool:
        """Say whether a JSON value is what an unset field reads as."""
        if value is None:
            return True
        read = self.read(value)
        return not read or (self.unset is not None and read == self.read(self.unset))


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Say whether a JSON value is an object."""
    return isinstance(value, dict)


def is_array(value: Any) -> TypeGuard[list[Any]]:
    """Say whether a JSON value is an array."""
    return isinstance(value, list)


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise ValueError


def _boolean(value: Any) -> bool:
    if value is True or value is False:
        return value
    raise ValueError


def _integer(value: Any) -> int:
    if type(value) is int:
        return value
    if type(value) is str and ((value.isdigit() and value.isascii()) or _is_whole(value)):
        return int(value)  # Exact beyond 2**53, where a float is not.
    read = _number(value)  # ProtoJSON takes 12.0 and "1e3" too, as long as the number is whole.
    if read.is_integer():
        return int(read)
    raise ValueError


def _number(value: Any) -> float:
    if isinstance(value, str) and not _is_number(value):
        raise ValueError
    if isinstance(value, (int, float, str)) and not isinstance(value, bool):
        return float(value)
    raise ValueError


def _bytes(value: Any) -> bytes:
    if not isinstance(value, str):
        raise ValueError
    # ProtoJSON accepts both alphabets of base64, with or without padding.
    text = value.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def _day(value: Any) -> date:
    if isinstance(value, str) and len(value) == len("2026-01-31"):
        return date.fromisoformat(value)
    raise ValueError


def _object(value: Any) -> Mapping[str, Any]:
    if is_object(value):
        return MappingProxyType(copy.deepcopy(value))
    raise ValueError


String: Reader[str] = Reader(_string, "a string", "", as_sent=str)
Boolean: Reader[bool] = Reader(_boolean, "true or false", False, as_sent=bool)
Integer: Reader[int] = Reader(_integer, "an integer", 0, as_sent=int)
Integer64: Reader[int] = Reader(_integer, "an integer, as a string or a number", "0")
Number: Reader[float] = Reader(_number, "a number", 0)
Bytes: Reader[bytes] = Reader(_bytes, "bytes in base64", "")
Day: Reader[date] = Reader(_day, "a date such as 2026-01-31")
JsonObject: Reader[Mapping[str, Any]] = Reader(_object, "an object", {})
Json: Reader[Any] = Reader(copy.deepcopy, "any JSON value")


def ListOf(item: Reader[T]) -> Reader[tuple[T, ...]]:
    """Return the reader of a JSON array of `item`; the value is a tuple."""

    def read(value: Any) -> tuple[T, ...]:
        if is_array(value):
            return tuple(map(item.read, value))
        raise ValueError

    return Reader(read, f"a list, each item {item.expected}", [], items=item)


def MapOf(item: Reader[T]) -> Reader[Mapping[str, T]]:
    """Return the reader of a JSON object used as a map to `item`; the value is a read-only mapping."""

    def read(value: Any) -> Mapping[str, T]:
        if is_object(value):
            return MappingProxyType({key: item.read(each) for key, each in value.items()})
        raise ValueError

    return Reader(read, f"an object, each value {item.expected}", {}, values=item)
