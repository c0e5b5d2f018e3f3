"""Time that passes only when somebody waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from attrs import define, field

from .._clock import Clock

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
"""The date at which virtual time begins."""


@define
class VirtualTime:
    """Time that stands still until a client waits, and then has passed at once: retries without the waiting.

    Hand `VirtualTime().clock` to a client. Chance is left out too: a wait that is drawn is the longest that it may be.

    Attributes:
        seconds: What time it is.
        waits: For how long was waited, in order.
    """

    seconds: float = 0.0
    waits: list[float] = field(factory=list[float])

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
        self.wait(seconds)
