"""Walk a listing with `async for`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from functools import partial
from typing import Any, Generic, TypeVar

from attrs import evolve, field, frozen

from .._bookmark import Bookmark
from .._fields.fields import Message
from .._fields.paths import Path
from .._fields.rows import Row, row_reading
from ..errors import GatewayError
from .page import Page
from .pager import AsyncAhead, AsyncRowFetch
from .query import Query, bookmark_for
from .walk import Walk

T = TypeVar("T")
M = TypeVar("M", bound=Message)


@frozen
class AsyncPager(Generic[T]):
    """A listing that was not asked for yet: a value; each loop over it is a walk of its own, from its start.

    `async for model in pager` walks every page and ends only where the service says that the listing does;
    empty pages are walked past. An iterator survives an error, and has a `bookmark`.

    Raises, while walking:
        PageTokenError: The service leads back to a page already walked.
        GatewayError: Any other failure; `error.bookmark` says where the walk stood, `resume` goes on from there.
    """

    fetching: Callable[[], Callable[[str], Awaitable[Page[T]]]] = field(repr=False, eq=False)
    query: Query[Any]
    start: Bookmark = field(factory=Bookmark)
    limit: int | None = None
    prefetch: bool = False

    def __aiter__(self) -> AsyncItems[T]:
        return AsyncItems(self)

    def pages(self) -> AsyncPages[T]:
        """Walk page by page, the empty ones included; `limit` still counts items."""
        return AsyncPages(self)

    async def first(self) -> T | None:
        """Return the first item, or None when there is none; one request as a rule, more past empty pages."""
        async for item in self:
            return item
        return None

    async def to_list(self) -> list[T]:
        """Return every item in a list, so all of them are held in memory at once."""
        return [item async for item in self]

    def rows(self: AsyncPager[M], columns: Iterable[Path] | None = None) -> AsyncItems[Row]:
        """Walk the items as flat dictionaries, for a data frame; see `Model.to_row` for the types of cells.

        The read mask stays the listing's own; one of the same columns spares the service and the wire the others.

        Raises:
            ConfigurationError: There is no such column, which is said here, before anything is sent.
        """
        fetching = partial(AsyncRowFetch[M], self.fetching, row_reading(self.query.operation.message, columns))
        return AsyncItems(AsyncPager(fetching, self.query, self.start, self.limit, self.prefetch))

    def resume(self, bookmark: Bookmark | str) -> AsyncPager[T]:
        """Return the same listing from a bookmark on, which may be given as the JSON that it wrote.

        Raises:
            BookmarkError: The bookmark is of a listing with other parameters, which the specification forbids to mix.
        """
        return evolve(self, start=bookmark_for(self.query, bookmark))


class _AsyncSteps(Generic[T]):
    """What iterators over items and over pages have in common."""

    def __init__(self, pager: AsyncPager[T]) -> None:
        if pager.prefetch:
            AsyncAhead.check()
        start = pager.start
        self._pager = pager
        self._prefetch = pager.prefetch
        self._fetch_page = pager.fetching()
        self._walk: Walk[T] = Walk(start.page_token, start.skip, start.taken, pager.limit, start.repeated)
        self._ahead: AsyncAhead[T] | None = None

    @property
    def bookmark(self) -> Bookmark:
        """Where the walk stands: all that was handed out is before it."""
        walk = self._walk
        return Bookmark(walk.page_token, walk.skip, walk.taken, walk.repeated, self._pager.query.fingerprint)

    async def _fetch(self, page_token: str) -> Page[T]:
        ahead, self._ahead = self._ahead, None  # Cleared first: if it failed, asking again asks anew.
        if ahead is not None:
            return await ahead.page()
        return await self._fetch_page(page_token)

    def _look_ahead(self) -> None:
        if self._prefetch and self._ahead is None and (page_token := self._walk.ahead()) is not None:
            self._ahead = AsyncAhead(self._fetch_page, page_token)

    def __del__(self) -> None:
        if getattr(self, "_ahead", None) is not None:
            self._ahead.drop()  # type: ignore[union-attr]


class AsyncItems(_AsyncSteps[T], AsyncIterator[T]):
    """An iterator over the items of a listing. After an error, the next `anext()` goes on where it stood."""

    async def __anext__(self) -> T:
        walk = self._walk
        if walk.skip >= walk.end:
            await self._turn()
        item = walk.item()
        if self._prefetch:
            self._look_ahead()
        return item

    async def _turn(self) -> None:
        try:
            while (page_token := self._walk.wanted()) is not None:
                self._walk.accept(await self._fetch(page_token))
        except GatewayError as error:
            error.bookmark = self.bookmark
            raise
        if self._walk.over:
            raise StopAsyncIteration


class AsyncPages(_AsyncSteps[T], AsyncIterator[Page[T]]):
    """An iterator over the pages of a listing. After an error, the next `anext()` asks for the same page again."""

    async def __anext__(self) -> Page[T]:
        try:
            if (page_token := self._walk.wanted()) is None:
                raise StopAsyncIteration
            self._walk.accept(await self._fetch(page_token))
        except GatewayError as error:
            error.bookmark = self.bookmark
            raise
        page = self._walk.page()
        self._look_ahead()
        return page
