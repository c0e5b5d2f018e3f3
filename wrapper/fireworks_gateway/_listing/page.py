"""A page of a listing, decoded from a response."""

from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar, get_args
from urllib.parse import quote

from attrs import frozen

from .._fields.kinds import Integer
from .._fields.messages import Message
from .._fields.rows import format_code, format_items
from .._http.responses import Exchange, decode_error, decode_object, value_excerpt
from ..errors import DecodeError, FieldError, GatewayError, Response, parameter_error
from .operation import ListOperation
from .spelling import envelope_spellings, restore_keys

T = TypeVar("T")
M = TypeVar("M", bound=Message)

_LONGEST_TOKEN = 32_768
_MOST_DESCRIBED = 20  # The number of malformed items of a page that are described; the rest is counted.

OnMalformed = Literal["raise", "skip"]
"""For an item that is not a JSON object: raise, or skip the item and add the error to `Page.problems`."""


PAGE_HABITS = ("has_next_page", "get_next_page", "next_page_info", "iter_pages")
"""Attributes of a page of the official SDK."""


class HabitAdvice:
    """Errors with a remedy, for habits from the official SDK; they cost nothing while an attribute is found."""

    __slots__ = ()
    _remedies: ClassVar[Mapping[str, str]]
    """The remedy for each attribute that the class lacks, and for a loop or an `await` as ""."""

    if not TYPE_CHECKING:  # Type checkers must report these.

        def __getattr__(self, name):
            message = f"{type(self).__name__!r} object has no attribute {name!r}"
            if name and name in self._remedies:
                message += f". {self._remedies[name]}"
            raise AttributeError(message, name=name, obj=self)

        def __iter__(self):
            raise TypeError(f"{type(self).__name__!r} object cannot be used in this way. {self._remedies['']}")

        __aiter__ = __await__ = __iter__


@frozen(repr=False)
class Page(HabitAdvice, Generic[T]):
    """A page of a listing (AIP-158). Its length is the number of its items.

    Attributes:
        items: The items; a page may be empty before the end of the listing.
        page_token: Token of the page; empty for the first page.
        next_page_token: Token of the next page; empty for the last page.
        total_size: Number of items in the whole listing, which may be an estimate; None if the service omits it.
        response: Status, headers and timing of the response.
        problems: Errors of the items that were skipped, and of a total size that cannot be decoded.
    """

    _remedies: ClassVar[Mapping[str, str]] = {
        "": "Loop over page.items, or over the pager for the items of all pages",
        **dict.fromkeys(["models", "data"], "Use page.items"),
        **dict.fromkeys(PAGE_HABITS, "Loop over the pager or its pages(); the last page has no next_page_token"),
    }

    items: tuple[T, ...]
    page_token: str = ""
    next_page_token: str = ""
    total_size: int | None = None
    response: Response | None = None
    problems: tuple[GatewayError, ...] = ()

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        tokens = f"page_token={self.page_token!r:.80}, next_page_token={self.next_page_token!r:.80}"
        problems = f", problems=<{len(self.problems)} errors>" if self.problems else ""
        return f"Page(items=<{len(self)} items>, {tokens}, total_size={self.total_size}{problems})"

    def _repr_html_(self) -> str:
        return f"<p>{format_code(self)}</p>{format_items(self.items)}"


def check_on_malformed(on_malformed: str) -> None:
    """Raise ConfigurationError unless the argument is "raise" or "skip"."""
    if on_malformed not in get_args(OnMalformed):
        raise parameter_error("on_malformed", f'must be "raise" or "skip", got {on_malformed!r}')


def decode_page(exchange: Exchange, operation: ListOperation[M], page_token: str, on_malformed: OnMalformed) -> Page[M]:
    """Decode a response into a page; raises DecodeError if it is not a listing, or has a malformed item."""
    try:
        return _decode_listing(exchange, operation, page_token, on_malformed)
    except DecodeError as error:
        # Inner frames have the body in their local variables, and a service may have repeated the key in it.
        raise error.with_traceback(None)  # noqa: B904


def _decode_listing(exchange: Exchange, operation: ListOperation[M], token: str, on_malformed: OnMalformed) -> Page[M]:
    sent = decode_object(exchange)
    keys = envelope_spellings(operation.items)
    # An empty value in JSON spelling gives way to one in proto spelling.
    listing = {
        key: sent[spelling if sent.get(key) in (None, "", []) else key]
        for spelling, key in keys.items()
        if spelling in sent
    }
    # An absent list or token is empty, unless another key suggests that it has another name here.
    unknown = [key for key in sent if key not in keys]
    if unknown and not {operation.items, "nextPageToken"} <= listing.keys():
        content = sent.get("message") or sent.get("error") or ", ".join(unknown)
        raise decode_error(exchange, "something that is not a listing", content)
    items, problems = _decode_items(listing.get(operation.items), operation, exchange)
    if problems and on_malformed == "raise":
        raise problems[0]
    items = restore_keys(items, operation.message, is_proto=any(keys[key] != key for key in sent.keys() & keys))
    return Page(
        items=tuple(map(operation.message, items)),
        page_token=token,
        next_page_token=_decode_next_page_token(listing.get("nextPageToken"), exchange),
        total_size=_decode_total_size(listing.get("totalSize"), exchange, problems),
        response=exchange.response,
        problems=tuple(problems),
    )


def _decode_items(
    sent: Any, operation: ListOperation[Any], exchange: Exchange
) -> tuple[list[dict[str, Any]], list[GatewayError]]:
    """Return the items that are objects, and errors that describe the others."""
    if sent is None:
        return [], []
    if not isinstance(sent, list):
        raise decode_error(exchange, f"a listing whose {operation.items} is not a list", sent)
    items = [item for item in sent if isinstance(item, dict)]
    if len(items) == len(sent):
        return items, []
    others = ((number, item) for number, item in enumerate(sent, 1) if not isinstance(item, dict))
    problems: list[GatewayError] = [
        decode_error(exchange, f"a listing whose item {number} of {len(sent)} is not an object", item)
        for number, item in islice(others, _MOST_DESCRIBED)
    ]
    if rest := len(sent) - len(items) - len(problems):
        problems.append(decode_error(exchange, f"a listing with {rest:,} further items that are not objects"))
    return items, problems


def _decode_next_page_token(token: Any, exchange: Exchange) -> str:
    if token in (None, ""):
        return ""  # Empty and absent mean the same: the end.
    if not isinstance(token, str):
        raise decode_error(exchange, "a next page token that is not a string", token)
    # The token goes into a URL, percent-encoded.
    valid = len(token) <= _LONGEST_TOKEN and token.encode(errors="ignore").decode() == token
    if not valid or len(quote(token, safe="")) > _LONGEST_TOKEN:
        raise decode_error(exchange, f"a next page token that cannot be sent back, of {len(token):,} characters")
    return token


def _decode_total_size(sent: Any, exchange: Exchange, problems: list[GatewayError]) -> int | None:
    try:
        return None if sent is None else Integer().decode(sent)
    except ValueError:
        shown = value_excerpt(sent, exchange)
        text = f"totalSize of the listing must be {Integer.expected}, got {shown}"
        problems.append(FieldError(text, model="the listing", field="total_size", value=shown))
        return None
