"""Replies as the bytes of an HTTP/1.1 response: whole, in parts, and in other codings."""

from __future__ import annotations

import gzip
from http.client import responses

from ._exchange import Reply

_FRAMING = ("content-length", "transfer-encoding")


def whole(reply: Reply) -> bytes:
    """Return a reply as it is sent when nothing goes wrong."""
    return head(reply) + reply.body


def head(reply: Reply, framing: str | None = None) -> bytes:
    """Return the status line and the headers; `framing` is the one that tells where the body ends."""
    lines = [f"{name}: {value}" for name, value in reply.headers.items() if name.lower() not in _FRAMING]
    lines.append(framing or f"content-length: {len(reply.body)}")
    return status_line(reply.status) + "".join(f"{line}\r\n" for line in lines).encode("latin-1") + b"\r\n"


def status_line(status: int) -> bytes:
    """Return the first line of a response."""
    return f"HTTP/1.1 {status} {responses.get(status, '')}\r\n".encode()


def chunked(reply: Reply) -> bytes:
    """Return a reply in two chunks, without the last one, which is empty."""
    middle = len(reply.body) // 2
    chunks = [chunk(part) for part in (reply.body[:middle], reply.body[middle:]) if part]
    return head(reply, "transfer-encoding: chunked") + b"".join(chunks)


def chunk(part: bytes) -> bytes:
    """Return a chunk of a body."""
    return b"%x\r\n%b\r\n" % (len(part), part)


def gzipped(reply: Reply) -> Reply:
    """Return a reply with its body in gzip, and so called."""
    return called_gzip(Reply(reply.status, reply.headers, gzip.compress(reply.body)))


def called_gzip(reply: Reply) -> Reply:
    """Return a reply whose headers say that its body is in gzip, which it may be or not."""
    return Reply(reply.status, {**reply.headers, "content-encoding": "gzip"}, reply.body)


def halved(reply: Reply) -> Reply:
    """Return a reply with the first half of its body."""
    return Reply(reply.status, reply.headers, half(reply.body))


def half(sent: bytes) -> bytes:
    """Return the first half of what would be sent."""
    return sent[: len(sent) // 2]
