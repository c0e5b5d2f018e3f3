"""State of a walk over pages (AIP-158). Pure: the sync and the async iterators share every decision."""

from __future__ import annotations

from typing import Generic, TypeVar

from attrs import define, evolve, field

from ..errors import PageTokenError
from .page import Page

T = TypeVar("T")


@define(eq=False, repr=False)
class Walk(Generic[T]):
    """Position of a walk. An error leaves it unchanged, so that the next call continues there.

    Attributes:
        page_token: Token of the current page.
        skip: Number of items of that page, from its start, that were returned already.
        taken: Number of items that were returned overall.
        limit: Value of `taken` at which the walk ends; None for no limit.
        repeated: Token that led back to an earlier page; empty if there was no such token.
        ended: True after the last item.
        end: Index in the current page of its end, or of the limit. An item is available while `skip < end`.
    """

    page_token: str
    skip: int
    taken: int
    limit: int | None
    repeated: str = ""
    ended: bool = False
    end: int = 0
    _page: Page[T] | None = None
    _first: int = 0
    _seen: set[str] = field(factory=set[str])

    def token_to_fetch(self) -> str | None:
        """Return the token of the page to fetch, or None if an item is available or the walk has ended.

        Raises:
            PageTokenError: The service returned the token of an earlier page.
        """
        self.ended = self.ended or (self.limit is not None and self.taken >= self.limit)
        if not self.ended and self._page is not None and self.skip >= len(self._page.items):
            self._advance(self._page)
        return self.page_token if self._page is None and not self.ended else None

    def _advance(self, page: Page[T]) -> None:
        self._page, self.end = None, 0  # Cleared first: after an error the same page is requested again.
        if not page.next_page_token:
            self.ended = True
            return
        if page.next_page_token in self._seen or page.next_page_token == self.repeated:
            self.repeated = page.next_page_token
            raise PageTokenError(
                f"next_page_token must name a new page, got the token {page.next_page_token!r} of an earlier page. "
                "Every item before it was returned. Retry later, or report this to the service",
                page_token=page.next_page_token,
            )
        # A page may be shorter when it is fetched again: items still to skip are then on the next page.
        self.page_token, self.skip = page.next_page_token, self.skip - len(page.items)

    def accept(self, page: Page[T]) -> None:
        """Make a fetched page the current one."""
        self._page, self._first = page, self.skip
        count = len(page.items)
        self.end = count if self.limit is None else min(count, self.skip + self.limit - self.taken)
        self._seen.add(self.page_token)

    def next_item(self) -> T:
        """Return the next item of the current page."""
        assert self._page is not None
        item = self._page.items[self.skip]
        self.skip += 1
        self.taken += 1
        return item

    def rest_of_page(self) -> Page[T]:
        """Return the current page with the items that are left."""
        assert self._page is not None
        rest = evolve(self._page, items=self._page.items[self.skip : self.end])
        self.skip += len(rest.items)
        self.taken += len(rest.items)
        return rest

    def token_to_prefetch(self) -> str | None:
        """Return the token of the next page if it should be fetched early: after the second item, if it is needed."""
        assert self._page is not None
        if self.skip < self._first + 2 or self._page.next_page_token in self._seen:
            return None
        enough = self.limit is not None and self.taken + len(self._page.items) - self.skip >= self.limit
        return None if enough else self._page.next_page_token or None
