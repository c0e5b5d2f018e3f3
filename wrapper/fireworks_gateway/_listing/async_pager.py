"""Walk a listing with `async for`: the twins of `pager`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from .._fields.messages import Message
from .._fields.paths import Path
from .._fields.rows import ArrowRows, Row, row_builder
from .._http.responses import Exchange
from .._http.transport import AsyncTransport
from ..errors import GatewayError, parameter_error
from .page import PAGE_HABITS, OnMalformed, Page, decode_page
from .pager import Cursor, Listing, Progress
from .query import Query
from .walk import busy_error

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")
M = TypeVar("M", bound=Message)


def make_async_fetch(
    transport: AsyncTransport,
    query: Query[M],
    on_malformed: OnMalformed,
    seconds: float,
    *,
    client_deadline: bool = False,
) -> Callable[[str], Awaitable[Page[M]]]:
    """Return a function that fetches a page of one walk, as `make_fetch` does."""
    settings = transport._settings
    end = settings.clock.now() + (min(seconds, settings.deadline) if client_deadline else seconds)
    exchange: Exchange | None = None

    async def fetch(page_token: str) -> Page[M]:
        # The last body stays referenced until the next is there, as in `make_fetch`.
        nonlocal exchange
        exchange = await transport.send(query.request(page_token), end=end)
        return decode_page(exchange, query.operation, page_token, on_malformed)

    return fetch


class AsyncPrefetch(Generic[T]):
    """Requests for the pages of one walk, as tasks of asyncio; in another event loop, `fetch` sends a new request."""

    def __init__(self, fetch: Callable[[str], Awaitable[Page[T]]]) -> None:
        import asyncio  # Slow to import, and needed nowhere else here.

        try:
            asyncio.get_running_loop()
        except RuntimeError:
            raise parameter_error("prefetch", "must be False outside asyncio, got True") from None
        self._fetch = fetch
        self._page_token = ""
        self._task: asyncio.Task[Page[T]] | None = None

    def start(self, page_token: str) -> None:
        """Request a page."""
        import asyncio

        if self._task is None:
            self._page_token = page_token
            self._task = asyncio.ensure_future(_call(self._fetch, page_token))
            self._task.add_done_callback(_retrieve_exception)

    async def fetch(self, page_token: str) -> Page[T]:
        """Return the requested page, or request it now, or raise the error of its request."""
        import asyncio

        task, self._task = self._task, None  # Cleared first: after an error a new request is sent.
        # After an interrupt the walk may need an earlier page than the requested one.
        if task is None or self._page_token != page_token or task.get_loop() is not asyncio.get_running_loop():
            return await self._fetch(page_token)
        return await task

    def cancel(self) -> None:
        """Cancel the request."""
        task, self._task = self._task, None
        if task is not None and not task.done() and not task.get_loop().is_closed():
            task.cancel()


async def _call(fetch: Callable[[str], Awaitable[Page[T]]], page_token: str) -> Page[T]:
    # Called in the task, so that a task cancelled before it starts leaves no coroutine that was never awaited.
    return await fetch(page_token)


def _retrieve_exception(task: asyncio.Task[Page[T]]) -> None:
    if not task.cancelled():
        task.exception()  # Otherwise asyncio would report an error that nobody waits for.


class AsyncPager(Listing[T]):
    """A listing, as a value, like `Pager`: `async for model in pager` walks every page."""

    _remedies: ClassVar[Mapping[str, str]] = {
        "": "Loop over the pager with `async for`, and call list() without `await`",
        **dict.fromkeys(["models", "data", "items"], "Loop over it with `async for`, or call `await pager.to_list()`"),
        **dict.fromkeys([*PAGE_HABITS, "next_page_token", "total_size"], "Loop over pager.pages() with `async for`"),
    }

    def __aiter__(self) -> AsyncItems[T]:
        return AsyncItems(self)

    def pages(self) -> AsyncPages[T]:
        """Walk page by page, as `Pager.pages` does."""
        return AsyncPages(self)

    async def first(self) -> T | None:
        """Return the first item, or None, as `Pager.first` does."""
        async for item in self._within_deadline():
            return item
        return None

    async def to_list(self, *, progress: bool = False) -> list[T]:
        """Return every item in a list, as `Pager.to_list` does."""
        items: AsyncItems[T] = AsyncItems(self, whole=True)
        if not progress:
            return [item async for item in items]
        shown = Progress()
        found = [item async for item in items if shown.count()]
        shown.show(end="\n")
        return found

    def rows(self: AsyncPager[M], columns: Iterable[Path] | None = None) -> AsyncItems[Row]:
        """Walk the items as flat dictionaries, as `Pager.rows` does."""
        return AsyncRowItems(self, whole=True, row=row_builder(self._query.operation.message, columns))


class _AsyncWalkIterator(Cursor[T]):
    _prefetch_class = AsyncPrefetch

    async def _turn_page(self) -> None:
        """Fetch a page if the current one has no more items; raises StopAsyncIteration at the end."""
        try:
            while (page_token := self._walk.token_to_fetch()) is not None:
                self._accept(await self._fetch(page_token))
                if self._by_page:
                    return
        except GatewayError as error:
            error.bookmark = self._start or self.bookmark
            raise
        if self._walk.ended:
            self._cancel()
            raise StopAsyncIteration


class AsyncItems(_AsyncWalkIterator[T], AsyncIterator[T]):
    """Iterator over the items of a listing. After an error, the next `anext()` continues at the same position."""

    _by_page = False

    async def __anext__(self) -> T:
        if self._advancing:
            raise busy_error()
        self._advancing = True
        try:
            walk = self._walk
            if walk.skip >= walk.end:
                await self._turn_page()
            if walk.skip == walk.prefetch_at:
                self._start_prefetch()
            # From here without a call: an interrupt comes before the position moves, or after the item is returned.
            item = walk.items[walk.skip]
            walk.skip += 1
            walk.taken += 1
            return item
        finally:
            self._advancing = False


class AsyncRowItems(AsyncItems[Row], ArrowRows):
    """Iterator over the rows of a listing."""


class AsyncPages(_AsyncWalkIterator[T], AsyncIterator[Page[T]]):
    """Iterator over the pages of a listing. After an error, the next `anext()` requests the same page again."""

    _by_page = True

    async def __anext__(self) -> Page[T]:
        if self._advancing:
            raise busy_error()
        self._advancing = True
        try:
            walk = self._walk
            await self._turn_page()
            page = walk.rest_of_page()
            count = len(page.items)
            if count > 1:
                self._start_prefetch()
            walk.skip += count  # From here without a call, as in `AsyncItems`.
            walk.taken += count
            return page
        finally:
            self._advancing = False
