"""`GatewayClient` and `AsyncGatewayClient`, with `client.models`; sync and async classes have the same text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from functools import cached_property, partial
from math import inf
from typing import Any, ClassVar, Generic, Self, TypeVar, cast

import httpx

from . import _openapi
from ._fields.messages import Message
from ._fields.paths import Path
from ._http import settings as http_settings
from ._http.retries import DEFAULT_MAX_RETRIES, Clock, OnRetry
from ._http.settings import DEFAULT_DEADLINE, DEFAULT_TIMEOUT, AsyncHttpClient, HttpClient, Settings, check_seconds
from ._http.transport import AsyncTransport, Transport
from ._listing.async_pager import AsyncPager, make_async_fetch
from ._listing.operation import ListOperation
from ._listing.page import OnMalformed, check_on_malformed
from ._listing.pager import Pager, make_fetch
from ._listing.query import Condition, SortKey, build_query, format_filter, format_mask, format_order, resolve_page_size
from ._model import Model
from ._names import ModelName
from .errors import InvalidArgumentError, ModelNotFoundError, near_models, parameter_error
from .filters._literals import quote
from .specification import LIST_MODELS

M = TypeVar("M", bound=Message)
AnyHttpClient = TypeVar("AnyHttpClient", HttpClient, AsyncHttpClient)

_LIST_MODELS = LIST_MODELS.of(Model)


class _Operations:
    def __init__(self, settings: Settings, transport: Any) -> None:
        self._settings = settings
        self._transport = transport


class Lists(_Operations):
    """The list operations of the API."""

    _transport: Transport

    def list(
        self,
        operation: ListOperation[M],
        *,
        account_id: str | None = None,
        filter: Condition | None = None,
        order_by: SortKey | Iterable[SortKey] | None = None,
        read_mask: str | Iterable[Path] | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        limit: int | None = None,
        prefetch: bool = False,
        deadline: float | None = None,
        on_malformed: OnMalformed = "raise",
    ) -> Pager[M]:
        """Return a pager over any list operation; requests are sent when you loop over it.

        The operation is one of `fireworks_gateway.specification`, e.g. LIST_MODELS. If it has other parameters, call
        the function there with its name in lower case. The keywords are those of `client.models.list`; fields are those
        of the operation's message.

        Raises:
            ConfigurationError: A parameter is missing, unknown or invalid; no request was sent.
        """
        check_on_malformed(on_malformed)
        standard = {
            "account_id": account_id,
            "filter": format_filter(filter),
            "order_by": format_order(order_by),
            "read_mask": format_mask(read_mask),
            "page_size": resolve_page_size(operation, page_size, limit),
        }
        query = build_query(operation, standard, self._settings.account_id)
        seconds = inf if deadline is None else check_seconds("deadline", deadline)
        make = partial(make_fetch, self._transport, query, on_malformed, seconds)
        return Pager(make, query, query.first_bookmark(page_token), limit, prefetch)


class AsyncLists(_Operations):
    """The list operations of the API."""

    _transport: AsyncTransport

    def list(
        self,
        operation: ListOperation[M],
        *,
        account_id: str | None = None,
        filter: Condition | None = None,
        order_by: SortKey | Iterable[SortKey] | None = None,
        read_mask: str | Iterable[Path] | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        limit: int | None = None,
        prefetch: bool = False,
        deadline: float | None = None,
        on_malformed: OnMalformed = "raise",
    ) -> AsyncPager[M]:
        """Return a pager over any list operation, as `GatewayClient.list` does; loop over it with `async for`."""
        check_on_malformed(on_malformed)
        standard = {
            "account_id": account_id,
            "filter": format_filter(filter),
            "order_by": format_order(order_by),
            "read_mask": format_mask(read_mask),
            "page_size": resolve_page_size(operation, page_size, limit),
        }
        query = build_query(operation, standard, self._settings.account_id)
        seconds = inf if deadline is None else check_seconds("deadline", deadline)
        make = partial(make_async_fetch, self._transport, query, on_malformed, seconds)
        return AsyncPager(make, query, query.first_bookmark(page_token), limit, prefetch)


class Models:
    """The models of an account."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists

    def list(
        self,
        *,
        account_id: str | None = None,
        filter: Condition | None = None,
        order_by: SortKey | Iterable[SortKey] | None = None,
        read_mask: str | Iterable[Path] | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        limit: int | None = None,
        prefetch: bool = False,
        deadline: float | None = None,
        on_malformed: OnMalformed = "raise",
    ) -> Pager[Model]:
        """Return a pager over the models of an account; requests are sent when you loop over it.

        Args:
            account_id: The account, `fireworks` or `accounts/fireworks`; the client's account by default.
            filter: Condition (AIP-160), Model.supports_serverless & (Model.context_length > 8192), or its text,
                'supports_serverless = true'; all models by default.
            order_by: Order (AIP-132): a field, Model.create_time.desc(), a list of these, or text, 'create_time desc'.
                Default: by name.
            read_mask: Fields to return (AIP-157), as text or as fields, e.g. [Model.name, Model.kind]; all by default.
            page_size: Models on each page, 1 or more; at most 200 are returned. Default: 200, or a lower `limit`.
            page_token: Token of the first page to request, from an earlier listing with the same parameters.
            limit: Maximum number of models, 0 or more; no limit by default.
            prefetch: Fetch the next page while you read one (async: needs asyncio).
            deadline: Seconds for the whole walk; unlimited by default. The client's deadline limits each request.
            on_malformed: "raise" for an item that is not an object, or "skip" it and add it to `page.problems`.

        Raises:
            ConfigurationError: An argument is invalid; no request was sent.
        """
        return self._lists.list(
            _LIST_MODELS,
            account_id=account_id,
            filter=filter,
            order_by=order_by,
            read_mask=read_mask,
            page_size=page_size,
            page_token=page_token,
            limit=limit,
            prefetch=prefetch,
            deadline=deadline,
            on_malformed=on_malformed,
        )

    def get(self, name: str | ModelName, *, account_id: str | None = None) -> Model:
        """Return a model by name, from a filtered listing, because the specification has no Get operation.

        If the service refuses the filter or finds nothing, every model of the account is listed.

        Args:
            name: The model's name, accounts/my-account/models/my-model, or its ID, my-model.
            account_id: The account of an ID; the client's account by default.

        Raises:
            ModelNotFoundError: The account has no model of that name; the error suggests similar ones.
            ConfigurationError: The name is not the name of a model, or an ID has no account.
        """
        settings = self._lists._settings
        wanted, end = _parse_name(name, account_id or settings.account_id), settings.clock.now() + settings.deadline
        query = f"name = {quote(str(wanted))}"
        filtered = self.list(account_id=wanted.account_id, filter=query, deadline=_remaining(settings, end))
        try:
            for model in filtered:
                if model._payload.get("name") == str(wanted):
                    return model
        except InvalidArgumentError:
            pass  # The specification does not name the fields that a filter may use.
        pager = self.list(account_id=wanted.account_id, deadline=_remaining(settings, end))
        return _choose_model([model for model in pager], str(wanted))


class AsyncModels:
    """The models of an account."""

    def __init__(self, lists: AsyncLists) -> None:
        self._lists = lists

    def list(
        self,
        *,
        account_id: str | None = None,
        filter: Condition | None = None,
        order_by: SortKey | Iterable[SortKey] | None = None,
        read_mask: str | Iterable[Path] | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        limit: int | None = None,
        prefetch: bool = False,
        deadline: float | None = None,
        on_malformed: OnMalformed = "raise",
    ) -> AsyncPager[Model]:
        """Return a pager over the models of an account, as `Models.list` does; loop over it with `async for`."""
        return self._lists.list(
            _LIST_MODELS,
            account_id=account_id,
            filter=filter,
            order_by=order_by,
            read_mask=read_mask,
            page_size=page_size,
            page_token=page_token,
            limit=limit,
            prefetch=prefetch,
            deadline=deadline,
            on_malformed=on_malformed,
        )

    async def get(self, name: str | ModelName, *, account_id: str | None = None) -> Model:
        """Return a model by name, as `Models.get` does."""
        settings = self._lists._settings
        wanted, end = _parse_name(name, account_id or settings.account_id), settings.clock.now() + settings.deadline
        query = f"name = {quote(str(wanted))}"
        filtered = self.list(account_id=wanted.account_id, filter=query, deadline=_remaining(settings, end))
        try:
            async for model in filtered:
                if model._payload.get("name") == str(wanted):
                    return model
        except InvalidArgumentError:
            pass  # The specification does not name the fields that a filter may use.
        pager = self.list(account_id=wanted.account_id, deadline=_remaining(settings, end))
        return _choose_model([model async for model in pager], str(wanted))


def _remaining(settings: Settings, end: float) -> float | None:
    """Return the seconds until the clock's time `end`, or None if it is infinity; at least the least deadline."""
    return None if end == inf else max(end - settings.clock.now(), 1e-3)


def _parse_name(name: str | ModelName, account_id: str | None) -> ModelName:
    if isinstance(name, ModelName):
        return name
    if account_id is None and name and "/" not in name:
        raise parameter_error("account_id", f"must be set to find a model by its ID, got {name!r:.200}")
    return ModelName.parse(name, account_id=account_id)


def _choose_model(models: Iterable[Model], wanted: str) -> Model:
    """Return the model of a name, or raise `ModelNotFoundError` with similar names."""
    named = {name: model for model in models if isinstance(name := model._payload.get("name"), str)}
    if wanted not in named:
        raise ModelNotFoundError(wanted, near_models(wanted, named))
    return named[wanted]


class _ModelsOfClient:
    """The models of each client; on the class it is their type, for `help` and `create_autospec`."""

    def __init__(self, kind: type[Any], lists: type[Any]) -> None:
        self._kind = kind
        self._lists = lists

    def __get__(self, client: Any, owner: type[Any]) -> Any:
        if client is None:
            return self._kind
        # Without the client: a reference cycle would keep the connections until the garbage collector runs.
        models = vars(client)["models"] = self._kind(self._lists(client._settings, client._transport))
        return models


class _Client(_Operations, Generic[AnyHttpClient]):
    _transport_class: ClassVar[type[Any]]

    def __init__(
        self,
        *,
        api_key: str | None = None,
        account_id: str | None = None,
        base_url: str | None = None,
        timeout: float | httpx.Timeout = DEFAULT_TIMEOUT,
        deadline: float | None = DEFAULT_DEADLINE,
        max_retries: int = DEFAULT_MAX_RETRIES,
        http_client: AnyHttpClient | None = None,
        default_headers: Mapping[str, str] | None = None,
        user_agent_suffix: str | None = None,
        on_retry: OnRetry | None = None,
        clock: Clock | None = None,
        insecure_host: str | None = None,
    ) -> None:
        key = http_settings.read_key(api_key)
        del api_key  # No traceback shows the key from here on.
        insecure_host = http_settings.read_insecure_host(insecure_host)
        settings = Settings(
            key=http_settings.check_key(key),
            account_id=http_settings.read_account_id(account_id),
            base_url=http_settings.read_base_url(base_url, insecure_host),
            timeout=http_settings.check_timeout(timeout),
            deadline=inf if deadline is None else check_seconds("deadline", deadline),
            max_retries=http_settings.check_integer("max_retries", max_retries),
            headers=http_settings.read_headers(default_headers),
            user_agent=http_settings.build_user_agent(user_agent_suffix),
            on_retry=on_retry,
            clock=clock or Clock(),
            insecure_host=insecure_host,
        )
        super().__init__(settings, self._transport_class(settings, http_client))

    def with_options(
        self,
        *,
        timeout: float | httpx.Timeout | None = None,
        max_retries: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Return a client with other options over the same connections, which closing it leaves open.

        Args:
            timeout: Timeout in seconds for each network step, or an `httpx.Timeout`; unchanged by default.
            max_retries: Number of retries of a transient failure; unchanged by default.
            headers: Headers to add to `default_headers`, or to replace there.

        Raises:
            ConfigurationError: An option is invalid.
        """
        client = copy(self)
        for name in ("api", "models"):
            vars(client).pop(name, None)  # It has the transport of this client.
        client._settings = self._settings.change(timeout, max_retries, headers)
        client._transport = self._transport.share(client._settings)
        return client

    @cached_property
    def api(self) -> _openapi.GeneratedClient:
        """The generated client over the same connections, for its sync functions (async client: its async ones).

        It signs requests, and sends them to `base_url` only. Copies of it, as of `with_headers`, do not sign.
        """
        client: _openapi.GeneratedClient = self._transport.api()
        return client

    def __repr__(self) -> str:
        # A traceback may show a client before its settings are set.
        settings: Settings | None = vars(self).get("_settings")
        shown = f"account_id={settings.account_id!r}, base_url={settings.base_url!r}" if settings else "..."
        return f"{type(self).__name__}({shown})"


class GatewayClient(_Client[HttpClient], Lists):
    """Client of the Gateway REST API of Fireworks, with one connection pool, which its `with` block closes.

    Threads may share a sync client, and the tasks of one event loop an async one.

    Args:
        api_key: API key; FIREWORKS_API_KEY by default.
        account_id: Default account of each call; FIREWORKS_ACCOUNT_ID by default.
        base_url: URL of the service; FIREWORKS_BASE_URL or that of the specification by default. Must be https, or
            http to a loopback address or to `insecure_host`.
        timeout: Timeout in seconds for each network step (connect, read, write), or an `httpx.Timeout`. Default: 30.
        deadline: Seconds for a request with its retries, waits and body; None for no limit. Default: 120.
        max_retries: Number of retries of a transient failure: 408, 429, 502 to 504, 520 to 524, 527, 529, 530, or a
            connection that failed or broke. Default: 2.
        http_client: Your client of httpx or httpx2. It stays open, and only requests of this client contain the key.
        default_headers: Headers for every request, except Authorization and those of the connection. They replace
            headers of the same name from FIREWORKS_CUSTOM_HEADERS, which has lines such as X-Team: search.
        user_agent_suffix: Addition to the user agent, e.g. my-job/1.2.
        on_retry: Callback invoked with a `Retry` before each retry.
        clock: Source of time and randomness, for tests.
        insecure_host: Host name to which plain http may send the key, for tests between containers;
            FIREWORKS_INSECURE_HOST by default.

    Raises:
        ConfigurationError: The key is missing, or an argument or setting is invalid. The key is never shown.
    """

    models: Models = cast("Models", _ModelsOfClient(Models, Lists))
    """The models of an account."""

    _transport_class = Transport

    def close(self) -> None:
        """Close the connections, without waiting for a page that is being prefetched."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


class AsyncGatewayClient(_Client[AsyncHttpClient], AsyncLists):
    """Async client of the Gateway REST API of Fireworks, for asyncio and trio.

    It has the arguments and attributes of `GatewayClient`, with an async `http_client`, and `aclose` for `close`. Its
    `async with` block closes the connections. Use it in one event loop.
    """

    models: AsyncModels = cast("AsyncModels", _ModelsOfClient(AsyncModels, AsyncLists))
    """The models of an account."""

    _transport_class = AsyncTransport

    async def aclose(self) -> None:
        """Close the connections, without waiting for a page that is being prefetched."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self.aclose()
