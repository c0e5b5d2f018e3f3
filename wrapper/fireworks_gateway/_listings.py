"""The named resource of this document, models: what can be listed, and got by name."""

from __future__ import annotations

from collections.abc import Iterable

from ._async_pagination import AsyncPager
from ._generated import Code, list_models
from ._lists import AsyncLists, Lists
from ._models import Model
from ._names import ModelName
from ._pages import OnMalformed
from ._pagination import Pager
from ._paths import Path
from ._queries import Condition, Term
from .errors import NotFoundError
from .filters import quoted


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
            list_models,
            item=Model,
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
            list_models,
            item=Model,
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
