"""Errors of requests that fail without a response."""

from __future__ import annotations

import ssl

import httpx
import pytest

from fireworks_gateway import DecodeError, GatewayClient, GatewayError, RequestTimeoutError, TransportError
from fireworks_gateway._http.deadline import TooLargeError
from fireworks_gateway._http.retries import Attempts
from fireworks_gateway._http.transport import error_from_failure
from fireworks_gateway.testing import VirtualTime

ASKED = "GET https://gateway.example/v1/accounts/fireworks/models"
SETTINGS = GatewayClient(api_key="fw_secret", account_id="fireworks", timeout=7.5)._settings


def error_from(failure: Exception, *, start: float = 0.0, now: float = 3.0, end: float = 100.0) -> GatewayError:
    """Return the error of a request that fails at a time."""
    clock = VirtualTime(now).clock
    attempts = Attempts(ASKED, clock, start=start, end=end, max_retries=2, on_retry=None)
    return error_from_failure(failure, attempts, SETTINGS)


def caused(failure: Exception, cause: Exception) -> Exception:
    """Return a failure that says what it came from."""
    failure.__cause__ = cause
    return failure


def met(failure: Exception, earlier: Exception) -> Exception:
    """Return a failure that was raised while another was handled."""
    failure.__context__ = earlier
    return failure


def circular() -> Exception:
    """Return a failure that came from what came from it."""
    one, other = httpx.ReadError("one"), OSError("other")
    one.__cause__, other.__cause__ = other, one
    return one


BROKEN_OFF, UNTRUSTED = ssl.SSLEOFError("EOF occurred"), ssl.SSLCertVerificationError("self-signed")

FAILURES: list[tuple[Exception, type[GatewayError], bool, str]] = [
    (TimeoutError(), RequestTimeoutError, False, " exceeded its deadline of 100.00 s after 3.00 s"),
    (httpx.ConnectTimeout(""), RequestTimeoutError, True, " timed out: ConnectTimeout after 7.5 s"),
    (httpx.ReadTimeout(""), RequestTimeoutError, False, " timed out: ReadTimeout after 7.5 s"),
    (httpx.WriteTimeout(""), RequestTimeoutError, False, " timed out: WriteTimeout after 7.5 s"),
    (httpx.PoolTimeout(""), RequestTimeoutError, False, " timed out: PoolTimeout after 7.5 s"),
    (TooLargeError(), DecodeError, False, " returned a body that is too large"),
    (httpx.DecodingError("bad gzip"), DecodeError, False, " returned broken compression: bad gzip"),
    (httpx.ConnectError("refused"), TransportError, True, " failed: ConnectError: refused"),
    (httpx.ReadError(""), TransportError, True, " failed: ReadError"),
    (httpx.RemoteProtocolError("for fw_secret"), TransportError, True, " failed: RemoteProtocolError: for <API key>"),
    (httpx.RemoteProtocolError("Invalid URL in location header: x"), TransportError, False, "location header: x"),
    (httpx.LocalProtocolError("x"), TransportError, False, " failed: LocalProtocolError: x"),
    (httpx.ProxyError("403"), TransportError, False, " failed: ProxyError: 403"),
    (httpx.UnsupportedProtocol("x"), TransportError, False, " failed: UnsupportedProtocol: x"),
    (httpx.StreamClosed(), TransportError, False, " failed: StreamClosed: "),
    (caused(httpx.ConnectError("x"), OSError("y")), TransportError, True, " failed: ConnectError: x"),
    (caused(httpx.ConnectError("x"), BROKEN_OFF), TransportError, True, " failed: ConnectError: x"),
    (caused(httpx.ConnectError("x"), UNTRUSTED), TransportError, False, " failed: ConnectError: x"),
    (met(httpx.ConnectError("x"), UNTRUSTED), TransportError, False, " failed: ConnectError: x"),
    (met(httpx.ReadError("x"), caused(OSError("y"), UNTRUSTED)), TransportError, False, " failed: ReadError: x"),
    (caused(httpx.ReadError("x"), met(OSError("y"), UNTRUSTED)), TransportError, False, " failed: ReadError: x"),
    (circular(), TransportError, True, " failed: ReadError: one"),
]


@pytest.mark.parametrize(("failure", "kind", "retryable", "what"), FAILURES, ids=lambda given: type(given).__name__)
def test_a_request_that_got_no_answer(failure: Exception, kind: type[GatewayError], retryable: bool, what: str) -> None:
    """A failure of the connection may pass; what would be read or refused again, and what was late, will not."""
    error = error_from(failure)
    assert (type(error), error.retryable) == (kind, retryable)
    assert (error.message.startswith(ASKED), what in error.message) == (True, True), error.message
    assert vars(error)["request"] == ASKED


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (-9.0, 0.02, f"{ASKED} timed out: ReadTimeout after 7.5 s"),
        (-9.0, 0.01, f"{ASKED} exceeded its deadline of 9.01 s after 9.00 s"),
        (-9.0, -1.0, f"{ASKED} exceeded its deadline of 8.00 s after 9.00 s"),
        (-1.0, -0.5, f"{ASKED} exceeded its deadline of 0.50 s after 1.00 s"),
        (0.0, 0.0, f"the deadline of the walk passed before {ASKED}. Resume it with pager.resume(error.bookmark)"),
        (0.0, -1.0, f"the deadline of the walk passed before {ASKED}. Resume it with pager.resume(error.bookmark)"),
    ],
)
def test_what_is_late_is_called_by_what_bounded_it(start: float, end: float, words: str) -> None:
    """A timeout of httpx at the deadline is the deadline's; a walk that had none left sent nothing, and says so."""
    error = error_from(httpx.ReadTimeout(""), start=start, now=0.0, end=end)
    assert isinstance(error, RequestTimeoutError)
    assert (error.message, error.request, error.retryable) == (words, ASKED, False)
