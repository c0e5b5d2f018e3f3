"""Walk a listing with `for`: fetch pages, prefetch the next one, convert items to rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from math import inf
from threading import Thread
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from attrs import evolve, field, frozen

from .._bookmark import Bookmark
from .._fields.messages import Message
from .._fields.paths import Path
from .._fields.rows import Row, row_builder
from .._http.responses import Exchange
from .._http.settings import Settings
from .._http.transport import Transport
from ..errors import GatewayError
from .page import OnMalformed, Page, decode_page
from .query import Query
from .walk import Walk

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")
M = TypeVar("M", bound=Message)


def make_fetch(
    transport: Transport,
    settings: Settings,
    query: Query[M],
    on_malformed: OnMalformed,
    seconds: float | None,
) -> Callable[[str], Page[M]]:
    """Return a function that fetches a page of one walk, within the deadline of the walk."""
    end = inf if seconds is None else settings.clock.now() + seconds
    exchange: Exchange | None = None

    def fetch(page_token: str) -> Page[M]:
        # The last body stays referenced until the next is there. If it were freed before, its memory would go back to
        # the system and be requested again for each page: a tenth of the time of a listing (`make bench`, glibc).
        nonlocal exchange
        exchange = transport.send(query.request(page_token), end=end)
        return decode_page(exchange, query.operation, page_token, on_malformed)

    return fetch


def make_row_fetch(
    make_fetch: Callable[[], Callable[[str], Page[T]]], row: Callable[[T], Row]
) -> Callable[[str], Page[Row]]:
    """Return a function that fetches a page of one walk and converts its items to rows."""
    fetch = make_fetch()

    def fetch_rows(page_token: str) -> Page[Row]:
        return page_of_rows(fetch(page_token), row)

    return fetch_rows


def page_of_rows(page: Page[T], row: Callable[[T], Row]) -> Page[Row]:
    """Return a page with a row for each item."""
    rows = tuple(map(row, page.items))
    return Page(rows, page.page_token, page.next_page_token, page.total_size, page.response, page.problems)


class Prefetch(Generic[T]):
    """Request for the next page, on a daemon thread that ends with the request."""

    @staticmethod
    def check_event_loop() -> None:
        """Do nothing: a thread needs no event loop."""

    def __init__(self, fetch: Callable[[str], Page[T]], page_token: str) -> None:
        from concurrent.futures import Future  # Slow to import, and needed nowhere else here.

        self._future: Future[Page[T]] = Future()
        # A daemon: neither the end of the program nor `close` waits for a page that nobody reads.
        Thread(
            target=_complete, args=(self._future, fetch, page_token), name="fireworks-gateway-prefetch", daemon=True
        ).start()

    def result(self) -> Page[T]:
        """Return the page, or raise the error of its request."""
        return self._future.result()

    def cancel(self) -> None:
        """Do nothing: a thread cannot be cancelled."""


def _complete(future: Future[Page[T]], fetch: Callable[[str], Page[T]], page_token: str) -> None:
    try:
        future.set_result(fetch(page_token))
    except BaseException as error:
        future.set_exception(error)


@frozen(repr=False)
class Pager(Generic[T]):
    """A listing, as a value. Each loop over it is a new walk from the start; before that nothing is sent.

    `for model in pager` walks every page, empty ones included, up to the end that the service indicates. After an
    error an iterator can continue; its `bookmark` is the position.

    Raises, while walking:
        PageTokenError: The service returned the token of an earlier page.
        GatewayError: Any other failure. Continue with the same iterator, or with `resume(error.bookmark)`.
    """

    _make_fetch: Callable[[], Callable[[str], Page[T]]] = field(eq=False)
    _query: Query[Any]
    _start: Bookmark = field(factory=Bookmark, alias="start")
    _limit: int | None = field(default=None, alias="limit")
    _prefetch: bool = field(default=False, alias="prefetch")

    def __iter__(self) -> Items[T]:
        return Items(self)

    def pages(self) -> Pages[T]:
        """Walk page by page, empty pages included; `limit` still counts items."""
        return Pages(self)

    def first(self) -> T | None:
        """Return the first item, or None if the listing is empty. Empty pages before it cost a request each."""
        for item in self:
            return item
        return None

    def to_list(self) -> list[T]:
        """Return every item in a list, which keeps them all in memory."""
        return [item for item in self]

    def rows(self: Pager[M], columns: Iterable[Path] | None = None) -> Items[Row]:
        """Walk the items as flat dictionaries, for a data frame; `Model.to_row` documents the types of cells.

        The read mask does not change. List with `read_mask=columns` to receive no other fields.

        Raises:
            ConfigurationError: There is no such column; nothing was sent.
        """
        row = row_builder(self._query.operation.message, columns)
        make_fetch = partial(make_row_fetch, self._make_fetch, row)
        return Items(Pager(make_fetch, self._query, self._start, self._limit, self._prefetch))

    def resume(self, bookmark: Bookmark | str) -> Pager[T]:
        """Return the rest of the listing, from a bookmark or its JSON on.

        Raises:
            BookmarkError: The bookmark belongs to a listing with other parameters; the specification forbids that.
        """
        return evolve(self, start=self._query.parse_bookmark(bookmark))

    def __repr__(self) -> str:
        return f"Pager({self._query}, start={self._start}, limit={self._limit}, prefetch={self._prefetch})"


class _WalkIterator(Generic[T]):
    """Position and prefetching of an iterator."""

    def __init__(self, pager: Pager[T]) -> None:
        if pager._prefetch:
            Prefetch.check_event_loop()
        start = pager._start
        self._query = pager._query
        self._prefetches = pager._prefetch
        self._fetch_page = pager._make_fetch()
        self._walk: Walk[T] = Walk(start.page_token, start.skip, start.taken, pager._limit, start.repeated)
        self._next_page: Prefetch[T] | None = None

    @property
    def bookmark(self) -> Bookmark:
        """Position of the walk, after the last item that was returned."""
        walk = self._walk
        return Bookmark(walk.page_token, walk.skip, walk.taken, walk.repeated, self._query.fingerprint)

    def _fetch(self, page_token: str) -> Page[T]:
        prefetched, self._next_page = self._next_page, None  # Cleared first: after an error a new request is sent.
        if prefetched is not None:
            return prefetched.result()
        return self._fetch_page(page_token)

    def _start_prefetch(self) -> None:
        if self._prefetches and self._next_page is None and (page_token := self._walk.token_to_prefetch()) is not None:
            self._next_page = Prefetch(self._fetch_page, page_token)

    def __del__(self) -> None:
        if getattr(self, "_next_page", None) is not None:
            self._next_page.cancel()  # type: ignore[union-attr]


class Items(_WalkIterator[T], Iterator[T]):
    """Iterator over the items of a listing. After an error, the next `next()` continues at the same position."""

    def __next__(self) -> T:
        walk = self._walk
        if walk.skip >= walk.end:
            self._turn_page()
        item = walk.next_item()
        if self._prefetches:
            self._start_prefetch()
        return item

    def _turn_page(self) -> None:
        try:
            while (page_token := self._walk.token_to_fetch()) is not None:
                self._walk.accept(self._fetch(page_token))
        except GatewayError as error:
            error.bookmark = self.bookmark
            raise
        if self._walk.ended:
            raise StopIteration


class Pages(_WalkIterator[T], Iterator[Page[T]]):
    """Iterator over the pages of a listing. After an error, the next `next()` requests the same page again."""

    def __next__(self) -> Page[T]:
        try:
            if (page_token := self._walk.token_to_fetch()) is None:
                raise StopIteration
            self._walk.accept(self._fetch(page_token))
        except GatewayError as error:
            error.bookmark = self.bookmark
            raise
        page = self._walk.rest_of_page()
        self._start_prefetch()
        return page
