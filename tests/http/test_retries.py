"""Decisions about retries, and their report."""

from __future__ import annotations

import asyncio
import logging
from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import (
    DecodeError,
    GatewayError,
    Model,
    RequestTimeoutError,
    ResourceExhaustedError,
    Retry,
    StatusError,
    TransportError,
)
from fireworks_gateway._http.retries import LONGEST_WAIT, Attempts, stop_reason, wait_after
from fireworks_gateway.testing import FakeGateway, VirtualTime, faults

BROKEN = TransportError("it broke", retryable=True)


def busy(retry_after: float | None = None, status: int = 503) -> StatusError:
    """Return the error of a busy service."""
    return StatusError("busy", status_code=status, retry_after=retry_after)


def largest(_: float, most: float) -> float:
    """Return the largest random number."""
    return most


@pytest.mark.parametrize(
    ("error", "attempts", "remaining", "wait"),
    [
        (BROKEN, 1, inf, 0.5),
        (BROKEN, 2, inf, 1.0),
        (BROKEN, 3, inf, 2.0),
        (BROKEN, 5, inf, 8.0),
        (BROKEN, 9, inf, 8.0),
        (BROKEN, 10, inf, None),
        (BROKEN, 1, 0.5, None),
        (BROKEN, 1, 0.51, 0.5),
        (BROKEN, 1, -1, None),
        (busy(), 1, inf, 0.5),
        (busy(3), 1, inf, 3),
        (busy(0), 1, inf, 0),
        (busy(0.25), 4, inf, 0.25),
        (busy(60), 1, 61, 60),
        (busy(60), 1, 60, None),
        (busy(1e9), 1, 120, None),
        (busy(3), 10, inf, None),
        (TransportError("bad certificate"), 1, inf, None),
        (RequestTimeoutError("late"), 1, inf, None),
        (DecodeError("html"), 1, inf, None),
        (GatewayError("other"), 1, inf, None),
    ],
)
def test_the_wait_after_a_failure(error: GatewayError, attempts: int, remaining: float, wait: float | None) -> None:
    """The bound doubles; a requested wait has priority; a wait beyond the deadline is not begun."""
    assert wait_after(error, attempts=attempts, max_retries=9, remaining=remaining, uniform=largest) == wait


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_temporary_statuses_are_retryable(status: int) -> None:
    """Exactly these."""
    assert busy(status=status).retryable


@pytest.mark.parametrize(
    "status", [400, 401, 402, 403, 404, 405, 409, 412, 413, 418, 499, 500, 501, 505, 520, 529, 302]
)
def test_other_statuses_are_not_retryable(status: int) -> None:
    """Including 500 and 501."""
    assert not busy(status=status).retryable


@given(st.integers(1, 60), st.floats(0, 1))
def test_jitter_is_full_and_bounded(attempts: int, chance: float) -> None:
    """Any wait from 0 to the bound."""
    wait = wait_after(
        BROKEN, attempts=attempts, max_retries=60, remaining=inf, uniform=lambda least, most: least + chance * most
    )
    assert wait is not None
    assert 0 <= wait <= LONGEST_WAIT
    assert wait == pytest.approx(chance * min(LONGEST_WAIT, 0.5 * 2 ** (attempts - 1)))


@pytest.mark.parametrize(
    ("error", "attempts", "remaining", "reason"),
    [
        (BROKEN, 1, inf, "The deadline leaves no time for a retry."),
        (BROKEN, 2, inf, "The deadline leaves no time for a retry."),
        (busy(3600), 1, 118.04, "The service requests a wait of 3,600 s; the deadline leaves 118.0 s."),
        (busy(3), 1, -0.4, "The service requests a wait of 3 s; the deadline leaves 0.0 s."),
        (busy(4000), 1, 3600.0, "The service requests a wait of 4,000 s; the deadline leaves 3,600.0 s."),
        (busy(4000), 1, 3600.1, "The service requests a wait of 4,000 s, which exceeds 3,600 s."),
        (busy(3600), 3, inf, "Failed after 3 attempts."),
        (BROKEN, 3, inf, "Failed after 3 attempts."),
        (DecodeError("html"), 1, inf, ""),
        (DecodeError("html"), 2, inf, "Failed after 2 attempts."),
    ],
)
def test_the_reason_to_stop_is_a_sentence(error: GatewayError, attempts: int, remaining: float, reason: str) -> None:
    """Empty if the error explains it."""
    assert stop_reason(error, attempts=attempts, max_retries=2, remaining=remaining) == reason


def make_attempts(time: VirtualTime, retries: list[Retry] | None = None) -> Attempts:
    """Return the attempts of a request with a deadline of 100 seconds."""
    on_retry = None if retries is None else retries.append
    return Attempts("GET x", time.clock, start=0.0, end=100.0, max_retries=2, on_retry=on_retry)


def test_a_retry_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    """To the logger and to `on_retry`, with the attempt, the error and the wait."""
    retries: list[Retry] = []
    attempts = make_attempts(VirtualTime(), retries)
    attempts.count = 1
    with caplog.at_level(logging.WARNING, "fireworks_gateway"):
        assert attempts.wait_after(BROKEN) == 0.5
    assert retries == [Retry("GET x", 1, BROKEN, 0.5)]
    assert caplog.messages == ["attempt 1 failed, retrying in 0.50 s: it broke"]
    assert [record.name for record in caplog.records] == ["fireworks_gateway.retries"]


def test_the_last_error_is_raised() -> None:
    """With the number of attempts and the reason to stop."""
    attempts = make_attempts(VirtualTime())
    attempts.count = 3
    with pytest.raises(TransportError, match=r"it broke\. Failed after 3 attempts\.") as raised:
        attempts.wait_after(TransportError("it broke", retryable=True))
    assert (raised.value.attempts, raised.value.stop_reason) == (3, "Failed after 3 attempts.")


def test_the_logger_is_silent_by_default() -> None:
    """A null handler prevents Python from printing warnings."""
    assert any(isinstance(handler, logging.NullHandler) for handler in logging.getLogger("fireworks_gateway").handlers)


def test_attempts_measure_time() -> None:
    """The remaining and the elapsed seconds."""
    time = VirtualTime()
    attempts = make_attempts(time)
    time.wait(30)
    assert (attempts.remaining(), attempts.elapsed()) == (70, 30)


@pytest.mark.parametrize(
    ("retry_after", "deadline", "waits"),
    [
        ("3", 120, [3.0]),
        ("Thu, 01 Jan 2026 00:00:07 GMT", 120, [7.0]),  # Virtual time begins seven seconds before.
        ("soon", 120, [0.5]),
        ("121", 120, None),
        ("3599", None, [3599.0]),
        ("3600", None, None),
    ],
)
def test_a_client_waits_as_the_service_requests(
    retry_after: str, deadline: float | None, waits: list[float] | None
) -> None:
    """Sync and async; a wait beyond the deadline, or of an hour, fails at once."""
    fault = faults.respond(429, headers={"Retry-After": retry_after})
    for run in (lambda gateway, options: gateway.client(**options).models.list().first(), first_async):
        time = VirtualTime()
        gateway = FakeGateway(1, faults=[fault])
        if waits is None:
            with pytest.raises(ResourceExhaustedError, match="The service requests a wait of"):
                run(gateway, {"clock": time.clock, "deadline": deadline})
        else:
            assert run(gateway, {"clock": time.clock, "deadline": deadline}) is not None
        assert time.waits == (waits or [])


def first_async(gateway: FakeGateway, options: Any) -> Model | None:
    """Return the first model, with the async client."""

    async def first() -> Model | None:
        async with gateway.async_client(**options) as client:
            return await client.models.list().first()

    return asyncio.run(first())
