"""Arguments of a listing: validated before a request, and sent under the names of the specification."""

from datetime import datetime
from enum import Enum
from typing import Any

import pytest
from attrs import evolve

from fireworks_gateway import ConfigurationError, Model
from fireworks_gateway._listing.query import Query
from fireworks_gateway.specification import LIST_MODELS
from fireworks_gateway.testing import FakeGateway, faults
from tests.shared.sample_message import Sample
from tests.shared.sent_requests import query_of

INVALID: list[dict[str, Any]] = [
    {"page_size": 0},
    {"page_size": 2**31},
    {"limit": -1},
    {"limit": 2**63},
    {"account_id": ".."},
    {"account_id": "\ud800"},
    {"filter": Model.name},
    {"order_by": []},
    {"order_by": ["\ud800"]},
    {"order_by": Sample.number_map},
    {"order_by": [Model.name, Sample.child_list]},
    {"read_mask": [Sample.number_map["temperature"]]},
    {"filter": "\ud800"},
    {"read_mask": [Model]},
    {"read_mask": Model.name},
    {"order_by": 5},
    {"page_token": "\ud800"},
    {"read_mask": "\ud800"},
    {"on_malformed": "ignore"},
]


@pytest.mark.parametrize("argument", INVALID, ids=str)
def test_an_invalid_argument_is_rejected(argument: dict[str, Any]) -> None:
    """Before a request, sync and async. The error names the parameter, and is a ValueError."""
    gateway = FakeGateway(3)
    with pytest.raises(ConfigurationError) as raised:
        gateway.client().models.list(**argument)
    assert isinstance(raised.value, ValueError)
    if raised.value.parameter is not None:
        assert [raised.value.parameter] == [*argument]
    with pytest.raises(ConfigurationError):
        gateway.async_client().models.list(**argument)
    assert gateway.requests == []


def sent_parameters(**arguments: Any) -> dict[str, str]:
    """Return the query string of the first request of a listing."""
    gateway = FakeGateway(0, faults=[faults.respond(200, b"{}")])
    gateway.client().models.list(**arguments).first()
    return query_of(gateway.requests[0])


class Constant(str, Enum):  # noqa: UP042  # The `str` of a StrEnum is the text.
    """Texts of a program."""

    NAME = "name"


def test_parameters_are_sent_under_the_specifications_names() -> None:
    """No other parameter is sent, and of an Enum of texts the text."""
    assert sent_parameters() == {"page_size": "200"}
    constants = sent_parameters(filter=Constant.NAME, order_by=Constant.NAME, read_mask=[Constant.NAME])
    assert {*constants.values()} == {"name", "200"}
    assert sent_parameters(
        filter="a = b&c", order_by="name desc", read_mask="name", page_size=7, page_token="t+/="
    ) == {"page_size": "7", "page_token": "t+/=", "filter": "a = b&c", "order_by": "name desc", "read_mask": "name"}


@pytest.mark.parametrize(
    ("limit", "page_size", "sent"),
    [
        (None, None, 200),
        (5, None, 5),
        (1000, None, 200),
        (5, 50, 50),
        (7, 2**31 - 1, 2**31 - 1),
    ],
)
def test_page_size_by_default(limit: int | None, page_size: int | None, sent: int) -> None:
    """200, or the limit if that is less. An explicit size is sent unchanged."""
    assert sent_parameters(limit=limit, page_size=page_size)["page_size"] == str(sent)


def test_a_fingerprint_depends_on_every_parameter() -> None:
    """And on the path, but not on the order of the parameters or the name of the operation."""
    parameters = {"account_id": "fireworks", "filter": "a = b", "page_size": 7}
    query = Query(LIST_MODELS, parameters)
    others = [
        Query(evolve(LIST_MODELS, path="/v1/other"), parameters),
        Query(LIST_MODELS, {**parameters, "account_id": "other"}),
        Query(LIST_MODELS, {**parameters, "since": datetime(2026, 1, 31)}),
        Query(LIST_MODELS, {**parameters, "since": datetime(2026, 2, 1)}),
    ]
    assert len({query.fingerprint, *(other.fingerprint for other in others)}) == 5
    again = Query(evolve(LIST_MODELS, name="LIST_THINGS"), dict(reversed(parameters.items())))
    assert again.fingerprint == query.fingerprint
    assert hash(again) == hash(query)


def test_a_fingerprint_does_not_change() -> None:
    """A stored bookmark stays valid after an update of the package, and after the path's parameters are renamed."""
    renamed = evolve(LIST_MODELS, path="/v1/accounts/{parent}/models")
    for operation in (LIST_MODELS, renamed):
        assert Query(operation, {"account_id": "fireworks", "page_size": 200}).fingerprint == "369bed54918c2507"


def test_a_mask_is_text_or_fields() -> None:
    """A field is sent as its path, in snake case."""
    assert sent_parameters(read_mask="*")["read_mask"] == "*"
    mask = [Model.name, "kind", Model.base_model_details.parameter_count, Model.status]
    assert sent_parameters(read_mask=mask)["read_mask"] == "name,kind,base_model_details.parameter_count,status"


def test_only_the_page_token_changes_in_a_walk() -> None:
    """The page size stays the same, even before a limit."""
    gateway = FakeGateway(500)
    assert len(gateway.client().models.list(limit=450).to_list()) == 450
    rest = [
        {name: value for name, value in query_of(each).items() if name != "page_token"} for each in gateway.requests
    ]
    assert rest == [{"page_size": "200"}] * 3
