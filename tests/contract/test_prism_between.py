"""The clients and the fake gateway with Prism between them, which checks both against the document."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from fireworks_gateway import AsyncGatewayClient, GatewayClient, Model
from fireworks_gateway.testing import FakeGateway, model_payload
from tests.shared.documents import published

from .document import with_nulls, write
from .prism import Prism, proxy

pytestmark = pytest.mark.contract

KEY = {"Authorization": "Bearer fake-key"}
UNSET = model_payload(name="accounts/fireworks/models/~")
SETTINGS: dict[str, Any] = {"api_key": "fake-key", "account_id": "fireworks"}


@pytest.fixture(scope="module")
def gateway() -> FakeGateway:
    """The gateway behind Prism: the catalogue, and a model with every field unset."""
    return FakeGateway([*FakeGateway().client().models.list(), UNSET])


@pytest.fixture(scope="module")
def between(gateway: FakeGateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prism]:
    """A Prism with nullable messages, in front of that gateway."""
    document = write(with_nulls(published()), tmp_path_factory.mktemp("document"))
    with gateway.serve() as url, proxy(url, document) as prism:
        yield prism


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"page_size": 7},
        {"filter": "supports_serverless = true AND context_length >= 8192"},
        {"filter": 'display_name = "Llama*" OR kind = DRAFT_ADDON', "order_by": "create_time desc"},
        {"order_by": "base_model_details.parameter_count desc, name", "page_size": 100, "limit": 150},
        {"read_mask": [Model.name, Model.base_model_details.parameter_count]},
    ],
    ids=str,
)
def test_a_listing_matches_the_document(between: Prism, gateway: FakeGateway, parameters: dict[str, Any]) -> None:
    """Prism accepts every request and page, and the models arrive unchanged."""
    before = len(gateway.requests)
    with GatewayClient(base_url=between.url, **SETTINGS) as client:
        listed = client.models.list(**parameters).to_list()
    assert len(gateway.requests) > before
    assert listed == gateway.client().models.list(**parameters).to_list()
    assert listed


def test_a_model_matches_the_document(between: Prism) -> None:
    """`models.get`, sync and async."""

    async def get() -> Model:
        async with AsyncGatewayClient(base_url=between.url, **SETTINGS) as client:
            return await client.models.get(UNSET["name"])

    with GatewayClient(base_url=between.url, **SETTINGS) as client:
        assert client.models.get(UNSET["name"]) == asyncio.run(get()) == Model(UNSET)


def test_an_invalid_request_is_not_forwarded(between: Prism, gateway: FakeGateway) -> None:
    """Prism rejects a page size that is no number, and a request without a key."""
    before = len(gateway.requests)
    assert between.get(KEY, pageSize="ten").json()["validation"][0]["location"] == ["query", "pagesize"]
    assert between.get({}).status_code == 401
    assert len(gateway.requests) == before
