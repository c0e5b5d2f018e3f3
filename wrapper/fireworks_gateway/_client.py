"""The clients: build a query, send it, read the answer; nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, partial
from types import TracebackType
from typing import Self

import httpx

from ._bookmarks import Bookmark
from ._clock import Clock
from ._fetching import AsyncFetch, Fetch
from ._generated import Code, GeneratedClient
from ._models import Model
from ._names import ModelName
from ._pages import OnMalformed, check_on_malformed
from ._pagination import AsyncPager, Pager
from ._queries import Path, Query, models_query
from ._retries import DEFAULT_MAX_RETRIES, OnRetry
from ._settings import DEFAULT_DEADLINE, DEFAULT_TIMEOUT, Settings, key_from, seconds_from, settings_from
from ._transport import AsyncTransport, Transport
from .errors import ConfigurationError, NotFoundError
from .filters import quoted


class Models:
    """The models of an account."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._settings = settings
        self._transport = transport

    def list(
        self,
        *,
        account_id: str | None = None,
        filter: str | None = None,
        order_by: str | None = None,
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
            filter: Which models, in the filter language (AIP-160), e.g. 'supports_serverless = true'; all by default.
            order_by: In what order (AIP-132), e.g. 'create_time desc'; by name by default.
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
        check_on_malformed(on_malformed)
        seconds = None if deadline is None else seconds_from("deadline", deadline)
        query = models_query(
            account_id=account_id if account_id is not None else self._settings.account_id,
            filter=filter,
            order_by=order_by,
            read_mask=read_mask,
            page_size=page_size,
            limit=limit,
        )
        fetching = partial(Fetch, self._transport, self._settings, query, on_malformed, seconds)
        return Pager(fetching, query, start_of(query, page_token), limit, prefetch)

    def get(self, name: str | ModelName) -> Model:
        """Return the model of a name, asked for by a filter: the specification has no operation of its own for it.

        Args:
            name: The model's name, accounts/my-account/models/my-model.

        Raises:
            NotFoundError: The account has no model of that name. Its status_code is then the listing's: 200.
            ConfigurationError: The name cannot be a model's.
        """
        wanted = model_name_from(name)
        for model in self.list(account_id=wanted.account_id, filter=f"name = {quoted(str(wanted))}"):
            if model.name == str(wanted):
                return model
        raise not_found(wanted)


class GatewayClient:
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
        self._settings = settings_from(
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
        self._transport = Transport(self._settings, http_client)
        self.models = Models(self._settings, self._transport)

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


class AsyncModels:
    """The models of an account."""

    def __init__(self, settings: Settings, transport: AsyncTransport) -> None:
        self._settings = settings
        self._transport = transport

    def list(
        self,
        *,
        account_id: str | None = None,
        filter: str | None = None,
        order_by: str | None = None,
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
            filter: Which models, in the filter language (AIP-160), e.g. 'supports_serverless = true'; all by default.
            order_by: In what order (AIP-132), e.g. 'create_time desc'; by name by default.
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
        check_on_malformed(on_malformed)
        seconds = None if deadline is None else seconds_from("deadline", deadline)
        query = models_query(
            account_id=account_id if account_id is not None else self._settings.account_id,
            filter=filter,
            order_by=order_by,
            read_mask=read_mask,
            page_size=page_size,
            limit=limit,
        )
        fetching = partial(AsyncFetch, self._transport, self._settings, query, on_malformed, seconds)
        return AsyncPager(fetching, query, start_of(query, page_token), limit, prefetch)

    async def get(self, name: str | ModelName) -> Model:
        """Return the model of a name, asked for by a filter: the specification has no operation of its own for it.

        Args:
            name: The model's name, accounts/my-account/models/my-model.

        Raises:
            NotFoundError: The account has no model of that name. Its status_code is then the listing's: 200.
            ConfigurationError: The name cannot be a model's.
        """
        wanted = model_name_from(name)
        async for model in self.list(account_id=wanted.account_id, filter=f"name = {quoted(str(wanted))}"):
            if model.name == str(wanted):
                return model
        raise not_found(wanted)


class AsyncGatewayClient:
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
        self._settings = settings_from(
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
        self._transport = AsyncTransport(self._settings, http_client)
        self.models = AsyncModels(self._settings, self._transport)

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


def start_of(query: Query, page_token: str | None) -> Bookmark:
    """Return the bookmark at which a listing starts.

    Raises:
        ConfigurationError: The page token is not one.
    """
    if page_token is not None and not isinstance(page_token, str):
        raise ConfigurationError(f"page_token is a token that the service gave; not {page_token!r}")
    return Bookmark(page_token or "", query=query.fingerprint)


def model_name_from(name: str | ModelName) -> ModelName:
    """Return a model's name, given as one or as text.

    Raises:
        ConfigurationError: It cannot be one.
    """
    return name if isinstance(name, ModelName) else ModelName.parse(name)


def not_found(name: ModelName) -> NotFoundError:
    """Return the error of a model that the listing does not hold."""
    message = f"{name} is not among the account's models"
    return NotFoundError(message, status_code=200, code=Code.NOT_FOUND, request=f"models.get({str(name)!r})")
