"""Paths such as `base_model_details.moe`, in snake_case or camelCase (AIP-161): parse them and find their fields."""

import re
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, TypeAlias

from ..errors import did_you_mean, near_names, parameter_error
from .fields import Field
from .kinds import Kind, ListOf, MessageOf, Step
from .messages import Message, MessageName, fields_of

Path: TypeAlias = str | Field[Any] | type[Message]
"""The path of a field, or the field, e.g. `Model.base_model_details.moe`."""

PathNames: TypeAlias = tuple[str | None, ...]
"""The names in a path; None for a bare `*`, which means every item of a list or map."""

_QUOTED = r"`(?:[^`]|``)+`"  # Two backticks mean one (AIP-161).


def path_pattern(plain: str) -> str:
    """Return the regular expression of a path whose names outside backticks match a regular expression."""
    segment = rf"(?:{plain}|{_QUOTED})"
    return rf"{segment}(?:\.{segment})*"


# Compiled on first use: most programs never parse a path.
_is_path = partial(re.fullmatch, path_pattern(r"[^.`]+"))
_segments = partial(re.findall, rf"{_QUOTED}|[^.`]+")
_is_plain = partial(re.fullmatch, r"\w+")


class PathError(ValueError):
    """An invalid path, with similar paths that exist, and the kind of value that lacks the field."""

    def __init__(self, message: str, near: tuple[str, ...] = (), kind: Kind[Any] | None = None) -> None:
        super().__init__(message)
        self.near = near
        self.kind = kind


def path_text(path: object) -> str | None:
    """Return the text of a path or field; None for any other object."""
    if isinstance(path, str):
        return str.__str__(path)  # `str(path)` is the name of a member of an Enum of texts.
    return str(path) if isinstance(path, (Field, MessageName)) else None


def find_steps(kind: Kind[Any], names: Iterable[str | None], *, through_lists: bool = False) -> list[Step]:
    """Return the steps along a path from a kind, by names in any spelling; raises PathError if it leads nowhere.

    None means every element of a list or map. With `through_lists`, a name after a list means a field of its items.
    """
    steps: list[Step] = []
    for name in names:
        if through_lists and isinstance(kind, ListOf):
            kind = kind.items
        if (step := kind.step(name)) is None:
            raise _missing_step_error(kind, name, [each.name for each in steps])
        steps.append(step)
        kind = step.kind
    return steps


def _missing_step_error(kind: Kind[Any], name: str | None, above: Sequence[str]) -> PathError:
    if name is None:
        return PathError(f"* means every item of a list or map, but {'.'.join(above) or 'a message'} is neither")
    if above and not kind.children:
        return PathError(f"{'.'.join(above)} is {kind.expected} and has no fields", kind=kind)
    near = near_names(name, [child.name for child in kind.children])
    paths = tuple(".".join((*above, each)) for each in near)
    return PathError(f"there is no field {'.'.join((*above, name))}", paths, kind)


def parse_path(text: str) -> PathNames:
    """Return the names in a path that matches `path_pattern`; a backtick within backticks is doubled."""
    return tuple(None if name == "*" else _unquote(name) for name in _segments(text))


def split_path(path: str) -> list[str]:
    """Return the names in a path, in which `*` is a name; raises PathError for another text."""
    if not _is_path(path):
        raise PathError(f"{path!r} is not a path such as base_model_details.moe")
    return [name or "*" for name in parse_path(path)]


def _unquote(segment: str) -> str:
    return segment[1:-1].replace("``", "`") if segment[0] == "`" else segment


def format_path(names: Iterable[str]) -> str:
    """Return the path of names; a key of a map that is not a plain name is put in backticks (AIP-161)."""
    return ".".join(name if _is_plain(name) else f"`{name.replace('`', '``')}`" for name in names)


def resolve_path(path: PathNames, message: type[Message]) -> list[Step]:
    """Return the steps of a path from a message down, one for each name; raises ValueError with near names."""
    try:
        return find_steps(MessageOf(lambda: message), path)
    except PathError as error:
        raise ValueError(f"{error}{did_you_mean(error.near)}") from None


def read_path(steps: Iterable[Step], message: Message) -> Any:
    """Return the decoded value at the end of a path; None if it, or a value on the way, is unset."""
    value: Any = message
    for step in steps:
        value = None if value is None else step.read(value)
    return value


def column_steps(message: type[Message], path: str) -> list[Step]:
    """Return the steps along the path of a column of a data frame; raises ConfigurationError with near paths."""
    try:
        return find_steps(MessageOf(lambda: message), split_path(path))
    except PathError as error:
        inner = {name: field.kind for name, field in fields_of(message).items() if isinstance(field.kind, MessageOf)}
        deeper = [f"{name}.{path}" for name, kind in inner.items() if path in fields_of(kind.message)]
        properties = [name for name in dir(message) if isinstance(getattr(message, name), property)]
        near = [*deeper, *error.near, *near_names(path, [*message._derived, *properties])]
        advice = did_you_mean(near) or "; a field that the specification lacks is unknown_fields.NAME"
        raise parameter_error("columns", f"must be fields of {message.__name__}: {error}{advice}") from None
