"""What bounds an answer: its size, and the time that it may take.

httpx's own timeouts are for each read, so for them an answer that dribbles is never late. The async client is bounded
by a cancel scope. The sync one has none, so its connections ask before each read how much time is left: httpcore takes
a network backend for such a purpose, and httpx does not hand one through, so two of its private names are here.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

LARGEST_BODY = 64 * 2**20
"""The most bytes that an answer may have, decompressed. A page of 200 models has about 400,000."""

Left = Callable[[], float]

_left: ContextVar[Left | None] = ContextVar("fireworks_gateway_left", default=None)


class TooLargeError(Exception):
    """An answer that goes on beyond `LARGEST_BODY`."""


class Body:
    """The body of an answer, as its chunks come."""

    def __init__(self, left: Left) -> None:
        self._left = left
        self._chunks: list[bytes] = []
        self._size = 0

    def add(self, chunk: bytes) -> None:
        """Take a chunk.

        Raises:
            TooLargeError: There is more than a body may have.
            TimeoutError: There is no time left.
        """
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > LARGEST_BODY:
            raise TooLargeError
        if self._left() <= 0:
            raise TimeoutError

    def joined(self) -> bytes:
        """Return the whole body."""
        return self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)


@contextmanager
def within(left: Left) -> Generator[None]:
    """Bound what a client made by `bounded_client` sends and reads in a with block."""
    token = _left.set(left)
    try:
        yield
    finally:
        _left.reset(token)


def async_within(left: Left) -> AbstractContextManager[Any]:
    """Bound what is awaited in a with block, under asyncio and trio; it raises TimeoutError."""
    import anyio

    return anyio.fail_after(max(left(), 0))


def bounded(client: httpx.Client) -> httpx.Client:
    """Return the client, its connections bounded by `within`, those through a proxy included."""
    for transport in (client._transport, *client._mounts.values()):
        if isinstance(transport, httpx.HTTPTransport):
            transport._pool._network_backend = _Backend(transport._pool._network_backend)
    return client


def _shorter(timeout: float | None, late: type[Exception]) -> float | None:
    left = _left.get()
    if left is None:
        return timeout
    seconds = left()
    if seconds <= 0:
        raise late("the deadline has passed")
    return seconds if timeout is None else min(timeout, seconds)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _shorter(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _shorter(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _shorter(timeout, httpcore.ConnectTimeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        timeout = _shorter(timeout, httpcore.ConnectTimeout)
        return _Stream(self._backend.connect_tcp(host, port, timeout, local_address, socket_options))

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None
    ) -> httpcore.NetworkStream:
        timeout = _shorter(timeout, httpcore.ConnectTimeout)
        return _Stream(self._backend.connect_unix_socket(path, timeout, socket_options))

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)
