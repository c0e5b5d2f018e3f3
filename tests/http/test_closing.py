"""Closing a client: waits end at once, and nothing is sent afterwards."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import repeat
from typing import Any

import httpx
import pytest

from fireworks_gateway import AsyncGatewayClient, ConfigurationError, GatewayClient, Retry
from fireworks_gateway.testing import FakeGateway, FaultServer, faults
from tests.http.test_sockets import GATEWAY, settings_for


@pytest.fixture
def unaccepting() -> Iterator[socket.socket]:
    """A server whose queue of connections is full, so that a client waits for its connection."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(3):
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(server.getsockname())
        yield server


def received(server: socket.socket) -> list[bytes]:
    """Accept every connection of a server, and return the bytes of each."""
    server.settimeout(1.5)
    found = []
    try:
        while True:
            connection, _ = server.accept()
            with connection:
                connection.settimeout(0.2)
                try:
                    found.append(connection.recv(1000))
                except TimeoutError:
                    found.append(b"")
    except TimeoutError:
        return found


def url_of(server: socket.socket) -> str:
    """Return the URL of a server."""
    return "http://{}:{}".format(*server.getsockname())


def test_a_thread_that_waits_to_retry_is_woken() -> None:
    """Its next attempt is not sent."""
    retrying = threading.Event()

    def on_retry(retry: Retry) -> None:
        retrying.set()

    with (
        (server := FaultServer(GATEWAY.reply, repeat(faults.busy(retry_after=60)))) as url,
        ThreadPoolExecutor(1) as threads,
    ):
        client = GatewayClient(**settings_for(url, {"clock": None, "on_retry": on_retry}))
        waiting = threads.submit(client.models.list().first)
        assert retrying.wait(30)
        client.close()
        with pytest.raises(ConfigurationError, match="closed"):
            waiting.result(timeout=10)
    assert len(server.requests) == 1


def test_a_task_that_waits_to_retry_is_woken() -> None:
    """The same with async."""

    async def work(url: str) -> None:
        retrying = asyncio.Event()
        options = {"clock": None, "on_retry": lambda _: retrying.set()}
        client = AsyncGatewayClient(**settings_for(url, options))
        waiting = asyncio.create_task(client.models.list().first())
        await retrying.wait()
        await client.aclose()
        with pytest.raises(ConfigurationError, match="closed"):
            await asyncio.wait_for(waiting, 10)

    with (server := FaultServer(GATEWAY.reply, repeat(faults.busy(retry_after=60)))) as url:
        asyncio.run(work(url))
    assert len(server.requests) == 1


@pytest.mark.parametrize("generated", [False, True], ids=["own", "generated"])
def test_a_thread_that_connects_sends_nothing(generated: bool, unaccepting: socket.socket) -> None:
    """It raises an error soon, and writes nothing to a connection that it gets later."""
    client = GatewayClient(**settings_for(url_of(unaccepting), {"clock": None, "max_retries": 0}))
    models = client.models.list()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(lambda: client.api.get_httpx_client().get("/v1") if generated else models.first())
        time.sleep(0.2)
        client.close()
        with pytest.raises(ConfigurationError, match="closed"):
            waiting.result(timeout=10)
    assert b"".join(received(unaccepting)) == b""


def test_a_task_that_connects_sends_nothing(unaccepting: socket.socket) -> None:
    """The same with async, also for the generated client."""

    async def work() -> None:
        client = AsyncGatewayClient(**settings_for(url_of(unaccepting), {"clock": None, "max_retries": 0}))
        own = asyncio.create_task(client.models.list().first())
        generated = asyncio.create_task(client.api.get_async_httpx_client().get("/v1"))
        await asyncio.sleep(0.2)
        await client.aclose()
        waiting: asyncio.Task[Any]
        for waiting in (own, generated):
            with pytest.raises(ConfigurationError, match="closed"):
                await asyncio.wait_for(waiting, 10)

    asyncio.run(work())
    assert b"".join(received(unaccepting)) == b""


def test_a_closed_client_sends_no_generated_request() -> None:
    """Even though the given client is still open, and the generated client was made before."""
    gateway = FakeGateway(2)
    client = gateway.client()
    http = client.api.get_httpx_client()
    client.close()
    with pytest.raises(ConfigurationError, match="closed"):
        http.get("/v1/accounts/fireworks/models")

    async def work() -> httpx.Response:
        client = gateway.async_client()
        http = client.api.get_async_httpx_client()
        await client.aclose()
        return await http.get("/v1/accounts/fireworks/models")

    with pytest.raises(ConfigurationError, match="closed"):
        asyncio.run(work())
    assert gateway.requests == []
