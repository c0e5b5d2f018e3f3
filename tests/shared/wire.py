"""Faults on the wire whose effect the client hides, or that look like another one to its caller."""

import gzip
from collections.abc import Callable, Iterator
from itertools import chain, cycle

from attrs import evolve

from fireworks_gateway.testing import Reply
from fireworks_gateway.testing.faults import Act, Fault, WireStep, encode_reply


def head(reply: Reply, framing: str | None = None) -> bytes:
    """Return the status line and the headers, of which `framing` determines the end of the body."""
    length = framing or f"content-length: {len(reply.body)}"
    return encode_reply(evolve(reply, body=b"")).replace(b"content-length: 0", length.encode())


def half(sent: bytes) -> bytes:
    """Return the first half of some bytes."""
    return sent[: len(sent) // 2]


def chunk_reply(reply: Reply) -> bytes:
    """Return a reply in two chunks, without the empty chunk that ends it."""
    middle = len(reply.body) // 2
    parts = [part for part in (reply.body[:middle], reply.body[middle:]) if part]
    chunks = [b"%x\r\n%b\r\n" % (len(part), part) for part in parts]
    return head(reply, "transfer-encoding: chunked") + b"".join(chunks)


def gzip_reply(reply: Reply) -> Reply:
    """Return a reply with its body in gzip."""
    return Reply(reply.status, {**reply.headers, "content-encoding": "gzip"}, gzip.compress(reply.body))


def change_reply(name: str, change: Callable[[Reply], Reply]) -> Fault:
    """Return a fault that changes the right reply."""
    return Fault(name, reply=lambda request, handler: change(handler(request)))


RESET_WITHIN = Fault("reset_within", lambda reply: [head(reply) + half(reply.body), Act.RESET])
"""Reset the connection after half of the body, or less where it is large."""
RESET_AFTER = Fault("reset_after", lambda reply: [encode_reply(reply), Act.LISTEN, Act.RESET])
"""Send the right response, and reset the connection when the next request comes: a client might see an earlier one."""
CLOSED_BEFORE = Fault("closed_before", lambda reply: [Act.CLOSE])
"""Close the connection before the first byte of the response."""
CLOSED_AFTER = Fault("closed_after", lambda reply: [encode_reply(reply), Act.LISTEN, Act.CLOSE])
"""Send the right response, and close the connection when the next request comes: it was idle for too long."""
TRUNCATED_HEADERS = Fault("truncated_headers", lambda reply: [half(head(reply)), Act.CLOSE])
"""Close the connection after half of the headers."""
SHORT_CONTENT_LENGTH = Fault(
    "short_content_length", lambda reply: [head(reply, f"content-length: {len(reply.body) // 2}") + reply.body]
)
"""Send the whole body under half its content-length; the rest looks like the start of another response."""
LONG_CONTENT_LENGTH = Fault(
    "long_content_length",
    lambda reply: [head(reply, f"content-length: {len(reply.body) + 1}") + reply.body, Act.STALL],
)
"""Send the whole body under a content-length of one byte more, and keep the connection open."""
UNFRAMED = Fault("unframed", lambda reply: [head(reply, "connection: close") + reply.body, Act.CLOSE])
"""Send the right response without content-length: the close is its end."""
CHUNKED = Fault("chunked", lambda reply: [chunk_reply(reply) + b"0\r\n\r\n"])
"""Send the right response in two chunks."""
BAD_CHUNK = Fault("bad_chunk", lambda reply: [chunk_reply(reply) + b"size\r\n\r\n0\r\n\r\n"])
"""Send chunks, of which a later one has a size that is not hexadecimal."""
TRUNCATED_CHUNKS = Fault("truncated_chunks", lambda reply: [chunk_reply(reply), Act.CLOSE])
"""Send all chunks but the last, empty one, and close the connection."""
GZIPPED = change_reply("gzipped", gzip_reply)
"""Send the right response in gzip."""
TRUNCATED_GZIP = change_reply(
    "truncated_gzip", lambda reply: evolve(gzip_reply(reply), body=half(gzip_reply(reply).body))
)
"""Send a whole response whose gzip stops halfway."""
INVALID_UTF8 = change_reply("invalid_utf8", lambda reply: evolve(reply, body=reply.body.replace(b'":"', b'":"\xff', 1)))
"""Send a whole response with a byte in its first string that UTF-8 does not have."""
STALL_WITHIN = Fault("stall_within", lambda reply: [head(reply) + half(reply.body), Act.STALL])
"""Send the headers and half of the body, and keep the connection open."""


def dribble_headers(pause: float = 0.05) -> Fault:
    """Send the right response with headers of one byte at a time, with a pause in seconds between them."""

    def steps(reply: Reply) -> Iterator[WireStep]:
        for byte in head(reply):
            yield bytes([byte])
            yield pause
        yield reply.body

    return Fault(f"dribble_headers({pause})", steps)


_MORE = b"x-more: %b\r\n" % (b"of it " * 200)
ENDLESS_HEADERS = Fault("endless_headers", lambda reply: chain([head(reply).removesuffix(b"\r\n")], cycle([_MORE])))
"""Send headers for ever."""


def interim(status: int = 103) -> Fault:
    """Send the right response after one that announces it (100 or 103)."""
    return Fault(f"interim({status})", lambda reply: [b"HTTP/1.1 %d \r\n\r\n" % status + encode_reply(reply)])


_SWITCH = b"HTTP/1.1 101 \r\nconnection: upgrade\r\nupgrade: other\r\n\r\n"
SWITCHED_PROTOCOL = Fault("switched_protocol", lambda reply: [_SWITCH, Act.STALL])
"""Change to a protocol that the client did not request (101), and send nothing more."""
