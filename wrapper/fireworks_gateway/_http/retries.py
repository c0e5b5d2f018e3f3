"""Decide whether and when to retry a request."""

import logging
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from attrs import define, frozen

from ..errors import GatewayError, StatusError


async def _async_sleep(seconds: float) -> None:
    import anyio  # httpx uses it to run under asyncio and trio.

    await anyio.sleep(seconds)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@frozen(eq=False)
class Clock:
    """Time and randomness, which tests can replace.

    Attributes:
        now: Returns monotonic seconds.
        sleep: Blocks for a number of seconds.
        async_sleep: Waits for a number of seconds without blocking the event loop.
        uniform: Returns a random number between two.
        date: Returns the current time in UTC, for a `Retry-After` with a date.
    """

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    async_sleep: Callable[[float], Awaitable[None]] = _async_sleep
    uniform: Callable[[float, float], float] = random.uniform
    date: Callable[[], datetime] = _utc_now


DEFAULT_MAX_RETRIES = 2

SHORTEST_WAIT, FIRST_WAIT, LONGEST_WAIT = 0.1, 0.5, 8.0
"""Bounds of the wait in seconds: at least, before the first retry (doubled for each further one), and at most."""

LONGEST_REQUESTED_WAIT = 3600.0
"""Waits of this many seconds or more are not waited, even if the service requests them and no deadline is set."""

logging.getLogger("fireworks_gateway").addHandler(logging.NullHandler())  # Silent unless the program configures it.

# A separate logger, so that a program can silence retries alone.
logger = logging.getLogger("fireworks_gateway.retries")


@frozen
class Retry:
    """A retry that is about to start, for logs and metrics.

    Attributes:
        request: Method and URL.
        attempt: The number of the failed attempt, from 1.
        error: The error of that attempt.
        wait: The wait before the next attempt, in seconds.
    """

    request: str
    attempt: int
    error: GatewayError
    wait: float


OnRetry = Callable[[Retry], None]
"""A callback that a client invokes with a `Retry` before each retry, for logs and metrics; pass it as `on_retry`.

It runs in the thread or task of the request, so it should return quickly. An exception that it raises ends the
request, and reaches the caller as it is.
"""


def wait_after(
    error: GatewayError, *, attempts: int, max_retries: int, remaining: float, uniform: Callable[[float, float], float]
) -> float | None:
    """Return the wait before the next attempt in seconds, or None to stop.

    Full jitter: a random time up to a bound that doubles. The wait is never shorter than the service requests, and
    slightly longer, so that many clients do not return at once. A wait beyond the deadline stops the retries.
    """
    if not error.retryable or attempts > max_retries:
        return None
    # Capped before it is doubled, because the power of a large number overflows.
    wait = uniform(SHORTEST_WAIT, min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempts - 1, 10)))
    if requested := requested_wait(error):
        spread = min(FIRST_WAIT, requested / 10)
        wait = max(wait, requested + spread - uniform(0, spread))
    return wait if wait < min(remaining, LONGEST_REQUESTED_WAIT) else None


def requested_wait(error: GatewayError) -> float | None:
    """Return the wait that the service requests in seconds, or None."""
    return error.retry_after if isinstance(error, StatusError) else None


def stop_reason(error: GatewayError, *, attempts: int, max_retries: int, remaining: float) -> str:
    """Return the reason to stop retrying, as a sentence; empty if the error explains it."""
    if not error.retryable or attempts > max_retries:
        return f"Failed after {attempts} attempts." if attempts > 1 else ""
    requested = requested_wait(error)
    if requested is None or requested < min(remaining, LONGEST_REQUESTED_WAIT):
        return "The deadline leaves no time for a retry."
    if remaining > LONGEST_REQUESTED_WAIT:
        return f"The service requests a wait of {requested:,.6g} s, which exceeds {LONGEST_REQUESTED_WAIT:,.0f} s."
    return f"The service requests a wait of {requested:,.6g} s; the deadline leaves {max(remaining, 0):,.1f} s."


@define(eq=False, repr=False)
class Attempts:
    """The attempts of one request, given as method and URL, from the clock's time `start` to the deadline `end`."""

    request: str
    clock: Clock
    start: float
    end: float
    max_retries: int
    on_retry: OnRetry | None
    count: int = 0

    def remaining(self) -> float:
        """Return the seconds until the deadline; 0 or less if it has passed."""
        return self.end - self.clock.now()

    def elapsed(self) -> float:
        """Return the seconds since the first attempt."""
        return self.clock.now() - self.start

    def wait_after(self, error: GatewayError) -> float:
        """Report a retry and return the wait before it in seconds, or raise the error."""
        error.attempts = self.count
        remaining = self.remaining()
        wait = wait_after(
            error, attempts=self.count, max_retries=self.max_retries, remaining=remaining, uniform=self.clock.uniform
        )
        if wait is None:
            reason = stop_reason(error, attempts=self.count, max_retries=self.max_retries, remaining=remaining)
            error.stop_reason = reason
            raise error
        logger.warning("attempt %d failed, retrying in %.2f s: %s", self.count, wait, error)
        if self.on_retry is not None:
            self.on_retry(Retry(self.request, self.count, error, wait))
        return wait
