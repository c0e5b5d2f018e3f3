"""The clients: each lists the models of an account, and reads the same five values of each model.

A client imports its package when it is opened, so its process has no package of another client.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import AsyncIterable, Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from importlib import import_module
from inspect import getsource
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

from .environments import SOURCES

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")

KEY = "benchmark-key"
PAGE_SIZE = 200

Values: TypeAlias = tuple[Any, Any, Any, Any, Any]
"""Name, kind, context length, serverless, parameter count."""

Take: TypeAlias = Callable[[Any, Any, Any, Any, Any], object]
"""Receives the five values of a model."""


Walk: TypeAlias = Callable[[str, Take], None]
"""Lists an account, and passes on the values of each model."""


class Contender(NamedTuple):
    """A client: its title, its lock `requirements/bench-*.txt`, and a function that opens it for an address."""

    title: str
    environment: str
    open: Callable[[str], AbstractContextManager[Walk]]


def sync_walk(models: Callable[[str], Iterable[T]], values: Callable[[T], Values]) -> Walk:
    """Combine a function that lists models and a function that reads their values into a walk."""

    def walk(account: str, take: Take) -> None:
        for model in models(account):
            take(*values(model))

    return walk


def async_walk(
    runner: asyncio.Runner, models: Callable[[str], AsyncIterable[T]], values: Callable[[T], Values]
) -> Walk:
    """Combine such functions of an async client into a walk."""

    async def walk(account: str, take: Take) -> None:
        async for model in models(account):
            take(*values(model))

    return lambda account, take: runner.run(walk(account, take))


def values_of_object(model: dict[str, Any]) -> Values:
    """Return the values of a model as a JSON object."""
    details = model["baseModelDetails"]
    return model["name"], model["kind"], model["contextLength"], model["supportsServerless"], details["parameterCount"]


def values_of_model(model: Any) -> Values:
    """Return the values of a model of our client or of the official SDK."""
    details = model.base_model_details
    parameters = None if details is None else details.parameter_count
    return model.name, model.kind, model.context_length, model.supports_serverless, parameters


@contextmanager
def httpx_and_json(url: str) -> Generator[Walk]:
    """Open httpx with `json.loads`, the base of the comparison."""
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
        yield sync_walk(models, values_of_object)


def generated_module() -> str:
    """Return the generated module of List Models; its name follows from the document."""
    from fireworks_gateway import _openapi

    (module,) = re.findall(r"from (\S+) import _get_kwargs", getsource(_openapi.list_models_request))
    return str(module)


@contextmanager
def generated(url: str) -> Generator[Walk]:
    """Open the generated client."""
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

    with AuthenticatedClient(base_url=url, token=KEY) as client:
        yield sync_walk(models, values_of_model)


@contextmanager
def ours(url: str, *, prefetch: bool = False, masked: bool = False) -> Generator[Walk]:
    """Open our client."""
    from fireworks_gateway import Field, GatewayClient, Model

    fields: list[Field[Any]] = [Model.name, Model.kind, Model.context_length, Model.supports_serverless]
    read_mask = [*fields, Model.base_model_details.parameter_count] if masked else None

    def models(account: str) -> Iterable[Any]:
        return client.models.list(account_id=account, read_mask=read_mask, prefetch=prefetch)

    with GatewayClient(api_key=KEY, base_url=url) as client:
        yield sync_walk(models, values_of_model)


@contextmanager
def ours_async(url: str, *, aiohttp: bool = False) -> Generator[Walk]:
    """Open our async client, also over aiohttp."""
    import asyncio

    if aiohttp:  # Its environment is that of the official SDK, which has no sources of ours.
        sys.path += map(str, SOURCES)

    from fireworks_gateway import AsyncGatewayClient

    with asyncio.Runner() as runner:
        http: Any = import_module("httpx_aiohttp").HttpxAiohttpClient() if aiohttp else None
        client = AsyncGatewayClient(api_key=KEY, base_url=url, http_client=http)
        yield async_walk(runner, lambda account: client.models.list(account_id=account), values_of_model)
        runner.run(client.aclose())
        if http is not None:
            runner.run(http.aclose())


@contextmanager
def official(url: str, **options: int) -> Generator[Walk]:
    """Open the official SDK with its defaults, or with other options of its listing."""
    from fireworks import Fireworks  # type: ignore[import-not-found, unused-ignore]  # In its own environment only.

    with Fireworks(api_key=KEY, base_url=url) as client:
        yield sync_walk(lambda account: client.models.list(account_id=account, **options), values_of_model)


@contextmanager
def floor(url: str, *, all_fields: bool = False) -> Generator[Walk]:
    """Open a bare socket with a decoder of the five fields, or of all."""
    from .floor import AnyPage, Listing, Page

    with closing(Listing(url, KEY, PAGE_SIZE, AnyPage if all_fields else Page)) as listing:
        yield sync_walk(listing.models, values_of_object if all_fields else listing.values)


CLIENTS: dict[str, Contender] = {
    "httpx": Contender("httpx and `json.loads`", "plain", httpx_and_json),
    "generated": Contender("the generated code alone", "plain", generated),
    "ours": Contender("`GatewayClient`", "plain", ours),
    "ours-fast": Contender("`GatewayClient`, extra `fast`", "fast", ours),
    "ours-prefetch": Contender("`GatewayClient`, prefetch", "plain", partial(ours, prefetch=True)),
    "ours-masked": Contender("`GatewayClient`, `read_mask`", "plain", partial(ours, masked=True)),
    "ours-async": Contender("`AsyncGatewayClient`", "plain", ours_async),
    "ours-async-fast": Contender("`AsyncGatewayClient`, extra `fast`", "fast", ours_async),
    "ours-async-aiohttp": Contender("`AsyncGatewayClient` over aiohttp", "official", partial(ours_async, aiohttp=True)),
    "official": Contender("`fireworks-ai`", "official", official),
    "official-200": Contender("`fireworks-ai`, `page_size=200`", "official", partial(official, page_size=200)),
    "floor-all": Contender("a bare socket and msgspec, every field", "floor", partial(floor, all_fields=True)),
    "floor": Contender("a bare socket and msgspec, five fields", "floor", floor),
}
