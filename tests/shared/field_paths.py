"""The paths of all fields of a message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from fireworks_gateway import Message
from fireworks_gateway._fields.kinds import Kind, MessageOf
from fireworks_gateway._fields.messages import fields_of


class FieldPath(NamedTuple):
    """The path of a field in snake_case and camelCase, and its kind."""

    snake: str
    camel: str
    kind: Kind[Any]


def field_paths(
    message: type[Message], above: str = "", above_camel: str = "", outer: tuple[type[Message], ...] = ()
) -> Iterator[FieldPath]:
    """Yield the path of every field, each message before its own fields, and those of one that contains itself once."""
    for name, field in fields_of(message).items():
        yield FieldPath(above + name, above_camel + field.key, field.kind)
        if isinstance(field.kind, MessageOf) and field.kind.message not in (*outer, message):
            below = (f"{above}{name}.", f"{above_camel}{field.key}.", (*outer, message))
            yield from field_paths(field.kind.message, *below)
