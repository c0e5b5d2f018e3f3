"""Send with a client of httpx2, whose classes differ from those of httpx, through a client of httpx."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import httpx


def adapt_client(client: Any) -> Any:
    """Return a client of httpx that sends with one of httpx2; another is returned unchanged."""
    httpx2 = sys.modules.get("httpx2")  # A program that has a client of it has imported it.
    if httpx2 is not None and isinstance(client, httpx2.Client):
        return AdaptedClient(client)
    return AsyncAdaptedClient(client) if httpx2 is not None and isinstance(client, httpx2.AsyncClient) else client


class _Adapted:
    def __init__(self, client: Any) -> None:
        super().__init__(transport=_Adapter(client), trust_env=False)  # type: ignore[call-arg]
        self.adapted = client

    @property
    def is_closed(self) -> bool:
        """True once the given client is closed."""
        return bool(self.adapted.is_closed)


class AdaptedClient(_Adapted, httpx.Client):
    """A client of httpx that sends with a client of httpx2."""


class AsyncAdaptedClient(_Adapted, httpx.AsyncClient):
    """An async client of httpx that sends with a client of httpx2."""


class _Adapter(httpx.BaseTransport, httpx.AsyncBaseTransport):
    def __init__(self, client: Any) -> None:
        self._client = client

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        foreign = _convert_request(request, request.read())
        with _convert_errors(request):
            response = self._client.send(foreign, stream=True, auth=None, follow_redirects=False)
        return _convert_response(response, _Stream(response, request))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        foreign = _convert_request(request, await request.aread())
        with _convert_errors(request):
            response = await self._client.send(foreign, stream=True, auth=None, follow_redirects=False)
        return _convert_response(response, _Stream(response, request))


class _Stream(httpx.SyncByteStream, httpx.AsyncByteStream):
    def __init__(self, response: Any, request: httpx.Request) -> None:
        self._response = response
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        with _convert_errors(self._request):
            yield from self._response.stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _convert_errors(self._request):
            async for chunk in self._response.stream:
                yield chunk

    def close(self) -> None:
        self._response.close()

    async def aclose(self) -> None:
        await self._response.aclose()


def _convert_request(request: httpx.Request, content: bytes) -> Any:
    foreign = sys.modules["httpx2"].Request(
        request.method, str(request.url), headers=request.headers.raw, content=content
    )
    foreign.extensions = request.extensions  # The same dictionary identifies the request in the pool.
    return foreign


def _convert_response(response: Any, stream: Any) -> httpx.Response:
    if not response.is_stream_consumed:
        return httpx.Response(
            response.status_code, headers=response.headers.raw, stream=stream, extensions=response.extensions
        )
    # A hook or a mocking library has read and decompressed the body.
    headers = [(name, value) for name, value in response.headers.raw if name.lower() != b"content-encoding"]
    extensions = {name: value for name, value in response.extensions.items() if name != "network_stream"}
    return httpx.Response(response.status_code, headers=headers, content=response.content, extensions=extensions)


@contextmanager
def _convert_errors(request: httpx.Request) -> Generator[None]:
    """Raise an error of httpx2 as the error of httpx that has its name."""
    httpx2 = sys.modules["httpx2"]
    try:
        yield
    except httpx2.HTTPStatusError as failure:  # A hook of the caller has raised it.
        if failure.request.extensions is not request.extensions:
            raise
        response = _convert_response(failure.response, httpx.ByteStream(b""))
        raise httpx.HTTPStatusError(str(failure), request=request, response=response) from failure
    except httpx2.RequestError as failure:
        names = [kind.__name__ for kind in type(failure).__mro__]
        kind = next(getattr(httpx, name) for name in names if hasattr(httpx, name))
        raise kind(str(failure), request=request) from failure
