"""Time and chance: what is not decided here, and what a test may put something else in place of."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from attrs import frozen


async def _async_sleep(seconds: float) -> None:
    import anyio  # httpx's own way to run under asyncio and trio alike

    await anyio.sleep(seconds)


def _date() -> datetime:
    return datetime.now(UTC)


@frozen(eq=False)
class Clock:
    """What time it is, how to wait, and what chance says.

    Attributes:
        now: Returns seconds that only go forward.
        sleep: Waits for a number of seconds.
        async_sleep: Does so without blocking the event loop.
        uniform: Returns a random number between two.
        date: Returns the date and time, which a service may name instead of a number of seconds.
    """

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    async_sleep: Callable[[float], Awaitable[None]] = _async_sleep
    uniform: Callable[[float, float], float] = random.uniform
    date: Callable[[], datetime] = _date
