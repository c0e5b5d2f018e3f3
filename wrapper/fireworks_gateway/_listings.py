"""`client.list` and `client.models`: the methods that return pagers, sync and async."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, TypeVar

from ._async_pagination import AsyncPager
from ._fetching import AsyncFetch, Fetch
from ._fields import Message
from ._models import Model
from ._names import ModelName
from ._openapi import Code
from ._operation import ListOperation
from ._pages import OnMalformed, check_on_malformed
from ._pagination import Pager
from ._paths import Path
from ._queries import (
    Condition,
    Term,
    filter_from,
    mask_from,
    order_from,
    page_size_from,
    query_for,
    start_from,
)
from ._settings import Settings, seconds_from
from ._transport import AsyncTransport, Transport
from .errors import ConfigurationError, NotFoundError
from .filters import quoted
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
        order_by: Term | Iterable[Term] | None = None,
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
        query = query_for(operation, standard, self._settings.account_id)
        fetching = partial(Fetch[M], self._transport, self._settings, query, on_malformed, _seconds(deadline))
        return Pager(fetching, query, start_from(query, page_token), limit, prefetch)


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
        order_by: Term | Iterable[Term] | None = None,
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
        query = query_for(operation, standard, self._settings.account_id)
        fetching = partial(AsyncFetch[M], self._transport, self._settings, query, on_malformed, _seconds(deadline))
        return AsyncPager(fetching, query, start_from(query, page_token), limit, prefetch)


class Models:
    """The models of an account."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists

    def list(
        self,
        *,
        account_id: str | None = None,
        filter: Condition | None = None,
        order_by: Term | Iterable[Term] | None = None,
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


class AsyncModels:
    """The models of an account."""

    def __init__(self, lists: AsyncLists) -> None:
        self._lists = lists

    def list(
        self,
        *,
        account_id: str | None = None,
        filter: Condition | None = None,
        order_by: Term | Iterable[Term] | None = None,
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


def _standard(
    operation: ListOperation[Any],
    account_id: str | None,
    filter: Condition | None,
    order_by: Term | Iterable[Term] | None,
    read_mask: str | Iterable[Path] | None,
    page_size: int | None,
    limit: int | None,
) -> Mapping[str, Any]:
    """Return the values of the parameters that most list operations have; None means unset.

    Raises:
        ConfigurationError: The operation is none, or a value is invalid.
    """
    if not isinstance(operation, ListOperation):
        raise ConfigurationError(f"operation must be a ListOperation such as LIST_MODELS, got {operation!r:.80}")
    size = page_size_from(page_size, limit)
    return {
        "account_id": account_id,
        "filter": filter_from(filter),
        "order_by": order_from(order_by),
        "read_mask": mask_from(read_mask),
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


def not_found(name: ModelName) -> NotFoundError:
    """Return the error of a model that the listing does not hold."""
    message = f"{name} is not among the account's models"
    return NotFoundError(message, status_code=200, code=Code.NOT_FOUND, request=f"models.get({str(name)!r})")
