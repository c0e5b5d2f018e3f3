"""The parameters of a listing: format and validate the arguments of `client.list`."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from attrs import frozen

from .._bookmark import Bookmark
from .._fields.fields import BoolField, Entry, Field, Order
from .._fields.messages import Message
from .._fields.paths import Path, path_text
from .._http.settings import check_integer
from ..errors import BookmarkError, parameter_error
from ..filters._tree import Filter, filter_of
from .operation import ListOperation

M = TypeVar("M", bound=Message)

LARGEST_PAGE = 200
"""Number of models on the largest page, by the specification; the service lowers a larger page size to it."""

_LARGEST_INT32 = 2**31 - 1

Condition = str | Filter | BoolField
"""A filter as text or as an expression such as `Model.context_length >= 32_768`; a BoolField means that it is true."""

SortKey = str | Field[Any] | Order
"""A key to order by: text, a field, or a field with its direction such as `Model.create_time.desc()`."""


@frozen
class Query(Generic[M]):
    """An operation, and its parameters by name without the page token, which alone changes between requests."""

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

    def describe(self, **options: object) -> str:
        """Return the operation, and the parameters and options that are set, for the text of a pager."""
        given = {**self.parameters, **options}
        return ", ".join([self.operation.name, *(f"{k}={v!r:.200}" for k, v in given.items() if v is not None)])

    def request(self, page_token: str) -> dict[str, Any]:
        """Return method, URL, query parameters and headers of the request for a page; "" means the first page."""
        sent = {**self.parameters, "page_token": page_token} if page_token else self.parameters
        return self.operation.request(sent)

    def first_bookmark(self, page_token: str | None) -> Bookmark:
        """Return the bookmark at which a walk starts; None means the first page."""
        return Bookmark(_valid_text("page_token", page_token or ""), query=self.fingerprint)

    def parse_bookmark(self, bookmark: Bookmark | str) -> Bookmark:
        """Return a bookmark of this query, which may be given as JSON; raise BookmarkError for any other."""
        if isinstance(bookmark, str):
            try:
                bookmark = Bookmark.from_json(bookmark)
            except ValueError as error:
                raise BookmarkError(str(error)) from None
        if bookmark.query != self.fingerprint:
            problem = "bookmark must belong to the same listing, got one with other parameters or another page size"
            raise BookmarkError(f"{problem}. Resume its own listing, or list from the start", bookmark=bookmark)
        return bookmark


def _json_form(value: Any) -> Any:
    return value.to_dict() if hasattr(value, "to_dict") else str(value)  # A generated object, or a datetime.


def build_query(operation: ListOperation[M], standard: Mapping[str, Any], account_id: str | None) -> Query[M]:
    """Return the query of a list operation, with the arguments of `ListOperation.arguments`."""
    query = Query(operation, operation.arguments(standard, account_id))
    if operation.values:  # Build one request now, so that an invalid value fails before the walk.
        query.request("")
    return query


def resolve_page_size(operation: ListOperation[Any], page_size: int | None, limit: int | None) -> int | None:
    """Return the page size of a walk, an int32, by default the largest or a lower limit; None without the parameter."""
    limit = LARGEST_PAGE if limit is None else check_integer("limit", limit, most=2**63 - 1)
    if page_size is not None:
        return check_integer("page_size", page_size, least=1, most=_LARGEST_INT32)
    return max(1, min(limit, LARGEST_PAGE)) if "page_size" in operation.parameters else None


def format_filter(filter: Condition | None) -> str | None:
    """Return a filter as text (AIP-160)."""
    if filter is None:
        return None
    if not isinstance(filter, (str, Filter, BoolField)):
        constraint = "must be text or a condition such as Model.context_length >= 32_768"
        raise parameter_error("filter", f"{constraint}, got {filter!r:.200}")
    return _valid_text("filter", filter if isinstance(filter, str) else str(filter_of(filter)))


def format_order(order_by: SortKey | Iterable[SortKey] | None) -> str | None:
    """Return an order as text (AIP-132)."""
    if order_by is None:
        return None
    keys = [order_by] if isinstance(order_by, (Field, Order)) else order_by
    return _join_texts("order_by", keys, _sort_key, example="[Model.name.desc()]", default="order by name")


def _join_texts(parameter: str, given: Any, text_of: Callable[[Any], str], *, example: str, default: str) -> str:
    if isinstance(given, str):
        return _valid_text(parameter, given)
    if not isinstance(given, Iterable):
        raise parameter_error(parameter, f"must be text or a list such as {example}, got {given!r:.200}")
    texts = [text_of(each) for each in given]
    if not texts:
        raise parameter_error(parameter, f"must not be empty; omit it to {default}")
    return ",".join(texts)


def _sort_key(key: SortKey) -> str:
    if isinstance(key, Field):
        key = key.asc()
    return _valid_text("order_by", str(key) if isinstance(key, Order) else key)


def format_mask(read_mask: str | Iterable[Path] | None) -> str | None:
    """Return a read mask as text (AIP-157)."""
    if read_mask is None:
        return None
    return _join_texts("read_mask", read_mask, _mask_path, example="[Model.name]", default="read every field")


def _mask_path(path: Path) -> str:
    text = path_text(path)
    if text is None or isinstance(path, Entry):
        raise parameter_error("read_mask", f"must contain paths or fields such as Model.name, got {path!r}")
    return text


def _valid_text(parameter: str, text: str) -> str:
    try:
        text.encode()
    except (AttributeError, UnicodeEncodeError):  # A URL cannot represent half a surrogate pair.
        raise parameter_error(parameter, f"must be valid Unicode text, got {text!r:.200}") from None
    return text
