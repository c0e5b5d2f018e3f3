"""The clients: each lists an account's models and takes the same five values of every one.

`python -m benchmarks.clients NAME URL` runs one of them, and prints what its listing cost as one line of JSON: the
processor time of the process as the operating system accounts for it (user and system, all threads), the wall time, and
how many models came. Start, imports and a first page that opens the connection are done before.

Each imports what it needs where it needs it, so that its process holds nothing of another's.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

KEY = "benchmark-key"
PAGE_SIZE = 200

Walk = Callable[[str], int]
"""Lists the models of an account and returns how many there were."""


@contextmanager
def httpx_and_json(url: str) -> Generator[Walk]:
    """Give the walk that a careful person would write: what every other is compared with."""
    import httpx

    def walk(account: str) -> int:
        count, params = 0, {"pageSize": str(PAGE_SIZE)}
        while True:
            listing = json.loads(http.get(f"/v1/accounts/{account}/models", params=params).content)
            count += taken(listing["models"])
            if not listing["nextPageToken"]:
                return count
            params["pageToken"] = listing["nextPageToken"]

    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {KEY}"}) as http:
        yield walk


@contextmanager
def httpx_and_json_async(url: str) -> Generator[Walk]:
    """Give the same walk over httpx's async client."""
    import asyncio

    import httpx

    async def walk(account: str) -> int:
        count, params = 0, {"pageSize": str(PAGE_SIZE)}
        while True:
            listing = json.loads((await http.get(f"/v1/accounts/{account}/models", params=params)).content)
            count += taken(listing["models"])
            if not listing["nextPageToken"]:
                return count
            params["pageToken"] = listing["nextPageToken"]

    http = httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {KEY}"})
    with asyncio.Runner() as runner:
        yield lambda account: runner.run(walk(account))
        runner.run(http.aclose())


def taken(models: list[dict[str, Any]]) -> int:
    """Take the five values of each model's JSON object, and return how many models there are."""
    for model in models:
        _ = (
            model["name"],
            model["kind"],
            model["contextLength"],
            model["supportsServerless"],
            model["baseModelDetails"]["parameterCount"],
        )
    return len(models)


@contextmanager
def generated(url: str) -> Generator[Walk]:
    """Give the walk over the generated code alone."""
    from fireworks_gateway_openapi.api.gateway import gateway_list_models
    from fireworks_gateway_openapi.client import AuthenticatedClient
    from fireworks_gateway_openapi.types import Unset

    def walk(account: str) -> int:
        count, token = 0, ""
        while True:
            page = gateway_list_models.sync(account, client=client, page_size=PAGE_SIZE, page_token=token)
            assert page is not None
            assert not isinstance(page.models, Unset)
            for model in page.models:
                details = model.base_model_details
                parameters = None if isinstance(details, Unset) else details.parameter_count
                _ = (model.name, model.kind, model.context_length, model.supports_serverless, parameters)
            count += len(page.models)
            if isinstance(page.next_page_token, Unset) or not page.next_page_token:
                return count
            token = page.next_page_token

    with AuthenticatedClient(base_url=url, token=KEY) as client:
        yield walk


@contextmanager
def ours(url: str, *, prefetch: bool = False, masked: bool = False) -> Generator[Walk]:
    """Give the walk over our client."""
    from fireworks_gateway import Field, GatewayClient, Model

    fields: list[Field[Any]] = [Model.name, Model.kind, Model.context_length, Model.supports_serverless]
    read_mask = [*fields, Model.base_model_details.parameter_count] if masked else None

    def walk(account: str) -> int:
        count = 0
        for model in client.models.list(account_id=account, read_mask=read_mask, prefetch=prefetch):
            details = model.base_model_details
            parameters = None if details is None else details.parameter_count
            _ = (model.name, model.kind, model.context_length, model.supports_serverless, parameters)
            count += 1
        return count

    with GatewayClient(api_key=KEY, base_url=url) as client:
        yield walk


@contextmanager
def ours_async(url: str) -> Generator[Walk]:
    """Give the walk over our async client."""
    import asyncio

    from fireworks_gateway import AsyncGatewayClient

    async def walk(account: str) -> int:
        count = 0
        async for model in client.models.list(account_id=account):
            details = model.base_model_details
            parameters = None if details is None else details.parameter_count
            _ = (model.name, model.kind, model.context_length, model.supports_serverless, parameters)
            count += 1
        return count

    client = AsyncGatewayClient(api_key=KEY, base_url=url)
    with asyncio.Runner() as runner:
        yield lambda account: runner.run(walk(account))
        runner.run(client.aclose())


CLIENTS: dict[str, Callable[[str], AbstractContextManager[Walk]]] = {
    "httpx": httpx_and_json,
    "httpx-async": httpx_and_json_async,
    "generated": generated,
    "ours": ours,
    "ours-async": ours_async,
    "ours-prefetch": lambda url: ours(url, prefetch=True),
    "ours-masked": lambda url: ours(url, masked=True),
}


def main() -> None:
    """List once to warm up and once to measure."""
    name, url = sys.argv[1:]
    with CLIENTS[name](url) as walk:
        walk("one-page")
        cpu, wall = _cpu(), time.perf_counter()
        count = walk("all")
        cpu, wall = _cpu() - cpu, time.perf_counter() - wall
    print(json.dumps({"models": count, "cpu": cpu, "wall": wall}))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
