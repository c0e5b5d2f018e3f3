"""The law of the walk: every item exactly once and in order, or an error from which the walk can continue."""

import asyncio
import gc
import json
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, count, cycle, islice, product, repeat
from threading import Event, Lock, Thread
from types import FrameType
from typing import Any
from weakref import ReferenceType, ref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import (
    AsyncPager,
    Bookmark,
    BookmarkError,
    ConfigurationError,
    Page,
    Pager,
    PageTokenError,
    TransportError,
)
from fireworks_gateway._listing.query import build_query
from fireworks_gateway._listing.walk import Walk
from fireworks_gateway.errors import InternalError
from fireworks_gateway.specification import LIST_MODELS
from fireworks_gateway.testing import FakeGateway, faults
from tests.client.driving import driven_pager

QUERY = build_query(LIST_MODELS, {"account_id": "fireworks", "page_size": 200}, None)
Fetch = Callable[[str], Page[Any]]


class Listing:
    """The numbers below `size`; each request takes the next of `sizes` for its page, and the next of `failures`."""

    def __init__(self, size: int, sizes: list[int] | None = None, failures: list[bool] | None = None) -> None:
        self.size = size
        self.requests: list[str] = []
        # All zeros would never end, whatever the walk does.
        self._sizes = cycle([*(sizes or [2]), 1])
        self._failures = chain(failures or [], repeat(False))
        self._stamps = count()
        self._lock = Lock()  # A prefetch may still run after its walk was abandoned.

    def page(self, page_token: str) -> Page[int]:
        with self._lock:
            self.requests.append(page_token)
            if next(self._failures):
                raise TransportError("the connection broke")
            start = int(page_token.partition(".")[0] or 0)
            end = min(start + next(self._sizes), self.size)
            following = "" if end == self.size else f"{end}.{next(self._stamps)}"
            return Page(tuple(range(start, end)), page_token, following)

    async def apage(self, page_token: str) -> Page[int]:
        await asyncio.sleep(0)
        return self.page(page_token)


def pager_of(fetch: Fetch, asynchronous: bool = False, **options: Any) -> Any:
    """Return a pager over the pages of a function; an async one is used like a sync one."""

    async def fetch_later(page_token: str) -> Page[Any]:
        await asyncio.sleep(0)
        return fetch(page_token)

    return (
        driven_pager(lambda **_: fetch_later, QUERY, **options)
        if asynchronous
        else Pager(lambda **_: fetch, QUERY, **options)
    )


both = pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])

COUNTS = st.integers(0, 2**63 - 1)
sizes = st.lists(st.integers(0, 4), max_size=6)
failures = st.lists(st.booleans(), max_size=12)
limits = st.none() | st.integers(0, 15)
resumes = st.lists(st.booleans(), max_size=12)


@both
@given(st.integers(0, 12), sizes, failures, limits, resumes, st.booleans(), st.booleans())
def test_a_walk_returns_every_item_once_and_in_order(
    asynchronous: bool,
    size: int,
    sizes: list[int],
    failures: list[bool],
    limit: int | None,
    resumes: list[bool],
    prefetch: bool,
    by_page: bool,
) -> None:
    """For any pages and failures, whether the iterator continues or the error's bookmark is resumed."""
    pager = pager_of(Listing(size, sizes, failures).page, asynchronous, limit=limit, prefetch=prefetch)
    again = chain(resumes, repeat(False))
    walked: list[int] = []
    steps = iter(pager.pages() if by_page else pager)
    while True:
        try:
            step = next(steps)
        except StopIteration:
            break
        except TransportError as error:
            assert error.bookmark is not None
            if next(again):
                rest = pager.resume(error.bookmark.to_json())
                steps = iter(rest.pages() if by_page else rest)
        else:
            walked += step.items if by_page else [step]
    assert walked == list(range(size))[:limit]


class Interrupt(BaseException):
    """An exception that a signal handler raises, such as KeyboardInterrupt."""


@contextmanager
def interrupted_at(number: int) -> Generator[None]:
    """Raise an Interrupt at one of the calls and returns of the package, where Python runs signal handlers.

    The return of an iterator's own step is left out: after it the item is the caller's.
    """
    left = number

    def interrupt(frame: FrameType, event: str, _: object) -> None:
        nonlocal left
        step = event == "return" and frame.f_code.co_name in ("__next__", "__anext__")
        if not step and "_listing" in frame.f_code.co_filename and frame.f_code.co_name not in UNINTERRUPTED:
            left -= 1
            if left == 0:
                raise Interrupt

    sys.setprofile(interrupt if number else None)
    try:
        yield
    finally:
        sys.setprofile(None)


UNINTERRUPTED = ("__del__", "_cancel", "cancel")
"""Python prints an exception of a finalizer."""

interrupts = st.lists(st.integers(0, 30), max_size=30)
thread_starts = st.lists(st.booleans(), max_size=6)


@contextmanager
def failing_threads(starts: list[bool]) -> Generator[None]:
    """Let threads start or fail to, in this order; later ones start."""
    start, left = Thread.start, chain(starts, repeat(True))

    def start_or_fail(thread: Thread) -> None:
        if not next(left):
            raise RuntimeError("can't start new thread")
        start(thread)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Thread, "start", start_or_fail)
        yield


@given(st.integers(0, 12), sizes, failures, interrupts, resumes, thread_starts, st.booleans(), st.booleans())
def test_an_interrupted_walk_returns_every_item_once_and_in_order(
    size: int,
    sizes: list[int],
    failures: list[bool],
    interrupts: list[int],
    resumes: list[bool],
    thread_starts: list[bool],
    prefetch: bool,
    by_page: bool,
) -> None:
    """Interrupts, failures and threads that cannot start lose nothing; iterator and bookmark agree."""
    listing = Listing(size, sizes, failures)
    pager = pager_of(listing.page, prefetch=prefetch)
    again, interrupt = chain(resumes, repeat(False)), chain(interrupts, repeat(0))
    walked: list[int] = []
    steps: Any = pager.pages() if by_page else iter(pager)
    with failing_threads(thread_starts):
        while True:
            step: Any = None
            try:
                with interrupted_at(next(interrupt)):
                    step = next(steps)
            except StopIteration:
                break
            except (TransportError, Interrupt):
                if next(again):
                    rest = pager.resume(steps.bookmark)
                    steps = rest.pages() if by_page else iter(rest)
            if step is not None:
                walked += step.items if by_page else [step]
            assert steps.bookmark.taken == len(walked)
    assert walked == list(range(size))


@given(st.integers(0, 12), sizes, failures, interrupts, resumes, st.booleans())
def test_an_interrupted_async_walk_returns_every_item_once_and_in_order(
    size: int, sizes: list[int], failures: list[bool], interrupts: list[int], resumes: list[bool], prefetch: bool
) -> None:
    """The async walk obeys the same law."""

    async def walk() -> list[int]:
        listing = Listing(size, sizes, failures)
        pager: AsyncPager[int] = AsyncPager(lambda: listing.apage, QUERY, prefetch=prefetch)
        again, interrupt = chain(resumes, repeat(False)), chain(interrupts, repeat(0))
        walked: list[int] = []
        items = aiter(pager)
        while True:
            try:
                with interrupted_at(next(interrupt)):
                    item = await anext(items)
                walked.append(item)
            except StopAsyncIteration:
                return walked
            except (TransportError, Interrupt):
                assert items.bookmark.taken == len(walked)
                if next(again):
                    items = aiter(pager.resume(items.bookmark))

    assert asyncio.run(walk()) == list(range(size))


@both
@given(st.integers(0, 12), sizes, failures, limits, st.booleans())
def test_whole_lists_lose_nothing(
    asynchronous: bool, size: int, sizes: list[int], failures: list[bool], limit: int | None, prefetch: bool
) -> None:
    """The bookmark of an error of `to_list` is its start, so resuming returns the whole list."""
    pager = pager_of(Listing(size, sizes, failures).page, asynchronous, limit=limit, prefetch=prefetch)
    while True:
        try:
            assert pager.to_list() == list(range(size))[:limit]
            break
        except TransportError as error:
            pager = pager.resume(error.bookmark)


def test_rows_lose_nothing() -> None:
    """The documented recipe returns every row after a failure on the third page."""
    gateway = FakeGateway(500, faults=[None, None, faults.refuse("INTERNAL")])
    pager = gateway.client().models.list(page_size=100)
    with pytest.raises(InternalError) as raised:
        list(pager.rows(["name"]))
    assert raised.value.bookmark is not None
    assert len(list(pager.resume(raised.value.bookmark).rows(["name"]))) == 500


def test_two_threads_cannot_advance_one_iterator_at_the_same_time() -> None:
    """The second raises, and loses nothing; one thread after another may."""
    entered, release = Event(), Event()

    def page(page_token: str) -> Page[int]:
        entered.set()
        assert release.wait(10)
        return Page((1, 2, 3))

    items = iter(pager_of(page))
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(next, items)
        assert entered.wait(10)
        with pytest.raises(ConfigurationError, match="one thread or task at a time"):
            next(items)
        release.set()
        assert [first.result(), threads.submit(next, items).result(), next(items)] == [1, 2, 3]


def test_two_tasks_cannot_advance_one_iterator_at_the_same_time() -> None:
    """As in threads, by items and by pages."""

    async def walk(steps: AsyncIterator[object]) -> tuple[object, object]:
        return await asyncio.gather(anext(steps), anext(steps), return_exceptions=True)

    for by_page in (False, True):
        pager: AsyncPager[int] = AsyncPager(lambda: Listing(5).apage, QUERY)
        step, error = asyncio.run(walk(pager.pages() if by_page else aiter(pager)))
        assert step == (Page((0, 1), "", "2.0") if by_page else 0)
        assert isinstance(error, ConfigurationError)


@given(st.integers(0, 12), sizes, st.integers(0, 12))
def test_a_bookmark_resumes_exactly_the_rest(size: int, sizes: list[int], stop: int) -> None:
    """After any number of items, by items and by pages."""
    listing = Listing(size, sizes)
    pager = pager_of(listing.page)
    items = iter(pager)
    before = list(islice(items, stop))
    rest = pager.resume(items.bookmark)
    assert before + rest.to_list() == list(range(size))
    assert before + list(chain.from_iterable(page.items for page in rest.pages())) == list(range(size))


@both
@pytest.mark.parametrize("prefetch", [False, True])
@pytest.mark.parametrize(("lead", "length"), [(0, 1), (0, 3), (1, 1), (1, 2), (4, 7)])
def test_repeated_tokens_raise_before_a_page_is_returned_twice(
    lead: int, length: int, prefetch: bool, asynchronous: bool
) -> None:
    """For any length of the cycle and of the pages before it, however often the error's bookmark is resumed."""
    pages = lead + length

    def page(page_token: str) -> Page[int]:
        number = int(page_token or 0)
        return Page((number,), page_token, str(number + 1 if number + 1 < pages else lead or "0"))

    pager = pager_of(page, asynchronous, prefetch=prefetch)
    walked: list[int] = []
    for _ in range(3):
        items = iter(pager)
        with pytest.raises(PageTokenError) as raised:
            while True:
                walked.append(next(items))
        assert raised.value.bookmark is not None
        pager = pager.resume(raised.value.bookmark.to_json())
    # Here "" and "0" are both tokens of the first page.
    assert walked == [*range(pages), *([0] if lead == 0 else [])]


def test_a_walk_continues_after_a_repeated_token_is_corrected() -> None:
    """The page with the repeated token is requested again, and its items are not returned twice."""
    followings = iter(["a", "a", "b", ""])

    def page(page_token: str) -> Page[str]:
        return Page((page_token,), page_token, next(followings))

    items = iter(pager_of(page))
    assert [next(items), next(items)] == ["", "a"]
    with pytest.raises(PageTokenError):
        next(items)
    assert list(items) == ["b"]


def test_many_empty_pages_are_skipped() -> None:
    """Ten thousand empty pages neither end the walk nor exceed the recursion limit."""

    def page(page_token: str) -> Page[str]:
        number = int(page_token or 0)
        return Page(("last",) if number == 10_000 else (), page_token, str(number + 1) if number < 10_000 else "")

    assert pager_of(page).to_list() == ["last"]


def test_pages_include_empty_ones() -> None:
    """A walk by pages returns each page of the service."""
    pager = pager_of(Listing(3, [0, 1, 0, 2]).page)
    assert [page.items for page in pager.pages()] == [(), (0,), (), (1, 2)]


def test_a_bookmark_beyond_the_limit_is_at_the_end() -> None:
    """The limit counts the items taken before the bookmark."""
    listing = Listing(9, [4])
    items = iter(pager_of(listing.page, limit=8))
    assert [next(items) for _ in range(6)] == [0, 1, 2, 3, 4, 5]
    for limit in (0, 5, 6):
        assert pager_of(listing.page, limit=limit).resume(items.bookmark).to_list() == []
        assert list(pager_of(listing.page, limit=limit).resume(items.bookmark).pages()) == []


def test_a_limit_ends_a_walk_before_a_repeated_token_raises() -> None:
    """The token of the last page is not used."""

    def page(page_token: str) -> Page[int]:
        return Page((0, 1), page_token, "again")

    assert pager_of(page, limit=4).to_list() == [0, 1, 0, 1]
    assert len(list(pager_of(page, limit=4).pages())) == 2


@pytest.mark.parametrize("limit", [None, 3])
@pytest.mark.parametrize("walk", [iter, Pager.pages], ids=["items", "pages"])
def test_an_ended_iterator_stays_ended(walk: Callable[[Pager[int]], Iterator[object]], limit: int | None) -> None:
    """It sends no request, even if the listing has grown since."""
    listing = Listing(3)
    steps = walk(pager_of(listing.page, limit=limit))
    assert len(list(steps)) in (2, 3)
    requests, listing.size = list(listing.requests), 9
    assert list(steps) == []
    assert listing.requests == requests


@given(st.integers(0, 12), sizes, limits)
def test_prefetch_requests_the_same_pages(size: int, sizes: list[int], limit: int | None) -> None:
    """In the same order, for any pages and limit."""

    def requests(*, prefetch: bool) -> list[str]:
        listing = Listing(size, sizes)
        pager_of(listing.page, limit=limit, prefetch=prefetch).to_list()
        return listing.requests

    assert requests(prefetch=True) == requests(prefetch=False)


@pytest.mark.parametrize(
    ("skip", "taken", "limit", "following", "expected"),
    [
        (0, 0, None, "b", "b"),
        (2, 2, None, "b", "b"),
        (0, 0, None, "", None),
        (0, 0, None, "a", None),
        (0, 0, 4, "b", None),
        (0, 0, 5, "b", "b"),
        (1, 7, 10, "b", None),
        (1, 7, 11, "b", "b"),
    ],
)
def test_token_to_prefetch(skip: int, taken: int, limit: int | None, following: str, expected: str | None) -> None:
    """At the second item, unless the next page is missing, was returned before, or is beyond the limit."""
    walk: Walk[int] = Walk("a", skip, taken, limit)
    walk.accept(Page((0, 1, 2, 3), "a", following))
    assert (walk.prefetch_at, walk.token_to_prefetch()) == (skip + 1, expected)


def test_a_page_is_freed_before_the_next_one_is_fetched() -> None:
    """The walk keeps no item that it returned."""
    returned: list[ReferenceType[set[int]]] = []

    def page(page_token: str) -> Page[set[int]]:
        assert [each() for each in returned] == [None] * len(returned)
        items = (set[int](), set[int]())
        returned.extend(map(ref, items))
        return Page(items, page_token, {"": "2", "2": "3"}.get(page_token, ""))

    deque(pager_of(page), maxlen=0)
    assert len(returned) == 6


def test_a_pager_is_a_value() -> None:
    """Each loop starts at the beginning. Its repr sends nothing; pagers with equal parameters are equal."""
    one, other = FakeGateway(1).client().models, FakeGateway(1).client().models
    assert one.list() == other.list() != one.list(filter="x")
    assert len({one.list(), other.list(), one.list(limit=3)}) == 2
    listing = Listing(3)
    pager = pager_of(listing.page)
    assert "fireworks" in repr(pager)
    assert listing.requests == []
    assert pager.to_list() == pager.to_list() == [0, 1, 2]


@both
def test_an_empty_listing_has_no_first_item(asynchronous: bool) -> None:
    """`first` returns None."""
    assert pager_of(Listing(0).page, asynchronous).first() is None
    assert pager_of(Listing(2).page, asynchronous).first() == 0


def test_a_bookmark_of_other_parameters_is_rejected() -> None:
    """Before a request, because a page token is valid for the same parameters only."""
    bookmark = iter(FakeGateway().client().models.list(read_mask="name")).bookmark
    with pytest.raises(BookmarkError, match="other parameters"):
        pager_of(Listing(3).page).resume(bookmark)


INVALID_FIELDS: list[tuple[str, object]] = [
    *product(["page_token", "repeated", "query"], [1, None, ["a"]]),
    *product(["skip", "taken"], [-1, 1.0, "1", None]),
    ("page", 1),
]
INVALID = ["", "[]", "null", "{", "[" * 100_000, *(json.dumps({field: value}) for field, value in INVALID_FIELDS)]


@pytest.mark.parametrize("text", INVALID, ids=lambda text: text[:30])
def test_other_text_is_not_a_bookmark(text: str) -> None:
    """Invalid JSON, a wrong type, a negative number and an unknown field raise BookmarkError, which is a ValueError."""
    with pytest.raises(BookmarkError, match="bookmark must be JSON"):
        pager_of(Listing(3).page).resume(text)


def test_an_empty_bookmark_is_the_start() -> None:
    """No item was returned, and the token of the first page is empty (AIP-158)."""
    assert Bookmark() == Bookmark.from_json("{}") == Bookmark("", 0, 0, "", "")


@given(st.builds(Bookmark, st.text(), COUNTS, COUNTS, st.text(), st.text()))
def test_a_bookmark_survives_json(bookmark: Bookmark) -> None:
    """`from_json` is the inverse of `to_json`."""
    assert Bookmark.from_json(bookmark.to_json()) == bookmark


def test_a_failed_prefetch_is_silent_after_its_event_loop_closed() -> None:
    """An iterator may outlive its loop."""

    async def walk() -> AsyncIterator[int]:
        async def page(page_token: str) -> Page[int]:
            if page_token:
                raise TransportError("it broke")
            return Page((1, 2, 3), page_token, "next")

        items: AsyncIterator[int] = aiter(AsyncPager(lambda: page, QUERY, prefetch=True))
        assert [await anext(items), await anext(items)] == [1, 2]
        await asyncio.sleep(0)
        return items

    items = asyncio.run(walk())
    del items
    gc.collect()  # asyncio would warn, and warnings are errors here.
