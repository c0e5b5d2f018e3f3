"""What a request asks for: the account in its path, and the parameters in its query."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import frozen

from .._openapi import Code
from ._addresses import flaw_of_path, int32_from
from ._exchange import Refusal, Request

_DEFAULT_PAGE, _LARGEST_PAGE = 50, 200
_MODELS = re.compile(r"/v1/accounts/([^/]+)/models").fullmatch
_PARAMETERS = {
    "pageSize": "page_size",
    "pageToken": "page_token",
    "filter": "filter",
    "orderBy": "order_by",
    "readMask": "read_mask",
}


@frozen
class Parameters:
    """The parameters of a listing, by the specification's names."""

    page_size: int = 0
    page_token: str = ""
    filter: str = ""
    order_by: str = ""
    read_mask: str = ""


def routed(request: Request) -> str:
    """Return the account whose models are asked for, or refuse the address or the method."""
    refuse(flaw_of_path(request.target.partition("?")[0]))
    match = _MODELS(request.path)
    if match is None:
        raise Refusal(Code.NOT_FOUND, "Not Found")
    if request.method != "GET":
        raise Refusal(Code.UNIMPLEMENTED, "Method Not Allowed")
    return match[1]


def refuse(flaw: str | None) -> None:
    if flaw is not None:
        raise Refusal(Code.INVALID_ARGUMENT, flaw)


def parameters_from(query: Sequence[tuple[str, str]]) -> Parameters:
    """Return the parameters that a query string holds, under either spelling; others are ignored."""
    given: dict[str, list[str]] = {}
    for name, value in query:
        known = _PARAMETERS.get(name, name)
        if known in _PARAMETERS.values():
            given.setdefault(known, []).append(value)
    for name, values in given.items():
        if len(values) > 1:
            raise Refusal(Code.INVALID_ARGUMENT, f'too many values for field "{name}": {", ".join(values)}')
    texts = {name: values[0] for name, values in given.items()}
    try:
        size = int32_from("page_size", texts.pop("page_size")) if "page_size" in texts else 0
    except ValueError as error:
        raise Refusal(Code.INVALID_ARGUMENT, str(error)) from None
    return Parameters(page_size=size, **texts)


def page_size_of(parameters: Parameters) -> int:
    """Return how many models a page gets (AIP-158): 0 means the default, and what is above the largest is coerced."""
    if parameters.page_size < 0:
        raise Refusal(Code.INVALID_ARGUMENT, f"page_size must not be negative; it is {parameters.page_size}")
    return min(parameters.page_size or _DEFAULT_PAGE, _LARGEST_PAGE)
