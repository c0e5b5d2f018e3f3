"""Measure filters, the fake gateway and catalogues in one process: `python -m benchmarks.in_process`.

Each line is the median of CPU time, with the quartiles. Catalogues are measured once, in two sizes: the time of a model
must not grow with their number.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from fireworks_gateway import Model, check_filter
from fireworks_gateway.catalogue import Snapshot, diff, drift
from fireworks_gateway.testing import FakeGateway
from fireworks_gateway.testing._payloads import sample_models

from .tables import format_spread

FILTER = (
    "supports_serverless = true AND (kind = HF_BASE_MODEL OR kind = EMBEDDING_MODEL)"
    ' AND NOT display_name = "*preview*" AND create_time > timestamp("2024-01-01T00:00:00Z")'
)
SAMPLE = sample_models(10_000)


def milliseconds(act: Callable[[], object]) -> float:
    """Return the CPU time of a call."""
    start = process_time()
    act()
    return (process_time() - start) * 1e3


def parse_and_match() -> int:
    """Parse a filter of four clauses, check it, and return the number of models that match."""
    return sum(map(check_filter(FILTER, Model).predicate(), SAMPLE))


def start_and_stop() -> None:
    """Start the server of a fake gateway, and stop it."""
    with FakeGateway().serve():
        pass


def walk_sample() -> None:
    """Walk a new fake gateway, and read five fields of each model."""
    with FakeGateway().client() as client:
        for model in client.models.list():
            _ = model.name, model.kind, model.context_length, model.supports_serverless, model.create_time


def make_catalogue(count: int, **changes: str) -> Snapshot:
    """Return a snapshot of models with their own names; one in a hundred has the changes."""
    models = []
    for number in range(count):
        name = f"accounts/fireworks/models/m{number:07}"
        payload = {**SAMPLE[number % len(SAMPLE)], "name": name, **({} if number % 100 else changes)}
        models.append(Model(json.loads(json.dumps(payload))))
    return Snapshot(account_id="fireworks", models=tuple(models), time=datetime.now(UTC))


def main() -> None:
    """Measure, and print a line for each."""
    acts: tuple[Callable[[], object], ...] = (parse_and_match, start_and_stop, walk_sample)
    for act in acts:
        act()
        print(f"{act.__name__}: {format_spread([milliseconds(act) for _ in range(15)])} ms")
    for count in (20_000, 100_000):
        old, new = make_catalogue(count), make_catalogue(count, updateTime="2026-02-14T12:00:00Z")
        with TemporaryDirectory() as folder:
            path = Path(folder) / "catalogue.jsonl"
            costs = {
                "save": milliseconds(lambda: old.save(path)),  # noqa: B023
                "load": milliseconds(lambda: Snapshot.load(path)),  # noqa: B023
                "diff": milliseconds(lambda: diff(old, new)),  # noqa: B023
                "drift": milliseconds(lambda: drift(old)),  # noqa: B023
            }
        shown = ", ".join(f"{name} {cost / count * 1e3:.0f}" for name, cost in costs.items())
        print(f"catalogue of {count:,} models: {shown} µs a model")


if __name__ == "__main__":
    main()
