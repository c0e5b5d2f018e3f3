"""Async clients that are used like sync ones, so that one test is about both."""

import asyncio
import inspect
from collections.abc import Callable
from functools import cache
from threading import Thread
from typing import Any

import httpx
import pytest

from fireworks_gateway import AsyncGatewayClient, AsyncPager, GatewayClient
from fireworks_gateway.testing import FakeGateway
from fireworks_gateway.types import AsyncItems, AsyncModels, AsyncPages, GeneratedClient

ASYNC = (AsyncGatewayClient, AsyncItems, AsyncModels, AsyncPager, AsyncPages, GeneratedClient, httpx.AsyncClient)
ASYNC_NAMES = {"close": "aclose", "get_httpx_client": "get_async_httpx_client"}


@cache
def running_loop() -> asyncio.AbstractEventLoop:
    """Return an event loop that runs in another thread until the process ends."""
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="driving", daemon=True).start()
    return loop


def call(function: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Call a function in the event loop, wait for its result, and return that like the result of a sync twin."""

    async def wait() -> Any:
        result = function(*args, **options)
        return await result if inspect.iscoroutine(result) else result

    return drive(asyncio.run_coroutine_threadsafe(wait(), running_loop()).result())


def drive(value: Any) -> Any:
    """Return an async client, pager or iterator as one that is used like its sync twin, others unchanged."""
    return Driven(value) if isinstance(value, ASYNC) else value


class Driven:
    """An async client, pager or iterator with the methods of its sync twin."""

    def __init__(self, target: Any) -> None:
        self._target = target

    def __getattr__(self, name: str) -> Any:
        found = drive(getattr(self._target, ASYNC_NAMES.get(name, name)))
        return (lambda *args, **options: call(found, *args, **options)) if callable(found) else found

    def __iter__(self) -> Any:
        return call(aiter, self._target)

    def __next__(self) -> Any:
        try:
            return call(anext, self._target)
        except StopAsyncIteration:
            raise StopIteration from None

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def driven_client(**options: Any) -> Any:
    """Return an async client, driven."""
    return call(AsyncGatewayClient, **options)


def driven_client_of(gateway: FakeGateway, **options: Any) -> Any:
    """Return an async client of a fake gateway, driven."""
    return drive(gateway.async_client(**options))


def driven_pager(*args: Any, **options: Any) -> Any:
    """Return an async pager, driven."""
    return Driven(AsyncPager(*args, **options))


HTTP_CLIENTS: dict[Any, Any] = {GatewayClient: httpx.Client, driven_client: httpx.AsyncClient}
"""The class of `http_client` for each of `both_clients`."""

both_clients = pytest.mark.parametrize("make_client", [GatewayClient, driven_client], ids=["sync", "async"])
"""For a test of the sync and the async client."""

both_fakes = pytest.mark.parametrize("client_of", [FakeGateway.client, driven_client_of], ids=["sync", "async"])
"""The same, for a fake gateway in process."""
