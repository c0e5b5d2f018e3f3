"""One request and its answer over httpx: a sync and an async shell of the same text."""

from __future__ import annotations

import time
from typing import Any

import httpx

from ._answers import Answer
from ._generated import GeneratedClient
from ._pages import Response
from ._settings import Settings
from .errors import ConfigurationError, DecodeError, GatewayError, RequestTimeoutError, TransportError


class Transport:
    """Sends requests, signed, over one pool of connections."""

    def __init__(self, settings: Settings, http_client: httpx.Client | None) -> None:
        self._settings = settings
        self._owned = http_client is None
        self._http = http_client if http_client is not None else httpx.Client(timeout=_timeout(settings))

    def answer(self, asked: dict[str, Any]) -> Answer:
        """Return the answer to a request, given as method, url and params.

        Raises:
            TransportError: No answer came.
            DecodeError: The answer's compression is broken.
        """
        if self._http.is_closed:
            raise closed()
        request = request_for(asked, self._settings)
        began = time.monotonic()
        outcome = self._outcome(request)
        if isinstance(outcome, GatewayError):
            raise outcome
        response, body = outcome
        return answer_from(request, response, body, time.monotonic() - began)

    def _outcome(self, request: httpx.Request) -> tuple[httpx.Response, bytes] | GatewayError:
        try:
            response = self._send(request)
            try:
                return response, b"".join([chunk for chunk in response.iter_bytes()])
            finally:
                response.close()
        except (httpx.RequestError, httpx.StreamError) as error:
            return error_of(request, error)

    def _send(self, request: httpx.Request) -> httpx.Response:
        return self._http.send(request, stream=True, auth=None, follow_redirects=False)

    def passed(self, request: httpx.Request) -> httpx.Response:
        """Pass on a request of the generated client: signed, and over the same connections."""
        request.headers["Authorization"] = self._settings.key.authorization
        return self._send(request)

    def api(self) -> GeneratedClient:
        """Return the generated client wired to the same connections."""
        http = httpx.Client(transport=_Passage(self), **_generated_options(self._settings))
        return GeneratedClient(base_url=self._settings.base_url).set_httpx_client(http)

    def close(self) -> None:
        """Close the connections, unless they are the caller's."""
        if self._owned:
            self._http.close()


class AsyncTransport:
    """Sends requests, signed, over one pool of connections."""

    def __init__(self, settings: Settings, http_client: httpx.AsyncClient | None) -> None:
        self._settings = settings
        self._owned = http_client is None
        self._http = http_client if http_client is not None else httpx.AsyncClient(timeout=_timeout(settings))

    async def answer(self, asked: dict[str, Any]) -> Answer:
        """Return the answer to a request, given as method, url and params.

        Raises:
            TransportError: No answer came.
            DecodeError: The answer's compression is broken.
        """
        if self._http.is_closed:
            raise closed()
        request = request_for(asked, self._settings)
        began = time.monotonic()
        outcome = await self._outcome(request)
        if isinstance(outcome, GatewayError):
            raise outcome
        response, body = outcome
        return answer_from(request, response, body, time.monotonic() - began)

    async def _outcome(self, request: httpx.Request) -> tuple[httpx.Response, bytes] | GatewayError:
        try:
            response = await self._send(request)
            try:
                return response, b"".join([chunk async for chunk in response.aiter_bytes()])
            finally:
                await response.aclose()
        except (httpx.RequestError, httpx.StreamError) as error:
            return error_of(request, error)

    async def _send(self, request: httpx.Request) -> httpx.Response:
        return await self._http.send(request, stream=True, auth=None, follow_redirects=False)

    async def passed(self, request: httpx.Request) -> httpx.Response:
        """Pass on a request of the generated client: signed, and over the same connections."""
        request.headers["Authorization"] = self._settings.key.authorization
        return await self._send(request)

    def api(self) -> GeneratedClient:
        """Return the generated client wired to the same connections."""
        http = httpx.AsyncClient(transport=_AsyncPassage(self), **_generated_options(self._settings))
        return GeneratedClient(base_url=self._settings.base_url).set_async_httpx_client(http)

    async def aclose(self) -> None:
        """Close the connections, unless they are the caller's."""
        if self._owned:
            await self._http.aclose()


class _Passage(httpx.BaseTransport):
    """The way of the generated client's requests: signed, and over the transport's connections."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._transport.passed(request)


class _AsyncPassage(httpx.AsyncBaseTransport):
    """The way of the generated client's requests: signed, and over the transport's connections."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._transport.passed(request)


def request_for(asked: dict[str, Any], settings: Settings) -> httpx.Request:
    """Return the signed request for method, url and params; nothing of a caller's own httpx client goes into it."""
    return httpx.Request(
        asked["method"],
        settings.base_url + asked["url"],
        params=asked["params"],
        headers={
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            "Authorization": settings.key.authorization,
            "User-Agent": settings.user_agent,
        },
        extensions={"timeout": _timeout(settings).as_dict()},
    )


def answer_from(request: httpx.Request, response: httpx.Response, body: bytes, elapsed: float) -> Answer:
    """Return an answer as plain data, so that nothing of httpx outlives it."""
    plain = Response(response.status_code, dict(response.headers), attempts=1, elapsed=elapsed)
    return Answer(_asked(request), plain, body)


def error_of(request: httpx.Request, error: Exception) -> GatewayError:
    """Return our error for one of httpx's."""
    asked = _asked(request)
    what = f"{type(error).__name__}: {error}".rstrip(": ")
    if isinstance(error, httpx.TimeoutException):
        return RequestTimeoutError(f"{asked} was not answered in time ({what})", request=asked)
    if isinstance(error, httpx.DecodingError):
        return DecodeError(f"{asked} was answered with broken compression ({what})", request=asked)
    return TransportError(f"{asked} got no answer ({what})", request=asked)


def closed() -> ConfigurationError:
    """Return the error of a client that is used after it was closed."""
    return ConfigurationError("the client is closed; make a new one, or ask inside its with block")


def _generated_options(settings: Settings) -> dict[str, Any]:
    # The environment's proxies are the passage's business: a client that saw them would go round it.
    return {"base_url": settings.base_url, "timeout": _timeout(settings), "trust_env": False}


def _asked(request: httpx.Request) -> str:
    return f"{request.method} {request.url}"


def _timeout(settings: Settings) -> httpx.Timeout:
    return httpx.Timeout(settings.timeout)
