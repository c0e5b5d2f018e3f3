"""Walk a listing with `async for`: the twins of `pager`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from attrs import evolve, field, frozen

from .._bookmark import Bookmark
from .._fields.messages import Message
from .._fields.paths import Path
from .._fields.rows import ArrowRows, FrameSource, Row, format_code, row_builder
from .._http.responses import Exchange
from .._http.settings import Settings
from .._http.transport import AsyncTransport
from ..errors import ConfigurationError, GatewayError
from .page import PAGE_HABITS, HabitAdvice, OnMalformed, Page, decode_page
from .pager import Progress, page_of_rows
from .query import Query
from .walk import Walk, busy_error

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")
M = TypeVar("M", bound=Message)


def make_async_fetch(
    transport: AsyncTransport,
    settings: Settings,
    query: Query[M],
    on_malformed: OnMalformed,
    seconds: float,
) -> Callable[[str], Awaitable[Page[M]]]:
    """Return a function that fetches a page of one walk, within the deadline of the walk."""
    end = settings.clock.now() + seconds
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
    """Requests for the pages of one walk, as tasks of the running event loop.

    In another event loop `fetch` sends the request again.

    Raises:
        ConfigurationError: There is no running loop, or it is not asyncio's.
    """

    def __init__(self, fetch: Callable[[str], Awaitable[Page[T]]]) -> None:
        import asyncio  # Slow to import, and needed nowhere else here.

        try:
            asyncio.get_running_loop()
        except RuntimeError:
            message = "prefetch must be False outside asyncio, got True"
            raise ConfigurationError(message, parameter="prefetch") from None
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


@frozen(repr=False)
class AsyncPager(HabitAdvice, FrameSource, Generic[T]):
    """A listing, as a value. Each loop over it is a new walk from the start; before that nothing is sent.

    `async for model in pager` walks every page, empty ones included, up to the end that the service indicates. After an
    error an iterator can continue; its `bookmark` is the position.

    Raises, while walking:
        PageTokenError: The service returned the token of an earlier page.
        GatewayError: Any other failure. Continue with the same iterator, or with `resume(error.bookmark)`.
    """

    _remedies: ClassVar[Mapping[str, str]] = {
        "": "Loop over the pager with `async for`, and call list() without `await`",
        **dict.fromkeys(["models", "data", "items"], "Loop over it with `async for`, or call `await pager.to_list()`"),
        **dict.fromkeys([*PAGE_HABITS, "next_page_token", "total_size"], "Loop over pager.pages() with `async for`"),
    }

    _make_fetch: Callable[[], Callable[[str], Awaitable[Page[T]]]] = field(eq=False)
    _query: Query[Any]
    _start: Bookmark = field(factory=Bookmark, alias="start")
    _limit: int | None = field(default=None, alias="limit")
    _prefetch: bool = field(default=False, alias="prefetch")
    _make_fetch_in_time: Callable[[], Callable[[str], Awaitable[Page[T]]]] | None = field(
        default=None, alias="make_fetch_in_time", eq=False
    )

    def __aiter__(self) -> AsyncItems[T]:
        return AsyncItems(self)

    def pages(self) -> AsyncPages[T]:
        """Walk page by page, empty pages included; `limit` still counts items."""
        return AsyncPages(self)

    async def first(self) -> T | None:
        """Return the first item, or None if the listing is empty.

        Empty pages before it cost a request each; the client's deadline limits them all together.
        """
        async for item in self._within_deadline():
            return item
        return None

    def _within_deadline(self) -> AsyncPager[T]:
        return evolve(self, make_fetch=self._make_fetch_in_time or self._make_fetch)

    async def to_list(self, *, progress: bool = False) -> list[T]:
        """Return every item in a list, which keeps them all in memory. The bookmark of its error is the start.

        Args:
            progress: Show the number of items so far, in a notebook or on standard error.
        """
        if not progress:
            return [item async for item in AsyncItems(self, whole=True)]
        shown = Progress()
        items = [item async for item in AsyncItems(self, whole=True) if shown.count()]
        shown.finish()
        return items

    def rows(self: AsyncPager[M], columns: Iterable[Path] | None = None) -> AsyncItems[Row]:
        """Walk the items as flat dictionaries, for a data frame; `Model.to_row` documents the types of cells.

        The read mask does not change. List with `read_mask=columns` to receive no other fields. The bookmark of an
        error is the start, because no data frame has the rows before the error.

        Raises:
            ConfigurationError: There is no such column; nothing was sent.
        """
        row = row_builder(self._query.operation.message, columns)
        make_fetch = partial(make_async_row_fetch, self._make_fetch, row)
        return AsyncRowItems(AsyncPager(make_fetch, self._query, self._start, self._limit, self._prefetch), whole=True)

    def resume(self, bookmark: Bookmark | str) -> AsyncPager[T]:
        """Return the rest of the listing, from a bookmark or its JSON on.

        Raises:
            BookmarkError: The bookmark belongs to a listing with other parameters; the specification forbids that.
        """
        return evolve(self, start=self._query.parse_bookmark(bookmark))

    # Returns None, since type checkers reject None as a truth value, and some of them accept NoReturn.
    def __bool__(self) -> None:
        raise TypeError("a pager has no truth value: nothing is fetched yet. Test `await pager.first() is None`")

    def __repr__(self) -> str:
        start = self._start.to_json() if self._start.page_token or self._start.skip else None
        return f"AsyncPager({self._query.describe(start=start, limit=self._limit, prefetch=self._prefetch or None)})"

    def _repr_html_(self) -> str:
        return f"<p>{format_code(self)}</p><p>Nothing is fetched yet: loop over it, or call first() or to_list().</p>"


class _AsyncWalkIterator(Generic[T]):
    """Position and prefetching of an iterator."""

    _by_page: ClassVar[bool]

    def __init__(self, pager: AsyncPager[T], *, whole: bool = False) -> None:
        start = pager._start
        self._query = pager._query
        self._fetch_page = pager._make_fetch()
        self._prefetch = AsyncPrefetch(self._fetch_page) if pager._prefetch else None
        self._walk: Walk[T] = Walk(start.page_token, start.skip, start.taken, pager._limit, start.repeated)
        self._start = self.bookmark if whole else None
        self._advancing = False

    @property
    def bookmark(self) -> Bookmark:
        """Position of the walk, after the last item that was returned."""
        walk = self._walk
        return Bookmark(walk.page_token, walk.skip, walk.taken, walk.repeated, self._query.fingerprint)

    async def _turn_page(self) -> None:
        """Fetch a page if the current one has no more items; raises StopAsyncIteration at the end."""
        fetch = self._fetch_page if self._prefetch is None else self._prefetch.fetch
        try:
            while (page_token := self._walk.token_to_fetch()) is not None:
                self._walk.accept(await fetch(page_token))
                if self._by_page:
                    return
        except GatewayError as error:
            error.bookmark = self._start or self.bookmark
            raise
        if self._walk.ended:
            self._cancel()
            raise StopAsyncIteration

    def _start_prefetch(self) -> None:
        if self._prefetch is not None and (page_token := self._walk.token_to_prefetch()) is not None:
            self._prefetch.start(page_token)

    def _cancel(self) -> None:
        if self._prefetch is not None:
            self._prefetch.cancel()

    def __del__(self) -> None:
        if getattr(self, "_prefetch", None) is not None:
            self._cancel()


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
