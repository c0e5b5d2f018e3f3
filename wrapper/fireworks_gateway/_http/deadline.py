"""Limits on a response: its size, and the time until which it must be complete."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any

LARGEST_BODY = 64 * 2**20
"""The largest body in bytes, decompressed; a page of 200 models has about 400,000."""

Remaining = Callable[[], float]

remaining_time: ContextVar[Remaining | None] = ContextVar("fireworks_gateway_remaining_time", default=None)


class TooLargeError(Exception):
    """A body larger than `LARGEST_BODY`."""


class Body:
    """The body of a response, received chunk by chunk."""

    def __init__(self, remaining: Remaining) -> None:
        self._remaining = remaining
        self._chunks: list[bytes] = []
        self._size = 0

    def add(self, chunk: bytes) -> None:
        """Append a chunk.

        Raises:
            TooLargeError: The body is larger than `LARGEST_BODY`.
            TimeoutError: The deadline has passed.
        """
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > LARGEST_BODY:
            raise TooLargeError
        if self._remaining() <= 0:
            raise TimeoutError

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


def async_limit_time(remaining: Remaining) -> AbstractContextManager[Any]:
    """Limit the time of a with block under asyncio and trio; raises TimeoutError."""
    import anyio

    return anyio.fail_after(max(remaining(), 0))
