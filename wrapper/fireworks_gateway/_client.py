"""The clients: settings, one pool of connections, and what can be listed over it."""

from __future__ import annotations

from functools import cached_property
from types import TracebackType
from typing import Self

import httpx

from ._clock import Clock
from ._listings import AsyncLists, AsyncModels, Lists, Models
from ._openapi import GeneratedClient
from ._retries import DEFAULT_MAX_RETRIES, OnRetry
from ._settings import DEFAULT_DEADLINE, DEFAULT_TIMEOUT, Settings, key_from, settings_from
from ._transport import AsyncTransport, Transport


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
