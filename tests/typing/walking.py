"""Walks that fail, stop and resume, with the right types. Never run: `make types` checks it."""

from collections import Counter
from pathlib import Path
from typing import assert_never, assert_type

import httpx
import httpx2

from fireworks_gateway import (
    AsyncGatewayClient,
    AsyncPager,
    Bookmark,
    Code,
    GatewayClient,
    GatewayError,
    Model,
    ModelNotFoundError,
    Page,
    Pager,
    RequestTimeoutError,
    ResourceExhaustedError,
    Response,
    Retry,
    ServingStatus,
    StatusError,
    TransportError,
)
from fireworks_gateway.specification import LIST_MODELS, ModelFields
from fireworks_gateway.types import Items, OnRetry, Row


def list_any(client: GatewayClient, other: AsyncGatewayClient) -> None:
    """A pager has the message of its operation, or the class that reads its items."""
    assert_type(client.list(LIST_MODELS), Pager[ModelFields])
    assert_type(client.list(LIST_MODELS.of(Model)), Pager[Model])
    assert_type(other.list(LIST_MODELS, account_id="a", limit=5), AsyncPager[ModelFields])
    client.list(
        LIST_MODELS, filter=ModelFields.supports_serverless, order_by=[ModelFields.name], read_mask=[ModelFields.name]
    )


async def walk(client: AsyncGatewayClient) -> dict[str, int]:
    """List asynchronously, with prefetching."""
    lengths: dict[str, int] = {}
    async with client:
        async for model in client.models.list(prefetch=True, deadline=60, filter=Model.supports_serverless):
            if model.name is not None and model.context_length is not None:
                lengths[model.name] = model.context_length
        async for page in client.models.list(page_size=50).pages():
            assert_type(page, Page[Model])
            assert_type(page.items, tuple[Model, ...])
            assert_type(page.response, Response | None)
        rows = [row async for row in client.models.list().rows([Model.name, Model.context_length])]
        assert_type(rows, list[Row])
        assert_type(await client.models.list().to_list(), list[Model])
        assert_type(await client.models.get("accounts/a/models/b"), Model)
        assert_type(await client.models.list().first(), Model | None)
    return lengths


def resume(client: GatewayClient, kept: Path) -> list[Model]:
    """Resume a walk that failed."""
    pager = client.models.list(page_size=200)
    if kept.exists():
        pager = pager.resume(kept.read_text())
    assert_type(pager, Pager[Model])
    assert_type(pager.first(), Model | None)
    assert_type(list(pager.rows([Model.name, Model.base_model_details.moe, Model.status])), list[Row])
    assert_type([page for page in pager.pages()], list[Page[Model]])
    items: Items[Model] = iter(pager)
    found: list[Model] = []
    try:
        found += items
    except GatewayError as error:
        assert_type(error.bookmark, Bookmark | None)
        if error.bookmark is not None:
            kept.write_text(error.bookmark.to_json())
        raise
    assert_type(items.bookmark, Bookmark)
    assert_type(pager.resume(items.bookmark).to_list(), list[Model])
    assert_type(Bookmark.from_json(kept.read_bytes()).taken, int)
    return found


def fail(client: GatewayClient) -> str:
    """Distinguish errors by class or by code."""
    try:
        client.models.get("accounts/a/models/b")
    except ModelNotFoundError as error:
        return error.name
    except ResourceExhaustedError as error:
        assert_type(error.retry_after, float | None)
    except RequestTimeoutError as error:
        timeout: TimeoutError = error
        return str(timeout)
    except TransportError as error:
        connection: ConnectionError = error
        return str(connection)
    except StatusError as error:
        assert_type(error.code, Code | None)
        assert_type(error.request_id, str | None)
        match error.code:
            case Code.UNAVAILABLE | Code.DEADLINE_EXCEEDED:
                return "later"
            case Code.PERMISSION_DENIED:
                return "never"
            case None | _:
                return error.message
    return ""


def serve(model: Model) -> str:
    """Match every state of a serving status."""
    state = model.serving_status().state
    match state:
        case ServingStatus.State.AVAILABLE | ServingStatus.State.ENDING:
            return "yes"
        case ServingStatus.State.ENDED | ServingStatus.State.NOT_SERVERLESS | ServingStatus.State.NOT_READY:
            return "no"
        case ServingStatus.State.UNKNOWN:
            return "unknown"
        case _:
            assert_never(state)


def count() -> GatewayClient:
    """Pass a function or a method as the callback of retries."""
    counted: Counter[int] = Counter()

    def count_retry(retry: Retry) -> None:
        assert_type(retry.error, GatewayError)
        assert_type(retry.wait, float)
        counted[retry.attempt] += 1

    hook: OnRetry = print
    GatewayClient(on_retry=hook)
    return GatewayClient(on_retry=count_retry, max_retries=5, deadline=None)


def configure(timeout: httpx.Timeout) -> GatewayClient:
    """Use a client of httpx2, and change options."""
    client = GatewayClient(http_client=httpx2.Client(), timeout=timeout, default_headers={"X-Team": "search"})
    return client.with_options(timeout=5, max_retries=0, headers={"X-Team": "ads"}).with_options(timeout=timeout)
