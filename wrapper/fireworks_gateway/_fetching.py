"""How a walk fetches its pages: ask, and read the answer; a sync and an async shell of the same text."""

from __future__ import annotations

from math import inf
from typing import Generic, TypeVar

from ._answers import page_in
from ._fields import Message
from ._operation import ListOperation
from ._pages import OnMalformed, Page
from ._queries import Query
from ._responses import Answer
from ._settings import Settings
from ._transport import AsyncTransport, Transport

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
