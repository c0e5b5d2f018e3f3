"""The clients over sockets: sync, asyncio and trio."""

import asyncio
import gc
import json
import re
import tracemalloc
from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import getsource
from typing import Any
from weakref import ReferenceType, ref

import httpx
import pytest
import trio

from fireworks_gateway import (
    AsyncGatewayClient,
    ConfigurationError,
    DecodeError,
    GatewayClient,
    Model,
    ModelName,
    ModelNotFoundError,
    TransportError,
    _openapi,
)
from fireworks_gateway.testing import FakeGateway, FaultServer, faults
from fireworks_gateway.testing.faults import Fault
from tests.client.driving import HTTP_CLIENTS, both_clients, both_fakes, call, drive

# The generated code cannot read nulls.
SIMPLE = [{"name": f"accounts/fireworks/models/m-{number}", "state": "READY"} for number in range(7)]


@pytest.fixture(scope="module")
def gateway() -> FakeGateway:
    """A gateway with the whole sample."""
    return FakeGateway()


@pytest.fixture(scope="module")
def url(gateway: FakeGateway) -> Iterator[str]:
    """Its URL."""
    with gateway.serve() as url:
        yield url


@pytest.fixture
def settings(url: str) -> dict[str, Any]:
    """The arguments of a client of it."""
    return {"base_url": url, "api_key": "fake-key", "account_id": "fireworks"}


@both_clients
def test_a_listing_is_complete(gateway: FakeGateway, settings: dict[str, Any], make_client: Any) -> None:
    """Every model once and in order, at any page size, with prefetching and without."""
    expected = gateway.client().models.list().to_list()
    assert len(expected) == 302
    with make_client(**settings) as client:
        for page_size in (None, 50):
            for prefetch in (False, True):
                assert client.models.list(page_size=page_size, prefetch=prefetch).to_list() == expected


def test_a_listing_under_trio(gateway: FakeGateway, settings: dict[str, Any]) -> None:
    """The same under trio, except for prefetching, which needs asyncio."""
    expected = gateway.client().models.list().to_list()

    async def walk() -> None:
        async with AsyncGatewayClient(**settings) as client:
            assert await client.models.list(page_size=100).to_list() == expected
            with pytest.raises(ConfigurationError, match="asyncio"):
                await client.models.list(prefetch=True).first()

    trio.run(walk)


def test_a_page_has_its_response(settings: dict[str, Any]) -> None:
    """Status, headers, attempts and time, as plain data, and its page token."""
    with GatewayClient(**settings) as client:
        first, second, *_ = client.models.list(page_size=100).pages()
    assert first.response is not None
    assert (first.response.status_code, first.response.attempts) == (200, 1)
    assert first.response.headers["content-type"] == "application/json"
    assert first.response.elapsed > 0
    assert (first.page_token, first.total_size) == ("", 302)
    assert second.page_token == first.next_page_token != ""


@both_clients
def test_an_unused_port_is_a_transport_error(make_client: Any) -> None:
    """Without the exception of httpx as cause or context."""
    with (
        make_client(base_url="http://127.0.0.1:9", api_key="k", account_id="a", max_retries=0) as client,
        pytest.raises(TransportError, match=r"GET http://127\.0\.0\.1:9") as raised,
    ):
        client.models.list().first()
    assert raised.value.__cause__ is raised.value.__context__ is None


@pytest.mark.filterwarnings("ignore:unclosed transport:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_async_client_belongs_to_one_event_loop(settings: dict[str, Any]) -> None:
    """In another, the error names the remedy."""

    def use_two_loops() -> None:
        client = AsyncGatewayClient(**settings)

        async def first() -> Model | None:
            return await client.models.list().first()

        assert asyncio.run(first()) is not None
        with pytest.raises(ConfigurationError, match=r"another event loop.* Make an AsyncGatewayClient in each"):
            asyncio.run(first())

    use_two_loops()
    gc.collect()  # Connections of the first loop warn here, and in no other test.


@both_clients
def test_a_given_http_client_stays_open(settings: dict[str, Any], make_client: Any) -> None:
    """Its headers are in no request, and the key is not in its headers."""
    http = HTTP_CLIENTS[make_client](headers={"X-Own": "1"}, auth=("user", "word"))
    with make_client(**settings, http_client=http) as client:
        assert client.models.list(limit=1).first() is not None
    assert (http.is_closed, "authorization" in http.headers) == (False, False)
    drive(http).close()


def test_bodies_are_freed(settings: dict[str, Any]) -> None:
    """Without reference cycles: little memory remains of dropped pages while the collector is off."""
    with GatewayClient(**settings) as client:
        pager = client.models.list(page_size=100)
        pager.to_list()  # Fill caches.
        gc.collect()
        gc.disable()
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            sent = sum(
                int(page.response.headers["content-length"])
                for _ in range(5)
                for page in pager.pages()
                if page.response
            )
            after, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
            gc.enable()
    assert sent > 500_000
    assert after - before < sent / 5


def test_the_last_response_is_freed(settings: dict[str, Any]) -> None:
    """The client keeps no response of httpx, which refers to the signed request."""
    seen: list[ReferenceType[httpx.Response]] = []
    hooks = {"response": [lambda response: seen.append(ref(response))]}
    with httpx.Client(event_hooks=hooks) as http, GatewayClient(**settings, http_client=http) as client:
        assert client.models.list().first() is not None
        gc.collect()
        assert [each() for each in seen] == [None]


@both_clients
def test_the_generated_client_shares_the_connection(make_client: Any) -> None:
    """It is signed, and its repr has no key."""
    # The generated client rejects a model without a required property.
    gateway = FakeGateway([Model(each).generated.to_dict() for each in SIMPLE], api_key="secret-key")
    with gateway.serve() as url, make_client(base_url=url, api_key="secret-key", account_id="fireworks") as client:
        api = client.api if make_client is GatewayClient else client._target.api
        # The document's names decide its module.
        module = re.findall(r"from (\S+) import _get_kwargs", getsource(_openapi.list_models_request))[0]
        list_models = getattr(import_module(module), "sync" if api is client.api else "asyncio")
        answer = call(list_models, "fireworks", client=api, page_size=3)
        assert [model.name for model in answer.models] == [each["name"] for each in SIMPLE[:3]]
        assert "secret-key" not in repr(api) + repr(vars(client.api.get_httpx_client()))
    assert gateway.requests[0].headers["user-agent"].startswith("python-httpx")


def test_the_generated_client_uses_one_server() -> None:
    """A request or a redirect to another raises an error; the key stays in no request."""
    elsewhere = FakeGateway(1)
    with (
        FaultServer(elsewhere.reply) as other,
        FaultServer(FakeGateway(SIMPLE).reply, [None, faults.redirect(other)]) as url,
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


def test_the_generated_model_is_a_copy() -> None:
    """A change of it does not change the model."""
    model = Model({"baseModelDetails": {"novel": ["a"]}, "novel": ["b"]})
    generated: Any = model.generated
    for each in (generated, generated.base_model_details):
        each.additional_properties["novel"].append("c")
    assert model.to_dict() == {"baseModelDetails": {"novel": ["a"]}, "novel": ["b"]}


def test_a_malformed_item_fails_or_is_skipped() -> None:
    """The walk raises with its bookmark; with "skip" the page lists the problem."""
    models = [{"name": f"accounts/fireworks/models/m-{number}"} for number in range(3)]
    body = json.dumps({"models": [models[0], 5, *models[1:]]}).encode()
    client = FakeGateway(0, faults=[faults.respond(200, body)] * 3).client()
    with pytest.raises(DecodeError, match="item 2 of 4") as raised:
        client.models.list().to_list()
    assert raised.value.bookmark is not None
    pager = client.models.list(on_malformed="skip")
    (page,) = pager.pages()
    assert [dict(model.payload) for model in page.items] == models
    assert len(page.problems) == 1
    assert pager.resume(raised.value.bookmark).to_list() == list(page.items)


@both_fakes
def test_a_model_is_found_by_its_id(client_of: Callable[..., Any]) -> None:
    """Of the client's account or the given one; a full name has its own account. An invalid name sends nothing."""
    name = "accounts/fireworks/models/qwen3-8b"
    gateway = FakeGateway()
    models, others = client_of(gateway).models, client_of(gateway, account_id="mine").models
    assert models.get("qwen3-8b").name == models.get(ModelName.parse(name)).name == name
    assert others.get(name, account_id="other").name == name
    assert others.get("qwen3-8b", account_id="accounts/fireworks").name == name
    for wrong in ("", "a/b", "models/qwen3-8b"):
        with pytest.raises(ConfigurationError, match=r"(name|model_id) must be"):
            models.get(wrong)
    assert len(gateway.requests) == 4


@both_fakes
@pytest.mark.parametrize("first", [faults.refuse("INVALID_ARGUMENT"), faults.empty_page()])
def test_a_model_is_found_without_a_filter(client_of: Callable[..., Any], first: Fault) -> None:
    """If the service refuses the filter or finds nothing, all models are listed; the error has near names."""
    assert client_of(FakeGateway(faults=[first])).models.get("qwen3-8b").model_id == "qwen3-8b"
    with pytest.raises(ModelNotFoundError, match=r"did you mean qwen3-8b or") as raised:
        client_of(FakeGateway(faults=[first])).models.get("qwen3-8")
    assert raised.value.near[0] == "accounts/fireworks/models/qwen3-8b"


def test_a_request_needs_an_account() -> None:
    """The error names the parameter."""
    client = GatewayClient(api_key="k")
    with pytest.raises(ConfigurationError, match="account_id must be set"):
        client.models.get("qwen3-8b")
    with pytest.raises(ConfigurationError, match=r"account_id is missing.*FIREWORKS_ACCOUNT_ID"):
        client.models.list()
