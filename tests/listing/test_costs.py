"""The cost of listing, in counts that are equal on every machine; a bound is the count of today, rounded up."""

import gc
import json
import sys
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

import pytest

from fireworks_gateway import GatewayClient, Model, _openapi
from fireworks_gateway.testing import FakeGateway
from tests.shared.processes import output_of

GATEWAY = FakeGateway(2_000)

# httpx imports these if they are installed, as they are for the tests; most users do not have them.
ALONE = "import sys; sys.modules.update(click=None, trio=None); "

REQUESTS: dict[str, tuple[Callable[[GatewayClient], object], int]] = {
    "a listing": (lambda client: client.models.list(), 0),
    "its first model": (lambda client: client.models.list().first(), 1),
    "its first model, with prefetch": (lambda client: client.models.list(prefetch=True).first(), 1),
    "a limit of zero": (lambda client: client.models.list(limit=0).to_list(), 0),
    "a limit on one page": (lambda client: client.models.list(limit=200).to_list(), 1),
    "a limit beyond one page": (lambda client: client.models.list(limit=201).to_list(), 2),
    "all": (lambda client: client.models.list().to_list(), 3),
    "all, with prefetch": (lambda client: client.models.list(prefetch=True).to_list(), 3),
    "all, as rows": (lambda client: list(client.models.list().rows()), 3),
    "all, by pages": (lambda client: list(client.models.list().pages()), 3),
    "a model by name": (lambda client: client.models.get("accounts/fireworks/models/qwen3-8b"), 1),
}


@pytest.mark.parametrize("walk", REQUESTS)
def test_requests(walk: str) -> None:
    """For 450 models, and 200 on a page by default."""
    gateway = FakeGateway(450)
    act, requests = REQUESTS[walk]
    with gateway.client() as client:
        act(client)
    assert len(gateway.requests) == requests


def words_of(statements: str) -> list[str]:
    """Return the words that a new process prints."""
    return output_of(sys.executable, "-c", ALONE + statements).split()


def test_the_import_adds_few_modules_and_attrs_classes() -> None:
    """To those of httpx. An attrs class takes as much time as eight empty modules."""
    modules = "[m for n, m in [*sys.modules.items()] if n.startswith('fireworks_gateway')]"
    classes = f"{{c for m in {modules} for c in vars(m).values() if '__attrs_attrs__' in getattr(c, '__dict__', ())}}"
    words = words_of(f"import fireworks_gateway._client; print(*sys.modules, '|', *{classes})")
    bar = words.index("|")
    added = {*words[:bar]} - {*words_of("import httpx, attrs; print(*sys.modules)")}
    ours = {name for name in added if name.split(".")[0] == "fireworks_gateway"}
    generated = {name for name in added if name.split(".")[0] == "fireworks_gateway_openapi"}
    assert added - ours - generated <= {"contextvars", "_contextvars", "importlib.util", "importlib._abc"}
    assert len(ours) <= 40
    assert len([word for word in words[bar:] if word.startswith("'fireworks_gateway")]) <= 25
    enums = {kind.__module__ for kind in _openapi.ENUM_TEXTS}
    assert generated == {*enums, "fireworks_gateway_openapi", "fireworks_gateway_openapi.models"}


def test_a_model_needs_no_httpx() -> None:
    """Nor a generated message, so fields and filters are quick to import."""
    loaded = words_of("from fireworks_gateway import Model; print(*sys.modules, Model.name)")
    assert {"httpx", "fireworks_gateway_openapi.client"} & {*loaded} == set()


def five_of_each(models: Iterable[Model]) -> None:
    """Read the five fields that the benchmarks read."""
    for model in models:
        details = model.base_model_details
        _ = model.name, model.kind, model.context_length, model.supports_serverless
        _ = None if details is None else details.parameter_count


def calls_of_ours(act: Callable[[], object]) -> int:
    """Return the number of calls of functions of the package, without the fake gateway."""
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


def test_calls_to_list() -> None:
    """`models.list` validates its arguments and sends nothing."""
    with GATEWAY.client() as client:
        client.models.list()  # Warm: values that are cached do not count.
        assert calls_of_ours(lambda: client.models.list()) <= 25


def test_calls_a_model(without_fast: None) -> None:
    """A field is one call, a message two, an int64 sent as text one more, and the step to a model three."""
    with GATEWAY.client() as client:
        few, many = (client.models.list(limit=limit) for limit in (400, 1_800))
        five_of_each(many)  # Warm, as above.
        calls = calls_of_ours(lambda: five_of_each(many)) - calls_of_ours(lambda: five_of_each(few))
    assert calls / 1_400 <= 12


def bytes_held(make: Callable[[], object]) -> int:
    """Return the size of the second result of a function; the first one fills caches."""
    make()
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        made = make()
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
        del made
    finally:
        tracemalloc.stop()
    return after - before


def test_bytes_held(without_fast: None) -> None:
    """A list of all models takes little more than the decoded JSON."""
    with GATEWAY.client() as client:
        text = json.dumps([model.to_dict() for model in client.models.list()])
        assert bytes_held(lambda: client.models.list().to_list()) <= 1.25 * bytes_held(lambda: json.loads(text))


def test_memory_is_flat_while_streaming() -> None:
    """For any number of models, at most a few pages are in memory."""

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
    assert many < few * 2.5  # All ten pages would take five times as much; Python frees cycles late.
