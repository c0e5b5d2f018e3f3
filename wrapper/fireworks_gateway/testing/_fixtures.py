"""The pytest fixtures `fake_gateway` and `fake_gateway_url`."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ._gateway import FakeGateway


@pytest.fixture
def fake_gateway() -> FakeGateway:
    """A new gateway with the sample catalogue; `fake_gateway.client()` returns a client of it.

    Override it for other models or for faults: `fake_gateway_url` then serves yours.
    """
    from ._gateway import FakeGateway  # Every run of pytest imports this module, and few need a gateway.

    return FakeGateway()


@pytest.fixture
def fake_gateway_url(fake_gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    """The URL of `fake_gateway`, served over loopback during the test.

    The environment points to it, so `GatewayClient()` in the code under test uses it.
    """
    with fake_gateway.serve() as url:
        for name, value in fake_gateway.environment(url).items():
            monkeypatch.setenv(name, value)
        yield url
