"""Walks that fail, stop and resume, with the right types. Never run: `make types` checks it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import assert_never, assert_type

from fireworks_gateway import (
    AsyncGatewayClient,
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


async def walk(client: AsyncGatewayClient) -> dict[str, int]:
    """A walk of a client that closes itself, with the next page on its way."""
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
        assert_type(rows, list[dict[str, object]])
        assert_type(await client.models.get("accounts/a/models/b"), Model)
        assert_type(await client.models.list().first(), Model | None)
    return lengths


def go_on(client: GatewayClient, kept: Path) -> list[Model]:
    """A job that stops at a failure, and goes on from there when it is run again."""
    pager = client.models.list(page_size=200)
    if kept.exists():
        pager = pager.resume(kept.read_text())
    assert_type(pager, Pager[Model])
    items = iter(pager)
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
    """Errors are told apart by their class, or by their code."""
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
    """Every state of a serving status is known."""
    state = model.serving_status().state
    match state:
        case ServingStatus.State.AVAILABLE | ServingStatus.State.ENDING:
            return "yes"
        case ServingStatus.State.ENDED | ServingStatus.State.NOT_SERVERLESS | ServingStatus.State.NOT_READY:
            return "no"
        case ServingStatus.State.UNKNOWN:
            return "who knows"
        case _:
            assert_never(state)


def count() -> GatewayClient:
    """Pass a function or a method as the callback of retries."""
    counted: Counter[int] = Counter()

    def told(retry: Retry) -> None:
        assert_type(retry.error, GatewayError)
        assert_type(retry.wait, float)
        counted[retry.attempt] += 1

    GatewayClient(on_retry=print)
    return GatewayClient(on_retry=told, max_retries=5, deadline=None)
