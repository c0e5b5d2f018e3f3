"""Faults on the wire whose effect the client hides, or that look like another one to its caller."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from itertools import chain, cycle

from attrs import evolve

from fireworks_gateway.testing import Reply
from fireworks_gateway.testing.faults import Act, Fault, WireStep, encode_reply


def head(reply: Reply, framing: str | None = None) -> bytes:
    """Return the status line and the headers, of which `framing` tells where the body ends."""
    length = framing or f"content-length: {len(reply.body)}"
    return encode_reply(evolve(reply, body=b"")).replace(b"content-length: 0", length.encode())


def half(sent: bytes) -> bytes:
    """Return the first half of some bytes."""
    return sent[: len(sent) // 2]


def in_chunks(reply: Reply) -> bytes:
    """Return a reply in two chunks, without the empty chunk that ends it."""
    middle = len(reply.body) // 2
    parts = [part for part in (reply.body[:middle], reply.body[middle:]) if part]
    chunks = [b"%x\r\n%b\r\n" % (len(part), part) for part in parts]
    return head(reply, "transfer-encoding: chunked") + b"".join(chunks)


def in_gzip(reply: Reply) -> Reply:
    """Return a reply with its body in gzip."""
    return Reply(reply.status, {**reply.headers, "content-encoding": "gzip"}, gzip.compress(reply.body))


def changed_reply(name: str, change: Callable[[Reply], Reply]) -> Fault:
    """Return a fault that changes the right reply."""
    return Fault(name, reply=lambda request, handler: change(handler(request)))


def reset_within() -> Fault:
    """Reset the connection after half of the body, or less where it is large."""
    return Fault("reset_within()", lambda reply: [head(reply) + half(reply.body), Act.RESET])


def reset_after() -> Fault:
    """Send the right response, and reset the connection when the next request comes.

    Reset any earlier, a client might see it in time and open another connection.
    """
    return Fault("reset_after()", lambda reply: [encode_reply(reply), Act.LISTEN, Act.RESET])


def closed_before() -> Fault:
    """Close the connection before the first byte of the response."""
    return Fault("closed_before()", lambda reply: [Act.CLOSE])


def closed_after() -> Fault:
    """Send the right response, and close the connection when the next request comes: it was idle for too long."""
    return Fault("closed_after()", lambda reply: [encode_reply(reply), Act.LISTEN, Act.CLOSE])


def truncated_headers() -> Fault:
    """Close the connection after half of the headers."""
    return Fault("truncated_headers()", lambda reply: [half(head(reply)), Act.CLOSE])


def short_content_length() -> Fault:
    """Send the whole body under half its content-length; the rest looks like the start of another response."""
    return Fault(
        "short_content_length()", lambda reply: [head(reply, f"content-length: {len(reply.body) // 2}") + reply.body]
    )


def long_content_length() -> Fault:
    """Send the whole body under a content-length of one byte more, and keep the connection open."""
    return Fault(
        "long_content_length()",
        lambda reply: [head(reply, f"content-length: {len(reply.body) + 1}") + reply.body, Act.STALL],
    )


def unframed() -> Fault:
    """Send the right response without content-length: the close is its end."""
    return Fault("unframed()", lambda reply: [head(reply, "connection: close") + reply.body, Act.CLOSE])


def chunked() -> Fault:
    """Send the right response in two chunks."""
    return Fault("chunked()", lambda reply: [in_chunks(reply) + b"0\r\n\r\n"])


def bad_chunk() -> Fault:
    """Send chunks, of which a later one has a size that is not hexadecimal."""
    return Fault("bad_chunk()", lambda reply: [in_chunks(reply) + b"size\r\n\r\n0\r\n\r\n"])


def truncated_chunks() -> Fault:
    """Send all chunks but the last, empty one, and close the connection."""
    return Fault("truncated_chunks()", lambda reply: [in_chunks(reply), Act.CLOSE])


def gzipped() -> Fault:
    """Send the right response in gzip."""
    return changed_reply("gzipped()", in_gzip)


def truncated_gzip() -> Fault:
    """Send a whole response whose gzip stops halfway."""
    return changed_reply("truncated_gzip()", lambda reply: evolve(in_gzip(reply), body=half(in_gzip(reply).body)))


def invalid_utf8() -> Fault:
    """Send a whole response with a byte in its first string that UTF-8 does not have."""
    return changed_reply("invalid_utf8()", lambda reply: evolve(reply, body=reply.body.replace(b'":"', b'":"\xff', 1)))


def stall_within() -> Fault:
    """Send the headers and half of the body, and keep the connection open."""
    return Fault("stall_within()", lambda reply: [head(reply) + half(reply.body), Act.STALL])


def dribbled_headers(pause: float = 0.05) -> Fault:
    """Send the right response with headers of one byte at a time, with a pause in seconds between them."""

    def steps(reply: Reply) -> Iterator[WireStep]:
        for byte in head(reply):
            yield bytes([byte])
            yield pause
        yield reply.body

    return Fault(f"dribbled_headers({pause})", steps)


def endless_headers() -> Fault:
    """Send headers for ever."""
    more = b"x-more: %b\r\n" % (b"of it " * 200)
    return Fault("endless_headers()", lambda reply: chain([head(reply).removesuffix(b"\r\n")], cycle([more])))


def interim(status: int = 103) -> Fault:
    """Send the right response after one that announces it (100 or 103)."""
    return Fault(f"interim({status})", lambda reply: [b"HTTP/1.1 %d \r\n\r\n" % status + encode_reply(reply)])


def switched_protocol() -> Fault:
    """Change to a protocol that the client did not request (101), and send nothing more."""
    sent = b"HTTP/1.1 101 \r\nconnection: upgrade\r\nupgrade: other\r\n\r\n"
    return Fault("switched_protocol()", lambda reply: [sent, Act.STALL])
