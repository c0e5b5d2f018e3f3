"""A hostile world, over real sockets: whatever goes wrong ends in the right error, in time, with nothing lost."""

from __future__ import annotations

import asyncio
import json
import pickle
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import Any

import httpx
import pytest
import trustme

from fireworks_gateway import (
    AsyncGatewayClient,
    Bookmark,
    DecodeError,
    GatewayClient,
    GatewayError,
    Model,
    RequestTimeoutError,
    ResourceExhaustedError,
    Retry,
    StatusError,
    TransportError,
    errors,
)
from fireworks_gateway.testing import FakeGateway, FaultServer, Reply, VirtualTime, faults
from fireworks_gateway.testing.faults import Act, Fault, Step
from tests.shared import wire

GATEWAY = FakeGateway(250)
MODELS = GATEWAY.client().models.list().to_list()

Walk = Callable[..., list[Model]]


def settings_for(url: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a client; its time is virtual unless they say otherwise, so that no wait is real."""
    return {"base_url": url, "api_key": "fake-key", "account_id": "fireworks", "clock": VirtualTime().clock, **options}


def walk(url: str, resume: str | None = None, **options: Any) -> list[Model]:
    """Walk with the sync client."""
    with GatewayClient(**settings_for(url, options)) as client:
        pager = client.models.list(page_size=50)
        return (pager if resume is None else pager.resume(resume)).to_list()


def walk_async(url: str, resume: str | None = None, **options: Any) -> list[Model]:
    """Walk with the async client."""

    async def models() -> list[Model]:
        async with AsyncGatewayClient(**settings_for(url, options)) as client:
            pager = client.models.list(page_size=50)
            return await (pager if resume is None else pager.resume(resume)).to_list()

    return asyncio.run(models())


both = pytest.mark.parametrize("walking", [walk, walk_async], ids=["sync", "async"])


def assert_nothing_is_lost(error: GatewayError, url: str, walking: Walk, before: int) -> None:
    """Demand that an error says where its walk stood, survives a pickle, and resumes to exactly the rest."""
    assert isinstance(error.bookmark, Bookmark)
    assert error.bookmark.taken == before
    assert pickle.loads(pickle.dumps(error)) == error
    assert str(error)
    assert walking(url, resume=error.bookmark.to_json()) == MODELS[before:]


# Fault, the error that it ends in, and whether it is tried again.
BROKEN: list[tuple[Fault, type[GatewayError], bool]] = [
    (faults.reset_before(), TransportError, True),
    (wire.reset_within(), TransportError, True),
    (wire.closed_before(), TransportError, True),
    (wire.truncated_headers(), TransportError, True),
    (faults.truncated_body(), TransportError, True),
    (wire.truncated_chunks(), TransportError, True),
    (wire.bad_chunk(), TransportError, True),
    (faults.garbage(), TransportError, True),
    (wire.switched_protocol(), TransportError, True),
    (faults.truncated_json(), DecodeError, False),
    (wire.truncated_gzip(), DecodeError, False),
    (faults.bad_gzip(), DecodeError, False),
    (wire.invalid_utf8(), DecodeError, False),
    (wire.short_content_length(), GatewayError, False),
    (wire.endless_headers(), TransportError, True),
]


@both
@pytest.mark.parametrize(("fault", "kind", "again"), BROKEN, ids=lambda value: getattr(value, "name", None))
def test_a_broken_answer_is_an_error_to_go_on_from(
    fault: Fault, kind: type[GatewayError], again: bool, walking: Walk
) -> None:
    """On the second page, for good: the error has the bookmark of exactly the rest, and how often it was tried."""
    script = [None, *repeat(fault, 3)] if again else [None, fault]
    with FaultServer(GATEWAY.reply, script) as url:
        with pytest.raises(kind) as raised:
            walking(url)
        assert raised.value.attempts == (3 if again else 1)
        assert_nothing_is_lost(raised.value, url, walking, before=50)


@both
@pytest.mark.parametrize("fault", [fault for fault, _, again in BROKEN if again], ids=lambda fault: fault.name)
def test_a_broken_answer_that_passes_is_not_seen(fault: Fault, walking: Walk) -> None:
    """Asked again, the page comes, and the caller sees only models."""
    with FaultServer(GATEWAY.reply, [None, fault, fault, None, fault]) as url:
        assert walking(url) == MODELS


@both
@pytest.mark.parametrize(
    "fault",
    [
        wire.gzipped(),
        wire.chunked(),
        wire.unframed(),
        wire.interim(),
        wire.reset_after(),
        wire.closed_after(),
        wire.dribbled_headers(pause=0.0001),
    ],
    ids=lambda fault: fault.name,
)
def test_an_unusual_answer_is_an_answer(fault: Fault, walking: Walk) -> None:
    """Compressed, chunked, announced, slow, or the last on its connection."""
    with FaultServer(GATEWAY.reply, repeat(fault)) as url:
        assert walking(url) == MODELS


LATE = [
    faults.stall(),
    wire.stall_within(),
    wire.long_content_length(),
    wire.dribbled_headers(pause=0.02),
    faults.dribbled_body(pause=0.02),
    faults.endless(pause=0.02),
    faults.late(5.0),
]


@both
@pytest.mark.parametrize("fault", LATE, ids=lambda fault: fault.name)
def test_a_late_answer_is_given_up_at_the_deadline(fault: Fault, walking: Walk) -> None:
    """Whether it stalls or dribbles, in its headers or in its body; the rest can be walked afterwards."""
    with FaultServer(GATEWAY.reply, [None, fault]) as url:
        began = time.monotonic()
        with pytest.raises(RequestTimeoutError, match="exceeded its deadline") as raised:
            walking(url, deadline=0.3, clock=None)
        assert 0.25 < time.monotonic() - began < 1.5
        assert_nothing_is_lost(raised.value, url, walking, before=50)


@both
def test_a_stall_is_given_up_at_the_timeout_and_not_asked_again(walking: Walk) -> None:
    """A timeout of a moment takes a moment, and not one for each attempt."""
    with FaultServer(GATEWAY.reply, repeat(faults.stall())) as url:
        began = time.monotonic()
        with pytest.raises(RequestTimeoutError, match=r"ReadTimeout after 0\.2 s"):
            walking(url, timeout=0.2, clock=None)
        assert 0.15 < time.monotonic() - began < 1.0


def test_a_given_client_s_dribbling_body_is_bounded_too() -> None:
    """Its connections are not ours, but what they bring is counted against the deadline."""
    with (
        FaultServer(GATEWAY.reply, [faults.dribbled_body(pause=0.02)]) as url,
        httpx.Client() as http,
        pytest.raises(RequestTimeoutError, match="exceeded its deadline"),
    ):
        walk(url, deadline=0.3, clock=None, http_client=http)


@both
def test_an_answer_without_an_end_is_given_up(walking: Walk) -> None:
    """At a size that no page has, long before the memory is full."""
    with FaultServer(GATEWAY.reply, [faults.endless()]) as url:
        with pytest.raises(DecodeError, match="too large") as raised:
            walking(url)
        assert_nothing_is_lost(raised.value, url, walking, before=0)


def test_a_walk_has_a_deadline_of_its_own() -> None:
    """It is counted from the walk's beginning, over all its requests; going on needs a new walk."""
    with (
        FaultServer(GATEWAY.reply, repeat(faults.late(0.15))) as url,
        GatewayClient(**settings_for(url, {"clock": None})) as client,
    ):
        items = iter(client.models.list(page_size=50, deadline=0.4))
        walked = []
        with pytest.raises(RequestTimeoutError) as raised:
            while True:
                walked.append(next(items))
        assert walked == MODELS[: len(walked)]
        assert 50 <= len(walked) <= 100
        with pytest.raises(RequestTimeoutError, match="deadline of the walk passed") as again:
            next(items)
        assert again.value.attempts == 0
        assert raised.value.bookmark is not None
        rest = client.models.list(page_size=50).resume(raised.value.bookmark).to_list()
    assert walked + rest == MODELS


def test_an_async_walk_has_a_deadline_of_its_own() -> None:
    """Counted and resumed in the same way."""

    async def walked(url: str) -> tuple[list[Model], list[Model]]:
        async with AsyncGatewayClient(**settings_for(url, {"clock": None})) as client:
            items = aiter(client.models.list(page_size=50, deadline=0.4))
            before: list[Model] = []
            with pytest.raises(RequestTimeoutError) as raised:
                while True:
                    before.append(await anext(items))
            assert raised.value.bookmark is not None
            return before, await client.models.list(page_size=50).resume(raised.value.bookmark).to_list()

    with FaultServer(GATEWAY.reply, repeat(faults.late(0.15))) as url:
        before, rest = asyncio.run(walked(url))
    assert before + rest == MODELS
    assert 50 <= len(before) <= 100


STATUSES = [
    301,
    302,
    307,
    400,
    401,
    402,
    403,
    404,
    408,
    409,
    413,
    418,
    429,
    499,
    500,
    501,
    502,
    503,
    504,
    520,
    529,
    598,
]
AGAIN = {408, 429, 502, 503, 504}
BODIES = {
    "flat": b'{"code":8,"message":"no more","details":[]}',
    "enveloped": b'{"error":{"code":"FORBIDDEN","message":"no more"}}',
    "fault": b'{"fault":{"faultstring":"no more","detail":{"errorcode":"x"}}}',
    "text": b"no more",
    "html": b"<html><head><title>no more</title></head><body>sorry</body></html>",
    "empty": b"",
}


@both
@pytest.mark.parametrize("body", BODIES)
def test_every_status_with_every_body_is_an_error_of_its_class(body: str, walking: Walk) -> None:
    """Statuses that Python has no name for too; five of them are asked again, and none loses anything."""
    script: list[Fault | None] = []
    for status in STATUSES:
        # The first page, the fault as often as it is asked for, then the four pages of the resumed walk.
        fault = faults.answered(status, BODIES[body], {"Location": "https://elsewhere.example/"})
        script += [None, *repeat(fault, 3 if status in AGAIN else 1), *repeat(None, 4)]
    with FaultServer(GATEWAY.reply, script) as url:
        for status in STATUSES:
            with pytest.raises(StatusError) as raised:
                walking(url)
            assert (raised.value.status_code, raised.value.attempts) == (status, 3 if status in AGAIN else 1)
            assert type(raised.value) is ResourceExhaustedError or body != "flat"
            said = "not followed" if status < 400 else "no more" if body != "empty" else ""
            assert said in raised.value.message
            assert raised.value.message  # Of an empty body, the reason phrase, or that there is none.
            assert_nothing_is_lost(raised.value, url, walking, before=50)


SUCCESSES = {
    "html": b"<html><title>Sign in</title></html>",
    "nothing": b"",
    "array": b"[]",
    "null": b"null",
    "string": b'"models"',
    "truncated": b'{"models": [{"name": "acc',
    "models as an object": b'{"models": {}}',
    "an error": b'{"code": 7, "message": "not for you", "details": []}',
    "an item of no use": b'{"models": [{}, 5]}',
    "a token of no use": b'{"models": [], "nextPageToken": 5}',
}


@both
@pytest.mark.parametrize("body", SUCCESSES)
@pytest.mark.parametrize("status", [200, 204])
def test_a_success_that_is_no_listing_is_not_taken_for_one(status: int, body: str, walking: Walk) -> None:
    """It ends in a DecodeError at once, and the walk can go on from there."""
    sent = b"" if status == 204 else SUCCESSES[body]
    with FaultServer(GATEWAY.reply, [None, faults.answered(status, sent)]) as url:
        with pytest.raises(DecodeError) as raised:
            walking(url)
        assert raised.value.attempts == 1
        assert_nothing_is_lost(raised.value, url, walking, before=50)


WAITS: list[tuple[str, list[float]]] = [
    ("3", [3.0]),
    ("0.25", [0.25]),
    ("0", [0.0]),
    ("Thu, 01 Jan 1970 00:00:00 GMT", [0.0]),
    ("Thu, 01 Jan 2026 00:00:07 GMT", [7.0]),  # Virtual time begins seven seconds before.
    ("soon", [0.5]),
    ("-1", [0.5]),
    ("", [0.5]),
]


@both
@pytest.mark.parametrize(("retry_after", "waits"), WAITS)
def test_the_wait_is_what_the_service_asks_for(retry_after: str, waits: list[float], walking: Walk) -> None:
    """In seconds, in fractions, as a date in the past; what says nothing is passed over."""
    now = VirtualTime()
    with FaultServer(GATEWAY.reply, [faults.answered(429, headers={"Retry-After": retry_after})]) as url:
        assert walking(url, clock=now.clock) == MODELS
    assert now.waits == waits


@both
@pytest.mark.parametrize("retry_after", ["121", "99999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_wait_beyond_the_deadline_fails_at_once_and_says_so(retry_after: str, walking: Walk) -> None:
    """Nobody waits for what cannot be in time."""
    now = VirtualTime()
    with FaultServer(GATEWAY.reply, [None, faults.answered(503, headers={"Retry-After": retry_after})]) as url:
        with pytest.raises(errors.UnavailableError, match=r"requests a wait of .* the deadline leaves") as raised:
            walking(url, clock=now.clock)
        assert now.waits == []
        assert raised.value.attempts == 1
        assert_nothing_is_lost(raised.value, url, walking, before=50)


@both
@pytest.mark.parametrize("retry_after", ["3601", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_an_absurd_wait_is_not_waited_even_without_a_deadline(retry_after: str, walking: Walk) -> None:
    """Beyond an hour nobody waits."""
    with FaultServer(GATEWAY.reply, [faults.answered(503, headers={"Retry-After": retry_after})]) as url:
        with pytest.raises(errors.UnavailableError, match="exceeds 3,600 s") as raised:
            walking(url, deadline=None)
        assert_nothing_is_lost(raised.value, url, walking, before=0)


@both
@pytest.mark.parametrize("location", ["http://[::1", "https://elsewhere.example/"])
def test_a_redirection_is_asked_once(location: str, walking: Walk) -> None:
    """One that leads nowhere too."""
    with (server := FaultServer(GATEWAY.reply, repeat(faults.answered(302, headers={"Location": location})))) as url:
        with pytest.raises(GatewayError) as raised:
            walking(url)
        assert (raised.value.attempts, len(server.requests)) == (1, 1)


@both
def test_how_often_is_the_caller_s_to_say(walking: Walk) -> None:
    """None at all, or many; and a hook hears of each."""
    told: list[Retry] = []
    with FaultServer(GATEWAY.reply, repeat(faults.reset_before())) as url:
        with pytest.raises(TransportError) as raised:
            walking(url, max_retries=0, on_retry=told.append)
        assert (raised.value.attempts, told) == (1, [])
        with pytest.raises(TransportError):
            walking(url, max_retries=5, on_retry=told.append)
    assert [(each.attempt, each.wait) for each in told] == [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0)]
    assert all(isinstance(each.error, TransportError) for each in told)


def test_a_redirection_is_not_followed_and_the_key_goes_nowhere() -> None:
    """To another host, nor to the same."""
    elsewhere = FakeGateway(1)
    with FaultServer(elsewhere.reply) as other, FaultServer(GATEWAY.reply, [faults.redirected(other)]) as url:
        http = httpx.Client(follow_redirects=True)
        with pytest.raises(StatusError, match="not followed"):
            walk(url, http_client=http)
        http.close()
    assert elsewhere.requests == []


@both
def test_a_connection_is_kept(walking: Walk) -> None:
    """Five pages, one connection; a connection that was reset is made anew."""
    with (server := FaultServer(GATEWAY.reply)) as url:
        assert walking(url) == MODELS
        assert (len(server.requests), server.connections) == (5, 1)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """An authority that nobody trusts by default."""
    return trustme.CA()


@pytest.fixture
def encrypted(authority: trustme.CA) -> Iterator[tuple[FaultServer, str]]:
    """A gateway behind TLS, with a certificate of that authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with (server := FaultServer(GATEWAY.reply, ssl_context=context)) as url:
        yield server, url


@both
def test_a_bad_certificate_is_not_tried_again(encrypted: tuple[FaultServer, str], walking: Walk) -> None:
    """It will not be better the next time."""
    server, url = encrypted
    with pytest.raises(TransportError, match="CERTIFICATE_VERIFY_FAILED") as raised:
        walking(url)
    assert (raised.value.attempts, raised.value.retryable, server.requests) == (1, False, [])


def test_a_trusted_certificate_is_taken(encrypted: tuple[FaultServer, str], authority: trustme.CA) -> None:
    """With the caller's own http client, which trusts it."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with httpx.Client(verify=context) as http:
        assert walk(encrypted[1], http_client=http) == MODELS


@both
def test_plain_http_behind_an_https_address_is_not_tried_again(walking: Walk) -> None:
    """The handshake cannot work; the same complaint would come every time."""
    with FaultServer(GATEWAY.reply) as url, pytest.raises(TransportError) as raised:
        walking(url.replace("http://", "https://"))
    assert raised.value.attempts == 1


@both
def test_a_proxy_that_refuses_is_an_error(walking: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's proxy is used, and its refusal is a sentence."""
    with FaultServer(GATEWAY.reply, repeat(faults.answered(403, b"no")), host="127.0.0.1") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        with pytest.raises(TransportError, match=r"ProxyError.*403") as raised:
            walking("https://gateway.invalid")
    assert raised.value.attempts == 1


def test_a_proxy_that_dribbles_is_given_up_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections through the environment's proxy are bounded as others are."""
    with FaultServer(GATEWAY.reply, repeat(wire.dribbled_headers(pause=0.02)), host="127.0.0.1") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        began = time.monotonic()
        with pytest.raises(RequestTimeoutError, match="exceeded its deadline"):
            walk("https://gateway.invalid", deadline=0.3, clock=None)
        assert time.monotonic() - began < 1.5


@both
def test_a_host_without_an_address_is_an_error(walking: Walk) -> None:
    """A name that the network does not know."""
    with pytest.raises(TransportError, match="ConnectError"):
        walking("https://gateway.invalid", max_retries=0)


def test_a_client_closed_in_the_middle_of_a_walk_says_so() -> None:
    """The iterator says so when it next asks, with the bookmark of the rest."""
    with FaultServer(GATEWAY.reply) as url:
        client = GatewayClient(**settings_for(url, {}))
        items = iter(client.models.list(page_size=50))
        walked = [next(items) for _ in range(50)]
        client.close()
        with pytest.raises(errors.ConfigurationError, match="closed") as raised:
            next(items)
        assert walked == MODELS[:50]
        assert_nothing_is_lost(raised.value, url, walk, before=50)


def test_a_client_closed_by_another_thread_is_woken() -> None:
    """It does not wait for the answer that nobody will read any more, and says that it was closed."""
    with FaultServer(GATEWAY.reply, [faults.stall()]) as url:
        client = GatewayClient(**settings_for(url, {"clock": None, "timeout": 20.0}))
        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(client.models.list().first)
            while not GATEWAY.requests or GATEWAY.requests[-1].headers["host"] not in url:
                time.sleep(0.001)  # Until the request is there; the time limit of the test run bounds it.
            began = time.monotonic()
            client.close()
            with pytest.raises(errors.ConfigurationError, match="closed"):
                waiting.result()
        assert time.monotonic() - began < 5


def test_an_environment_s_proxy_does_not_see_what_goes_to_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain http is for loopback; a proxy on the way would get the key unencrypted."""
    proxy = FakeGateway(1)
    with FaultServer(proxy.reply) as address, FaultServer(GATEWAY.reply, repeat(None)) as url:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, address)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert walk(url) == walk_async(url) == MODELS
    assert proxy.requests == []


@both
def test_no_exception_of_httpx_hangs_on_behind(walking: Walk) -> None:
    """Neither as cause nor as context: they hold the request, and it the key."""
    with FaultServer(GATEWAY.reply, repeat(faults.reset_before())) as url, pytest.raises(TransportError) as raised:
        walking(url)
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)


def test_closing_ends_a_page_that_is_fetched_ahead() -> None:
    """A walk that was left leaves no thread behind, even where the service never answers."""
    asked = threading.Event()

    def steps(reply: Reply) -> Iterator[Step]:
        asked.set()
        yield Act.STALL

    def ahead() -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread.name == "fireworks-gateway-prefetch"]

    with FaultServer(GATEWAY.reply, [None, Fault("told()", steps)]) as url:
        with GatewayClient(**settings_for(url, {})) as client:
            items = iter(client.models.list(page_size=50, prefetch=True))
            assert [next(items), next(items)] == MODELS[:2]
            assert asked.wait(30)
            (thread,) = ahead()
            del items
        thread.join(30)
        assert ahead() == []


def test_prefetch_fails_as_a_plain_walk_does() -> None:
    """The same error with the same bookmark, after the same models."""
    for prefetch in (False, True):
        fault = faults.answered(400, json.dumps({"code": 3, "message": "no"}).encode())
        with FaultServer(GATEWAY.reply, [None, fault]) as url, GatewayClient(**settings_for(url, {})) as client:
            items = iter(client.models.list(page_size=50, prefetch=prefetch))
            walked = [next(items) for _ in range(50)]
            with pytest.raises(errors.InvalidArgumentError) as raised:
                next(items)
            assert raised.value.bookmark == items.bookmark
            assert walked + list(items) == MODELS
