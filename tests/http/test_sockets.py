"""Failures over real sockets: each raises the right error in time, and no model is lost."""

import pickle
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import Any

import certifi
import httpx
import pytest
import trustme

from fireworks_gateway import (
    Bookmark,
    DecodeError,
    GatewayClient,
    GatewayError,
    Model,
    RequestTimeoutError,
    StatusError,
    TransportError,
)
from fireworks_gateway.testing import FakeGateway, FaultServer, Reply, VirtualTime, faults
from fireworks_gateway.testing.faults import Fault, WireStep, encode_reply
from tests.client.driving import driven_client
from tests.shared import wire

GATEWAY = FakeGateway(25)
MODELS = GATEWAY.client().models.list().to_list()
PATH = "/v1/accounts/fireworks/models"

Walk = Callable[..., list[Model]]


def settings_for(url: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a client, with virtual time by default."""
    return {"base_url": url, "api_key": "fake-key", "account_id": "fireworks", "clock": VirtualTime().clock, **options}


def walk(url: str, resume: str | None = None, make_client: Any = GatewayClient, **options: Any) -> list[Model]:
    """List five models a page."""
    with make_client(**settings_for(url, options)) as client:
        pager = client.models.list(page_size=5)
        return list(pager if resume is None else pager.resume(resume))


def walk_async(url: str, resume: str | None = None, **options: Any) -> list[Model]:
    """List with the async client."""
    return walk(url, resume, driven_client, **options)


both = pytest.mark.parametrize("walking", [walk, walk_async], ids=["sync", "async"])


def assert_resumes(error: GatewayError, url: str, walking: Walk, before: int) -> None:
    """Assert that an error survives a pickle, and that its bookmark leads to exactly the remaining models."""
    assert isinstance(error.bookmark, Bookmark)
    assert pickle.loads(pickle.dumps(error)) == error
    assert walking(url, resume=error.bookmark.to_json()) == MODELS[before:]


RETRIED = [
    faults.reset_before(),
    wire.RESET_WITHIN,
    wire.CLOSED_BEFORE,
    wire.TRUNCATED_HEADERS,
    faults.truncated_body(),
    wire.TRUNCATED_CHUNKS,
    wire.BAD_CHUNK,
    faults.garbage(),
    wire.SWITCHED_PROTOCOL,
    wire.ENDLESS_HEADERS,
]
BROKEN = [
    *((fault, TransportError, "") for fault in RETRIED),
    *((fault, DecodeError, "broken compression") for fault in (wire.TRUNCATED_GZIP, faults.bad_gzip())),
]
NOT_RETRIED = [faults.truncated_json(), wire.INVALID_UTF8, wire.SHORT_CONTENT_LENGTH]


@both
@pytest.mark.parametrize(("fault", "kind", "text"), BROKEN, ids=[str(fault) for fault, *_ in BROKEN])
def test_a_broken_response_is_retried_twice(fault: Fault, kind: type[GatewayError], text: str, walking: Walk) -> None:
    """A third failure on the second page raises an error with its bookmark; two on the third page go unnoticed."""
    with FaultServer(GATEWAY.reply, [None, fault, fault, fault, None, fault, fault]) as url:
        with pytest.raises(kind, match=text or None) as raised:
            walking(url)
        assert raised.value.attempts == 3
        assert_resumes(raised.value, url, walking, before=5)


@both
@pytest.mark.parametrize("fault", NOT_RETRIED, ids=lambda fault: fault.name)
def test_an_invalid_body_is_not_retried(fault: Fault, walking: Walk) -> None:
    """On the second page, the error has its bookmark."""
    with FaultServer(GATEWAY.reply, [None, fault]) as url:
        with pytest.raises(DecodeError) as raised:
            walking(url)
        assert raised.value.attempts == 1
        assert_resumes(raised.value, url, walking, before=5)


@both
def test_unusual_framing_is_decoded(walking: Walk) -> None:
    """Compressed, chunked, unframed, slow, with an interim response, or the last response of its connection."""
    unusual = [
        wire.GZIPPED,
        wire.CHUNKED,
        wire.UNFRAMED,
        wire.interim(),
        wire.RESET_AFTER,
        wire.CLOSED_AFTER,
        wire.dribble_headers(pause=0.0001),
    ]
    with FaultServer(GATEWAY.reply, unusual * 2) as url:
        assert walking(url) == walking(url) == MODELS


LATE = [
    faults.stall(),
    wire.STALL_WITHIN,
    wire.dribble_headers(pause=0.2),
    faults.dribbled_body(pause=0.2),
]


@both
@pytest.mark.parametrize("fault", LATE, ids=lambda fault: fault.name)
def test_a_late_response_fails_at_the_deadline(fault: Fault, walking: Walk) -> None:
    """In its headers or its body, which would take half a minute; the rest can be listed afterwards."""
    with FaultServer(GATEWAY.reply, [None, fault]) as url:
        start = time.monotonic()
        with pytest.raises(RequestTimeoutError, match="exceeded its deadline") as raised:
            walking(url, deadline=0.5, clock=None)
        assert 0.45 < time.monotonic() - start < 10
        assert_resumes(raised.value, url, walking, before=5)


@both
def test_a_stall_fails_at_the_timeout_without_a_retry(walking: Walk) -> None:
    """One timeout is spent, and not one for each attempt."""
    with (server := FaultServer(GATEWAY.reply, repeat(faults.stall()))) as url:
        with pytest.raises(RequestTimeoutError, match=r"timed out: ReadTimeout after 0\.3 s"):
            walking(url, timeout=0.3, clock=None)
        assert len(server.requests) == 1


def test_the_deadline_limits_a_body_of_a_given_client() -> None:
    """Its connections are not limited; its bodies are."""
    with (
        FaultServer(GATEWAY.reply, [faults.dribbled_body(pause=0.02)]) as url,
        httpx.Client() as http,
        pytest.raises(RequestTimeoutError, match="exceeded its deadline"),
    ):
        walk(url, deadline=0.2, clock=None, http_client=http)


@both
def test_an_endless_body_is_not_read_to_its_end(walking: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It fails at the limit of size, and is not retried."""
    monkeypatch.setattr("fireworks_gateway._http.deadline.LARGEST_BODY", 2**20)
    with FaultServer(GATEWAY.reply, [faults.endless()]) as url:
        with pytest.raises(DecodeError, match="too large") as raised:
            walking(url)
        assert_resumes(raised.value, url, walking, before=0)


def test_a_walk_has_its_own_deadline() -> None:
    """It counts from the beginning of the walk, over all requests; a new walk can resume it."""
    time = VirtualTime()
    with (
        FaultServer(GATEWAY.reply, repeat(faults.call_before(lambda: time.wait(10)))) as url,
        GatewayClient(**settings_for(url, {"clock": time.clock})) as client,
    ):
        items = iter(client.models.list(page_size=5, deadline=25))
        before: list[Model] = []
        with pytest.raises(RequestTimeoutError) as raised:
            while True:
                before.append(next(items))
        with pytest.raises(RequestTimeoutError, match="deadline of the walk passed") as again:
            next(items)
        assert again.value.attempts == 0
        assert raised.value.bookmark is not None
        rest = client.models.list(page_size=5).resume(raised.value.bookmark).to_list()
    assert len(before) == 10
    assert before + rest == MODELS


def test_a_redirect_is_not_followed() -> None:
    """Even if the given client follows redirects: the key stays with its server."""
    elsewhere = FakeGateway(1)
    with (
        FaultServer(elsewhere.reply) as other,
        FaultServer(GATEWAY.reply, [faults.redirect(other)]) as url,
        httpx.Client(follow_redirects=True) as http,
        pytest.raises(StatusError, match="not followed"),
    ):
        walk(url, http_client=http)
    assert elsewhere.requests == []


def test_idle_connections_are_kept() -> None:
    """The connections of 30 requests at once serve the next 30; httpx closes 10 of them by default."""

    def together(reply: Reply) -> Iterator[WireStep]:
        while len(server.requests) % 30:
            yield 0.01
        yield encode_reply(reply)

    with (
        (server := FaultServer(GATEWAY.reply, repeat(Fault("together", together)))) as url,
        GatewayClient(**settings_for(url, {})) as client,
        ThreadPoolExecutor(30) as threads,
    ):
        for _ in range(2):
            list(threads.map(lambda _: client.models.list().first(), range(30)))
    assert server.connections == 30


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A certificate authority that no client trusts by default."""
    return trustme.CA()


@pytest.fixture
def encrypted(authority: trustme.CA) -> Iterator[tuple[FaultServer, str]]:
    """A gateway over TLS, with a certificate of that authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with (server := FaultServer(GATEWAY.reply, ssl_context=context)) as url:
        yield server, url


def test_a_given_client_may_trust_a_certificate(encrypted: tuple[FaultServer, str], authority: trustme.CA) -> None:
    """The requests go through its TLS settings."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with httpx.Client(verify=context) as http:
        assert walk(encrypted[1], http_client=http) == MODELS


@both
def test_plain_http_on_an_https_port_is_not_retried(walking: Walk) -> None:
    """The handshake would fail each time."""
    with FaultServer(GATEWAY.reply) as url, pytest.raises(TransportError) as raised:
        walking(url.replace("http://", "https://"))
    assert raised.value.attempts == 1


@both
@pytest.mark.parametrize(("variable", "status", "attempts"), [("HTTPS_PROXY", 403, 1), ("ALL_PROXY", 503, 3)])
def test_a_busy_proxy_is_retried(
    variable: str, status: int, attempts: int, walking: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """502 to 504 of the proxy are temporary, as those of the service. A failure at the proxy names it."""
    with FaultServer(GATEWAY.reply, repeat(faults.respond(status, b"no")), host="127.0.0.1") as proxy:
        monkeypatch.setenv(variable, proxy)
        with pytest.raises(TransportError, match=rf"ProxyError.*{status}") as raised:
            walking("https://gateway.invalid")
    assert raised.value.attempts == attempts
    monkeypatch.setenv(variable, proxy.replace("//", "//me:PASSWORD@"))  # It is closed now.
    with pytest.raises(TransportError) as raised:
        walking("https://gateway.invalid")
    assert f" failed at the proxy {proxy.replace('//', '//***@')} ({variable}): ConnectError" in str(raised.value)
    assert "PASSWORD" not in repr(vars(raised.value))


@both
@pytest.mark.parametrize("variable", ["", certifi.where()])
def test_an_untrusted_certificate_is_not_retried(
    variable: str, walking: Walk, encrypted: tuple[FaultServer, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No request is sent, and the error names SSL_CERT_FILE, with its value if it has one."""
    server, url = encrypted
    monkeypatch.setenv("SSL_CERT_FILE", variable)
    with pytest.raises(TransportError, match=r"CERTIFICATE_VERIFY_FAILED.*Set SSL_CERT_FILE to a file") as raised:
        walking(url)
    assert (f"SSL_CERT_FILE is {variable!r}" in str(raised.value)) == bool(variable)
    assert (raised.value.attempts, raised.value.retryable, server.requests) == (1, False, [])


def test_the_deadline_limits_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its headers arrive byte by byte."""
    with FaultServer(GATEWAY.reply, repeat(wire.dribble_headers(pause=0.02)), host="127.0.0.1") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        with pytest.raises(RequestTimeoutError, match="exceeded its deadline"):
            walk("https://gateway.invalid", deadline=0.2, clock=None)


def test_requests_to_loopback_bypass_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would see the unencrypted key."""
    proxy = FakeGateway(1)
    with FaultServer(proxy.reply) as address, FaultServer(GATEWAY.reply, repeat(None)) as url:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, address)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert walk(url) == walk_async(url) == MODELS
    assert proxy.requests == []
