"""Two thousand pages over one client with a fault in every tenth response: no item is lost, repeated or left over."""

import asyncio
import gc
import logging
import sys
import threading
from collections import Counter
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count, cycle
from pathlib import Path
from typing import Any

import pytest

from fireworks_gateway import GatewayClient, GatewayError
from fireworks_gateway.testing import FakeGateway, FaultServer, VirtualTime, faults
from fireworks_gateway.testing.faults import Fault
from tests.client.driving import both_clients, call, driven_client
from tests.http.test_sockets import RETRIED
from tests.shared import wire

pytestmark = pytest.mark.soak

PAGES = 2_000
EVERY = 10
SEEN = {"DecodeError", "RequestTimeoutError", "InternalError"}  # Other failures are retried.
LEFT_OVER = 20_000  # Blocks of memory; a page of models has 13,000.
FAULTS = [
    *RETRIED,
    wire.RESET_AFTER,
    faults.bad_gzip(),
    faults.truncated_json(),
    wire.INVALID_UTF8,
    faults.stall(),
    wire.STALL_WITHIN,
    faults.respond(500, b"out of order"),
    faults.respond(503, b"", {"Retry-After": "1"}),
    faults.respond(429, b'{"code":8,"message":"slow down","details":[]}'),
    faults.respond(200, b"<html>sign in</html>"),
]


def script() -> Iterator[Fault | None]:
    """Yield the faults in turn, one for every tenth response."""
    following = cycle(FAULTS)
    for number in count(1):
        yield next(following) if number % EVERY == 0 else None


def settings_for(url: str) -> dict[str, Any]:
    """Return the arguments of a client with no waits and a short timeout."""
    settings: dict[str, Any] = {"base_url": url, "api_key": "fake-key", "account_id": "fireworks", "timeout": 1.0}
    return settings | {"deadline": None, "clock": VirtualTime().clock}


def walk(client: Any, pages: int, failed: Counter[str]) -> list[str | None]:
    """Return the names of a walk that continues after each error, with its iterator and from the bookmark in turn."""
    names: list[str | None] = []
    pager = client.models.list(page_size=50, limit=50 * pages)
    models = iter(pager)
    while True:
        try:
            names.append(next(models).name)
        except StopIteration:
            return names
        except GatewayError as error:
            failed[type(error).__name__] += 1
            assert error.bookmark is not None
            models = iter(pager.resume(error.bookmark)) if failed.total() % 2 else models


@contextmanager
def no_leftovers() -> Generator[None]:
    """Check that no threads, open files or memory are left over."""
    gc.collect()
    threads, files, blocks = set(threading.enumerate()), open_files(), sys.getallocatedblocks()
    yield
    gc.collect()
    for thread in set(threading.enumerate()) - threads:
        thread.join(10)
    assert set(threading.enumerate()) <= threads
    assert open_files() <= files
    assert sys.getallocatedblocks() - blocks < LEFT_OVER


def open_files() -> int:
    """Return the number of open files and sockets of this process."""
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture(autouse=True)
def silent_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the log of the retries from pytest, which would collect it in memory."""
    monkeypatch.setattr(logging.getLogger("fireworks_gateway"), "propagate", False)


@pytest.fixture(scope="module")
def gateway() -> FakeGateway:
    """A gateway with two thousand models, after a first walk: imports and caches of the first use are not left over."""
    gateway = FakeGateway(2_000)
    for make_client in (GatewayClient, driven_client):
        with FaultServer(gateway.reply, script()) as url, make_client(**settings_for(url)) as client:
            walk(client, 40, Counter())
    return gateway


@both_clients
def test_fifty_walks_share_a_client(gateway: FakeGateway, make_client: Any) -> None:
    """Each walks forty pages, in a thread or a task, and gets every model once and in order; no task is left over."""
    expected = [model.name for model in gateway.client().models.list()]
    failed: Counter[str] = Counter()
    gateway.requests.clear()
    with no_leftovers():
        with (
            FaultServer(gateway.reply, script()) as url,
            make_client(**settings_for(url)) as client,
            ThreadPoolExecutor(50) as threads,
        ):
            for names in threads.map(lambda _: walk(client, 40, failed), range(50)):
                assert names == expected
        assert len(gateway.requests) >= PAGES
        assert len(call(asyncio.all_tasks)) == 1
        gateway.requests.clear()
    assert set(failed) >= SEEN
