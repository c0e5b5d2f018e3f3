"""The pytest fixtures `fake_gateway` and `fake_gateway_url`."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ._gateway import FakeGateway


@pytest.fixture
def fake_gateway() -> FakeGateway:
    """A gateway with the sample catalogue, the test's own; `fake_gateway.client()` is a client of it.

    Override it in a conftest for one with other models, or with faults: `fake_gateway_url` then serves that one.
    """
    from ._gateway import FakeGateway  # Every run of pytest imports this module, and few need a gateway.

    return FakeGateway()


@pytest.fixture
def fake_gateway_url(fake_gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    """The URL of `fake_gateway`, served over loopback for the length of the test.

    The environment names it, so that `GatewayClient()` in the code under test asks it and no other.
    """
    with fake_gateway.serve() as url:
        for name, value in fake_gateway.environment(url).items():
            monkeypatch.setenv(name, value)
        yield url
