"""The fake gateway itself."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Unpack, cast

import httpx

from .._client import AsyncGatewayClient, GatewayClient
from .._models import Model
from .._settings import ClientOptions
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
        models: int | Iterable[Model | Mapping[str, Any]] | None = None,
        *,
        account_id: str = "fireworks",
        api_key: str = "fake-key",
    ) -> None:
        if models is None or isinstance(models, int):
            listed = sample_models(models, account_id=account_id)
        else:
            listed = [payload_of(model) for model in models]
        listed.sort(key=lambda model: str(model.get("name", "")))
        self._service = Service(account_id, api_key, listed)
        self.requests: list[Request] = []

    def reply(self, request: Request) -> Reply:
        """Return the answer to a request, and record that it was asked."""
        self.requests.append(request)
        return self._service.reply(request)

    def transport(self) -> InProcess:
        """Return an httpx transport, for sync and async clients, that asks this gateway in process."""
        return InProcess(self.reply)

    def client(self, **options: Unpack[ClientOptions]) -> GatewayClient:
        """Return a client that asks this gateway in process; `options` are arguments of `GatewayClient`."""
        return GatewayClient(**self._options(options), http_client=httpx.Client(transport=self.transport()))

    def async_client(self, **options: Unpack[ClientOptions]) -> AsyncGatewayClient:
        """Return an async client that asks this gateway in process; `options` are arguments of `AsyncGatewayClient`."""
        return AsyncGatewayClient(**self._options(options), http_client=httpx.AsyncClient(transport=self.transport()))

    def serve(self, *, port: int = 0) -> AbstractContextManager[str]:
        """Serve over HTTP on loopback for the length of a with block, whose value is the base URL.

        Args:
            port: The port; any free one by default.

        Raises:
            ModuleNotFoundError: The extra `testing` is not installed.
        """
        return serving(self.reply, port=port)

    def _options(self, given: ClientOptions) -> ClientOptions:
        ours = ClientOptions(
            api_key=self._service.api_key, account_id=self._service.account_id, base_url="https://gateway.invalid"
        )
        return {**ours, **given}


def payload_of(model: object) -> dict[str, Any]:
    """Return the JSON object of a model, given as one or as a `Model`; a copy, for the caller may change his own.

    Raises:
        TypeError: It is neither.
    """
    if isinstance(model, Model):
        return model.to_dict()
    if isinstance(model, Mapping):
        return copy.deepcopy(dict(cast("Mapping[str, Any]", model)))
    raise TypeError(f"a model is a JSON object, such as model_payload() gives, or a Model; not {model!r}")
