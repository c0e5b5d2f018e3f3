"""A gateway in memory below httpcore: two pages of models, and one response of other bytes."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpcore
import httpx

from fireworks_gateway.testing import FakeGateway
from tools.fuzz.inputs import Ending, Input

CLEAN: dict[str, dict[str, Any]] = {
    "": {"models": [], "nextPageToken": "next", "totalSize": 4},
    "next": {"models": [], "nextPageToken": "", "totalSize": 4},
}
"""The pages by their tokens; any other token leads to an empty last page."""
for number, each in enumerate(FakeGateway(4).client().models.list()):
    CLEAN["next" if number > 1 else ""]["models"].append(each.to_dict())


def encode_page(page: dict[str, Any]) -> bytes:
    """Return the bytes of a response with a page."""
    body = json.dumps(page).encode()
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)


_CLEAN_BYTES = {token: encode_page(page) for token, page in CLEAN.items()}
_OTHER_BYTES = encode_page({"models": [], "nextPageToken": ""})


class Network:
    """The server of one walk: its connections, and the tokens that were requested.

    Attributes:
        tokens: The page token of each request, in order.
        changed_token: The token of the request that received the bytes of the input; None before.
    """

    def __init__(self) -> None:
        self.begin(None)

    def begin(self, input: Input | None) -> None:
        """Use the bytes of an input for the response of one of the next requests."""
        self._input = input
        self.tokens: list[str] = []
        self.changed_token: str | None = None

    def respond(self, request: bytes) -> tuple[Iterable[bytes], Ending]:
        """Return the pieces of a response, and the end of its connection."""
        target = urlsplit(request.split(b" ", 2)[1].decode())
        token = parse_qs(target.query).get("pageToken", [""])[0]
        self.tokens.append(token)
        if self._input is not None and len(self.tokens) == self._input.request:
            self.changed_token = token
            return self._input.pieces(), self._input.ending
        return [_CLEAN_BYTES.get(token, _OTHER_BYTES)], Ending.CLOSE


class _Connection:
    """The server's side of a connection."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._request = b""
        self._pieces: deque[bytes] = deque()
        self._ending = Ending.CLOSE
        self.closed = False

    def receive(self, sent: bytes) -> None:
        if self.closed:
            raise httpcore.WriteError("closed")
        self._request += sent
        if b"\r\n\r\n" in self._request:
            pieces, self._ending = self._network.respond(self._request)
            self._pieces.extend(pieces)
            self._request = b""

    def send(self, size: int) -> bytes:
        if self.closed:
            raise httpcore.ReadError("closed")
        if not self._pieces:
            if self._ending is Ending.CLOSE:
                return b""
            raise httpcore.ReadError("reset") if self._ending is Ending.RESET else httpcore.ReadTimeout("timed out")
        piece = self._pieces.popleft()
        if len(piece) > size:
            self._pieces.appendleft(piece[size:])
        return piece[:size]

    def info(self, name: str) -> Any:
        return self.closed or bool(self._pieces) if name == "is_readable" else None


class _Stream(httpcore.NetworkStream):
    def __init__(self, network: Network) -> None:
        self._connection = _Connection(network)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._connection.send(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._connection.receive(buffer)

    def close(self) -> None:
        self._connection.closed = True

    def get_extra_info(self, info: str) -> Any:
        return self._connection.info(info)


class _AsyncStream(httpcore.AsyncNetworkStream):
    def __init__(self, network: Network) -> None:
        self._connection = _Connection(network)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        return self._connection.send(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        self._connection.receive(buffer)

    async def aclose(self) -> None:
        self._connection.closed = True

    def get_extra_info(self, info: str) -> Any:
        return self._connection.info(info)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, network: Network) -> None:
        self._network = network

    def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> _Stream:
        return _Stream(self._network)


class _AsyncBackend(httpcore.AsyncNetworkBackend):
    def __init__(self, network: Network) -> None:
        self._network = network

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109
        socket_options: Any = None,
    ) -> _AsyncStream:
        return _AsyncStream(self._network)


SLOTS = 3


class MemoryTransport(httpx.HTTPTransport):
    """A transport of httpx over a network in memory, with a small pool."""

    def __init__(self, network: Network) -> None:
        super().__init__(verify=False)
        self._pool = httpcore.ConnectionPool(
            max_connections=SLOTS, network_backend=_Backend(network), uds="a name, as TCP is not for backends"
        )


class AsyncMemoryTransport(httpx.AsyncHTTPTransport):
    """The async twin of `MemoryTransport`."""

    def __init__(self, network: Network) -> None:
        super().__init__(verify=False)
        self._pool = httpcore.AsyncConnectionPool(
            max_connections=SLOTS, network_backend=_AsyncBackend(network), uds="a name, as TCP is not for backends"
        )
