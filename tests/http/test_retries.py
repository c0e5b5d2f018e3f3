"""Decisions about retries, and their report."""

import logging
from collections.abc import Callable
from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import DecodeError, GatewayError, RequestTimeoutError, Retry, StatusError, TransportError
from fireworks_gateway._http.retries import LONGEST_WAIT, SHORTEST_WAIT, Attempts, stop_reason, wait_after
from fireworks_gateway.testing import FakeGateway, VirtualTime, faults
from tests.client.driving import both_fakes

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
        (BROKEN, 10, inf, None),
        (BROKEN, 1, 0.5, None),
        (BROKEN, 1, 0.51, 0.5),
        (BROKEN, 1, -1, None),
        (busy(3), 1, inf, 3),
        (busy(0), 1, inf, 0.5),
        (busy(0), 1, 0.5, None),
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


def test_temporary_statuses_are_retryable() -> None:
    """Exactly these: neither 500 and 501 nor the certificate errors of a proxy, 525 and 526."""
    found = [status for status in range(300, 600) if busy(status=status).retryable]
    assert found == [408, 429, 502, 503, 504, 520, 521, 522, 523, 524, 527, 529, 530]


def between(chance: float) -> Callable[[float, float], float]:
    """Return a random number that is always at the same place between its bounds."""
    return lambda least, most: least + chance * (most - least)


@given(st.integers(1, 3000), st.floats(0, 1))
def test_jitter_is_full_and_bounded(attempts: int, chance: float) -> None:
    """Any wait from the shortest to the bound, at any number of attempts."""
    wait = wait_after(BROKEN, attempts=attempts, max_retries=3000, remaining=inf, uniform=between(chance))
    bound = 0.5 * 2 ** min(attempts - 1, 4)
    assert wait == pytest.approx(SHORTEST_WAIT + chance * (bound - SHORTEST_WAIT))


@given(st.integers(1, 20), st.floats(0, 3000), st.floats(0, 1))
def test_a_requested_wait_is_kept_and_spread(attempts: int, seconds: float, chance: float) -> None:
    """Never shorter than requested, nor than the jitter; a tenth longer at most, and at most half a second."""
    wait, most = (
        wait_after(busy(seconds), attempts=attempts, max_retries=20, remaining=inf, uniform=between(each))
        for each in (chance, 0)
    )
    assert wait is not None
    assert most is not None
    assert max(seconds, SHORTEST_WAIT) <= wait <= max(LONGEST_WAIT, seconds + min(seconds / 10, 0.5))
    assert most >= min(seconds * 1.1, seconds + 0.5) * 0.999


@pytest.mark.parametrize(
    ("error", "attempts", "remaining", "reason"),
    [
        (BROKEN, 2, inf, "The deadline leaves no time for a retry."),
        (busy(0), 1, 0.4, "The deadline leaves no time for a retry."),
        (busy(3600), 1, 118.04, "The service requests a wait of 3,600 s; the deadline leaves 118.0 s."),
        (busy(3), 1, -0.4, "The service requests a wait of 3 s; the deadline leaves 0.0 s."),
        (busy(4000), 1, 3600.0, "The service requests a wait of 4,000 s; the deadline leaves 3,600.0 s."),
        (busy(4000), 1, 3600.1, "The service requests a wait of 4,000 s, which exceeds 3,600 s."),
        (busy(3600), 3, inf, "Failed after 3 attempts."),
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


RETRY_INFO = b"""{"error": {"code": 8, "message": "", "details": [{"@type": "type.googleapis.com/google.rpc.Help"},
    {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7.500s"}]}}"""
DATES = {"Date": "Mon, 01 Jan 2001 00:00:00 GMT", "Retry-After": "Mon, 01 Jan 2001 00:00:04 GMT"}
LATER = "Thu, 01 Jan 2026 00:00:07 GMT"  # Virtual time begins seven seconds before.
TOO_LONG = "The service requests a wait of"


@both_fakes
@pytest.mark.parametrize(
    ("status", "headers", "body", "deadline", "result"),
    [
        (429, {"Retry-After": "3"}, b"", 120, 3.0),
        (429, {"Retry-After": "121"}, b"", 120, TOO_LONG),
        (429, {"Retry-After": "3599"}, b"", None, 3599.0),
        (429, {"Retry-After": "3600"}, b"", None, TOO_LONG),
        (503, {"Retry-After-Ms": "1250", "Retry-After": "2"}, b"", 120, 1.25),
        (503, {"Retry-After-Ms": "soon", "Retry-After": "2"}, b"", 120, 2.0),
        (503, DATES, b"", 120, 4.0),
        (503, {"Date": "yesterday", "Retry-After": LATER}, b"", 120, 7.0),
        (429, {}, RETRY_INFO, 120, 7.5),
        (429, {"Retry-After": "3"}, RETRY_INFO, 120, 7.5),
        (429, {"Retry-After": "9"}, RETRY_INFO, 120, 9.0),
        (429, {}, RETRY_INFO.replace(b"7.500s", b"-1s"), 120, 0.5),
        (429, {}, RETRY_INFO.replace(b'"7.500s"', b"{}"), 120, 0.5),
        (429, {"X-Should-Retry": "false", "Retry-After": "3"}, b"", 120, "429"),
        (400, {"X-Should-Retry": "true", "Retry-After": "3"}, b"", 120, 3.0),
        (500, {"X-Should-Retry": "True"}, b"", 120, 0.5),
        (503, {"X-Should-Retry": "maybe"}, b"", 120, 0.5),
        (400, {"Retry-After": "3"}, RETRY_INFO, 120, "400"),
    ],
)
def test_a_client_waits_as_the_service_requests(
    client_of: Callable[..., Any],
    status: int,
    headers: dict[str, str],
    body: bytes,
    deadline: float | None,
    result: float | str,
) -> None:
    """A wait beyond the deadline, or of an hour, fails at once with the text of the result."""
    time = VirtualTime()
    gateway = FakeGateway(1, faults=[faults.respond(status, body, headers)])
    models = client_of(gateway, clock=time.clock, deadline=deadline).models.list()
    if isinstance(result, str):
        with pytest.raises(StatusError, match=result):
            models.first()
        assert time.waits == []
    else:
        assert models.first() is not None
        assert time.waits == [result]
