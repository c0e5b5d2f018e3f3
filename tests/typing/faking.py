"""Tests against the fake gateway that have the right types. Never run: `make types` checks it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_type

import pytest

from fireworks_gateway import AsyncGatewayClient, GatewayClient, Model, UnavailableError
from fireworks_gateway.testing import FakeGateway, FaultServer, Request, VirtualTime, faults, model_payload


@pytest.fixture
def fake_gateway() -> FakeGateway:
    """A gateway that replaces the fixture of the package."""
    models = [model_payload(name=f"accounts/a/models/{number}", contextLength=4096) for number in range(9)]
    return FakeGateway(models, account_id="a", faults=[faults.busy(), None])


@pytest.fixture
def client(fake_gateway: FakeGateway) -> Iterator[GatewayClient]:
    """A client of it."""
    with fake_gateway.client(max_retries=0, deadline=5) as client:
        yield client


def test_listing(client: GatewayClient, fake_gateway: FakeGateway) -> None:
    """Use both."""
    with pytest.raises(UnavailableError):
        client.models.list().to_list()
    assert_type(fake_gateway.requests, list[Request])
    assert_type(fake_gateway.time, VirtualTime)
    fake_gateway.put(model_payload(name="accounts/a/models/d"), Model({"name": "accounts/a/models/e"}))
    assert_type(fake_gateway.async_client(), AsyncGatewayClient)


def test_over_loopback(fake_gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """Serve a program."""
    with fake_gateway.serve() as url:
        assert_type(url, str)
        for name, value in fake_gateway.environment(url).items():
            monkeypatch.setenv(name, value)


def test_on_the_wire(fake_gateway: FakeGateway) -> None:
    """Break connections."""
    with FaultServer(fake_gateway.reply, [faults.dribbled_body(), faults.busy() & faults.delay(1.5)]) as url:
        assert_type(url, str)
