"""`FakeGateway`: a gateway with a catalogue, in process or over loopback."""

import copy
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from functools import lru_cache
from threading import Lock
from typing import Any, Unpack

import httpx
from attrs import evolve

from .._client import AsyncGatewayClient, GatewayClient
from .._http.settings import ClientOptions
from .._model import Model
from ._payloads import OBSERVED_STYLE, JsonStyle, sample_models
from ._script import Fault, Script, VirtualTime
from ._server import FaultServer, InProcess
from ._service import Reply, Request, Service


class FakeGateway:
    """A gateway with a sample catalogue, to run and test against.

    Like the real one it requires the key, applies filters, orders and masks, returns 50 models on a page by default and
    200 at most, binds page tokens to the other parameters, and prints unset fields. It returns one model by name, too.
    Its clients in process wait in virtual time, so retries take no time.

    Args:
        models: The number of sample models, or your own models (see `model_payload`). Default: about 300 of the sample.
        account_id: The only account.
        api_key: The only API key.
        faults: The faults of its responses in order (see `faults`); None for a response without a fault.
        json_style: The style in which models are printed.
        today: The day to which the dates of the sample are relative. Default: today in UTC.
        page_numbers: Use page numbers as page tokens, as the real service probably does: a walk that changes its page
            size repeats or skips models. Default: opaque tokens.

    Attributes:
        requests: The requests received, in order.
        time: The virtual time of its clients in process.
    """

    def __init__(
        self,
        models: int | Iterable[Model | Mapping[str, Any]] | None = None,
        *,
        account_id: str = "fireworks",
        api_key: str = "fake-key",
        faults: Iterable[Fault | None] | None = None,
        json_style: JsonStyle = OBSERVED_STYLE,
        today: date | None = None,
        page_numbers: bool = False,
    ) -> None:
        if models is None or isinstance(models, int):
            now = today or datetime.now(UTC)
            day = now.date() if isinstance(now, datetime) else now
            self._service = _sample_service(models, account_id, api_key, json_style, page_numbers, day)
        else:
            listed = sorted((to_payload(model) for model in models), key=_name)
            self._service = Service(account_id, api_key, listed, json_style, page_numbers)
        self._script = Script(faults or ())
        self._changing = Lock()
        self.requests: list[Request] = []
        self.time: VirtualTime = VirtualTime()

    def put(self, *models: Model | Mapping[str, Any]) -> None:
        """Add models, or replace those of the same names."""
        given = [to_payload(model) for model in models]
        names = {_name(model) for model in given}
        with self._changing:
            kept = [model for model in self._service.models if _name(model) not in names]
            self._service = evolve(self._service, models=sorted([*kept, *given], key=_name))

    def remove(self, *names: str) -> None:
        """Remove models by name; raises ValueError if there is no such model."""
        with self._changing:
            if missing := set(names) - {_name(model) for model in self._service.models}:
                raise ValueError(f"names must be names of models, got {', '.join(sorted(missing))}")
            kept = [model for model in self._service.models if _name(model) not in names]
            self._service = evolve(self._service, models=kept)

    def reply(self, request: Request) -> Reply:
        """Record a request, and return the reply with the next fault; raises ValueError for a fault on the wire."""
        self.requests.append(request)
        fault = self._script.next_fault()
        if fault.steps is not None:
            raise ValueError(f"{fault} happens on the wire, and needs a socket: use FakeGateway.serve()")
        self.time.seconds += fault.seconds
        return fault.reply(request, self._answer)

    def transport(self) -> InProcess:
        """Return an httpx transport, for sync and async clients, that calls this gateway in process."""
        return InProcess(self.reply, self.time)

    def client(self, **options: Unpack[ClientOptions]) -> GatewayClient:
        """Return a client of this gateway in process; `options` are arguments of `GatewayClient`.

        `base_url` has no effect. Your own `clock` applies to the client only; faults use the `time` of the gateway.
        """
        return GatewayClient(**self._options(options), http_client=httpx.Client(transport=self.transport()))

    def async_client(self, **options: Unpack[ClientOptions]) -> AsyncGatewayClient:
        """Return an async client of this gateway in process; `options` are arguments of `AsyncGatewayClient`."""
        return AsyncGatewayClient(**self._options(options), http_client=httpx.AsyncClient(transport=self.transport()))

    def serve(self, *, host: str | None = None, port: int = 0) -> AbstractContextManager[str]:
        """Serve over HTTP during a with block, whose value is the base URL.

        Args:
            host: The address to listen on, such as "0.0.0.0". Default: 127.0.0.1, which refuses requests whose Host
                header is not a loopback name or address.
            port: The port. Default: any free one.

        Raises:
            OSError: The port is taken.
        """
        server = FaultServer(self._answer, self._script, host=host or None, port=port)
        server.requests = self.requests
        return server

    def environment(self, base_url: str) -> dict[str, str]:
        """Return the environment variables that point a client to this gateway at its URL."""
        return {
            "FIREWORKS_API_KEY": self._service.api_key,
            "FIREWORKS_ACCOUNT_ID": self._service.account_id,
            "FIREWORKS_BASE_URL": base_url,
        }

    def _answer(self, request: Request) -> Reply:
        return self._service.reply(request)

    def _options(self, given: ClientOptions) -> ClientOptions:
        service, url = self._service, "https://gateway.invalid"
        ours = ClientOptions(
            api_key=service.api_key, account_id=service.account_id, base_url=url, clock=self.time.clock
        )
        return {**ours, **given}


@lru_cache(maxsize=4)  # Constant, and most of the cost of a gateway.
def _sample_service(
    count: int | None, account_id: str, api_key: str, json_style: JsonStyle, page_numbers: bool, today: date
) -> Service:
    listed = sorted(sample_models(count, account_id=account_id, today=today), key=_name)
    return Service(account_id, api_key, listed, json_style, page_numbers)


def to_payload(model: Model | Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of the JSON object of a model."""
    return model.to_dict() if isinstance(model, Model) else copy.deepcopy(dict(model))


def _name(model: Mapping[str, Any]) -> str:
    return str(model.get("name", ""))
