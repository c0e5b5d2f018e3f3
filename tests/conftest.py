"""Settings shared by all tests: profiles of hypothesis, and an environment without FIREWORKS_ variables."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from fireworks_gateway._http import responses as _json

# No deadline: a machine that stalls now and then breaks no law. `--hypothesis-profile=thorough` selects the second.
for profile, examples in (("quick", 25), ("thorough", 100)):
    settings.register_profile(
        profile, deadline=None, max_examples=examples, suppress_health_check=[HealthCheck.too_slow]
    )
settings.load_profile("quick")

# A shell without job control makes its background processes ignore SIGINT, and so would one that a test interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the user's own settings, so that no test finds a key or a service by accident."""
    for name in [name for name in os.environ if name.startswith("FIREWORKS_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def without_fast(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Decode without the extra `fast`."""
    monkeypatch.setitem(sys.modules, "msgspec.json", None)
    _json._load_decoder.cache_clear()
    yield
    _json._load_decoder.cache_clear()
