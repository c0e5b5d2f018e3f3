"""Which part of a model the fake gateway shows under a read mask (AIP-157, AIP-161)."""

from __future__ import annotations

import copy
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any

from .._fields import Message, MessageOf
from .._models import Model
from .._paths import parts_of
from .._readers import Reader, is_array, is_object
from ._segments import Path, path_in, pattern_of, steps_along

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
