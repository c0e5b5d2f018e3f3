"""Read masks of the fake gateway (AIP-157, AIP-161)."""

import copy
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

from .._fields.kinds import Kind, ListOf, MapOf, MessageOf
from .._fields.messages import Message
from .._fields.paths import PathError, PathNames, find_steps, parse_path, path_pattern, resolve_path
from .._model import Model
from ..filters._matching import spellings

Mask = Callable[[Any], Any]
"""A function that masks a JSON value: it returns a new value that shares the parts it keeps."""

_PATH = re.compile(path_pattern(r"[^.`\s]+")).fullmatch


def compile_mask(read_mask: str, message: type[Message] = Model, models: Sequence[Mapping[str, Any]] = ()) -> Mask:
    """Return a function that masks a message's JSON object; raises ValueError if the text is not a mask.

    Fields outside the mask are printed as unset; keys of maps, and fields that the specification lacks, are dropped
    unless the mask names them. Such a field may be named if one of `models` has it. Names are in snake_case or
    camelCase. The empty mask, and `*` alone, keep everything.
    """
    if read_mask in ("", "*"):
        return lambda value: value
    # grpc-gateway splits first: it keeps spaces, and a comma within backticks separates too.
    paths = [_parse_mask_path(text, message, models) for text in read_mask.split(",")]
    return partial(_mask, paths, MessageOf(lambda: message))


def _parse_mask_path(text: str, message: type[Message], models: Sequence[Mapping[str, Any]]) -> PathNames:
    if text == "*":
        raise ValueError("read_mask must be * alone for every field, got * among other paths")
    if not _PATH(text):
        raise ValueError(f'read_mask must be paths such as "name,status.code", got {text!r:.80}')
    path = parse_path(text)
    try:
        steps = resolve_path(path, message)
    except ValueError as error:
        if (keys := _additional_keys(path, models)) is None:
            raise ValueError(f"read_mask must be fields of {message.__name__}: {error}") from None
        return keys
    return tuple(name and step.key for name, step in zip(path, steps, strict=True))


def is_additional(path: Sequence[str | None], models: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether the specification lacks the field at a path, and one of the models has it."""
    try:
        find_steps(MessageOf(lambda: Model), path, through_lists=True)
    except PathError:
        return _additional_keys(path, models) is not None
    return False


def _additional_keys(path: Sequence[str | None], models: Sequence[Mapping[str, Any]]) -> tuple[str, ...] | None:
    """Return the JSON keys of a path, in any spelling, in the first model that has them; None if no model does."""
    for model in models:
        keys: list[str] = []
        value: Any = model
        for name in path:
            found = [key for key in spellings(name or "") if isinstance(value, Mapping) and key in value]
            if not found:
                break
            keys.append(found[0])
            value = value[found[0]]
        else:
            return tuple(keys)
    return None


def _mask(paths: Collection[PathNames], kind: Kind[Any] | None, value: Any) -> Any:
    """Return a value masked by the paths below it, which are in JSON keys."""
    if not all(paths):
        return value
    below: dict[str | None, list[PathNames]] = defaultdict(list)
    for path in paths:
        below[path[0]].append(path[1:])
    if isinstance(kind, ListOf) and isinstance(value, list):
        return [_mask(below[None], kind.items, item) for item in value]
    if not isinstance(value, dict):
        return value  # Keep null and malformed values, so that the client receives them.
    if isinstance(kind, MapOf):
        requested = {key: [*below.get(key, ()), *below[None]] for key in value}
        return {key: _mask(paths, kind.values, value[key]) for key, paths in requested.items() if paths}
    kinds = {part.key: part.kind for part in kind.children} if kind else {}
    shown = {key: copy.copy(part.unset) for key, part in kinds.items()}
    for key, rest in below.items():
        if key in value:
            shown[str(key)] = _mask(rest, kinds.get(str(key)), value[key])
        else:
            shown.pop(str(key), None)  # A caller's own model may lack a field that the real service would print.
    return shown
