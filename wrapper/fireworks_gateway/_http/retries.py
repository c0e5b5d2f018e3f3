"""Decide whether and when to retry a request; the clock can be replaced in tests."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from attrs import define, frozen

from ..errors import GatewayError, StatusError


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


DEFAULT_MAX_RETRIES = 2
"""How often a request is sent again, at the most, after a failure that may pass."""

FIRST_WAIT, LONGEST_WAIT = 0.5, 8.0
"""The wait before another attempt is anything up to the first of these, in seconds, doubled each time to the second."""

LONGEST_ASKED = 3600.0
"""A wait that the service asks for is not waited from this many seconds on, even without a deadline."""

logging.getLogger("fireworks_gateway").addHandler(logging.NullHandler())  # Silent unless the program says otherwise.

# Of its own, so that who logs what the package says can leave out what passed by itself.
logger = logging.getLogger("fireworks_gateway.retries")


@frozen
class Retry:
    """A request that is about to be sent again, for a log or a counter.

    Attributes:
        request: What is asked: method and URL.
        attempt: Which attempt failed, from 1.
        error: How.
        wait: For how many seconds the client waits before the next.
    """

    request: str
    attempt: int
    error: GatewayError
    wait: float


OnRetry = Callable[[Retry], None]


def wait_after(
    error: GatewayError, *, attempts: int, max_retries: int, left: float, uniform: Callable[[float, float], float]
) -> float | None:
    """Return for how many seconds to wait before asking again, or None when not to.

    Full jitter: anything up to a bound that doubles. What the service asks for counts instead, and when it asks for
    more than what is left of the deadline there is no point in waiting at all.
    """
    if not error.retryable or attempts > max_retries:
        return None
    asked = asked_wait(error)
    wait = uniform(0, min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempts - 1))) if asked is None else asked
    return wait if wait < min(left, LONGEST_ASKED) else None


def asked_wait(error: GatewayError) -> float | None:
    """Return for how many seconds the service asks to be left alone; None where it does not say."""
    return error.retry_after if isinstance(error, StatusError) else None


def ending_after(error: GatewayError, *, attempts: int, max_retries: int, left: float) -> str:
    """Return why a request is not sent again, as a sentence, where that does not go without saying."""
    asked = asked_wait(error)
    if error.retryable and attempts <= max_retries:
        if asked is not None and left > LONGEST_ASKED:
            return f"It asks to be left alone for {asked:,.6g} s, which is longer than the client waits."
        if asked is not None:
            return f"It asks to be left alone for {asked:,.6g} s, and {max(left, 0):,.1f} s of the deadline are left."
        return "The deadline leaves no time for another attempt."
    return f"It was tried {attempts} times." if attempts > 1 else ""


@define(eq=False, repr=False)
class Attempts:
    """The attempts at one request.

    Attributes:
        request: What is asked: method and URL.
        clock: What time it is.
        began: When the first attempt was.
        end: When there is no more time.
        max_retries: How many attempts may follow the first.
        on_retry: What is told of each.
        count: How many there were.
    """

    request: str
    clock: Clock
    began: float
    end: float
    max_retries: int
    on_retry: OnRetry | None
    count: int = 0

    def left(self) -> float:
        """Return for how many seconds there still is time; 0 or less when there is none."""
        return self.end - self.clock.now()

    def elapsed(self) -> float:
        """Return how many seconds ago the first attempt began."""
        return self.clock.now() - self.began

    def wait_after(self, error: GatewayError) -> float:
        """Return for how many seconds to wait before the next attempt, having told of it; or raise the error."""
        left, error.attempts = self.left(), self.count
        wait = wait_after(
            error, attempts=self.count, max_retries=self.max_retries, left=left, uniform=self.clock.uniform
        )
        if wait is None:
            error.ending = ending_after(error, attempts=self.count, max_retries=self.max_retries, left=left)
            raise error
        logger.warning("attempt %d failed, the next is in %.2f s: %s", self.count, wait, error)
        if self.on_retry is not None:
            self.on_retry(Retry(self.request, self.count, error, wait))
        return wait
