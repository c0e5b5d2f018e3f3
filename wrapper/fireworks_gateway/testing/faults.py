r"""What can go wrong on the wire, for `FaultServer`.

    with FaultServer(gateway.reply, [faults.reset_before(), None, faults.late(2.0)]) as url: ...

Each function returns a `Fault`, and its docstring says what the client sees. A fault is pure: given the right reply, it
lists what happens on the wire, as bytes to send, seconds to pause, and `Act`s. When the list ends the connection is
kept alive. So one of your own is a line:

    Fault("teapot()", lambda reply: [b"HTTP/1.1 418 I'm a teapot\r\ncontent-length: 0\r\n\r\n", 0.5, Act.CLOSE])
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum, auto
from itertools import chain, cycle

from attrs import evolve, field, frozen

from . import _wire as wire
from ._service import Reply
from ._wire import whole

__all__ = [
    "Act",
    "Fault",
    "Step",
    "answered",
    "bad_chunk",
    "bad_gzip",
    "chunked",
    "closed_after",
    "closed_before",
    "dribbled_body",
    "dribbled_headers",
    "endless",
    "endless_headers",
    "garbage",
    "gzipped",
    "interim",
    "invalid_utf8",
    "late",
    "long_content_length",
    "redirected",
    "reset_after",
    "reset_before",
    "reset_within",
    "short_content_length",
    "stall",
    "stall_within",
    "switched_protocol",
    "truncated_body",
    "truncated_chunks",
    "truncated_gzip",
    "truncated_headers",
    "truncated_json",
    "unframed",
    "whole",
]


class Act(Enum):
    """What is done to a connection, other than to send and to pause."""

    RESET = auto()
    """It ends with a reset (RST), which the client's system reports as an error."""
    CLOSE = auto()
    """It ends in good order (FIN), once what was sent has gone."""
    STALL = auto()
    """Nothing more happens until the client leaves."""
    LISTEN = auto()
    """Nothing happens until the client sends more, which is not answered and not recorded."""


Step = bytes | float | Act
"""Bytes to send, seconds to pause, or an act."""


@frozen(repr=False)
class Fault:
    """Something that goes wrong with one answer.

    Attributes:
        name: The call that made it, which is how it prints too; faults of one name are equal.
        steps: What happens on the wire, given the reply that would have been sent. It may never end.
    """

    name: str
    steps: Callable[[Reply], Iterable[Step]] = field(eq=False)

    def __repr__(self) -> str:
        return self.name


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
    return Fault("reset_after()", lambda reply: [whole(reply), Act.LISTEN, Act.RESET])


def closed_before() -> Fault:
    """The connection is closed before a byte of the answer."""
    return Fault("closed_before()", lambda reply: [Act.CLOSE])


def closed_after() -> Fault:
    """The answer is right, and the connection is closed when the next request comes on it.

    It is what a server does that drops idle connections, when a request crosses its closing.
    """
    return Fault("closed_after()", lambda reply: [whole(reply), Act.LISTEN, Act.CLOSE])


def truncated_headers() -> Fault:
    """The connection is closed after half of the headers."""
    return Fault("truncated_headers()", lambda reply: [wire.half(wire.head(reply)), Act.CLOSE])


def truncated_body() -> Fault:
    """The connection is closed after half of the body; content-length promised the whole."""
    return Fault("truncated_body()", lambda reply: [wire.head(reply) + wire.half(reply.body), Act.CLOSE])


def truncated_json() -> Fault:
    """The response is whole, and the JSON in it stops halfway."""
    return Fault("truncated_json()", lambda reply: [whole(wire.halved(reply))])


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
    return Fault("gzipped()", lambda reply: [whole(wire.gzipped(reply))])


def bad_gzip() -> Fault:
    """The headers say gzip, and the body is not."""
    return Fault("bad_gzip()", lambda reply: [whole(wire.called_gzip(reply))])


def truncated_gzip() -> Fault:
    """The response is whole, and the gzip in it stops halfway."""
    return Fault("truncated_gzip()", lambda reply: [whole(wire.halved(wire.gzipped(reply)))])


def invalid_utf8() -> Fault:
    """The response is whole, and in its first string there is a byte that UTF-8 does not have."""

    def steps(reply: Reply) -> Iterable[Step]:
        before, mark, after = reply.body.partition(b'":"')
        return [whole(evolve(reply, body=before + mark + b"\xff" + after))]

    return Fault("invalid_utf8()", steps)


def stall() -> Fault:
    """No answer comes, and the connection stays."""
    return Fault("stall()", lambda reply: [Act.STALL])


def stall_within() -> Fault:
    """The headers and half the body come, then nothing, and the connection stays."""
    return Fault("stall_within()", lambda reply: [wire.head(reply) + wire.half(reply.body), Act.STALL])


def late(seconds: float) -> Fault:
    """A right answer, so many seconds late."""
    return Fault(f"late({seconds})", lambda reply: [seconds, whole(reply)])


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


def answered(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Fault:
    """Another answer altogether: `answered(503, headers={"retry-after": "2"})`."""
    reply = Reply(status, dict(headers or {}), body)
    return Fault(f"answered({status}, {body!r}, {dict(reply.headers)})", lambda _: [whole(reply)])


def redirected(location: str, status: int = 302) -> Fault:
    """A redirect elsewhere."""
    reply = Reply(status, {"location": location}, b"")
    return Fault(f"redirected({location!r}, {status})", lambda _: [whole(reply)])


def interim(status: int = 103) -> Fault:
    """A right answer, after one that announces it (100 or 103)."""
    return Fault(f"interim({status})", lambda reply: [wire.status_line(status) + b"\r\n" + whole(reply)])


def switched_protocol() -> Fault:
    """The server changes to a protocol that nobody asked for (101), and says nothing more."""
    head = wire.status_line(101) + b"connection: upgrade\r\nupgrade: other\r\n\r\n"
    return Fault("switched_protocol()", lambda reply: [head, Act.STALL])


def _dribbled(sent: bytes, pause: float) -> Iterator[Step]:
    for byte in sent:
        yield bytes([byte])
        yield pause
