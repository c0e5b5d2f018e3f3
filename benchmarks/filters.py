"""Measures what it costs to parse a filter of four clauses and to match 10,000 models with it.

`python -m benchmarks.filters --rounds 9 --models 10000`. It is to take at most 150 ms; what is printed is the median
over the rounds, with the lowest and the highest. The grammar is read once in a process, before the first round.
"""

from __future__ import annotations

import argparse
from statistics import median
from time import perf_counter

from fireworks_gateway import Model, check_filter
from fireworks_gateway.filters import parse
from fireworks_gateway.testing import model_payload

FILTER = (
    "supports_serverless = true AND (kind = HF_BASE_MODEL OR kind = EMBEDDING_MODEL)"
    ' AND NOT display_name = "*preview*" AND create_time > timestamp("2024-01-01T00:00:00Z")'
)


def milliseconds(models: int) -> tuple[float, int]:
    """Return how long one parse, one check and all matches took, and how many models matched."""
    payloads = [
        model_payload(
            supportsServerless=number % 3 != 0,
            kind="HF_PEFT_ADDON" if number % 7 == 0 else "HF_BASE_MODEL",
            createTime=f"202{number % 6}-05-01T12:00:00.123456Z",
        )
        for number in range(models)
    ]
    start = perf_counter()
    test = check_filter(parse(FILTER), Model).predicate()
    matched = sum(map(test, payloads))
    return (perf_counter() - start) * 1e3, matched


def main() -> None:
    """Measure, and print a line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--models", type=int, default=10_000)
    given = options.parse_args()
    parse("warm = up")
    costs = [milliseconds(given.models) for _ in range(given.rounds)]
    times = [time for time, _ in costs]
    print(
        f"parse and match {given.models:,} models: {median(times):.0f} ms ({min(times):.0f}–{max(times):.0f}),"
        f" {costs[0][1]:,} matched"
    )


if __name__ == "__main__":
    main()
