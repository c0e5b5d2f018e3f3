"""What goes wrong on the wire: connections that end, answers that are cut, late, or in another coding."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, cycle

from attrs import evolve

from . import _wire as wire
from ._exchange import Reply
from ._faults import Act, Fault, Step, changed_reply


def reset_before() -> Fault:
    """The connection is reset before a byte of the answer."""
    return Fault("reset_before()", lambda reply: [Act.RESET])


def reset_within() -> Fault:
    """The connection is reset within the body, of which half comes, or less where it is large."""
    return Fault("reset_within()", lambda reply: [wire.head(reply) + wire.half(reply.body), Act.RESET])


def reset_after() -> Fault:
    """The answer is right, and the connection is reset when the next request comes on it.

    Reset any earlier, a client might see it in time and open another; this is the case in which none can.
    """
    return Fault("reset_after()", lambda reply: [wire.whole(reply), Act.LISTEN, Act.RESET])


def closed_before() -> Fault:
    """The connection is closed before a byte of the answer."""
    return Fault("closed_before()", lambda reply: [Act.CLOSE])


def closed_after() -> Fault:
    """The answer is right, and the connection is closed when the next request comes on it.

    It is what a server does that drops idle connections, when a request crosses its closing.
    """
    return Fault("closed_after()", lambda reply: [wire.whole(reply), Act.LISTEN, Act.CLOSE])


def truncated_headers() -> Fault:
    """The connection is closed after half of the headers."""
    return Fault("truncated_headers()", lambda reply: [wire.half(wire.head(reply)), Act.CLOSE])


def truncated_body() -> Fault:
    """The connection is closed after half of the body; content-length promised the whole."""
    return Fault("truncated_body()", lambda reply: [wire.head(reply) + wire.half(reply.body), Act.CLOSE])


def truncated_json() -> Fault:
    """The response is whole, and the JSON in it stops halfway."""
    return changed_reply("truncated_json()", wire.halved)


def short_content_length() -> Fault:
    """The body is whole, and content-length says half of it; the rest looks like the start of another response."""
    return Fault(
        "short_content_length()",
        lambda reply: [wire.head(reply, f"content-length: {len(reply.body) // 2}") + reply.body],
    )


def long_content_length() -> Fault:
    """The body is whole, and content-length says one byte more, for which the client waits: the connection stays."""
    return Fault(
        "long_content_length()",
        lambda reply: [wire.head(reply, f"content-length: {len(reply.body) + 1}") + reply.body, Act.STALL],
    )


def unframed() -> Fault:
    """A right answer without content-length: the close is its end."""
    return Fault("unframed()", lambda reply: [wire.head(reply, "connection: close") + reply.body, Act.CLOSE])


def chunked() -> Fault:
    """A right answer in two chunks."""
    return Fault("chunked()", lambda reply: [wire.chunked(reply) + b"0\r\n\r\n"])


def bad_chunk() -> Fault:
    """The body is chunked, and the size of a later chunk is not hexadecimal."""
    return Fault("bad_chunk()", lambda reply: [wire.chunked(reply) + b"size\r\n\r\n0\r\n\r\n"])


def truncated_chunks() -> Fault:
    """The body is chunked, and the connection is closed before the last chunk: all is there but the end."""
    return Fault("truncated_chunks()", lambda reply: [wire.chunked(reply), Act.CLOSE])


def gzipped() -> Fault:
    """A right answer in gzip."""
    return changed_reply("gzipped()", wire.gzipped)


def bad_gzip() -> Fault:
    """The headers say gzip, and the body is not."""
    return changed_reply("bad_gzip()", wire.called_gzip)


def truncated_gzip() -> Fault:
    """The response is whole, and the gzip in it stops halfway."""
    return changed_reply("truncated_gzip()", lambda reply: wire.halved(wire.gzipped(reply)))


def invalid_utf8() -> Fault:
    """The response is whole, and in its first string there is a byte that UTF-8 does not have."""

    def change(reply: Reply) -> Reply:
        before, mark, after = reply.body.partition(b'":"')
        return evolve(reply, body=before + mark + b"\xff" + after)

    return changed_reply("invalid_utf8()", change)


def stall() -> Fault:
    """No answer comes, and the connection stays."""
    return Fault("stall()", lambda reply: [Act.STALL])


def stall_within() -> Fault:
    """The headers and half the body come, then nothing, and the connection stays."""
    return Fault("stall_within()", lambda reply: [wire.head(reply) + wire.half(reply.body), Act.STALL])


def late(seconds: float) -> Fault:
    """A right answer, so many seconds late.

    Raises:
        ValueError: `seconds` is negative: nothing is answered before it is asked.
    """
    if not seconds >= 0:
        raise ValueError(f"late takes 0 seconds or more, not {seconds}")
    return Fault(f"late({seconds})", seconds=seconds)


def dribbled_headers(pause: float = 0.05) -> Fault:
    """A right answer whose headers come a byte at a time, with so many seconds between."""
    return Fault(f"dribbled_headers({pause})", lambda reply: chain(_dribbled(wire.head(reply), pause), [reply.body]))


def dribbled_body(pause: float = 0.05) -> Fault:
    """A right answer whose body comes a byte at a time, with so many seconds between."""
    return Fault(f"dribbled_body({pause})", lambda reply: chain([wire.head(reply)], _dribbled(reply.body, pause)))


def garbage() -> Fault:
    """What comes is not HTTP."""
    return Fault("garbage()", lambda reply: [b"\x15\x03\x03 this is not HTTP \xff\r\n\r\n", Act.CLOSE])


def endless(pause: float = 0.0) -> Fault:
    """The body is right and goes on for ever: 64 KiB of white space at a time, with so many seconds between."""
    space = wire.chunk(b" " * 0x10000)
    return Fault(f"endless({pause})", lambda reply: chain([wire.chunked(reply)], cycle([space, float(pause)])))


def endless_headers() -> Fault:
    """The headers go on for ever."""
    more = b"x-more: %b\r\n" % (b"of it " * 200)
    return Fault("endless_headers()", lambda reply: chain([wire.head(reply).removesuffix(b"\r\n")], cycle([more])))


def interim(status: int = 103) -> Fault:
    """A right answer, after one that announces it (100 or 103)."""
    return Fault(f"interim({status})", lambda reply: [wire.status_line(status) + b"\r\n" + wire.whole(reply)])


def switched_protocol() -> Fault:
    """The server changes to a protocol that nobody asked for (101), and says nothing more."""
    head = wire.status_line(101) + b"connection: upgrade\r\nupgrade: other\r\n\r\n"
    return Fault("switched_protocol()", lambda reply: [head, Act.STALL])


def _dribbled(sent: bytes, pause: float) -> Iterator[Step]:
    for byte in sent:
        yield bytes([byte])
        yield pause
