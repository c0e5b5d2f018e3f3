"""List Models as the fake gateway serves it: requests, parameters, page tokens, replies."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from typing import Any, NamedTuple, cast
from urllib.parse import unquote_to_bytes

from attrs import define, field, fields_dict, frozen

from .._fields import kinds
from .._fields.check import check_filter
from .._fields.orders import sort_payloads
from .._fields.paths import PathError, find_steps
from .._model import Model
from .._openapi import Code
from ..errors import RPC_CODES, FilterError
from ..filters._matching import spellings
from ..filters._parser import parse
from ..filters._tree import Comparison, Filter, Leaf, LeafError, Member, String, Text
from ._payloads import OBSERVED_STYLE, JsonStyle, print_model
from ._queries import compile_mask, is_additional

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@frozen
class Request:
    """A request: path and query decoded, in `target` as sent; headers by name in lower case, joined by commas."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    target: str = ""


@frozen
class Reply:
    """A response."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Handler = Callable[[Request], Reply]  # A function that replies to requests, such as `FakeGateway.reply`.


@define
class Refusal(Exception):
    """A refused request, with a google.rpc code and a reason."""

    code: Code
    message: str


def refusal_reply(refusal: Refusal, headers: Mapping[str, str] | None = None) -> Reply:
    """Return the reply to a refused request: a google.rpc.Status as grpc-gateway prints it."""
    body: dict[str, Any] = {"code": RPC_CODES[refusal.code].number, "message": refusal.message, "details": []}
    login = {"www-authenticate": refusal.message} if refusal.code is Code.UNAUTHENTICATED else {}
    return json_reply(RPC_CODES[refusal.code].http_status, encode_json(body), {**login, **(headers or {})})


def json_reply(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Reply:
    """Return a reply whose body is a JSON text."""
    ours = {"content-type": "application/json", "grpc-metadata-content-type": "application/grpc"}
    return Reply(status, {**ours, **(headers or {})}, body)


def encode_json(body: Any) -> bytes:
    """Return a JSON value as the gateway writes it."""
    # Half a surrogate pair, which an escape in a filter can write, has no UTF-8; Python's escape for it is JSON's too.
    return _ENCODE(body).encode(errors="backslashreplace")


_LARGEST_PAGE, _DEFAULT_PAGE = 200, 50
_MODELS = re.compile(r"/v1/accounts/([^/]+)/models(?:/([^/:]+))?").fullmatch
_SERVED = "the fake gateway serves GET /v1/accounts/ACCOUNT/models and GET /v1/accounts/ACCOUNT/models/MODEL"
_LONGEST_TEXTS = {"filter": 100_000, "order_by": 10_000}
"""The most characters of a parameter: longer ones would keep other requests waiting."""


@frozen
class Parameters:
    """The parameters of a listing, by the specification's names."""

    page_size: int = 0
    page_token: str = ""
    filter: str = ""
    order_by: str = ""
    read_mask: str = ""


_PARAMETERS = {spelling: name for name in fields_dict(Parameters) for spelling in spellings(name)}


def parse_resource(request: Request) -> tuple[str, str | None]:
    """Return the account whose models are requested, and the ID if one model is requested, or refuse."""
    check_encoding("the path", request.target.partition("?")[0])
    match = _MODELS(request.path)
    got = f"{_SERVED}, got {request.method} {request.path!r:.80}"
    if match is None:
        raise Refusal(Code.NOT_FOUND, f"Not Found: {got}")
    if request.method != "GET":
        raise Refusal(Code.UNIMPLEMENTED, f"Method Not Allowed: {got}")
    return match[1], match[2]


_MALFORMED = re.compile(r"%(?![0-9A-Fa-f]{2}).{0,2}", re.DOTALL).search


def check_encoding(part: str, text: str) -> None:
    """Refuse a part of an address with a malformed escape, or with bytes that are not UTF-8."""
    if malformed := _MALFORMED(text):
        raise Refusal(Code.INVALID_ARGUMENT, f"{part} must have two hexadecimal digits after %, got {malformed[0]!r}")
    try:
        unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        raise Refusal(Code.INVALID_ARGUMENT, f"{part} must be UTF-8") from None


def parse_parameters(query: Sequence[tuple[str, str]]) -> Parameters:
    """Return the parameters of a query string, in either spelling, or refuse them; others are ignored."""
    given: dict[str, Any] = {}
    for name, value in query:
        if (known := _PARAMETERS.get(name)) is None:
            continue
        if known in given:
            raise Refusal(Code.INVALID_ARGUMENT, f"{known} must be given once")
        if len(value) > (most := _LONGEST_TEXTS.get(known, len(value))):
            raise Refusal(Code.INVALID_ARGUMENT, f"{known} must have at most {most:,} characters, got {len(value):,}")
        given[known] = parse_int32(known, value) if known == "page_size" else value
    return Parameters(**given)


def parse_int32(name: str, text: str) -> int:
    """Parse an integer of 32 bits, with or without a sign and leading zeros, or refuse it."""
    match = re.fullmatch(r"([+-]?)0*([0-9]{1,10})", text)
    number = int(match[1] + match[2]) if match else 2**31
    if not -(2**31) <= number < 2**31:
        raise Refusal(Code.INVALID_ARGUMENT, f"{name} must be an integer of 32 bits, got {text!r:.80}")
    return number


def page_length(parameters: Parameters) -> int:
    """Return the page size (AIP-158): 0 means the default; a larger value than the maximum means the maximum."""
    if parameters.page_size < 0:
        raise Refusal(Code.INVALID_ARGUMENT, f"page_size must not be negative, got {parameters.page_size}")
    return min(parameters.page_size or _DEFAULT_PAGE, _LARGEST_PAGE)


@frozen
class Place:
    """The start of a page in a listing."""

    offset: int = 0  # The number of models before it.
    turn: int = 0  # The number of empty pages before it at the same offset, so that each has its own token.


def make_token(place: Place, parameters: Parameters, account_id: str) -> str:
    """Return the token of the page at a place, bound to every parameter but the page size."""
    bound = [place.offset, place.turn, account_id, parameters.filter, parameters.order_by, parameters.read_mask]
    checksum = hashlib.sha256(json.dumps(bound).encode()).hexdigest()[:8]
    text = json.dumps([place.offset, place.turn, checksum])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def parse_token(parameters: Parameters, account_id: str, *, page_numbers: bool = False) -> Place:
    """Return the place of a page token, which may be a number from 1 on with `page_numbers`, or refuse it."""
    if not parameters.page_token:
        return Place()
    if page_numbers and re.fullmatch(r"[0-9]{1,9}", parameters.page_token):
        return Place(max(int(parameters.page_token) - 1, 0) * page_length(parameters))
    try:
        padded = parameters.page_token + "=" * (-len(parameters.page_token) % 4)
        offset, turn, _ = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        place = Place(offset, turn)
        expected = make_token(place, parameters, account_id)
    except (ValueError, TypeError, RecursionError):
        raise Refusal(Code.INVALID_ARGUMENT, "page_token must be a token of this gateway") from None
    if parameters.page_token != expected:
        raise Refusal(Code.INVALID_ARGUMENT, "page_token must be used with the other parameters unchanged")
    return place


def make_request_token(request: Request, move: Callable[[Place], Place]) -> str:
    """Return a token for the listing of a request, at the place that `move` derives from that of the request."""
    (account_id, _), parameters = parse_resource(request), parse_parameters(request.query)
    return make_token(move(parse_token(parameters, account_id, page_numbers=True)), parameters, account_id)


class PrintedListing(NamedTuple):
    """The number of models of a listing, and the JSON text of each by its offset, printed on first use."""

    total: int
    text: Callable[[int], bytes]


@frozen
class Service:
    """The models of an account in order of name, its key, and the style in which they and page tokens are printed."""

    account_id: str
    api_key: str
    models: Sequence[dict[str, Any]]
    json_style: JsonStyle = OBSERVED_STYLE
    page_numbers: bool = False
    listing: Callable[[str, str, str], PrintedListing] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        # Every page of a walk needs the same listing, and so do walks in parallel.
        object.__setattr__(self, "listing", lru_cache(maxsize=16)(self._build_listing))

    def reply(self, request: Request) -> Reply:
        """Return the reply to a request; its parts are checked in the order of the real gateway."""
        try:
            account_id, model_id = parse_resource(request)
            scheme, _, key = request.headers.get("authorization", "").partition(" ")
            if (scheme.lower(), key) != ("bearer", self.api_key):
                raise Refusal(Code.UNAUTHENTICATED, "the API key is missing or wrong")
            query = request.target.partition("?")[2]
            check_encoding("the query", query)
            if ";" in query:
                raise Refusal(Code.INVALID_ARGUMENT, "the query must separate its parameters with &, got ;")
            parameters = parse_parameters(request.query)
            if account_id != self.account_id:  # The message does not disclose whether the account exists (AIP-193).
                raise Refusal(Code.PERMISSION_DENIED, f"account {account_id!r} does not exist, or is not for this key")
            return self._page(parameters) if model_id is None else self._model(model_id, parameters.read_mask)
        except Refusal as refusal:
            return refusal_reply(refusal)

    def _page(self, parameters: Parameters) -> Reply:
        start = parse_token(parameters, self.account_id, page_numbers=self.page_numbers).offset
        listing = self.listing(parameters.filter, parameters.order_by, parameters.read_mask)
        total, end = listing.total, start + page_length(parameters)
        token = self._token(end, parameters) if end < total else ""
        models = b"[%b]" % b",".join(map(listing.text, range(start, min(end, total))))
        parts = {b"models": models, b"nextPageToken": encode_json(token), b"totalSize": encode_json(total)}
        if not self.json_style.unset:
            parts = {key: text for key, text in parts.items() if text not in (b"[]", b'""', b"0")}
        return json_reply(200, b"{%b}" % b",".join(b'"%b":%b' % part for part in parts.items()))

    def _token(self, offset: int, parameters: Parameters) -> str:
        number, rest = divmod(offset, page_length(parameters))
        if self.page_numbers and not rest:
            return str(number + 1)
        return make_token(Place(offset), parameters, self.account_id)

    def _model(self, model_id: str, read_mask: str) -> Reply:
        name = f"accounts/{self.account_id}/models/{model_id}"
        model = next((each for each in self.models if each.get("name") == name), None)
        if model is None:
            raise Refusal(Code.NOT_FOUND, f"model {name!r} not found")
        try:
            mask = compile_mask(read_mask, models=self.models)
        except ValueError as error:
            raise Refusal(Code.INVALID_ARGUMENT, str(error)) from None
        return json_reply(200, encode_json(print_model(mask(model), self.json_style)))

    def _build_listing(self, filter: str, order_by: str, read_mask: str) -> PrintedListing:
        models = self.models
        try:
            mask = compile_mask(read_mask, models=models)
            if filter:
                matches = compile_filter(filter, models)
                models = [model for model in models if matches(model)]
            models = sort_payloads(models, order_by, Model) if order_by else models
        except ValueError as error:
            raise Refusal(Code.INVALID_ARGUMENT, str(error)) from None

        def text(offset: int) -> bytes:
            return encode_json(print_model(mask(models[offset]), self.json_style))

        return PrintedListing(len(models), cache(text))


def compile_filter(text: str, models: Sequence[Mapping[str, Any]] = ()) -> Callable[[dict[str, Any]], bool]:
    """Return the predicate of models for a filter, or refuse the filter."""
    try:
        return parse(text).map_leaves(lambda leaf: _check_leaf(leaf, models)).predicate()
    except FilterError as error:
        # Without the two lines that point to the place: the message of a google.rpc.Status is one line.
        raise Refusal(Code.INVALID_ARGUMENT, str(error).rsplit("\n", 2)[0].removesuffix(":")) from None


def _check_leaf(leaf: Leaf, models: Sequence[Mapping[str, Any]]) -> Filter:
    # A field that the specification lacks and a model has is not checked.
    if isinstance(leaf, Comparison) and isinstance(leaf.comparable, Member):
        if is_additional(leaf.comparable.path, models):
            return leaf
    elif isinstance(leaf, Text) and is_additional(path := tuple(leaf.value.split(".")), models):
        return Comparison(Member(path), "=", Text("true"))
    return check_filter(leaf, Model).map_leaves(_reject_search)


def _reject_search(leaf: Leaf) -> Leaf:
    """Reject ":" on a string: AIP-160 leaves it open, and here it would match nothing."""
    if isinstance(leaf, Comparison) and leaf.comparator == ":" and leaf.arg not in (Text("*"), String("*")):
        member = cast("Member", leaf.comparable)
        with suppress(PathError):  # It leads through a list, whose items ":" searches.
            if isinstance(find_steps(kinds.MessageOf(lambda: Model), member.path)[-1].kind, kinds.String):
                raise LeafError(f'":" does not search the string {member}. To search it, use {member} = "*text*"')
    return leaf
