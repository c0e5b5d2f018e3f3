"""A gateway in memory below httpcore: two pages of models, and one response of other bytes."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpcore

from fireworks_gateway._http.connections import DeadlineStream
from fireworks_gateway.testing import FakeGateway
from tools.fuzz.inputs import Input

_MODELS = [each.to_dict() for each in FakeGateway(4).client().models.list()]
CLEAN: dict[str, dict[str, Any]] = {
    "": {"models": _MODELS[:2], "nextPageToken": "next", "totalSize": 4},
    "next": {"models": _MODELS[2:], "nextPageToken": "", "totalSize": 4},
}
"""The pages by their tokens; any other token leads to an empty last page."""


class Network(httpcore.NetworkBackend):
    """The server of one walk.

    Attributes:
        input: The input for the response of one of the next requests.
        tokens: The page token of each request, in order.
    """

    def begin(self, input: Input) -> None:
        """Begin a walk."""
        self.input = input
        self.tokens: list[str] = []

    @property
    def changed_token(self) -> str | None:
        """The token of the request that received the bytes of the input, if any."""
        return self.tokens[self.input.request - 1] if len(self.tokens) >= self.input.request else None

    def respond(self, request: bytes) -> tuple[list[bytes], type[Exception] | None]:
        """Return the pieces of a response, and the end of its connection."""
        target = urlsplit(request.split(b" ", 2)[1].decode())
        query = parse_qs(target.query)
        token = (query.get("pageToken") or query.get("page_token") or [""])[0]
        self.tokens.append(token)
        if len(self.tokens) == self.input.request:
            return self.input.pieces, self.input.ending
        body = json.dumps(CLEAN.get(token, {"models": [], "nextPageToken": ""})).encode()
        return [b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)], None

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        """Return a new connection."""
        return DeadlineStream(_Stream(self))


class AsyncNetwork(httpcore.AsyncNetworkBackend):
    """The async face of a network."""

    def __init__(self, network: Network) -> None:
        self._network = network

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        """Return a new connection."""
        return _AsyncStream(_Stream(self._network))


class _Stream(httpcore.MockStream):
    def __init__(self, network: Network) -> None:
        super().__init__([])
        self._network = network
        self._request = b""
        self._ending: type[Exception] | None = None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._request += buffer
        if b"\r\n\r\n" in self._request:
            pieces, self._ending = self._network.respond(self._request)
            self._buffer += pieces
            self._request = b""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._ending is not None and not self._buffer:
            raise self._ending("no more bytes")
        return super().read(max_bytes)

    def get_extra_info(self, info: str) -> Any:
        return self._closed or bool(self._buffer) if info == "is_readable" else None


class _AsyncStream(httpcore.AsyncNetworkStream):
    def __init__(self, stream: _Stream) -> None:
        self._stream = stream
        self.get_extra_info = stream.get_extra_info  # type: ignore[method-assign]

    async def read(self, max_bytes: int, *_: Any, **__: Any) -> bytes:
        return self._stream.read(max_bytes)

    async def write(self, buffer: bytes, *_: Any, **__: Any) -> None:
        self._stream.write(buffer)

    async def aclose(self) -> None:
        self._stream.close()


def connect_pool(http: Any, network: Network | AsyncNetwork) -> Any:
    """Let an httpx client send over a network in memory, with few connections, and return its pool."""
    pool = http._transport._pool
    pool._network_backend, pool._uds, pool._max_connections = network, "TCP is not for backends", 3
    return pool
