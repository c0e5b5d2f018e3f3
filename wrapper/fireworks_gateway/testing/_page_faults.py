"""What goes wrong with a listing: its pages, its tokens, and the models on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from attrs import evolve

from .._readers import is_object
from ._exchange import Answering, Reply, Request, encoded
from ._faults import Fault
from ._printing import Printing, printed, unrecognized
from ._tokens import token_to

Page = dict[str, Any]


def empty_page() -> Fault:
    """A page without models whose token leads to those that should have been on it, as AIP-158 allows."""

    def change(request: Request, page: Page) -> None:
        page.update(models=[], nextPageToken=token_to(request))

    return _listing("empty_page()", change)


def short_page(count: int) -> Fault:
    """A page with so many models, fewer than asked for, whose token leads to the rest, as AIP-158 allows.

    Raises:
        ValueError: `count` is below 1; a page with none is `empty_page()`.
    """
    if count < 1:
        raise ValueError(f"short_page takes a count of 1 or more, not {count}; without models it is empty_page()")

    def answer(request: Request, ask: Answering) -> Reply:
        others = tuple(pair for pair in request.query if pair[0] not in ("pageSize", "page_size"))
        return ask(evolve(request, query=(*others, ("pageSize", str(count)))))

    return Fault(f"short_page({count})", answer=answer)


def repeated_token() -> Fault:
    """A page whose next_page_token is the token that it was asked for with; of the first page, one that leads to it."""

    def change(request: Request, page: Page) -> None:
        page["nextPageToken"] = dict(request.query).get("pageToken") or token_to(request, offset=0)

    return _listing("repeated_token()", change)


def earlier_token(offset: int = 0) -> Fault:
    """A page whose next_page_token leads back to the model with a number, from 0: pages that go round in a circle."""

    def change(request: Request, page: Page) -> None:
        page["nextPageToken"] = token_to(request, offset=offset)

    return _listing(f"earlier_token({offset})", change)


def total_size(value: Any) -> Fault:
    """A page that tells another total_size, which AIP-158 allows to be an estimate."""
    return changed_page(lambda page: page.update(totalSize=value), name=f"total_size({value!r})")


def with_fields(**fields: Any) -> Fault:
    """A page whose models have some properties, by JSON key, as given: `with_fields(kind=7, contextLength="long")`."""
    arguments = ", ".join(f"{key}={value!r}" for key, value in fields.items())
    return changed_models(lambda model: model.update(fields), name=f"with_fields({arguments})")


def unknown_fields() -> Fault:
    """A page whose models have fields that the specification lacks, in their messages too."""
    return in_print(Printing(unknown_fields=True), name="unknown_fields()")


def unknown_enum_names() -> Fault:
    """A page whose models have, in every enum field, a name that the specification lacks."""
    return changed_models(
        lambda model: model.update(unrecognized(model, "NEWER_THAN_THE_SPECIFICATION")), name="unknown_enum_names()"
    )


def unknown_enum_numbers() -> Fault:
    """A page whose models have, in every enum field, a number that no value has: how ProtoJSON prints unknown ones."""
    return changed_models(lambda model: model.update(unrecognized(model, 1000)), name="unknown_enum_numbers()")


def timestamps(digits: int) -> Fault:
    """A page whose timestamps have so many fractional digits: 0, 3, 6 or 9."""
    return in_print(Printing(fraction_digits=digits), name=f"timestamps({digits})")


def in_print(printing: Printing, *, name: str = "") -> Fault:
    """A page printed in another way."""

    def change(model: dict[str, Any]) -> None:
        changed = printed(model, printing)
        model.clear()
        model.update(changed)

    return changed_models(change, name=name or f"in_print({printing})")


def meanwhile(happens: Callable[[], object]) -> Fault:
    """Something happens before the answer: `meanwhile(lambda: gateway.remove(name))`, for models that change."""

    def answer(request: Request, ask: Answering) -> Reply:
        happens()
        return ask(request)

    return Fault(f"meanwhile({happens!r})", answer=answer)


def changed_models(change: Callable[[dict[str, Any]], object], *, name: str = "") -> Fault:
    """A page with something done to each of its models: a function that changes the JSON object it is given."""

    def on_page(page: Page) -> None:
        for model in page.get("models", ()):  # An empty list of them is not printed, where what is unset is not.
            change(model)

    return changed_page(on_page, name=name or f"changed_models({change!r})")


def changed_page(change: Callable[[dict[str, Any]], object], *, name: str = "") -> Fault:
    """A page with something done to it: a function that changes the JSON object of the response."""
    return _listing(name or f"changed_page({change!r})", lambda _, page: change(page))


def _listing(name: str, change: Callable[[Request, Page], object]) -> Fault:
    def answer(request: Request, ask: Answering) -> Reply:
        reply = ask(request)
        if reply.status != 200:  # A refusal has no page to change.
            return reply
        page = _page_in(reply, name)
        change(request, page)
        return evolve(reply, body=encoded(page))

    return Fault(name, answer=answer)


def _page_in(reply: Reply, name: str) -> Page:
    try:
        page = json.loads(reply.body)
    except ValueError:
        page = None
    if not is_object(page):
        raise ValueError(f"{name} has no page to change; what makes it none stands to the left: gzipped() & {name}")
    return page
