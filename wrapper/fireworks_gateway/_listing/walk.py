"""The state of a walk over pages (AIP-158). It is pure, so sync and async pagers share every decision."""

from __future__ import annotations

from typing import Generic, TypeVar

from attrs import define, evolve, field

from ..errors import PageTokenError
from .page import Page

T = TypeVar("T")


@define(eq=False, repr=False)
class Walk(Generic[T]):
    """Where a walk stands, and what comes next. An error leaves it standing there, so that asking again goes on.

    Attributes:
        page_token: The token of the page that the walk stands on.
        skip: How many items from the start of that page on are done with.
        taken: How many items were handed out in all.
        limit: At how many the walk is over; None for no limit.
        repeated: The token that led in a circle, where one did.
        over: Whether it is.
        end: Where the items of the page at hand end, or the limit does; an item is at hand while `skip` is before it.
    """

    page_token: str
    skip: int
    taken: int
    limit: int | None
    repeated: str = ""
    over: bool = False
    _page: Page[T] | None = None
    end: int = 0
    _began: int = 0
    _seen: set[str] = field(factory=set[str])

    def wanted(self) -> str | None:
        """Return the token of the page to fetch next, or None when an item is at hand or the walk is over.

        Raises:
            PageTokenError: The next page was walked before.
        """
        self.over = self.over or (self.limit is not None and self.taken >= self.limit)
        if not self.over and self._page is not None and self.skip >= len(self._page.items):
            self._turn(self._page)
        return self.page_token if self._page is None and not self.over else None

    def _turn(self, page: Page[T]) -> None:
        self._page, self.end = None, 0  # Cleared first: after an error the same page is asked for again.
        if not page.next_page_token:
            self.over = True
            return
        if page.next_page_token in self._seen or page.next_page_token == self.repeated:
            self.repeated = page.next_page_token
            raise PageTokenError(
                f"the service names a page that was already walked ({page.next_page_token!r}), so its listing would "
                "never end; everything before was handed out. Ask again later, or report it to the service",
                page_token=page.next_page_token,
            )
        # A page asked for again may have come back shorter: what is left to skip goes on into the next.
        self.page_token, self.skip = page.next_page_token, self.skip - len(page.items)

    def accept(self, page: Page[T]) -> None:
        """Take the page that was wanted."""
        self._page, self._began = page, self.skip
        count = len(page.items)
        self.end = count if self.limit is None else min(count, self.skip + self.limit - self.taken)
        self._seen.add(self.page_token)

    def item(self) -> T:
        """Hand out the item at hand."""
        assert self._page is not None
        item = self._page.items[self.skip]
        self.skip += 1
        self.taken += 1
        return item

    def page(self) -> Page[T]:
        """Hand out what is left of the page at hand, as a page."""
        assert self._page is not None
        rest = evolve(self._page, items=self._page.items[self.skip : self.end])
        self.skip += len(rest.items)
        self.taken += len(rest.items)
        return rest

    def ahead(self) -> str | None:
        """Return the token of the page worth fetching ahead, if any: not before the second item of this one."""
        assert self._page is not None
        if self.skip < self._began + 2 or self._page.next_page_token in self._seen:
            return None
        enough = self.limit is not None and self.taken + len(self._page.items) - self.skip >= self.limit
        return None if enough else self._page.next_page_token or None
