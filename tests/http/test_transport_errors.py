"""What a request that got no answer is called, and whether asking again may help: pure decisions, so tables."""

from __future__ import annotations

import ssl

import httpx
import pytest

from fireworks_gateway import DecodeError, GatewayClient, GatewayError, RequestTimeoutError, TransportError
from fireworks_gateway._http.deadline import TooLargeError
from fireworks_gateway._http.retries import Attempts
from fireworks_gateway._http.transport import error_of
from fireworks_gateway.testing import VirtualTime

ASKED = "GET https://gateway.example/v1/accounts/fireworks/models"
SETTINGS = GatewayClient(api_key="fw_secret", account_id="fireworks", timeout=7.5)._settings


def error_from(failure: Exception, *, began: float = 0.0, now: float = 3.0, end: float = 100.0) -> GatewayError:
    """Return the error of a request that fails at a time."""
    clock = VirtualTime(now).clock
    attempts = Attempts(ASKED, clock, began=began, end=end, max_retries=2, on_retry=None)
    return error_of(failure, attempts, SETTINGS)


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
    (TimeoutError(), RequestTimeoutError, False, " was not answered within its deadline: it had 100.00 s, and took 3."),
    (httpx.ConnectTimeout(""), RequestTimeoutError, True, " was not answered in time: ConnectTimeout after 7.5 s"),
    (httpx.ReadTimeout(""), RequestTimeoutError, False, " was not answered in time: ReadTimeout after 7.5 s"),
    (httpx.WriteTimeout(""), RequestTimeoutError, False, " was not answered in time: WriteTimeout after 7.5 s"),
    (httpx.PoolTimeout(""), RequestTimeoutError, False, " was not answered in time: PoolTimeout after 7.5 s"),
    (TooLargeError(), DecodeError, False, " was answered by more than a page can have"),
    (httpx.DecodingError("bad gzip"), DecodeError, False, " was answered with broken compression (bad gzip)"),
    (httpx.ConnectError("refused"), TransportError, True, " got no answer (ConnectError: refused)"),
    (httpx.ReadError(""), TransportError, True, " got no answer (ReadError)"),
    (httpx.RemoteProtocolError("for fw_secret"), TransportError, True, " (RemoteProtocolError: for <API key>)"),
    (httpx.RemoteProtocolError("Invalid URL in location header: x"), TransportError, False, "location header: x)"),
    (httpx.LocalProtocolError("x"), TransportError, False, " got no answer (LocalProtocolError: x)"),
    (httpx.ProxyError("403"), TransportError, False, " got no answer (ProxyError: 403)"),
    (httpx.UnsupportedProtocol("x"), TransportError, False, " got no answer (UnsupportedProtocol: x)"),
    (httpx.StreamClosed(), TransportError, False, " got no answer (StreamClosed: "),
    (caused(httpx.ConnectError("x"), OSError("y")), TransportError, True, " got no answer (ConnectError: x)"),
    (caused(httpx.ConnectError("x"), BROKEN_OFF), TransportError, True, " got no answer (ConnectError: x)"),
    (caused(httpx.ConnectError("x"), UNTRUSTED), TransportError, False, " got no answer (ConnectError: x)"),
    (met(httpx.ConnectError("x"), UNTRUSTED), TransportError, False, " got no answer (ConnectError: x)"),
    (met(httpx.ReadError("x"), caused(OSError("y"), UNTRUSTED)), TransportError, False, " (ReadError: x)"),
    (caused(httpx.ReadError("x"), met(OSError("y"), UNTRUSTED)), TransportError, False, " (ReadError: x)"),
    (circular(), TransportError, True, " got no answer (ReadError: one)"),
]


@pytest.mark.parametrize(("failure", "kind", "retryable", "what"), FAILURES, ids=lambda given: type(given).__name__)
def test_a_request_that_got_no_answer(failure: Exception, kind: type[GatewayError], retryable: bool, what: str) -> None:
    """A failure of the connection may pass; what would be read or refused again, and what was late, will not."""
    error = error_from(failure)
    assert (type(error), error.retryable) == (kind, retryable)
    assert (error.message.startswith(ASKED), what in error.message) == (True, True), error.message
    assert vars(error)["request"] == ASKED


@pytest.mark.parametrize(
    ("began", "end", "words"),
    [
        (-9.0, 0.02, f"{ASKED} was not answered in time: ReadTimeout after 7.5 s"),
        (-9.0, 0.01, f"{ASKED} was not answered within its deadline: it had 9.01 s, and took 9.00 s"),
        (-9.0, -1.0, f"{ASKED} was not answered within its deadline: it had 8.00 s, and took 9.00 s"),
        (-1.0, -0.5, f"{ASKED} was not answered within its deadline: it had 0.50 s, and took 1.00 s"),
        (0.0, 0.0, f"the walk's deadline had passed before {ASKED} was sent"),
        (0.0, -1.0, f"the walk's deadline had passed before {ASKED} was sent"),
    ],
)
def test_what_is_late_is_called_by_what_bounded_it(began: float, end: float, words: str) -> None:
    """A timeout of httpx at the deadline is the deadline's; a walk that had none left sent nothing, and says so."""
    error = error_from(httpx.ReadTimeout(""), began=began, now=0.0, end=end)
    assert isinstance(error, RequestTimeoutError)
    assert (error.message.partition(";")[0], error.request, error.retryable) == (words, ASKED, False)
    assert ("pager.resume(error.bookmark)" in error.message) == words.startswith("the walk's")
