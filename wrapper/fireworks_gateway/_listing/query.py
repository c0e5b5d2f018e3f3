"""The parameters of a listing: check the arguments of `client.list`, and build the request for a page."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from math import inf
from typing import Any, Generic, TypeVar

from attrs import frozen

from .._bookmark import Bookmark
from .._fields.fields import BoolField, Field, Message, MessageType
from .._fields.operators import AskableEntry, Order, filter_of
from .._fields.paths import Path, text_of
from ..errors import BookmarkError, ConfigurationError
from ..filters._tree import Filter
from .operation import ListOperation

M = TypeVar("M", bound=Message)

LARGEST_PAGE = 200
"""The most models that the service puts on a page, by the specification; it coerces what is above."""

_LARGEST_INT32 = 2**31 - 1

Condition = str | Filter | BoolField
"""Which models: text, a filter such as `Model.context_length >= 32_768`, or a flag, which is one that it is true."""

Term = str | Field[Any] | Order
"""What a listing is ordered by: text, a field, or its order such as `Model.create_time.desc()`."""


@frozen
class Query(Generic[M]):
    """The parameters of a walk, of which only the page token changes from one request to the next.

    Attributes:
        operation: The list operation.
        parameters: The values that are sent, by name, without the page token.
    """

    operation: ListOperation[M]
    parameters: Mapping[str, Any]

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    @property
    def fingerprint(self) -> str:
        """Digest of the path and the parameters, the same in every process and for every name of the operation."""
        template = re.sub(r"\{[^}]*\}", "{}", self.operation.path)  # Names of parameters in the path may change.
        content = [template, dict(self.parameters)]
        text = json.dumps(content, sort_keys=True, default=_json_form)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def request(self, page_token: str) -> dict[str, Any]:
        """Return method, url and params of the request for the page that a token names; "" names the first."""
        sent = {**self.parameters, "page_token": page_token} if page_token else self.parameters
        return self.operation.request(sent)


def _json_form(value: Any) -> Any:
    return value.to_dict() if hasattr(value, "to_dict") else str(value)  # A generated object, or a datetime.


def query_for(operation: ListOperation[M], standard: Mapping[str, Any], account_id: str | None) -> Query[M]:
    """Return the query of a list operation; `account_id` is the client's own.

    Raises:
        ConfigurationError: The operation does not take the parameters.
    """
    query = Query(operation, operation.arguments(standard, account_id))
    if operation.values:  # Build one request now, so that an invalid value fails before the walk.
        query.request("")
    return query


def start_from(query: Query[Any], page_token: str | None) -> Bookmark:
    """Return the bookmark at which a listing starts.

    Raises:
        ConfigurationError: The page token is not text.
    """
    if page_token is not None and not isinstance(page_token, str):
        message = f"page_token must be the text of a page token, got {page_token!r}"
        raise ConfigurationError(message, parameter="page_token")
    return Bookmark(page_token or "", query=query.fingerprint)


def bookmark_for(query: Query[Any], bookmark: Bookmark | str) -> Bookmark:
    """Return the bookmark when it belongs to a query.

    Raises:
        BookmarkError: It does not, or is none.
    """
    if isinstance(bookmark, str):
        try:
            bookmark = Bookmark.from_json(bookmark)
        except ValueError as error:
            raise BookmarkError(str(error)) from None
    if not isinstance(bookmark, Bookmark):
        raise BookmarkError(f"resume takes a Bookmark, or the JSON that it wrote; not {bookmark!r:.80}")
    if bookmark.query != query.fingerprint:
        raise BookmarkError(
            "this bookmark is of a listing with other parameters (account, filter, order, mask or page size), and page "
            "tokens hold only for the same ones; resume the listing that it came from, or start anew",
            bookmark=bookmark,
        )
    return bookmark


def page_size_from(page_size: int | None, limit: int | None) -> int:
    """Return the page size of a walk: as asked; else the largest, or less where a limit needs less.

    Raises:
        ConfigurationError: The page size is below 1 or no int32, the limit is below 0, or one is no whole number.
    """
    limit = LARGEST_PAGE if limit is None else _whole("limit", limit, least=0)
    if page_size is not None:
        return _whole("page_size", page_size, least=1, most=_LARGEST_INT32)
    return max(1, min(limit, LARGEST_PAGE))


def filter_from(filter: Condition | None) -> str | None:
    """Return the text of a filter (AIP-160) given as text, as a filter or as a flag.

    Raises:
        ConfigurationError: It is none of them.
    """
    if isinstance(filter, (Filter, BoolField)):
        return str(filter_of(filter))
    if isinstance(filter, (Field, MessageType)):
        message = f"filter must be a condition, got the field {filter}. Compare the field, or call is_set()"
        raise ConfigurationError(message, parameter="filter")
    return text_from("filter", filter)


def order_from(order_by: Term | Iterable[Term] | None) -> str | None:
    """Return the text of an order (AIP-132) given as text, as a field, as an order, or as several of them.

    Raises:
        ConfigurationError: Something in it is none of them, or has no order.
    """
    if order_by is None or isinstance(order_by, str):
        return text_from("order_by", order_by)
    if isinstance(order_by, (Field, Order)) or not isinstance(order_by, Iterable):
        return _term(order_by)
    terms = [_term(each) for each in order_by]
    if not terms:
        raise ConfigurationError("order_by must not be empty; omit it to order by name", parameter="order_by")
    return ",".join(terms)


def _term(asked: object) -> str:
    if isinstance(asked, (Field, Order)):
        return str(asked.asc() if isinstance(asked, Field) else asked)
    if isinstance(asked, str) and asked:
        return text_from("order_by", asked) or ""
    message = f"order_by must be text, or fields such as Model.name.desc(), got {asked!r}"
    raise ConfigurationError(message, parameter="order_by")


def mask_from(read_mask: str | Iterable[Path] | None) -> str | None:
    """Return the text of a read mask (AIP-157) given as text or as fields.

    Raises:
        ConfigurationError: Something in it is neither.
    """
    if read_mask is None or isinstance(read_mask, str):
        return read_mask
    if isinstance(read_mask, (Field, MessageType)) or not isinstance(read_mask, Iterable):
        message = f"read_mask must be text, or a list of fields such as [Model.name], got {read_mask!r}"
        raise ConfigurationError(message, parameter="read_mask")
    paths = [_path(each) for each in read_mask]
    if not paths:
        raise ConfigurationError("read_mask must not be empty; omit it to read every field", parameter="read_mask")
    return ",".join(paths)


def _path(asked: object) -> str:
    if isinstance(asked, AskableEntry):
        message = f"read_mask must contain fields only, got the key {asked} of a map"
        raise ConfigurationError(message, parameter="read_mask")
    if (path := text_of(asked)) is not None:
        return path
    message = f"read_mask must contain paths or fields such as Model.name, got {asked!r}"
    raise ConfigurationError(message, parameter="read_mask")


def text_from(name: str, value: object) -> str | None:
    """Return a text that can be sent, or None for none.

    Raises:
        ConfigurationError: It is no text, or has half a surrogate pair in it.
    """
    if value is None or (isinstance(value, str) and _sendable(value)):
        return value
    raise ConfigurationError(f"{name} must be valid Unicode text, got {value!r:.200}", parameter=name)


def _sendable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # Half a surrogate pair, which no address can hold.
        return False
    return True


def _whole(name: str, value: object, *, least: int, most: float = inf) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    to = f" and at most {most}" if most < inf else ""
    raise ConfigurationError(f"{name} must be an integer of at least {least}{to}, got {value!r}", parameter=name)
