"""Walks with type errors. Never run; `asking_wrongly.py` explains the marks."""

# pyright: reportUnnecessaryTypeIgnoreComment=true, reportUnusedExpression=false, reportUnusedCoroutine=false
# ruff: noqa: B018, F841

import httpx

from fireworks_gateway import AsyncGatewayClient, GatewayClient, GatewayError, Model, Retry, StatusError


async def mix(client: GatewayClient, other: AsyncGatewayClient) -> None:
    """Await a sync client, or use an async one without."""
    await client.models.get("accounts/a/models/b")  # type: ignore[misc]  # ty: ignore[invalid-await]
    await client.models.list()  # type: ignore[misc]  # ty: ignore[invalid-await]
    async for model in client.models.list():  # type: ignore[attr-defined]  # ty: ignore[not-iterable]
        print(model)
    for model in other.models.list():  # type: ignore[attr-defined]  # ty: ignore[not-iterable]
        print(model)
    for page in other.models.list().pages():  # type: ignore[attr-defined]  # ty: ignore[not-iterable]
        print(page)
    async with client:  # type: ignore[attr-defined]  # ty: ignore[invalid-context-manager]
        pass
    with other:  # type: ignore[attr-defined]  # ty: ignore[invalid-context-manager]
        pass
    other.close()  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]
    await client.aclose()  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]
    list(other.models.list())  # type: ignore[call-overload]  # ty: ignore[invalid-argument-type]
    first: Model | None = other.models.list().first()  # type: ignore[assignment]  # ty: ignore[invalid-assignment]
    name = other.models.get("accounts/a/models/b").name  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]


def resume(client: GatewayClient) -> None:
    """Resume from something that is not a bookmark."""
    client.models.list().bookmark  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]
    client.models.list().resume(b"{}")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    client.models.list().resume()  # type: ignore[call-arg]  # ty: ignore[missing-argument]


def fail(error: GatewayError) -> None:
    """Attributes of other errors, and missing attributes."""
    error.status_code  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]
    error.bookmark.to_json()  # type: ignore[union-attr]  # ty: ignore[missing-union-attribute]
    StatusError("x")  # type: ignore[call-arg]  # ty: ignore[missing-argument]


async def awaited(retry: Retry) -> None:
    """A coroutine function, which `on_retry` would never await."""


def count() -> None:
    """Callbacks of retries with other parameters."""
    GatewayClient(on_retry=lambda: None)  # type: ignore[arg-type, misc]  # ty: ignore[invalid-argument-type]
    GatewayClient(on_retry=awaited)  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    GatewayClient(on_retry=[])  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    GatewayClient(http_client=httpx.AsyncClient())  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    AsyncGatewayClient(http_client=httpx.Client())  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    Retry("request", 1).wait = 5  # type: ignore[call-arg, misc]  # ty: ignore[invalid-assignment, missing-argument]
