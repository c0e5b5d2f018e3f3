"""Descriptions of the document and of words.yaml, and texts as Python literals."""

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
    """The content of words.yaml.

    Attributes:
        classes: The names that hand-written code uses for generated classes, by the generated name.
        operations: The names that hand-written code uses for list operations and the parameters that it sends, by
            method and path.
        descriptions: Descriptions that the document lacks, by place, e.g. `GatewayModel.snapshotType`.
    """

    classes: Mapping[str, str] = field(factory=dict[str, str])
    operations: Mapping[str, Mapping[str, Any]] = field(factory=dict[str, Any])
    descriptions: Mapping[str, str] = field(factory=dict[str, str])


def read_words(path: Path = WORDS) -> Words:
    """Return the words of a file."""
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Words(**{key: value or {} for key, value in content.items()})


def remove_descriptions(text: str, places: Iterable[str]) -> str:
    """Delete descriptions from the text of words.yaml."""
    decisions, heading, descriptions = text.partition("\ndescriptions:")
    for place in places:
        descriptions = re.sub(rf"(?m)^  {re.escape(place)}:.*\n(?:    .*\n)*", "", descriptions)
    return decisions + heading + descriptions


class Descriptions:
    """The descriptions of a document, completed from words.yaml.

    Attributes:
        silent: The places that neither of them describes.
    """

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words
        self._unused = dict.fromkeys(words)
        self._overtaken: list[str] = []
        self.silent: list[str] = []

    def of(self, place: str, text: object) -> str:
        """Return the description of a place on one line: the document's `text`, or else that of words.yaml."""
        described = " ".join(text.split()) if isinstance(text, str) else ""
        self._unused.pop(place, None)
        if described and place in self._words:
            self._overtaken.append(place)
        if not described and place not in self._words:
            self.silent.append(place)
        return described or self._words.get(place, "")

    def stale(self) -> dict[str, str]:
        """Return the reason for each description in words.yaml that must be deleted, by place."""
        return {
            **dict.fromkeys(self._overtaken, "is described in the document"),
            **dict.fromkeys(self._unused, "is not reached from a list operation of the document"),
        }


def value_texts(values: Sequence[object], description: object) -> dict[str, str]:
    """Split the description of an enum, a list of ` - VALUE: text`, by value."""
    names = "|".join(re.escape(str(value)) for value in values)
    pieces = re.split(rf"(?m)^\s*- ({names}): ", description if isinstance(description, str) else "")
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def wrap_literal(text: str) -> str:
    """Return a text as a Python literal, in several lines if it is long."""
    pieces = textwrap.wrap(text, 96, drop_whitespace=False, break_on_hyphens=False) or [""]
    literals = " ".join(map(repr, pieces))
    return f"({literals})" if len(pieces) > 1 else literals


def docstring(heading: str, text: str = "", sections: Sequence[str] = ()) -> str:
    """Return a docstring: a heading on one line, a text in lines below it, and sections as they are."""
    parts = [plain(heading), *([textwrap.fill(plain(text), 108)] if text else []), *sections]
    return '"""' + "\n\n".join(parts) + ('\n"""' if len(parts) > 1 else '"""')


def plain(text: str) -> str:
    """Replace the characters that would end a docstring."""
    return "".join(each if each.isprintable() else " " for each in text).replace("\\", "/").replace('"', "'")
