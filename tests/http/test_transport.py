"""Errors of requests that fail without a response, timeouts of attempts, and the log of slow responses."""

import logging
import ssl
from math import inf

import httpx
import pytest

from fireworks_gateway import DecodeError, GatewayClient, GatewayError, RequestTimeoutError, TransportError
from fireworks_gateway._http.deadline import Body, TooLargeError
from fireworks_gateway._http.retries import Attempts
from fireworks_gateway._http.transport import begin_attempt, error_from_failure, evaluate_response
from fireworks_gateway.testing import VirtualTime

REQUEST = "GET https://gateway.example/v1/accounts/fireworks/models"
SETTINGS = GatewayClient(api_key="fw_secret_012345", account_id="fireworks", timeout=7.5)._settings


def make_attempts(*, start: float = 0.0, now: float = 3.0, end: float = 100.0) -> Attempts:
    """Return the attempts of a request at a time."""
    return Attempts(REQUEST, VirtualTime(now).clock, start=start, end=end, max_retries=2, on_retry=None)


def caused(failure: Exception, cause: Exception) -> Exception:
    """Return a failure with a cause."""
    failure.__cause__ = cause
    return failure


def during(failure: Exception, earlier: Exception) -> Exception:
    """Return a failure that was raised while another was handled."""
    failure.__context__ = earlier
    return failure


def circular() -> Exception:
    """Return a failure that is the cause of its cause."""
    one, other = httpx.ReadError("one"), OSError("other")
    one.__cause__, other.__cause__ = other, one
    return one


BROKEN_OFF, UNTRUSTED = ssl.SSLEOFError("EOF occurred"), ssl.SSLCertVerificationError("self-signed")

FAILURES: list[tuple[Exception, type[GatewayError], bool, str]] = [
    (TimeoutError(), RequestTimeoutError, False, " exceeded its deadline of 100.00 s after 3.00 s"),
    (httpx.ConnectTimeout(""), RequestTimeoutError, True, " timed out: ConnectTimeout after 7.5 s"),
    (httpx.ReadTimeout(""), RequestTimeoutError, False, " timed out: ReadTimeout after 7.5 s"),
    (httpx.PoolTimeout(""), RequestTimeoutError, False, " timed out: PoolTimeout"),
    (TooLargeError("a body that is too large"), DecodeError, False, " returned a body that is too large"),
    (httpx.DecodingError("bad gzip"), DecodeError, True, " returned broken compression: bad gzip"),
    (httpx.ConnectError("refused"), TransportError, True, " failed: ConnectError: refused"),
    (httpx.ReadError(""), TransportError, True, " failed: ReadError"),
    (
        httpx.RemoteProtocolError("for fw_secret_012345"),
        TransportError,
        True,
        " failed: RemoteProtocolError: for <API key>",
    ),
    (httpx.RemoteProtocolError("Invalid URL in location header: x"), TransportError, False, "location header: x"),
    (httpx.LocalProtocolError("x"), TransportError, False, " failed: LocalProtocolError: x"),
    (httpx.ProxyError("403"), TransportError, False, " failed: ProxyError: 403"),
    (httpx.ProxyError("500 x"), TransportError, False, " failed: ProxyError: 500 x"),
    (httpx.ProxyError("502 x"), TransportError, True, " failed: ProxyError: 502 x"),
    (httpx.ProxyError("504 x"), TransportError, True, " failed: ProxyError: 504 x"),
    (httpx.StreamClosed(), TransportError, False, " failed: StreamClosed: "),
    (caused(httpx.ConnectError("x"), BROKEN_OFF), TransportError, True, " failed: ConnectError: x"),
    (during(httpx.ReadError("x"), caused(OSError("y"), UNTRUSTED)), TransportError, False, " failed: ReadError: x"),
    (caused(httpx.ReadError("x"), during(OSError("y"), UNTRUSTED)), TransportError, False, " failed: ReadError: x"),
    (circular(), TransportError, True, " failed: ReadError: one"),
]


@pytest.mark.parametrize(("failure", "kind", "retryable", "text"), FAILURES, ids=lambda given: type(given).__name__)
def test_a_failure_is_retryable_if_it_may_be_temporary(
    failure: Exception, kind: type[GatewayError], retryable: bool, text: str
) -> None:
    """A broken connection is; an exceeded deadline, an invalid response or an invalid certificate is not."""
    error = error_from_failure(failure, make_attempts(), SETTINGS)
    assert (type(error), error.retryable) == (kind, retryable)
    assert (error.message.startswith(REQUEST), text in error.message) == (True, True), error.message
    assert vars(error)["request"] == REQUEST


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (-9.0, 0.02, f"{REQUEST} timed out: ReadTimeout after 7.5 s"),
        (-9.0, 0.01, f"{REQUEST} exceeded its deadline of 9.01 s after 9.00 s"),
        (-9.0, -1.0, f"{REQUEST} exceeded its deadline of 8.00 s after 9.00 s"),
        (0.0, 0.0, f"the deadline of the walk passed before {REQUEST}. Resume it with pager.resume(error.bookmark)"),
        (0.0, -1.0, f"the deadline of the walk passed before {REQUEST}. Resume it with pager.resume(error.bookmark)"),
    ],
)
def test_a_timeout_names_its_limit(start: float, end: float, message: str) -> None:
    """The timeout of a step, the deadline of the request, or that of the walk."""
    error = error_from_failure(httpx.ReadTimeout(""), make_attempts(start=start, now=0.0, end=end), SETTINGS)
    assert isinstance(error, RequestTimeoutError)
    assert (error.message, error.request, error.retryable) == (message, REQUEST, False)


@pytest.mark.parametrize(
    ("end", "step", "pool"), [(inf, 7.5, None), (103.0, 7.5, 100.0), (5.0, 2.0, 2.0), (2.0, 0.001, 0.001)]
)
def test_the_timeouts_of_an_attempt_fit_the_remaining_time(end: float, step: float, pool: float | None) -> None:
    """A step has its timeout or less; waiting for a connection may take all the time."""
    request, attempts = httpx.Request("GET", "https://gateway.example"), make_attempts(end=end)
    begin_attempt(request, attempts, SETTINGS)
    assert request.extensions["timeout"] == {"connect": step, "read": step, "write": step, "pool": pool}
    assert attempts.count == 1


@pytest.mark.parametrize(("seconds", "logged"), [(10.0, []), (10.1, [f"slow: {REQUEST} took 10.1 s"])])
def test_a_slow_response_is_logged(seconds: float, logged: list[str], caplog: pytest.LogCaptureFixture) -> None:
    """Above ten seconds, retries and waits included."""
    attempts = make_attempts(now=seconds)
    with caplog.at_level(logging.INFO, "fireworks_gateway.retries"):
        evaluate_response(httpx.Response(200), Body(lambda: 1.0), attempts, SETTINGS)
    assert caplog.messages == logged
