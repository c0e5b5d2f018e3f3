"""Views of generated classes for which none is declared, made of what the classes say of themselves."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from threading import RLock
from types import MappingProxyType
from typing import Any, Literal, cast, get_args, get_origin

import attrs

from ._dates import DATE_PARTS, partial_date, timestamp
from ._enums import open_enum
from ._fields import DateField, Field, Flag, Message, MessageField, view_of
from ._message_types import MessageType
from ._models import Model
from ._parts import BaseModelDetails, ConversationConfig, DeployedModelRef, PEFTDetails, Status, TEFTDetails
from ._readers import Reader, boolean, integer, list_of, map_of, number, string
from ._shapes import Kinds, Property, items_of, properties_of, values_of

_DECLARED = (Model, BaseModelDetails, ConversationConfig, DeployedModelRef, PEFTDetails, Status, TEFTDetails)

_PLAIN: dict[Any, Reader[Any]] = {
    str: string,
    bool: boolean,
    int: integer,
    float: number,
    datetime: timestamp,
}

# What may be several things, or a thing that has no reader, is shown as it was sent.
_as_sent: Reader[Any] = Reader(copy.deepcopy, "anything")

# What a message has already keeps its name; a field of the same name gets an underscore.
_TAKEN = frozenset({*dir(Message), *dir(MessageType)})

_views: dict[type[Any], type[Message]] = {each._generated: each for each in _DECLARED if each._generated is not None}
_making = RLock()


class DerivedMessage(Message):
    """A message without a declared view: its fields are the properties of its generated class, under its names.

    A property that is called as something that every message has, such as `payload`, has an underscore behind it. An
    int64 is text, since the generated class says no more of it.
    """

    __slots__ = ()

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return _shown, (self._generated, self._payload)


def _shown(made: type[Any], payload: dict[str, Any]) -> Message:
    return view_for(made)(payload)


def view_for(made: type[Any]) -> type[Message]:
    """Return the view of a generated class: the declared one, or else one made of its properties, once."""
    with _making:
        if made not in _views:
            view = MessageType(made.__name__, (DerivedMessage,), {"__slots__": (), "__doc__": DerivedMessage.__doc__})
            # Known before its fields are, which may be such messages themselves.
            _views[made] = cast("type[Message]", view)
            _declare(_views[made], made)
        return _views[made]


def _declare(view: type[Message], made: type[Any]) -> None:
    declared: dict[str, Any] = {}
    properties = properties_of(made)
    names = {each.name for each in properties}
    for each in properties:
        name = each.name
        while name in _TAKEN or (name != each.name and name in names):
            name += "_"
        declared[name] = field = _field(each)
        # The generator, too, puts an underscore behind some names; the service knows nothing of either.
        field.__set_name__(view, each.name.rstrip("_"))
        setattr(view, name, field)
    view._generated = made
    view._fields = MappingProxyType(declared)


def _field(of: Property) -> Field[Any] | MessageField[Any]:
    reader = _reader(of.kinds)
    if reader.message is not None:
        return MessageField(of.key, reader.message, doc="")
    if reader is boolean:
        return Flag(of.key, doc="")
    if reader is partial_date:
        return DateField(of.key, doc="")
    return Field(of.key, reader, doc="")


def _reader(kinds: Kinds) -> Reader[Any]:
    kind: Any = kinds[0] if len(kinds) == 1 else Any
    if (items := items_of(kind)) is not None:
        return list_of(_reader(items))
    if get_origin(kind) is Literal and all(isinstance(each, str) for each in get_args(kind)):
        return string
    if not isinstance(kind, type):
        return _as_sent
    made: type[Any] = kind
    if attrs.has(made):
        return _object(made)
    if issubclass(made, str) and issubclass(made, Enum):
        return open_enum(made)
    return _PLAIN.get(made, integer if issubclass(made, int) else _as_sent)


def _object(kind: type[Any]) -> Reader[Any]:
    properties, values = properties_of(kind), values_of(kind)
    if {each.name: each.kinds for each in properties} == dict.fromkeys(DATE_PARTS, (int,)):
        return partial_date
    if not properties and values not in ((), (Any,)):
        return map_of(_reader(values))
    return view_of(view_for(kind))
