"""Refuse documents that the generator would read as something else, or not at all."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from openapi_python_client.schema import OpenAPI
from openapi_python_client.strings import snake_case
from pydantic import ValidationError

from tools.specification.parsing import Refused

from .documents import Document

MAX_NODES = 300_000  # Aliases make a short text endless; the whole document of the service has 15,000.
MAX_VALUES = 1_000  # Type checkers need minutes for an enum of 20,000 values.


def check(document: Document) -> None:
    """Check a document.

    Raises:
        Refused: It has a place that cannot become code.
    """
    for place, node in _nodes(document.content):
        if isinstance(node, float) and not math.isfinite(node):
            raise Refused(f"{place} must be a finite number, got {node}: correct it")
        for text in [node] if isinstance(node, str) else node if isinstance(node, Mapping) else ():
            _check_text(place, text)
        if isinstance(node, Mapping) and "/example" not in place:  # An example is data of any form.
            if isinstance(reference := node.get("$ref"), str):
                _check_reference(place, reference)
            if isinstance(values := node.get("enum"), list):
                _check_enum(place, values)
    try:
        OpenAPI.model_validate(document.content)
    except ValidationError as problem:
        error = problem.errors()[0]
        remedies = {"True": "write {} for any value", "False": "remove it, because no value fits"}
        remedy = remedies.get(repr(error["input"]), "correct it")
        place = _place(document.content, error["loc"])
        raise Refused(f"{place}: {error['msg']}, got {error['input']!r:.60}: {remedy}") from problem


def _nodes(value: Any) -> Iterator[tuple[str, Any]]:
    waiting, seen = [("#", value)], 0
    while waiting:
        place, value = waiting.pop()
        if (seen := seen + 1) > MAX_NODES:
            raise Refused(f"{place[:80]} is nested or repeated without end: remove the aliases")
        yield place, value
        pairs = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
        waiting += [(f"{place}/{key}", each) for key, each in pairs]


def _check_text(place: str, text: Any) -> None:
    if not isinstance(text, str):
        raise Refused(f"{place} has the key {text!r}, which is not text: put it in quotes")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Refused(f"{place!a} has {text[error.start]!a}, half of a surrogate pair: remove it") from error


def _check_reference(place: str, reference: str) -> None:
    if not reference.startswith("#/"):
        raise Refused(f"{place} refers to {reference!r}, outside of the document: bundle it into one")
    if "%" in reference or "~" in reference:
        what = "an encoded name that the generator cannot read"
        raise Refused(f"{place} refers to {reference!r}, {what}: rename the schema")


def _check_enum(place: str, values: list[Any]) -> None:
    if len(values) > MAX_VALUES:
        raise Refused(f"{place}/enum must have at most {MAX_VALUES:,} values, got {len(values):,}: remove the enum")
    members: dict[str, str] = {}
    # The generator numbers a value that begins with no letter.
    for value in (each for each in values if isinstance(each, str) and each[:1].isalpha()):
        member = snake_case(value.upper()).upper()
        if member in members:
            both = f"{members[member]!r} and {value!r}"
            raise Refused(f"{place}/enum has {both}, one name {member} in Python: remove one")
        members[member] = value


def _place(node: Any, location: tuple[int | str, ...]) -> str:
    """Return a place in the document; a location also names the alternatives of the generator's own types."""
    place = "#"
    for part in location:
        try:
            node, place = node[part], f"{place}/{part}"
        except (KeyError, IndexError, TypeError):
            continue
    return place
