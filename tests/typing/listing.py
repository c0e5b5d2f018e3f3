"""Check the types of any list operation. Never run: `make types` reads it."""

from __future__ import annotations

from typing import assert_type

from fireworks_gateway import AsyncGatewayClient, AsyncPager, GatewayClient, ListOperation, Model, Pager
from fireworks_gateway.filters import Filter
from fireworks_gateway.specification import LIST_MODELS, ModelFields


def walk(client: GatewayClient, other: AsyncGatewayClient) -> None:
    """A pager is of the operation's message, or of the class that the items are read as."""
    assert_type(LIST_MODELS, ListOperation[ModelFields])
    assert_type(client.list(LIST_MODELS), Pager[ModelFields])
    assert_type(client.list(LIST_MODELS.of(Model)), Pager[Model])
    assert_type(other.list(LIST_MODELS, account_id="a", limit=5), AsyncPager[ModelFields])
    assert_type([each.name for each in client.list(LIST_MODELS)], list[str | None])
    client.list(LIST_MODELS, filter=ModelFields.public, order_by=[ModelFields.name], read_mask=[ModelFields.name])
    for row in client.list(LIST_MODELS).rows([ModelFields.name]):
        assert_type(row, dict[str, object])


def query() -> None:
    """On a message class an attribute is a field."""
    assert_type(ModelFields.context_length > 1, Filter)
    assert_type(ModelFields.base_model_details.parameter_count > 1, Filter)
    assert_type(ModelFields.public & ~ModelFields.supports_tools, Filter)
