"""When a request is sent again, and after how long: pure decisions, so tables."""

from __future__ import annotations

import logging
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import DecodeError, GatewayError, RequestTimeoutError, Retry, StatusError, TransportError
from fireworks_gateway._http.retries import LONGEST_WAIT, Attempts, stop_reason, wait_after
from fireworks_gateway.testing import VirtualTime

BROKEN = TransportError("it broke", retryable=True)


def busy(retry_after: float | None = None, status: int = 503) -> StatusError:
    """Return what a busy service answers."""
    return StatusError("busy", status_code=status, retry_after=retry_after)


@pytest.mark.parametrize(
    ("error", "attempts", "left", "wait"),
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
def test_the_wait_after_a_failure(error: GatewayError, attempts: int, left: float, wait: float | None) -> None:
    """The bound doubles; what the service asks for counts instead; what goes beyond the deadline is not begun."""
    assert wait_after(error, attempts=attempts, max_retries=9, remaining=left, uniform=lambda _, most: most) == wait


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_statuses_that_may_pass(status: int) -> None:
    """Exactly these are asked again."""
    assert busy(status=status).retryable


@pytest.mark.parametrize(
    "status", [400, 401, 402, 403, 404, 405, 409, 412, 413, 418, 499, 500, 501, 505, 520, 529, 302]
)
def test_statuses_that_will_not_pass(status: int) -> None:
    """500 and 501 among them: a broken service, and one that does not do this."""
    assert not busy(status=status).retryable


@given(st.integers(1, 60), st.floats(0, 1))
def test_jitter_is_full_and_bounded(attempts: int, chance: float) -> None:
    """Any wait from nothing to the bound, never beyond the longest."""
    wait = wait_after(
        BROKEN, attempts=attempts, max_retries=60, remaining=inf, uniform=lambda least, most: least + chance * most
    )
    assert wait is not None
    assert 0 <= wait <= LONGEST_WAIT
    assert wait == pytest.approx(chance * min(LONGEST_WAIT, 0.5 * 2 ** (attempts - 1)))


@pytest.mark.parametrize(
    ("error", "attempts", "left", "ending"),
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
def test_why_a_request_is_not_sent_again(error: GatewayError, attempts: int, left: float, ending: str) -> None:
    """A sentence, where that does not go without saying."""
    assert stop_reason(error, attempts=attempts, max_retries=2, remaining=left) == ending


def attempts_at(time: VirtualTime, told: list[Retry] | None = None) -> Attempts:
    """Return the attempts at a request that may take a hundred seconds."""
    on_retry = None if told is None else told.append
    return Attempts("GET x", time.clock, start=0.0, end=100.0, max_retries=2, on_retry=on_retry)


def test_attempts_tell_of_each_further_one(caplog: pytest.LogCaptureFixture) -> None:
    """The logger and the hook hear of the attempt, the reason and the wait."""
    told: list[Retry] = []
    attempts = attempts_at(VirtualTime(), told)
    attempts.count = 1
    with caplog.at_level(logging.WARNING, "fireworks_gateway"):
        assert attempts.wait_after(BROKEN) == 0.5
    assert told == [Retry("GET x", 1, BROKEN, 0.5)]
    assert caplog.messages == ["attempt 1 failed, retrying in 0.50 s: it broke"]
    assert [record.name for record in caplog.records] == ["fireworks_gateway.retries"]


def test_attempts_end_in_the_error_that_says_why() -> None:
    """With how many there were, and in its text."""
    attempts = attempts_at(VirtualTime())
    attempts.count = 3
    with pytest.raises(TransportError, match=r"it broke\. Failed after 3 attempts\.") as raised:
        attempts.wait_after(TransportError("it broke", retryable=True))
    assert (raised.value.attempts, raised.value.stop_reason) == (3, "Failed after 3 attempts.")


def test_a_silent_program_hears_nothing() -> None:
    """The logger has a handler that does nothing, so Python's last resort does not print."""
    assert any(isinstance(handler, logging.NullHandler) for handler in logging.getLogger("fireworks_gateway").handlers)


def test_time_left_is_what_the_clock_says() -> None:
    """And what was spent is the rest."""
    time = VirtualTime()
    attempts = attempts_at(time)
    time.wait(30)
    assert (attempts.remaining(), attempts.elapsed()) == (70, 30)
