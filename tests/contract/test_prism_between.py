"""The clients and the fake gateway with Prism between them, which checks both against the document."""

from typing import Any

import pytest

from fireworks_gateway import GatewayClient, Model
from fireworks_gateway.testing import FakeGateway, model_payload

from .conftest import Changing
from .prism import Prism

pytestmark = pytest.mark.contract


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
def test_a_listing_matches_the_document(between: Prism, changing: Changing, parameters: dict[str, Any]) -> None:
    """Prism accepts every request and page, and the models arrive unchanged, one with every field unset too."""
    unset = model_payload(name="accounts/fireworks/models/~")
    gateway = FakeGateway([*FakeGateway().client().models.list(), unset])
    changing.answer = gateway.reply
    with GatewayClient(base_url=between.url, api_key="fake-key", account_id="fireworks") as client:
        listed = client.models.list(**parameters).to_list()
    assert gateway.requests
    assert listed == gateway.client().models.list(**parameters).to_list()
    assert listed
