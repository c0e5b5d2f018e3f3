"""Pages of rows: a page of a listing as it is fetched, each item made a row."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from ._pages import Page
from ._rows import Row

T = TypeVar("T")


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
