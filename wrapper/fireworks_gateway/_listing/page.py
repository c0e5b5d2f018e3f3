"""A page of a listing, and how to decode one from a response."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, Literal, TypeVar, get_args

from attrs import frozen

from .._fields.kinds import Integer, is_array, is_object
from .._http.responses import Answer, Response, excerpt_of, object_in, undecodable
from ..errors import ConfigurationError, DecodeError, FieldError, GatewayError
from ..filters._matching import spellings

T = TypeVar("T")

_LONGEST_TOKEN = 32_768
_ABSENT: Any = object()

OnMalformed = Literal["raise", "skip"]
"""What to do with an item of a page that is not an object: raise, or skip it and note it in the page's problems."""


@frozen
class Page(Generic[T]):
    """A page of a listing (AIP-158).

    Attributes:
        items: What is on it; it may be empty before the end.
        page_token: The token that it was asked by; empty for the first page.
        next_page_token: The token of the next page; empty on the last.
        total_size: How many items the whole listing has, as the service says; None where it does not.
        response: How the service answered.
        problems: What could not be read and was passed over.
    """

    items: tuple[T, ...]
    page_token: str = ""
    next_page_token: str = ""
    total_size: int | None = None
    response: Response | None = None
    problems: tuple[GatewayError, ...] = ()


def check_on_malformed(on_malformed: str) -> None:
    """Refuse what is neither "raise" nor "skip".

    Raises:
        ConfigurationError: It is.
    """
    if on_malformed not in get_args(OnMalformed):
        message = f'on_malformed must be "raise" or "skip", got {on_malformed!r}'
        raise ConfigurationError(message, parameter="on_malformed")


def page_from(
    listing: Mapping[str, Any],
    *,
    items_key: str,
    read: Callable[[dict[str, Any]], T],
    answer: Answer,
    page_token: str = "",
    on_malformed: OnMalformed = "raise",
) -> Page[T]:
    """Return the page that the JSON object of an answer shows.

    Raises:
        DecodeError: It is not a listing, or an item is not an object and is not to be skipped.
    """
    if listing and all(_value(listing, key) is _ABSENT for key in (items_key, "nextPageToken", "totalSize")):
        said = listing.get("message") or listing.get("error") or ", ".join(listing)
        raise undecodable(answer, f"something that is not a listing: {excerpt_of(said, answer)}")
    items, malformed = _sorted(listing, items_key, answer)
    if malformed and on_malformed == "raise":
        raise malformed[0]
    total_size, unreadable = _total_size(listing, answer)
    return Page(
        items=tuple(map(read, items)),
        page_token=page_token,
        next_page_token=_next_page_token(listing, answer),
        total_size=total_size,
        response=answer.response,
        problems=(*malformed, *unreadable),
    )


def _value(listing: Mapping[str, Any], key: str) -> Any:
    """Return the value of a key; ProtoJSON asks readers to accept the proto's spelling too, next_page_token."""
    return next((listing[spelling] for spelling in spellings(key) if spelling in listing), _ABSENT)


def _sorted(listing: Mapping[str, Any], key: str, answer: Answer) -> tuple[list[dict[str, Any]], list[GatewayError]]:
    sent = _value(listing, key)
    if sent is None or sent is _ABSENT:
        return [], []
    if not is_array(sent):
        raise undecodable(answer, f"a listing whose {key} is not a list: {excerpt_of(sent, answer)}")
    malformed: list[GatewayError] = [
        undecodable(
            answer, f"a listing whose item {number} of {len(sent)} is not an object: {excerpt_of(item, answer)}"
        )
        for number, item in enumerate(sent, 1)
        if not isinstance(item, dict)
    ]
    return (sent if not malformed else [item for item in sent if is_object(item)]), malformed


def _next_page_token(listing: Mapping[str, Any], answer: Answer) -> str:
    token = _value(listing, "nextPageToken")
    if token in (None, "", _ABSENT):
        return ""  # Empty and absent mean the same: the end.
    if not isinstance(token, str):
        raise undecodable(answer, f"a next page token that is not a string: {excerpt_of(token, answer)}")
    # A token is to be sent back, and a bookmark, an error and a log may show it.
    if len(token) > _LONGEST_TOKEN or not _sendable(token) or answer.kept_out(token) != token:
        raise undecodable(answer, f"a next page token that cannot be sent back, of {len(token):,} characters")
    return token


def _sendable(token: str) -> bool:
    try:
        return bool(token.encode())
    except UnicodeEncodeError:
        return False


def _total_size(listing: Mapping[str, Any], answer: Answer) -> tuple[int | None, list[GatewayError]]:
    sent = _value(listing, "totalSize")
    if sent is None or sent is _ABSENT:
        return None, []
    try:
        return Integer.read(sent), []
    except ValueError:
        shown = excerpt_of(sent, answer)
        text = f"totalSize of the listing should be {Integer.expected}; the service sent {shown}"
        return None, [FieldError(text, model="the listing", field="total_size", value=shown)]


def page_in(
    answer: Answer,
    *,
    items_key: str,
    read: Callable[[dict[str, Any]], T],
    page_token: str,
    on_malformed: OnMalformed,
) -> Page[T]:
    """Return the page that an answer holds.

    Raises:
        DecodeError: It holds none.
    """
    try:
        return page_from(
            object_in(answer),
            items_key=items_key,
            read=read,
            answer=answer,
            page_token=page_token,
            on_malformed=on_malformed,
        )
    except DecodeError as error:
        # The frames further in have the body in their local variables, and a service may have repeated the key in it.
        raise error.with_traceback(None)  # noqa: B904
