"""Orders and read masks of the fake gateway (AIP-132, AIP-157, AIP-161)."""

from __future__ import annotations

import copy
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

from .._fields.enums import Unrecognized
from .._fields.kinds import Kind, ListOf, MapOf, MessageOf, Step
from .._fields.messages import Message
from .._fields.paths import PathError, find_steps, unquoted
from .._model import Model
from .._openapi import ENUM_TEXTS
from ..errors import FieldError, did_you_mean
from ..filters._matching import spellings

PathNames = tuple[str | None, ...]
"""The names in a path; None for a bare `*`, which means every item of a list or map."""

_QUOTED = r"`(?:[^`]|``)+`"
_SEGMENTS = re.compile(rf"{_QUOTED}|[^.`]+").findall


def path_pattern(plain: str) -> str:
    """Return the regular expression of a path whose names outside backticks match a regular expression."""
    segment = rf"(?:{plain}|{_QUOTED})"
    return rf"{segment}(?:\.{segment})*"


def parse_path(text: str) -> PathNames:
    """Return the names in a path that matches `path_pattern`; a backtick within backticks is doubled."""
    return tuple(None if segment == "*" else unquoted(segment) for segment in _SEGMENTS(text))


def resolve_path(path: PathNames, message: type[Message]) -> list[Step]:
    """Return the steps of a path from a message down, one for each name.

    Raises:
        ValueError: A name is unknown; the error suggests near names.
    """
    try:
        return find_steps(MessageOf(lambda: message), path)
    except PathError as error:
        raise ValueError(f"{error}{did_you_mean(error.near)}") from None


Mask = Callable[[Any], Any]
"""A function that masks a JSON value: it returns a new value that shares the parts it keeps."""

_PATH = re.compile(path_pattern(r"[^.`\s]+")).fullmatch


def compile_mask(read_mask: str, message: type[Message] = Model, models: Sequence[Mapping[str, Any]] = ()) -> Mask:
    """Return a function that masks a message's JSON object.

    Fields outside the mask are printed as unset, as by a server that prints unset fields; fields that the specification
    lacks are dropped unless the mask names them, and so are keys of a map. Names are in snake_case or camelCase. The
    empty mask, and `*` alone, keep everything. A field that the specification lacks may be named if one of `models` has
    it.

    Raises:
        ValueError: The text is not a mask, or has an unknown name.
    """
    if read_mask in ("", "*"):
        return _whole
    # grpc-gateway splits first: it keeps spaces, and a comma within backticks separates too.
    return _build_mask([_keys(text, message, models) for text in read_mask.split(",")], MessageOf(lambda: message))


def _keys(text: str, message: type[Message], models: Sequence[Mapping[str, Any]]) -> PathNames:
    if text == "*":
        raise ValueError("read_mask has * among other paths; alone it means every field")
    if not _PATH(text):
        raise ValueError(f'read_mask must be paths such as "name,status.code", got {text!r:.80}')
    path = parse_path(text)
    try:
        steps = resolve_path(path, message)
    except ValueError as error:
        if (keys := _additional_keys(path, models)) is None:
            raise ValueError(f"read_mask names {text}: {error}") from None
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


def _build_mask(paths: Collection[PathNames], kind: Kind[Any] | None) -> Mask:
    """Return a function that masks a value by the paths below it, which are in JSON keys."""
    if not all(paths):
        return _whole
    below: dict[str | None, list[PathNames]] = defaultdict(list)
    for path in paths:
        below[path[0]].append(path[1:])
    if isinstance(kind, ListOf):
        return _build_list_mask(_build_mask(below[None], kind.items))
    if isinstance(kind, MapOf):
        every = below.pop(None, [])
        requested = {str(key): _build_mask(rest + every, kind.values) for key, rest in below.items()}
        return _build_map_mask(requested, _build_mask(every, kind.values) if every else None)
    parts = {part.key: part.kind for part in kind.children} if kind else {}
    requested = {str(key): _build_mask(rest, parts.get(str(key))) for key, rest in below.items()}
    return _build_object_mask(requested, {key: part.unset for key, part in parts.items()})


def _whole(value: Any) -> Any:
    return value


def _build_list_mask(each: Mask) -> Mask:
    return lambda value: [each(item) for item in value] if isinstance(value, list) else value


def _build_map_mask(requested: Mapping[str, Mask], other: Mask | None) -> Mask:
    def apply_mask(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        masks = ((key, requested.get(key, other)) for key in value)
        return {key: mask(value[key]) for key, mask in masks if mask is not None}

    return apply_mask


def _build_object_mask(requested: Mapping[str, Mask], unset: Mapping[str, Any]) -> Mask:
    containers = [key for key, value in unset.items() if isinstance(value, (list, dict)) and key not in requested]

    def apply_mask(value: Any) -> Any:
        if not isinstance(value, dict):
            return value  # Keep null and malformed values, so that the client receives them.
        shown = dict(unset)
        for key in containers:
            shown[key] = copy.copy(shown[key])
        for key, mask in requested.items():
            if key in value:
                shown[key] = mask(value[key])
            else:
                shown.pop(key, None)  # A caller's own model may lack a field that the real service would print.
        return shown

    return apply_mask


_TERM = re.compile(rf"\s*({path_pattern('[A-Za-z0-9_]+')})(?:\s+(asc|desc))?\s*(,|\Z)")

Reader = Callable[[Message], Any]


def sort_models(
    models: Sequence[dict[str, Any]], order_by: str, message: type[Message] = Model
) -> list[dict[str, Any]]:
    """Return models in an order; unset values come first, and equal models stay in order of name.

    Names are in snake_case or camelCase, with dots before parts of messages and keys of maps. Enums are in the order of
    the specification.

    Raises:
        ValueError: The text is not an order, or has an unknown name or a field without an order.
    """
    listed = list(models)
    # From the last term to the first, since each sort keeps the order of equal models.
    for read, descending in reversed(order_keys(order_by, message)):
        listed.sort(key=partial(_rank, read, message), reverse=descending)
    return listed


def parse_order(order_by: str) -> list[tuple[PathNames, bool]]:
    """Return the path of each term of an order, with True if it is descending.

    Raises:
        ValueError: A term is malformed.
    """
    found: list[tuple[PathNames, bool]] = []
    if not order_by.strip():
        return found
    end = 0
    while term := _TERM.match(order_by, end):
        found.append((parse_path(term[1]), term[2] == "desc"))
        if not term[3]:
            return found
        end = term.end()
    text = order_by[end:].split(",")[0].strip()
    raise ValueError(f'order_by must be fields such as "create_time desc", got {text!r:.80}')


def order_keys(order_by: str, message: type[Message] = Model) -> list[tuple[Reader, bool]]:
    """Return a function that reads the field of each term of an order, with True if it is descending.

    Raises:
        ValueError: A term is malformed, unknown, without an order, or repeated.
    """
    readers: dict[tuple[str, ...], tuple[Reader, bool]] = {}
    for path, descending in parse_order(order_by):
        steps = _order_steps(path, message)
        names = tuple(step.name for step in steps)
        if names in readers:
            raise ValueError(f"order_by names {'.'.join(names)} twice")
        readers[names] = partial(_value_at, steps), descending
    return list(readers.values())


def _order_steps(path: PathNames, message: type[Message]) -> list[Step]:
    try:
        steps = resolve_path(path, message)
        steps[-1].kind.order_paths(".".join(step.name for step in steps))
    except ValueError as error:
        raise ValueError(f"order_by: {error}") from None
    return steps


def _value_at(steps: Sequence[Step], message: Message) -> Any:
    value: Any = message
    for step in steps:
        try:
            value = None if value is None else step.read(value)
        except FieldError:
            return None
    return value


def _rank(read: Reader, message: type[Message], payload: dict[str, Any]) -> tuple[Any, ...]:
    value = read(message(payload))
    if value is None:
        return (0,)
    if isinstance(value, Unrecognized):
        return (2, value)
    return (1, list(ENUM_TEXTS[type(value)]).index(value.value) if isinstance(value, StrEnum) else value)
