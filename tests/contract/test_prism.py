"""The clients against Prism, a server by others that answers from `openapi/gateway.yaml` alone: `make contract`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple, Protocol, TypeVar

import httpx
import pytest

from fireworks_gateway import (
    AsyncGatewayClient,
    Code,
    FieldError,
    GatewayClient,
    Model,
    ModelKind,
    ModelState,
    NotFoundError,
    Page,
    PageTokenError,
    StatusError,
    UnauthenticatedError,
    Unrecognized,
)
from fireworks_gateway._fields.messages import Message, fields_of
from fireworks_gateway.specification import (
    BaseModelDetailsCheckpointFormat,
    DeployedModelState,
    DeploymentPrecision,
    ModelSnapshotType,
)

from .prism import Prism, mocking

pytestmark = pytest.mark.contract

T = TypeVar("T")

ENUMS: tuple[type[StrEnum], ...] = (
    BaseModelDetailsCheckpointFormat,
    Code,
    DeployedModelState,
    DeploymentPrecision,
    ModelKind,
    ModelSnapshotType,
    ModelState,
)


@pytest.fixture(scope="session")
def static() -> Iterator[Prism]:
    """A Prism whose answer is always the same, made of one example of each type."""
    with mocking() as prism:
        yield prism


@pytest.fixture(scope="session")
def dynamic() -> Iterator[Prism]:
    """A Prism whose answers are random."""
    with mocking("--dynamic") as prism:
        yield prism


class Listings(Protocol):
    """A client's listings, to walk over with `for` whichever client it is."""

    def models(self, **asked: Any) -> Iterator[Model]:
        """Return a walk over models."""
        ...

    def pages(self, **asked: Any) -> Iterator[Page[Model]]:
        """Return a walk over pages."""
        ...


class SyncListings:
    """The listings of a `GatewayClient`."""

    def __init__(self, resources: ExitStack, url: str, *, signed: bool = True) -> None:
        http = None if signed else resources.enter_context(httpx.Client(event_hooks={"request": [unsign]}))
        client = GatewayClient(base_url=url, api_key="any-key", account_id="fireworks", http_client=http)
        self._models = resources.enter_context(client).models

    def models(self, **asked: Any) -> Iterator[Model]:
        return iter(self._models.list(**asked))

    def pages(self, **asked: Any) -> Iterator[Page[Model]]:
        return self._models.list(**asked).pages()


class AsyncListings:
    """The listings of an `AsyncGatewayClient`."""

    def __init__(self, resources: ExitStack, url: str, *, signed: bool = True) -> None:
        async def unsign_async(request: httpx.Request) -> None:
            unsign(request)

        self._loop = resources.enter_context(asyncio.Runner())
        http = None if signed else httpx.AsyncClient(event_hooks={"request": [unsign_async]})
        if http is not None:
            resources.callback(lambda: self._loop.run(http.aclose()))
        client = AsyncGatewayClient(base_url=url, api_key="any-key", account_id="fireworks", http_client=http)
        resources.callback(lambda: self._loop.run(client.aclose()))
        self._models = client.models

    def models(self, **asked: Any) -> Iterator[Model]:
        return self._each(aiter(self._models.list(**asked)))

    def pages(self, **asked: Any) -> Iterator[Page[Model]]:
        return self._each(self._models.list(**asked).pages())

    def _each(self, walk: AsyncIterator[T]) -> Iterator[T]:
        async def following() -> T | None:
            return await anext(walk, None)

        return iter(lambda: self._loop.run(following()), None)


def unsign(request: httpx.Request) -> None:
    """Take the key out of a request."""
    del request.headers["Authorization"]


@pytest.fixture(params=[SyncListings, AsyncListings], ids=["sync", "async"])
def listings_of(request: pytest.FixtureRequest) -> Iterator[Callable[..., Listings]]:
    """Return the listings at a URL, asked for by the sync and by the async client."""
    with ExitStack() as resources:
        yield lambda url, **options: request.param(resources, url, **options)


class Reading(NamedTuple):
    """A field of a message: its path, what was sent, and what it reads as, or the error that reading it raises."""

    path: str
    sent: Any
    value: Any


def readings(message: Message, path: str = "") -> Iterator[Reading]:
    """Return every declared field of a message and of the messages in it."""
    for name, field in fields_of(type(message)).items():
        value: Any
        try:
            value = getattr(message, name)
        except FieldError as error:
            value = error
        yield Reading(f"{path}{name}", message.payload.get(field.key), value)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Message):
                yield from readings(part, f"{path}{name}.")


def is_outside_its_type(reading: Reading) -> bool:
    """Say whether Prism sent what the field cannot hold, as it knows neither `format: int64` of strings nor dates."""
    if reading.path == "base_model_details.parameter_count":
        return re.fullmatch("-?[0-9]+", reading.sent) is None
    if reading.path == "deprecation_date":
        ends = {"year": 9999, "month": 12, "day": 31}
        return not all(0 <= reading.sent[part] <= end for part, end in ends.items())
    return False


def test_prism_demands_the_key_that_the_clients_send(static: Prism, listings_of: Callable[..., Listings]) -> None:
    """A request without a bearer's key is refused with 401, and ours are not."""
    assert static.answer({}).status_code == 401
    assert static.answer({"Authorization": "Basic YW55OmtleQ=="}).status_code == 401
    assert static.answer({"Authorization": "Bearer any-key"}).status_code == 200
    assert next(listings_of(static.url).models()).name == "string"


@pytest.mark.parametrize(
    ("path", "options", "asked", "kind", "status_code", "message"),
    [
        ("", {"signed": False}, {}, UnauthenticatedError, 401, "the security requirements"),
        ("/other", {}, {}, NotFoundError, 404, r"The route /other/v1/accounts/fireworks/models hasn't been found"),
    ],
    ids=["401", "404"],
)
def test_what_prism_refuses_is_an_error_of_its_class(
    static: Prism,
    listings_of: Callable[..., Listings],
    path: str,
    options: dict[str, Any],
    asked: dict[str, Any],
    kind: type[StatusError],
    status_code: int,
    message: str,
) -> None:
    """Its bodies (application/problem+json, RFC 9457) give the error its message; the status gives it its class."""
    with pytest.raises(kind, match=message) as raised:
        next(listings_of(static.url + path, **options).models(**asked))
    assert type(raised.value) is kind
    assert raised.value.status_code == status_code
    assert raised.value.request.startswith(f"GET {static.url}{path}/v1/accounts/fireworks/models")


def test_every_field_of_the_static_answer_reads(static: Prism, listings_of: Callable[..., Listings]) -> None:
    """On every level, as what Prism has for its type; the two fields whose example is no value of theirs say so."""
    page = next(listings_of(static.url).pages())
    assert (page.next_page_token, page.total_size, page.problems) == ("string", -(2**31), ())
    (model,) = page.items
    samples = {
        str: "string",
        bool: True,
        int: -(2**31),
        datetime: datetime(2019, 8, 24, 14, 15, 22, tzinfo=UTC),
    }
    unreadable: set[str] = set()
    lists: dict[str, Any] = {}
    for path, sent, value in readings(model):
        if isinstance(value, FieldError):
            unreadable.add(path)
            assert value.value == sent
        elif isinstance(value, Message):
            assert value.payload == sent
            assert not value.unknown_fields
        elif isinstance(value, StrEnum):
            assert type(value) in ENUMS
            assert value == sent
        elif type(value) in samples:
            assert value == samples[type(value)], path
        else:
            lists[path] = value
    assert unreadable == {"base_model_details.parameter_count", "deprecation_date"}
    assert len(lists.pop("deployed_model_refs")) == 1
    assert lists == {
        "base_model_details.huggingface_files": ("string",),
        "peft_details.target_modules": ("string",),
        "default_sampling_params": dict.fromkeys(("property1", "property2"), -3.402823669209385e38),
    }


def test_a_listing_whose_token_repeats_ends_in_an_error(static: Prism, listings_of: Callable[..., Listings]) -> None:
    """Prism always says "string": the first page and the page of that token come once, then the walk raises."""
    listings = listings_of(static.url)
    for walk in (listings.models(), listings.pages()):
        first, second = next(walk), next(walk)
        with pytest.raises(PageTokenError, match="must name a new page") as raised:
            next(walk)
        assert raised.value.page_token == "string"
        assert raised.value.bookmark is not None
        assert (raised.value.bookmark.page_token, raised.value.bookmark.taken) == ("string", 2)
        if isinstance(first, Page) and isinstance(second, Page):
            assert (first.page_token, second.page_token) == ("", "string")


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_a_limit_ends_such_a_listing_in_peace(static: Prism, listings_of: Callable[..., Listings], limit: int) -> None:
    """As long as it is within what there is before the token repeats."""
    listings = listings_of(static.url)
    assert len(list(listings.models(limit=limit))) == limit
    assert len(list(listings.pages(limit=limit))) == limit


@pytest.mark.parametrize(
    "asked",
    [
        {"filter": 'kind = "HF_BASE_MODEL" AND display_name : "a b+c&d=é"'},
        {"order_by": "create_time desc, base_model_details.parameter_count"},
        {"read_mask": [Model.name, Model.base_model_details.parameter_count]},
        {"read_mask": "*"},
        {"page_size": 1},
        {"page_size": 2**31 - 1},
        {"page_token": "a/b+c==&d"},
        {"filter": "", "order_by": "name", "read_mask": "name", "page_size": 200, "page_token": "token"},
    ],
    ids=lambda asked: "+".join(asked),
)
def test_prism_finds_every_parameter_valid(
    static: Prism, listings_of: Callable[..., Listings], asked: dict[str, Any]
) -> None:
    """Prism refuses a parameter that is not of the specification's type, and none of ours is refused."""
    assert static.answer({"Authorization": "Bearer any-key"}, pageSize="ten").status_code == 422
    assert len(list(listings_of(static.url).models(limit=1, **asked))) == 1


@pytest.mark.parametrize(
    "account_id",
    ["my-account", "~a.b_c-d", "..a", "a:b@c", "a&b=c", "a+b", "a;b,c", "$a!(b)*", "<a>|[b]^c`", "über-日本-🎆"],
)
def test_any_account_id_arrives(static: Prism, listings_of: Callable[..., Listings], account_id: str) -> None:
    """Characters that are odd but legal in an id reach the server in the path, as one segment."""
    assert len(list(listings_of(static.url).models(account_id=account_id, limit=1))) == 1
    static.logged(f"get /v1/accounts/{account_id}/models ")


def test_a_thousand_random_pages_bring_no_surprise(dynamic: Prism, listings_of: Callable[..., Listings]) -> None:
    """Only repeated tokens and two fields with values outside of their types are errors."""
    # Prism seeds itself by a request that says so, and goes on from there; with `--seed` all answers would be the same.
    assert dynamic.answer({"Authorization": "Bearer any-key", "Prefer": "seed=fireworks"}).status_code == 200
    listings = listings_of(dynamic.url)
    pages: list[Page[Model]] = []
    while len(pages) < 1000:
        pages += pages_of_a_walk(listings, at_most=1000 - len(pages))
    seen: dict[type, set[StrEnum]] = {kind: set() for kind in ENUMS}
    for page in pages:
        assert isinstance(page.total_size, int)
        assert page.problems == ()
        for model in page.items:
            check_model(model, seen)
    assert seen == {kind: set(kind) for kind in ENUMS}


def pages_of_a_walk(listings: Listings, *, at_most: int) -> list[Page[Model]]:
    """Return the pages of a new walk, which goes on until a token that it was asked by comes again."""
    pages: list[Page[Model]] = []
    walk = listings.pages()
    try:
        for page in islice(walk, at_most):
            pages.append(page)
    except PageTokenError as error:
        assert error.page_token == pages[-1].next_page_token
        assert error.page_token in {page.page_token for page in pages}
    else:
        assert len(pages) == at_most, "the walk ended, though every page of Prism's names another"
    assert len({page.page_token for page in pages}) == len(pages)
    return pages


def check_model(model: Model, seen: dict[type, set[StrEnum]]) -> None:
    """Check that a model reads whole and that its generated counterpart says the same; note the enum values in it."""
    assert not model.unknown_fields
    read = list(readings(model))
    for reading in read:
        assert isinstance(reading.value, FieldError) == is_outside_its_type(reading), reading
        assert reading.value is not None, reading
        assert not isinstance(reading.value, Unrecognized), reading
        if isinstance(reading.value, StrEnum):
            seen[type(reading.value)].add(reading.value)
    again = Model(model.generated.to_dict())
    for before, after in zip(read, readings(again), strict=True):
        assert before.path == after.path
        assert before.value == after.value or isinstance(before.value, Message), before
