"""Habits from the official SDK raise errors with a remedy."""

import asyncio
import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from fireworks_gateway.testing import FakeGateway

GATEWAY = FakeGateway(3)
PAGER: Any = GATEWAY.client().models.list()
ASYNC_PAGER: Any = GATEWAY.async_client().models.list()
PAGE: Any = next(PAGER.pages())


async def wait_for(value: Any) -> None:
    """Await a value."""
    await value


async def loop_over(value: Any) -> None:
    """Loop over a value with async for."""
    async for _ in value:
        pass


HABITS: list[tuple[Callable[[], object], type[Exception], str]] = [
    (lambda: PAGE.models, AttributeError, "Use page.items"),
    (lambda: PAGE.has_next_page(), AttributeError, "Loop over the pager or its pages()"),
    (lambda: PAGER.models, AttributeError, "or call `pager.to_list()`"),
    (lambda: PAGER.next_page_token, AttributeError, "Loop over pager.pages() with `for`"),
    (lambda: ASYNC_PAGER.data, AttributeError, "or call `await pager.to_list()`"),
    (lambda: ASYNC_PAGER.iter_pages(), AttributeError, "Loop over pager.pages() with `async for`"),
    (lambda: list(PAGE), TypeError, "Loop over page.items, or over the pager"),
    (lambda: list(ASYNC_PAGER), TypeError, "Loop over the pager with `async for`, and call list() without `await`"),
    (lambda: asyncio.run(wait_for(ASYNC_PAGER)), TypeError, "call list() without `await`"),
    (lambda: asyncio.run(wait_for(PAGER)), TypeError, "Loop over the pager with `for`"),
    (lambda: asyncio.run(loop_over(PAGER)), TypeError, "Loop over the pager with `for`"),
    (lambda: bool(PAGER), TypeError, "pager.first() is None"),
    (lambda: bool(ASYNC_PAGER), TypeError, "pager.first() is None"),
]


@pytest.mark.parametrize(("habit", "error", "remedy"), HABITS, ids=[remedy for *_, remedy in HABITS])
def test_a_habit_is_an_error_with_a_remedy(habit: Callable[[], object], error: type[Exception], remedy: str) -> None:
    """An attribute, a loop, an `await` or a truth value."""
    with pytest.raises(error) as raised:
        habit()
    assert remedy in str(raised.value)


@pytest.mark.parametrize("value", [PAGE, PAGER, ASYNC_PAGER], ids=lambda value: type(value).__name__)
def test_other_names_are_absent(value: Any) -> None:
    """Without a remedy; notebooks and copies look for many."""
    assert [hasattr(value, name) for name in ("", "_repr_png_", "__array_interface__", "shape")] == [False] * 4
    with pytest.raises(AttributeError, match=r"object has no attribute 'shape'$"):
        _ = value.shape
    assert copy.copy(value) == value
    assert pickle.loads(pickle.dumps(PAGE)) == PAGE
    assert len(PAGE) == len(PAGE.items) > 0
