"""State of a walk over pages (AIP-158). Pure: the sync and the async iterators share every decision."""

from typing import Generic, TypeVar

from attrs import define, evolve, field

from ..errors import ConfigurationError, PageTokenError
from .page import Page

T = TypeVar("T")

_REMEMBERED = 50_000  # The longest cycle of pages that is detected; twice as many tokens are remembered, as hashes.


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
        items: Items of the current page.
        end: Index in `items` of their end, or of the limit. An item is available while `skip < end`.
        prefetch_at: Index in `items` of the item before which the next page is prefetched: the second one.
    """

    page_token: str
    skip: int
    taken: int
    limit: int | None
    repeated: str = ""
    ended: bool = False
    items: tuple[T, ...] = ()
    end: int = 0
    prefetch_at: int = -1
    _page: Page[T] | None = None
    _recent: set[int] = field(factory=set[int])
    _older: set[int] = field(factory=set[int])

    def token_to_fetch(self) -> str | None:
        """Return the token of the page to fetch, or None; raises PageTokenError for the token of an earlier page."""
        self.ended = self.ended or (self.limit is not None and self.taken >= self.limit)
        if not self.ended and self._page is not None and self.skip >= len(self._page.items):
            self._advance(self._page)
        return self.page_token if self._page is None and not self.ended else None

    def _advance(self, page: Page[T]) -> None:
        # Cleared first: after an error the same page is requested again, and its memory is free for the next one.
        self._page, self.items, self.end = None, (), 0
        if not page.next_page_token:
            self.ended = True
            return
        if self._was_fetched(page.next_page_token) or page.next_page_token == self.repeated:
            self.repeated = page.next_page_token
            problem = f"next_page_token must name a new page, got the token {page.next_page_token!r} of an earlier page"
            remedy = "Every item so far was returned. Retry later, or report this to the service"
            raise PageTokenError(f"{problem}. {remedy}", page_token=page.next_page_token)
        # A page may be shorter when it is fetched again: items still to skip are then on the next page.
        self.page_token, self.skip = page.next_page_token, self.skip - len(page.items)

    def accept(self, page: Page[T]) -> None:
        """Make a fetched page the current one."""
        count = len(page.items)
        end = count if self.limit is None else min(count, self.skip + self.limit - self.taken)
        if len(self._recent) >= _REMEMBERED:
            self._older, self._recent = self._recent, set()
        self._recent.add(hash(self.page_token))
        # Last and without a call between, so that an interrupt leaves all of the page or nothing.
        self._page, self.items, self.end, self.prefetch_at = page, page.items, end, self.skip + 1

    def _was_fetched(self, page_token: str) -> bool:
        token = hash(page_token)
        return token in self._recent or token in self._older

    def rest_of_page(self) -> Page[T]:
        """Return the current page with the items that are left; the position does not move."""
        assert self._page is not None
        return evolve(self._page, items=self.items[self.skip : self.end])

    def token_to_prefetch(self) -> str | None:
        """Return the token of the next page if that page exists, is new, and is needed for the limit."""
        assert self._page is not None
        token = self._page.next_page_token
        enough = self.limit is not None and self.taken + len(self.items) - self.skip >= self.limit
        return None if enough or not token or self._was_fetched(token) else token


def busy_error() -> ConfigurationError:
    """Return the error of an iterator that is advanced while it advances in another thread or task."""
    remedy = "Share a queue of its items, or make an iterator in each thread"
    return ConfigurationError(f"an iterator must be advanced by one thread or task at a time. {remedy}")
