"""What every test shares: how hypothesis runs, and an environment without settings."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from fireworks_gateway._http import responses as _json

# No deadline: these machines stall now and then, and a law does not hold the less for it.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")

# A shell without job control has what it starts in the background ignore SIGINT, and so would what a test interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the user's own settings away, so that no test finds a key or a service by accident."""
    for name in [name for name in os.environ if name.startswith("FIREWORKS_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def without_fast(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Decode as where the extra `fast` is not installed."""
    monkeypatch.setitem(sys.modules, "msgspec.json", None)
    _json._fastest.cache_clear()
    yield
    _json._fastest.cache_clear()
