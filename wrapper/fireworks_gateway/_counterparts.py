"""The generated package's object that says the same as a message."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeGuard, cast

import attrs

from ._dates import PartialDate
from ._enums import Unrecognized
from ._fields import Field, Message, MessageField, fields_of
from .errors import FieldError


def counterpart_of(message: Message) -> Any:
    """Return the generated object that shows the same as a message.

    What its class would choke on (null, an unknown enum value, a value that cannot be read) is kept from it and put
    in `additional_properties`, where its `to_dict` finds it again. Messages inside are converted one by one, so that a
    bad one costs only itself.
    """
    fields = fields_of(type(message))
    values = {name: value for name in fields if (value := _value(message, name)) is not None}
    inner = {name: counterparts for name, value in values.items() if (counterparts := _counterparts(value)) is not None}
    plain = {
        fields[name].key: _plain(value, message._payload[fields[name].key], fields[name].reader.unset)
        for name, value in values.items()
        if name not in inner
    }
    generated = cast("type[Any]", message._generated)
    made = generated.from_dict(_required(generated, fields) | plain)
    attributes = attrs.fields_dict(generated)
    for name, counterparts in inner.items():
        setattr(made, _generated_name(name, attributes), counterparts)
    held = {fields[name].key for name in values}
    made.additional_properties.update({k: copy.deepcopy(v) for k, v in message._payload.items() if k not in held})
    return made


def _value(message: Message, name: str) -> Any:
    try:
        value = getattr(message, name)
    except FieldError:
        return None
    return None if isinstance(value, Unrecognized) else value


def _counterparts(value: Any) -> Any:
    if isinstance(value, Message):
        return counterpart_of(value)
    if _is_tuple(value):
        return [counterpart_of(each) for each in value if isinstance(each, Message)] or None
    return None


def _is_tuple(value: Any) -> TypeGuard[tuple[Any, ...]]:
    return isinstance(value, tuple)


def _plain(value: Any, sent: Any, unset: Any) -> Any:
    if isinstance(value, (int, float)):
        return str(value) if isinstance(unset, str) else value  # An int64 is a string there, other numbers are not.
    if isinstance(value, PartialDate):
        return sent | {part: known for part, known in attrs.asdict(value).items() if part in sent}
    if isinstance(value, MappingProxyType):
        return dict(cast("Mapping[str, Any]", value))
    return copy.deepcopy(sent)


def _required(generated: type[Any], fields: Mapping[str, Field[Any] | MessageField[Any]]) -> dict[str, Any]:
    # ProtoJSON reads a missing field as its default, so a required one that is missing is its default.
    attributes = attrs.fields_dict(generated)
    declared = {_generated_name(name, attributes): each for name, each in fields.items()}
    needed = [name for name, each in attributes.items() if each.init and each.default is attrs.NOTHING]
    return {declared[name].key: copy.copy(declared[name].reader.unset) for name in needed}


def _generated_name(name: str, attributes: Mapping[str, Any]) -> str:
    # `specification.py` appends an underscore to a name that every message has, such as payload.
    return name if name in attributes else name.rstrip("_")
