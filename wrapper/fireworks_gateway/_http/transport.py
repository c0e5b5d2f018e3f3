"""Send a request, with its retries and within its deadline; sync and async twins of the same text."""

from __future__ import annotations

import ssl
from typing import Any

import httpx

from .._openapi import GeneratedClient
from ..errors import ConfigurationError, DecodeError, GatewayError, RequestTimeoutError, TransportError
from .deadline import Body, TooLargeError, async_within, within
from .responses import Answer, Response, error_from
from .retries import Attempts, logger
from .settings import Settings

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
        return RequestTimeoutError(message, request=asked, retryable=isinstance(failure, httpx.ConnectTimeout))
    if isinstance(failure, TooLargeError):
        return DecodeError(f"{asked} was answered by more than a page can have; the rest was not read", request=asked)
    if isinstance(failure, httpx.DecodingError):
        return DecodeError(f"{asked} was answered with broken compression ({failure})", request=asked)
    # What is not HTTP is quoted by the libraries below, so the key may be in there too.
    what = settings.key.kept_out(f"{type(failure).__name__}: {failure}".rstrip(": "))
    return TransportError(f"{asked} got no answer ({what})", request=asked, retryable=may_pass(failure))


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
    return ConfigurationError("the client is closed. Make a new one, or send requests inside its with block")


def stranded() -> ConfigurationError:
    """Return the error of a client whose connections belong to another event loop than the one it is used in."""
    return ConfigurationError(
        "the client's connections belong to another event loop, which asyncio.run closes at its end. Make an "
        "AsyncGatewayClient in each event loop, best with async with"
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


def request_for(asked: dict[str, Any], settings: Settings) -> httpx.Request:
    """Return the signed request for method, url and params; nothing of a caller's own httpx client goes into it.

    Raises:
        ConfigurationError: There is no address for it.
    """
    request = unsigned_for(asked, settings)
    if isinstance(request, ConfigurationError):
        raise request
    request.headers["Authorization"] = settings.key.authorization
    return request


def unsigned_for(asked: dict[str, Any], settings: Settings) -> httpx.Request | ConfigurationError:
    """Return the request without the key, which is in no local variable while something can go wrong."""
    headers = {
        **asked.get("headers", {}),
        "Accept": "application/json",
        "Accept-Encoding": "gzip, deflate",
        "User-Agent": settings.user_agent,
    }
    try:
        return httpx.Request(
            asked["method"],
            settings.base_url + asked["url"],
            params=asked.get("params"),
            headers=headers,
            cookies=asked.get("cookies"),
        )
    except (httpx.InvalidURL, UnicodeError) as error:
        return ConfigurationError(f"no URL holds the parameters {', '.join(asked.get('params', ()))}: {error}")


def signed(request: httpx.Request, settings: Settings) -> httpx.Request:
    """Return a signed copy of a request of the generated client.

    Raises:
        ConfigurationError: It is to another server, which is not to see the key.
    """
    service = httpx.URL(settings.base_url)
    if (request.url.scheme, request.url.host, request.url.port) != (service.scheme, service.host, service.port):
        raise ConfigurationError(f"client.api must send requests to {settings.base_url} only, got {request.url}")
    copy = httpx.Request(
        request.method, request.url, headers=request.headers, stream=request.stream, extensions=request.extensions
    )
    copy.headers["Authorization"] = settings.key.authorization
    return copy


SLOW = 10.0
"""An answer that took more than this many seconds is logged."""

_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=None)


class Transport:
    """Sends requests, signed, over one pool of connections, again where that may help, and no longer than allowed."""

    def __init__(self, settings: Settings, http_client: httpx.Client | None) -> None:
        if not isinstance(http_client, httpx.Client | None):
            message = f"http_client must be an httpx.Client, got {http_client!r:.80}"
            raise ConfigurationError(message, parameter="http_client")
        self._settings = settings
        self._owned = http_client is None
        self._closed = False
        self._http = http_client if http_client is not None else own_client(settings)

    def answer(self, asked: dict[str, Any], *, end: float) -> Answer:
        """Return the answer to a request, given as method, url and params; `end` is the clock's time to give up at.

        Raises:
            StatusError: The service answered with an error.
            TransportError: No answer came, or none in time.
            DecodeError: The answer's compression is broken, or it is too large.
        """
        request = request_for(asked, self._settings)
        attempts = attempts_at(request, self._settings, end)
        while True:
            outcome = self._outcome(request, attempts)
            if not isinstance(outcome, GatewayError):
                return outcome
            self._settings.clock.sleep(attempts.wait_after(outcome))

    def _outcome(self, request: httpx.Request, attempts: Attempts) -> Answer | GatewayError:
        if self._gone():
            return closed()
        if attempts.left() <= 0:
            return too_late(attempts)
        body = Body(attempts.left)
        begin_attempt(request, attempts, self._settings)
        try:
            with within(attempts.left):
                response = self._send(request)
                try:
                    for chunk in response.iter_bytes():
                        body.add(chunk)
                finally:
                    response.close()
        except FAILURES as failure:
            return closed() if self._gone() else error_of(failure, attempts, self._settings)
        except RuntimeError as failure:
            if self._gone():
                return closed()
            if not is_of_another_loop(failure):
                raise
            return stranded()
        return outcome_of(response, body, attempts, self._settings)

    def _gone(self) -> bool:
        return self._closed or self._http.is_closed

    def _send(self, request: httpx.Request) -> httpx.Response:
        return self._http.send(request, stream=True, auth=None, follow_redirects=False)

    def passed(self, request: httpx.Request) -> httpx.Response:
        """Pass on a request of the generated client: signed, and over the same connections."""
        return self._send(signed(request, self._settings))

    def api(self) -> GeneratedClient:
        """Return the generated client wired to the same connections."""
        http = httpx.Client(transport=_Passage(self), **_generated_options(self._settings))
        return GeneratedClient(base_url=self._settings.base_url).set_httpx_client(http)

    def close(self) -> None:
        """Close the connections, unless they are the caller's, and send nothing more."""
        self._closed = True
        if self._owned:
            self._http.close()


class _Passage(httpx.BaseTransport):
    """The way of the generated client's requests: signed, and over the transport's connections."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._transport.passed(request)


class AsyncTransport:
    """Sends requests, signed, over one pool of connections, again where that may help, and no longer than allowed."""

    def __init__(self, settings: Settings, http_client: httpx.AsyncClient | None) -> None:
        if not isinstance(http_client, httpx.AsyncClient | None):
            message = f"http_client must be an httpx.AsyncClient, got {http_client!r:.80}"
            raise ConfigurationError(message, parameter="http_client")
        self._settings = settings
        self._owned = http_client is None
        self._closed = False
        self._http = http_client if http_client is not None else async_own_client(settings)

    async def answer(self, asked: dict[str, Any], *, end: float) -> Answer:
        """Return the answer to a request, given as method, url and params; `end` is the clock's time to give up at.

        Raises:
            StatusError: The service answered with an error.
            TransportError: No answer came, or none in time.
            DecodeError: The answer's compression is broken, or it is too large.
        """
        request = request_for(asked, self._settings)
        attempts = attempts_at(request, self._settings, end)
        while True:
            outcome = await self._outcome(request, attempts)
            if not isinstance(outcome, GatewayError):
                return outcome
            await self._settings.clock.async_sleep(attempts.wait_after(outcome))

    async def _outcome(self, request: httpx.Request, attempts: Attempts) -> Answer | GatewayError:
        if self._gone():
            return closed()
        if attempts.left() <= 0:
            return too_late(attempts)
        body = Body(attempts.left)
        begin_attempt(request, attempts, self._settings)
        try:
            with async_within(attempts.left):
                response = await self._send(request)
                try:
                    async for chunk in response.aiter_bytes():
                        body.add(chunk)
                finally:
                    await response.aclose()
        except FAILURES as failure:
            return closed() if self._gone() else error_of(failure, attempts, self._settings)
        except RuntimeError as failure:
            if self._gone():
                return closed()
            if not is_of_another_loop(failure):
                raise
            return stranded()
        return outcome_of(response, body, attempts, self._settings)

    def _gone(self) -> bool:
        return self._closed or self._http.is_closed

    async def _send(self, request: httpx.Request) -> httpx.Response:
        return await self._http.send(request, stream=True, auth=None, follow_redirects=False)

    async def passed(self, request: httpx.Request) -> httpx.Response:
        """Pass on a request of the generated client: signed, and over the same connections."""
        return await self._send(signed(request, self._settings))

    def api(self) -> GeneratedClient:
        """Return the generated client wired to the same connections."""
        http = httpx.AsyncClient(transport=_AsyncPassage(self), **_generated_options(self._settings))
        return GeneratedClient(base_url=self._settings.base_url).set_async_httpx_client(http)

    async def aclose(self) -> None:
        """Close the connections, unless they are the caller's, and send nothing more."""
        self._closed = True
        if self._owned:
            await self._http.aclose()


class _AsyncPassage(httpx.AsyncBaseTransport):
    """The way of the generated client's requests: signed, and over the transport's connections."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._transport.passed(request)


def own_client(settings: Settings) -> httpx.Client:
    """Return an httpx client whose connections are bounded."""
    from .backend import bounded

    return bounded(httpx.Client(limits=_LIMITS, trust_env=settings.encrypted))


def async_own_client(settings: Settings) -> httpx.AsyncClient:
    """Return an async httpx client; cancel scopes bound it."""
    return httpx.AsyncClient(limits=_LIMITS, trust_env=settings.encrypted)


def attempts_at(request: httpx.Request, settings: Settings, end: float) -> Attempts:
    """Return the attempts at a request before the first, bounded by its deadline and by its walk's end."""
    now = settings.clock.now()
    return Attempts(
        request=f"{request.method} {request.url}",
        clock=settings.clock,
        began=now,
        end=min(end, now + settings.deadline),
        max_retries=settings.max_retries,
        on_retry=settings.on_retry,
    )


def begin_attempt(request: httpx.Request, attempts: Attempts, settings: Settings) -> None:
    """Count an attempt, and give its request the timeouts that the time left allows."""
    attempts.count += 1
    left = max(attempts.left(), 0.001)
    step = min(settings.timeout, left)
    # Waiting for a free connection is no stall of the service's, so it may take all the time there is.
    pool = left if left != float("inf") else None
    request.extensions["timeout"] = {"connect": step, "read": step, "write": step, "pool": pool}


def outcome_of(response: httpx.Response, body: Body, attempts: Attempts, settings: Settings) -> Answer | GatewayError:
    """Return what came back as plain data, or the error that it is; without the key, should the service repeat it."""
    elapsed = attempts.elapsed()
    if elapsed > SLOW:
        logger.info("slow: %s took %.1f s", attempts.request, elapsed)
    headers = {name: settings.key.kept_out(value) for name, value in response.headers.items()}
    plain = Response(response.status_code, headers, attempts=attempts.count, elapsed=elapsed)
    answer = Answer(attempts.request, plain, body.joined(), settings.key.kept_out)
    return answer if response.is_success else error_from(answer, now=settings.clock.date())


def _generated_options(settings: Settings) -> dict[str, Any]:
    # The environment's proxies are the passage's business: a client that saw them would go round it.
    return {"base_url": settings.base_url, "timeout": settings.timeout, "trust_env": False}
