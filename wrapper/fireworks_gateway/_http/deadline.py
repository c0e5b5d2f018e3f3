"""Limits on a response: its size, and the time until which it must be complete."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any

LARGEST_BODY = 64 * 2**20
"""The most bytes that an answer may have, decompressed. A page of 200 models has about 400,000."""

Left = Callable[[], float]

time_left: ContextVar[Left | None] = ContextVar("fireworks_gateway_left", default=None)


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
    """Bound what a client made by `bounded` sends and reads in a with block."""
    token = time_left.set(left)
    try:
        yield
    finally:
        time_left.reset(token)


def async_within(left: Left) -> AbstractContextManager[Any]:
    """Bound what is awaited in a with block, under asyncio and trio; it raises TimeoutError."""
    import anyio

    return anyio.fail_after(max(left(), 0))
