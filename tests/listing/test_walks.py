"""The law of the walk: every item exactly once and in order, or an error that can be gone on from."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from itertools import chain, count, cycle, islice, product, repeat
from threading import Lock

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
from fireworks_gateway._listing.walk import Walk
from fireworks_gateway.testing import FakeGateway

QUERY = FakeGateway().client().models.list().query
Fetch = Callable[[str], Page[int]]


class Listing:
    """A listing of the numbers below `size`, split and interrupted as it is told.

    Each request takes the next of `sizes` as its page's size, 0 among them, whatever page it asks for: so a page asked
    for again comes back longer, shorter or empty. Each takes the next of `failures` too, and fails where that is True.
    """

    def __init__(self, size: int, sizes: list[int] | None = None, failures: list[bool] | None = None) -> None:
        self.size = size
        self.asked: list[str] = []
        # All zeros would never end, which is a server's fault and not the walk's.
        self._sizes = cycle([*(sizes or [2]), 1])
        self._failures = chain(failures or [], repeat(False))
        self._stamps = count()
        self._lock = Lock()  # A page may be on its way, ahead of a walk that was given up.

    def page(self, page_token: str) -> Page[int]:
        with self._lock:
            self.asked.append(page_token)
            if next(self._failures):
                raise TransportError("the connection broke")
            start = int(page_token.partition(".")[0] or 0)
            end = min(start + next(self._sizes), self.size)
            following = "" if end == self.size else f"{end}.{next(self._stamps)}"
            return Page(tuple(range(start, end)), page_token, following)

    async def apage(self, page_token: str) -> Page[int]:
        await asyncio.sleep(0)
        return self.page(page_token)


def asynchronous(fetch: Fetch) -> Callable[[str], Awaitable[Page[int]]]:
    """Return an async function that fetches as a sync one does."""

    async def apage(page_token: str) -> Page[int]:
        return fetch(page_token)

    return apage


sizes = st.lists(st.integers(0, 4), max_size=6)
failures = st.lists(st.booleans(), max_size=12)
limits = st.none() | st.integers(0, 15)
resumes = st.lists(st.booleans(), max_size=12)


@given(st.integers(0, 12), sizes, failures, limits, resumes, st.booleans())
def test_a_walk_gives_every_item_once_and_in_order(
    size: int, sizes: list[int], failures: list[bool], limit: int | None, resumes: list[bool], prefetch: bool
) -> None:
    """Whatever the split and wherever it fails, going on, or resuming from the error's bookmark, misses nothing."""
    listing = Listing(size, sizes, failures)
    pager = Pager(lambda: listing.page, QUERY, limit=limit, prefetch=prefetch)
    again = chain(resumes, repeat(False))
    walked: list[int] = []
    items = iter(pager)
    while True:
        try:
            walked.append(next(items))
        except StopIteration:
            break
        except TransportError as error:
            assert error.bookmark is not None
            if next(again):
                items = iter(pager.resume(error.bookmark.to_json()))
    assert walked == list(range(size))[:limit]


@given(st.integers(0, 12), sizes, failures, limits, resumes, st.booleans())
def test_an_async_walk_gives_every_item_once_and_in_order(
    size: int, sizes: list[int], failures: list[bool], limit: int | None, resumes: list[bool], prefetch: bool
) -> None:
    """The async walk is under the same law."""

    async def walk() -> list[int]:
        listing = Listing(size, sizes, failures)
        pager = AsyncPager(lambda: listing.apage, QUERY, limit=limit, prefetch=prefetch)
        again = chain(resumes, repeat(False))
        walked: list[int] = []
        items = aiter(pager)
        while True:
            try:
                walked.append(await anext(items))
            except StopAsyncIteration:
                return walked
            except TransportError as error:
                assert error.bookmark is not None
                if next(again):
                    items = aiter(pager.resume(error.bookmark.to_json()))

    assert asyncio.run(walk()) == list(range(size))[:limit]


@given(st.integers(0, 12), sizes, failures, limits, st.booleans())
def test_pages_hold_every_item_once_and_in_order(
    size: int, sizes: list[int], failures: list[bool], limit: int | None, prefetch: bool
) -> None:
    """Walking by pages is under the same law; a failed page is asked for again."""
    pager = Pager(lambda: Listing(size, sizes, failures).page, QUERY, limit=limit, prefetch=prefetch)
    assert list(chain.from_iterable(page.items for page in surviving(pager.pages()))) == list(range(size))[:limit]


@given(st.integers(0, 12), sizes, failures, limits, st.booleans())
def test_async_pages_hold_every_item_once_and_in_order(
    size: int, sizes: list[int], failures: list[bool], limit: int | None, prefetch: bool
) -> None:
    """So is walking by pages asynchronously."""

    async def walk() -> list[int]:
        pages = AsyncPager(lambda: Listing(size, sizes, failures).apage, QUERY, limit=limit, prefetch=prefetch).pages()
        walked: list[int] = []
        while True:
            try:
                walked += (await anext(pages)).items
            except StopAsyncIteration:
                return walked
            except TransportError:
                continue

    assert asyncio.run(walk()) == list(range(size))[:limit]


@given(st.integers(0, 12), sizes, st.integers(0, 12))
def test_a_walk_given_up_anywhere_can_be_resumed_to_exactly_the_rest(size: int, sizes: list[int], stop: int) -> None:
    """An iterator's bookmark, after any number of items, resumes to those that were not handed out, or their pages."""
    listing = Listing(size, sizes)
    pager = Pager(lambda: listing.page, QUERY)
    items = iter(pager)
    before = list(islice(items, stop))
    rest = pager.resume(items.bookmark)
    assert before + rest.to_list() == list(range(size))
    assert before + list(chain.from_iterable(page.items for page in rest.pages())) == list(range(size))


def surviving(pages: Iterator[Page[int]]) -> Iterator[Page[int]]:
    """Yield every page, asking again after an error."""
    while True:
        try:
            yield next(pages)
        except StopIteration:
            return
        except TransportError:
            continue


@pytest.mark.parametrize("length", [1, 2, 3, 7])
@pytest.mark.parametrize("lead", [0, 1, 4])
def test_tokens_that_run_in_a_circle_raise_before_a_page_comes_twice(length: int, lead: int) -> None:
    """Whatever the length of the circle and of the way into it, each page's item comes once, then an error."""
    pages = lead + length

    def page(page_token: str) -> Page[int]:
        number = int(page_token or 0)
        return Page((number,), page_token, str(number + 1 if number + 1 < pages else lead or "0"))

    def walk(items: Iterator[int]) -> list[int]:
        walked: list[int] = []
        with pytest.raises(PageTokenError) as raised:
            while True:
                walked.append(next(items))
        assert raised.value.bookmark is not None
        return walked

    expected = pages + 1 if lead == 0 else pages  # "" and "0" are two names of the first page here.
    assert len(walk(iter(Pager(lambda: page, QUERY)))) == expected
    assert len(walk(iter(Pager(lambda: page, QUERY, prefetch=True)))) == expected


def test_an_async_circle_raises_too() -> None:
    """The async walk ends on a repeated token as the sync one does."""

    async def walk() -> int:
        pager = AsyncPager(lambda: asynchronous(lambda token: Page((1,), token, "same")), QUERY)
        walked = 0
        with pytest.raises(PageTokenError, match="'same'"):
            async for _ in pager:
                walked += 1
        return walked

    assert asyncio.run(walk()) == 2


def test_a_circle_that_the_service_mends_is_walked_on() -> None:
    """The page whose token went round is asked for again, and nothing of it comes twice."""
    followings = iter(["a", "a", "b", ""])

    def page(page_token: str) -> Page[str]:
        return Page((page_token,), page_token, next(followings))

    items = iter(Pager(lambda: page, QUERY))
    assert [next(items), next(items)] == ["", "a"]
    with pytest.raises(PageTokenError):
        next(items)
    assert list(items) == ["b"]


def test_many_empty_pages_in_a_row_are_walked_past() -> None:
    """Ten thousand pages without an item are no end, and no recursion."""

    def page(page_token: str) -> Page[str]:
        number = int(page_token or 0)
        return Page(("last",) if number == 10_000 else (), page_token, str(number + 1) if number < 10_000 else "")

    assert Pager(lambda: page, QUERY).to_list() == ["last"]


def test_pages_shows_the_empty_ones() -> None:
    """Walking by pages hides nothing."""
    pager = Pager(lambda: Listing(3, [0, 1, 0, 2]).page, QUERY)
    assert [page.items for page in pager.pages()] == [(), (0,), (), (1, 2)]


def test_a_page_that_comes_back_shorter_is_skipped_into_the_next() -> None:
    """Five items were handed out; asked for again the page has two, so three of the next are skipped."""
    listing = Listing(9, [6, 2, 4, 3])
    pager = Pager(lambda: listing.page, QUERY)
    items = iter(pager)
    assert [next(items) for _ in range(5)] == [0, 1, 2, 3, 4]
    assert pager.resume(items.bookmark).to_list() == [5, 6, 7, 8]


def test_a_limit_is_counted_across_resumes() -> None:
    """A bookmark knows how many were taken, so a resumed walk ends where the whole one would."""
    pager = Pager(lambda: Listing(9, [2]).page, QUERY, limit=5)
    items = iter(pager)
    assert [next(items) for _ in range(3)] == [0, 1, 2]
    assert pager.resume(items.bookmark).to_list() == [3, 4]


def test_a_bookmark_beyond_a_limit_gives_nothing() -> None:
    """A limit is how many there are in all: having taken more elsewhere, a walk under a smaller one is over."""
    listing = Listing(9, [4])
    items = iter(Pager(lambda: listing.page, QUERY, limit=8))
    assert [next(items) for _ in range(6)] == [0, 1, 2, 3, 4, 5]
    for limit in (0, 5, 6):
        assert Pager(lambda: listing.page, QUERY, limit=limit).resume(items.bookmark).to_list() == []
        assert list(Pager(lambda: listing.page, QUERY, limit=limit).resume(items.bookmark).pages()) == []


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_circle_is_known_again_after_a_resume(length: int) -> None:
    """However often the error's bookmark is resumed, nothing is handed out twice."""

    def page(page_token: str) -> Page[int]:
        number = int(page_token or 0)
        return Page((number,), page_token, str(number + 1 if number < length else 1))

    pager = Pager(lambda: page, QUERY)
    walked: list[int] = []
    for _ in range(4):
        items = iter(pager)
        with pytest.raises(PageTokenError) as raised:
            while True:
                walked.append(next(items))
        assert raised.value.bookmark is not None
        pager = pager.resume(raised.value.bookmark.to_json())
    assert walked == list(range(length + 1))


def test_listings_of_the_same_are_equal() -> None:
    """By what they ask and where they begin; so they can be in a set."""
    one, other = FakeGateway(1).client().models, FakeGateway(1).client().models
    assert one.list() == other.list() != one.list(filter="x")
    assert len({one.list(), other.list(), one.list(limit=3)}) == 2


def test_a_limit_of_none_at_all_asks_nothing() -> None:
    """`limit=0` sends nothing."""
    listing = Listing(9)
    assert Pager(lambda: listing.page, QUERY, limit=0).to_list() == []
    assert listing.asked == []


def test_a_limit_that_ends_on_a_page_asks_for_no_further_one() -> None:
    """Having its items, a walk does not ask for a page to throw away, ahead or not."""
    listing = Listing(9, [4])
    assert len(Pager(lambda: listing.page, QUERY, limit=4).to_list()) == 4
    assert listing.asked == [""]
    ahead = Listing(9, [4])
    assert len(Pager(lambda: ahead.page, QUERY, limit=4, prefetch=True).to_list()) == 4
    assert ahead.asked == [""]


def test_a_limit_is_reached_before_a_circle_is() -> None:
    """A walk that has its items raises nothing for where their last page leads."""

    def page(page_token: str) -> Page[int]:
        return Page((0, 1), page_token, "again")

    assert Pager(lambda: page, QUERY, limit=4).to_list() == [0, 1, 0, 1]
    assert len(list(Pager(lambda: page, QUERY, limit=4).pages())) == 2


@pytest.mark.parametrize("limit", [None, 3])
@pytest.mark.parametrize("walk", [iter, Pager.pages], ids=["items", "pages"])
def test_a_walk_that_is_over_stays_over(walk: Callable[[Pager[int]], Iterator[object]], limit: int | None) -> None:
    """As Python has it of iterators: it asks for nothing more, however the listing has grown meanwhile."""
    listing = Listing(3)
    steps = walk(Pager(lambda: listing.page, QUERY, limit=limit))
    assert len(list(steps)) in (2, 3)
    asked, listing.size = list(listing.asked), 9
    assert list(steps) == []
    assert listing.asked == asked


@given(st.integers(0, 12), sizes, limits)
def test_prefetch_asks_for_no_page_that_a_walk_would_not(size: int, sizes: list[int], limit: int | None) -> None:
    """Ahead or not, a walk to its end asks for the same pages in the same order."""

    def asked(*, prefetch: bool) -> list[str]:
        listing = Listing(size, sizes)
        Pager(lambda: listing.page, QUERY, limit=limit, prefetch=prefetch).to_list()
        return listing.asked

    assert asked(prefetch=True) == asked(prefetch=False)


@pytest.mark.parametrize(
    ("skip", "taken", "limit", "following", "expected"),
    [
        (0, 0, None, "b", [None, "b", "b", "b"]),
        (2, 2, None, "b", [None, "b"]),
        (0, 0, None, "", [None, None, None, None]),
        (0, 0, None, "a", [None, None, None, None]),
        (0, 0, 4, "b", [None, None, None, None]),
        (0, 0, 5, "b", [None, "b", "b", "b"]),
        (1, 7, 10, "b", [None, None, None]),
        (1, 7, 11, "b", [None, "b", "b"]),
    ],
)
def test_what_is_worth_fetching_ahead(
    skip: int, taken: int, limit: int | None, following: str, expected: list[str | None]
) -> None:
    """From the second item of a page on the page after it, unless there is none, or it was walked, or a limit ends."""
    walk: Walk[int] = Walk("a", skip, taken, limit)
    walk.accept(Page((0, 1, 2, 3), "a", following))
    for number, token in enumerate(expected):
        assert walk.item() == skip + number
        assert walk.ahead() == token
    assert (walk.skip, walk.taken) == (4, taken + len(expected))


def test_prefetch_waits_for_the_second_item() -> None:
    """`first()`, and a loop left after one item, ask for one page; the second item asks for the next."""
    listing = Listing(9, [4, 4])
    assert Pager(lambda: listing.page, QUERY, prefetch=True).first() == 0
    assert listing.asked == [""]
    items = iter(Pager(lambda: listing.page, QUERY, prefetch=True))
    assert [next(items), next(items)] == [0, 1]
    items._ahead.page()  # type: ignore[union-attr]  # Waits until it is there.
    assert len(listing.asked) == 3


def test_a_pager_is_a_value() -> None:
    """Each loop over it starts anew; it says what it asks, and asks nothing to do so."""
    listing = Listing(3)
    pager = Pager(lambda: listing.page, QUERY)
    assert "fireworks" in repr(pager)
    assert listing.asked == []
    assert pager.to_list() == pager.to_list() == [0, 1, 2]


def test_an_empty_listing_has_no_first_item() -> None:
    """Nothing is None, sync and async."""
    assert Pager(lambda: Listing(0).page, QUERY).first() is None
    assert asyncio.run(AsyncPager(lambda: Listing(0).apage, QUERY).first()) is None
    assert asyncio.run(AsyncPager(lambda: Listing(2).apage, QUERY).first()) == 0
    assert asyncio.run(AsyncPager(lambda: Listing(2).apage, QUERY).to_list()) == [0, 1]


@pytest.mark.parametrize(
    "other",
    [
        {"account_id": "other"},
        {"account_id": "fireworks", "filter": "state = READY"},
        {"account_id": "fireworks", "order_by": "create_time"},
        {"account_id": "fireworks", "read_mask": "name"},
        {"account_id": "fireworks", "page_size": 7},
    ],
)
def test_a_bookmark_of_other_parameters_is_refused_before_anything_is_sent(other: dict[str, str]) -> None:
    """The specification binds page tokens to all other parameters."""
    listing = Listing(3)
    bookmark = iter(FakeGateway().client().models.list(**other)).bookmark  # type: ignore[arg-type]
    with pytest.raises(BookmarkError, match="other parameters"):
        Pager(lambda: listing.page, QUERY).resume(bookmark)
    with pytest.raises(BookmarkError):
        AsyncPager(lambda: listing.apage, QUERY).resume(bookmark)
    assert listing.asked == []


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{", "[" * 100_000, '{"page": 1}', '{"skip": -1}', '{"skip": "1"}', 7]
)
def test_what_is_no_bookmark_is_refused(text: str) -> None:
    """Broken or foreign text ends in a BookmarkError, which is a ValueError."""
    with pytest.raises(BookmarkError):
        Pager(lambda: Listing(3).page, QUERY).resume(text)


WRONG: list[tuple[str, object]] = [
    *product(["page_token", "repeated", "query"], [1, None, ["a"]]),
    *product(["skip", "taken"], [-1, 1.0, "1", None]),
    ("page", 1),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_a_bookmark_holds_only_what_a_walk_leaves_behind(field: str, value: object) -> None:
    """What somebody edited, or is of something else, is refused before it is walked from."""
    with pytest.raises(ValueError, match="not a bookmark"):
        Bookmark.from_json(json.dumps({field: value}))


def test_a_bookmark_of_nothing_is_the_start() -> None:
    """Nothing was handed out, nothing led in a circle, and the first page's token is empty (AIP-158)."""
    assert Bookmark() == Bookmark.from_json("{}") == Bookmark("", 0, 0, "", "")


@given(st.builds(Bookmark, st.text(), st.integers(0), st.integers(0), st.text(), st.text()))
def test_a_bookmark_survives_json(bookmark: Bookmark) -> None:
    """What `to_json` writes, `from_json` reads back to an equal bookmark."""
    assert Bookmark.from_json(bookmark.to_json()) == bookmark


def test_fetching_ahead_leaves_no_task_behind() -> None:
    """A walk given up, and one that failed, leave no task and no complaint of an error that nobody asked for."""

    async def walk() -> None:
        release = asyncio.Event()

        async def page(page_token: str) -> Page[int]:
            if page_token:
                await release.wait()
            return Page((1, 2, 3), page_token, "next")

        items = aiter(AsyncPager(lambda: page, QUERY, prefetch=True))
        assert [await anext(items), await anext(items)] == [1, 2]
        assert len(asyncio.all_tasks()) == 2
        del items
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(walk())


def test_a_failed_page_ahead_does_not_complain_when_the_loop_is_gone() -> None:
    """An iterator that outlives its event loop goes quietly, its failed page with it."""

    async def walk() -> AsyncIterator[int]:
        async def page(page_token: str) -> Page[int]:
            if page_token:
                raise TransportError("it broke")
            return Page((1, 2, 3), page_token, "next")

        items = aiter(AsyncPager(lambda: page, QUERY, prefetch=True))
        assert [await anext(items), await anext(items)] == [1, 2]
        await asyncio.sleep(0)
        return items

    items = asyncio.run(walk())
    del items
    gc.collect()  # A complaint would be a warning, which is an error here.


def test_fetching_ahead_outside_asyncio_says_so() -> None:
    """Where no asyncio loop runs, prefetch is refused before anything is sent."""
    listing = Listing(3)
    with pytest.raises(ConfigurationError, match="asyncio"):
        aiter(AsyncPager(lambda: listing.apage, QUERY, prefetch=True))
    assert listing.asked == []
