"""Orders and read masks of the fake gateway (AIP-132, AIP-157, AIP-161)."""

from __future__ import annotations

import copy
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Any, cast

from .._fields.enums import Unrecognized
from .._fields.fields import Message, MessageOf
from .._fields.kinds import Reader, is_array, is_object
from .._fields.paths import PathError, Step, parts_of, step_under, unquoted
from .._model import Model
from .._openapi import ENUM_TEXTS
from ..errors import FieldError

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


Masking = Callable[[Any], Any]
"""What makes of a JSON value the same value masked; it changes nothing, and shares with it what it keeps."""

_PATH = re.compile(pattern_of(r"[^.`\s]+")).fullmatch


def masking_of(read_mask: str, message: type[Message] = Model) -> Masking:
    """Return what masks a message's JSON object as a text says, which is read once for many of them.

    A field that was not asked for is printed as an unset one is, which is what a server that leaves nothing out makes
    of it; one that the specification lacks is gone, and so is a key of a map. Fields are named in snake_case or
    camelCase. The empty mask, and `*` alone, show everything.

    Raises:
        ValueError: The text is no mask, or names what there is not.
    """
    if read_mask in ("", "*"):
        return _whole
    # grpc-gateway splits before it looks at anything else: spaces are not trimmed, and a comma within backticks
    # separates as well. So would a key with a comma in it be refused by the real one.
    return _masking([_keys(text, message) for text in read_mask.split(",")], MessageOf(lambda: message))


def _keys(text: str, message: type[Message]) -> Path:
    if text == "*":
        raise ValueError("read_mask has * among other paths; alone it stands for every field")
    if not _PATH(text):
        raise ValueError(f'read_mask has {text!r} where a path is to be; a mask is like "name,status.code"')
    path = path_in(text)
    try:
        steps = steps_along(path, message)
    except ValueError as error:
        raise ValueError(f"read_mask names {text}: {error}") from None
    return tuple(name and step.key for name, step in zip(path, steps, strict=True))


def _masking(paths: Collection[Path], reader: Reader[Any]) -> Masking:
    """Return what masks a value that is read so; the paths, by JSON key, lead on from there."""
    if not all(paths):
        return _whole
    below: dict[str | None, list[Path]] = defaultdict(list)
    for path in paths:
        below[path[0]].append(path[1:])
    if reader.items is not None:
        return _list_masking(_masking(below[None], reader.items))
    if reader.values is not None:
        every = below.pop(None, [])
        asked = {str(key): _masking(rest + every, reader.values) for key, rest in below.items()}
        return _map_masking(asked, _masking(every, reader.values) if every else None)
    parts = {part.key: part.reader for part in parts_of(reader)}
    asked = {key: _masking(below[key], part) for key, part in parts.items() if key in below}
    return _object_masking(asked, {key: part.unset for key, part in parts.items()})


def _whole(value: Any) -> Any:
    return value


def _list_masking(each: Masking) -> Masking:
    return lambda value: [each(item) for item in value] if is_array(value) else value


def _map_masking(asked: Mapping[str, Masking], other: Masking | None) -> Masking:
    def masked(value: Any) -> Any:
        if not is_object(value):
            return value
        masks = ((key, asked.get(key, other)) for key in value)
        return {key: mask(value[key]) for key, mask in masks if mask is not None}

    return masked


def _object_masking(asked: Mapping[str, Masking], unset: Mapping[str, Any]) -> Masking:
    containers = [key for key, value in unset.items() if isinstance(value, (list, dict)) and key not in asked]

    def masked(value: Any) -> Any:
        if not is_object(value):
            return value  # Null stays null, and what is no message is for the client to find out.
        shown = dict(unset)
        for key in containers:
            shown[key] = copy.copy(shown[key])
        for key, mask in asked.items():
            if key in value:
                shown[key] = mask(value[key])
            else:
                del shown[key]  # A caller's own model may leave out what the real service would print.
        return shown

    return masked


_TERM = re.compile(rf"\s*({pattern_of('[A-Za-z0-9_]+')})(?:\s+(asc|desc))?\s*(,|\Z)")

Reading = Callable[[Message], Any]


def ordered(models: Sequence[dict[str, Any]], order_by: str) -> list[dict[str, Any]]:
    """Return models, which come in order of name, in the order that a text says; what is unset comes first.

    Fields are named in snake_case or camelCase, parts of messages and keys of maps with dots. Enums are in the
    specification's order.

    Raises:
        ValueError: The text is no order, or names what there is not, or what has no order.
    """
    listed = list(models)
    # From the last term to the first, since each sort keeps the order of what is equal to it.
    for reading, descending in reversed(terms_in(order_by)):
        listed.sort(key=partial(_rank, reading), reverse=descending)
    return listed


def terms(order_by: str) -> list[tuple[Path, bool]]:
    """Return the path of each term of an order, and whether it is descending, whatever there is to order.

    Raises:
        ValueError: One of them is no term.
    """
    found: list[tuple[Path, bool]] = []
    if not order_by.strip():
        return found
    end = 0
    while term := _TERM.match(order_by, end):
        found.append((path_in(term[1]), term[2] == "desc"))
        if not term[3]:
            return found
        end = term.end()
    text = order_by[end:].split(",")[0].strip()
    raise ValueError(f'order_by has {text!r:.80} where a field is to be, like "create_time desc"')


def terms_in(order_by: str, message: type[Message] = Model) -> list[tuple[Reading, bool]]:
    """Return how each term of an order reads its field, and whether it is descending.

    Raises:
        ValueError: One of them is no term, names what has no order or is not there, or comes twice.
    """
    readings: dict[tuple[str, ...], tuple[Reading, bool]] = {}
    for path, descending in terms(order_by):
        names = _names(path, message)
        if names in readings:
            raise ValueError(f"order_by names {'.'.join(names)} twice")
        readings[names] = partial(_value_at, names), descending
    return list(readings.values())


def _names(path: Path, message: type[Message]) -> tuple[str, ...]:
    try:
        steps = steps_along(path, message)
    except ValueError as error:
        raise ValueError(f"order_by: {error}") from None
    names = tuple(step.attribute for step in steps)
    reader = steps[-1].reader
    if reader.message or reader.items or reader.values:
        raise ValueError(f"order_by names {'.'.join(names)}, which has no order")
    return names


def _value_at(names: Sequence[str], message: Message) -> Any:
    value: Any = message
    for name in names:
        try:
            value = _part_of(value, name)
        except FieldError:
            return None
    return value


def _part_of(value: Any, name: str) -> Any:
    if isinstance(value, Mapping):
        return cast("Mapping[str, Any]", value).get(name)
    return None if value is None else getattr(value, name)


def _rank(reading: Reading, payload: dict[str, Any]) -> tuple[Any, ...]:
    value = reading(Model(payload))
    if value is None:
        return (0,)
    if isinstance(value, Unrecognized):
        return (2, value)
    return (1, list(ENUM_TEXTS[type(value)]).index(value.value) if isinstance(value, StrEnum) else value)
