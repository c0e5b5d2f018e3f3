"""Text that does nothing but print, whatever the service sent: escapes for a line, for JSON, and for YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from math import isfinite, isnan
from typing import Any, TypeGuard

_RESERVED = frozenset("y n yes no on off true false null".split())
_is_plain = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*", re.ASCII).fullmatch

LONGEST_KEY = 100
"""From which length on a key is marked as one: YAML looks 1,024 characters ahead for the colon, escapes included."""


def printable(text: str) -> str:
    """Return a text for one line: what would move the cursor, colour the terminal or hide is escaped."""
    return text if text.isprintable() else "".join(map(_shown, text))


def without_queries(text: str) -> str:
    """Return a text in which addresses end before their query: of a listing it is longer than all else that is said."""
    return re.sub(r"(https?://[^\s?]+)\?\S+", r"\1", text)


def _shown(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode()


def _escaped(text: str, escape: Callable[[str], str], ascii_only: bool) -> str:
    """Return a text of quoted strings with escapes for what does not print, or is not ASCII where that is wanted."""
    if text.isascii() and "\x7f" not in text:
        return text
    return "".join(
        each if each == "\n" or (each.isprintable() and not (ascii_only and each > "\x7f")) else escape(each)
        for each in text
    )


def _json_escape(character: str) -> str:
    # Beyond 16 bits JSON has a pair of surrogates.
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _yaml_escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _is_object(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_array(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def plain(value: object) -> Any:
    """Return a value as JSON can hold it: numbers that are none become text, as ProtoJSON has them."""
    if isinstance(value, float) and not isfinite(value):
        return "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if _is_object(value):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if _is_array(value) else value


def json_text(value: object, *, indent: int | None = None, ascii_only: bool = False) -> str:
    """Return a value as JSON that a terminal can show; read back, it is the same value."""
    return _escaped(json.dumps(plain(value), ensure_ascii=False, indent=indent), _json_escape, ascii_only)


def yaml_text(value: object, *, ascii_only: bool = False) -> str:
    """Return a value as YAML in block style, in which every string is quoted as in JSON, which is YAML too."""
    return _escaped("".join(f"{line}\n" for line in _yaml_lines(plain(value))), _yaml_escape, ascii_only)


def _yaml_lines(value: object) -> list[str]:
    if _is_object(value) and value:
        return [line for key, each in value.items() for line in _yaml_member(key, each)]
    if _is_array(value) and value:
        items = [_yaml_lines(item) for item in value]
        return [f"{'  ' if at else '- '}{line}" for lines in items for at, line in enumerate(lines)]
    return [_yaml_scalar(value)]


def _yaml_member(key: str, value: object) -> list[str]:
    *above, lead = _yaml_key(key)
    inner = _yaml_lines(value)
    if value and (_is_object(value) or _is_array(value)):
        return [*above, lead, *(f"  {line}" for line in inner)]
    return [*above, f"{lead} {inner[0]}"]


def _yaml_key(key: str) -> list[str]:
    text = key if _is_plain(key) and key.lower() not in _RESERVED else json.dumps(key, ensure_ascii=False)
    return [f"{text}:"] if len(text) < LONGEST_KEY else [f"? {text}", ":"]


def _yaml_scalar(value: object) -> str:
    if isinstance(value, float) and "e" in (text := repr(value)):
        mantissa, _, exponent = text.partition("e")
        # What has no point is text to many a reader of YAML.
        return f"{mantissa if '.' in mantissa else f'{mantissa}.0'}e{exponent}"
    return json.dumps(value, ensure_ascii=False)
