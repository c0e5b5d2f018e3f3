"""Any list operation as a listing to loop over; a sync and an async shell of the same text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from types import ModuleType
from typing import Any, TypedDict, TypeVar, Unpack, overload

from ._async_pagination import AsyncPager
from ._fetching import AsyncFetch, Fetch
from ._fields import Message
from ._pages import OnMalformed
from ._pagination import Pager
from ._paths import Path
from ._queries import Condition, Term
from ._settings import Settings
from ._transport import AsyncTransport, Transport

M = TypeVar("M", bound=Message)


class Asked(TypedDict, total=False):
    """What every listing can be asked with; `client.models.list` says what each is."""

    account_id: str | None
    filter: Condition | None
    order_by: Term | Iterable[Term] | None
    read_mask: str | Iterable[Path] | None
    page_size: int | None
    page_token: str | None
    deadline: float | None
    on_malformed: OnMalformed


class Lists:
    """The list operations of an API."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._settings = settings
        self._transport = transport

    @overload
    def list(
        self,
        endpoint: ModuleType,
        *,
        item: type[M],
        parameters: Mapping[str, Any] | None = None,
        limit: int | None = None,
        prefetch: bool = False,
        **asked: Unpack[Asked],
    ) -> Pager[M]: ...
    @overload
    def list(
        self,
        endpoint: ModuleType,
        *,
        item: None = None,
        parameters: Mapping[str, Any] | None = None,
        limit: int | None = None,
        prefetch: bool = False,
        **asked: Unpack[Asked],
    ) -> Pager[Message]: ...
    def list(
        self,
        endpoint: ModuleType,
        *,
        item: type[Message] | None = None,
        parameters: Mapping[str, Any] | None = None,
        limit: int | None = None,
        prefetch: bool = False,
        **asked: Unpack[Asked],
    ) -> Pager[Any]:
        """Return any list operation's listing to loop over; nothing is sent before that.

        Args:
            endpoint: The generated endpoint module, e.g. fireworks_gateway_openapi.api.gateway.gateway_list_models, of
                this package or of one that was generated from another document.
            item: The class that shows what is listed, declared with `fireworks_gateway.fields`; by default one whose
                fields are the generated class's, under its names.
            parameters: What else the operation takes, by name in either spelling: in the path, such as deployment_id,
                or in the query string, such as show_deleted.
            limit: At how many items to end, 0 or more; no limit by default.
            prefetch: Whether to fetch the next page while one is being read (async: needs asyncio).
            asked: What `client.models.list` takes too: account_id, filter, order_by, read_mask, page_size, page_token,
                deadline and on_malformed.

        Raises:
            ConfigurationError: The operation is no list, does not take what is given, or lacks what it needs; nothing
                was sent.
        """
        from ._operations import listing_of  # Importing the package need not wait for it.

        listing = listing_of(self._settings, endpoint, item, parameters, limit=limit, **asked)
        query = listing.query
        fetching = partial(Fetch[Any], self._transport, self._settings, query, listing.read, listing.seconds)
        return Pager(fetching, query, listing.start, limit, prefetch)


class AsyncLists:
    """The list operations of an API."""

    def __init__(self, settings: Settings, transport: AsyncTransport) -> None:
        self._settings = settings
        self._transport = transport

    @overload
    def list(
        self,
        endpoint: ModuleType,
        *,
        item: type[M],
        parameters: Mapping[str, Any] | None = None,
        limit: int | None = None,
        prefetch: bool = False,
        **asked: Unpack[Asked],
    ) -> AsyncPager[M]: ...
    @overload
    def list(
        self,
        endpoint: ModuleType,
        *,
        item: None = None,
        parameters: Mapping[str, Any] | None = None,
        limit: int | None = None,
        prefetch: bool = False,
        **asked: Unpack[Asked],
    ) -> AsyncPager[Message]: ...
    def list(
        self,
        endpoint: ModuleType,
        *,
        item: type[Message] | None = None,
        parameters: Mapping[str, Any] | None = None,
        limit: int | None = None,
        prefetch: bool = False,
        **asked: Unpack[Asked],
    ) -> AsyncPager[Any]:
        """Return any list operation's listing to loop over; nothing is sent before that.

        Args:
            endpoint: The generated endpoint module, e.g. fireworks_gateway_openapi.api.gateway.gateway_list_models, of
                this package or of one that was generated from another document.
            item: The class that shows what is listed, declared with `fireworks_gateway.fields`; by default one whose
                fields are the generated class's, under its names.
            parameters: What else the operation takes, by name in either spelling: in the path, such as deployment_id,
                or in the query string, such as show_deleted.
            limit: At how many items to end, 0 or more; no limit by default.
            prefetch: Whether to fetch the next page while one is being read (async: needs asyncio).
            asked: What `client.models.list` takes too: account_id, filter, order_by, read_mask, page_size, page_token,
                deadline and on_malformed.

        Raises:
            ConfigurationError: The operation is no list, does not take what is given, or lacks what it needs; nothing
                was sent.
        """
        from ._operations import listing_of  # Importing the package need not wait for it.

        listing = listing_of(self._settings, endpoint, item, parameters, limit=limit, **asked)
        query = listing.query
        fetching = partial(AsyncFetch[Any], self._transport, self._settings, query, listing.read, listing.seconds)
        return AsyncPager(fetching, query, listing.start, limit, prefetch)
