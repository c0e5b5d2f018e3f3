"""The literals of the filter language (AIP-160): write them, and read them as values."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias

# What the grammar's TEXT is made of. The standard says "free-form", without whitespace or dot; what else has a meaning
# in the language is left out, and brackets, since `e[0].foo` is no filter.
CHARACTER = r"""[^\s.()<>=!:,"'\[\]\x00-\x1f\x7f\ud800-\udfff]"""
_NAME = rf"(?!-){CHARACTER}+"
_WORD = rf"(?!(?:AND|OR|NOT)(?!{CHARACTER})){_NAME}"
_SECOND = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
_ZONE = r"(?:Z|[+-][0-9]{2}:[0-9]{2})"
TIMESTAMP = rf"{_SECOND}(?:\.[0-9]+)?{_ZONE}"
_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"

# `re` compiles a pattern when it is first used, which for most who import this is never.
is_word = partial(re.fullmatch, rf"{TIMESTAMP}|{_WORD}")
is_field = partial(re.fullmatch, rf"{TIMESTAMP}|{_NAME}")
is_negative = partial(re.fullmatch, rf"-{_NUMBER[2:]}s?")
is_plain_text = partial(re.fullmatch, rf"(?:{TIMESTAMP}|{_WORD})(?:\.(?:{TIMESTAMP}|{_NAME}))*")
is_function_name = partial(re.fullmatch, rf"{_NAME}(?:\.{_NAME})*")
is_number = partial(re.fullmatch, _NUMBER)

_INSTANT = rf"({_SECOND})(?:\.([0-9]{{1,9}}))?({_ZONE})"
_SECONDS = r"-?[0-9]{1,12}(?:\.[0-9]{1,9})?s"
_PERIOD = r"-?(?:[0-9]{1,12}(?:\.[0-9]{1,9})?(?:h|m|s|ms|us|µs|ns))+"
_PERIOD_PART = r"([0-9]+)(?:\.([0-9]+))?(h|ms|m|s|us|µs|ns)"
_NANOSECONDS = {"h": 3600 * 10**9, "m": 60 * 10**9, "s": 10**9, "ms": 10**6, "us": 10**3, "µs": 10**3, "ns": 1}

_UNSAFE = r'[\\"\x00-\x1f\x7f\ud800-\udfff]'
_ESCAPE = (
    r"(?s)\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U(00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4})|([0-3][0-7]{2})|(.?))"
)
_MEANT = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"} | {
    each: each for each in "\\'\"?`"
}

Instant = tuple[datetime, int]
"""A point in time to the second, and the nanoseconds after it."""


class Exact(str):
    """A text of a filter whose type is known, where it is otherwise taken for whatever it may be.

    As a name it is a map's key, which has one spelling; as a literal it is only text, even if it reads as a timestamp;
    and as `*` it is a message that is there, even if nothing is in it.
    """

    __slots__ = ()


def quote(text: str) -> str:
    """Return a text as a string of the filter language, so that nothing in it is read as anything else."""
    return f'"{re.sub(_UNSAFE, _escaped, text)}"'


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    return f"\\{character}" if character in '\\"' else f"\\u{ord(character):04x}"


def unquote(string: str) -> str:
    """Return the text that a string of the filter language stands for; escapes are those of GoogleSQL.

    Raises:
        ValueError: An escape that there is not; its `args` are what is wrong and where.
    """
    return re.sub(_ESCAPE, _meant, string[1:-1]) if "\\" in string else string[1:-1]


def _meant(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code or found[4]:
        return chr(int(code, 16) if code else int(found[4], 8))
    if found[5] in _MEANT:
        return _MEANT[found[5]]
    raise ValueError(f"there is no escape {found[0]}", found.start() + 1)


def parse_number(text: str) -> int | float | None:
    """Return the number that a text is, or None."""
    if not is_number(text):
        return None
    try:
        return int(text)  # Exact beyond 2**53, where a float is not.
    except ValueError:
        return float(text)


def parse_timestamp(text: str) -> Instant | None:
    """Return the point in time that an RFC 3339 timestamp is, or None."""
    parts = re.fullmatch(_INSTANT, text)
    if parts is None:
        return None
    try:
        return datetime.fromisoformat(parts[1] + parts[3]), int((parts[2] or "").ljust(9, "0"))
    except ValueError:
        return None


def parse_seconds(text: str) -> int | None:
    """Return how many nanoseconds a duration in seconds, such as 1.2s, is, or None."""
    return parse_duration(text) if re.fullmatch(_SECONDS, text) else None


def parse_duration(text: str) -> int | None:
    """Return how many nanoseconds a duration such as 1.2s, or 4h0m0s, is, or None."""
    if not re.fullmatch(_PERIOD, text):
        return None
    total = 0
    for whole, part, unit in re.findall(_PERIOD_PART, text):
        total += int(whole) * _NANOSECONDS[unit] + int(part or 0) * _NANOSECONDS[unit] // 10 ** len(part)
    return -total if text.startswith("-") else total


def wildcard_predicate(pattern: str) -> Callable[[str], bool]:
    """Return the test for texts that a pattern fits, in which `*` stands for any text."""
    first, *middle, last = pattern.split("*")
    shortest = len(first) + len(last)

    def fits(text: str) -> bool:
        if len(text) < shortest or not text.startswith(first) or not text.endswith(last):
            return False
        at, end = len(first), len(text) - len(last)
        for part in middle:
            at = text.find(part, at, end)
            if at < 0:
                return False
            at += len(part)
        return True

    return fits


Reading: TypeAlias = tuple[Callable[[str], Any], Any]
"""How a string is read to be compared as other than text, and with what."""


class Operand:
    """What a value is compared with: a text as it was written, and whatever else that text can stand for.

    Attributes:
        text: What was written; None where it was a function's value.
        is_quoted: Whether it was written in quotes.
        wild: Whether `*` in the text is a wildcard: in a quoted string.
        number: The number that it stands for.
        readings: How strings are read to be compared with it as other than text, and with what.
    """

    __slots__ = ("is_quoted", "number", "readings", "text", "wild")

    def __init__(self, text: str, *, is_quoted: bool) -> None:
        self.text: str | None = text
        self.is_quoted: bool = is_quoted
        self.wild: bool = is_quoted and "*" in text
        self.number: float | None = None if is_quoted else parse_number(text)
        readings: list[Reading] = [(parse_timestamp, parse_timestamp(text))]
        if not is_quoted:  # A quoted "1" is a text, where a bare 1 is also an int64 (ProtoJSON has these as strings).
            readings += [(parse_number, self.number), (parse_seconds, parse_seconds(text))]
        self.readings: list[Reading] = (
            [] if isinstance(text, Exact) else [each for each in readings if each[1] is not None]
        )

    @classmethod
    def of_value(cls, read: Callable[[str], Any], value: object) -> Operand:
        """Return an operand that is equal only to what reads as a value."""
        operand = cls("", is_quoted=True)
        operand.text, operand.readings = None, [(read, value)]
        return operand
