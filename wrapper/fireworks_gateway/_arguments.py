"""What stands right of a comparator: Python values, written as literals of the filter language (AIP-160)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from math import isfinite
from typing import Any, cast

from . import _readers as kinds
from ._comparables import Function, String, Text
from ._dates import Timestamp
from ._enums import Unrecognized
from ._literals import Exact
from ._readers import Reader
from .errors import ConfigurationError

Literal = Text | String | Function


def literal_of(value: object, reader: Reader[Any], path: str) -> Literal:
    """Return a value as the literal that a field is compared with, in the words that the service was seen to take.

    Raises:
        ConfigurationError: The value is not of the field's type.
    """
    if value is None:
        raise ConfigurationError(f"{path} is never compared with None; is_set() asks whether it has a value")
    if reader.known is not None:
        taken, literal = _enum_taken(value, reader.known, reader.expected), _enum_literal(value, reader.known)
    else:
        taken, written = next(((taken, written) for known, taken, written in _WRITTEN if known is reader), _BY_TEXT)
        literal = written(value)
    if literal is None:
        raise ConfigurationError(f"{path} takes {taken}; not {_shown(value)}")
    return literal


def text_of(value: object, what: str) -> str:
    """Return a text that goes into a filter, where it stands for itself alone.

    Raises:
        ConfigurationError: It is no text, or has half a surrogate pair in it, which no request can hold.
    """
    if isinstance(value, str) and _is_whole(value):
        return Exact(value)
    raise ConfigurationError(f"{what} takes a text; not {_shown(value)}")


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= each <= "\udfff" for each in text)


def _shown(value: object) -> str:
    try:
        return f"{value!r:.200}"
    except ValueError:  # An integer of thousands of digits has no repr.
        return "a number so long"


def _string_literal(value: object) -> Literal | None:
    return String(Exact(value)) if isinstance(value, str) and _is_whole(value) else None


def _boolean_literal(value: object) -> Literal | None:
    return Text(str(value).lower()) if isinstance(value, bool) else None


def _integer_literal(value: object) -> Literal | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63
    return Text(f"{value:d}") if fits else None


def _number_literal(value: object) -> Literal | None:
    return Text(repr(float(value))) if isinstance(value, float) and isfinite(value) else _integer_literal(value)


def _timestamp_literal(value: object) -> Literal | None:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        return None
    try:
        text = value.astimezone(UTC).isoformat()
    except OverflowError:  # Within hours of the first or last year.
        return None
    return Function("timestamp", (String(f"{text.removesuffix('+00:00')}Z"),))


def _day_literal(value: object) -> Literal | None:
    if not isinstance(value, date) or isinstance(value, datetime):
        return None
    return String(Exact(value.isoformat()))


def _no_literal(_: object) -> Literal | None:
    return None


def _enum_literal(value: object, known: Mapping[Any, Any]) -> Literal | None:
    if isinstance(value, Unrecognized):
        try:
            return Text(str(value))
        except ConfigurationError:
            return None
    # Equal is not enough: a member of another enum may be spelt the same.
    is_member = isinstance(value, Enum) and any(value is member for member in known.values())
    return Text(str(cast("Enum", value).value)) if is_member else None


def _enum_taken(value: object, known: Mapping[Any, Any], expected: str) -> str:
    example = (known.get(value) if isinstance(value, str) else None) or next(iter(known.values()))
    name = f"{type(example).__name__}.{example.name}"
    return f"{expected} such as {name}, or an Unrecognized for what the specification lacks"


_WHOLE_NUMBER = "a whole number of 64 bits"
_WRITTEN = (
    (kinds.String, "a text", _string_literal),
    (kinds.Boolean, "True or False", _boolean_literal),
    (kinds.Integer, _WHOLE_NUMBER, _integer_literal),
    (kinds.Integer64, _WHOLE_NUMBER, _integer_literal),
    (kinds.Number, "a finite number", _number_literal),
    (kinds.Day, "a date", _day_literal),
    (Timestamp, "a datetime with a time zone, such as datetime(2026, 1, 31, tzinfo=UTC)", _timestamp_literal),
)
"""What a field takes, in words, and how it is written; by how the field is read."""
_BY_TEXT = (
    "no value from here, as the specification does not say what it is; give the filter as text",
    _no_literal,
)
