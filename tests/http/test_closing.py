"""Closing a client: waits end at once, and nothing is sent afterwards."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from itertools import repeat
from typing import Any

import pytest

from fireworks_gateway import ConfigurationError, GatewayClient, Retry
from fireworks_gateway.testing import FakeGateway, FaultServer, Reply, faults
from fireworks_gateway.testing.faults import Act, Fault, WireStep, encode_reply
from tests.client.driving import both_clients, both_fakes
from tests.http.test_sockets import GATEWAY, MODELS, PATH, assert_resumes, settings_for, walk


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
    with suppress(TimeoutError):
        while True:
            connection, _ = server.accept()
            connection.settimeout(0.2)
            with connection, suppress(TimeoutError):
                found.append(connection.recv(1000))
    return found


@both_clients
@pytest.mark.parametrize("copied", [False, True])
def test_a_wait_to_retry_ends(make_client: Any, copied: bool) -> None:
    """The next attempt is not sent; closing a client ends the waits of its copies too."""
    retrying = threading.Event()

    def on_retry(retry: Retry) -> None:
        retrying.set()

    with (
        (server := FaultServer(GATEWAY.reply, repeat(faults.busy(retry_after=60)))) as url,
        ThreadPoolExecutor(1) as threads,
    ):
        client = make_client(**settings_for(url, {"clock": None, "on_retry": on_retry}))
        waiting = threads.submit((client.with_options(timeout=5) if copied else client).models.list().first)
        assert retrying.wait(30)
        client.close()
        with pytest.raises(ConfigurationError, match="closed"):
            waiting.result(timeout=10)
    assert len(server.requests) == 1


@both_clients
@pytest.mark.parametrize("generated", [False, True], ids=["own", "generated"])
def test_a_connecting_request_sends_nothing(make_client: Any, generated: bool, unaccepting: socket.socket) -> None:
    """It raises an error soon, and writes nothing to a connection that it gets later."""
    url = "http://{}:{}".format(*unaccepting.getsockname())
    client = make_client(**settings_for(url, {"clock": None, "max_retries": 0}))
    models = client.models.list()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(lambda: client.api.get_httpx_client().get("/v1") if generated else models.first())
        time.sleep(0.2)
        client.close()
        with pytest.raises(ConfigurationError, match="closed"):
            waiting.result(timeout=10)
    assert b"".join(received(unaccepting)) == b""


@both_clients
@pytest.mark.parametrize("generated", [False, True], ids=["own", "generated"])
def test_a_waiting_response_ends(make_client: Any, generated: bool) -> None:
    """At once, before its headers, or in its body."""
    sent = threading.Event()

    def stall(reply: Reply) -> Iterator[WireStep]:
        if generated:
            yield encode_reply(reply)[:-1]
        sent.set()
        yield Act.STALL

    with FaultServer(GATEWAY.reply, [Fault("stall", stall)]) as url, ThreadPoolExecutor(1) as threads:
        client = make_client(**settings_for(url, {"clock": None, "timeout": 20.0}))
        models = client.models.list()
        waiting = threads.submit(lambda: client.api.get_httpx_client().get(PATH) if generated else models.first())
        assert sent.wait(30)
        client.close()
        with pytest.raises(ConfigurationError, match="closed"):
            waiting.result(timeout=10)


@both_clients
def test_closing_a_client_ends_its_walks(make_client: Any) -> None:
    """The next request raises an error with the bookmark of the rest."""
    with FaultServer(GATEWAY.reply) as url:
        client = make_client(**settings_for(url, {}))
        items = iter(client.models.list(page_size=5))
        assert [next(items) for _ in range(5)] == MODELS[:5]
        client.close()
        with pytest.raises(ConfigurationError, match="closed") as raised:
            next(items)
        assert_resumes(raised.value, url, walk, before=5)


def test_closing_a_client_ends_a_prefetch() -> None:
    """Its thread ends, even if the service never responds."""
    sent = threading.Event()

    def stall(reply: Reply) -> Iterator[WireStep]:
        sent.set()
        yield Act.STALL

    def prefetching() -> set[threading.Thread]:
        return {thread for thread in threading.enumerate() if thread.name == "fireworks-gateway-prefetch"}

    before = prefetching()  # Those of other walks may still be ending.
    with FaultServer(GATEWAY.reply, [None, Fault("stall", stall)]) as url:
        with GatewayClient(**settings_for(url, {})) as client:
            items = iter(client.models.list(page_size=5, prefetch=True))
            assert [next(items), next(items)] == MODELS[:2]
            assert sent.wait(30)
            (thread,) = prefetching() - before
            del items
        thread.join(30)
        assert not thread.is_alive()


@both_fakes
def test_a_closed_client_sends_no_request(client_of: Callable[..., Any]) -> None:
    """Of a listing, of a generated client made before, and of copies, even though the given httpx client is open."""
    gateway = FakeGateway(2)
    client = client_of(gateway)
    copy = client.with_options(timeout=5)
    second = copy.with_options(timeout=6)
    http = client.api.get_httpx_client()
    copy.close()
    assert second.models.list().first() is not None
    client.close()
    for use in (client.models.list().first, second.models.list().first, lambda: http.get(PATH)):
        with pytest.raises(ConfigurationError, match="closed"):
            use()
    assert len(gateway.requests) == 1
