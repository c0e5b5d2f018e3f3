"""The paths of all fields of a message."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from fireworks_gateway import Message
from fireworks_gateway._fields.kinds import Kind, MessageOf
from fireworks_gateway._fields.messages import fields_of


class FieldPath(NamedTuple):
    """The path of a field in snake_case and camelCase, its kind, and the attributes that lead to it."""

    snake: str
    camel: str
    kind: Kind[Any]
    attributes: tuple[str, ...]


def field_paths(
    message: type[Message], above: FieldPath | None = None, outer: tuple[type[Message], ...] = ()
) -> Iterator[FieldPath]:
    """Yield the path of every field, each message before its own fields, and those of one that contains itself once."""
    for name, field in fields_of(message).items():
        found = FieldPath(field.path, field.key, field.kind, (name,))
        if above is not None:
            snake, camel = f"{above.snake}.{field.path}", f"{above.camel}.{field.key}"
            found = FieldPath(snake, camel, field.kind, (*above.attributes, name))
        yield found
        around = (*outer, message)
        if isinstance(field.kind, MessageOf) and not any(issubclass(each, field.kind.message) for each in around):
            yield from field_paths(field.kind.message, found, around)
