"""Text that does nothing but print, whatever the service sent: escapes for a line, for JSON, and for YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from math import isfinite, isnan
from typing import Any, cast

_RESERVED = frozenset("y n yes no on off true false null".split())
_is_plain = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*", re.ASCII).fullmatch

LONGEST_KEY = 100
"""From which length on a key is marked as one: YAML looks 1,024 characters ahead for the colon, escapes included."""


def printable(text: str) -> str:
    """Return a text for one line: what would move the cursor, colour the terminal or hide is escaped."""
    return text if text.isprintable() else "".join(map(_shown, text))


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


def plain(value: object) -> Any:
    """Return a value as JSON can hold it: numbers that are none become text, as ProtoJSON has them."""
    if isinstance(value, float) and not isfinite(value):
        return "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {key: plain(each) for key, each in cast("dict[str, object]", value).items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in cast("list[object]", value)]
    return value


def json_text(value: object, *, indent: int | None = None, ascii_only: bool = False) -> str:
    """Return a value as JSON that a terminal can show; read back, it is the same value."""
    return _escaped(json.dumps(plain(value), ensure_ascii=False, indent=indent), _json_escape, ascii_only)


def yaml_text(value: object, *, ascii_only: bool = False) -> str:
    """Return a value as YAML in block style, in which every string is quoted as in JSON, which is YAML too."""
    return _escaped("".join(f"{line}\n" for line in _yaml_lines(plain(value))), _yaml_escape, ascii_only)


def _yaml_lines(value: Any) -> list[str]:
    lines: list[str] = []
    if isinstance(value, dict) and value:
        members: dict[str, Any] = value
        for key, each in members.items():
            *above, lead = _yaml_key(key)
            inner = _yaml_lines(each)
            if isinstance(each, (dict, list)) and each:
                lines += [*above, lead, *(f"  {line}" for line in inner)]
            else:
                lines += [*above, f"{lead} {inner[0]}"]
        return lines
    if isinstance(value, list) and value:
        items: list[Any] = value
        for item in items:
            first, *rest = _yaml_lines(item)
            lines += [f"- {first}", *(f"  {line}" for line in rest)]
        return lines
    return [_yaml_scalar(value)]


def _yaml_key(key: str) -> list[str]:
    text = key if _is_plain(key) and key.lower() not in _RESERVED else json.dumps(key, ensure_ascii=False)
    return [f"{text}:"] if len(text) < LONGEST_KEY else [f"? {text}", ":"]


def _yaml_scalar(value: object) -> str:
    if isinstance(value, float) and "e" in (text := repr(value)):
        mantissa, _, exponent = text.partition("e")
        # What has no point is text to many a reader of YAML.
        return f"{mantissa if '.' in mantissa else f'{mantissa}.0'}e{exponent}"
    return json.dumps(value, ensure_ascii=False)
