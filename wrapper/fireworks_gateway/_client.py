"""`GatewayClient` and `AsyncGatewayClient`, and `client.models`: sync and async twins of the same text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, partial
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from ._fields.fields import Message
from ._fields.paths import Path
from ._http.retries import DEFAULT_MAX_RETRIES, Clock, OnRetry
from ._http.settings import DEFAULT_DEADLINE, DEFAULT_TIMEOUT, Settings, key_from, seconds_from, settings_from
from ._http.transport import AsyncTransport, Transport
from ._listing.async_pager import AsyncFetch, AsyncPager
from ._listing.operation import ListOperation
from ._listing.page import OnMalformed, check_on_malformed
from ._listing.pager import Fetch, Pager
from ._listing.query import (
    Condition,
    SortKey,
    build_query,
    format_filter,
    format_mask,
    format_order,
    resolve_page_size,
)
from ._model import Model
from ._names import ModelName
from ._openapi import GeneratedClient
from .errors import ConfigurationError, ModelNotFoundError
from .filters._literals import quote
from .specification import LIST_MODELS

M = TypeVar("M", bound=Message)

_MODELS = LIST_MODELS.of(Model)


class Lists:
    """The list operations of the API."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._settings = settings
        self._transport = transport

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
        """Return a pager over any list operation; nothing is sent before you loop over it.

        Args:
            operation: An operation of `fireworks_gateway.specification`, e.g. LIST_MODELS. If it has parameters of its
                own, call the function there that has its name in lower case.
            account_id: The account in the path; the client's account by default.
            filter: Condition (AIP-160) as text or on the fields of the operation's message; all items by default.
            order_by: Order (AIP-132) as text or fields; the service's order by default.
            read_mask: Fields to return (AIP-157), as text or as fields; all by default.
            page_size: Items requested for each page, 1 or more; 200 by default, or `limit` if that is less.
            page_token: First page to request, a token of an earlier listing with the same parameters.
            limit: Number of items after which to stop, 0 or more; no limit by default.
            prefetch: Fetch the next page while you read one (async: needs asyncio).
            deadline: Seconds that a walk may take from its beginning to its end; unlimited by default.
            on_malformed: Whether an item that is not an object should "raise", or "skip" and be noted in the page's
                `problems`.

        Raises:
            ConfigurationError: The operation lacks or requires a parameter, or a value is invalid; nothing was sent.
        """
        check_on_malformed(on_malformed)
        standard = _standard(operation, account_id, filter, order_by, read_mask, page_size, limit)
        query = build_query(operation, standard, self._settings.account_id)
        make_fetch = partial(Fetch[M], self._transport, self._settings, query, on_malformed, _seconds(deadline))
        return Pager(make_fetch, query, query.first_bookmark(page_token), limit, prefetch)


class AsyncLists:
    """The list operations of the API."""

    def __init__(self, settings: Settings, transport: AsyncTransport) -> None:
        self._settings = settings
        self._transport = transport

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
        """Return a pager over any list operation; nothing is sent before you loop over it.

        Args:
            operation: An operation of `fireworks_gateway.specification`, e.g. LIST_MODELS. If it has parameters of its
                own, call the function there that has its name in lower case.
            account_id: The account in the path; the client's account by default.
            filter: Condition (AIP-160) as text or on the fields of the operation's message; all items by default.
            order_by: Order (AIP-132) as text or fields; the service's order by default.
            read_mask: Fields to return (AIP-157), as text or as fields; all by default.
            page_size: Items requested for each page, 1 or more; 200 by default, or `limit` if that is less.
            page_token: First page to request, a token of an earlier listing with the same parameters.
            limit: Number of items after which to stop, 0 or more; no limit by default.
            prefetch: Fetch the next page while you read one (async: needs asyncio).
            deadline: Seconds that a walk may take from its beginning to its end; unlimited by default.
            on_malformed: Whether an item that is not an object should "raise", or "skip" and be noted in the page's
                `problems`.

        Raises:
            ConfigurationError: The operation lacks or requires a parameter, or a value is invalid; nothing was sent.
        """
        check_on_malformed(on_malformed)
        standard = _standard(operation, account_id, filter, order_by, read_mask, page_size, limit)
        query = build_query(operation, standard, self._settings.account_id)
        make_fetch = partial(AsyncFetch[M], self._transport, self._settings, query, on_malformed, _seconds(deadline))
        return AsyncPager(make_fetch, query, query.first_bookmark(page_token), limit, prefetch)


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
        """Return an account's models as a listing to loop over; nothing is sent before that.

        Args:
            account_id: Whose models; the client's account by default. `accounts/fireworks` means fireworks.
            filter: Which models (AIP-160): a condition on fields, Model.supports_tools & (Model.context_length > 8192),
                or text, 'supports_serverless = true'; all by default.
            order_by: In what order (AIP-132): fields, Model.create_time.desc() or a list of such, or text,
                'create_time desc'; by name by default.
            read_mask: Which fields (AIP-157), as text or as fields, e.g. [Model.name, Model.kind]; all by default.
            page_size: How many models a request asks for, 1 or more, which the service coerces to 200 at the most;
                200 by default, or `limit` where that is less.
            page_token: Where to begin, a token of an earlier listing with the same parameters.
            limit: At how many models to end, 0 or more; no limit by default.
            prefetch: Whether to fetch the next page while one is being read (async: needs asyncio).
            deadline: For how many seconds a walk may take from its beginning to its end; no bound by default. The
                client's own deadline bounds each request all the same.
            on_malformed: What to do with an item that is not an object: "raise", or "skip" it and note it in the
                page's `problems`.

        Raises:
            ConfigurationError: An argument cannot work; nothing was sent.
        """
        return self._lists.list(
            _MODELS,
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

    def get(self, name: str | ModelName) -> Model:
        """Return the model of a name. It lists with a filter, since the specification has no Get operation.

        Args:
            name: The model's name, accounts/my-account/models/my-model.

        Raises:
            ModelNotFoundError: The account has no model of that name.
            ConfigurationError: The name cannot be a model's.
        """
        wanted = model_name_from(name)
        for model in self.list(account_id=wanted.account_id, filter=f"name = {quote(str(wanted))}"):
            if model.name == str(wanted):
                return model
        raise ModelNotFoundError(str(wanted))


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
        """Return an account's models as a listing to loop over; nothing is sent before that.

        Args:
            account_id: Whose models; the client's account by default. `accounts/fireworks` means fireworks.
            filter: Which models (AIP-160): a condition on fields, Model.supports_tools & (Model.context_length > 8192),
                or text, 'supports_serverless = true'; all by default.
            order_by: In what order (AIP-132): fields, Model.create_time.desc() or a list of such, or text,
                'create_time desc'; by name by default.
            read_mask: Which fields (AIP-157), as text or as fields, e.g. [Model.name, Model.kind]; all by default.
            page_size: How many models a request asks for, 1 or more, which the service coerces to 200 at the most;
                200 by default, or `limit` where that is less.
            page_token: Where to begin, a token of an earlier listing with the same parameters.
            limit: At how many models to end, 0 or more; no limit by default.
            prefetch: Whether to fetch the next page while one is being read (async: needs asyncio).
            deadline: For how many seconds a walk may take from its beginning to its end; no bound by default. The
                client's own deadline bounds each request all the same.
            on_malformed: What to do with an item that is not an object: "raise", or "skip" it and note it in the
                page's `problems`.

        Raises:
            ConfigurationError: An argument cannot work; nothing was sent.
        """
        return self._lists.list(
            _MODELS,
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

    async def get(self, name: str | ModelName) -> Model:
        """Return the model of a name. It lists with a filter, since the specification has no Get operation.

        Args:
            name: The model's name, accounts/my-account/models/my-model.

        Raises:
            ModelNotFoundError: The account has no model of that name.
            ConfigurationError: The name cannot be a model's.
        """
        wanted = model_name_from(name)
        async for model in self.list(account_id=wanted.account_id, filter=f"name = {quote(str(wanted))}"):
            if model.name == str(wanted):
                return model
        raise ModelNotFoundError(str(wanted))


def _standard(
    operation: ListOperation[Any],
    account_id: str | None,
    filter: Condition | None,
    order_by: SortKey | Iterable[SortKey] | None,
    read_mask: str | Iterable[Path] | None,
    page_size: int | None,
    limit: int | None,
) -> Mapping[str, Any]:
    """Return the values of the parameters that most list operations have; None means unset.

    Raises:
        ConfigurationError: The operation is none, or a value is invalid.
    """
    if not isinstance(operation, ListOperation):
        message = f"operation must be a ListOperation such as LIST_MODELS, got {operation!r:.80}"
        raise ConfigurationError(message, parameter="operation")
    size = resolve_page_size(page_size, limit)
    return {
        "account_id": account_id,
        "filter": format_filter(filter),
        "order_by": format_order(order_by),
        "read_mask": format_mask(read_mask),
        "page_size": size if page_size is not None or "page_size" in operation.parameters else None,
    }


def _seconds(deadline: float | None) -> float | None:
    return None if deadline is None else seconds_from("deadline", deadline)


def model_name_from(name: str | ModelName) -> ModelName:
    """Return a model's name, given as one or as text.

    Raises:
        ConfigurationError: It cannot be one.
    """
    return name if isinstance(name, ModelName) else ModelName.parse(name)


class GatewayClient(Lists):
    """The Gateway REST API of Fireworks, over one pool of connections; it closes with its `with` block.

    Threads may share a sync client, and the tasks of one event loop an async one.

    Args:
        api_key: The API key; FIREWORKS_API_KEY by default.
        account_id: Whose models are listed unless a call says otherwise; FIREWORKS_ACCOUNT_ID by default.
        base_url: Where the service is; FIREWORKS_BASE_URL, or else the specification's server, by default. Plain http
            is for loopback.
        timeout: For how many seconds one step of a request (connecting, one read, one write) may stall; 30 by
            default.
        deadline: For how many seconds a request may take in all, every attempt, wait and body included; 120 by
            default, None for no bound.
        max_retries: How often a request is sent again, at the most, after a failure that may pass: 408, 429, 502, 503,
            504, or a connection that failed or broke; 2 by default.
        http_client: An httpx client to send with, e.g. with a proxy; it is not closed by this one, and the key goes
            only into requests that this one makes.
        user_agent_suffix: What to add to the user agent, e.g. my-job/1.2.
        on_retry: What is called, with a `Retry`, before a request is sent again; for metrics.
        clock: What time it is and how to wait; for tests.

    Raises:
        ConfigurationError: There is no key, or an argument or setting cannot work. The key is never shown.
    """

    def __init__(
        self,
        *,
        api_key: str | None = None,
        account_id: str | None = None,
        base_url: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        deadline: float | None = DEFAULT_DEADLINE,
        max_retries: int = DEFAULT_MAX_RETRIES,
        http_client: httpx.Client | None = None,
        user_agent_suffix: str | None = None,
        on_retry: OnRetry | None = None,
        clock: Clock | None = None,
    ) -> None:
        key = key_from(api_key)
        del api_key  # From here on the key is where no traceback shows it.
        settings = settings_from(
            key=key,
            account_id=account_id,
            base_url=base_url,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            user_agent_suffix=user_agent_suffix,
            on_retry=on_retry,
            clock=clock,
        )
        super().__init__(settings, Transport(settings, http_client))
        # Not of this client itself: in a circle, neither would be let go of before the collector comes.
        self.models: Models = Models(Lists(settings, self._transport))

    @cached_property
    def api(self) -> GeneratedClient:
        """The generated client, for its own functions: signed, and over the same connections.

        A sync client's is for the sync functions, an async client's for the others. It asks `base_url` and no other
        server, and what its `with_headers` and the like make anew is not signed.
        """
        return self._transport.api()

    def close(self) -> None:
        """Close the connections, without waiting for a page that is being fetched ahead."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        # A traceback may show a client that is still being made.
        settings: Settings | None = vars(self).get("_settings")
        told = f"account_id={settings.account_id!r}, base_url={settings.base_url!r}" if settings else "..."
        return f"{type(self).__name__}({told})"


class AsyncGatewayClient(AsyncLists):
    """The Gateway REST API of Fireworks, over one pool of connections; it closes with its `async with` block.

    Threads may share a sync client, and the tasks of one event loop an async one.

    Args:
        api_key: The API key; FIREWORKS_API_KEY by default.
        account_id: Whose models are listed unless a call says otherwise; FIREWORKS_ACCOUNT_ID by default.
        base_url: Where the service is; FIREWORKS_BASE_URL, or else the specification's server, by default. Plain http
            is for loopback.
        timeout: For how many seconds one step of a request (connecting, one read, one write) may stall; 30 by
            default.
        deadline: For how many seconds a request may take in all, every attempt, wait and body included; 120 by
            default, None for no bound.
        max_retries: How often a request is sent again, at the most, after a failure that may pass: 408, 429, 502, 503,
            504, or a connection that failed or broke; 2 by default.
        http_client: An httpx client to send with, e.g. with a proxy; it is not closed by this one, and the key goes
            only into requests that this one makes.
        user_agent_suffix: What to add to the user agent, e.g. my-job/1.2.
        on_retry: What is called, with a `Retry`, before a request is sent again; for metrics.
        clock: What time it is and how to wait; for tests.

    Raises:
        ConfigurationError: There is no key, or an argument or setting cannot work. The key is never shown.
    """

    def __init__(
        self,
        *,
        api_key: str | None = None,
        account_id: str | None = None,
        base_url: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        deadline: float | None = DEFAULT_DEADLINE,
        max_retries: int = DEFAULT_MAX_RETRIES,
        http_client: httpx.AsyncClient | None = None,
        user_agent_suffix: str | None = None,
        on_retry: OnRetry | None = None,
        clock: Clock | None = None,
    ) -> None:
        key = key_from(api_key)
        del api_key  # From here on the key is where no traceback shows it.
        settings = settings_from(
            key=key,
            account_id=account_id,
            base_url=base_url,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            user_agent_suffix=user_agent_suffix,
            on_retry=on_retry,
            clock=clock,
        )
        super().__init__(settings, AsyncTransport(settings, http_client))
        # Not of this client itself: in a circle, neither would be let go of before the collector comes.
        self.models: AsyncModels = AsyncModels(AsyncLists(settings, self._transport))

    @cached_property
    def api(self) -> GeneratedClient:
        """The generated client, for its own functions: signed, and over the same connections.

        A sync client's is for the sync functions, an async client's for the others. It asks `base_url` and no other
        server, and what its `with_headers` and the like make anew is not signed.
        """
        return self._transport.api()

    async def aclose(self) -> None:
        """Close the connections, without waiting for a page that is being fetched ahead."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        # A traceback may show a client that is still being made.
        settings: Settings | None = vars(self).get("_settings")
        told = f"account_id={settings.account_id!r}, base_url={settings.base_url!r}" if settings else "..."
        return f"{type(self).__name__}({told})"
