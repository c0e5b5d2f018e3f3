"""Which operations can be listed, found by what they take and answer and not by name, and what a listing of one asks.

Loaded with the first listing, so that importing the package need not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from types import ModuleType
from typing import Any, Generic, NamedTuple, TypeVar

import attrs

from ._answers import page_in
from ._bookmarks import Bookmark
from ._fields import Message
from ._message_types import MessageType
from ._pages import OnMalformed, Page, check_on_malformed
from ._parameters import given_to, path_of, query_parameters_of
from ._paths import Path
from ._queries import Condition, Query, Term, filter_from, mask_from, order_from, page_size_from
from ._responses import Answer
from ._settings import Settings, seconds_from
from ._shapes import Endpoint, endpoint_of, items_of, properties_of
from ._views import view_for
from .errors import ConfigurationError

M = TypeVar("M", bound=Message)


class ListOperation(NamedTuple):
    """An operation of this API's list shape (AIP-132, AIP-158): a page token goes in, a list of messages comes out.

    Attributes:
        endpoint: Its generated endpoint module.
        lists: The classes of what is listed, by the list's name in JSON; one, as a rule.
    """

    endpoint: Endpoint
    lists: Mapping[str, type[Any]]


class Listing(NamedTuple, Generic[M]):
    """What a listing asks and how it is read: all that is decided before anything is sent.

    Attributes:
        query: What is asked.
        read: Returns the page that an answer holds, given the token that it was asked by.
        start: Where the listing begins.
        seconds: For how long a walk may last; None for ever.
    """

    query: Query
    read: Callable[[Answer, str], Page[M]]
    start: Bookmark
    seconds: float | None


def operation_of(module: object) -> ListOperation:
    """Return the list operation that a generated endpoint module is.

    Raises:
        ConfigurationError: It is no such module, or no list.
    """
    operation = _operation_of(module) if isinstance(module, ModuleType) else None
    if operation is None:
        raise ConfigurationError(
            "a listing is of a generated endpoint module, such as fireworks_gateway_openapi.api.gateway."
            f"gateway_list_models, and not of a function in it; not {module!r:.200}"
        )
    return operation


@cache
def _operation_of(module: ModuleType) -> ListOperation | None:
    endpoint = endpoint_of(module)
    return None if endpoint is None else _checked(endpoint)


def _checked(endpoint: Endpoint) -> ListOperation:
    lists = {key: made for answer in endpoint.answers for key, made in _lists(answer).items()}
    if endpoint.method != "get":
        raise _no_list(endpoint, f"it is a {endpoint.method.upper()}, and a list is a GET")
    if not lists:
        told = ", ".join(each.__name__ for each in endpoint.answers) or "nothing that is documented"
        raise _no_list(endpoint, f"it answers with {told}, in which there are no nextPageToken and list of messages")
    if "page_token" not in endpoint.query:
        raise _no_list(endpoint, "it takes no page_token, so that there is no asking for a second page")
    if others := endpoint.needed - {*endpoint.path.values(), *endpoint.query.values()}:
        raise _no_list(endpoint, f"it needs {', '.join(others)}, which are neither in the path nor in the query string")
    return ListOperation(endpoint, lists)


def _no_list(endpoint: Endpoint, why: str) -> ConfigurationError:
    return ConfigurationError(f"{endpoint.name} cannot be listed: {why}")


def _lists(answer: type[Any]) -> dict[str, type[Any]]:
    """Return the classes of the lists of messages in an answer, by name in JSON; none where it has no next page."""
    properties = properties_of(answer)
    if "nextPageToken" not in [each.key for each in properties]:
        return {}
    lists = {each.key: items for each in properties for kind in each.kinds if (items := items_of(kind)) is not None}
    return {key: items[0] for key, items in lists.items() if len(items) == 1 and attrs.has(items[0])}


def list_in(operation: ListOperation, item: object) -> tuple[str, type[Message]]:
    """Return the name of the list in JSON, and the class that shows what is in it; `item` None means its own view.

    Raises:
        ConfigurationError: There are several lists to choose from, or `item` is no message class for one.
    """
    name, lists = operation.endpoint.name, operation.lists
    if item is not None and not (isinstance(item, MessageType) and issubclass(item, Message) and not item._path):
        raise ConfigurationError(f"item is a Message class that shows what is listed; not {item!r:.200}")
    fitting = {key: made for key, made in lists.items() if item is None or _shows(item, made)}
    if len(fitting) == 1:
        [(key, made)] = fitting.items()
        return key, view_for(made) if item is None else item
    told = ", ".join(f"{key} of {made.__name__}" for key, made in lists.items())
    if not fitting:
        raise ConfigurationError(f"{name} lists {told}; {item!r:.200} is declared for another message")
    raise ConfigurationError(f"{name} lists {told}; say which with item=, a Message class with generated= one of them")


def _shows(item: type[Message], made: type[Any]) -> bool:
    # The same message of another document, generated into a package of its own, has a class of the same name.
    return item._generated is None or item._generated.__name__ == made.__name__


def listing_of(
    settings: Settings,
    module: ModuleType,
    item: type[M] | None,
    parameters: Mapping[str, Any] | None,
    *,
    account_id: str | None = None,
    filter: Condition | None = None,
    order_by: Term | Iterable[Term] | None = None,
    read_mask: str | Iterable[Path] | None = None,
    page_size: int | None = None,
    page_token: str | None = None,
    limit: int | None = None,
    deadline: float | None = None,
    on_malformed: OnMalformed = "raise",
) -> Listing[M]:
    """Return a listing of any list operation.

    Raises:
        ConfigurationError: The module is no list operation, or an argument cannot work; nothing was sent.
    """
    operation = operation_of(module)
    key, view = list_in(operation, item)
    check_on_malformed(on_malformed)
    size = page_size_from(page_size, limit)
    keywords = {
        "account_id": account_id,
        "filter": filter_from(filter),
        "order_by": order_from(order_by),
        "read_mask": mask_from(read_mask),
        "page_size": size if page_size is not None or "page_size" in operation.endpoint.query else None,
    }
    query = query_of(operation.endpoint, given_to(operation.endpoint, keywords, parameters), settings.account_id)
    return Listing(
        query=query,
        read=partial(_page, items_key=key, view=view, on_malformed=on_malformed),
        start=start_of(query, page_token),
        seconds=None if deadline is None else seconds_from("deadline", deadline),
    )


def query_of(endpoint: Endpoint, given: Mapping[str, Any], account_id: str | None) -> Query:
    """Return the query of what is given; `account_id` is the client's own."""
    path, parameters = path_of(endpoint, given, account_id), query_parameters_of(endpoint, given)
    return Query(endpoint.module, path, parameters, {**endpoint.path, **endpoint.query})


def start_of(query: Query, page_token: str | None) -> Bookmark:
    """Return the bookmark at which a listing starts.

    Raises:
        ConfigurationError: The page token is not one.
    """
    if page_token is not None and not isinstance(page_token, str):
        raise ConfigurationError(f"page_token is a token that the service gave; not {page_token!r}")
    return Bookmark(page_token or "", query=query.fingerprint)


def _page(answer: Answer, page_token: str, *, items_key: str, view: Any, on_malformed: OnMalformed) -> Page[Any]:
    return page_in(answer, items_key=items_key, read=view, page_token=page_token, on_malformed=on_malformed)
