"""Paths of fields as orders and masks spell them (AIP-161): names between dots, in backticks where they are odd."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .._fields import Message, MessageOf
from .._paths import PathError, Step, step_under, unquoted
from .._readers import Reader

Path = tuple[str | None, ...]
"""The names in a path; None is a bare `*`, which stands for every item of a list or map."""

_QUOTED = r"`(?:[^`]|``)+`"
_SEGMENTS = re.compile(rf"{_QUOTED}|[^.`]+").findall


def pattern_of(plain: str) -> str:
    """Return the regular expression of a path whose names match another where they are not in backticks."""
    segment = rf"(?:{plain}|{_QUOTED})"
    return rf"{segment}(?:\.{segment})*"


def path_in(text: str) -> Path:
    """Return the names in a path that matches such an expression; a backtick within backticks is doubled there."""
    return tuple(None if segment == "*" else unquoted(segment) for segment in _SEGMENTS(text))


def steps_along(path: Path, message: type[Message]) -> list[Step]:
    """Return what a path leads through, one step a name, from a message down.

    Raises:
        ValueError: It leads nowhere, as the text says, with near names.
    """
    steps: list[Step] = []
    for name in path:
        reader = steps[-1].reader if steps else MessageOf(lambda: message)
        steps.append(_step(name, reader, [step.name for step in steps]))
    return steps


def _step(name: str | None, reader: Reader[Any], above: Sequence[str]) -> Step:
    if name is None:
        items = reader.items or reader.values
        if items is None:
            raise ValueError(f"* stands for the items of a list or map, and {'.'.join(above) or 'a model'} is neither")
        return Step("*", "*", items, "*")
    if reader.items is not None:
        raise ValueError(f"{'.'.join(above)} is a list, and no item of it has a name; in a mask * leads to every one")
    try:
        return step_under(name, reader, above)
    except PathError as error:
        near = f"; is it {' or '.join(error.near)}?" if error.near else ""
        raise ValueError(f"{error}{near}") from None
