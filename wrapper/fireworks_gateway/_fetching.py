"""How a walk fetches its pages: ask, and read the answer; a sync and an async shell of the same text."""

from __future__ import annotations

from math import inf

from ._answers import page_in
from ._models import Model
from ._pages import OnMalformed, Page
from ._queries import Query
from ._responses import Answer
from ._settings import Settings
from ._transport import AsyncTransport, Transport


class Fetch:
    """Fetches the pages of one walk over an account's models, in the time that the walk has."""

    def __init__(
        self, transport: Transport, settings: Settings, query: Query, on_malformed: OnMalformed, seconds: float | None
    ) -> None:
        self._transport = transport
        self._query = query
        self._on_malformed: OnMalformed = on_malformed
        self._end = end_of_walk(settings, seconds)
        self._answer: Answer | None = None

    def __call__(self, page_token: str) -> Page[Model]:
        """Return the page that a token names."""
        answer = self._transport.answer(self._query.request(page_token), end=self._end)
        # The last answer is kept until the next is there. Let go of before, its memory goes back to the system and is
        # asked for again, page by page: a tenth of the time that a listing takes (`make bench`, glibc).
        self._answer = answer
        return page_in(answer, items_key="models", read=Model, page_token=page_token, on_malformed=self._on_malformed)


class AsyncFetch:
    """Fetches the pages of one walk over an account's models, in the time that the walk has."""

    def __init__(
        self,
        transport: AsyncTransport,
        settings: Settings,
        query: Query,
        on_malformed: OnMalformed,
        seconds: float | None,
    ) -> None:
        self._transport = transport
        self._query = query
        self._on_malformed: OnMalformed = on_malformed
        self._end = end_of_walk(settings, seconds)
        self._answer: Answer | None = None

    async def __call__(self, page_token: str) -> Page[Model]:
        """Return the page that a token names."""
        answer = await self._transport.answer(self._query.request(page_token), end=self._end)
        # The last answer is kept until the next is there. Let go of before, its memory goes back to the system and is
        # asked for again, page by page: a tenth of the time that a listing takes (`make bench`, glibc).
        self._answer = answer
        return page_in(answer, items_key="models", read=Model, page_token=page_token, on_malformed=self._on_malformed)


def end_of_walk(settings: Settings, seconds: float | None) -> float:
    """Return until when a walk that begins now may last, by the clock of the settings; `seconds` None is for ever."""
    return inf if seconds is None else settings.clock.now() + seconds
