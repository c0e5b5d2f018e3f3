"""In what order the fake gateway lists models (AIP-132)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

from .._enums import Unrecognized
from .._fields import DateField, Field, Message, MessageField, fields_of
from .._meanings import MEANINGS
from .._models import Model
from ..errors import FieldError

_TERM = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_.]*)(?:\s+(asc|desc))?\s*").fullmatch
_DATE_PARTS = ("year", "month", "day")

Reading = Callable[[Model], Any]
AnyField = Field[Any] | MessageField[Any]


def ordered(models: Sequence[dict[str, Any]], order_by: str) -> list[dict[str, Any]]:
    """Return models, which come in order of name, in the order that a text says; what is unset comes first.

    Fields are named in snake_case or camelCase, parts of messages with dots. Enums are in the specification's order.

    Raises:
        ValueError: The text is no order, or names what there is not, or what has no order.
    """
    listed = list(models)
    # From the last term to the first, since each sort keeps the order of what is equal to it.
    for reading, descending in reversed(terms_in(order_by)):
        listed.sort(key=partial(_rank, reading), reverse=descending)
    return listed


def terms_in(order_by: str) -> list[tuple[Reading, bool]]:
    """Return how each term of an order reads its field, and whether it is descending.

    Raises:
        ValueError: One of them is no term, or comes twice.
    """
    if not order_by.strip():
        return []
    terms: dict[str, tuple[Reading, bool]] = {}
    for text in order_by.split(","):
        term = _TERM(text)
        if term is None:
            raise ValueError(f'order_by has {text.strip()!r} where a field is to be, like "create_time desc"')
        if term[1] in terms:
            raise ValueError(f"order_by names {term[1]} twice")
        terms[term[1]] = _reading_of(term[1]), term[2] == "desc"
    return list(terms.values())


def _reading_of(path: str) -> Reading:
    message: type[Message] | None = Model
    names: list[str] = []
    field: AnyField | None = None
    for segment in path.split("."):
        if isinstance(field, DateField) and segment in _DATE_PARTS:
            names.append(segment)
            field = None
            continue
        name, field = _field_named(segment, message, path)
        message = field.message if isinstance(field, MessageField) else None
        names.append(name)
    if isinstance(field, MessageField) or (field is not None and isinstance(field.reader.unset, (list, dict))):
        raise ValueError(f"order_by names {path}, which has no order")
    return partial(_value_at, names)


def _field_named(segment: str, message: type[Message] | None, path: str) -> tuple[str, AnyField]:
    fields: Mapping[str, AnyField] = fields_of(message) if message is not None else {}
    for name, field in fields.items():
        if segment in (name, field.key):
            return name, field
    raise ValueError(f"order_by names {path}, which is no field of a model")


def _value_at(names: Sequence[str], model: Model) -> Any:
    value: Any = model
    for name in names:
        try:
            value = None if value is None else getattr(value, name)
        except FieldError:
            return None
    return value


def _rank(reading: Reading, payload: dict[str, Any]) -> tuple[Any, ...]:
    value = reading(Model(payload))
    if value is None:
        return (0,)
    if isinstance(value, Unrecognized):
        return (2, value)
    return (1, list(MEANINGS[type(value)]).index(value.value) if isinstance(value, StrEnum) else value)
