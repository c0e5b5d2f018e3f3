"""What listing costs, in counts that are the same on every machine: requests, modules, bytes, calls.

Times are measured in `benchmarks/`. What is here grows only when somebody means it to.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

import pytest

from fireworks_gateway import GatewayClient, Model
from fireworks_gateway.testing import FakeGateway

GATEWAY = FakeGateway(2_000)

# httpx imports these where they are installed, as they are here for the tests; to most users they are not.
ALONE = "import sys; sys.modules.update(click=None, trio=None); "
NEEDED = "import httpx, fireworks_gateway_openapi.models, fireworks_gateway_openapi.api.gateway.gateway_list_models"

REQUESTS: dict[str, tuple[Callable[[GatewayClient], object], int]] = {
    "a client": (lambda client: client, 0),
    "a listing not walked": (lambda client: client.models.list(), 0),
    "its first model": (lambda client: client.models.list().first(), 1),
    "its first model, fetching ahead": (lambda client: client.models.list(prefetch=True).first(), 1),
    "none of it": (lambda client: client.models.list(limit=0).to_list(), 0),
    "a limit on one page": (lambda client: client.models.list(limit=200).to_list(), 1),
    "a limit just beyond": (lambda client: client.models.list(limit=201).to_list(), 2),
    "the whole": (lambda client: client.models.list().to_list(), 10),
    "the whole, fetching ahead": (lambda client: client.models.list(prefetch=True).to_list(), 10),
    "the whole as rows": (lambda client: list(client.models.list().rows()), 10),
    "the whole, page by page": (lambda client: list(client.models.list().pages()), 10),
    "the whole, with the service's own page size": (lambda client: client.models.list(page_size=50).to_list(), 40),
    "a model by its name": (lambda client: client.models.get("accounts/fireworks/models/qwen3-8b"), 1),
}


@pytest.mark.parametrize("what", REQUESTS)
def test_requests(what: str) -> None:
    """Of 2,000 models; a page has 200."""
    gateway = FakeGateway(2_000)
    ask, requests = REQUESTS[what]
    with gateway.client() as client:
        ask(client)
    assert len(gateway.requests) == requests


def said_by(statements: str) -> list[str]:
    """Return the words that a process of its own prints."""
    run = subprocess.run([sys.executable, "-c", ALONE + statements], stdout=subprocess.PIPE, check=True, text=True)
    return run.stdout.split()


def test_the_import_needs_nothing_heavy() -> None:
    """Only what httpx and the generated code need already, what time and context are of, and modules of our own."""
    beyond = {*said_by("import fireworks_gateway._client; print(*sys.modules)")} - {
        *said_by(f"{NEEDED}; print(*sys.modules)")
    }
    ours = {name for name in beyond if name.split(".")[0] == "fireworks_gateway"}
    assert beyond - ours <= {"contextvars", "_contextvars"}
    assert len(ours) <= 52


def test_the_import_makes_few_classes_of_attrs() -> None:
    """Each costs as much time as eight empty modules."""
    made = said_by(
        "import fireworks_gateway._client; "
        "modules = [m for n, m in sys.modules.items() if n.startswith('fireworks_gateway.')]; "
        "print(*{c for m in modules for c in vars(m).values() if '__attrs_attrs__' in getattr(c, '__dict__', ())})"
    )
    ours = [name for name in made if name.startswith("'fireworks_gateway.")]
    assert 20 <= len(ours) <= 25


def five_of_each(models: Iterable[Model]) -> None:
    """Read the five fields of every model that the benchmarks read."""
    for model in models:
        details = model.base_model_details
        _ = model.name, model.kind, model.context_length, model.supports_serverless
        _ = None if details is None else details.parameter_count


def calls_of_ours(act: Callable[[], object]) -> int:
    """Return how many functions of the package are called, those of the fake gateway not counted."""
    calls: Counter[str] = Counter()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            calls[frame.f_globals.get("__name__", "")] += 1

    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
    ours = (name for name in calls if name.startswith("fireworks_gateway.") and ".testing" not in name)
    return sum(calls[name] for name in ours)


def test_calls_a_model(without_fast: None) -> None:
    """A field is one call, a message two, an int64 sent as text one more; to step to a model is three."""
    with GATEWAY.client() as client:
        few, many = (client.models.list(limit=limit) for limit in (400, 1_800))
        five_of_each(many)  # Warm: what is made once is not counted.
        calls = calls_of_ours(lambda: five_of_each(many)) - calls_of_ours(lambda: five_of_each(few))
    assert calls / 1_400 <= 12


def test_bytes_held_a_model(without_fast: None) -> None:
    """A listing kept whole is little more than what the decoder makes of its text."""
    with GATEWAY.client() as client:
        client.models.list().to_list()  # Warm, as above.
        gc.collect()
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            models = client.models.list().to_list()
            gc.collect()
            after, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert (after - before) / len(models) <= 4_300


def test_memory_is_flat_while_streaming() -> None:
    """However many models: the most that is held at once is a few pages."""

    def peak_of(limit: int) -> int:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        five_of_each(client.models.list(limit=limit))
        return tracemalloc.get_traced_memory()[1] - before

    with GATEWAY.client() as client:
        five_of_each(client.models.list())  # Warm, as above.
        tracemalloc.start()
        try:
            few, many = peak_of(400), peak_of(2_000)
        finally:
            tracemalloc.stop()
    assert many < few * 1.2
