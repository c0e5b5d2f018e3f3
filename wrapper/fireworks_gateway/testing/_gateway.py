"""The fake gateway itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import httpx

from .._client import AsyncGatewayClient, GatewayClient
from ._catalogue import sample_models
from ._passages import InProcess, serving
from ._service import Reply, Request, Service


class FakeGateway:
    """A gateway with a sample catalogue, to run and test against.

    It answers List Models as the real one is known to: it demands the bearer token, puts 50 models on a page unless
    asked otherwise and 200 at most, binds page tokens to the other parameters, and prints what is unset.

    Args:
        models: What it lists: how many of the sample's models, or JSON objects of your own (see `model_payload`);
            the whole sample, about 300 models, by default.
        account_id: The one account that it knows.
        api_key: The key that opens it.

    Attributes:
        requests: What it was asked, in order.
    """

    def __init__(
        self,
        models: int | Iterable[Mapping[str, Any]] | None = None,
        *,
        account_id: str = "fireworks",
        api_key: str = "fake-key",
    ) -> None:
        if models is None or isinstance(models, int):
            models = sample_models(models, account_id=account_id)
        listed = sorted((dict(model) for model in models), key=lambda model: str(model.get("name", "")))
        self._service = Service(account_id, api_key, listed)
        self.requests: list[Request] = []

    def reply(self, request: Request) -> Reply:
        """Return the answer to a request, and record that it was asked."""
        self.requests.append(request)
        return self._service.reply(request)

    def transport(self) -> InProcess:
        """Return an httpx transport, for sync and async clients, that asks this gateway in process."""
        return InProcess(self.reply)

    def client(self, **settings: Any) -> GatewayClient:
        """Return a client that asks this gateway in process; `settings` are those of `GatewayClient`."""
        return GatewayClient(**self._settings(settings), http_client=httpx.Client(transport=self.transport()))

    def async_client(self, **settings: Any) -> AsyncGatewayClient:
        """Return an async client that asks this gateway in process; `settings` are those of `AsyncGatewayClient`."""
        return AsyncGatewayClient(**self._settings(settings), http_client=httpx.AsyncClient(transport=self.transport()))

    def serve(self, *, port: int = 0) -> AbstractContextManager[str]:
        """Serve over HTTP on loopback for the length of a with block, whose value is the base URL.

        Args:
            port: The port; any free one by default.

        Raises:
            ModuleNotFoundError: The extra `testing` is not installed.
        """
        return serving(self.reply, port=port)

    def _settings(self, given: dict[str, Any]) -> dict[str, Any]:
        ours = {"api_key": self._service.api_key, "account_id": self._service.account_id}
        return {**ours, "base_url": "https://gateway.invalid", **given}
