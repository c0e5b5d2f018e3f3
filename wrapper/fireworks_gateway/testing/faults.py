r"""Faults of a response: its content, its time, and its bytes on the wire.

    FakeGateway(faults=[faults.busy(retry_after=2), None, faults.empty_page() & faults.late(1.5)])

Each request takes the next fault of the script; None, and the end of the script, stand for the right answer. A script
may be endless (`itertools.repeat`), and `&` joins faults of one answer. Each function here returns a `Fault`, and its
docstring says what the client sees. Those that happen on the wire need a socket (`FakeGateway.serve`, `FaultServer`); a
client in process sees all others.

One of your own is a line: something done to a page, to each of its models, another answer, or what happens on the
wire, as bytes to send, seconds to pause, and `Act`s (when the list ends the connection is kept alive):

    faults.changed_page(lambda page: page.pop("totalSize"))
    faults.changed_models(lambda model: model.pop("name"))
    faults.answered(418, b"I'm a teapot")
    Fault("teapot()", lambda reply: [b"HTTP/1.1 418 I'm a teapot\r\ncontent-length: 0\r\n\r\n", 0.5, Act.CLOSE])
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from math import inf
from typing import Any

from attrs import evolve

from .._fields.enums import parse_enum
from .._fields.kinds import is_object
from .._openapi import Code
from ._faults import (
    Act,
    Fault,
    Step,
    bad_chunk,
    bad_gzip,
    chunked,
    closed_after,
    closed_before,
    dribbled_body,
    dribbled_headers,
    endless,
    endless_headers,
    garbage,
    gzipped,
    interim,
    invalid_utf8,
    late,
    long_content_length,
    reset_after,
    reset_before,
    reset_within,
    short_content_length,
    stall,
    stall_within,
    switched_protocol,
    truncated_body,
    truncated_chunks,
    truncated_gzip,
    truncated_headers,
    truncated_json,
    unframed,
    whole,
)
from ._printing import JsonStyle, printed, unrecognized
from ._service import Answering, Refusal, Reply, Request, encoded, parameters_from, refused_with, token_to

__all__ = [
    "Act",
    "Fault",
    "Step",
    "answered",
    "bad_chunk",
    "bad_gzip",
    "busy",
    "changed_models",
    "changed_page",
    "chunked",
    "closed_after",
    "closed_before",
    "dribbled_body",
    "dribbled_headers",
    "earlier_token",
    "empty_page",
    "endless",
    "endless_headers",
    "error_object",
    "expired_token",
    "fault_object",
    "garbage",
    "gzipped",
    "html",
    "in_print",
    "interim",
    "invalid_utf8",
    "late",
    "long_content_length",
    "meanwhile",
    "plain_text",
    "redirected",
    "refused",
    "repeated_token",
    "reset_after",
    "reset_before",
    "reset_within",
    "short_content_length",
    "short_page",
    "stall",
    "stall_within",
    "switched_protocol",
    "timestamps",
    "total_size",
    "truncated_body",
    "truncated_chunks",
    "truncated_gzip",
    "truncated_headers",
    "truncated_json",
    "unavailable",
    "unframed",
    "unknown_enum_names",
    "unknown_enum_numbers",
    "unknown_fields",
    "whole",
    "with_fields",
]

Page = dict[str, Any]


def empty_page() -> Fault:
    """A page without models whose token leads to those that should have been on it, as AIP-158 allows."""

    def change(request: Request, page: Page) -> None:
        page.update(models=[], nextPageToken=token_to(request))

    return _listing("empty_page()", change)


def short_page(count: int) -> Fault:
    """A page with so many models, fewer than asked for, whose token leads to the rest, as AIP-158 allows.

    Raises:
        ValueError: `count` is below 1; a page with none is `empty_page()`.
    """
    if count < 1:
        raise ValueError(f"short_page takes a count of 1 or more, not {count}; without models it is empty_page()")

    def answer(request: Request, ask: Answering) -> Reply:
        others = tuple(pair for pair in request.query if pair[0] not in ("pageSize", "page_size"))
        return ask(evolve(request, query=(*others, ("pageSize", str(count)))))

    return Fault(f"short_page({count})", answer=answer)


def repeated_token() -> Fault:
    """A page whose next_page_token is the token that it was asked for with; of the first page, one that leads to it."""

    def change(request: Request, page: Page) -> None:
        page["nextPageToken"] = dict(request.query).get("pageToken") or token_to(request, offset=0)

    return _listing("repeated_token()", change)


def earlier_token(offset: int = 0) -> Fault:
    """A page whose next_page_token leads back to the model with a number, from 0: pages that go round in a circle."""

    def change(request: Request, page: Page) -> None:
        page["nextPageToken"] = token_to(request, offset=offset)

    return _listing(f"earlier_token({offset})", change)


def total_size(value: Any) -> Fault:
    """A page that tells another total_size, which AIP-158 allows to be an estimate."""
    return changed_page(lambda page: page.update(totalSize=value), name=f"total_size({value!r})")


def with_fields(**fields: Any) -> Fault:
    """A page whose models have some properties, by JSON key, as given: `with_fields(kind=7, contextLength="long")`."""
    arguments = ", ".join(f"{key}={value!r}" for key, value in fields.items())
    return changed_models(lambda model: model.update(fields), name=f"with_fields({arguments})")


def unknown_fields() -> Fault:
    """A page whose models have fields that the specification lacks, in their messages too."""
    return in_print(JsonStyle(unknown_fields=True), name="unknown_fields()")


def unknown_enum_names() -> Fault:
    """A page whose models have, in every enum field, a name that the specification lacks."""
    return changed_models(
        lambda model: model.update(unrecognized(model, "NEWER_THAN_THE_SPECIFICATION")), name="unknown_enum_names()"
    )


def unknown_enum_numbers() -> Fault:
    """A page whose models have, in every enum field, a number that no value has: how ProtoJSON prints unknown ones."""
    return changed_models(lambda model: model.update(unrecognized(model, 1000)), name="unknown_enum_numbers()")


def timestamps(digits: int) -> Fault:
    """A page whose timestamps have so many fractional digits: 0, 3, 6 or 9."""
    return in_print(JsonStyle(fraction_digits=digits), name=f"timestamps({digits})")


def in_print(json_style: JsonStyle, *, name: str = "") -> Fault:
    """A page printed in another way."""

    def change(model: dict[str, Any]) -> None:
        changed = printed(model, json_style)
        model.clear()
        model.update(changed)

    return changed_models(change, name=name or f"in_print({json_style})")


def meanwhile(happens: Callable[[], object]) -> Fault:
    """Something happens before the answer: `meanwhile(lambda: gateway.remove(name))`, for models that change."""

    def answer(request: Request, ask: Answering) -> Reply:
        happens()
        return ask(request)

    return Fault(f"meanwhile({happens!r})", answer=answer)


def changed_models(change: Callable[[dict[str, Any]], object], *, name: str = "") -> Fault:
    """A page with something done to each of its models: a function that changes the JSON object it is given."""

    def on_page(page: Page) -> None:
        for model in page.get("models", ()):  # An empty list of them is not printed, where what is unset is not.
            change(model)

    return changed_page(on_page, name=name or f"changed_models({change!r})")


def changed_page(change: Callable[[dict[str, Any]], object], *, name: str = "") -> Fault:
    """A page with something done to it: a function that changes the JSON object of the response."""
    return _listing(name or f"changed_page({change!r})", lambda _, page: change(page))


def _listing(name: str, change: Callable[[Request, Page], object]) -> Fault:
    def answer(request: Request, ask: Answering) -> Reply:
        reply = ask(request)
        if reply.status != 200:  # A refusal has no page to change.
            return reply
        page = _page_in(reply, name)
        change(request, page)
        return evolve(reply, body=encoded(page))

    return Fault(name, answer=answer)


def _page_in(reply: Reply, name: str) -> Page:
    try:
        page = json.loads(reply.body)
    except ValueError:
        page = None
    if not is_object(page):
        raise ValueError(f"{name} has no page to change; what makes it none stands to the left: gzipped() & {name}")
    return page


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
    refusal = Refusal(parse_enum(Code, code), message)
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
