"""What grpc-gateway makes of an address before it is anything to the service behind it, in Go's own words."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

_MALFORMED = re.compile(r"%(?![0-9A-Fa-f]{2}).{0,2}", re.DOTALL).search
_ESCAPES = {"\a": r"\a", "\b": r"\b", "\t": r"\t", "\n": r"\n", "\v": r"\v", "\f": r"\f", "\r": r"\r"}


def flaw_of_path(path: str) -> str | None:
    """Return what is wrong with a path that is still encoded; None if nothing is."""
    if malformed := _MALFORMED(path):
        return f"malformed path escape {quoted_as_go(malformed[0])}"
    return None if _is_utf8(path) else "the path is not UTF-8"


def flaw_of_query(query: str) -> str | None:
    """Return what is wrong with a query string that is still encoded; None if nothing is."""
    if malformed := _MALFORMED(query):
        return f"invalid URL escape {quoted_as_go(malformed[0])}"
    if ";" in query:
        return "invalid semicolon separator in query"
    return None if _is_utf8(query) else "the query is not UTF-8"


def int32_from(name: str, text: str) -> int:
    """Return the number that a text is to Go's strconv.ParseInt.

    Raises:
        ValueError: It is none, or beyond 32 bits; the message is grpc-gateway's of the field of this name.
    """
    parsing = f"parsing field {quoted_as_go(name)}: strconv.ParseInt: parsing {quoted_as_go(text)}"
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise ValueError(f"{parsing}: invalid syntax")
    # Eleven digits are beyond the range already, and thousands beyond what Python converts.
    size = int(text.lstrip("+-0")[:11] or "0")
    number = -size if text.startswith("-") else size
    if not -(2**31) <= number < 2**31:
        raise ValueError(f"{parsing}: value out of range")
    return number


def quoted_as_go(text: str) -> str:
    """Return a text in quotes as Go's strconv.Quote puts it: what can be printed stays, and the rest is escaped."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    number = ord(character)
    plain = rf"\x{number:02x}" if number < 0x80 else rf"\u{number:04x}" if number < 0x10000 else rf"\U{number:08x}"
    return _ESCAPES.get(character, plain)


def _is_utf8(encoded: str) -> bool:
    try:
        unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError:
        return False
    return True
