"""The pytest fixtures. Every run of pytest loads this module, so it imports nothing slow."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .. import AsyncGatewayClient, GatewayClient
    from ._gateway import FakeGateway


@pytest.fixture
def fake_gateway() -> FakeGateway:
    """A new gateway with the sample catalogue; override it for other models or for faults."""
    from ._gateway import FakeGateway

    return FakeGateway()


@pytest.fixture
def fake_gateway_client(fake_gateway: FakeGateway) -> Generator[GatewayClient]:
    """A client of `fake_gateway`, in process and in virtual time."""
    with fake_gateway.client() as client:
        yield client


@pytest.fixture
def fake_gateway_async_client(fake_gateway: FakeGateway) -> AsyncGatewayClient:
    """An async client of `fake_gateway`, in process and in virtual time, which needs no closing."""
    return fake_gateway.async_client()


@pytest.fixture
def fake_gateway_url(fake_gateway: FakeGateway) -> Generator[str]:
    """The URL of `fake_gateway`, served over loopback, to which the environment of the test points."""
    yield from _serve(fake_gateway)


@pytest.fixture(scope="session")
def fake_gateway_session() -> FakeGateway:
    """A gateway with the sample catalogue, the same for every test of a process."""
    from ._gateway import FakeGateway

    return FakeGateway()


@pytest.fixture(scope="session")
def fake_gateway_session_url(fake_gateway_session: FakeGateway) -> Generator[str]:
    """The URL of `fake_gateway_session`, to which the environment points from its first use to the last test."""
    yield from _serve(fake_gateway_session)


def _serve(gateway: FakeGateway) -> Generator[str]:
    with gateway.serve() as url, pytest.MonkeyPatch.context() as environment:
        for name, value in gateway.environment(url).items():
            environment.setenv(name, value)
        yield url
