"""A page of a listing, decoded from a response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, Literal, TypeVar, get_args

from attrs import frozen

from .._fields.kinds import Integer
from .._fields.messages import Message
from .._http.responses import Exchange, Response, decode_error, decode_object, value_excerpt
from ..errors import ConfigurationError, DecodeError, FieldError, GatewayError
from ..filters._matching import spellings
from .operation import ListOperation

T = TypeVar("T")
M = TypeVar("M", bound=Message)

_LONGEST_TOKEN = 32_768
_ABSENT: Any = object()

OnMalformed = Literal["raise", "skip"]
"""For an item that is not a JSON object: raise, or skip the item and add the error to `Page.problems`."""


@frozen
class Page(Generic[T]):
    """A page of a listing (AIP-158).

    Attributes:
        items: The items; a page may be empty before the end of the listing.
        page_token: Token of the page; empty for the first page.
        next_page_token: Token of the next page; empty for the last page.
        total_size: Number of items in the whole listing, which may be an estimate; None if the service omits it.
        response: Status, headers and timing of the response.
        problems: Errors of the items that were skipped, and of a total size that cannot be decoded.
    """

    items: tuple[T, ...]
    page_token: str = ""
    next_page_token: str = ""
    total_size: int | None = None
    response: Response | None = None
    problems: tuple[GatewayError, ...] = ()


def check_on_malformed(on_malformed: str) -> None:
    """Validate the argument.

    Raises:
        ConfigurationError: It is neither "raise" nor "skip".
    """
    if on_malformed not in get_args(OnMalformed):
        message = f'on_malformed must be "raise" or "skip", got {on_malformed!r}'
        raise ConfigurationError(message, parameter="on_malformed")


def decode_page(exchange: Exchange, operation: ListOperation[M], page_token: str, on_malformed: OnMalformed) -> Page[M]:
    """Decode a response into a page.

    Raises:
        DecodeError: The response is not a listing, or an item is malformed and `on_malformed` is "raise".
    """
    try:
        return _decode_listing(exchange, operation, page_token, on_malformed)
    except DecodeError as error:
        # Inner frames have the body in their local variables, and a service may have repeated the key in it.
        raise error.with_traceback(None)  # noqa: B904


def _decode_listing(
    exchange: Exchange, operation: ListOperation[M], page_token: str, on_malformed: OnMalformed
) -> Page[M]:
    listing = decode_object(exchange)
    if listing and all(_value_at(key, listing) is _ABSENT for key in (operation.items, "nextPageToken", "totalSize")):
        content = listing.get("message") or listing.get("error") or ", ".join(listing)
        raise decode_error(exchange, f"something that is not a listing: {value_excerpt(content, exchange)}")
    items, malformed = _decode_items(listing, operation.items, exchange)
    if malformed and on_malformed == "raise":
        raise malformed[0]
    total_size, unreadable = _decode_total_size(listing, exchange)
    return Page(
        items=tuple(map(operation.message, items)),
        page_token=page_token,
        next_page_token=_decode_next_page_token(listing, exchange),
        total_size=total_size,
        response=exchange.response,
        problems=(*malformed, *unreadable),
    )


def _value_at(key: str, listing: Mapping[str, Any]) -> Any:
    # ProtoJSON requires readers to accept both spellings, nextPageToken and next_page_token.
    return next((listing[spelling] for spelling in spellings(key) if spelling in listing), _ABSENT)


def _decode_items(
    listing: Mapping[str, Any], key: str, exchange: Exchange
) -> tuple[list[dict[str, Any]], list[GatewayError]]:
    sent = _value_at(key, listing)
    if sent is None or sent is _ABSENT:
        return [], []
    if not isinstance(sent, list):
        raise decode_error(exchange, f"a listing whose {key} is not a list: {value_excerpt(sent, exchange)}")
    malformed: list[GatewayError] = [
        decode_error(
            exchange, f"a listing whose item {number} of {len(sent)} is not an object: {value_excerpt(item, exchange)}"
        )
        for number, item in enumerate(sent, 1)
        if not isinstance(item, dict)
    ]
    return (sent if not malformed else [item for item in sent if isinstance(item, dict)]), malformed


def _decode_next_page_token(listing: Mapping[str, Any], exchange: Exchange) -> str:
    token = _value_at("nextPageToken", listing)
    if token in (None, "", _ABSENT):
        return ""  # Empty and absent mean the same: the end.
    if not isinstance(token, str):
        raise decode_error(exchange, f"a next page token that is not a string: {value_excerpt(token, exchange)}")
    # The token goes into a URL, and a bookmark, an error and a log may show it.
    sendable = len(token) <= _LONGEST_TOKEN and token.encode(errors="ignore").decode() == token
    if not sendable or exchange.redact(token) != token:
        raise decode_error(exchange, f"a next page token that cannot be sent back, of {len(token):,} characters")
    return token


def _decode_total_size(listing: Mapping[str, Any], exchange: Exchange) -> tuple[int | None, list[GatewayError]]:
    sent = _value_at("totalSize", listing)
    if sent is None or sent is _ABSENT:
        return None, []
    try:
        return Integer().decode(sent), []
    except ValueError:
        shown = value_excerpt(sent, exchange)
        text = f"totalSize of the listing should be {Integer.expected}; the service sent {shown}"
        return None, [FieldError(text, model="the listing", field="total_size", value=shown)]
