"""Read listings in proto spelling, such as next_page_token, which ProtoJSON permits beside nextPageToken."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from .._fields.kinds import ListOf, MessageOf
from .._fields.messages import Message, fields_of

ENVELOPE = ("nextPageToken", "totalSize")  # The keys of a listing besides that of its items.


@cache
def envelope_spellings(items: str) -> Mapping[str, str]:
    """Return the JSON key by spelling, JSON spellings first, for a listing that has its items under a key."""
    return {spelling: key for key in (items, *ENVELOPE) for spelling in (key, _proto_name(key))}


def restore_keys(sent: list[dict[str, Any]], message: type[Message], *, is_proto: bool) -> list[dict[str, Any]]:
    """Return items with keys in JSON spelling; they change only if one of them, or the listing, has proto spelling."""
    names = frozenset(_proto_keys(message))
    if is_proto or not names.isdisjoint(set().union(*sent)):
        return [_restore(item, message) for item in sent]
    return sent


def _restore(value: Any, message: type[Message]) -> Any:
    if not isinstance(value, dict):
        return value
    names, inner = _proto_keys(message), _inner_messages(message)
    restored: dict[str, Any] = {}
    for key, each in value.items():
        name = names.get(key, key)
        if restored.get(name) is not None and (name != key or each is None):
            continue  # Both spellings were sent.
        if (part := inner.get(name)) is not None:
            each = [_restore(item, part) for item in each] if isinstance(each, list) else _restore(each, part)
        restored[name] = each
    return restored


@cache
def _proto_keys(message: type[Message]) -> Mapping[str, str]:
    names = {_proto_name(field.key): field.key for field in fields_of(message).values()}
    return {name: key for name, key in names.items() if name != key}


@cache
def _inner_messages(message: type[Message]) -> Mapping[str, type[Message]]:
    kinds = {field.key: field.kind for field in fields_of(message).values()}
    parts = {key: kind.items if isinstance(kind, ListOf) else kind for key, kind in kinds.items()}
    return {key: part.message for key, part in parts.items() if isinstance(part, MessageOf)}


def _proto_name(key: str) -> str:
    return re.sub("[A-Z]", lambda upper: f"_{upper[0].lower()}", key)
