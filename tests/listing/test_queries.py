"""What is asked: checked before anything is sent, and sent under the specification's names."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest
from attrs import evolve

from fireworks_gateway import ConfigurationError, GatewayClient, Model
from fireworks_gateway.testing import FakeGateway

BAD_ARGUMENTS: list[dict[str, Any]] = [
    {"page_size": 0},
    {"page_size": -1},
    {"page_size": "x"},
    {"page_size": 2**31},
    {"page_size": 1.5},
    {"page_size": True},
    {"limit": -1},
    {"limit": "x"},
    {"account_id": ""},
    {"account_id": "."},
    {"account_id": ".."},
    {"account_id": "a/b"},
    {"account_id": "None"},
    {"account_id": 5},
    {"account_id": "\ud800"},
    {"filter": 5},
    {"filter": Model.name},
    {"filter": Model.status},
    {"filter": True},
    {"order_by": 5},
    {"order_by": []},
    {"order_by": [""]},
    {"order_by": ["\ud800"]},
    {"order_by": [5]},
    {"order_by": Model.status},
    {"order_by": Model.default_sampling_params},
    {"order_by": [Model.name, Model.deployed_model_refs]},
    {"read_mask": [Model.default_sampling_params["temperature"]]},
    {"read_mask": 5},
    {"read_mask": []},
    {"filter": "\ud800"},
    {"read_mask": [5]},
    {"read_mask": Model.name},
    {"read_mask": [Model]},
    {"page_token": 5},
    {"on_malformed": "ignore"},
]


@pytest.mark.parametrize("argument", BAD_ARGUMENTS, ids=str)
def test_what_cannot_work_is_refused_before_anything_is_sent(argument: dict[str, Any]) -> None:
    """At the call, sync and async, as an error that is also a ValueError."""
    gateway = FakeGateway(3)
    with pytest.raises(ConfigurationError) as raised:
        gateway.client().models.list(**argument)
    assert isinstance(raised.value, ValueError)
    with pytest.raises(ConfigurationError):
        gateway.async_client().models.list(**argument)
    assert gateway.requests == []


def test_no_account_is_refused_at_the_call() -> None:
    """A client needs no account until it lists."""
    client = GatewayClient(api_key="k")
    with pytest.raises(ConfigurationError, match="FIREWORKS_ACCOUNT_ID"):
        client.models.list()


def asked(**arguments: Any) -> dict[str, str]:
    """Return the query string of the first request of a listing, as pairs."""
    gateway = FakeGateway(0)
    pages = gateway.client().models.list(**arguments).pages()
    try:
        next(pages)
    except Exception:
        assert gateway.requests
    return dict(gateway.requests[0].query)


def test_parameters_are_sent_under_the_specifications_names() -> None:
    """Everything that was asked for, and nothing that was not."""
    assert asked() == {"pageSize": "200"}
    assert asked(filter="a = b&c", order_by="name desc", read_mask="name", page_size=7, page_token="t+/=") == {
        "pageSize": "7",
        "pageToken": "t+/=",
        "filter": "a = b&c",
        "orderBy": "name desc",
        "readMask": "name",
    }


@pytest.mark.parametrize(
    ("limit", "page_size", "sent"),
    [
        (None, None, 200),
        (5, None, 5),
        (200, None, 200),
        (1000, None, 200),
        (5, 50, 50),
        (None, 1000, 1000),
        (7, 2**31 - 1, 2**31 - 1),
    ],
)
def test_a_page_is_as_large_as_it_helps(limit: int | None, page_size: int | None, sent: int) -> None:
    """200 unless asked otherwise, no more than a limit needs, and what is asked for is sent as it is."""
    assert asked(limit=limit, page_size=page_size)["pageSize"] == str(sent)


def test_a_fingerprint_is_of_all_that_is_asked() -> None:
    """Another operation, path or parameter has another; the order in which they were given says nothing."""
    query = FakeGateway().client().models.list(filter="a = b", page_size=7).query
    others = [
        evolve(query, operation=evolve(query.operation, path="/v1/other")),
        evolve(query, parameters={**query.parameters, "account_id": "other"}),
        evolve(query, parameters={**query.parameters, "since": datetime(2026, 1, 31)}),
        evolve(query, parameters={**query.parameters, "since": datetime(2026, 2, 1)}),
    ]
    assert len({query.fingerprint, *(other.fingerprint for other in others)}) == 5
    again = evolve(query, parameters=dict(sorted(query.parameters.items(), reverse=True)))
    assert (again, hash(again), again.fingerprint) == (query, hash(query), query.fingerprint)


def test_a_mask_is_text_or_fields() -> None:
    """Fields are sent by their paths, in snake case."""
    assert asked(read_mask="*")["readMask"] == "*"
    mask = [Model.name, "kind", Model.base_model_details.parameter_count, Model.status]
    assert asked(read_mask=mask)["readMask"] == "name,kind,base_model_details.parameter_count,status"


def test_an_account_may_be_named_in_full() -> None:
    """`accounts/fireworks` is fireworks."""
    gateway = FakeGateway(3)
    assert len(gateway.client(account_id="accounts/fireworks").models.list().to_list()) == 3
    assert len(gateway.client().models.list(account_id="accounts/fireworks").to_list()) == 3
    assert {request.path for request in gateway.requests} == {"/v1/accounts/fireworks/models"}


def test_every_request_of_a_walk_has_the_same_parameters() -> None:
    """Only the page token changes, whatever the limit."""
    gateway = FakeGateway(500)
    assert len(gateway.client().models.list(limit=450).to_list()) == 450
    rest = [{name: value for name, value in each.query if name != "pageToken"} for each in gateway.requests]
    assert rest == [{"pageSize": "200"}] * 3


class TestGet:
    """`models.get` asks by a name filter."""

    def test_the_model_of_a_name_is_found(self) -> None:
        """By its name as text or as a ModelName, sync and async, with one request."""
        gateway = FakeGateway(5)
        wanted = gateway.client().models.list().to_list()[3]
        gateway.requests.clear()
        assert gateway.client().models.get(wanted.name or "") == wanted
        assert len(gateway.requests) == 1
        assert wanted.resource_name is not None
        assert asyncio.run(gateway.async_client().models.get(wanted.resource_name)) == wanted

    def test_a_model_of_another_account_is_asked_of_that_account(self) -> None:
        """The account is the name's, not the client's."""
        gateway = FakeGateway(1, account_id="other")
        client = gateway.client(account_id="fireworks")
        name = gateway.client().models.list().to_list()[0].name
        assert client.models.get(name or "").name == name

    def test_what_is_no_name_is_refused(self) -> None:
        """Nothing is sent for it."""
        gateway = FakeGateway(1)
        with pytest.raises(ConfigurationError):
            gateway.client().models.get("llama")
        assert gateway.requests == []
