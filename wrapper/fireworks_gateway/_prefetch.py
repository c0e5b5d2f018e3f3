"""A page fetched while its predecessor is being read: on a thread, or as a task."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from threading import Thread
from typing import TYPE_CHECKING, Generic, TypeVar

from ._pages import Page
from .errors import ConfigurationError

if TYPE_CHECKING:
    import asyncio
    from concurrent.futures import Future

T = TypeVar("T")


class Ahead(Generic[T]):
    """A page on its way, on a thread that nothing waits for: it ends with its request."""

    @staticmethod
    def check() -> None:
        """Do nothing: a thread can be had anywhere."""

    def __init__(self, fetch: Callable[[str], Page[T]], page_token: str) -> None:
        from concurrent.futures import Future  # Slow to import, and needed by nobody else here.

        self._future: Future[Page[T]] = Future()
        # A daemon: leaving the program, like closing the client, does not wait for a page that nobody wants.
        Thread(
            target=_fill, args=(self._future, fetch, page_token), name="fireworks-gateway-ahead", daemon=True
        ).start()

    def page(self) -> Page[T]:
        """Return the page, or raise what its request raised."""
        return self._future.result()

    def drop(self) -> None:
        """Let go of the page."""


def _fill(future: Future[Page[T]], fetch: Callable[[str], Page[T]], page_token: str) -> None:
    try:
        future.set_result(fetch(page_token))
    except BaseException as error:
        future.set_exception(error)


class AsyncAhead(Generic[T]):
    """A page on its way, as a task of the running event loop."""

    @staticmethod
    def check() -> None:
        """Refuse an event loop other than asyncio's.

        Raises:
            ConfigurationError: There is no asyncio loop running here.
        """
        import asyncio  # Heavy, and needed by nobody else here.

        try:
            asyncio.get_running_loop()
        except RuntimeError:
            raise ConfigurationError("prefetch=True needs asyncio; walk without it here") from None

    def __init__(self, fetch: Callable[[str], Awaitable[Page[T]]], page_token: str) -> None:
        import asyncio

        self._task = asyncio.ensure_future(_page(fetch, page_token))
        self._task.add_done_callback(_retrieved)

    async def page(self) -> Page[T]:
        """Return the page, or raise what its request raised."""
        return await self._task

    def drop(self) -> None:
        """Let go of the page."""
        if not self._task.done() and not self._task.get_loop().is_closed():
            self._task.cancel()


async def _page(fetch: Callable[[str], Awaitable[Page[T]]], page_token: str) -> Page[T]:
    # Called in here, so that a task that is dropped before it began leaves no coroutine that was never awaited.
    return await fetch(page_token)


def _retrieved(task: asyncio.Task[Page[T]]) -> None:
    # Asked for, so that asyncio does not report an error that nobody waits for.
    if not task.cancelled():
        task.exception()
