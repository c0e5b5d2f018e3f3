"""The script of a test: a fault for each response of a gateway or server, and a clock that advances at once."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from threading import Lock

from attrs import define, field, frozen

from .._http.retries import Clock
from ._service import Handler, Reply, Request


class Act(Enum):
    """An effect on a connection other than bytes and pauses."""

    RESET = auto()
    """Reset it (RST), which the client's system reports as an error."""
    CLOSE = auto()
    """Close it normally (FIN) after the bytes so far."""
    STALL = auto()
    """Send nothing more until the client closes it."""
    LISTEN = auto()
    """Wait until the client sends more, which gets no response and is not recorded."""


WireStep = bytes | float | Act
"""Bytes to send, seconds to pause, or an act."""


@frozen(repr=False)
class Fault:
    """A fault of one response: of its content, of its time, or on the wire.

    `&` joins faults of one response, of which the right one applies first: `bad_gzip() & empty_page()`.

    Attributes:
        name: The call that made it, which is also its repr; faults of one name are equal.
        steps: The steps on the wire for a reply, possibly endless; None to send the reply as it is.
        reply: Returns the reply to a request; called with the request and the function that gives the normal reply.
        seconds: The delay before the reply.
    """

    name: str
    steps: Callable[[Reply], Iterable[WireStep]] | None = field(default=None, eq=False)
    reply: Callable[[Request, Handler], Reply] = field(
        default=lambda request, handler: handler(request), eq=False, kw_only=True
    )
    seconds: float = field(default=0.0, eq=False, kw_only=True)

    def __repr__(self) -> str:
        return self.name

    def __and__(self, other: "Fault") -> "Fault":
        if self.steps and other.steps:
            raise ValueError(f"a response must have at most one fault on the wire, got {self} and {other}")

        def reply(request: Request, handler: Handler) -> Reply:
            return self.reply(request, lambda changed: other.reply(changed, handler))

        return Fault(f"{self} & {other}", self.steps or other.steps, reply=reply, seconds=self.seconds + other.seconds)


_NO_FAULT = Fault("no fault")


class Script:
    """Returns the next fault for each response, from any thread; no fault after the last."""

    def __init__(self, faults: Iterable[Fault | None]) -> None:
        if isinstance(faults, Fault):
            # A single fault is ambiguous: for the first response, or for all.
            raise TypeError(f"faults must be a list: [{faults}] for one response, itertools.repeat({faults}) for all")
        self._faults: Iterator[Fault | None] = iter(faults)
        self._lock = Lock()

    def __iter__(self) -> Iterator[Fault | None]:
        return self

    def __next__(self) -> Fault | None:
        with self._lock:
            return next(self._faults)

    def next_fault(self) -> Fault:
        """Return the next fault; raises TypeError for another item, such as a function that was not called."""
        fault = next(self, None)
        if fault is None:
            return _NO_FAULT
        if not isinstance(fault, Fault):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"faults must be made by calls such as busy(), or None, got {fault!r}")
        return fault


BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)  # The start of virtual time.


@define
class VirtualTime:
    """Time that advances at once when a client waits, so retries take no time.

    Give `VirtualTime().clock` to a client. Random waits have their maximum length. Tasks of an event loop wait at the
    same time; threads wait one after the other.

    Attributes:
        seconds: The current time.
        waits: The seconds of each wait, in order.
    """

    seconds: float = 0.0
    waits: list[float] = field(factory=list[float])
    _ends: list[float] = field(factory=list[float], init=False, repr=False)

    @property
    def clock(self) -> Clock:
        """A clock of this time."""
        return Clock(
            now=lambda: self.seconds,
            sleep=self.wait,
            async_sleep=self._async_wait,
            uniform=lambda _, most: most,
            date=lambda: BEGINNING + timedelta(seconds=self.seconds),
        )

    def wait(self, seconds: float) -> None:
        """Advance the time."""
        self.waits.append(seconds)
        self.seconds += seconds

    async def _async_wait(self, seconds: float) -> None:
        from anyio.lowlevel import checkpoint  # The clock of real time uses it, too.

        self.waits.append(seconds)
        end = self.seconds + seconds
        self._ends.append(end)
        try:
            await checkpoint()  # Other tasks begin their waits first, since no time has passed for them.
            while end > min(self._ends):
                await checkpoint()
        finally:
            self._ends.remove(end)
        self.seconds = max(self.seconds, end)
