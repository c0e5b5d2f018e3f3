"""The ways into a fake gateway: in process, as httpx transports, and over a loopback socket."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, MutableMapping
from contextlib import contextmanager
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, unquote

import httpx

from ._exchange import Answering, Request
from ._time import VirtualTime

_Event = MutableMapping[str, Any]


class InProcess(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """An httpx transport, sync and async, that asks a function instead of a network, in virtual time."""

    def __init__(self, answer: Answering, time: VirtualTime) -> None:
        self._answer = answer
        self._time = time

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a sync client, unless its timeout passes first."""
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        asked = request_from(request.method, path, query, request.headers.multi_items())
        began = self._time.seconds
        reply = self._answer(asked)
        patience = request.extensions.get("timeout", {}).get("read")
        if patience is not None and self._time.seconds - began > patience:
            self._time.seconds = began + patience
            raise httpx.ReadTimeout(f"no answer within {patience:g} s", request=request)
        return httpx.Response(reply.status, headers=dict(reply.headers), stream=_Once(reply.body))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer an async client."""
        return self.handle_request(request)


class _Once(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that is let go when it is read, as one from a socket is: httpx keeps its responses in cycles."""

    def __init__(self, body: bytes) -> None:
        self._body = [body]

    def __iter__(self) -> Iterator[bytes]:
        while self._body:
            yield self._body.pop()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


def request_from(method: str, path: str, query: str, headers: list[tuple[str, str]]) -> Request:
    """Return a request from the parts that every server has: the path and the query still encoded."""
    pairs = tuple(parse_qsl(query, keep_blank_values=True))
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name.lower(), []).append(value)
    # As a recipient may join them (RFC 9110, section 5.3): two keys are then not one of them.
    joined = {name: ", ".join(each) for name, each in values.items()}
    return Request(method.upper(), unquote(path), pairs, joined, f"{path}?{query}" if query else path)


@contextmanager
def serving(answer: Answering, *, port: int = 0) -> Generator[str]:
    """Answer over HTTP on loopback for the length of a with block; the value is the base URL.

    Raises:
        ModuleNotFoundError: The extra `testing` is not installed.
    """
    try:
        import uvicorn
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "serving needs uvicorn; install it with: pip install 'fireworks-gateway[testing]'", name=error.name
        ) from None
    # Named as TCP, which `socket.create_server` leaves open: asyncio turns Nagle's algorithm off only where it is, and
    # with it on every answer waits 40 ms for the client's delayed acknowledgement.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        server = uvicorn.Server(
            uvicorn.Config(
                _application(answer),
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                timeout_graceful_shutdown=1,
                # As Go's. By default 16 KiB would do, or not, as the system happens to cut a longer request.
                h11_max_incomplete_event_size=1 << 20,
            )
        )
        thread = Thread(target=server.run, args=([listener],), name="fake-gateway", daemon=True)
        thread.start()
        try:
            # It listens already, so a client that comes before the server runs only waits.
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def _application(
    answer: Answering,
) -> Callable[[_Event, Callable[[], Awaitable[_Event]], Callable[[_Event], Awaitable[None]]], Awaitable[None]]:
    async def application(
        scope: _Event, receive: Callable[[], Awaitable[_Event]], send: Callable[[_Event], Awaitable[None]]
    ) -> None:
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
        reply = answer(request_from(scope["method"], path, query, headers))
        lines = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers.items()]
        lines.append((b"content-length", str(len(reply.body)).encode()))
        await send({"type": "http.response.start", "status": reply.status, "headers": lines})
        await send({"type": "http.response.body", "body": reply.body})

    return application
