"""Decisions about retries, and their report."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from math import inf
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import (
    AsyncGatewayClient,
    DecodeError,
    GatewayClient,
    GatewayError,
    Model,
    RequestTimeoutError,
    ResourceExhaustedError,
    Retry,
    StatusError,
    TransportError,
)
from fireworks_gateway._http.retries import LONGEST_WAIT, SHORTEST_WAIT, Attempts, Clock, stop_reason, wait_after
from fireworks_gateway._http.transport import is_retryable
from fireworks_gateway.testing import FakeGateway, FaultServer, VirtualTime, faults

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
        (busy(0), 1, inf, 0.5),
        (busy(0.25), 4, inf, 4.0),
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


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504, 520, 521, 522, 523, 524, 527, 529, 530])
def test_temporary_statuses_are_retryable(status: int) -> None:
    """Exactly these."""
    assert busy(status=status).retryable


@pytest.mark.parametrize(
    "status", [400, 401, 402, 403, 404, 405, 409, 412, 413, 418, 425, 499, 500, 501, 505, 525, 526, 528, 531, 302]
)
def test_other_statuses_are_not_retryable(status: int) -> None:
    """Including 500 and 501, and the certificate errors of a proxy, 525 and 526."""
    assert not busy(status=status).retryable


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
        (BROKEN, 1, inf, "The deadline leaves no time for a retry."),
        (BROKEN, 2, inf, "The deadline leaves no time for a retry."),
        (busy(0), 1, 0.4, "The deadline leaves no time for a retry."),
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
        ("0", 120, [0.5]),
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


RETRY_INFO = b"""{"error": {"code": 8, "message": "", "details": [{"@type": "type.googleapis.com/google.rpc.Help"},
    {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7.500s"}]}}"""
DATES = {"Date": "Mon, 01 Jan 2001 00:00:00 GMT", "Retry-After": "Mon, 01 Jan 2001 00:00:04 GMT"}


@pytest.mark.parametrize(
    ("status", "headers", "body", "waits"),
    [
        (503, {"Retry-After-Ms": "1250", "Retry-After": "2"}, b"", [1.25]),
        (503, {"Retry-After-Ms": "soon", "Retry-After": "2"}, b"", [2.0]),
        (503, DATES, b"", [4.0]),
        (503, DATES | {"Date": "yesterday", "Retry-After": "Thu, 01 Jan 2026 00:00:07 GMT"}, b"", [7.0]),
        (429, {}, RETRY_INFO, [7.5]),
        (429, {"Retry-After": "3"}, RETRY_INFO, [7.5]),
        (429, {"Retry-After": "9"}, RETRY_INFO, [9.0]),
        (429, {}, RETRY_INFO.replace(b"7.500s", b"-1s"), [0.5]),
        (429, {}, RETRY_INFO.replace(b'"7.500s"', b"{}"), [0.5]),
        (429, {"X-Should-Retry": "false", "Retry-After": "3"}, b"", []),
        (400, {"X-Should-Retry": "true", "Retry-After": "3"}, b"", [3.0]),
        (500, {"X-Should-Retry": "True"}, b"", [0.5]),
        (503, {"X-Should-Retry": "maybe"}, b"", [0.5]),
        (400, {"Retry-After": "3"}, RETRY_INFO, []),
    ],
)
def test_every_hint_about_retries_is_honoured(
    status: int, headers: dict[str, str], body: bytes, waits: list[float]
) -> None:
    """Sync and async, over a socket."""
    for run in (first_over_socket, lambda url, clock: asyncio.run(first_over_socket_async(url, clock))):
        time, server = VirtualTime(), FaultServer(FakeGateway(1).reply, [faults.respond(status, body, headers)])
        with server as url:
            if waits:
                assert run(url, time.clock) is not None
            else:
                with pytest.raises(StatusError):
                    run(url, time.clock)
        assert time.waits == waits


def first_over_socket(url: str, clock: Clock) -> Model | None:
    """Return the first model."""
    with GatewayClient(base_url=url, api_key="fake-key", account_id="fireworks", clock=clock) as client:
        return client.models.list().first()


async def first_over_socket_async(url: str, clock: Clock) -> Model | None:
    """Return the first model, with the async client."""
    async with AsyncGatewayClient(base_url=url, api_key="fake-key", account_id="fireworks", clock=clock) as client:
        return await client.models.list().first()


def test_a_thousand_retries_do_not_overflow() -> None:
    """The exponent of the wait is capped."""
    gateway = FakeGateway(1, faults=[faults.html(502)] * 1100)
    assert gateway.client(max_retries=1100, deadline=None).models.list().first() is not None


@pytest.mark.parametrize(("status", "retried"), [(502, True), (503, True), (504, True), (500, False), (407, False)])
def test_a_busy_proxy_is_retried(status: int, retried: bool) -> None:
    """The status of a failed CONNECT is in the text of httpx's error."""
    assert is_retryable(httpx.ProxyError(f"{status} Some Reason")) == retried


def first_async(gateway: FakeGateway, options: Any) -> Model | None:
    """Return the first model, with the async client."""

    async def first() -> Model | None:
        async with gateway.async_client(**options) as client:
            return await client.models.list().first()

    return asyncio.run(first())
