"""Models as the service prints them: every property in the specification's order, the unset ones too."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from .._fields import DateField, Field, Message, MessageField, fields_of
from .._models import Model
from .._readers import is_object


def model_payload(**fields: Any) -> dict[str, Any]:
    """Return a model's JSON object with the given properties set, by JSON key, and every other one unset.

    The service leaves nothing out: an unset string is "", a number 0 (an int64 "0"), a flag false, a list [], an enum
    its first value, and a message null. Messages may be given in part; what they lack is filled in the same way.

    Raises:
        TypeError: The specification has no such property.
    """
    return _payload(Model, fields)


def _payload(message: type[Message], given: Mapping[str, Any]) -> dict[str, Any]:
    fields = {field.key: field for field in fields_of(message).values()}
    if unknown := given.keys() - fields.keys():
        raise TypeError(f"{message.__name__} has no property {', '.join(sorted(unknown))}")
    return {
        key: _printed(field, given[key]) if key in given else copy.copy(field.reader.unset)
        for key, field in fields.items()
    }


def _printed(field: Field[Any] | MessageField[Any], value: Any) -> Any:
    if not is_object(value):
        return value
    if isinstance(field, DateField):
        return {"year": 0, "month": 0, "day": 0, **value}
    return _payload(field.message_type(), value) if isinstance(field, MessageField) else value
