"""The JSON of a model as the service prints it, and its variants."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import field, frozen
from attrs.validators import in_, optional

from .._fields.dates import Date, Timestamp
from .._fields.enums import OpenEnum
from .._fields.kinds import Kind, ListOf, MessageOf
from .._fields.messages import Message, fields_of
from .._model import Model
from .._openapi import ENUM_TEXTS
from ..errors import did_you_mean, near_names


def model_payload(**fields: Any) -> dict[str, Any]:
    """Return a model's JSON object with the given properties set, by JSON key, and the others unset.

    The service prints unset properties: a string as "", a number as 0 (an int64 as "0"), a flag as false, a list as [],
    an enum as its first value, and a message as null. Messages may be given in part and are completed in the same way.
    Properties that the specification lacks are kept.

    Raises:
        TypeError: A name that the specification lacks is almost one of its names.
    """
    return message_payload(Model, fields)


def message_payload(message: type[Message], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON object of any message, as `model_payload` does."""
    fields = {field.key: field for field in fields_of(message).values()}
    unknown = {key: value for key, value in given.items() if key not in fields}
    for key in unknown:
        _check_spelling(key, fields, message)
    return {
        key: _print_value(field.kind, given[key]) if key in given else copy.copy(field.kind.unset)
        for key, field in fields.items()
    } | unknown


def _check_spelling(name: str, known: Iterable[str], message: type[Message]) -> None:
    plain = {key.lower(): key for key in known}
    if near := near_names(name.replace("_", "").lower(), plain, cutoff=0.8):
        raise TypeError(f"{message.__name__} has no property {name}{did_you_mean([plain[each] for each in near[:1]])}")


def _print_value(kind: Kind[Any], value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if isinstance(kind, Date):
        return {"year": 0, "month": 0, "day": 0, **value}
    return message_payload(kind.message, value) if isinstance(kind, MessageOf) else value


_TIMESTAMP = re.compile(r"(.*:[0-9]{2})(?:\.([0-9]+))?(Z|[+-][0-9:]+)").fullmatch
UNKNOWN_FIELD = "newerThanTheSpecification"

Object = dict[str, Any]


@frozen
class JsonStyle:
    """A style in which the gateway prints models. The default is the style observed in the real one.

    Attributes:
        unset: Print unset fields, as their defaults, or null for messages; otherwise leave them out.
        enum_numbers: Print enums as numbers: their positions in the specification, which has no numbers.
        fraction_digits: The number of digits after the point of the seconds: 0, 3, 6 or 9. Default: unchanged.
        unknown_fields: Add a field that the specification lacks to every message.
    """

    unset: bool = True
    enum_numbers: bool = False
    fraction_digits: int | None = field(default=None, validator=optional(in_((0, 3, 6, 9))))
    unknown_fields: bool = False


OBSERVED_STYLE = JsonStyle()


def print_model(model: Object, json_style: JsonStyle, declared: type[Message] = Model) -> Object:
    """Return a model's JSON object in a style; the given one stays unchanged."""

    def leaf(kind: Kind[Any], value: Any) -> Any:
        if isinstance(kind, Timestamp) and json_style.fraction_digits is not None:
            return set_fraction(value, json_style.fraction_digits)
        if json_style.enum_numbers and isinstance(kind, OpenEnum) and value in kind.members:
            return list(ENUM_TEXTS[kind.enum]).index(value)
        if isinstance(kind, Date) and not json_style.unset and isinstance(value, dict):
            return {part: number for part, number in value.items() if number}
        return value

    def finish(message: type[Message], shown: Object) -> Object:
        if not json_style.unset:
            kinds = {field.key: field.kind for field in fields_of(message).values()}
            shown = {key: value for key, value in shown.items() if not _is_unset(kinds.get(key), value)}
        return {**shown, UNKNOWN_FIELD: "new"} if json_style.unknown_fields else shown

    return model if json_style == OBSERVED_STYLE else map_values(declared, model, leaf, finish)


def replace_enums(model: Object, value: str | int) -> Object:
    """Return a model's JSON object with one value in all its enum fields, including those of its messages."""
    return map_values(Model, model, lambda kind, sent: value if isinstance(kind, OpenEnum) else sent)


def set_fraction(text: Any, digits: int) -> Any:
    """Return a timestamp with that many fractional digits; missing digits are filled with 1, 2, 3 and so on."""
    match = _TIMESTAMP(text) if isinstance(text, str) else None
    if match is None:
        return text
    fraction = ((match[2] or "000000") + "123456789")[:digits]
    return f"{match[1]}{'.' * bool(fraction)}{fraction}{match[3]}"


def _is_unset(kind: Kind[Any] | None, value: Any) -> bool:
    return value is None or (kind is not None and kind.unset is not None and value in (kind.unset, 0))


def map_values(
    message: type[Message],
    sent: Object,
    leaf: Callable[[Kind[Any], Any], Any],
    finish: Callable[[type[Message], Object], Object] = lambda _, shown: shown,
) -> Object:
    """Return a message's JSON object after mapping each value with `leaf`, and then each message with `finish`."""

    def map_value(kind: Kind[Any], value: Any) -> Any:
        if isinstance(kind, MessageOf) and isinstance(value, dict):
            return map_values(kind.message, value, leaf, finish)
        if isinstance(kind, ListOf) and isinstance(value, list):
            return [map_value(kind.items, each) for each in value]
        return leaf(kind, value)

    kinds = {field.key: field.kind for field in fields_of(message).values()}
    shown = {key: map_value(kinds[key], value) if key in kinds else value for key, value in sent.items()}
    return finish(message, shown)
