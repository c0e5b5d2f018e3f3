"""Remove the key from a text to display, in any spelling in which a service or a library may repeat it."""

from __future__ import annotations

import re

SHORTEST_SECRET = 16
"""Shorter keys are kept, because they may be words or parts of words, such as "token"."""

# Percent-encoding (once or more), the escapes of JSON and of `repr` (once or more), and the NUL of UTF-16.
_ESCAPE = re.compile(r"%(?:25)*([0-9a-fA-F]{2})|\\+(?:(?:u00|x)([0-9a-fA-F]{2})|([^\\]))?|\x00", re.DOTALL)


def redact(text: str, secret: str) -> str:
    """Return a text with "<API key>" for each spelling of a secret.

    A secret without a digit may be a word, so it is replaced as a whole word only.
    """
    if not SHORTEST_SECRET <= len(secret) <= len(text):
        return text
    if secret in text:
        text = re.sub(_pattern(secret), "<API key>", text)
    decoded, plain = _ESCAPE.sub(_decode, text), _ESCAPE.sub(_decode, secret)
    if len(decoded) == len(text) or not plain or plain not in decoded:
        return text
    spans, parts, position = _spans(text), [], 0
    for found in re.finditer(_pattern(plain), decoded):
        parts += [text[position : spans[found.start()][0]], "<API key>"]
        position = spans[found.end() - 1][1]
    return "".join(parts) + text[position:]


def _pattern(secret: str) -> str:
    return re.escape(secret) if re.search("[0-9]", secret) else rf"(?<!\w){re.escape(secret)}(?!\w)"


def _decode(escape: re.Match[str]) -> str:
    code, character = escape[1] or escape[2], escape[3] or ""
    if code:
        character = chr(int(code, 16))
    elif character in set("bfnrt"):
        return " "
    return character.strip("\x00\\")


def _spans(text: str) -> list[tuple[int, int]]:
    # The place in the text of each decoded character.
    spans, position = [], 0
    for escape in _ESCAPE.finditer(text):
        spans += [(index, index + 1) for index in range(position, escape.start())]
        spans += [escape.span()] * len(_decode(escape))
        position = escape.end()
    return spans + [(index, index + 1) for index in range(position, len(text))]
