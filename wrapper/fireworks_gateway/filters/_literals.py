"""The literals of the filter language (AIP-160): format them, and parse them as values."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

# A character of the grammar's TEXT. The standard calls TEXT free-form, without whitespace or dots. This also excludes
# the operators and quotes of the grammar, and brackets, since AIP-160 rejects `e[0].foo`.
CHARACTER = r"""[^\s.()<>=!:,"'\[\]\x00-\x1f\x7f\ud800-\udfff]"""
KEYWORD = rf"(?:AND|OR|NOT)(?!{CHARACTER})"
NAME = rf"(?!-){CHARACTER}++"
WORD = rf"(?!{KEYWORD}){NAME}"
TIMESTAMP = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
"""The only pattern of a timestamp in the package (RFC 3339, with the nanoseconds of ProtoJSON)."""

_NUMBER = r"[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?"
NEGATIVE = rf"-{_NUMBER}s?"
_SECONDS = r"-?[0-9]{1,12}(?:\.[0-9]{1,9})?s"
_DURATION = r"-?(?:[0-9]{1,12}(?:\.[0-9]{1,9})?(?:h|m|s|ms|us|µs|ns))+"
_DURATION_PART = r"([0-9]+)(?:\.([0-9]+))?(h|ms|m|s|us|µs|ns)"
_NANOSECONDS = {"h": 3600 * 10**9, "m": 60 * 10**9, "s": 10**9, "ms": 10**6, "us": 10**3, "µs": 10**3, "ns": 1}

# `re` compiles a pattern on first use; most programs that import this module never use one.
is_word = partial(re.fullmatch, rf"{TIMESTAMP}|{WORD}")
is_field = partial(re.fullmatch, rf"{TIMESTAMP}|{NAME}")
is_negative = partial(re.fullmatch, NEGATIVE)
is_plain_text = partial(re.fullmatch, rf"(?:{TIMESTAMP}|{WORD})(?:\.(?:{TIMESTAMP}|{NAME}))*")
is_function_name = partial(re.fullmatch, rf"{NAME}(?:\.{NAME})*")
is_number = partial(re.fullmatch, f"-?{_NUMBER}")

_UNSAFE = r'[\\"\x00-\x1f\x7f\ud800-\udfff]'
_ESCAPE = (
    r"(?s)\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U(00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4})|([0-3][0-7]{2})|(.?))"
)
_ESCAPED = dict(zip("abfnrtv\\'\"?`", "\a\b\f\n\r\t\v\\'\"?`", strict=True))


class Exact(str):
    """A text of a filter that is taken literally.

    As a name it is the key of a map, in this spelling only. As a literal it is text, even if it looks like a timestamp;
    `*` then matches every message that is present, even an empty one.
    """

    __slots__ = ()


def quote(text: str) -> str:
    """Return a text as a string of the filter language, in double quotes and with escapes."""
    return f'"{re.sub(_UNSAFE, _escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    return f"\\{character}" if character in '\\"' else f"\\u{ord(character):04x}"


def unquote(string: str) -> str:
    """Return the text of a string, with the escapes of GoogleSQL; raises ValueError with a message and a position."""
    return re.sub(_ESCAPE, _unescape, string[1:-1]) if "\\" in string else string[1:-1]


def _unescape(found: re.Match[str]) -> str:
    if code := found[1] or found[2] or found[3]:
        return chr(int(code, 16))
    if found[4]:
        return chr(int(found[4], 8))
    if found[5] in _ESCAPED:
        return _ESCAPED[found[5]]
    raise ValueError(f"unknown escape {found[0]}", found.start() + 1)


def parse_number(text: str) -> int | float | None:
    """Return a number, or None if the text is not a number."""
    if not is_number(text):
        return None
    try:
        return int(text)  # Exact beyond 2**53, unlike a float.
    except ValueError:
        return float(text)


def parse_timestamp(text: str) -> tuple[datetime, int] | None:
    """Return the second and the nanoseconds of an RFC 3339 timestamp, or None if the text is not a timestamp."""
    if not re.fullmatch(TIMESTAMP, text):
        return None
    zone = text[-1:] if text.endswith("Z") else text[-6:]
    try:
        return datetime.fromisoformat(text[:19] + zone), int(text[20 : -len(zone)].ljust(9, "0"))
    except ValueError:
        return None


def parse_seconds(text: str) -> int | None:
    """Return the nanoseconds of a duration in seconds, such as 1.2s, or None if the text is not one."""
    return parse_duration(text) if re.fullmatch(_SECONDS, text) else None


def parse_duration(text: str) -> int | None:
    """Return the nanoseconds of a duration, such as 1.2s or 4h0m0s, or None if the text is not one."""
    if not re.fullmatch(_DURATION, text):
        return None
    total = 0
    for whole, fraction, unit in re.findall(_DURATION_PART, text):
        total += int(whole) * _NANOSECONDS[unit] + int(fraction or 0) * _NANOSECONDS[unit] // 10 ** len(fraction)
    return -total if text.startswith("-") else total


def wildcard_predicate(pattern: str) -> Callable[[str], bool]:
    """Return the predicate of texts that match a pattern, in which `*` matches any text."""
    first, *middle, last = map(re.escape, pattern.split("*"))
    # Atomic groups keep the time linear: the first place of a part is as good as any later one.
    parts = "".join(f"(?>.*?{part})" for part in middle)
    matches = re.compile(f"{first}{parts}.*{last}", re.DOTALL).fullmatch
    return lambda text: matches(text) is not None


class Operand(NamedTuple):
    """A literal, or the value of a function, in the form that values are compared with."""

    text: str | None  # None for the value of a function.
    is_quoted: bool
    number: int | float | None = None  # The number that an unquoted literal can be.
    # Pairs of a parser and the parsed literal, to compare strings as timestamps, numbers or durations.
    typed: tuple[tuple[Callable[[str], Any], Any], ...] = ()


def literal_operand(text: str, *, is_quoted: bool) -> Operand:
    """Return a literal as an operand."""
    if isinstance(text, Exact):
        return Operand(text, is_quoted)
    parsers: list[Callable[[str], Any]] = [parse_timestamp]
    if not is_quoted:  # A quoted "1" is text; a bare 1 is an int64 too, which ProtoJSON has as a string.
        parsers += [parse_number, parse_seconds]
    typed = tuple((parser, value) for parser in parsers if (value := parser(text)) is not None)
    return Operand(text, is_quoted, None if is_quoted else parse_number(text), typed)
