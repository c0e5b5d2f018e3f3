"""Faults on the wire: responses as bytes, whole, in parts, or broken."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator
from enum import Enum, auto
from http.client import responses
from itertools import chain, cycle

from attrs import evolve, field, frozen

from ._service import Answering, Reply, Request

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


def in_chunks(reply: Reply) -> bytes:
    """Return a reply in two chunks, without the last one, which is empty."""
    middle = len(reply.body) // 2
    chunks = [chunk(part) for part in (reply.body[:middle], reply.body[middle:]) if part]
    return head(reply, "transfer-encoding: chunked") + b"".join(chunks)


def chunk(part: bytes) -> bytes:
    """Return a chunk of a body."""
    return b"%x\r\n%b\r\n" % (len(part), part)


def in_gzip(reply: Reply) -> Reply:
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


def _asked(request: Request, ask: Answering) -> Reply:
    return ask(request)


@frozen(repr=False)
class Fault:
    """Something that goes wrong with one answer: in what it says, in when it comes, or on the wire.

    Two faults of one answer are joined by `&`; the one on the right is nearer to the gateway, so what changes a page
    stands to the right of what makes it none: `gzipped() & empty_page()`.

    Attributes:
        name: The call that made it, which is how it prints too; faults of one name are equal.
        steps: What happens on the wire, given the reply that is to be sent, which it may do without end; None where
            the reply is sent as it is.
        answer: What the reply is, given the request and what would answer it rightly.
        seconds: How long before the reply is sent.
    """

    name: str
    steps: Callable[[Reply], Iterable[Step]] | None = field(default=None, eq=False)
    answer: Callable[[Request, Answering], Reply] = field(default=_asked, eq=False, kw_only=True)
    seconds: float = field(default=0.0, eq=False, kw_only=True)

    def __repr__(self) -> str:
        return self.name

    def __and__(self, other: Fault) -> Fault:
        if self.steps and other.steps:
            raise ValueError(f"{self} and {other} cannot both be what happens on the wire to one answer")
        return Fault(
            f"{self} & {other}",
            self.steps or other.steps,
            answer=lambda request, ask: self.answer(request, lambda asked: other.answer(asked, ask)),
            seconds=self.seconds + other.seconds,
        )

    def on_wire(self, reply: Reply) -> Iterator[Step]:
        """Return what is sent, paused and done, given the reply."""
        if self.seconds:
            yield self.seconds
        yield from self.steps(reply) if self.steps else [whole(reply)]


RIGHT = Fault("right()")
"""The one with which nothing is wrong."""


def script_of(faults: Iterable[Fault | None]) -> Iterator[Fault | None]:
    """Return a script from its start.

    Raises:
        TypeError: It is a fault by itself, of which it would not be said how often it happens.
    """
    if isinstance(faults, Fault):
        raise TypeError(f"faults is a script: [{faults}] for the first answer, itertools.repeat({faults}) for all")
    return iter(faults)


def fault_from(script: Iterator[Fault | None]) -> Fault:
    """Return the next fault of a script; `RIGHT` for None, and at its end.

    Raises:
        TypeError: What is next is neither a fault nor None.
    """
    fault = next(script, None)
    if fault is None:
        return RIGHT
    if not isinstance(fault, Fault):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"a script has faults, such as busy(), and None; not {fault!r}")
    return fault


def changed_reply(name: str, change: Callable[[Reply], Reply]) -> Fault:
    """Return the fault that changes the right reply."""
    return Fault(name, answer=lambda request, ask: change(ask(request)))


def reset_before() -> Fault:
    """The connection is reset before a byte of the answer."""
    return Fault("reset_before()", lambda reply: [Act.RESET])


def reset_within() -> Fault:
    """The connection is reset within the body, of which half comes, or less where it is large."""
    return Fault("reset_within()", lambda reply: [head(reply) + half(reply.body), Act.RESET])


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
    return Fault("truncated_headers()", lambda reply: [half(head(reply)), Act.CLOSE])


def truncated_body() -> Fault:
    """The connection is closed after half of the body; content-length promised the whole."""
    return Fault("truncated_body()", lambda reply: [head(reply) + half(reply.body), Act.CLOSE])


def truncated_json() -> Fault:
    """The response is whole, and the JSON in it stops halfway."""
    return changed_reply("truncated_json()", halved)


def short_content_length() -> Fault:
    """The body is whole, and content-length says half of it; the rest looks like the start of another response."""
    return Fault(
        "short_content_length()",
        lambda reply: [head(reply, f"content-length: {len(reply.body) // 2}") + reply.body],
    )


def long_content_length() -> Fault:
    """The body is whole, and content-length says one byte more, for which the client waits: the connection stays."""
    return Fault(
        "long_content_length()",
        lambda reply: [head(reply, f"content-length: {len(reply.body) + 1}") + reply.body, Act.STALL],
    )


def unframed() -> Fault:
    """A right answer without content-length: the close is its end."""
    return Fault("unframed()", lambda reply: [head(reply, "connection: close") + reply.body, Act.CLOSE])


def chunked() -> Fault:
    """A right answer in two chunks."""
    return Fault("chunked()", lambda reply: [in_chunks(reply) + b"0\r\n\r\n"])


def bad_chunk() -> Fault:
    """The body is chunked, and the size of a later chunk is not hexadecimal."""
    return Fault("bad_chunk()", lambda reply: [in_chunks(reply) + b"size\r\n\r\n0\r\n\r\n"])


def truncated_chunks() -> Fault:
    """The body is chunked, and the connection is closed before the last chunk: all is there but the end."""
    return Fault("truncated_chunks()", lambda reply: [in_chunks(reply), Act.CLOSE])


def gzipped() -> Fault:
    """A right answer in gzip."""
    return changed_reply("gzipped()", in_gzip)


def bad_gzip() -> Fault:
    """The headers say gzip, and the body is not."""
    return changed_reply("bad_gzip()", called_gzip)


def truncated_gzip() -> Fault:
    """The response is whole, and the gzip in it stops halfway."""
    return changed_reply("truncated_gzip()", lambda reply: halved(in_gzip(reply)))


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
    return Fault("stall_within()", lambda reply: [head(reply) + half(reply.body), Act.STALL])


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
    return Fault(f"dribbled_headers({pause})", lambda reply: chain(_dribbled(head(reply), pause), [reply.body]))


def dribbled_body(pause: float = 0.05) -> Fault:
    """A right answer whose body comes a byte at a time, with so many seconds between."""
    return Fault(f"dribbled_body({pause})", lambda reply: chain([head(reply)], _dribbled(reply.body, pause)))


def garbage() -> Fault:
    """What comes is not HTTP."""
    return Fault("garbage()", lambda reply: [b"\x15\x03\x03 this is not HTTP \xff\r\n\r\n", Act.CLOSE])


def endless(pause: float = 0.0) -> Fault:
    """The body is right and goes on for ever: 64 KiB of white space at a time, with so many seconds between."""
    space = chunk(b" " * 0x10000)
    return Fault(f"endless({pause})", lambda reply: chain([in_chunks(reply)], cycle([space, float(pause)])))


def endless_headers() -> Fault:
    """The headers go on for ever."""
    more = b"x-more: %b\r\n" % (b"of it " * 200)
    return Fault("endless_headers()", lambda reply: chain([head(reply).removesuffix(b"\r\n")], cycle([more])))


def interim(status: int = 103) -> Fault:
    """A right answer, after one that announces it (100 or 103)."""
    return Fault(f"interim({status})", lambda reply: [status_line(status) + b"\r\n" + whole(reply)])


def switched_protocol() -> Fault:
    """The server changes to a protocol that nobody asked for (101), and says nothing more."""
    head = status_line(101) + b"connection: upgrade\r\nupgrade: other\r\n\r\n"
    return Fault("switched_protocol()", lambda reply: [head, Act.STALL])


def _dribbled(sent: bytes, pause: float) -> Iterator[Step]:
    for byte in sent:
        yield bytes([byte])
        yield pause
