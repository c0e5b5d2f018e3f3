"""Walk a listing with `for`: fetch pages, prefetch the next one, convert items to rows."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextvars import copy_context
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

from attrs import evolve, field, frozen

from .._bookmark import Bookmark
from .._fields.messages import Message
from .._fields.paths import Path
from .._fields.rows import ArrowRows, FrameSource, Row, format_code, row_builder
from .._http.deadline import Cancellation, cancellation
from .._http.responses import Exchange
from .._http.transport import Transport
from ..errors import GatewayError
from .page import PAGE_HABITS, HabitAdvice, OnMalformed, Page, decode_page
from .query import Query
from .walk import Walk, busy_error

if TYPE_CHECKING:
    from concurrent.futures import Future
    from queue import SimpleQueue

T = TypeVar("T")
M = TypeVar("M", bound=Message)


def make_fetch(
    transport: Transport, query: Query[M], on_malformed: OnMalformed, seconds: float, *, client_deadline: bool = False
) -> Callable[[str], Page[M]]:
    """Return a function that fetches pages of one walk within `seconds`, and perhaps the client's deadline."""
    settings = transport._settings
    end = settings.clock.now() + (min(seconds, settings.deadline) if client_deadline else seconds)
    exchange: Exchange | None = None

    def fetch(page_token: str) -> Page[M]:
        # The last body stays referenced until the next is there. If it were freed before, its memory would go back to
        # the system and be requested again for each page: a tenth of the time of a listing (`make bench`, glibc).
        nonlocal exchange
        exchange = transport.send(query.request(page_token), end=end)
        return decode_page(exchange, query.operation, page_token, on_malformed)

    return fetch


class Progress:
    """The number of items so far."""

    def __init__(self) -> None:
        self._count = 0
        self._handle: Any = None

    def count(self) -> bool:
        """Count an item; returns True."""
        self._count += 1
        if self._count % 200 == 0:
            self.show()
        return True

    def show(self, end: str = "") -> None:
        """Show the number, in a notebook or on standard error."""
        text = f"{self._count:,} items"
        ipython: Any = sys.modules.get("IPython")
        shell = ipython.get_ipython() if ipython is not None else None
        if not hasattr(shell, "kernel"):
            sys.stderr.write(f"\r{text}{end}")
            sys.stderr.flush()
        elif self._handle is None:
            self._handle = sys.modules["IPython"].display.display({"text/plain": text}, raw=True, display_id=True)
        else:
            self._handle.update({"text/plain": text}, raw=True)


class Prefetch(Generic[T]):
    """Requests for the pages of one walk, on a daemon thread; in a forked child `fetch` sends the request again."""

    def __init__(self, fetch: Callable[[str], Page[T]]) -> None:
        self._fetch = fetch
        self._process = 0
        self._page_token = ""
        self._page: Future[Page[T]] | None = None

    def start(self, page_token: str) -> None:
        """Request a page, with the context variables of the caller, unless no thread can start."""
        if self._page is not None and self._process == os.getpid():
            return
        if self._process != os.getpid() and not self._start_thread():
            return
        from concurrent.futures import Future

        context = copy_context()
        context.run(cancellation.set, self._cancellation)
        page = Future[Page[T]]()
        self._requests.put((partial(context.run, self._fetch, page_token), page))
        self._page_token, self._page = page_token, page

    def _start_thread(self) -> bool:
        from queue import SimpleQueue  # Slow to import, and needed nowhere else here.

        self._requests = SimpleQueue[Any]()
        self._cancellation = Cancellation()
        # A daemon: neither the end of the program nor `close` waits for a page that nobody reads.
        thread = Thread(target=_run_requests, args=(self._requests,), name="fireworks-gateway-prefetch", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # The system has no more threads.
            return False
        except BaseException:
            self._requests.put(None)
            raise
        self._process = os.getpid()
        return True

    def fetch(self, page_token: str) -> Page[T]:
        """Return the requested page, or request it now, or raise the error of its request."""
        page, self._page = self._page, None  # Cleared first: after an error a new request is sent.
        # After an interrupt the walk may need an earlier page than the requested one.
        if page is None or self._page_token != page_token or self._process != os.getpid():
            return self._fetch(page_token)
        try:
            return page.result()
        finally:
            del page  # The traceback of its error refers to this frame.

    def cancel(self) -> None:
        """Cancel the request, and end the thread."""
        if self._process == os.getpid():
            self._process = 0
            self._cancellation.cancel()
            self._requests.put(None)


def _run_requests(requests: SimpleQueue[Any]) -> None:
    while (request := requests.get()) is not None:
        fetch, page = request
        try:
            page.set_result(fetch())
        except BaseException as error:
            page.set_exception(error)
        del request, fetch, page  # The thread must not keep a page in memory while it waits.


@frozen(repr=False)
class Listing(HabitAdvice, FrameSource, Generic[T]):
    """The parameters and the start of a walk; base class of the pagers."""

    _make_fetch: Callable[..., Callable[[str], Page[T] | Awaitable[Page[T]]]] = field(eq=False)
    _query: Query[Any]
    _start: Bookmark = field(factory=Bookmark, alias="start")
    _limit: int | None = field(default=None, alias="limit")
    _prefetch: bool = field(default=False, alias="prefetch")

    def resume(self, bookmark: Bookmark | str) -> Self:
        """Return the rest of the listing after a bookmark or its JSON; raises BookmarkError for that of another."""
        return evolve(self, start=self._query.parse_bookmark(bookmark))

    def _within_deadline(self) -> Self:
        return evolve(self, make_fetch=partial(self._make_fetch, client_deadline=True))

    # Returns None, since type checkers reject None as a truth value, and some of them accept NoReturn.
    def __bool__(self) -> None:
        raise TypeError("a pager has no truth value: nothing is fetched yet. Test whether pager.first() is None")

    def __repr__(self) -> str:
        start = self._start.to_json() if self._start.page_token or self._start.skip else None
        shown = self._query.describe(start=start, limit=self._limit, prefetch=self._prefetch or None)
        return f"{type(self).__name__}({shown})"

    def _repr_html_(self) -> str:
        return f"<p>{format_code(self)}</p><p>Nothing is fetched yet: loop over it, or call first() or to_list().</p>"


class Cursor(Generic[T]):
    """The position of a walk, and its prefetching; base class of the iterators."""

    _by_page: ClassVar[bool]
    _prefetch_class: ClassVar[type[Any]]

    def __init__(self, pager: Listing[Any], *, whole: bool = False, row: Callable[[Any], Row] | None = None) -> None:
        start, fetch = pager._start, pager._make_fetch()
        self._query = pager._query
        self._row = row
        self._prefetch = self._prefetch_class(fetch) if pager._prefetch else None
        self._fetch: Callable[[str], Any] = fetch if self._prefetch is None else self._prefetch.fetch
        self._walk: Walk[T] = Walk(start.page_token, start.skip, start.taken, pager._limit, start.repeated)
        self._start = self.bookmark if whole else None
        self._advancing = False

    @property
    def bookmark(self) -> Bookmark:
        """Position of the walk, after the last item that was returned."""
        walk = self._walk
        return Bookmark(walk.page_token, walk.skip, walk.taken, walk.repeated, self._query.fingerprint)

    def _accept(self, page: Page[Any]) -> None:
        if self._row is not None:
            page = evolve(page, items=tuple(map(self._row, page.items)))
        self._walk.accept(page)

    def _start_prefetch(self) -> None:
        if self._prefetch is not None and (page_token := self._walk.token_to_prefetch()) is not None:
            self._prefetch.start(page_token)

    def _cancel(self) -> None:
        if self._prefetch is not None:
            self._prefetch.cancel()

    def __del__(self) -> None:
        if getattr(self, "_prefetch", None) is not None:
            self._cancel()


class Pager(Listing[T]):
    """A listing, as a value. Each loop over it is a new walk from the start; before that nothing is sent.

    `for model in pager` walks every page, empty ones included, up to the end that the service indicates. After an
    error an iterator can continue; its `bookmark` is the position.

    Raises, while walking:
        PageTokenError: The service returned the token of an earlier page.
        GatewayError: Any other failure. Continue with the same iterator, or with `resume(error.bookmark)`.
    """

    _remedies: ClassVar[Mapping[str, str]] = {
        "": "Loop over the pager with `for`, and call list() without `await`",
        **dict.fromkeys(["models", "data", "items"], "Loop over it with `for`, or call `pager.to_list()`"),
        **dict.fromkeys([*PAGE_HABITS, "next_page_token", "total_size"], "Loop over pager.pages() with `for`"),
    }

    def __iter__(self) -> Items[T]:
        return Items(self)

    def pages(self) -> Pages[T]:
        """Walk page by page, empty pages included; `limit` still counts items."""
        return Pages(self)

    def first(self) -> T | None:
        """Return the first item, or None if the listing is empty; the client's deadline limits all its requests."""
        for item in self._within_deadline():
            return item
        return None

    def to_list(self, *, progress: bool = False) -> list[T]:
        """Return every item in a list, which keeps them all in memory. The bookmark of its error is the start.

        Args:
            progress: Show the number of items so far, in a notebook or on standard error.
        """
        items: Items[T] = Items(self, whole=True)
        if not progress:
            return [item for item in items]
        shown = Progress()
        found = [item for item in items if shown.count()]
        shown.show(end="\n")
        return found

    def rows(self: Pager[M], columns: Iterable[Path] | None = None) -> Items[Row]:
        """Walk the items as flat dictionaries, for a data frame; `Model.to_row` documents the types of cells.

        The read mask does not change. List with `read_mask=columns` to receive no other fields. The bookmark of an
        error is the start, because no data frame has the rows before the error.

        Raises:
            ConfigurationError: There is no such column; nothing was sent.
        """
        return RowItems(self, whole=True, row=row_builder(self._query.operation.message, columns))


class _WalkIterator(Cursor[T]):
    _prefetch_class = Prefetch

    def _turn_page(self) -> None:
        """Fetch a page if the current one has no more items; raises StopIteration at the end."""
        try:
            while (page_token := self._walk.token_to_fetch()) is not None:
                self._accept(self._fetch(page_token))
                if self._by_page:
                    return
        except GatewayError as error:
            error.bookmark = self._start or self.bookmark
            raise
        if self._walk.ended:
            self._cancel()
            raise StopIteration


class Items(_WalkIterator[T], Iterator[T]):
    """Iterator over the items of a listing. After an error, the next `next()` continues at the same position."""

    _by_page = False

    def __next__(self) -> T:
        if self._advancing:
            raise busy_error()
        self._advancing = True
        try:
            walk = self._walk
            if walk.skip >= walk.end:
                self._turn_page()
            if walk.skip == walk.prefetch_at:
                self._start_prefetch()
            # From here without a call: an interrupt comes before the position moves, or after the item is returned.
            item = walk.items[walk.skip]
            walk.skip += 1
            walk.taken += 1
            return item
        finally:
            self._advancing = False


class RowItems(Items[Row], ArrowRows):
    """Iterator over the rows of a listing."""


class Pages(_WalkIterator[T], Iterator[Page[T]]):
    """Iterator over the pages of a listing. After an error, the next `next()` requests the same page again."""

    _by_page = True

    def __next__(self) -> Page[T]:
        if self._advancing:
            raise busy_error()
        self._advancing = True
        try:
            walk = self._walk
            self._turn_page()
            page = walk.rest_of_page()
            count = len(page.items)
            if count > 1:
                self._start_prefetch()
            walk.skip += count  # From here without a call, as in `Items`.
            walk.taken += count
            return page
        finally:
            self._advancing = False
