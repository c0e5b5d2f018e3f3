"""The body of a response, decompressed within a limit, and the time until it must be complete or the client closes."""

import socket
import time
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from math import inf
from threading import Condition, RLock
from typing import Any

from .retries import Clock

LARGEST_BODY = 16 * 2**20
"""The largest body in bytes, before and after decompression; a page of 1,000 models has about 2 million."""

Remaining = Callable[[], float]

cancellation: "ContextVar[Cancellation | None]" = ContextVar("fireworks_gateway_cancellation", default=None)

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


ACCEPTED = "gzip, deflate"  # The value of `Accept-Encoding` in every request (RFC 1952, RFC 1950).

# The `wbits` of zlib: 16 more for the header of gzip, negative without a header.
_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_RAW_DEFLATE = -15
_GZIP_MEMBER = b"\x1f\x8b"


class CompressionError(Exception):
    """A body whose compression is broken or incomplete."""


class EncodingError(CompressionError):
    """A body in an encoding that was not requested."""


def is_accepted(content_encoding: str) -> bool:
    """Return whether `Decompressor` reads an encoding, given as the header's value."""
    return content_encoding.strip().lower() in ("", "identity", *_WINDOWS)


class Decompressor:
    """Decompresses the chunks of one body in an accepted encoding, given as the header's value."""

    def __init__(self, content_encoding: str) -> None:
        encoding = content_encoding.strip().lower()
        if not is_accepted(encoding):
            raise EncodingError(f"an unreadable body: Content-Encoding {content_encoding!r} was not requested")
        self._window = _WINDOWS.get(encoding)
        self._stream = zlib.decompressobj(self._window) if self._window else None
        self._head: bytes | None = b""  # The first two bytes determine a member's format; None inside a member.

    def add(self, chunk: bytes, limit: int) -> bytes:
        """Return at most `limit` decompressed bytes of a chunk; raises CompressionError."""
        if self._stream is None:
            return chunk
        parts, size = [], 0
        while chunk and size < limit:
            if self._head is not None:
                chunk = self._head + chunk
                if len(chunk) < 2:
                    self._head = chunk
                    break
                if self._stream.eof and not chunk.startswith(_GZIP_MEMBER):
                    break  # Servers pad the last member; the data was complete before.
                self._stream, self._head = zlib.decompressobj(self._format_of(chunk)), None
            try:
                parts.append(self._stream.decompress(chunk, limit - size))
            except zlib.error as error:
                raise CompressionError(str(error)) from None
            size += len(parts[-1])
            chunk = self._stream.unused_data
            if self._stream.eof:
                self._head = b""
        return b"".join(parts)

    def _format_of(self, head: bytes) -> int:
        if self._window == _WINDOWS["deflate"] and (head[0] & 15 != 8 or (head[0] << 8 | head[1]) % 31):
            return _RAW_DEFLATE  # Some servers leave out the header of zlib (RFC 1950, section 2.2).
        return self._window or 0

    def finish(self) -> None:
        """Raise CompressionError if the end of the compressed data is missing."""
        if self._stream is not None and not self._stream.eof and self._head != b"":
            raise CompressionError("the compressed data is incomplete")


class TooLargeError(Exception):
    """A body larger than `LARGEST_BODY`."""


class Body:
    """The body of a response, received chunk by chunk."""

    def __init__(self, remaining: Remaining) -> None:
        self._remaining = remaining
        self._chunks: list[bytes] = []
        self._received = self._size = 0
        self.decompressor = Decompressor("")

    def add(self, chunk: bytes) -> None:
        """Append a chunk; raises CompressionError, TooLargeError, or TimeoutError once the deadline has passed."""
        self._received += len(chunk)
        chunk = self.decompressor.add(chunk, LARGEST_BODY + 1 - self._size)
        self._chunks.append(chunk)
        self._size += len(chunk)
        if max(self._size, self._received) > LARGEST_BODY:
            raise TooLargeError("a body that is too large for a page")
        if self._remaining() <= 0:
            raise TimeoutError

    def content(self) -> bytes:
        """Return the whole body."""
        return self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)


class _End:
    """The end of a client and of its copies; a copy that is closed leaves the original open."""

    def __init__(self, original: Any = None) -> None:
        self._original: Any = self if original is None else original._original
        self._closed = False

    @property
    def is_set(self) -> bool:
        """True if the client is closed."""
        return self._closed or bool(self._original._closed)


class Closing(_End):
    """The end of a sync client, which ends the waits and network steps of its threads, and of those of its copies."""

    def __init__(self, original: "Closing | None" = None) -> None:
        super().__init__(original)
        self._changed: Condition = Condition() if original is None else original._changed

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

    @contextmanager
    def limit_time(self, remaining: Remaining) -> Generator[None]:
        """Limit the network steps in a with block, for a client of `limit_connections`; none begins after the end."""
        token = remaining_time.set(lambda: 0.0 if self.is_set else remaining())
        try:
            yield
        finally:
            remaining_time.reset(token)


class AsyncClosing(_End):
    """The end of an async client, which ends the waits and requests of its tasks and of those of its copies."""

    def __init__(self, original: "AsyncClosing | None" = None) -> None:
        super().__init__(original)
        self._scopes: set[Any] = set()

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

        with anyio.CancelScope(deadline=anyio.current_time() + remaining()) as scope:
            self._scopes.add(scope)
            self._original._scopes.add(scope)
            try:
                yield
            finally:
                self._scopes.discard(scope)
                self._original._scopes.discard(scope)
        if scope.cancelled_caught:
            raise TimeoutError
