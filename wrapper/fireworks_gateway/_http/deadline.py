"""Limits on a response: its size, and the time until which it must be complete, or until the client is closed."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, suppress
from contextvars import ContextVar
from math import inf
from threading import Condition, RLock
from typing import Any

from .compression import Decompressor
from .retries import Clock

LARGEST_BODY = 16 * 2**20
"""The largest body in bytes, before and after decompression; a page of 1,000 models has about 2 million."""

Remaining = Callable[[], float]

cancellation: ContextVar[Cancellation | None] = ContextVar("fireworks_gateway_cancellation", default=None)

remaining_time: ContextVar[Remaining | None] = ContextVar("fireworks_gateway_remaining_time", default=None)


class Cancellation:
    """Cancellation of the request of one thread by another; for a client of `limit_connections`."""

    def __init__(self) -> None:
        self.cancelled = False
        self._socket: Any = None
        self._lock = RLock()  # Garbage collection may call `cancel` anywhere, in the thread of the request too.

    @contextmanager
    def watch(self, socket: Any) -> Generator[None]:
        """Let `cancel` shut a socket down in a with block."""
        with self._lock:
            self._socket = None if self.cancelled else socket
        try:
            yield
        finally:
            with self._lock:
                self._socket = None

    def cancel(self) -> None:
        """Cancel the request, and wake the thread if it reads."""
        with self._lock:
            self.cancelled = True
            if self._socket is not None:
                shut_down(self._socket)


def shut_down(sock: Any) -> None:
    """Shut a socket down, which wakes a thread that reads from it; closing it does not."""
    # This bypasses TLS, which must not be used while the thread uses it.
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


class TooLargeError(Exception):
    """A body larger than `LARGEST_BODY`."""


class Body:
    """The body of a response, received chunk by chunk."""

    def __init__(self, remaining: Remaining) -> None:
        self._remaining = remaining
        self._chunks: list[bytes] = []
        self._received = self._size = 0
        self._decompressor = Decompressor("")

    def decompress(self, content_encoding: str) -> None:
        """Decompress the chunks to come.

        Raises:
            EncodingError: The encoding was not requested.
        """
        self._decompressor = Decompressor(content_encoding)

    def add(self, chunk: bytes) -> None:
        """Append a chunk.

        Raises:
            CompressionError: The compression is broken.
            TooLargeError: The body is larger than `LARGEST_BODY`.
            TimeoutError: The deadline has passed.
        """
        self._received += len(chunk)
        chunk = self._decompressor.add(chunk, LARGEST_BODY + 1 - self._size)
        self._chunks.append(chunk)
        self._size += len(chunk)
        if max(self._size, self._received) > LARGEST_BODY:
            raise TooLargeError
        if self._remaining() <= 0:
            raise TimeoutError

    def finish(self) -> None:
        """Check that no chunk is missing.

        Raises:
            CompressionError: The compressed data is incomplete.
        """
        self._decompressor.finish()

    def content(self) -> bytes:
        """Return the whole body."""
        return self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)


@contextmanager
def limit_time(remaining: Remaining) -> Generator[None]:
    """Limit the network steps in a with block, for a client of `limit_connections`."""
    token = remaining_time.set(remaining)
    try:
        yield
    finally:
        remaining_time.reset(token)


class Closing:
    """The end of a sync client, which ends the waits and network steps of its threads, and of those of its copies."""

    def __init__(self, original: Closing | None = None) -> None:
        self._original: Closing = self if original is None else original._original
        self._changed: Condition = Condition() if original is None else original._changed
        self._closed = False

    @property
    def is_set(self) -> bool:
        """True if the client is closed."""
        return self._closed or self._original._closed

    def set(self) -> None:
        """End the waits. Network steps begin no more."""
        self._closed = True
        with self._changed:
            self._changed.notify_all()

    def sleep(self, clock: Clock, seconds: float) -> None:
        """Wait for a number of seconds, or until the client is closed."""
        if clock.sleep is time.sleep:
            with self._changed:
                self._changed.wait_for(lambda: self.is_set, seconds)
        else:
            clock.sleep(seconds)

    def limit_time(self, remaining: Remaining) -> AbstractContextManager[None]:
        """Limit the network steps in a with block; no time remains once the client is closed."""
        return limit_time(lambda: 0.0 if self.is_set else remaining())


class AsyncClosing:
    """The end of an async client, which ends the waits and requests of its tasks and of those of its copies.

    For asyncio and trio.
    """

    def __init__(self, original: AsyncClosing | None = None) -> None:
        self._original: AsyncClosing = self if original is None else original._original
        self._scopes: set[Any] = set()
        self._closed = False

    @property
    def is_set(self) -> bool:
        """True if the client is closed."""
        return self._closed or self._original._closed

    def set(self) -> None:
        """End the waits and requests."""
        self._closed = True
        for scope in tuple(self._scopes):
            scope.cancel()

    async def sleep(self, clock: Clock, seconds: float) -> None:
        """Wait for a number of seconds, or until the client is closed."""
        with suppress(TimeoutError), self.limit_time(lambda: inf):
            await clock.async_sleep(seconds)

    @contextmanager
    def limit_time(self, remaining: Remaining) -> Generator[None]:
        """Limit the time of a with block; raises TimeoutError, also when the client is closed."""
        import anyio

        with anyio.fail_after(max(remaining(), 0)) as scope:
            self._scopes.add(scope)
            self._original._scopes.add(scope)
            try:
                yield
            finally:
                self._scopes.discard(scope)
                self._original._scopes.discard(scope)
        if scope.cancelled_caught:
            raise TimeoutError
