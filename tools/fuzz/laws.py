"""The laws of every input: only errors of the package, no item lost, no slot taken, no key shown."""

from __future__ import annotations

import asyncio
import pickle
import time
from collections.abc import Callable
from typing import Any

import httpx

from fireworks_gateway import AsyncGatewayClient, GatewayClient, GatewayError, Model
from fireworks_gateway._http.transport import _own_options
from fireworks_gateway.testing import VirtualTime
from tools.fuzz.inputs import KEY, Input
from tools.fuzz.network import CLEAN, AsyncNetwork, Network, connect_pool
from tools.fuzz.reference import Sent, is_chain, name_of, read_page

SLOWEST = 10.0
"""Seconds after which an input has taken too long; one takes milliseconds."""

_CLEAN = {
    token: Sent(tuple(each["name"] for each in page["models"]), page["nextPageToken"]) for token, page in CLEAN.items()
}
_KNOWN = [each for page in CLEAN.values() for each in page["models"]]
_ATTEMPTS = 12
_WAYS: list[Callable[[Model], object]] = [
    *(repr, hash, Model.to_row, Model.to_dict, Model.to_json, pickle.dumps, lambda model: model == model, dir),
    *(lambda model, name=name: getattr(model, name) for name in dir(Model({})) if not name.startswith("_")),
]


class Violation(Exception):
    """A law that an input breaks."""


class Checker:
    """Clients whose network is in memory, and the check of one input after the other.

    Attributes:
        http: The sync client of httpx.
    """

    def __init__(self) -> None:
        self._network, clock = Network(), VirtualTime().clock
        settings: Any = {"api_key": KEY, "account_id": "fireworks", "base_url": "http://127.0.0.1:9", "clock": clock}
        self._client, self._async_client = GatewayClient(**settings), AsyncGatewayClient(**settings)
        # Clients of our own, because these decompress themselves and limit each network step.
        options = _own_options(self._client._transport._settings)
        self.http, async_http = httpx.Client(**options), httpx.AsyncClient(**options)
        self._pools = connect_pool(self.http, self._network), connect_pool(async_http, AsyncNetwork(self._network))
        self._client._transport._pool.client = self.http
        self._async_client._transport._pool.client = async_http
        self._loop = asyncio.Runner()

    def close(self) -> None:
        """Close the event loop of the async client."""
        self._loop.close()

    def check(self, input: Input) -> None:
        """Walk a listing with the response of an input.

        Raises:
            Violation: A law is broken.
        """
        self._network.begin(input)
        start = time.monotonic()
        try:
            names = self._loop.run(self._walk(input))
        except Violation:
            raise
        except Exception as error:
            raise Violation(f"an exception escapes: {error!r}") from error
        pool = self._pools[input.asynchronous]
        if taken := [each for each in pool.connections if not each.is_idle() and not each.is_closed()] + pool._requests:
            raise Violation(f"slots of the pool are taken: {taken}")
        if (seconds := time.monotonic() - start) > SLOWEST:
            raise Violation(f"it takes {seconds:.1f} s")
        pages = {token: [_CLEAN.get(token, Sent((), ""))] for token in self._network.tokens}
        token = self._network.changed_token
        if token is not None and (page := read_page(b"".join(input.pieces), skip=input.skip)):
            pages[token].append(page)
        if not is_chain(names, pages, input.page_token):
            raise Violation(f"items are lost or repeated: {names} of {pages}, requested by {self._network.tokens}")

    async def _walk(self, input: Input) -> list[str]:
        client: Any = self._async_client if input.asynchronous else self._client
        malformed = "skip" if input.skip else "raise"
        pager = client.models.list(page_token=input.page_token or None, prefetch=input.prefetch, on_malformed=malformed)
        names: list[str] = []
        for _ in range(_ATTEMPTS):
            steps = pager.pages() if input.by_page else pager
            try:
                if input.asynchronous:
                    async for step in steps:
                        names += _names_of(step)
                else:
                    for step in steps:
                        names += _names_of(step)
                return names
            except GatewayError as error:
                _check_error(error)
                if error.bookmark is None:
                    raise Violation(f"an error has no bookmark: {error!r}") from error
                pager = pager.resume(error.bookmark.to_json())
        raise Violation("the walk never ends")


def _names_of(step: Any) -> list[str]:
    """Return the names of a model, or of those of a page; read every field of changed models in every way."""
    models: list[Model] = [step] if isinstance(step, Model) else step.items
    for model in models:
        for read in _WAYS if model._payload not in _KNOWN else ():
            try:
                read(model)
            except GatewayError as error:
                _check_error(error)
    return [name_of(model._payload) for model in models]


def _check_error(error: GatewayError) -> None:
    shown = f"{error} {error!r} {vars(error)} {error.__cause__} {error.__context__}"
    if KEY in shown and not hasattr(error, "field"):  # The value of a field is data.
        raise Violation(f"the key is shown: {shown}")
    if pickle.loads(pickle.dumps(error)) != error and "nan" not in shown:
        raise Violation(f"an error changes in a pickle: {error!r}")
