"""Measures what the fake gateway adds to a suite of tests: a gateway of one's own, a page of 200 models, a walk.

`python -m benchmarks.kit --rounds 51`. A page is to take at most 2 ms; what is printed is the median over the rounds,
with the lowest and the highest, in milliseconds. The first of each makes and prints the sample, which later gateways
share.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from statistics import median
from time import perf_counter

from fireworks_gateway import Model
from fireworks_gateway.testing import FakeGateway, Request, model_payload

PAGE = Request(
    "GET",
    "/v1/accounts/fireworks/models",
    (("pageSize", "200"), ("filter", "supports_serverless = true OR supports_serverless = false")),
    {"authorization": "Bearer fake-key"},
)


def milliseconds(act: Callable[[], object]) -> float:
    """Return how long something takes."""
    start = perf_counter()
    act()
    return (perf_counter() - start) * 1e3


def a_page(gateway: FakeGateway) -> None:
    """Ask for a page of 200 models."""
    assert gateway.reply(PAGE).status == 200


def a_start() -> None:
    """Start a server, and stop it."""
    with FakeGateway().serve():
        pass


def a_test() -> None:
    """Do what a test does: a gateway, a client, the whole listing, five fields read of each model."""
    with FakeGateway().client() as client:
        for model in client.models.list():
            _ = model.name, model.kind, model.context_length, model.supports_serverless, model.create_time


def main() -> None:
    """Measure, and print a line for each."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=51)
    rounds = range(options.parse_args().rounds)
    shared = FakeGateway()
    mine = [model_payload(name=f"accounts/fireworks/models/m-{number:03}") for number in range(200)]
    measured: dict[str, list[float]] = {
        "a gateway with the sample": [milliseconds(FakeGateway) for _ in rounds],
        "a page of 200 models": [milliseconds(lambda: a_page(shared)) for _ in rounds],
        "a gateway with 200 models of one's own, and a page": [
            milliseconds(lambda: a_page(FakeGateway([Model(each) for each in mine]))) for _ in rounds
        ],
        "the start and the stop of a server": [milliseconds(a_start) for _ in rounds],
        "a test that walks the whole sample": [milliseconds(a_test) for _ in rounds],
    }
    for name, times in measured.items():
        first, *later = times
        print(f"{name}: {median(later):.2f} ms ({min(later):.2f}–{max(later):.2f}); the first {first:.1f}")


if __name__ == "__main__":
    main()
