"""Sync and async say the same: stripped of its async words, each async class is its sync twin."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable

import pytest

from fireworks_gateway import (
    _async_pagination,
    _client,
    _fetching,
    _listings,
    _pagination,
    _tables,
    _transport,
)

TWINS = [
    (_pagination.Pager, _async_pagination.AsyncPager),
    (_pagination._Steps, _async_pagination._AsyncSteps),
    (_pagination.Items, _async_pagination.AsyncItems),
    (_pagination.Pages, _async_pagination.AsyncPages),
    (_tables.RowFetch, _tables.AsyncRowFetch),
    (_fetching.Fetch, _fetching.AsyncFetch),
    (_listings.Lists, _listings.AsyncLists),
    (_listings.Models, _listings.AsyncModels),
    (_client.GatewayClient, _client.AsyncGatewayClient),
    (_transport.Transport, _transport.AsyncTransport),
    (_transport._Passage, _transport._AsyncPassage),
]

ASYNC_WORDS: list[tuple[str, str | Callable[[re.Match[str]], str]]] = [
    (r"Awaitable\[(Page\[\w+\])\]", r"\1"),
    (r"\b(async |await )", ""),
    (r"(?<![a-z])Async|StopAsync(?=Iteration)", lambda match: match[0].removesuffix("Async")),
    (r"\basync_|(?<=_)async_", ""),
    (r"\ba(?=iter_bytes|close|iter\b|next\b)", ""),
    (r"__a(?=iter__|next__|enter__|exit__)", "__"),
]


def without_async_words(source: str) -> list[str]:
    """Return source as its lines in one layout, with the words taken out that only async code has."""
    for word, instead in ASYNC_WORDS:
        source = re.sub(word, instead, source)
    # A word less may let a line be laid out anew, which is no difference.
    return re.sub(r",?\s*([)\]])", r"\1", re.sub(r"([(\[])\s+", r"\1", " ".join(source.split()))).split()


@pytest.mark.parametrize(("sync", "twin"), TWINS, ids=lambda kind: kind.__name__)
def test_twins_say_the_same(sync: type, twin: type) -> None:
    """The async class is the sync one with async words in it, docstrings included."""
    assert without_async_words(inspect.getsource(twin)) == without_async_words(inspect.getsource(sync))


def test_every_async_class_has_a_twin() -> None:
    """No class of these modules is async alone."""
    modules = (_async_pagination, _client, _fetching, _listings, _pagination, _tables, _transport)
    here = [(module.__name__, value) for module in modules for value in vars(module).values()]
    found = {
        kind for name, kind in here if isinstance(kind, type) and "Async" in kind.__name__ and kind.__module__ == name
    }
    assert found == {twin for _, twin in TWINS}
