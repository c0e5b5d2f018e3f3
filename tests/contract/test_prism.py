"""The client against Prism, an independent server that knows the document alone, and with Prism before the fake."""

import asyncio
import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

import httpx
import pytest

from fireworks_gateway import (
    AsyncGatewayClient,
    FieldError,
    GatewayClient,
    Message,
    Model,
    NotFoundError,
    Page,
    PageTokenError,
    StatusError,
    UnauthenticatedError,
    Unrecognized,
    specification,
)
from fireworks_gateway._fields.messages import fields_of
from fireworks_gateway.testing import FakeGateway, model_payload

from .conftest import Changing
from .prism import Prism, mock

pytestmark = pytest.mark.contract

KEY = {"Authorization": "Bearer any-key"}
PAGES = 400
ENUMS = {each for each in vars(specification).values() if isinstance(each, type) and issubclass(each, StrEnum)}


@pytest.fixture(scope="session")
def static() -> Iterator[Prism]:
    """A Prism with one response, which has an example of each type."""
    with mock() as prism:
        yield prism


@pytest.fixture(scope="session")
def dynamic() -> Iterator[Prism]:
    """A Prism with random responses."""
    with mock("--dynamic") as prism:
        yield prism


def client_at(url: str, **options: Any) -> GatewayClient:
    """Return a client of a server."""
    return GatewayClient(base_url=url, api_key="any-key", account_id="fireworks", **options)


class Reading(NamedTuple):
    """A field of a message: its path, its JSON, and its value or the FieldError that access raises."""

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
    """Return whether Prism sent an invalid value: it knows neither `format: int64` of strings nor dates."""
    if reading.path == "base_model_details.parameter_count":
        return re.fullmatch("-?[0-9]+", reading.sent) is None
    if reading.path == "deprecation_date":
        ends = {"year": 9999, "month": 12, "day": 31}
        return not all(0 <= reading.sent[part] <= end for part, end in ends.items())
    return False


def test_prism_requires_the_key_that_the_clients_send(static: Prism) -> None:
    """Requests without a bearer's key get 401; those of both clients do not."""
    assert static.get({}).status_code == 401
    assert static.get({"Authorization": "Basic YW55OmtleQ=="}).status_code == 401
    assert static.get(KEY).status_code == 200

    async def first() -> Model | None:
        async with AsyncGatewayClient(base_url=static.url, api_key="any-key", account_id="fireworks") as client:
            return await client.models.list().first()

    with client_at(static.url) as client:
        assert client.models.list().first() == asyncio.run(first()) is not None


@pytest.mark.parametrize(
    ("path", "signed", "kind", "status_code", "message"),
    [
        ("", False, UnauthenticatedError, 401, "the security requirements"),
        ("/other", True, NotFoundError, 404, r"The route /other/v1/accounts/fireworks/models hasn't been found"),
    ],
    ids=["401", "404"],
)
def test_an_error_response_raises_the_error_of_its_status(
    static: Prism, path: str, signed: bool, kind: type[StatusError], status_code: int, message: str
) -> None:
    """The message comes from the body (application/problem+json, RFC 9457)."""
    with (
        httpx.Client(
            event_hooks={"request": [] if signed else [lambda request: request.headers.pop("Authorization")]}
        ) as http,
        client_at(static.url + path, http_client=http) as client,
        pytest.raises(kind, match=message) as raised,
    ):
        client.models.list().first()
    assert type(raised.value) is kind
    assert raised.value.status_code == status_code
    assert raised.value.request.startswith(f"GET {static.url}{path}/v1/accounts/fireworks/models")


@pytest.mark.parametrize(
    "parameters",
    [
        {"filter": 'kind = "HF_BASE_MODEL" AND display_name : "a b+c&d=é"'},
        {"order_by": "create_time desc, base_model_details.parameter_count"},
        {"read_mask": [Model.name, Model.base_model_details.parameter_count]},
        {"page_size": 2**31 - 1, "page_token": "a/b+c==&d"},
        {"filter": "", "order_by": "name", "read_mask": "*", "page_size": 1, "page_token": "token"},
    ],
    ids=lambda parameters: "+".join(parameters),
)
def test_every_parameter_is_valid(static: Prism, parameters: dict[str, Any]) -> None:
    """Prism refuses parameters that are not of the document's types."""
    assert static.get(KEY, pageSize="ten").status_code == 422
    with client_at(static.url) as client:
        assert client.models.list(limit=1, **parameters).first() is not None


@pytest.mark.parametrize(
    "account_id",
    ["my-account", "~a.b_c-d", "..a", "a:b@c", "a&b=c", "a+b", "a;b,c", "$a!(b)*", "<a>|[b]^c`", "über-日本-🎆"],
)
def test_any_account_id_arrives(static: Prism, account_id: str) -> None:
    """Odd but legal characters reach the server in one segment of the path."""
    with client_at(static.url) as client:
        assert client.models.list(account_id=account_id, limit=1).first() is not None
    static.log_line(f"get /v1/accounts/{account_id}/models ")


def test_random_pages_are_decoded(dynamic: Prism) -> None:
    """Only repeated tokens and two fields with invalid values raise errors, and every enum value is seen."""
    # This request seeds the sequence of responses; with `--seed` all would be the same.
    assert dynamic.get({**KEY, "Prefer": "seed=fireworks"}).status_code == 200
    pages: list[Page[Model]] = []
    with client_at(dynamic.url) as client:
        while len(pages) < PAGES:
            pages += pages_of_a_walk(client, at_most=PAGES - len(pages))
    seen: set[tuple[type, str]] = set()
    for page in pages:
        assert isinstance(page.total_size, int)
        assert page.problems == ()
        for model in page.items:
            seen |= check_model(model)
    assert seen == {(kind, member) for kind in ENUMS for member in kind}


def pages_of_a_walk(client: GatewayClient, *, at_most: int) -> list[Page[Model]]:
    """Return the pages of a new walk, which ends at a repeated token."""
    pages: list[Page[Model]] = []
    try:
        for page in islice(client.models.list().pages(), at_most):
            pages.append(page)
    except PageTokenError as error:
        assert error.page_token == pages[-1].next_page_token
        assert error.page_token in {page.page_token for page in pages}
    else:
        assert len(pages) == at_most
    assert len({page.page_token for page in pages}) == len(pages)
    return pages


def check_model(model: Model) -> set[tuple[type, str]]:
    """Check every field of a model and of its generated counterpart; return its enums and their values."""
    assert not model.unknown_fields
    read = list(readings(model))
    for reading in read:
        assert isinstance(reading.value, FieldError) == is_outside_its_type(reading), reading
        assert reading.value is not None, reading
        assert not isinstance(reading.value, Unrecognized), reading
    for before, after in zip(read, readings(Model(model.generated.to_dict())), strict=True):
        assert before.path == after.path
        assert before.value == after.value or isinstance(before.value, Message), before
    return {(type(each.value), each.value) for each in read if isinstance(each.value, StrEnum)}


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"page_size": 7},
        {"filter": "supports_serverless = true AND context_length >= 8192"},
        {"filter": 'display_name = "Llama*" OR kind = DRAFT_ADDON', "order_by": "create_time desc"},
        {"order_by": "base_model_details.parameter_count desc, name", "page_size": 100, "limit": 150},
        {"read_mask": [Model.name, Model.base_model_details.parameter_count]},
    ],
    ids=str,
)
def test_a_listing_matches_the_document(between: Prism, changing: Changing, parameters: dict[str, Any]) -> None:
    """Prism accepts every request and page, and the models arrive unchanged, one with every field unset too."""
    unset = model_payload(name="accounts/fireworks/models/~")
    gateway = FakeGateway([*FakeGateway().client().models.list(), unset], api_key="any-key")
    changing.answer = gateway.reply
    with client_at(between.url) as client:
        listed = client.models.list(**parameters).to_list()
    assert gateway.requests
    assert listed == gateway.client().models.list(**parameters).to_list()
    assert listed
