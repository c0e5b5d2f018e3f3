"""A clock whose time advances only when a client waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from attrs import define, field

from .._http.retries import Clock

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
"""The start of virtual time."""


@define
class VirtualTime:
    """Time that advances at once when a client waits, so retries take no time.

    Give `VirtualTime().clock` to a client. Random waits have their maximum length. Tasks of an event loop wait at the
    same time, each until its end; threads wait one after the other.

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
