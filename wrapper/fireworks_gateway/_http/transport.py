"""Send requests with retries and within a deadline; the sync and the async class have the same text."""

from __future__ import annotations

import os
import ssl
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from copy import copy
from http.cookiejar import CookieJar
from math import inf
from types import NoneType
from typing import Any, Generic, Self, TypeVar, cast

import httpx
from attrs import evolve

from .. import _openapi
from ..errors import ConfigurationError, DecodeError, GatewayError, RequestTimeoutError, Response, TransportError
from .deadline import (
    ACCEPTED,
    AsyncClosing,
    Body,
    Closing,
    CompressionError,
    Decompressor,
    EncodingError,
    Remaining,
    TooLargeError,
    is_accepted,
)
from .environment import certificate_remedy, find_proxy, load_certificates
from .responses import LONGEST_TEXT, Exchange, decode_json, error_from_response
from .retries import Attempts, logger
from .settings import AsyncHttpClient, HttpClient, Settings, is_loopback_address, merge_headers

C = TypeVar("C", httpx.Client, httpx.AsyncClient)

BODY_FAILURES = (httpx.DecodingError, CompressionError, TooLargeError)
"""The exceptions of a body that arrived and cannot be read."""

SLOW_RESPONSE = 10.0  # Responses that take more than this many seconds are logged.

_TIMER_TOLERANCE = 0.01

# The words of asyncio, which has no class for the use of another event loop.
_EVENT_LOOP_FAILURES = ("Event loop is closed", "different loop", "different event loop")

# Idle connections are kept without a limit, so that a burst of requests leaves them all for the next one.
_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=None)


def error_from_failure(failure: Exception, attempts: Attempts, settings: Settings) -> GatewayError:
    """Return the error of a request that failed without a usable response."""
    request = attempts.request
    if isinstance(failure, GatewayError):
        # Without the frames and exceptions of httpx, which contain the key.
        failure.__cause__ = failure.__context__ = None
        return failure.with_traceback(None)
    if isinstance(failure, RuntimeError) and any(words in str(failure) for words in _EVENT_LOOP_FAILURES):
        remedy = "Make an AsyncGatewayClient in each event loop, best with async with"
        return ConfigurationError(f"the client's connections belong to another event loop. {remedy}")
    if isinstance(failure, TimeoutError):
        return deadline_error(attempts)
    if isinstance(failure, httpx.TimeoutException):
        if attempts.remaining() <= _TIMER_TOLERANCE:
            return deadline_error(attempts)
        name = type(failure).__name__
        seconds = settings.timeout.as_dict().get(name.removesuffix("Timeout").lower())
        after = "" if seconds is None else f" after {seconds:g} s"
        message = f"{request} timed out{_describe_proxy(failure, settings)}: {name}{after}"
        return RequestTimeoutError(message, request=request, retryable=isinstance(failure, httpx.ConnectTimeout))
    if isinstance(failure, BODY_FAILURES):
        broken = not isinstance(failure, (EncodingError, TooLargeError))
        content = f"broken compression: {failure}" if broken else str(failure)  # It may quote a header.
        error = DecodeError(f"{request} returned {settings.key.redact(content)[:LONGEST_TEXT]}", request=request)
        error.retryable = broken
        return error
    # Also what a hook or transport of the caller raises. httpx quotes a response that is not HTTP, which may repeat the
    # key.
    cause = settings.key.redact(f"{type(failure).__name__}: {failure}".rstrip(": "))
    if any(isinstance(each, ssl.SSLCertVerificationError) for each in _causes(failure)):
        cause = f"{cause.rstrip('.')}. {certificate_remedy()}"
    message = f"{request} failed{_describe_proxy(failure, settings)}: {cause}"
    return TransportError(message, request=request, retryable=is_retryable(failure))


def _describe_proxy(failure: Exception, settings: Settings) -> str:
    # Through a proxy, only a TLS error is about the connection to the service.
    at_proxy = isinstance(failure, (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError))
    if settings.proxy is None or not at_proxy or any(isinstance(each, ssl.SSLError) for each in _causes(failure)):
        return ""
    return f" at the proxy {settings.proxy}"


def deadline_error(attempts: Attempts) -> RequestTimeoutError:
    """Return the error of a request that exceeded its own deadline, or the deadline of its walk."""
    allowed = attempts.end - attempts.start
    request = attempts.request
    if allowed <= 0:
        message = f"the deadline of the walk passed before {request}. Resume it with pager.resume(error.bookmark)"
    else:
        message = f"{request} exceeded its deadline of {allowed:,.2f} s after {attempts.elapsed():,.2f} s"
    return RequestTimeoutError(message, request=request)


def closed_error() -> ConfigurationError:
    """Return the error of a client that is used after it was closed."""
    return ConfigurationError("the client is closed. Make a new one, or send requests inside its with block")


def is_retryable(failure: BaseException) -> bool:
    """Return whether a connection failure may be temporary; a certificate error, for example, is permanent."""
    if isinstance(failure, httpx.ProxyError):
        return str(failure).startswith(("502", "503", "504"))  # The status of the proxy, for which httpx has no field.
    if not isinstance(failure, (httpx.NetworkError, httpx.RemoteProtocolError)):
        return False
    if str(failure).startswith("Invalid URL in location header"):
        return False  # httpx parses the location of a redirect even if it does not follow it.
    # A connection that ends during the handshake is broken. Other TLS errors are permanent.
    return not any(
        isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError) for cause in _causes(failure)
    )


def _causes(failure: BaseException | None) -> list[BaseException]:
    causes: list[BaseException] = []
    while failure is not None and failure not in causes:
        causes.append(failure)
        failure = failure.__cause__ or failure.__context__
    return causes


def build_request(parameters: dict[str, Any], settings: Settings) -> httpx.Request:
    """Return the signed request for method, url and params; raises ConfigurationError if no URL can have them."""
    own = {"Accept": "application/json", "Accept-Encoding": ACCEPTED, "User-Agent": settings.user_agent}
    try:
        request = httpx.Request(
            parameters["method"],
            settings.base_url + parameters["url"],
            params=parameters.get("params"),
            headers=merge_headers(merge_headers(own, settings.headers), parameters.get("headers", {})),
            cookies=parameters.get("cookies"),
        )
    except (httpx.InvalidURL, ValueError) as error:
        problem = f"the URL with the parameters {', '.join(parameters.get('params', ()))} is invalid: {error}"
    else:
        request.headers["Authorization"] = settings.key.authorization
        return request
    raise ConfigurationError(problem)  # Raised here, so that its context has no incomplete request.


def check_peer(event: str, details: dict[str, Any]) -> None:
    """Trace of httpcore: close a new connection to another machine before anything is written, and raise."""
    error = peer_error(event, details)
    if error is not None:
        details["return_value"].close()
        raise error


async def async_check_peer(event: str, details: dict[str, Any]) -> None:
    """Close a new connection as `check_peer` does."""
    error = peer_error(event, details)
    if error is not None:
        await details["return_value"].aclose()
        raise error


def peer_error(event: str, details: dict[str, Any]) -> ConfigurationError | None:
    """Return the error of a new connection whose address is not loopback, or None."""
    if not event.endswith("connect_tcp.complete"):
        return None
    address = str(details["return_value"].get_extra_info("server_addr")[0])
    if is_loopback_address(address):
        return None
    problem = f"base_url is plain http, but leads to {address}, which is not a loopback address"
    remedy = "Use https. For tests between containers, pass the host as insecure_host"
    return ConfigurationError(f"{problem}. {remedy}", parameter="base_url")


class Pool(Generic[C]):
    """The httpx client that a client and its copies share; after a fork, a new one replaces it."""

    def __init__(self, settings: Settings, http_client: Any, make_client: Callable[[Settings], C]) -> None:
        decode_json(b"0")  # Imports the decoder: a child that is forked while a thread imports it could never do so.
        _openapi.load_requests()
        self.owned = http_client is None
        # A name, or a proxy of the caller, could lead an unencrypted key to another machine.
        host = httpx.URL(settings.base_url).host
        is_safe = settings.encrypted or host == settings.insecure_host or (self.owned and is_loopback_address(host))
        self.checks_peer = not is_safe
        self.networked = False
        self._settings = settings
        self._make_client: Callable[[Settings], C] = make_client
        self._inherited: list[C] = []
        self._process = os.getpid()
        if not isinstance(http_client, (httpx.Client, httpx.AsyncClient, NoneType)):
            from .connections import adapt_client

            http_client = adapt_client(http_client)
        self.client: C = make_client(settings) if self.owned else cast("Any", http_client)

    @property
    def closable(self) -> bool:
        """True if the connections belong to this process, and not to a client of the caller."""
        return self.owned and self._process == os.getpid()

    def enter_process(self) -> None:
        """Renew the connections after a fork, or raise ConfigurationError if they belong to the caller's client."""
        if self._process == os.getpid():
            return
        if self.owned:
            # Closing or freeing it would end the connections of the other process.
            self._inherited.append(self.client)
            self.client = self._make_client(self._settings)
        else:
            from .connections import has_connections

            if self.networked or has_connections(self.client, httpx.Request("GET", self._settings.base_url)):
                remedy = "Make the httpx client and the GatewayClient in each process"
                raise ConfigurationError(f"the connections of http_client belong to the parent process. {remedy}")
        self._process = os.getpid()


class _Sender:
    """The settings, connections and end of a transport, sync or async."""

    _check_peer: Callable[[str, dict[str, Any]], Any]

    def __init__(self, settings: Settings, http_client: Any, make_client: Callable[..., Any], closing: Any) -> None:
        self._settings = settings if http_client is not None else evolve(settings, proxy=find_proxy(settings.base_url))
        self._pool: Pool[Any] = Pool(self._settings, http_client, make_client)
        self._closing = closing
        self._is_copy = False

    def share(self, settings: Settings) -> Self:
        """Return a transport with other settings over the same connections, which closing it leaves open."""
        shared = copy(self)
        shared._settings = evolve(settings, proxy=self._settings.proxy)
        shared._closing = type(self._closing)(self._closing)
        shared._is_copy = True
        return shared

    def _is_closed(self) -> bool:
        return bool(self._closing.is_set or self._pool.client.is_closed)

    def _begin(self, request: httpx.Request, attempts: Attempts) -> GatewayError | None:
        """Begin an attempt, or return the error of one that cannot begin."""
        if self._is_closed():
            return closed_error()
        if attempts.remaining() <= 0:
            return deadline_error(attempts)
        self._prepare(request)
        begin_attempt(request, attempts, self._settings)
        return None

    def _sign(self, request: httpx.Request) -> httpx.Request:
        """Return a signed copy of a request of the generated client, unless another server would see the key."""
        settings = self._settings
        service = httpx.URL(settings.base_url)
        if (request.url.scheme, request.url.host, request.url.port) != (service.scheme, service.host, service.port):
            raise ConfigurationError(f"client.api must send requests to {settings.base_url} only, got {request.url}")
        if self._is_closed():
            raise closed_error()
        signed = httpx.Request(
            request.method, request.url, headers=request.headers, stream=request.stream, extensions=request.extensions
        )
        signed.headers.update(settings.headers)
        signed.headers["Authorization"] = settings.key.authorization
        self._prepare(signed)
        return signed

    def _prepare(self, request: httpx.Request) -> None:
        self._pool.enter_process()
        if self._pool.checks_peer:
            request.extensions["trace"] = self._check_peer


class Transport(_Sender):
    """Sends signed requests over one connection pool, with retries and within the deadline."""

    _pool: Pool[httpx.Client]
    _closing: Closing
    _check_peer = staticmethod(check_peer)

    def __init__(self, settings: Settings, http_client: HttpClient | None) -> None:
        super().__init__(settings, http_client, make_http_client, Closing())

    def send(self, parameters: dict[str, Any], *, end: float) -> Exchange:
        """Send a request, given as method, url and params, until the clock's time `end`; raises GatewayError."""
        request = build_request(parameters, self._settings)
        attempts = start_attempts(request, self._settings, end)
        while True:
            outcome = self._attempt(request, attempts)
            if not isinstance(outcome, GatewayError):
                return outcome
            self._closing.sleep(self._settings.clock, attempts.wait_after(outcome))

    def _attempt(self, request: httpx.Request, attempts: Attempts) -> Exchange | GatewayError:
        if (error := self._begin(request, attempts)) is not None:
            return error
        body = Body(attempts.remaining)
        try:
            with self._open(request, attempts.remaining) as response:
                try:
                    for chunk in open_body(response, body, self._pool.owned) or response.iter_bytes():
                        body.add(chunk)
                    body.decompressor.finish()
                except BODY_FAILURES:
                    if response.is_success:
                        raise  # The status of an error matters more than its body.
        except AssertionError:
            raise  # Of a mocking library.
        except Exception as failure:
            return closed_error() if self._is_closed() else error_from_failure(failure, attempts, self._settings)
        return evaluate_response(response, body, attempts, self._settings)

    @contextmanager
    def _open(
        self, request: httpx.Request, remaining: Remaining, *, forwarded: bool = False
    ) -> Generator[httpx.Response]:
        """Send a request in a with block, within the time that remains, and free its connection at the end."""
        try:
            with self._closing.limit_time(remaining):
                try:
                    response = self._pool.client.send(request, stream=True, auth=None, follow_redirects=False)
                except httpx.HTTPStatusError as failure:  # A hook of the caller has raised it.
                    if forwarded or failure.request is not request:
                        raise
                    response = failure.response
                self._pool.networked |= "network_stream" in response.extensions
                try:
                    yield response
                finally:
                    if leaves_surplus(response, self._pool.client, request):
                        response.extensions["network_stream"].close()
                    response.close()
        except BaseException:
            from .connections import release

            release(self._pool.client, request)
            raise

    def forward(self, request: httpx.Request) -> httpx.Response:
        """Sign a request of the generated client, and return its whole response from the same connections."""
        signed = self._sign(request)
        try:
            with self._open(signed, lambda: inf, forwarded=True) as response:
                chunks = [chunk for chunk in unread_body(response)]
        except Exception:
            if self._is_closed():
                raise closed_error() from None
            raise
        return copy_response(response, b"".join(chunks))

    def api(self) -> _openapi.GeneratedClient:
        """Return a generated client over the same connections."""
        url, timeout = self._settings.base_url, self._settings.timeout
        transport = httpx.MockTransport(self.forward)
        # Without the proxies of the environment, which would bypass `forward`.
        http = httpx.Client(transport=transport, base_url=url, timeout=timeout, trust_env=False)
        return _openapi.GeneratedClient(base_url=url).set_httpx_client(http)

    def close(self) -> None:
        """Stop sending, and close the connections unless they belong to the caller's client."""
        self._closing.set()
        if self._pool.closable and not self._is_copy:
            self._pool.client.close()


class AsyncTransport(_Sender):
    """Sends signed requests over one connection pool, with retries and within the deadline."""

    _pool: Pool[httpx.AsyncClient]
    _closing: AsyncClosing
    _check_peer = staticmethod(async_check_peer)

    def __init__(self, settings: Settings, http_client: AsyncHttpClient | None) -> None:
        super().__init__(settings, http_client, make_async_http_client, AsyncClosing())

    async def send(self, parameters: dict[str, Any], *, end: float) -> Exchange:
        """Send a request, given as method, url and params, until the clock's time `end`; raises GatewayError."""
        request = build_request(parameters, self._settings)
        attempts = start_attempts(request, self._settings, end)
        while True:
            outcome = await self._attempt(request, attempts)
            if not isinstance(outcome, GatewayError):
                return outcome
            await self._closing.sleep(self._settings.clock, attempts.wait_after(outcome))

    async def _attempt(self, request: httpx.Request, attempts: Attempts) -> Exchange | GatewayError:
        if (error := self._begin(request, attempts)) is not None:
            return error
        body = Body(attempts.remaining)
        try:
            async with self._open(request, attempts.remaining) as response:
                try:
                    async for chunk in open_body(response, body, self._pool.owned) or response.aiter_bytes():
                        body.add(chunk)
                    body.decompressor.finish()
                except BODY_FAILURES:
                    if response.is_success:
                        raise  # The status of an error matters more than its body.
        except AssertionError:
            raise  # Of a mocking library.
        except Exception as failure:
            return closed_error() if self._is_closed() else error_from_failure(failure, attempts, self._settings)
        return evaluate_response(response, body, attempts, self._settings)

    @asynccontextmanager
    async def _open(
        self, request: httpx.Request, remaining: Remaining, *, forwarded: bool = False
    ) -> AsyncGenerator[httpx.Response]:
        """Send a request in a with block, within the time that remains, and free its connection at the end."""
        try:
            with self._closing.limit_time(remaining):
                try:
                    response = await self._pool.client.send(request, stream=True, auth=None, follow_redirects=False)
                except httpx.HTTPStatusError as failure:  # A hook of the caller has raised it.
                    if forwarded or failure.request is not request:
                        raise
                    response = failure.response
                self._pool.networked |= "network_stream" in response.extensions
                try:
                    yield response
                finally:
                    if leaves_surplus(response, self._pool.client, request):
                        await response.extensions["network_stream"].aclose()
                    await response.aclose()
        except BaseException:
            from .connections import async_release

            await async_release(self._pool.client, request)
            raise

    async def forward(self, request: httpx.Request) -> httpx.Response:
        """Sign a request of the generated client, and return its whole response from the same connections."""
        signed = self._sign(request)
        try:
            async with self._open(signed, lambda: inf, forwarded=True) as response:
                chunks = [chunk async for chunk in unread_body(response)]
        except Exception:
            if self._is_closed():
                raise closed_error() from None
            raise
        return copy_response(response, b"".join(chunks))

    def api(self) -> _openapi.GeneratedClient:
        """Return a generated client over the same connections."""
        url, timeout = self._settings.base_url, self._settings.timeout
        transport = httpx.MockTransport(self.forward)
        http = httpx.AsyncClient(transport=transport, base_url=url, timeout=timeout, trust_env=False)
        return _openapi.GeneratedClient(base_url=url).set_async_httpx_client(http)

    async def aclose(self) -> None:
        """Stop sending, and close the connections unless they belong to the caller's client."""
        self._closing.set()
        if self._pool.closable and not self._is_copy:
            await self._pool.client.aclose()


class _NoCookies(CookieJar):
    """Keeps no cookies: the service sends none that matter, and those of a proxy would fill the memory."""

    def extract_cookies(self, response: Any, request: Any) -> None:
        """Do nothing."""


def make_http_client(settings: Settings) -> httpx.Client:
    """Return an httpx client whose network steps `limit_time` limits."""
    from .connections import limit_connections

    return limit_connections(httpx.Client(**_own_options(settings)))


def make_async_http_client(settings: Settings) -> httpx.AsyncClient:
    """Return an async httpx client; cancel scopes limit its time."""
    return httpx.AsyncClient(**_own_options(settings))


def _own_options(settings: Settings) -> dict[str, Any]:
    # Http is for loopback, which needs no certificates.
    certificates = load_certificates() if settings.encrypted else False
    proxy = settings.proxy and settings.proxy.url
    return {"limits": _LIMITS, "cookies": _NoCookies(), "verify": certificates, "proxy": proxy, "trust_env": False}


def start_attempts(request: httpx.Request, settings: Settings, end: float) -> Attempts:
    """Return the attempts of a request before the first, limited by its deadline and by the end of its walk."""
    now = settings.clock.now()
    return Attempts(
        request=settings.key.redact(f"{request.method} {request.url}"),
        clock=settings.clock,
        start=now,
        end=min(end, now + settings.deadline),
        max_retries=settings.max_retries,
        on_retry=settings.on_retry,
    )


def begin_attempt(request: httpx.Request, attempts: Attempts, settings: Settings) -> None:
    """Count an attempt, and set the timeouts of its request within the remaining time."""
    attempts.count += 1
    remaining = max(attempts.remaining(), 0.001)
    steps = {name: min(inf if each is None else each, remaining) for name, each in settings.timeout.as_dict().items()}
    request.extensions["timeout"] = {name: None if each == inf else each for name, each in steps.items()}


def open_body(response: httpx.Response, body: Body, owned: bool) -> Any:
    """Return the chunks of a body as the service sent them; None if httpx must decompress them."""
    if response.is_closed and not response.is_stream_consumed:
        return httpx.ByteStream(b"")  # A hook of the caller has raised an error for its status.
    encoding = response.headers.get("content-encoding", "")
    if response.is_stream_consumed and (not encoding or "network_stream" in response.extensions):
        return None  # A hook or a mocking library has read the body.
    if not (owned or is_accepted(encoding) or "," in encoding):
        return None  # The caller's client may decompress more, but several at once exceed any limit.
    if response.is_success or is_accepted(encoding):
        body.decompressor = Decompressor(encoding)
    return response.stream


def unread_body(response: httpx.Response) -> Any:
    """Return the chunks of a body as the service sent them; no chunks if a hook or a mocking library has read it."""
    return httpx.ByteStream(b"") if response.is_stream_consumed else response.stream


def copy_response(response: httpx.Response, content: bytes) -> httpx.Response:
    """Return an open response with the content of another, as the service sent it."""
    if response.is_stream_consumed:
        return response
    stream = httpx.ByteStream(content)
    return httpx.Response(response.status_code, headers=response.headers, stream=stream, extensions=response.extensions)


def leaves_surplus(response: httpx.Response, client: httpx.Client | httpx.AsyncClient, request: httpx.Request) -> bool:
    """Return whether extra bytes follow a response, so that its connection cannot be reused."""
    if "network_stream" not in response.extensions:
        return False  # Without a network, such as a mock.
    from .connections import has_surplus

    return has_surplus(client, request)


def evaluate_response(
    response: httpx.Response, body: Body, attempts: Attempts, settings: Settings
) -> Exchange | GatewayError:
    """Return a successful response as plain data, or the error of an error response; neither contains the key."""
    elapsed = attempts.elapsed()
    if elapsed > SLOW_RESPONSE:
        logger.info("slow: %s took %.1f s", attempts.request, elapsed)
    headers = dict(response.headers.items())
    plain = Response(response.status_code, headers, attempts=attempts.count, elapsed=elapsed)
    exchange = Exchange(attempts.request, plain, body.content(), settings.key.redact)
    return exchange if response.is_success else error_from_response(exchange, now=settings.clock.date())
