r"""Faults of a response: its content, its time, and its bytes on the wire.

    FakeGateway(faults=[faults.busy(retry_after=2), None, faults.empty_page() & faults.delay(1.5)])

Each request takes the next fault of the script; None, and the end of the script, mean a response without a fault. A
script may be endless (`itertools.repeat`), and `&` joins faults of one response. Faults on the wire need a socket
(`FakeGateway.serve`, `FaultServer`); all others also work in process.

Write others yourself: a change of a page or of each model, another response, or steps on the wire (bytes to send,
seconds to pause, and `Act`s), after which the connection stays open:

    faults.change_page(lambda page: page.pop("totalSize"))
    faults.change_models(lambda model: model.pop("name"))
    faults.respond(418, b"I'm a teapot")
    Fault("teapot()", lambda reply: [b"HTTP/1.1 418 I'm a teapot\r\ncontent-length: 0\r\n\r\n", 0.5, Act.CLOSE])
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from http.client import responses
from math import inf
from typing import Any, cast

from attrs import evolve

from .._fields.enums import parse_enum
from .._openapi import Code
from ._payloads import JsonStyle, print_model, replace_enums
from ._script import Act, Fault, WireStep
from ._service import (
    Handler,
    Place,
    Refusal,
    Reply,
    Request,
    encode_json,
    make_request_token,
    parse_parameters,
    refusal_reply,
)

__all__ = [
    "Act",
    "Fault",
    "WireStep",
    "bad_gzip",
    "busy",
    "call_before",
    "change_models",
    "change_page",
    "delay",
    "dribbled_body",
    "earlier_token",
    "empty_page",
    "encode_reply",
    "endless",
    "expired_token",
    "garbage",
    "html",
    "redirect",
    "refuse",
    "reset_before",
    "respond",
    "short_page",
    "stall",
    "truncated_body",
    "truncated_json",
    "unknown_enum_names",
    "unknown_fields",
    "with_fields",
]

PageObject = dict[str, Any]


def empty_page() -> Fault:
    """Send a page without models, whose token leads to the models that belong on it (AIP-158 allows it)."""

    def change(request: Request, page: PageObject) -> None:
        page.update(models=[], nextPageToken=make_request_token(request, lambda here: evolve(here, turn=here.turn + 1)))

    return _page_fault("empty_page()", change)


def short_page(count: int) -> Fault:
    """Send a page of fewer models, 1 or more, whose token leads to the rest (AIP-158 allows it)."""
    if count < 1:
        raise ValueError(f"count must be 1 or more, got {count}; use empty_page() for a page without models")

    def change(request: Request, page: PageObject) -> None:
        models = page.get("models", [])
        if len(models) > count:
            token = make_request_token(request, lambda here: Place(here.offset + count))
            page.update(models=models[:count], nextPageToken=token)

    return _page_fault(f"short_page({count})", change)


def earlier_token(offset: int = 0) -> Fault:
    """Send a page whose token leads back to the model at an offset, from 0: the page tokens form a cycle."""

    def change(request: Request, page: PageObject) -> None:
        page["nextPageToken"] = make_request_token(request, lambda here: Place(offset))

    return _page_fault(f"earlier_token({offset})", change)


def expired_token() -> Fault:
    """Refuse a page token as too old, with 400 and INVALID_ARGUMENT (AIP-158); requests without one succeed."""

    def reply(request: Request, handler: Handler) -> Reply:
        with suppress(Refusal):
            if parse_parameters(request.query).page_token:
                return refusal_reply(Refusal(Code.INVALID_ARGUMENT, "page_token has expired"))
        return handler(request)

    return Fault("expired_token()", reply=reply)


def with_fields(**fields: Any) -> Fault:
    """Send models with the given properties, by JSON key: `with_fields(kind=7, contextLength="long")`."""
    arguments = ", ".join(f"{key}={value!r}" for key, value in fields.items())
    return change_models(lambda model: model.update(fields), name=f"with_fields({arguments})")


def unknown_fields() -> Fault:
    """Send models with a field that the specification lacks, in their messages too."""
    style = JsonStyle(unknown_fields=True)
    return change_models(lambda model: model.update(print_model(model, style)), name="unknown_fields()")


def unknown_enum_names() -> Fault:
    """Send models whose every enum field has a name that the specification lacks."""
    unknown = "NEWER_THAN_THE_SPECIFICATION"
    return change_models(lambda model: model.update(replace_enums(model, unknown)), name="unknown_enum_names()")


def call_before(function: Callable[[], object]) -> Fault:
    """Call a function before the response: `call_before(lambda: gateway.remove(name))`, for models that change."""

    def reply(request: Request, handler: Handler) -> Reply:
        function()
        return handler(request)

    return Fault(f"call_before({function!r})", reply=reply)


def change_models(change: Callable[[dict[str, Any]], object], *, name: str = "") -> Fault:
    """Send a page after calling a function on each model, which changes the JSON object it is given."""

    def change_all(page: PageObject) -> None:
        for model in page.get("models", ()):  # Absent where unset fields are not printed.
            change(model)

    return change_page(change_all, name=name or f"change_models({change!r})")


def change_page(change: Callable[[dict[str, Any]], object], *, name: str = "") -> Fault:
    """Send a page after calling a function on the JSON object of the response, which changes it."""
    return _page_fault(name or f"change_page({change!r})", lambda _, page: change(page))


def _page_fault(name: str, change: Callable[[Request, PageObject], object]) -> Fault:
    def reply(request: Request, handler: Handler) -> Reply:
        normal = handler(request)
        if normal.status != 200:  # A refusal has no page to change.
            return normal
        try:
            page = json.loads(normal.body)
        except ValueError:
            page = None
        if not isinstance(page, dict):
            raise ValueError(f"{name} requires a JSON page. Put a fault that breaks it to its left: html() & {name}")
        change(request, cast("PageObject", page))
        return evolve(normal, body=encode_json(page))

    return Fault(name, reply=reply)


def respond(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Fault:
    """Send another response: `respond(503, headers={"retry-after": "2"})`."""
    reply = Reply(status, dict(headers or {}), body)
    return Fault(f"respond({status}, {body!r}, {dict(reply.headers)})", reply=lambda request, handler: reply)


def refuse(code: Code | str, message: str = "refused by the test", *, retry_after: float | None = None) -> Fault:
    """Send a refusal with a google.rpc code, as the gateway does: `refuse("PERMISSION_DENIED")` is a 403.

    Args:
        code: The code, which determines the status.
        message: The message of the status.
        retry_after: The seconds of a Retry-After header. Default: no header.

    Raises:
        ValueError: The code is OK, or `retry_after` is negative or infinite.
    """
    refusal = Refusal(parse_enum(Code, code), message)
    if refusal.code is Code.OK:
        raise ValueError("code must be the code of an error, got OK")
    if retry_after is not None and not 0 <= retry_after < inf:
        raise ValueError(f"retry_after must be a number of seconds, 0 or more, or None, got {retry_after!r}")
    after = {} if retry_after is None else {"retry-after": f"{retry_after:f}".rstrip("0").rstrip(".")}
    reply = refusal_reply(refusal, after)
    name = f"refuse({str(refusal.code)!r}, {message!r}, retry_after={retry_after})"
    return Fault(name, reply=lambda request, handler: reply)


def busy(retry_after: float | None = None) -> Fault:
    """Send 429, RESOURCE_EXHAUSTED, with the seconds of a Retry-After header if they are given."""
    refused = refuse(Code.RESOURCE_EXHAUSTED, "too many requests", retry_after=retry_after)
    return evolve(refused, name=f"busy({retry_after})")


def redirect(location: str, status: int = 302) -> Fault:
    """Send a redirect."""
    return evolve(respond(status, headers={"location": location}), name=f"redirect({location!r}, {status})")


def html(status: int = 502, title: str = "Bad Gateway") -> Fault:
    """Send a page of HTML, as proxies do; with status 200 it looks like a sign-in page."""
    page = f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    fault = respond(status, page.encode(), {"content-type": "text/html"})
    return evolve(fault, name=f"html({status}, {title!r})")


def bad_gzip() -> Fault:
    """Send a body that is not gzip, with headers that promise gzip."""
    added = {"content-encoding": "gzip"}
    return _change_reply("bad_gzip()", lambda reply: evolve(reply, headers={**reply.headers, **added}))


def truncated_json() -> Fault:
    """Send a whole response whose JSON stops halfway."""
    return _change_reply("truncated_json()", lambda reply: evolve(reply, body=_half_body(reply)))


def _change_reply(name: str, change: Callable[[Reply], Reply]) -> Fault:
    return Fault(name, reply=lambda request, handler: change(handler(request)))


def delay(seconds: float) -> Fault:
    """Send the normal response after a delay of 0 seconds or more."""
    if not seconds >= 0:
        raise ValueError(f"seconds must be 0 or more, got {seconds}")
    return Fault(f"delay({seconds})", seconds=seconds)


def stall() -> Fault:
    """Send no response, and keep the connection open."""
    return Fault("stall()", lambda reply: [Act.STALL])


def reset_before() -> Fault:
    """Reset the connection before the first byte of the response."""
    return Fault("reset_before()", lambda reply: [Act.RESET])


def truncated_body() -> Fault:
    """Close the connection after half of the body; content-length is the size of the whole body."""
    return Fault("truncated_body()", lambda reply: [_head(reply) + _half_body(reply), Act.CLOSE])


def dribbled_body(pause: float = 0.05) -> Fault:
    """Send the normal response with a body of one byte at a time, with a pause in seconds between them."""

    def steps(reply: Reply) -> Iterator[WireStep]:
        yield _head(reply)
        for byte in reply.body:
            yield bytes([byte])
            yield pause

    return Fault(f"dribbled_body({pause})", steps)


def garbage() -> Fault:
    """Send bytes that are not HTTP."""
    return Fault("garbage()", lambda reply: [b"\x15\x03\x03 this is not HTTP \xff\r\n\r\n", Act.CLOSE])


def endless(pause: float = 0.0) -> Fault:
    """Send the normal body and then white space without an end: 64 KiB at a time, with a pause in seconds between."""

    def steps(reply: Reply) -> Iterator[WireStep]:
        yield _head(reply, "transfer-encoding: chunked") + _chunk(reply.body or b" ")  # An empty chunk is the end.
        while True:
            yield _chunk(b" " * 0x10000)
            yield pause

    return Fault(f"endless({pause})", steps)


def encode_reply(reply: Reply) -> bytes:
    """Return the bytes of a reply, for the steps of your own faults."""
    return _head(reply) + reply.body


def _head(reply: Reply, framing: str | None = None) -> bytes:
    lines = [f"HTTP/1.1 {reply.status} {responses.get(reply.status, '')}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    lines += [framing or f"content-length: {len(reply.body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1")


def _half_body(reply: Reply) -> bytes:
    return reply.body[: len(reply.body) // 2]


def _chunk(part: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(part), part)
