"""The texts of the document, our own words where it has none, and both as Python literals."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from attrs import field, frozen

WORDS = Path(__file__).with_name("words.yaml")
SILENT = "Not described in the specification."


@frozen
class Words:
    """What `words.yaml` holds.

    Attributes:
        classes: The names that hand-written code uses for generated classes, by the generated name.
        operations: The names that hand-written code uses for list operations and the parameters that it sends, by
            method and path.
        texts: Our own words for places that the document does not describe, e.g. `GatewayModel.snapshotType`.
    """

    classes: Mapping[str, str] = field(factory=dict[str, str])
    operations: Mapping[str, Mapping[str, Any]] = field(factory=dict[str, Any])
    texts: Mapping[str, str] = field(factory=dict[str, str])


def read_words(path: Path = WORDS) -> Words:
    """Return the words of a file."""
    return Words(**yaml.safe_load(path.read_text(encoding="utf-8")))


def without_words(text: str, places: Iterable[str]) -> str:
    """Return the text of `words.yaml` without the words of some places."""
    for place in places:
        text = re.sub(rf"(?m)^  {re.escape(place)}:.*\n(?:    .*\n)*", "", text)
    return text


class Texts:
    """The texts of a document, with our own where it has none; it notes which of ours are stale."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words
        self._unused = dict.fromkeys(words)
        self._overtaken: list[str] = []

    def of(self, place: str, text: object) -> str:
        """Return the document's text of a place on one line, or else our own."""
        described = " ".join(text.split()) if isinstance(text, str) else ""
        self._unused.pop(place, None)
        if described and place in self._words:
            self._overtaken.append(place)
        return described or self._words.get(place, "")

    def stale(self) -> dict[str, str]:
        """Return the reason for each of our own words that the document has overtaken, by place."""
        return {
            **dict.fromkeys(self._overtaken, "is described in the document"),
            **dict.fromkeys(self._unused, "is not in the document"),
        }


def value_texts(values: Sequence[object], description: object) -> dict[str, str]:
    """Return what the description of an enum says about its values, which it lists as ` - VALUE: text`."""
    names = "|".join(re.escape(str(value)) for value in values)
    pieces = re.split(rf"(?m)^\s*- ({names}): ", description if isinstance(description, str) else "")
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def literal(text: str) -> str:
    """Return a text as a Python literal in double quotes."""
    shown = "".join(each if each.isprintable() else repr(each)[1:-1] for each in text.replace("\\", r"\\"))
    return '"' + shown.replace('"', r"\"") + '"'


def wrapped(text: str) -> str:
    """Return a text as a Python literal, in several lines if it is long."""
    pieces = textwrap.wrap(text, 96, drop_whitespace=False, break_on_hyphens=False) or [""]
    literals = " ".join(literal(piece) for piece in pieces)
    return f"({literals})" if len(text) > 72 else literals


def docstring(heading: str, text: str = "", sections: Sequence[str] = ()) -> str:
    """Return a docstring of a heading on one line, a text below it, and sections, whose lines stay as they are."""
    parts = [plain(heading), *(textwrap.fill(plain(text), 108) for _ in [text] if text), *sections]
    return '"""' + "\n\n".join(parts) + ('\n"""' if len(parts) > 1 else '"""')


def plain(text: str) -> str:
    """Return a text that cannot end or escape the docstring that it is in."""
    return "".join(each if each.isprintable() else " " for each in text).replace("\\", "/").replace('"', "'")
