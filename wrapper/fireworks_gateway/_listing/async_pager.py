"""Walk a listing with `async for`: the twins of `pager`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from attrs import evolve, field, frozen

from .._bookmark import Bookmark
from .._fields.messages import Message
from .._fields.paths import Path
from .._fields.rows import Row, row_builder
from .._http.responses import Exchange
from .._http.settings import Settings
from .._http.transport import AsyncTransport
from ..errors import ConfigurationError, GatewayError
from .page import OnMalformed, Page, decode_page
from .pager import page_of_rows
from .query import Query
from .walk import Walk

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")
M = TypeVar("M", bound=Message)


def make_async_fetch(
    transport: AsyncTransport,
    settings: Settings,
    query: Query[M],
    on_malformed: OnMalformed,
    seconds: float | None,
) -> Callable[[str], Awaitable[Page[M]]]:
    """Return a function that fetches a page of one walk, within the deadline of the walk."""
    end = inf if seconds is None else settings.clock.now() + seconds
    exchange: Exchange | None = None

    async def fetch(page_token: str) -> Page[M]:
        # The last body stays referenced until the next is there. If it were freed before, its memory would go back to
        # the system and be requested again for each page: a tenth of the time of a listing (`make bench`, glibc).
        nonlocal exchange
        exchange = await transport.send(query.request(page_token), end=end)
        return decode_page(exchange, query.operation, page_token, on_malformed)

    return fetch


def make_async_row_fetch(
    make_fetch: Callable[[], Callable[[str], Awaitable[Page[T]]]], row: Callable[[T], Row]
) -> Callable[[str], Awaitable[Page[Row]]]:
    """Return a function that fetches a page of one walk and converts its items to rows."""
    fetch = make_fetch()

    async def fetch_rows(page_token: str) -> Page[Row]:
        return page_of_rows(await fetch(page_token), row)

    return fetch_rows


class AsyncPrefetch(Generic[T]):
    """Request for the next page, as a task of the running event loop."""

    @staticmethod
    def check_event_loop() -> None:
        """Check that an asyncio event loop is running.

        Raises:
            ConfigurationError: There is no running loop, or it is not asyncio's.
        """
        import asyncio  # Slow to import, and needed nowhere else here.

        try:
            asyncio.get_running_loop()
        except RuntimeError:
            message = "prefetch must be False outside asyncio, got True"
            raise ConfigurationError(message, parameter="prefetch") from None

    def __init__(self, fetch: Callable[[str], Awaitable[Page[T]]], page_token: str) -> None:
        import asyncio

        self._task = asyncio.ensure_future(_call(fetch, page_token))
        self._task.add_done_callback(_retrieve_exception)

    async def result(self) -> Page[T]:
        """Return the page, or raise the error of its request."""
        return await self._task

    def cancel(self) -> None:
        """Cancel the request."""
        if not self._task.done() and not self._task.get_loop().is_closed():
            self._task.cancel()


async def _call(fetch: Callable[[str], Awaitable[Page[T]]], page_token: str) -> Page[T]:
    # Called in the task, so that a task cancelled before it starts leaves no coroutine that was never awaited.
    return await fetch(page_token)


def _retrieve_exception(task: asyncio.Task[Page[T]]) -> None:
    if not task.cancelled():
        task.exception()  # Otherwise asyncio would report an error that nobody waits for.


@frozen(repr=False)
class AsyncPager(Generic[T]):
    """A listing, as a value. Each loop over it is a new walk from the start; before that nothing is sent.

    `async for model in pager` walks every page, empty ones included, up to the end that the service indicates. After an
    error an iterator can continue; its `bookmark` is the position.

    Raises, while walking:
        PageTokenError: The service returned the token of an earlier page.
        GatewayError: Any other failure. Continue with the same iterator, or with `resume(error.bookmark)`.
    """

    _make_fetch: Callable[[], Callable[[str], Awaitable[Page[T]]]] = field(eq=False)
    _query: Query[Any]
    _start: Bookmark = field(factory=Bookmark, alias="start")
    _limit: int | None = field(default=None, alias="limit")
    _prefetch: bool = field(default=False, alias="prefetch")

    def __aiter__(self) -> AsyncItems[T]:
        return AsyncItems(self)

    def pages(self) -> AsyncPages[T]:
        """Walk page by page, empty pages included; `limit` still counts items."""
        return AsyncPages(self)

    async def first(self) -> T | None:
        """Return the first item, or None if the listing is empty. Empty pages before it cost a request each."""
        async for item in self:
            return item
        return None

    async def to_list(self) -> list[T]:
        """Return every item in a list, which keeps them all in memory."""
        return [item async for item in self]

    def rows(self: AsyncPager[M], columns: Iterable[Path] | None = None) -> AsyncItems[Row]:
        """Walk the items as flat dictionaries, for a data frame; `Model.to_row` documents the types of cells.

        The read mask does not change. List with `read_mask=columns` to receive no other fields.

        Raises:
            ConfigurationError: There is no such column; nothing was sent.
        """
        row = row_builder(self._query.operation.message, columns)
        make_fetch = partial(make_async_row_fetch, self._make_fetch, row)
        return AsyncItems(AsyncPager(make_fetch, self._query, self._start, self._limit, self._prefetch))

    def resume(self, bookmark: Bookmark | str) -> AsyncPager[T]:
        """Return the rest of the listing, from a bookmark or its JSON on.

        Raises:
            BookmarkError: The bookmark belongs to a listing with other parameters; the specification forbids that.
        """
        return evolve(self, start=self._query.parse_bookmark(bookmark))

    def __repr__(self) -> str:
        return f"AsyncPager({self._query}, start={self._start}, limit={self._limit}, prefetch={self._prefetch})"


class _AsyncWalkIterator(Generic[T]):
    """Position and prefetching of an iterator."""

    def __init__(self, pager: AsyncPager[T]) -> None:
        if pager._prefetch:
            AsyncPrefetch.check_event_loop()
        start = pager._start
        self._query = pager._query
        self._prefetches = pager._prefetch
        self._fetch_page = pager._make_fetch()
        self._walk: Walk[T] = Walk(start.page_token, start.skip, start.taken, pager._limit, start.repeated)
        self._next_page: AsyncPrefetch[T] | None = None

    @property
    def bookmark(self) -> Bookmark:
        """Position of the walk, after the last item that was returned."""
        walk = self._walk
        return Bookmark(walk.page_token, walk.skip, walk.taken, walk.repeated, self._query.fingerprint)

    async def _fetch(self, page_token: str) -> Page[T]:
        prefetched, self._next_page = self._next_page, None  # Cleared first: after an error a new request is sent.
        if prefetched is not None:
            return await prefetched.result()
        return await self._fetch_page(page_token)

    def _start_prefetch(self) -> None:
        if self._prefetches and self._next_page is None and (page_token := self._walk.token_to_prefetch()) is not None:
            self._next_page = AsyncPrefetch(self._fetch_page, page_token)

    def __del__(self) -> None:
        if getattr(self, "_next_page", None) is not None:
            self._next_page.cancel()  # type: ignore[union-attr]


class AsyncItems(_AsyncWalkIterator[T], AsyncIterator[T]):
    """Iterator over the items of a listing. After an error, the next `anext()` continues at the same position."""

    async def __anext__(self) -> T:
        walk = self._walk
        if walk.skip >= walk.end:
            await self._turn_page()
        item = walk.next_item()
        if self._prefetches:
            self._start_prefetch()
        return item

    async def _turn_page(self) -> None:
        try:
            while (page_token := self._walk.token_to_fetch()) is not None:
                self._walk.accept(await self._fetch(page_token))
        except GatewayError as error:
            error.bookmark = self.bookmark
            raise
        if self._walk.ended:
            raise StopAsyncIteration


class AsyncPages(_AsyncWalkIterator[T], AsyncIterator[Page[T]]):
    """Iterator over the pages of a listing. After an error, the next `anext()` requests the same page again."""

    async def __anext__(self) -> Page[T]:
        try:
            if (page_token := self._walk.token_to_fetch()) is None:
                raise StopAsyncIteration
            self._walk.accept(await self._fetch(page_token))
        except GatewayError as error:
            error.bookmark = self.bookmark
            raise
        page = self._walk.rest_of_page()
        self._start_prefetch()
        return page
