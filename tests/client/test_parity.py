"""Sync and async twins have the same source, except for async words."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable

import pytest

from fireworks_gateway import _client
from fireworks_gateway._http import transport
from fireworks_gateway._listing import async_pager, pager

TWINS = [
    (pager.Pager, async_pager.AsyncPager),
    (pager._WalkIterator, async_pager._AsyncWalkIterator),
    (pager.Items, async_pager.AsyncItems),
    (pager.Pages, async_pager.AsyncPages),
    (pager.RowItems, async_pager.AsyncRowItems),
    (pager.make_row_fetch, async_pager.make_async_row_fetch),
    (pager.make_fetch, async_pager.make_async_fetch),
    (_client.Lists, _client.AsyncLists),
    (_client.Models, _client.AsyncModels),
    (_client.GatewayClient, _client.AsyncGatewayClient),
    (transport.Transport, transport.AsyncTransport),
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
    """Return the words of a source without those of async code."""
    for word, instead in ASYNC_WORDS:
        source = re.sub(word, instead, source)
    # Without a word, a line may be formatted differently.
    return re.sub(r",?\s*([)\]])", r"\1", re.sub(r"([(\[])\s+", r"\1", " ".join(source.split()))).split()


@pytest.mark.parametrize(("sync", "twin"), TWINS, ids=lambda kind: kind.__name__)
def test_twins_have_the_same_source(sync: type, twin: type) -> None:
    """Docstrings included."""
    assert without_async_words(inspect.getsource(twin)) == without_async_words(inspect.getsource(sync))


def test_every_async_class_has_a_twin() -> None:
    """Except the task of a prefetch, which is a thread in sync code."""
    modules = (async_pager, _client, pager, transport)
    here = [(module.__name__, value) for module in modules for value in vars(module).values()]
    found = {
        kind for name, kind in here if isinstance(kind, type) and "Async" in kind.__name__ and kind.__module__ == name
    }
    # A page ahead is on a thread for the sync pager, and a task for the async one.
    assert found - {async_pager.AsyncPrefetch} == {twin for _, twin in TWINS if isinstance(twin, type)}
