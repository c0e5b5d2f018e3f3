"""The pool of connections over real sockets: incomplete requests free their slots, and surplus bytes are dropped."""

import random
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from inspect import isbuiltin
from itertools import repeat
from pathlib import Path
from typing import Any

import anyio
import h11
import httpcore
import httpx
import pytest
import trustme

from fireworks_gateway import AsyncGatewayClient, GatewayClient, RequestTimeoutError
from fireworks_gateway.testing import FaultServer, Reply, faults
from fireworks_gateway.testing.faults import Act, Fault, WireStep, encode_reply
from tests.client.driving import both_clients
from tests.http.test_sockets import GATEWAY, MODELS, PATH, Walk, both, settings_for, walk

FOREIGN = Reply(200, {"content-type": "application/json"}, b'{"models": [{"name": "accounts/a/models/foreign"}]}')


def followed_by(surplus: bytes, change: Callable[[Reply], Reply] = lambda reply: reply) -> Fault:
    """Send a reply, and more bytes with it."""

    def steps(reply: Reply) -> list[WireStep]:
        return [encode_reply(change(reply)) + surplus]

    return Fault("followed_by()", steps)


@both
def test_bytes_behind_a_response_are_dropped(walking: Walk) -> None:
    """They are not read as the next page, nor as the response of a retry; the page before them is kept."""
    foreign = encode_reply(FOREIGN)
    busy = followed_by(foreign, lambda _: Reply(503, {"retry-after": "0"}, b""))
    script = [followed_by(foreign), followed_by(b"\r\n\r\n"), busy, None, busy]
    with (server := FaultServer(GATEWAY.reply, script)) as url:
        assert walking(url) == MODELS
    assert len(server.requests) == 7


@both
def test_a_connection_with_bytes_behind_a_response_is_never_idle(
    walking: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread would get it before the pool notices that it is closed."""
    cycles: list[h11.Connection] = []
    monkeypatch.setattr(h11.Connection, "start_next_cycle", cycles.append)
    with FaultServer(GATEWAY.reply, repeat(followed_by(encode_reply(FOREIGN)))) as url:
        assert walking(url) == MODELS
    assert cycles == []


@both_clients
def test_bytes_behind_a_response_to_the_generated_client_are_dropped(make_client: Any) -> None:
    """They are not read as its next response; without such bytes the connection is used again."""
    with (server := FaultServer(GATEWAY.reply, [followed_by(encode_reply(FOREIGN))])) as url:
        for connections in (2, 3):
            with make_client(**settings_for(url, {})) as client:
                http = client.api.get_httpx_client()
                assert http.get(PATH).content == http.get(PATH).content
            assert server.connections == connections


@pytest.mark.parametrize("deadline", [0.03, 0.5])
def test_the_deadline_limits_tls_inside_an_https_proxy(
    deadline: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record of its tunnel arrives byte by byte; an earlier end leaves no socket open."""

    def tunnel(reply: Reply) -> Iterator[WireStep]:
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        yield Act.LISTEN
        yield b"\x16\x03\x03\x40\x00"  # A record of 16 kB.
        for _ in range(400):
            yield b"\x00"
            yield 0.1

    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    proxy = FaultServer(GATEWAY.reply, repeat(Fault("tunnel()", tunnel)), ssl_context=context, host="127.0.0.1")
    with proxy as address:
        monkeypatch.setenv("HTTPS_PROXY", address)
        start = time.monotonic()
        with pytest.raises(RequestTimeoutError, match="exceeded its deadline"):
            walk("https://gateway.invalid", deadline=deadline, clock=None, max_retries=0)
        assert time.monotonic() - start < 20


def test_an_interrupt_leaves_no_connection_that_seems_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may come when httpcore has marked a connection as idle, and h11 is not ready for another request."""
    original, interrupts = h11.Connection.start_next_cycle, iter([KeyboardInterrupt])

    def start_next_cycle(connection: h11.Connection) -> None:
        for interrupt in interrupts:
            raise interrupt
        original(connection)

    monkeypatch.setattr(h11.Connection, "start_next_cycle", start_next_cycle)
    with FaultServer(GATEWAY.reply) as url, GatewayClient(**settings_for(url, {})) as client:
        with pytest.raises(KeyboardInterrupt):
            client.models.list().to_list()
        assert client.models.list().to_list() == MODELS


def test_private_names_exist() -> None:
    """The libraries still have every name that the repair of the pool uses."""
    from fireworks_gateway._http import connections

    http = connections.limit_connections(httpx.Client())
    request = httpx.Request("GET", "http://127.0.0.1:9")
    pool = connections.find_pool(http, request)
    assert isinstance(pool, httpcore.ConnectionPool)
    assert {"_requests", "_connections", "_optional_thread_lock", "_network_backend"} <= set(vars(pool))
    assert callable(pool._assign_requests_to_connections)
    assert isbuiltin(pool._optional_thread_lock.__exit__)  # In Python, an interrupt within would leave it locked.
    connection = httpcore.HTTPConnection(httpcore.Origin(b"http", b"127.0.0.1", 9))
    assert "_connection" in vars(connection)
    inner = httpcore.HTTP11Connection(httpcore.Origin(b"http", b"127.0.0.1", 9), httpcore.MockStream([]))
    assert inner._h11_state.trailing_data == (b"", False)
    assert isinstance(http._mounts, dict)


async def exhaust(url: str, limits: str, seconds: float, tasks: int, slots: int) -> list[str]:
    """Let requests of a small pool reach limits, "deadline" or "cancel"; return its connections that are busy then."""
    http = httpx.AsyncClient(limits=httpx.Limits(max_connections=slots))
    chance = random.Random(1)
    client = AsyncGatewayClient(**settings_for(url, {"clock": None, "max_retries": 0, "http_client": http}))
    end = anyio.current_time() + seconds

    async def work() -> None:
        while anyio.current_time() < end:
            allowed = chance.uniform(0.001, 0.06)
            if chance.choice(limits.split()) == "cancel":
                with anyio.move_on_after(allowed):
                    await client.models.list().first()
            else:
                with suppress(RequestTimeoutError):
                    await client.models.list(deadline=allowed).first()

    async with http:
        async with anyio.create_task_group() as group:
            for _ in range(tasks):
                group.start_soon(work)
        pool = http._transport._pool  # type: ignore[attr-defined]
        left = [repr(each) for each in (*pool._requests, *pool.connections) if not getattr(each, "is_idle", bool)()]
        for _ in range(2 * slots):
            assert await client.models.list(deadline=20).first() == MODELS[0]
    return left


# Under trio, httpx leaves the generators of cancelled responses to the garbage collector, which warns.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize(
    ("limits", "seconds", "tasks", "slots"),
    [
        ("deadline", 1.5, 20, 4),
        ("cancel", 1.5, 20, 4),
        pytest.param("deadline cancel", 8.0, 60, 8, marks=pytest.mark.soak),
    ],
)
def test_incomplete_requests_free_their_connections(
    backend: str, limits: str, seconds: float, tasks: int, slots: int
) -> None:
    """Deadlines and cancellations leave no connection without a request in the pool (encode/httpcore#1093)."""
    with FaultServer(GATEWAY.reply, repeat(faults.delay(0.005))) as url:
        assert anyio.run(exhaust, url, limits, seconds, tasks, slots, backend=backend) == []
