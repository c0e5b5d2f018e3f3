"""Prefetching: one thread for a walk, released at once by an early end, and renewed in a forked child."""

import asyncio
import os
import socket
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from pathlib import Path

import pytest

from fireworks_gateway import AsyncGatewayClient, GatewayClient, Page, Pager, RequestTimeoutError, Retry
from fireworks_gateway._http.deadline import Cancellation, cancellation
from fireworks_gateway._listing.query import build_query
from fireworks_gateway.specification import LIST_MODELS
from fireworks_gateway.testing import FakeGateway
from tests.shared.processes import output_of

QUERY = build_query(LIST_MODELS, {"account_id": "fireworks", "page_size": 200}, None)
FIRST_PAGE = b'{"models": [{"name": "a"}, {"name": "b"}, {"name": "c"}], "nextPageToken": "2"}'

variable: ContextVar[str] = ContextVar("variable", default="unset")


def numbered(page_token: str) -> Page[int]:
    """Return one of eight pages of three."""
    number = int(page_token or 0)
    return Page((1, 2, 3), page_token, str(number + 1) if number < 7 else "")


def test_a_walk_has_one_thread_with_the_contextvars_of_its_caller() -> None:
    """Every page but the first is fetched by the same thread, which ends with the walk."""
    seen: list[tuple[threading.Thread, str]] = []

    def page(page_token: str) -> Page[int]:
        seen.append((threading.current_thread(), variable.get()))
        return numbered(page_token)

    token = variable.set("caller")
    try:
        assert len(Pager(lambda: page, QUERY, prefetch=True).to_list()) == 24
    finally:
        variable.reset(token)
    (_, first), *others = seen
    assert first == "caller"
    assert {context for _, context in others} == {"caller"}
    (thread,) = {thread for thread, _ in others}
    thread.join(10)
    assert not thread.is_alive()


@contextmanager
def silent_second_page() -> Generator[tuple[str, threading.Event, threading.Event]]:
    """Serve the first page and never the second; the events are that it is requested, and that its client is gone."""
    requested, gone = threading.Event(), threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(FIRST_PAGE), FIRST_PAGE))
            if connection.recv(65536):
                requested.set()
                if not connection.recv(65536):
                    gone.set()

    thread = threading.Thread(target=serve)
    thread.start()
    with listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", requested, gone
    thread.join()


def test_an_early_break_releases_the_connection() -> None:
    """At once, over real sockets, instead of after the timeout of 30 s."""
    with (
        silent_second_page() as (url, requested, gone),
        GatewayClient(base_url=url, api_key="k", account_id="a") as own,
    ):
        for model in own.models.list(prefetch=True):
            if model.name == "b":
                assert requested.wait(10)
                break
        assert gone.wait(10)


def test_a_request_that_is_cancelled_before_it_connects_is_not_retried() -> None:
    """Although a timeout while connecting is."""
    cancelled, retries, context = Cancellation(), list[Retry](), copy_context()
    cancelled.cancel()
    context.run(cancellation.set, cancelled)
    with (
        FakeGateway().serve() as url,
        GatewayClient(base_url=url, api_key="fake-key", account_id="fireworks", on_retry=retries.append) as own,
        pytest.raises(RequestTimeoutError),
    ):
        context.run(own.models.list().first)
    assert retries == []


def test_an_early_break_releases_the_async_connection() -> None:
    """As in the sync client."""

    async def walk(url: str, requested: threading.Event, gone: threading.Event) -> None:
        async with AsyncGatewayClient(base_url=url, api_key="k", account_id="a") as client:
            async for model in client.models.list(prefetch=True):
                if model.name == "b":
                    assert await asyncio.to_thread(requested.wait, 10)
                    break
            assert await asyncio.to_thread(gone.wait, 10)

    with silent_second_page() as events:
        asyncio.run(walk(*events))


FORK = """
import os, signal, threading
from fireworks_gateway import Page, Pager
from tests.listing.test_prefetch import QUERY, numbered

fetched, parent = threading.Event(), os.getpid()

def page(page_token):
    if page_token == "1":
        fetched.set()
        if os.getpid() == parent:
            released.wait(20)
    return numbered(page_token)

released = threading.Event()
items = iter(Pager(lambda: page, QUERY, prefetch=True))
walked = [next(items), next(items)]
assert fetched.wait(20)
child = os.fork()
if child == 0:
    signal.alarm(20)  # Without a new request the child would wait for ever.
    os._exit(len([*walked, *items]))
released.set()
assert len([*walked, *items]) == 24
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_requests_the_prefetched_page_again() -> None:
    """Parent and child both return all 24 items."""
    assert output_of(sys.executable, "-c", FORK, cwd=Path(__file__).parents[2]) == "24\n"
