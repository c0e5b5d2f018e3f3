"""Settings shared by all tests: profiles of hypothesis, and an environment without the user's settings."""

import gc
import os
import re
import signal
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from fireworks_gateway._http import responses as _json
from fireworks_gateway._openapi import DEFAULT_BASE_URL

# No deadline: a machine that stalls now and then breaks no law. `--hypothesis-profile` selects another profile.
for profile, examples in (("few", 10), ("quick", 25), ("thorough", 100)):
    settings.register_profile(
        profile, deadline=None, max_examples=examples, suppress_health_check=[HealthCheck.too_slow]
    )
settings.load_profile("quick")

# Before any module of tests is imported, so that no test finds a key, a proxy or a terminal by accident.
_SETTINGS = r"FIREWORKS_(?!.*(CASES|DOCUMENTS)$)|.*_PROXY$|SSL_CERT|SSLKEYLOGFILE|(NO|FORCE)_COLOR$|COLUMNS$|LINES$"
for name in [name for name in os.environ if re.match(_SETTINGS, name, re.IGNORECASE)]:
    del os.environ[name]
if not DEFAULT_BASE_URL:  # The document has no server, so each client needs an address.
    os.environ["FIREWORKS_BASE_URL"] = "https://gateway.example"

# A shell without job control makes its background processes ignore SIGINT, and so would one that a test interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Keep thousands of collected tests out of garbage collection, which some tests start."""
    gc.freeze()


@pytest.fixture
def without_fast(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Decode without the extra `fast`."""
    monkeypatch.setitem(sys.modules, "msgspec.json", None)
    _json._load_decoder.cache_clear()
    yield
    _json._load_decoder.cache_clear()
