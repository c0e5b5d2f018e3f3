"""A clock whose time passes only when somebody waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from attrs import define, field

from .._http.retries import Clock

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
"""The date at which virtual time begins."""


@define
class VirtualTime:
    """Time that stands still until a client waits, and then has passed at once: retries without the waiting.

    Hand `VirtualTime().clock` to a client. Chance is left out too: a wait that is drawn is the longest that it may be.
    Tasks of an event loop wait at the same time, each until its own; threads wait one after the other.

    Attributes:
        seconds: What time it is.
        waits: For how long was waited, in order.
    """

    seconds: float = 0.0
    waits: list[float] = field(factory=list[float])
    _ends: list[float] = field(factory=list[float], init=False, repr=False)

    @property
    def clock(self) -> Clock:
        """The clock that shows this time."""
        return Clock(
            now=lambda: self.seconds,
            sleep=self.wait,
            async_sleep=self._async_wait,
            uniform=lambda _, most: most,
            date=lambda: BEGINNING + timedelta(seconds=self.seconds),
        )

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.waits.append(seconds)
        self.seconds += seconds

    async def _async_wait(self, seconds: float) -> None:
        from anyio.lowlevel import checkpoint  # What the clock of real time waits with, too.

        self.waits.append(seconds)
        end = self.seconds + seconds
        self._ends.append(end)
        try:
            await checkpoint()  # Others that are about to wait do so first, since no time has passed for them.
            while end > min(self._ends):
                await checkpoint()
        finally:
            self._ends.remove(end)
        self.seconds = max(self.seconds, end)
