"""A fault: how one answer goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum, auto

from attrs import field, frozen

from ._exchange import Answering, Reply, Request
from ._wire import whole


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
