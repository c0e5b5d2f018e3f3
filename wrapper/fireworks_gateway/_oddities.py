"""What a JSON value has that a reader does not know, down to the last message in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple

from ._dates import DATE_PARTS, Date
from ._fields import Message, fields_of
from ._readers import Reader, is_array, is_object

Kind = Literal["unknown_fields", "unknown_values", "unreadable"]


class Oddity(NamedTuple):
    """Something that the specification does not know: what kind of thing, at which path, and what was sent."""

    kind: Kind
    path: str
    value: Any

    @property
    def key(self) -> tuple[Kind, str, str]:
        """What tells it from others: of an enum its value too, of fields their path alone."""
        return self.kind, self.path, repr(self.value) if self.kind == "unknown_values" else ""


def oddities_of(reader: Reader[Any], value: Any, path: str = "") -> Iterator[Oddity]:
    """Return what is odd in a value; null is not, since a field that is null is unset."""
    if value is None or type(value) is reader.as_sent:
        return
    if reader.message is not None and is_object(value):
        yield from _in_parts(reader.message, value, f"{path}." if path else "")
    elif reader.items is not None and is_array(value):
        for each in value:
            yield from _in_item(reader.items, each, path)
    elif reader.values is not None and is_object(value):
        for key, each in value.items():
            yield from _in_item(reader.values, each, f"{path}.{key}")
    else:
        yield from _in_scalar(reader, value, path)


def _in_parts(message: type[Message], value: Mapping[str, Any], above: str) -> Iterator[Oddity]:
    known = _by_key(message)
    for key, each in value.items():
        if key not in known:
            yield Oddity("unknown_fields", above + key, each)
        # Asked here too, lest every field that is as it should be costs a generator.
        elif each is not None and type(each) is not known[key][1].as_sent:
            name, reader = known[key]
            yield from oddities_of(reader, each, above + name)


def _in_item(reader: Reader[Any], value: Any, path: str) -> Iterator[Oddity]:
    # A list or a map has nothing that null would leave unset.
    return iter([Oddity("unreadable", path, None)]) if value is None else oddities_of(reader, value, path)


def _in_scalar(reader: Reader[Any], value: Any, path: str) -> Iterator[Oddity]:
    try:
        reader.read(value)
    except (TypeError, ValueError, OverflowError):
        yield Oddity("unreadable", path, value)
        return
    if reader.known is not None and value not in reader.known:
        yield Oddity("unknown_values", path, value)
    if reader is Date:
        for part in value.keys() - set(DATE_PARTS):
            yield Oddity("unknown_fields", f"{path}.{part}", value[part])


@cache
def _by_key(message: type[Message]) -> Mapping[str, tuple[str, Reader[Any]]]:
    return {field.key: (name, field.reader) for name, field in fields_of(message).items()}
