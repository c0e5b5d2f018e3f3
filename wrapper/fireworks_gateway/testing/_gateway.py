"""`FakeGateway`: a gateway with a catalogue, in process or over loopback."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from functools import lru_cache
from threading import Lock
from typing import Any, Unpack, cast

import httpx
from attrs import evolve

from .._client import AsyncGatewayClient, GatewayClient
from .._http.settings import ClientOptions
from .._model import Model
from ._printing import AS_SEEN, JsonStyle
from ._sample import sample_models
from ._script import Fault, Script
from ._server import FaultServer, InProcess
from ._service import Reply, Request, Service
from ._time import VirtualTime


class FakeGateway:
    """A gateway with a sample catalogue, to run and test against.

    It answers List Models as the real one is known to: it demands the bearer token, filters, orders and masks, puts 50
    models on a page unless asked otherwise and 200 at most, binds page tokens to the other parameters, and prints what
    is unset. Its clients in process wait in virtual time, so that retries cost none.

    Args:
        models: What it lists: how many of the sample's models, or JSON objects of your own (see `model_payload`);
            the whole sample, about 300 models, by default.
        account_id: The one account that it knows.
        api_key: The key that opens it.
        faults: What goes wrong with its answers, one after the other (see `faults`); None is the right answer.
        json_style: How it prints its models.
        today: The day to which the dates of the sample are relative. Default: today in UTC.

    Attributes:
        requests: What it was asked, in order.
        time: The time of its clients in process.
    """

    def __init__(
        self,
        models: int | Iterable[Model | Mapping[str, Any]] | None = None,
        *,
        account_id: str = "fireworks",
        api_key: str = "fake-key",
        faults: Iterable[Fault | None] | None = None,
        json_style: JsonStyle = AS_SEEN,
        today: date | None = None,
    ) -> None:
        if models is None or isinstance(models, int):
            today = today or datetime.now(UTC).date()
            self._service = _sample_service(models, account_id, api_key, json_style, today)
        else:
            listed = sorted((payload_of(model) for model in models), key=_name)
            self._service = Service(account_id, api_key, listed, json_style)
        self._script = Script(faults or ())
        self._changing = Lock()
        self.requests: list[Request] = []
        self.time: VirtualTime = VirtualTime()

    def put(self, *models: Model | Mapping[str, Any]) -> None:
        """Add models to those that it lists; one of a name that there is takes its place."""
        given = [payload_of(model) for model in models]
        names = {_name(model) for model in given}
        with self._changing:
            kept = [model for model in self._service.models if _name(model) not in names]
            self._service = evolve(self._service, models=sorted([*kept, *given], key=_name))

    def remove(self, *names: str) -> None:
        """Remove the models of these names.

        Raises:
            ValueError: There is none of that name.
        """
        with self._changing:
            if missing := set(names) - {_name(model) for model in self._service.models}:
                raise ValueError(f"there is no model to remove that is called {', '.join(sorted(missing))}")
            kept = [model for model in self._service.models if _name(model) not in names]
            self._service = evolve(self._service, models=kept)

    def reply(self, request: Request) -> Reply:
        """Return the answer to a request, with the next fault of the script, and record that it was asked.

        Raises:
            ValueError: The fault happens on the wire, and there is none here.
        """
        self.requests.append(request)
        fault = self._script.next_fault()
        if fault.steps is not None:
            raise ValueError(f"{fault} happens on the wire, which a client in process has not: use FakeGateway.serve()")
        self.time.seconds += fault.seconds
        return fault.answer(request, self._answer)

    def transport(self) -> InProcess:
        """Return an httpx transport, for sync and async clients, that asks this gateway in process."""
        return InProcess(self.reply, self.time)

    def client(self, **options: Unpack[ClientOptions]) -> GatewayClient:
        """Return a client that asks this gateway in process; `options` are arguments of `GatewayClient`.

        Whatever `base_url` it is given, it asks this gateway. With a `clock` of your own it waits by that one, and what
        is late is late by the gateway's `time` all the same.
        """
        return GatewayClient(**self._options(options), http_client=httpx.Client(transport=self.transport()))

    def async_client(self, **options: Unpack[ClientOptions]) -> AsyncGatewayClient:
        """Return an async client that asks this gateway in process; `options` are arguments of `AsyncGatewayClient`."""
        return AsyncGatewayClient(**self._options(options), http_client=httpx.AsyncClient(transport=self.transport()))

    def serve(self, *, host: str | None = None, port: int = 0) -> AbstractContextManager[str]:
        """Serve over HTTP for the length of a with block, whose value is the base URL.

        Args:
            host: The address to listen on, such as "0.0.0.0". Default: 127.0.0.1, which refuses requests whose Host
                header is no loopback name or address.
            port: The port. Default: any free one.

        Raises:
            OSError: The port is taken.
        """
        server = FaultServer(self._answer, self._script, host=host, port=port)
        server.requests = self.requests
        return server

    def environment(self, base_url: str) -> dict[str, str]:
        """Return the environment variables with which a client finds this gateway where it is served."""
        return {
            "FIREWORKS_API_KEY": self._service.api_key,
            "FIREWORKS_ACCOUNT_ID": self._service.account_id,
            "FIREWORKS_BASE_URL": base_url,
        }

    def _answer(self, request: Request) -> Reply:
        return self._service.reply(request)

    def _options(self, given: ClientOptions) -> ClientOptions:
        ours = ClientOptions(
            api_key=self._service.api_key,
            account_id=self._service.account_id,
            base_url="https://gateway.invalid",
            clock=self.time.clock,
        )
        return {**ours, **given}


@lru_cache(maxsize=4)  # It never changes, and making it is most of what a gateway costs.
def _sample_service(count: int | None, account_id: str, api_key: str, json_style: JsonStyle, today: date) -> Service:
    listed = sorted(sample_models(count, account_id=account_id, today=today), key=_name)
    return Service(account_id, api_key, listed, json_style)


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


def _name(model: Mapping[str, Any]) -> str:
    return str(model.get("name", ""))
