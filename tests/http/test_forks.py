"""Clients in forked processes: each process has its own connections."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import httpx
import pytest

from fireworks_gateway import AsyncGatewayClient, GatewayClient
from fireworks_gateway.testing import FakeGateway, FaultServer, Reply
from fireworks_gateway.testing.faults import Fault, WireStep, encode_reply
from tests.http.test_sockets import GATEWAY, MODELS, PATH, settings_for
from tests.shared.processes import output_of

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="fork is for POSIX"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def result_in_child(act: Callable[[], object]) -> str:
    """Return the result of a function in a forked process, or its error, as text."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            found = str(act())
        except BaseException as error:
            found = f"{type(error).__name__}: {error}"
        os.write(writing, found.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        return pipe.read().decode()


def count_models(client: GatewayClient) -> int:
    """Return the number of models."""
    return len(client.models.list().to_list())


def test_a_process_has_its_own_connections() -> None:
    """A child opens another, also for the generated client, and closing it there keeps that of the parent."""

    def act() -> str:
        with client:
            return f"{count_models(client)} {client.api.get_httpx_client().get(PATH).status_code}"

    with (server := FaultServer(GATEWAY.reply)) as url, GatewayClient(**settings_for(url, {})) as client:
        assert count_models(client) == 25
        assert result_in_child(lambda: count_models(client)) == "25"
        assert server.connections == 2
        assert result_in_child(act) == "25 200"
        assert count_models(client) == 25
    assert server.connections == 3


FIRST_PAGE = """
import sys
from fireworks_gateway import GatewayClient
with GatewayClient(api_key="fake-key", account_id="fireworks", base_url=sys.argv[1]) as client:
    before = set(sys.modules)
    print(len(client.models.list().to_list()), sorted(set(sys.modules) - before))
"""


def test_the_first_page_imports_nothing() -> None:
    """A child that is forked while another thread imports a module could never import it."""
    with FaultServer(GATEWAY.reply) as url:
        assert output_of(sys.executable, "-c", FIRST_PAGE, url) == "25 []\n"


def test_an_async_client_has_its_own_connections() -> None:
    """The same with async."""

    async def count(client: AsyncGatewayClient) -> int:
        return len(await client.models.list().to_list())

    async def work(url: str) -> None:
        async with AsyncGatewayClient(**settings_for(url, {})) as client:
            assert await count(client) == 25
            assert result_in_child(lambda: ThreadPoolExecutor(1).submit(asyncio.run, count(client)).result()) == "25"
            assert await count(client) == 25

    with (server := FaultServer(GATEWAY.reply)) as url:
        asyncio.run(work(url))
    assert server.connections == 2


def test_closing_a_client_in_a_child_does_not_end_a_request_of_the_parent() -> None:
    """The sockets are shared, and only the parent may shut them down."""
    sent, closed = threading.Event(), threading.Event()

    def wait(reply: Reply) -> Iterator[WireStep]:
        sent.set()
        assert closed.wait(30)
        yield encode_reply(reply)

    with (
        FaultServer(GATEWAY.reply, [Fault("wait", wait)]) as url,
        GatewayClient(**settings_for(url, {"max_retries": 0, "clock": None})) as client,
        ThreadPoolExecutor(1) as threads,
    ):
        waiting = threads.submit(count_models, client)
        assert sent.wait(30)
        assert result_in_child(client.close) == "None"
        closed.set()
        assert waiting.result(30) == 25


def test_a_given_client_with_connections_is_refused_in_a_child() -> None:
    """The error names the remedy; a given client that was not used before may be used."""
    with FaultServer(GATEWAY.reply, repeat(None)) as url, httpx.Client() as http:
        client = GatewayClient(**settings_for(url, {"http_client": http}))
        assert result_in_child(lambda: count_models(client)) == "25"
        assert count_models(client) == 25
        assert "ConfigurationError: the connections of http_client belong to the" in result_in_child(
            lambda: count_models(client)
        )
        assert client.models.list().to_list() == MODELS


def test_a_mock_may_be_used_in_a_child() -> None:
    """It has no connections."""
    client = FakeGateway(3).client()
    assert count_models(client) == 3
    assert result_in_child(lambda: count_models(client)) == "3"
