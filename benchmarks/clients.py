"""The clients: each lists an account's models and takes the same five values of every one.

Each imports what it needs where it needs it, so that its process holds nothing of another's.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterable, AsyncIterator, Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

if TYPE_CHECKING:
    import asyncio

    from fireworks_gateway import Model

T = TypeVar("T")

KEY = "benchmark-key"
PAGE_SIZE = 200

Values: TypeAlias = tuple[Any, Any, Any, Any, Any]
"""Name, kind, context length, whether it is served without a deployment, count of parameters."""

Take: TypeAlias = Callable[[Any, Any, Any, Any, Any], object]
"""Takes the five values of a model."""


@dataclass(frozen=True, slots=True)
class Client:
    """The two ways to list with a client.

    Attributes:
        walk: Lists an account, and has the five values of each model taken as soon as it comes.
        held: Lists an account, and returns all its models as the client gives them.
    """

    walk: Callable[[str, Take], None]
    held: Callable[[str], list[Any]]


@dataclass(frozen=True, slots=True)
class Contender:
    """A client under a name.

    Attributes:
        title: Its title as Markdown.
        environment: Which of `requirements/bench-*.txt` it runs with.
        opened: Opens it on a server.
    """

    title: str
    environment: str
    opened: Callable[[str], AbstractContextManager[Client]]


def sync_client(models: Callable[[str], Iterable[T]], values: Callable[[T], Values]) -> Client:
    """Return the client that lists so, and takes so the values of what comes."""

    def walk(account: str, take: Take) -> None:
        for model in models(account):
            take(*values(model))

    return Client(walk, lambda account: list(models(account)))


def async_client(
    runner: asyncio.Runner, models: Callable[[str], AsyncIterable[T]], values: Callable[[T], Values]
) -> Client:
    """Return the same of a client that is async."""

    async def walk(account: str, take: Take) -> None:
        async for model in models(account):
            take(*values(model))

    async def held(account: str) -> list[T]:
        return [model async for model in models(account)]

    return Client(lambda account, take: runner.run(walk(account, take)), lambda account: runner.run(held(account)))


def of_object(model: dict[str, Any]) -> Values:
    """Return the five values of a model's JSON object."""
    return (
        model["name"],
        model["kind"],
        model["contextLength"],
        model["supportsServerless"],
        model["baseModelDetails"]["parameterCount"],
    )


@contextmanager
def httpx_and_json(url: str) -> Generator[Client]:
    """Open what a careful person would write: what every other is compared with."""
    import httpx

    def models(account: str) -> Iterator[dict[str, Any]]:
        params = {"pageSize": str(PAGE_SIZE)}
        while True:
            listing = json.loads(http.get(f"/v1/accounts/{account}/models", params=params).content)
            yield from listing["models"]
            if not listing["nextPageToken"]:
                return
            params["pageToken"] = listing["nextPageToken"]

    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {KEY}"}) as http:
        yield sync_client(models, of_object)


@contextmanager
def httpx_and_json_async(url: str) -> Generator[Client]:
    """Open the same over httpx's async client."""
    import asyncio

    import httpx

    async def models(account: str) -> AsyncIterator[dict[str, Any]]:
        params = {"pageSize": str(PAGE_SIZE)}
        while True:
            listing = json.loads((await http.get(f"/v1/accounts/{account}/models", params=params)).content)
            for model in listing["models"]:
                yield model
            if not listing["nextPageToken"]:
                return
            params["pageToken"] = listing["nextPageToken"]

    http = httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {KEY}"})
    with asyncio.Runner() as runner:
        yield async_client(runner, models, of_object)
        runner.run(http.aclose())


def generated_module() -> str:
    """Return the name of the generated module of List Models, which the document's names decide."""
    text = (Path(__file__).parents[1] / "wrapper/fireworks_gateway/_openapi.py").read_text(encoding="utf-8")
    found = re.search(r"def list_models_request.*?from (\S+) import _get_kwargs", text, re.DOTALL)
    assert found is not None
    return found[1]


@contextmanager
def generated(url: str) -> Generator[Client]:
    """Open the generated code alone."""
    from fireworks_gateway_openapi.client import AuthenticatedClient
    from fireworks_gateway_openapi.models import GatewayModel
    from fireworks_gateway_openapi.types import Unset

    list_models: Any = import_module(generated_module())

    def models(account: str) -> Iterator[GatewayModel]:
        token = ""
        while True:
            page = list_models.sync(account, client=client, page_size=PAGE_SIZE, page_token=token)
            yield from page.models
            if isinstance(page.next_page_token, Unset) or not page.next_page_token:
                return
            token = page.next_page_token

    def values(model: GatewayModel) -> Values:
        details = model.base_model_details
        parameters = None if isinstance(details, Unset) else details.parameter_count
        return model.name, model.kind, model.context_length, model.supports_serverless, parameters

    with AuthenticatedClient(base_url=url, token=KEY) as client:
        yield sync_client(models, values)


def of_ours(model: Model) -> Values:
    """Return the five values of one of our models."""
    details = model.base_model_details
    parameters = None if details is None else details.parameter_count
    return model.name, model.kind, model.context_length, model.supports_serverless, parameters


@contextmanager
def ours(url: str, *, prefetch: bool = False, masked: bool = False) -> Generator[Client]:
    """Open our client."""
    from fireworks_gateway import Field, GatewayClient, Model

    fields: list[Field[Any]] = [Model.name, Model.kind, Model.context_length, Model.supports_serverless]
    read_mask = [*fields, Model.base_model_details.parameter_count] if masked else None

    def models(account: str) -> Iterable[Model]:
        return client.models.list(account_id=account, read_mask=read_mask, prefetch=prefetch)

    with GatewayClient(api_key=KEY, base_url=url) as client:
        yield sync_client(models, of_ours)


@contextmanager
def ours_async(url: str, *, prefetch: bool = False) -> Generator[Client]:
    """Open our async client."""
    import asyncio

    from fireworks_gateway import AsyncGatewayClient

    client = AsyncGatewayClient(api_key=KEY, base_url=url)
    with asyncio.Runner() as runner:
        yield async_client(runner, lambda account: client.models.list(account_id=account, prefetch=prefetch), of_ours)
        runner.run(client.aclose())


@contextmanager
def official(url: str, **asked: int) -> Generator[Client]:
    """Open the official SDK's client, as it is unless told otherwise."""
    from fireworks import Fireworks  # type: ignore[import-not-found, unused-ignore]  # In an environment of its own only.

    def values(model: Any) -> Values:
        details = model.base_model_details
        parameters = None if details is None else details.parameter_count
        return model.name, model.kind, model.context_length, model.supports_serverless, parameters

    with Fireworks(api_key=KEY, base_url=url) as client:
        yield sync_client(lambda account: client.models.list(account_id=account, **asked), values)


@contextmanager
def floor(url: str) -> Generator[Client]:
    """Open the least that a listing can cost: a socket, and a decoder that knows the five fields and no others."""
    from .floor import Listing

    with Listing(url, KEY, PAGE_SIZE) as listing:
        yield sync_client(listing.models, listing.values)


CLIENTS: dict[str, Contender] = {
    "httpx": Contender("httpx and `json.loads`", "plain", httpx_and_json),
    "httpx-async": Contender("httpx and `json.loads`, async", "plain", httpx_and_json_async),
    "generated": Contender("the generated code alone", "plain", generated),
    "ours": Contender("`GatewayClient`", "plain", ours),
    "ours-prefetch": Contender("`GatewayClient`, prefetch", "plain", partial(ours, prefetch=True)),
    "ours-async": Contender("`AsyncGatewayClient`", "plain", ours_async),
    "ours-async-prefetch": Contender("`AsyncGatewayClient`, prefetch", "plain", partial(ours_async, prefetch=True)),
    "ours-fast": Contender("`GatewayClient`, extra `fast`", "fast", ours),
    "ours-async-fast": Contender("`AsyncGatewayClient`, extra `fast`", "fast", ours_async),
    "ours-masked": Contender("`GatewayClient`, `read_mask`", "plain", partial(ours, masked=True)),
    "official": Contender("`fireworks-ai`", "official", official),
    "official-200": Contender("`fireworks-ai`, `page_size=200`", "official", partial(official, page_size=200)),
    "floor": Contender("a bare socket and msgspec", "floor", floor),
}
