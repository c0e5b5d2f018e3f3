"""What is asked, what is answered, and what is answered when that is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from attrs import define, frozen

from .._openapi import Code
from ..errors import RPC_CODES

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
