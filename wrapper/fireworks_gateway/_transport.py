"""One request and its answer over httpx: a sync and an async shell of the same text."""

from __future__ import annotations

from typing import Any

import httpx

from ._answers import error_from
from ._bounds import Body, async_within, within
from ._failures import FAILURES, closed, error_of, is_of_another_loop, stranded, too_late
from ._openapi import GeneratedClient
from ._requests import request_for, signed
from ._responses import Answer, Response
from ._retries import Attempts, logger
from ._settings import Settings
from .errors import ConfigurationError, GatewayError

SLOW = 10.0
"""An answer that took more than this many seconds is logged."""

_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=None)


class Transport:
    """Sends requests, signed, over one pool of connections, again where that may help, and no longer than allowed."""

    def __init__(self, settings: Settings, http_client: httpx.Client | None) -> None:
        if not isinstance(http_client, httpx.Client | None):
            raise ConfigurationError(f"http_client is an httpx.Client; not {http_client!r:.80}")
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
            raise ConfigurationError(f"http_client is an httpx.AsyncClient; not {http_client!r:.80}")
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
    from ._network import bounded

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
