"""Our error for each way in which httpx gets no answer, and whether asking again may help."""

from __future__ import annotations

import ssl

import httpx

from ._bounds import TooLargeError
from ._retries import Attempts
from ._settings import Settings
from .errors import ConfigurationError, DecodeError, GatewayError, RequestTimeoutError, TransportError

FAILURES = (httpx.RequestError, httpx.StreamError, TimeoutError, TooLargeError)
"""What a request can raise, but for the RuntimeError of a client that was closed meanwhile."""

_TIMERS_ARE_COARSE = 0.01


def error_of(failure: Exception, attempts: Attempts, settings: Settings) -> GatewayError:
    """Return the error of a request that got no answer."""
    asked = attempts.request
    if isinstance(failure, TimeoutError):
        return too_late(attempts)
    if isinstance(failure, httpx.TimeoutException):
        if attempts.left() <= _TIMERS_ARE_COARSE:
            return too_late(attempts)
        message = f"{asked} was not answered in time: {type(failure).__name__} after {settings.timeout:g} s"
        return RequestTimeoutError(message, request=asked, transient=isinstance(failure, httpx.ConnectTimeout))
    if isinstance(failure, TooLargeError):
        return DecodeError(f"{asked} was answered by more than a page can have; the rest was not read", request=asked)
    if isinstance(failure, httpx.DecodingError):
        return DecodeError(f"{asked} was answered with broken compression ({failure})", request=asked)
    # What is not HTTP is quoted by the libraries below, so the key may be in there too.
    what = settings.key.kept_out(f"{type(failure).__name__}: {failure}".rstrip(": "))
    return TransportError(f"{asked} got no answer ({what})", request=asked, transient=may_pass(failure))


def too_late(attempts: Attempts) -> RequestTimeoutError:
    """Return the error of a request whose deadline, or whose walk's, has passed."""
    allowed, asked = attempts.end - attempts.began, attempts.request
    if allowed <= 0:
        message = f"the walk's deadline had passed before {asked} was sent"
        return RequestTimeoutError(f"{message}; pager.resume(error.bookmark) goes on, with a new one", request=asked)
    times = f"it had {allowed:,.2f} s, and took {attempts.elapsed():,.2f} s"
    return RequestTimeoutError(f"{asked} was not answered within its deadline: {times}", request=asked)


def closed() -> ConfigurationError:
    """Return the error of a client that is used after it was closed."""
    return ConfigurationError("the client is closed; make a new one, or ask inside its with block")


def stranded() -> ConfigurationError:
    """Return the error of a client whose connections belong to another event loop than the one it is used in."""
    return ConfigurationError(
        "the client's connections belong to another event loop, which asyncio.run closes when it is done; make an "
        "AsyncGatewayClient in each, best with async with"
    )


def is_of_another_loop(failure: RuntimeError) -> bool:
    """Say whether a failure is asyncio's, of something that belongs to another event loop; it has no class for it."""
    return any(words in str(failure) for words in ("Event loop is closed", "different loop", "different event loop"))


def may_pass(failure: BaseException) -> bool:
    """Say whether a failure of the connection may be gone the next time; a bad certificate, say, will not be."""
    if not isinstance(failure, (httpx.NetworkError, httpx.RemoteProtocolError)):
        return False
    if str(failure).startswith("Invalid URL in location header"):
        return False  # httpx reads where a redirection leads to, even when it is not to follow.
    # A connection that ends in the middle of the handshake is a broken one; every other complaint of TLS will stay.
    return not any(
        isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError) for cause in _causes(failure)
    )


def _causes(failure: BaseException | None) -> list[BaseException]:
    causes: list[BaseException] = []
    while failure is not None and failure not in causes:
        causes.append(failure)
        failure = failure.__cause__ or failure.__context__
    return causes
