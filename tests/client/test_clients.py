"""The clients against a served gateway: real sockets, sync and async, asyncio and trio."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import trio

from fireworks_gateway import (
    AsyncGatewayClient,
    ConfigurationError,
    GatewayClient,
    Model,
    ModelNotFoundError,
    Page,
    PermissionDeniedError,
    RequestTimeoutError,
    TransportError,
    UnauthenticatedError,
)
from fireworks_gateway.testing import FakeGateway, FaultServer, faults, model_payload
from fireworks_gateway_openapi.api.gateway import gateway_list_models

# The generated code cannot read nulls, so what it is to read has none.
SIMPLE = [{"name": f"accounts/fireworks/models/m-{number}", "state": "READY"} for number in range(7)]


@pytest.fixture(scope="module")
def gateway() -> FakeGateway:
    """A gateway with the whole sample."""
    return FakeGateway()


@pytest.fixture(scope="module")
def url(gateway: FakeGateway) -> Iterator[str]:
    """Its address on loopback."""
    with gateway.serve() as url:
        yield url


@pytest.fixture
def settings(url: str) -> dict[str, Any]:
    """What a client of it needs to know."""
    return {"base_url": url, "api_key": "fake-key", "account_id": "fireworks"}


def test_a_listing_comes_whole_over_a_socket(gateway: FakeGateway, settings: dict[str, Any]) -> None:
    """Every model once and in order, at any page size, fetched ahead or not."""
    expected = gateway.client().models.list().to_list()
    assert len(expected) == 302
    with GatewayClient(**settings) as client:
        for page_size in (None, 7, 100, 500):
            for prefetch in (False, True):
                assert client.models.list(page_size=page_size, prefetch=prefetch).to_list() == expected


def test_an_async_listing_comes_whole_over_a_socket(gateway: FakeGateway, settings: dict[str, Any]) -> None:
    """The same, under asyncio."""
    expected = gateway.client().models.list().to_list()

    async def walk() -> None:
        async with AsyncGatewayClient(**settings) as client:
            for page_size in (None, 7, 100, 500):
                for prefetch in (False, True):
                    assert await client.models.list(page_size=page_size, prefetch=prefetch).to_list() == expected

    asyncio.run(walk())


def test_a_listing_under_trio(gateway: FakeGateway, settings: dict[str, Any]) -> None:
    """The same under trio, where prefetch says that it needs asyncio."""
    expected = gateway.client().models.list().to_list()

    async def walk() -> None:
        async with AsyncGatewayClient(**settings) as client:
            assert await client.models.list(page_size=100).to_list() == expected
            with pytest.raises(ConfigurationError, match="asyncio"):
                await client.models.list(prefetch=True).first()

    trio.run(walk)


def test_a_client_may_be_shared_by_threads(gateway: FakeGateway, settings: dict[str, Any]) -> None:
    """Eight threads walk the same listing over one client."""
    with GatewayClient(**settings) as client, ThreadPoolExecutor(8) as threads:
        pager = client.models.list(page_size=50)
        assert {len(models) for models in threads.map(lambda _: pager.to_list(), range(8))} == {302}


def test_a_page_says_how_it_came(settings: dict[str, Any]) -> None:
    """Status, headers, attempts and time, as plain data; and the token it was asked by."""
    with GatewayClient(**settings) as client:
        first, second, *_ = client.models.list(page_size=100).pages()
    assert first.response is not None
    assert (first.response.status_code, first.response.attempts) == (200, 1)
    assert first.response.headers["content-type"] == "application/json"
    assert first.response.elapsed > 0
    assert (first.page_token, first.total_size) == ("", 302)
    assert second.page_token == first.next_page_token != ""


def test_a_walk_may_begin_at_a_page_token(gateway: FakeGateway, settings: dict[str, Any]) -> None:
    """A token of an earlier listing with the same parameters."""
    with GatewayClient(**settings) as client:
        first = next(client.models.list(page_size=100).pages())
        rest = client.models.list(page_size=100, page_token=first.next_page_token).to_list()
    assert len(rest) == 202


def test_what_the_service_refuses_is_an_error_with_a_bookmark(settings: dict[str, Any]) -> None:
    """Of the right class, saying what to do."""
    with GatewayClient(**settings) as client:
        with pytest.raises(PermissionDeniedError, match="check account_id") as denied:
            client.models.list(account_id="other").to_list()
        with pytest.raises(ModelNotFoundError, match="models/absent was not found"):
            client.models.get("accounts/fireworks/models/absent")
    assert denied.value.bookmark is not None
    with (
        GatewayClient(base_url=settings["base_url"], api_key="wrong", account_id="fireworks") as client,
        pytest.raises(UnauthenticatedError, match="FIREWORKS_API_KEY"),
    ):
        client.models.list().first()


def test_what_does_not_answer_is_a_transport_error() -> None:
    """A port that nobody listens on, sync and async; no httpx exception escapes, nor hangs on behind."""
    settings: dict[str, Any] = {"base_url": "http://127.0.0.1:9", "api_key": "k", "account_id": "a"}
    with (
        GatewayClient(**settings) as client,
        pytest.raises(TransportError, match=r"GET http://127\.0\.0\.1:9") as raised,
    ):
        client.models.list().first()
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None

    async def walk() -> None:
        async with AsyncGatewayClient(**settings) as client:
            await client.models.list().first()

    with pytest.raises(TransportError):
        asyncio.run(walk())


def test_what_answers_too_late_is_a_timeout() -> None:
    """A listener that never answers."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        client = GatewayClient(base_url=url, api_key="k", account_id="a", timeout=0.05)
        with client, pytest.raises(RequestTimeoutError, match=r"timed out: ReadTimeout after 0\.05 s"):
            client.models.list().first()


def test_a_closed_client_says_so(settings: dict[str, Any]) -> None:
    """Sync and async."""
    with GatewayClient(**settings) as client:
        pass
    with pytest.raises(ConfigurationError, match="closed"):
        client.models.list().first()

    async def walk() -> None:
        async with AsyncGatewayClient(**settings) as client:
            pass
        await client.models.list().first()

    with pytest.raises(ConfigurationError, match="closed"):
        asyncio.run(walk())


@pytest.mark.filterwarnings("ignore:unclosed transport:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_async_client_in_a_second_event_loop_says_so(settings: dict[str, Any]) -> None:
    """Its kept connections went with the first, and asyncio's own words would help nobody."""

    def ask_in_two_loops() -> None:
        client = AsyncGatewayClient(**settings)

        async def first() -> Model | None:
            return await client.models.list().first()

        assert asyncio.run(first()) is not None
        with pytest.raises(ConfigurationError, match=r"another event loop.* Make an AsyncGatewayClient in each"):
            asyncio.run(first())

    ask_in_two_loops()
    gc.collect()  # What the first loop left open complains here, and in no other test.


def test_a_given_http_client_is_used_and_not_closed(settings: dict[str, Any]) -> None:
    """It is the caller's; its own headers go into nothing, and the key stays out of it."""
    with httpx.Client(headers={"X-Own": "1"}, auth=("user", "word")) as http:
        with GatewayClient(**settings, http_client=http) as client:
            assert client.models.list(limit=1).first() is not None
        assert not http.is_closed
        assert "authorization" not in http.headers


def test_a_given_async_http_client_is_used_and_not_closed(settings: dict[str, Any]) -> None:
    """The same for async."""

    async def walk() -> None:
        async with httpx.AsyncClient() as http:
            async with AsyncGatewayClient(**settings, http_client=http) as client:
                assert await client.models.list(limit=1).first() is not None
            assert not http.is_closed

    asyncio.run(walk())


def test_no_body_outlives_its_page(settings: dict[str, Any]) -> None:
    """Nothing holds what was sent but the models: with the collector of cycles off, dropped pages leave little."""
    with GatewayClient(**settings) as client:
        pager = client.models.list(page_size=100)
        pager.to_list()  # Warm: what is cached on first use is not left over.
        gc.collect()
        gc.disable()
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            sent = sum(bytes_of(page) for _ in range(5) for page in pager.pages())
            after, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
            gc.enable()
    assert sent > 2_000_000
    assert after - before < sent / 5


def bytes_of(page: Page[Model]) -> int:
    """Return how large the body of a page was."""
    assert page.response is not None
    return int(page.response.headers["content-length"])


def test_the_generated_client_shares_the_connection() -> None:
    """`client.api` is signed and wired to the same connections, and its repr has no key."""
    gateway = FakeGateway(SIMPLE, api_key="secret-key")
    with gateway.serve() as url, GatewayClient(base_url=url, api_key="secret-key", account_id="fireworks") as client:
        answer = gateway_list_models.sync("fireworks", client=client.api, page_size=3)
        assert answer is not None
        assert answer.models
        assert [model.name for model in answer.models] == [each["name"] for each in SIMPLE[:3]]
        assert client.api is client.api
        assert "secret-key" not in repr(client.api) + repr(vars(client.api.get_httpx_client()))
    assert gateway.requests[0].headers["user-agent"].startswith("python-httpx")


def test_the_generated_client_signs_for_no_other_server() -> None:
    """Neither asked there, nor led there: the key goes to the base URL alone, and stays in no request."""
    elsewhere = FakeGateway(1)
    with (
        FaultServer(elsewhere.reply) as other,
        FaultServer(FakeGateway(SIMPLE).reply, [None, faults.redirected(other)]) as url,
        GatewayClient(base_url=url, api_key="fake-key", account_id="fireworks") as client,
    ):
        http = client.api.get_httpx_client()
        response = http.get("/v1/accounts/fireworks/models")
        assert response.status_code == 200
        assert "authorization" not in response.request.headers
        with pytest.raises(ConfigurationError, match="must send requests to"):
            http.get(f"{other}/v1")
        with pytest.raises(ConfigurationError, match="must send requests to"):
            http.get("/v1", follow_redirects=True)
    assert elsewhere.requests == []


def test_a_closed_client_sends_nothing_over_a_given_one() -> None:
    """The caller's own stays open; this one is closed all the same."""
    gateway = FakeGateway(2)
    client = gateway.client()
    client.close()
    with pytest.raises(ConfigurationError, match="closed"):
        client.models.list().first()
    assert gateway.requests == []


def test_the_generated_model_shares_nothing_with_the_view() -> None:
    """Changing the one does not change the other."""
    model = Model({"baseModelDetails": {"huggingfaceFiles": ["a"]}, "peftDetails": {"targetModules": ["b"]}})
    details = model.generated.base_model_details
    details.huggingface_files.append("c")  # type: ignore[union-attr]  # pyright: ignore[reportAttributeAccessIssue, reportOptionalMemberAccess]
    assert model.to_dict() == {"baseModelDetails": {"huggingfaceFiles": ["a"]}, "peftDetails": {"targetModules": ["b"]}}


def test_the_async_generated_client_shares_the_connection() -> None:
    """The same for async."""
    gateway = FakeGateway(SIMPLE)

    async def walk() -> int:
        async with gateway.async_client() as client:
            answer = await gateway_list_models.asyncio("fireworks", client=client.api, page_size=3)
            assert answer is not None
            return len(answer.models or [])

    assert asyncio.run(walk()) == 3


def test_a_request_is_signed_and_says_who_asks(gateway: FakeGateway, settings: dict[str, Any]) -> None:
    """Bearer token, user agent, JSON, gzip."""
    with GatewayClient(**settings, user_agent_suffix="my-job/1") as client:
        client.models.list(limit=1).first()
    headers = gateway.requests[-1].headers
    assert headers["authorization"] == "Bearer fake-key"
    assert headers["user-agent"].endswith(" my-job/1")
    assert headers["accept"] == "application/json"
    assert "gzip" in headers["accept-encoding"]


def test_every_property_of_the_sample_reads() -> None:
    """The sample's models read without an error, field by field, on every level."""
    for model in FakeGateway().client().models.list():
        assert_reads(model)


def assert_reads(message: Any) -> None:
    """Read every field of a message, and of the messages in it."""
    from fireworks_gateway._fields.fields import Message, fields_of

    for name in fields_of(type(message)):
        value = getattr(message, name)
        if isinstance(value, Message):
            assert_reads(value)


def test_an_item_that_is_no_object_stops_the_walk_or_is_noted() -> None:
    """The walk raises with its bookmark; asked to skip it, it goes on and the page says so."""
    from fireworks_gateway import DecodeError

    good = [model_payload(name=f"accounts/fireworks/models/m-{number}") for number in range(3)]
    gateway = FakeGateway(good)
    gateway._service.models.insert(1, 5)  # type: ignore[attr-defined]
    with pytest.raises(DecodeError, match="item 2 of 4") as raised:
        gateway.client().models.list().to_list()
    assert raised.value.bookmark is not None
    pages = list(gateway.client().models.list(on_malformed="skip").pages())
    assert [model.name for model in pages[0].items] == [each["name"] for each in good]
    assert len(pages[0].problems) == 1
    resumed = gateway.client().models.list(on_malformed="skip").resume(raised.value.bookmark)
    assert resumed.to_list() == [Model(each) for each in good]
