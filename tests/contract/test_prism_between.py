"""The clients and the fake gateway with Prism between them, which holds what passes to the document."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from fireworks_gateway import AsyncGatewayClient, GatewayClient, Model, StatusError
from fireworks_gateway.testing import FakeGateway, model_payload

from .document import messages_of, published, with_nulls, written
from .prism import Prism, checking

pytestmark = pytest.mark.contract

KEY = {"Authorization": "Bearer fake-key"}


@pytest.fixture(scope="module")
def gateway() -> FakeGateway:
    """The gateway behind both Prisms: the catalogue, and a model of which nothing is set."""
    return FakeGateway([*FakeGateway().client().models.list(), model_payload(name="accounts/fireworks/models/~")])


@pytest.fixture(scope="module")
def served(gateway: FakeGateway) -> Iterator[str]:
    """The address of that gateway."""
    with gateway.serve() as url:
        yield url


@pytest.fixture(scope="module")
def between(served: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prism]:
    """A Prism that knows that messages may be null."""
    with checking(served, written(with_nulls(published()), tmp_path_factory.mktemp("document"))) as prism:
        yield prism


@pytest.fixture(scope="module")
def unamended(served: str) -> Iterator[Prism]:
    """A Prism that has the document as it is published."""
    with checking(served) as prism:
        yield prism


def sync_models(url: str, **asked: Any) -> list[Model]:
    """Return what the sync client lists."""
    with GatewayClient(base_url=url, api_key="fake-key", account_id="fireworks") as client:
        return client.models.list(**asked).to_list()


def async_models(url: str, **asked: Any) -> list[Model]:
    """Return what the async client lists."""

    async def listing() -> list[Model]:
        async with AsyncGatewayClient(base_url=url, api_key="fake-key", account_id="fireworks") as client:
            return await client.models.list(**asked).to_list()

    return asyncio.run(listing())


@pytest.mark.parametrize("models", [sync_models, async_models])
@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"page_size": 7},
        {"filter": "supports_serverless = true AND context_length >= 8192"},
        {"filter": 'display_name = "Llama*" OR kind = DRAFT_ADDON', "order_by": "create_time desc"},
        {"order_by": "base_model_details.parameter_count desc, name", "page_size": 100, "limit": 150},
    ],
    ids=["all", "page_size", "filter", "filter+order_by", "limit"],
)
def test_whole_listings_pass(between: Prism, gateway: FakeGateway, models: Any, asked: dict[str, Any]) -> None:
    """Prism has nothing against a single request of ours or page of the fake's, and the models arrive as they are."""
    asked_before = len(gateway.requests)
    listed = models(between.url, **asked)
    assert len(gateway.requests) > asked_before
    assert listed == gateway.client().models.list(**asked).to_list()
    assert listed


@pytest.mark.parametrize("models", [sync_models, async_models])
def test_masked_listings_pass(between: Prism, models: Any) -> None:
    """Masked pages match the document too."""
    mask = [Model.name, Model.base_model_details.parameter_count]
    assert [model.name for model in models(between.url, read_mask=mask)] == [m.name for m in models(between.url)]


def test_a_model_passes_alone(between: Prism) -> None:
    """`models.get`, sync and async."""
    name = "accounts/fireworks/models/~"

    async def got() -> Model:
        async with AsyncGatewayClient(base_url=between.url, api_key="fake-key", account_id="fireworks") as client:
            return await client.models.get(name)

    with GatewayClient(base_url=between.url, api_key="fake-key", account_id="fireworks") as client:
        assert client.models.get(name) == asyncio.run(got()) == Model(model_payload(name=name))


def test_a_request_that_the_document_forbids_does_not_pass(between: Prism, gateway: FakeGateway) -> None:
    """Prism itself refuses one whose page size is no number, or that has no key."""
    asked_before = len(gateway.requests)
    assert between.answer(KEY, pageSize="ten").json()["validation"][0]["location"] == ["query", "pagesize"]
    assert between.answer({}).status_code == 401
    assert len(gateway.requests) == asked_before


def violations(response: httpx.Response) -> set[tuple[str, str]]:
    """Return which properties Prism complains of, and what it says should be there."""
    return {(each["location"][-1], each["message"].rpartition(" ")[2]) for each in response.json()["validation"]}


def test_the_published_document_allows_no_null(unamended: Prism) -> None:
    """Held to it word for word, null messages are violations, for a client too; and there are no others."""
    blank = unamended.answer(KEY, filter='name = "accounts/fireworks/models/~"')
    expected = {(key, schema["type"]) for key, schema in messages_of(published()).items()}
    assert (blank.status_code, violations(blank)) == (500, expected)
    for size in ("7", "50"):
        assert violations(unamended.answer(KEY, pageSize=size)) <= expected
    with pytest.raises(StatusError, match="not valid"):
        sync_models(unamended.url, page_size=1, limit=1)
