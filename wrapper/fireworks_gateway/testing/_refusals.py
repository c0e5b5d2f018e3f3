"""Answers that are no listing: the gateway's own refusals, and what proxies and other services put in their place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import inf
from typing import Any

from attrs import evolve

from .._enums import parse
from .._openapi import Code
from ._exchange import Answering, Refusal, Reply, Request, refused_with
from ._faults import Fault
from ._parameters import parameters_from


def answered(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Fault:
    """Another answer altogether: `answered(503, headers={"retry-after": "2"})`."""
    reply = Reply(status, dict(headers or {}), body)
    return _instead(f"answered({status}, {body!r}, {dict(reply.headers)})", reply)


def refused(code: Code | str, message: str = "refused, as the test asks", *, retry_after: float | None = None) -> Fault:
    """The gateway refuses with a google.rpc code, in its own form: `refused("PERMISSION_DENIED")` is a 403.

    Args:
        code: The code, which gives the status too.
        message: What it says.
        retry_after: The seconds of a Retry-After header; none by default.

    Raises:
        ValueError: The code is OK, which is no refusal, or `retry_after` below 0.
    """
    refusal = Refusal(parse(Code, code), message)
    if refusal.code is Code.OK:
        raise ValueError("refused takes the code of a refusal, and OK is none")
    return _instead(
        f"refused({str(refusal.code)!r}, {message!r}, retry_after={retry_after})", _late(refusal, retry_after)
    )


def busy(retry_after: float | None = None) -> Fault:
    """Too much was asked: 429, RESOURCE_EXHAUSTED, with so many seconds of Retry-After where they are given."""
    refusal = Refusal(Code.RESOURCE_EXHAUSTED, "too many requests")
    return _instead(f"busy({retry_after})", _late(refusal, retry_after))


def unavailable(retry_after: float | None = None) -> Fault:
    """The service is down for a moment: 503, UNAVAILABLE, with Retry-After where its seconds are given."""
    refusal = Refusal(Code.UNAVAILABLE, "the service is unavailable")
    return _instead(f"unavailable({retry_after})", _late(refusal, retry_after))


def expired_token() -> Fault:
    """A page token is refused as too old, 400 and INVALID_ARGUMENT (AIP-158); a request without one is answered."""

    def answer(request: Request, ask: Answering) -> Reply:
        try:
            told = parameters_from(request.query).page_token
        except Refusal:
            told = ""
        return refused_with(Refusal(Code.INVALID_ARGUMENT, "page_token has expired")) if told else ask(request)

    return Fault("expired_token()", answer=answer)


def redirected(location: str, status: int = 302) -> Fault:
    """A redirect elsewhere."""
    return _instead(f"redirected({location!r}, {status})", Reply(status, {"location": location}, b""))


def error_object(status: int, code: str, message: str) -> Fault:
    """A refusal as an object under "error", whose code is a name: `error_object(403, "FORBIDDEN", "no")`."""
    return _json(
        f"error_object({status}, {code!r}, {message!r})", status, {"error": {"code": code, "message": message}}
    )


def fault_object(status: int, message: str) -> Fault:
    """A refusal as an object under "fault", which is how Apigee puts it: `fault_object(401, "Invalid ApiKey")`."""
    detail = {"errorcode": "oauth.v2.InvalidApiKey"}
    return _json(f"fault_object({status}, {message!r})", status, {"fault": {"faultstring": message, "detail": detail}})


def plain_text(status: int, text: str) -> Fault:
    """A refusal in plain text: `plain_text(500, "Error listing models")`."""
    reply = Reply(status, {"content-type": "text/plain; charset=utf-8"}, text.encode())
    return _instead(f"plain_text({status}, {text!r})", reply)


def html(status: int = 502, title: str = "Bad Gateway") -> Fault:
    """A page of HTML, as proxies send it; with status 200, what a sign-in page looks like to a program."""
    page = f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    reply = Reply(status, {"content-type": "text/html"}, page.encode())
    return _instead(f"html({status}, {title!r})", reply)


def _json(name: str, status: int, body: Mapping[str, Any]) -> Fault:
    return _instead(name, Reply(status, {"content-type": "application/json"}, json.dumps(body).encode()))


def _late(refusal: Refusal, retry_after: float | None) -> Reply:
    reply = refused_with(refusal)
    if retry_after is None:
        return reply
    if not 0 <= retry_after < inf:
        raise ValueError(f"retry_after is a number of seconds from 0, or None; not {retry_after!r}")
    seconds = f"{retry_after:f}".rstrip("0").rstrip(".")
    return evolve(reply, headers={**reply.headers, "retry-after": seconds})


def _instead(name: str, reply: Reply) -> Fault:
    return Fault(name, answer=lambda request, ask: reply)
