"""Conditions on what is at a path, from Python values: what the operators of a field decide."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeAlias

from . import _readers as kinds
from ._arguments import Literal, literal_of, text_of
from ._comparables import Member, String, Text
from ._dates import DATE_PARTS, Date, PartialDate
from ._literals import Exact
from ._readers import Reader
from .errors import ConfigurationError
from .filters import Expression, Factor, Filter, Restriction

Names: TypeAlias = tuple[str, ...]


def compared(names: Names, reader: Reader[Any], comparator: str, value: object) -> Filter:
    """Return the condition that a field stands to a value as a comparator says; what is unset never does (AIP-160).

    Raises:
        ConfigurationError: The field cannot be compared so, or not with such a value.
    """
    path = str(Member(names))
    if value is not None:
        _refuse_comparator(path, reader, comparator)
    if reader is Date and value is not None:
        return _dated(names, comparator, _partial(path, value))
    literal = literal_of(value, reader, path)
    if isinstance(literal, String) and "*" in literal.value and comparator in ("=", "!="):
        return _literally(Member(names), comparator, literal)
    return Restriction(Member(names), comparator, literal)


def among(names: Names, reader: Reader[Any], values: Iterable[object]) -> Filter:
    """Return the condition that a field equals one of some values.

    Raises:
        ConfigurationError: There are none, or one is not of the field's type.
    """
    path = str(Member(names))
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ConfigurationError(f"{path}.in_ takes a list of values; not {values!r:.200}")
    equal = tuple(dict.fromkeys(compared(names, reader, "=", value) for value in values))
    if not equal:
        raise ConfigurationError(f"{path}.in_ of no values matches nothing, which needs no request and has no filter")
    return equal[0] if len(equal) == 1 else Factor(equal)


def present(names: Names, reader: Reader[Any]) -> Filter:
    """Return the condition that a field is set: differs from its default, or is there, where it is a message."""
    if isinstance(reader.unset, str) and reader.unset:
        return Restriction(Member(names), "!=", Text(reader.unset))  # Answers have it although it is unset.
    return Restriction(Member(names), ":", Text("*" if reader.message is None else Exact("*")))


def having(names: Names, reader: Reader[Any], value: object) -> Filter:
    """Return the condition that a list has an item, or a map a key.

    Raises:
        ConfigurationError: The field is neither, or the value cannot be in it.
    """
    path = str(Member(names))
    if reader.items is not None and reader.items.message is not None:
        raise ConfigurationError(f"{path} is a list of messages; ask for one by text, such as '{path}.name:\"x\"'")
    if reader.values is not None:
        literal: Literal = String(text_of(value, f"{path}.has"))
    elif reader.items is not None:
        literal = literal_of(value, reader.items, path)
    else:
        raise ConfigurationError(f"{path} is {reader.expected}, and has no items or keys; compare it, or use is_set()")
    if literal == String("*"):
        raise ConfigurationError(f'"*" after a colon is anything at all; {path}.is_set() asks for that')
    return Restriction(Member(names), ":", literal)


def fitting(names: Names, reader: Reader[Any], text: str, *, at_end: bool) -> Filter:
    """Return the condition that a text begins, or ends, with another.

    Raises:
        ConfigurationError: The field is no text, or what is to be there is empty or has a `*` in it.
    """
    path = str(Member(names))
    if reader is not kinds.String:
        raise ConfigurationError(f"{path} is {reader.expected}, and has no beginning or end as texts have")
    wanted = text_of(text, path)
    if not wanted or "*" in wanted:
        what = 'a text without "*", which the language takes for any text,' if wanted else "some text"
        raise ConfigurationError(f"{path} begins and ends with {what} when asked; test what comes instead")
    return Restriction(Member(names), "=", String(f"*{wanted}" if at_end else f"{wanted}*"))


def _refuse_comparator(path: str, reader: Reader[Any], comparator: str) -> None:
    if reader.items is not None or reader.values is not None or reader.message is not None:
        raise ConfigurationError(f"{path} as a whole cannot be compared; ask has() or is_set()")
    if comparator not in ("=", "!=") and (reader is kinds.Boolean or reader.known is not None):
        raise ConfigurationError(f"{path} has no order; compare it with == and !=")


def _literally(member: Member, comparator: str, literal: String) -> Filter:
    """Return the comparison with a text that has a `*`: a wildcard to `=`, and only itself where texts are ordered."""
    if comparator == "=":
        return Expression((Restriction(member, ">=", literal), Restriction(member, "<=", literal)))
    return Factor((Restriction(member, "<", literal), Restriction(member, ">", literal)))


def _partial(path: str, value: object) -> PartialDate:
    if isinstance(value, PartialDate):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return PartialDate(value.year, value.month, value.day)
    raise ConfigurationError(
        f"{path} takes a date or a PartialDate, and its year, month and day numbers; not {value!r}"
    )


def _dated(names: Names, comparator: str, value: PartialDate) -> Filter:
    """Return the comparison with a date, part by part: the language compares no messages."""
    parts = [(Member((*names, part)), Text(str(getattr(value, part)))) for part in DATE_PARTS]
    if comparator in ("=", "!="):
        joined = Expression if comparator == "=" else Factor
        return joined(tuple(Restriction(member, comparator, literal) for member, literal in parts))
    member, literal = parts.pop()
    condition: Filter = Restriction(member, comparator, literal)
    for member, literal in reversed(parts):
        same = Restriction(member, "=", literal)
        condition = Restriction(member, comparator[0], literal) | (same & condition)
    return condition
