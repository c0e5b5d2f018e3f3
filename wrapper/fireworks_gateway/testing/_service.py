"""What the fake gateway answers: one pure core, whichever way a request comes in.

It imitates grpc-gateway before a Go service, as the real one is known to be; where the real one's behaviour is not
known, the AIP's is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from attrs import field, frozen

from .._models import Model
from .._openapi import Code
from ._addresses import flaw_of_query
from ._exchange import Refusal, Reply, Request, encoded, json_reply, refused_with
from ._masks import Masking, masking_of
from ._ordering import ordered
from ._parameters import Parameters, page_size_of, parameters_from, refuse, routed
from ._printing import AS_SEEN, Printing, printed
from ._tokens import Place, place_from, token_of


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
    printing: Printing = AS_SEEN
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
        printing = self.printing
        told = {
            "nextPageToken": token_of(Place(end), parameters, self.account_id) if end < total else "",
            "totalSize": total,
        }
        rest = [b'"%b":%b' % (key.encode(), encoded(value)) for key, value in told.items() if value or printing.unset]
        models = [b'"models":' + listing.text(start, end)] if start < total or printing.unset else []
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
        return Listing(models, lambda model: printed(masking(model), self.printing))


LONGEST_FILTER = 100_000
"""How many characters a filter may have (AIP-160 lets a service say): a longer one would keep others waiting."""


def test_of(text: str) -> Callable[[dict[str, Any]], bool]:
    """Return what tells whether a model matches a filter, which is held against the specification's fields."""
    if len(text) > LONGEST_FILTER:
        told = f"filter has {len(text):,} characters; {LONGEST_FILTER:,} are the most"
        raise Refusal(Code.INVALID_ARGUMENT, told)
    name = re.fullmatch(r'name = "([^"\\*]*)"', text)
    if name is not None:  # What `models.get` asks needs no grammar, so that it works without the extra.
        return lambda model: model.get("name") == name[1]
    try:
        from .. import aip160
    except ModuleNotFoundError as error:
        raise Refusal(Code.UNIMPLEMENTED, str(error)) from None
    try:
        return aip160.check(aip160.parse(text), Model).test()
    except aip160.FilterError as error:
        # Without the lines that show the place: a status of google.rpc has one, and the client adds its advice to it.
        raise Refusal(Code.INVALID_ARGUMENT, str(error).rsplit("\n", 2)[0].removesuffix(":")) from None


def _masking_of(read_mask: str) -> Masking:
    try:
        return masking_of(read_mask)
    except ValueError as error:
        raise Refusal(Code.INVALID_ARGUMENT, str(error)) from None
