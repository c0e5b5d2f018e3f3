"""Measures what it costs to compare, to save and to load a catalogue, and to look for drift in it.

`python -m benchmarks.catalogue --models 100000`. One model in a hundred differs. Comparing is to take a few
seconds; the memory is what a comparison takes at its peak beside the two catalogues, for each model.
"""

from __future__ import annotations

import argparse
import json
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from fireworks_gateway import Model
from fireworks_gateway.catalogue import Snapshot, diff, drift
from fireworks_gateway.testing import FakeGateway


def catalogue_of(count: int, *, nights: int) -> Snapshot:
    """Return so many models of the sample under names of their own, of which one in a hundred changed since."""
    sample = [json.dumps(model.to_dict()) for model in FakeGateway().client().models.list()]
    models: list[Model] = []
    for number in range(count):
        payload = json.loads(sample[number % len(sample)]) | {"name": f"accounts/fireworks/models/m{number:07}"}
        if nights and number % 100 == 0:
            payload["updateTime"] = "2026-02-14T12:00:00Z"
        models.append(Model(payload))
    return Snapshot(account_id="fireworks", models=tuple(models), time=datetime.now(UTC))


def report(what: str, count: int, act: Callable[[], object]) -> None:
    """Act, and print a line that says how long it took."""
    start = perf_counter()
    act()
    taken = perf_counter() - start
    print(f"{what} {count:,} models: {taken:.2f} s, {taken / count * 1e6:.0f} µs a model")


def main() -> None:
    """Measure, and print a line for each."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--models", type=int, default=100_000)
    count: int = options.parse_args().models
    old = catalogue_of(count, nights=0)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.jsonl"
        report("save", count, lambda: old.save(path))
        report("load", count, lambda: Snapshot.load(path))
    new = catalogue_of(count, nights=1)
    report("compare", count, lambda: diff(old, new))
    report("look for drift in", count, lambda: drift(old))
    tracemalloc.start()
    diff(old, new)
    print(f"compare: {tracemalloc.get_traced_memory()[1] / count:.0f} bytes a model at the peak")


if __name__ == "__main__":
    main()
