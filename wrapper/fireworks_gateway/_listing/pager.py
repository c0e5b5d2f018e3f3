"""Walk a listing with `for`: fetch pages, prefetch the next, and turn items into rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from math import inf
from threading import Thread
from typing import TYPE_CHECKING, Generic, TypeVar

from .._fields.fields import Message
from .._http.responses import Answer
from .._http.settings import Settings
from .._http.transport import AsyncTransport, Transport
from ..errors import ConfigurationError
from .operation import ListOperation
from .page import OnMalformed, Page, page_in
from .query import Query

if TYPE_CHECKING:
    import asyncio
    from concurrent.futures import Future


from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from attrs import evolve, field, frozen

from .._bookmark import Bookmark
from .._fields.paths import Path
from .._fields.rows import Row, row_reading
from ..errors import GatewayError
from .query import bookmark_for
from .walk import Walk

T = TypeVar("T")
M = TypeVar("M", bound=Message)


class Fetch(Generic[M]):
    """Fetches the pages of one walk, in the time that the walk has, and has them read."""

    def __init__(
        self,
        transport: Transport,
        settings: Settings,
        query: Query[M],
        on_malformed: OnMalformed,
        seconds: float | None,
    ) -> None:
        self._transport = transport
        self._query = query
        self._on_malformed: OnMalformed = on_malformed
        self._end = end_of_walk(settings, seconds)
        self._answer: Answer | None = None

    def __call__(self, page_token: str) -> Page[M]:
        """Return the page that a token names."""
        answer = self._transport.answer(self._query.request(page_token), end=self._end)
        # The last answer is kept until the next is there. Let go of before, its memory goes back to the system and is
        # asked for again, page by page: a tenth of the time that a listing takes (`make bench`, glibc).
        self._answer = answer
        return page_of(answer, self._query.operation, page_token, self._on_malformed)


class AsyncFetch(Generic[M]):
    """Fetches the pages of one walk, in the time that the walk has, and has them read."""

    def __init__(
        self,
        transport: AsyncTransport,
        settings: Settings,
        query: Query[M],
        on_malformed: OnMalformed,
        seconds: float | None,
    ) -> None:
        self._transport = transport
        self._query = query
        self._on_malformed: OnMalformed = on_malformed
        self._end = end_of_walk(settings, seconds)
        self._answer: Answer | None = None

    async def __call__(self, page_token: str) -> Page[M]:
        """Return the page that a token names."""
        answer = await self._transport.answer(self._query.request(page_token), end=self._end)
        # The last answer is kept until the next is there. Let go of before, its memory goes back to the system and is
        # asked for again, page by page: a tenth of the time that a listing takes (`make bench`, glibc).
        self._answer = answer
        return page_of(answer, self._query.operation, page_token, self._on_malformed)


def page_of(answer: Answer, operation: ListOperation[M], page_token: str, on_malformed: OnMalformed) -> Page[M]:
    """Decode a response into a page.

    Raises:
        DecodeError: The response is not a listing.
    """
    return page_in(
        answer,
        items_key=operation.items,
        read=operation.message,
        page_token=page_token,
        on_malformed=on_malformed,
    )


def end_of_walk(settings: Settings, seconds: float | None) -> float:
    """Return until when a walk that begins now may last, by the clock of the settings; `seconds` None is for ever."""
    return inf if seconds is None else settings.clock.now() + seconds


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
            message = "prefetch must be False outside asyncio, got True"
            raise ConfigurationError(message, parameter="prefetch") from None

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


def page_of_rows(page: Page[T], row: Callable[[T], Row]) -> Page[Row]:
    """Return a page with a row in the place of each item."""
    rows = tuple(map(row, page.items))
    return Page(rows, page.page_token, page.next_page_token, page.total_size, page.response, page.problems)


class RowFetch(Generic[T]):
    """What fetches the pages of a walk, as pages of rows."""

    def __init__(self, fetching: Callable[[], Callable[[str], Page[T]]], row: Callable[[T], Row]) -> None:
        self._fetch = fetching()
        self._row = row

    def __call__(self, page_token: str) -> Page[Row]:
        return page_of_rows(self._fetch(page_token), self._row)


class AsyncRowFetch(Generic[T]):
    """What fetches the pages of a walk, as pages of rows."""

    def __init__(self, fetching: Callable[[], Callable[[str], Awaitable[Page[T]]]], row: Callable[[T], Row]) -> None:
        self._fetch = fetching()
        self._row = row

    async def __call__(self, page_token: str) -> Page[Row]:
        return page_of_rows(await self._fetch(page_token), self._row)


@frozen
class Pager(Generic[T]):
    """A listing that was not asked for yet: a value; each loop over it is a walk of its own, from its start.

    `for model in pager` walks every page and ends only where the service says that the listing does;
    empty pages are walked past. An iterator survives an error, and has a `bookmark`.

    Raises, while walking:
        PageTokenError: The service leads back to a page already walked.
        GatewayError: Any other failure; `error.bookmark` says where the walk stood, `resume` goes on from there.
    """

    fetching: Callable[[], Callable[[str], Page[T]]] = field(repr=False, eq=False)
    query: Query[Any]
    start: Bookmark = field(factory=Bookmark)
    limit: int | None = None
    prefetch: bool = False

    def __iter__(self) -> Items[T]:
        return Items(self)

    def pages(self) -> Pages[T]:
        """Walk page by page, the empty ones included; `limit` still counts items."""
        return Pages(self)

    def first(self) -> T | None:
        """Return the first item, or None when there is none; one request as a rule, more past empty pages."""
        for item in self:
            return item
        return None

    def to_list(self) -> list[T]:
        """Return every item in a list, so all of them are held in memory at once."""
        return [item for item in self]

    def rows(self: Pager[M], columns: Iterable[Path] | None = None) -> Items[Row]:
        """Walk the items as flat dictionaries, for a data frame; see `Model.to_row` for the types of cells.

        The read mask stays the listing's own; one of the same columns spares the service and the wire the others.

        Raises:
            ConfigurationError: There is no such column, which is said here, before anything is sent.
        """
        fetching = partial(RowFetch[M], self.fetching, row_reading(self.query.operation.message, columns))
        return Items(Pager(fetching, self.query, self.start, self.limit, self.prefetch))

    def resume(self, bookmark: Bookmark | str) -> Pager[T]:
        """Return the same listing from a bookmark on, which may be given as the JSON that it wrote.

        Raises:
            BookmarkError: The bookmark is of a listing with other parameters, which the specification forbids to mix.
        """
        return evolve(self, start=bookmark_for(self.query, bookmark))


class _Steps(Generic[T]):
    """What iterators over items and over pages have in common."""

    def __init__(self, pager: Pager[T]) -> None:
        if pager.prefetch:
            Ahead.check()
        start = pager.start
        self._pager = pager
        self._prefetch = pager.prefetch
        self._fetch_page = pager.fetching()
        self._walk: Walk[T] = Walk(start.page_token, start.skip, start.taken, pager.limit, start.repeated)
        self._ahead: Ahead[T] | None = None

    @property
    def bookmark(self) -> Bookmark:
        """Where the walk stands: all that was handed out is before it."""
        walk = self._walk
        return Bookmark(walk.page_token, walk.skip, walk.taken, walk.repeated, self._pager.query.fingerprint)

    def _fetch(self, page_token: str) -> Page[T]:
        ahead, self._ahead = self._ahead, None  # Cleared first: if it failed, asking again asks anew.
        if ahead is not None:
            return ahead.page()
        return self._fetch_page(page_token)

    def _look_ahead(self) -> None:
        if self._prefetch and self._ahead is None and (page_token := self._walk.ahead()) is not None:
            self._ahead = Ahead(self._fetch_page, page_token)

    def __del__(self) -> None:
        if getattr(self, "_ahead", None) is not None:
            self._ahead.drop()  # type: ignore[union-attr]


class Items(_Steps[T], Iterator[T]):
    """An iterator over the items of a listing. After an error, the next `next()` goes on where it stood."""

    def __next__(self) -> T:
        walk = self._walk
        if walk.skip >= walk.end:
            self._turn()
        item = walk.item()
        if self._prefetch:
            self._look_ahead()
        return item

    def _turn(self) -> None:
        try:
            while (page_token := self._walk.wanted()) is not None:
                self._walk.accept(self._fetch(page_token))
        except GatewayError as error:
            error.bookmark = self.bookmark
            raise
        if self._walk.over:
            raise StopIteration


class Pages(_Steps[T], Iterator[Page[T]]):
    """An iterator over the pages of a listing. After an error, the next `next()` asks for the same page again."""

    def __next__(self) -> Page[T]:
        try:
            if (page_token := self._walk.wanted()) is None:
                raise StopIteration
            self._walk.accept(self._fetch(page_token))
        except GatewayError as error:
            error.bookmark = self.bookmark
            raise
        page = self._walk.page()
        self._look_ahead()
        return page
