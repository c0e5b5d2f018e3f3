"""The laws of every input: only errors of the package, no item lost, no slot taken, no key shown."""

from __future__ import annotations

import asyncio
import pickle
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpx

from fireworks_gateway import AsyncGatewayClient, GatewayClient, GatewayError, Model, Page
from fireworks_gateway._http.connections import limit_connections
from fireworks_gateway._http.transport import _own_options
from fireworks_gateway.testing import VirtualTime
from tools.fuzz.inputs import KEY, Input
from tools.fuzz.network import CLEAN, AsyncMemoryTransport, MemoryTransport, Network
from tools.fuzz.reference import Sent, is_chain, name_of, read_page

SLOWEST = 10.0
"""Seconds after which an input has taken too long; one takes milliseconds."""

_CLEAN = {
    token: Sent(tuple(each["name"] for each in page["models"]), page["nextPageToken"]) for token, page in CLEAN.items()
}
_KNOWN = [each for page in CLEAN.values() for each in page["models"]]
_END = Sent((), "")
_ATTEMPTS = 12


class Violation(Exception):
    """A law that an input breaks."""


class Checker:
    """Clients whose network is in memory, and the check of one input after the other."""

    def __init__(
        self,
        transport: Callable[[Network], MemoryTransport] = MemoryTransport,
        async_transport: Callable[[Network], AsyncMemoryTransport] = AsyncMemoryTransport,
    ) -> None:
        self._network = Network()
        settings: Any = {"api_key": KEY, "account_id": "fireworks", "base_url": "http://127.0.0.1:9"}
        settings |= {"clock": VirtualTime().clock}
        self._http, self._async_http = transport(self._network), async_transport(self._network)
        self._client, self._async_client = GatewayClient(**settings), AsyncGatewayClient(**settings)
        # Clients of our own, because these decompress themselves and limit each network step.
        options = _own_options(self._client._transport._settings)
        self._client._transport._pool.client = limit_connections(httpx.Client(**options, transport=self._http))
        self._async_client._transport._pool.client = httpx.AsyncClient(**options, transport=self._async_http)
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
            names = self._loop.run(self._async_walk(input)) if input.asynchronous else self._walk(input)
        except Exception as error:
            if isinstance(error, Violation):
                raise
            raise Violation(f"an exception escapes: {error!r}") from error
        self._check_slots(input)
        if (seconds := time.monotonic() - start) > SLOWEST:
            raise Violation(f"it takes {seconds:.1f} s")
        pages = {token: [_CLEAN.get(token, _END)] for token in self._network.tokens}
        if (token := self._network.changed_token) is not None and (page := read_page(input.sent, skip=input.skip)):
            pages[token].append(page)
        if not is_chain(names, pages, input.page_token):
            raise Violation(f"items are lost or repeated: {names} of {pages}, requested by {self._network.tokens}")

    def _walk(self, input: Input) -> list[str]:
        pager = self._client.models.list(**_arguments(input))
        names: list[str] = []
        for _ in range(_ATTEMPTS):
            steps: Iterator[Any] = pager.pages() if input.by_page else iter(pager)
            try:
                for step in steps:
                    names += _names_of(step)
            except GatewayError as error:
                pager = pager.resume(_check_error(error))
            else:
                return names
        raise Violation("the walk never ends")

    async def _async_walk(self, input: Input) -> list[str]:
        pager = self._async_client.models.list(**_arguments(input))
        names: list[str] = []
        for _ in range(_ATTEMPTS):
            try:
                async for step in pager.pages() if input.by_page else pager:
                    names += _names_of(step)
            except GatewayError as error:
                pager = pager.resume(_check_error(error))
            else:
                return names
        raise Violation("the walk never ends")

    def _check_slots(self, input: Input) -> None:
        pool: Any = (self._async_http if input.asynchronous else self._http)._pool
        taken = [repr(each) for each in pool.connections if not each.is_idle() and not each.is_closed()]
        taken += [repr(each) for each in pool._requests]
        if taken:
            raise Violation(f"slots of the pool are taken: {taken}")


def _arguments(input: Input) -> Any:
    malformed = "skip" if input.skip else "raise"
    return {"page_token": input.page_token or None, "prefetch": input.prefetch, "on_malformed": malformed}


def _names_of(step: Page[Model] | Model) -> Iterable[str]:
    models = step.items if isinstance(step, Page) else [step]
    for model in models:
        payload = model._payload
        if not any(payload is known or payload == known for known in _KNOWN):
            _read_all(model)
        yield name_of(payload)


def _read_all(model: Model) -> None:
    """Read every field of a changed model in every way."""
    for read in (repr, hash, Model.to_row, Model.to_dict, Model.to_json, pickle.dumps, lambda each: each == each, dir):
        try:
            read(model)
        except GatewayError as error:
            _check_text(error)
    for name in type(model).__annotations__ | dict.fromkeys(dir(model)):
        if not name.startswith("_"):
            try:
                getattr(model, name)
            except GatewayError as error:
                _check_text(error)


def _check_error(error: GatewayError) -> str:
    _check_text(error)
    if error.bookmark is None:
        raise Violation(f"an error has no bookmark: {error!r}")
    return error.bookmark.to_json()


def _check_text(error: GatewayError) -> None:
    # The value of a field is data.
    shown = (
        f"{error} {error!r} {vars(error) if not hasattr(error, 'field') else ''} {error.__cause__} {error.__context__}"
    )
    if KEY in shown and not hasattr(error, "field"):
        raise Violation(f"the key is shown: {shown}")
    if pickle.loads(pickle.dumps(error)) != error and "nan" not in shown:
        raise Violation(f"an error changes in a pickle: {error!r}")
