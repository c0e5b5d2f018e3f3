"""Copies of a client with other options, and headers of the caller."""

from itertools import repeat
from typing import Any

import httpx
import pytest

from fireworks_gateway import ConfigurationError, GatewayClient, ResourceExhaustedError
from fireworks_gateway.testing import FakeGateway, FaultServer, faults
from tests.client.driving import both_clients

KEY: dict[str, Any] = {"api_key": "fake-key", "account_id": "fireworks"}


def test_a_copy_has_other_options() -> None:
    """The options of the client itself stay as they are, and so do those of a copy that another is made of."""
    client = FakeGateway(1).client(timeout=7, default_headers={"X-A": "1", "X-B": "1"})
    copy = client.with_options(timeout=httpx.Timeout(3, pool=None), max_retries=5, headers={"x-b": "2", "X-C": "2"})
    other = copy.with_options(headers={"X-D": "3"})
    found = [(each._settings.timeout.read, each._settings.max_retries) for each in (client, copy, other)]
    assert found == [(7, 2), (3, 5), (3, 5)]
    assert client._settings.headers == {"X-A": "1", "X-B": "1"}
    assert copy._settings.headers == {"X-A": "1", "x-b": "2", "X-C": "2"}
    assert other._settings.headers == {**copy._settings.headers, "X-D": "3"}
    with pytest.raises(ConfigurationError, match=r"^max_retries must be"):
        client.with_options(max_retries=-1)
    with pytest.raises(ConfigurationError, match=r"^headers must not contain Authorization"):
        client.with_options(headers={"Authorization": "x"})


def test_headers_are_in_every_request() -> None:
    """Of listings, and of the generated client; they replace those of the client, except the key."""
    gateway = FakeGateway(1)
    client = gateway.client(default_headers={"X-Team": "search", "user-agent": "mine"})
    client.models.list().to_list()
    client.api.get_httpx_client().get("/v1/accounts/fireworks/models")
    client.with_options(headers={"X-Team": "ads"}).api.get_httpx_client().get("/v1/accounts/fireworks/models")
    sent = [(each.headers["x-team"], each.headers["user-agent"], each.headers["accept"]) for each in gateway.requests]
    assert sent == [("search", "mine", "application/json"), ("search", "mine", "*/*"), ("ads", "mine", "*/*")]
    assert {each.headers["authorization"] for each in gateway.requests} == {"Bearer fake-key"}
    assert "gzip" in gateway.requests[0].headers["accept-encoding"]


@both_clients
def test_a_copy_shares_the_connections(make_client: Any) -> None:
    """It sends over the connection of the client, and leaves it open."""
    with (server := FaultServer(FakeGateway(2).reply)) as url, make_client(**KEY, base_url=url) as client:
        client.models.list().to_list()
        with client.with_options(timeout=5) as copy:
            copy.models.list().to_list()
        with pytest.raises(ConfigurationError, match="closed"):
            copy.models.list().first()
        client.models.list().to_list()
    assert (server.connections, len(server.requests)) == (1, 3)


def test_a_copy_retries_by_its_own_number() -> None:
    """None, where the client retries twice."""
    gateway = FakeGateway(1, faults=repeat(faults.busy()))
    with pytest.raises(ResourceExhaustedError):
        gateway.client().with_options(max_retries=0).models.list().first()
    assert len(gateway.requests) == 1


def test_a_copy_of_a_subclass_is_of_the_subclass() -> None:
    """With its attributes."""

    class Client(GatewayClient):
        team = ""

    client = Client(**KEY)
    client.team = "search"
    copy = client.with_options(timeout=5)
    assert (type(copy), copy.team) == (Client, "search")
    assert copy.api is not client.api
