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


@pytest.mark.parametrize(
    ("habit", "remedy"),
    [
        (lambda: PAGE.models, "Use page.items"),
        (lambda: PAGE.has_next_page(), "Loop over the pager or its pages()"),
        (lambda: PAGER.models, "or call `pager.to_list()`"),
        (lambda: PAGER.next_page_token, "Loop over pager.pages() with `for`"),
        (lambda: ASYNC_PAGER.data, "or call `await pager.to_list()`"),
        (lambda: ASYNC_PAGER.iter_pages(), "Loop over pager.pages() with `async for`"),
    ],
)
def test_an_attribute_of_the_sdk(habit: Callable[[], object], remedy: str) -> None:
    """An AttributeError, as for any other name."""
    with pytest.raises(AttributeError) as raised:
        habit()
    assert remedy in str(raised.value)


@pytest.mark.parametrize(
    ("habit", "remedy"),
    [
        (lambda: list(PAGE), "Loop over page.items, or over the pager"),
        (lambda: list(ASYNC_PAGER), "Loop over the pager with `async for`, and call list() without `await`"),
        (lambda: asyncio.run(wait_for(ASYNC_PAGER)), "call list() without `await`"),
        (lambda: asyncio.run(wait_for(PAGER)), "Loop over the pager with `for`"),
        (lambda: asyncio.run(loop_over(PAGER)), "Loop over the pager with `for`"),
    ],
)
def test_a_loop_or_await_of_the_sdk(habit: Callable[[], object], remedy: str) -> None:
    """A TypeError, as for any other object."""
    with pytest.raises(TypeError) as raised:
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


@pytest.mark.parametrize("pager", [PAGER, ASYNC_PAGER], ids=lambda value: type(value).__name__)
def test_a_pager_has_no_truth_value(pager: Any) -> None:
    """Nothing is fetched yet; the error names the way to test for models."""
    with pytest.raises(TypeError, match=r"pager\.first\(\) is None"):
        bool(pager)


def test_a_page_has_a_length() -> None:
    """The number of its items."""
    assert len(PAGE) == len(PAGE.items) > 0
