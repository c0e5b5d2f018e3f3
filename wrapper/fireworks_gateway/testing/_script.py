"""A fault of one response, and the script of faults of a gateway or server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum, auto
from threading import Lock

from attrs import field, frozen

from ._service import Handler, Reply, Request


class Act(Enum):
    """An effect on a connection other than bytes and pauses."""

    RESET = auto()
    """Reset it (RST), which the client's system reports as an error."""
    CLOSE = auto()
    """Close it in good order (FIN) after the bytes so far."""
    STALL = auto()
    """Send nothing more until the client closes it."""
    LISTEN = auto()
    """Wait until the client sends more, which gets no response and is not recorded."""


Step = bytes | float | Act
"""Bytes to send, seconds to pause, or an act."""


def _right(request: Request, ask: Handler) -> Reply:
    return ask(request)


@frozen(repr=False)
class Fault:
    """A fault of one response: of its content, of its time, or on the wire.

    `&` joins faults of one response. The right one applies first, so a fault that changes a page is to the right of
    one that makes it unreadable: `bad_gzip() & empty_page()`.

    Attributes:
        name: The call that made it, which is also its repr; faults of one name are equal.
        steps: The steps on the wire for a reply, possibly endless; None to send the reply as it is.
        answer: The reply to a request, given the function that replies to it rightly.
        seconds: The delay before the reply.
    """

    name: str
    steps: Callable[[Reply], Iterable[Step]] | None = field(default=None, eq=False)
    answer: Callable[[Request, Handler], Reply] = field(default=_right, eq=False, kw_only=True)
    seconds: float = field(default=0.0, eq=False, kw_only=True)

    def __repr__(self) -> str:
        return self.name

    def __and__(self, other: Fault) -> Fault:
        if self.steps and other.steps:
            raise ValueError(f"a response must have at most one fault on the wire, got {self} and {other}")
        return Fault(
            f"{self} & {other}",
            self.steps or other.steps,
            answer=lambda request, ask: self.answer(request, lambda asked: other.answer(asked, ask)),
            seconds=self.seconds + other.seconds,
        )


_RIGHT = Fault("right()")


class Script:
    """The next fault for each response, from any thread; the right response after the last."""

    def __init__(self, faults: Iterable[Fault | None]) -> None:
        if isinstance(faults, Fault):
            # Alone it could mean the first response or all of them.
            raise TypeError(f"faults must be a list: [{faults}] for one response, itertools.repeat({faults}) for all")
        self._faults: Iterator[Fault | None] = iter(faults)
        self._lock = Lock()

    def __iter__(self) -> Iterator[Fault | None]:
        return self

    def __next__(self) -> Fault | None:
        with self._lock:
            return next(self._faults)

    def next_fault(self) -> Fault:
        """Return the next fault.

        Raises:
            TypeError: The next item is neither a fault nor None, such as a function that was not called.
        """
        fault = next(self, None)
        if fault is None:
            return _RIGHT
        if not isinstance(fault, Fault):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"faults must be made by calls such as busy(), or None, got {fault!r}")
        return fault
