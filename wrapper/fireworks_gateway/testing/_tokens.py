"""Page tokens: where a page begins, bound to what is listed."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from attrs import frozen

from .._openapi import Code
from ._exchange import Refusal, Request
from ._parameters import Parameters, parameters_from, routed


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
