"""List Models as the fake gateway serves it: requests, parameters, page tokens, responses."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

from attrs import define, field, frozen

from .._fields import kinds
from .._fields.check import check_filter
from .._model import Model
from .._openapi import Code
from ..errors import RPC_CODES, FilterError
from ..filters._parser import parse
from ..filters._tree import Comparison, Filter, Leaf, LeafError, String, Text
from ._printing import AS_SEEN, JsonStyle, printed
from ._queries import Masking, masking_of, ordered, path_in, steps_along

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@frozen
class Request:
    """What a client asked: the path decoded, the query as pairs, the headers' names in lower case.

    A header that is repeated has its values in one, with commas between; `target` is the address as it was sent.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    target: str = ""


@frozen
class Reply:
    """What the gateway answers."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Answering = Callable[[Request], Reply]
"""What answers requests, such as `FakeGateway.reply`."""


@define
class Refusal(Exception):
    """A request that is refused, with a google.rpc code and what is wrong."""

    code: Code
    message: str


def refused_with(refusal: Refusal) -> Reply:
    """Return the answer to a request that is refused: google.rpc.Status as grpc-gateway prints it."""
    body: dict[str, Any] = {"code": RPC_CODES[refusal.code].number, "message": refusal.message, "details": []}
    headers = {"www-authenticate": refusal.message} if refusal.code is Code.UNAUTHENTICATED else {}
    return json_reply(RPC_CODES[refusal.code].http_status, encoded(body), headers)


def json_reply(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Reply:
    """Return the answer that has a JSON text as its body."""
    ours = {"content-type": "application/json", "grpc-metadata-content-type": "application/grpc"}
    return Reply(status, {**ours, **(headers or {})}, body)


def encoded(body: Any) -> bytes:
    """Return a JSON value as the gateway writes it."""
    # Half a character, which a filter can hold by an escape, has no UTF-8; Python's escape for it is JSON's too.
    return _ENCODE(body).encode(errors="backslashreplace")


_MALFORMED = re.compile(r"%(?![0-9A-Fa-f]{2}).{0,2}", re.DOTALL).search
_ESCAPES = {"\a": r"\a", "\b": r"\b", "\t": r"\t", "\n": r"\n", "\v": r"\v", "\f": r"\f", "\r": r"\r"}


def flaw_of_path(path: str) -> str | None:
    """Return what is wrong with a path that is still encoded; None if nothing is."""
    if malformed := _MALFORMED(path):
        return f"malformed path escape {quoted_as_go(malformed[0])}"
    return None if _is_utf8(path) else "the path is not UTF-8"


def flaw_of_query(query: str) -> str | None:
    """Return what is wrong with a query string that is still encoded; None if nothing is."""
    if malformed := _MALFORMED(query):
        return f"invalid URL escape {quoted_as_go(malformed[0])}"
    if ";" in query:
        return "invalid semicolon separator in query"
    return None if _is_utf8(query) else "the query is not UTF-8"


def int32_from(name: str, text: str) -> int:
    """Return the number that a text is to Go's strconv.ParseInt.

    Raises:
        ValueError: It is none, or beyond 32 bits; the message is grpc-gateway's of the field of this name.
    """
    parsing = f"parsing field {quoted_as_go(name)}: strconv.ParseInt: parsing {quoted_as_go(text)}"
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise ValueError(f"{parsing}: invalid syntax")
    # Eleven digits are beyond the range already, and thousands beyond what Python converts.
    size = int(text.lstrip("+-0")[:11] or "0")
    number = -size if text.startswith("-") else size
    if not -(2**31) <= number < 2**31:
        raise ValueError(f"{parsing}: value out of range")
    return number


def quoted_as_go(text: str) -> str:
    """Return a text in quotes as Go's strconv.Quote puts it: what can be printed stays, and the rest is escaped."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    number = ord(character)
    plain = rf"\x{number:02x}" if number < 0x80 else rf"\u{number:04x}" if number < 0x10000 else rf"\U{number:08x}"
    return _ESCAPES.get(character, plain)


def _is_utf8(encoded: str) -> bool:
    try:
        unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError:
        return False
    return True


_DEFAULT_PAGE, _LARGEST_PAGE = 50, 200
_MODELS = re.compile(r"/v1/accounts/([^/]+)/models").fullmatch
_PARAMETERS = {
    "pageSize": "page_size",
    "pageToken": "page_token",
    "filter": "filter",
    "orderBy": "order_by",
    "readMask": "read_mask",
}


@frozen
class Parameters:
    """The parameters of a listing, by the specification's names."""

    page_size: int = 0
    page_token: str = ""
    filter: str = ""
    order_by: str = ""
    read_mask: str = ""


def routed(request: Request) -> str:
    """Return the account whose models are asked for, or refuse the address or the method."""
    refuse(flaw_of_path(request.target.partition("?")[0]))
    match = _MODELS(request.path)
    if match is None:
        raise Refusal(Code.NOT_FOUND, "Not Found")
    if request.method != "GET":
        raise Refusal(Code.UNIMPLEMENTED, "Method Not Allowed")
    return match[1]


def refuse(flaw: str | None) -> None:
    if flaw is not None:
        raise Refusal(Code.INVALID_ARGUMENT, flaw)


def parameters_from(query: Sequence[tuple[str, str]]) -> Parameters:
    """Return the parameters that a query string holds, under either spelling; others are ignored."""
    given: dict[str, list[str]] = {}
    for name, value in query:
        known = _PARAMETERS.get(name, name)
        if known in _PARAMETERS.values():
            given.setdefault(known, []).append(value)
    for name, values in given.items():
        if len(values) > 1:
            raise Refusal(Code.INVALID_ARGUMENT, f'too many values for field "{name}": {", ".join(values)}')
    texts = {name: values[0] for name, values in given.items()}
    try:
        size = int32_from("page_size", texts.pop("page_size")) if "page_size" in texts else 0
    except ValueError as error:
        raise Refusal(Code.INVALID_ARGUMENT, str(error)) from None
    return Parameters(page_size=size, **texts)


def page_size_of(parameters: Parameters) -> int:
    """Return how many models a page gets (AIP-158): 0 means the default, and what is above the largest is coerced."""
    if parameters.page_size < 0:
        raise Refusal(Code.INVALID_ARGUMENT, f"page_size must not be negative; it is {parameters.page_size}")
    return min(parameters.page_size or _DEFAULT_PAGE, _LARGEST_PAGE)


@frozen
class Place:
    """Where a page begins: before the model of a number, from 0.

    Attributes:
        offset: The number.
        turn: How many pages with nothing on them have stood there, so that each has a token of its own.
    """

    offset: int = 0
    turn: int = 0


def token_of(place: Place, parameters: Parameters, account_id: str) -> str:
    """Return the token of the page that begins at a place, bound to every parameter but the page size."""
    return _token([place.offset, place.turn, _checksum(parameters, account_id)])


def _token(parts: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def place_from(parameters: Parameters, account_id: str) -> Place:
    """Return the place that a request's page token names, or refuse a token that is not one, or of another listing."""
    if not parameters.page_token:
        return Place()
    try:
        padded = parameters.page_token + "=" * (-len(parameters.page_token) % 4)
        parts = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        offset, turn, checksum = parts
        # Written again it is the same; base64 and JSON alone take a good deal more.
        if not type(offset) is type(turn) is int or offset < 0 or _token(parts) != parameters.page_token:
            raise ValueError
    except (ValueError, TypeError, RecursionError):
        raise Refusal(Code.INVALID_ARGUMENT, "page_token is not one that this gateway gave") from None
    if checksum != _checksum(parameters, account_id):
        raise Refusal(Code.INVALID_ARGUMENT, "page_token is of a listing with other parameters")
    return Place(offset, turn)


def token_to(request: Request, offset: int | None = None) -> str:
    """Return a token, good for a request's listing, of the page at an offset; by default of its own page once more."""
    account_id, parameters = routed(request), parameters_from(request.query)
    here = place_from(parameters, account_id)
    return token_of(Place(here.offset, here.turn + 1) if offset is None else Place(offset), parameters, account_id)


def _checksum(parameters: Parameters, account_id: str) -> str:
    bound = json.dumps([account_id, parameters.filter, parameters.order_by, parameters.read_mask])
    return hashlib.sha256(bound.encode()).hexdigest()[:8]


@frozen
class Listing:
    """The models that a request's parameters choose, in order, each printed when it is first asked for."""

    models: Sequence[dict[str, Any]]
    print_one: Callable[[dict[str, Any]], dict[str, Any]]
    _texts: dict[int, bytes] = field(factory=dict[int, bytes], init=False, eq=False)

    def text(self, start: int, end: int) -> bytes:
        """Return the JSON array of those from one place to another."""
        return b"[%b]" % b",".join(map(self._text, range(start, min(end, len(self.models)))))

    def _text(self, place: int) -> bytes:
        text = self._texts.get(place)
        if text is None:
            text = self._texts[place] = encoded(self.print_one(self.models[place]))
        return text


@frozen
class Service:
    """An account's models, in order of name, the key that opens them, and how they are printed."""

    account_id: str
    api_key: str
    models: Sequence[dict[str, Any]]
    json_style: JsonStyle = AS_SEEN
    listing: Callable[[str, str, str], Listing] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        # Every page of a walk asks for the same listing, and so do walks that go on at once.
        object.__setattr__(self, "listing", lru_cache(maxsize=16)(self._listing_of))

    def reply(self, request: Request) -> Reply:
        """Return the answer to a request; what is wrong is looked for in the order in which the real gateway does."""
        try:
            account_id = routed(request)
            self._authenticate(request)
            refuse(flaw_of_query(request.target.partition("?")[2]))
            parameters = parameters_from(request.query)
            self._authorize(account_id)
            return self._page(parameters)
        except Refusal as refusal:
            return refused_with(refusal)

    def _authenticate(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self.api_key}":
            raise Refusal(Code.UNAUTHENTICATED, "the API key is missing or wrong")

    def _authorize(self, account_id: str) -> None:
        if account_id != self.account_id:
            # Whether an account exists is not told to those who may not see it (AIP-193).
            raise Refusal(
                Code.PERMISSION_DENIED, f"account {account_id!r} does not exist, or may not be read by this key"
            )

    def _page(self, parameters: Parameters) -> Reply:
        start = place_from(parameters, self.account_id).offset
        listing = self.listing(parameters.filter, parameters.order_by, parameters.read_mask)
        total, end = len(listing.models), start + page_size_of(parameters)
        json_style = self.json_style
        told = {
            "nextPageToken": token_of(Place(end), parameters, self.account_id) if end < total else "",
            "totalSize": total,
        }
        rest = [b'"%b":%b' % (key.encode(), encoded(value)) for key, value in told.items() if value or json_style.unset]
        models = [b'"models":' + listing.text(start, end)] if start < total or json_style.unset else []
        return json_reply(200, b"{%b}" % b",".join(models + rest))

    def _listing_of(self, filter: str, order_by: str, read_mask: str) -> Listing:
        masking, models = _masking_of(read_mask), self.models
        if filter:
            matches = test_of(filter)
            models = [model for model in models if matches(model)]
        try:
            models = ordered(models, order_by) if order_by else models
        except ValueError as error:
            raise Refusal(Code.INVALID_ARGUMENT, str(error)) from None
        return Listing(models, lambda model: printed(masking(model), self.json_style))


LONGEST_FILTER = 100_000
"""How many characters a filter may have (AIP-160 lets a service say): a longer one would keep others waiting."""


def test_of(text: str) -> Callable[[dict[str, Any]], bool]:
    """Return what tells whether a model matches a filter, which is held against the specification's fields."""
    if len(text) > LONGEST_FILTER:
        told = f"filter has {len(text):,} characters; {LONGEST_FILTER:,} are the most"
        raise Refusal(Code.INVALID_ARGUMENT, told)
    try:
        return _checked(parse(text)).predicate()
    except FilterError as error:
        # Without the lines that show the place: a status of google.rpc has one, and the client adds its advice to it.
        raise Refusal(Code.INVALID_ARGUMENT, str(error).rsplit("\n", 2)[0].removesuffix(":")) from None


def _checked(filter: Filter) -> Filter:
    """Check a filter, and refuse ":" on a text, which AIP-160 leaves open: here it would match nothing."""
    checked = check_filter(filter, Model)

    def refuse(leaf: Leaf) -> Leaf:
        if isinstance(leaf, Comparison) and leaf.comparator == ":" and leaf.arg not in (Text("*"), String("*")):
            path = str(leaf.comparable)
            if _is_text(path):
                raise LeafError(f'{path} is a text, in which ":" finds nothing; {path} = "*text*" finds a part of it')
        return leaf

    checked.map_leaves(refuse)
    return checked


def _is_text(path: str) -> bool:
    try:
        return steps_along(path_in(path), Model)[-1].reader is kinds.String
    except ValueError:  # It leads through a list, whose items ":" searches.
        return False


def _masking_of(read_mask: str) -> Masking:
    try:
        return masking_of(read_mask)
    except ValueError as error:
        raise Refusal(Code.INVALID_ARGUMENT, str(error)) from None
