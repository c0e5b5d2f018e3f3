"""The scenarios: each is one table, whose rows are measured once in each round."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from typing import NamedTuple

from fireworks_gateway.testing._payloads import sample_models

from .child import digest_of
from .clients import CLIENTS, KEY, PAGE_SIZE, generated_module, values_of_object
from .runner import MeasurementError, Runner
from .tables import Cost, Rounds, format_spread, format_table, is_noisy, ratios, values

LATENCY = 0.05
WORK = 0.04
"""Seconds of sleep after each page, which stand for a disk or a database."""


class Row(NamedTuple):
    """A row of a table, measured in an environment."""

    title: str
    environment: str
    measure: Callable[[Runner], Cost]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A table.

    Attributes:
        subject: Head of the first column.
        unit: Head of the column of values.
        rows: The rows by key.
        bases: The rows to which others are compared, by the head of the column of ratios. The ratios to the first one
            decide whether a row is measured again.
        measures: Further measures by the head of their column.
        digits: Decimal places of the values.
        most_rounds: Number of rounds that suffices, where costs vary little.
    """

    subject: str
    unit: str
    rows: Mapping[str, Row]
    bases: Mapping[str, str]
    measures: Mapping[str, str] = field(default_factory=dict)
    digits: int = 1
    most_rounds: int = 100

    def run(self, runner: Runner, rounds: int, report: Callable[[str], None]) -> Rounds:
        """Measure every row once in each round, and noisy rows in as many rounds again."""
        rows = {key: row for key, row in self.rows.items() if row.environment in runner.pythons}
        count = min(rounds, self.most_rounds)
        measured = [_round(runner, rows, number, report) for number in range(count)]
        if noisy := self.noisy_rows(measured):
            again = {key: row for key, row in rows.items() if key in noisy or key in self.bases.values()}
            measured += [_round(runner, again, number, report) for number in range(count)]
        return measured

    def noisy_rows(self, rounds: Rounds) -> list[str]:
        """Return the rows whose ratio to the first base varies too much."""
        base = next(iter(self.bases.values()))
        return [key for key in rounds[0] if is_noisy(ratios(rounds, key, base))]

    def format(self, rounds: Rounds, models: int) -> str:
        """Return the table, and a line about rows that were measured again."""
        rows = [
            (
                self.rows[key].title,
                *(f"{median(values(rounds, key, measure)):,.0f}" for measure in self.measures.values()),
                f"{median(values(rounds, key)):,.{self.digits}f}",
                *(format_spread(ratios(rounds, key, base)) for base in self.bases.values()),
            )
            for key in rounds[0]
        ]
        head = (self.subject.format(models=models), *self.measures, self.unit, *self.bases)
        counts = {key: len(values(rounds, key)) for key in rounds[0]}
        repeated = [key for key, count in counts.items() if count > min(counts.values())]
        return (
            format_table(head, rows)
            + self._describe("Measured twice as often, for a large spread", repeated)
            + self._describe("The spread is too large for a conclusion", self.noisy_rows(rounds))
        )

    def _describe(self, text: str, keys: list[str]) -> str:
        return f"\n\n{text}: {', '.join(self.rows[key].title for key in keys)}." if keys else ""


def _round(runner: Runner, rows: Mapping[str, Row], number: int, report: Callable[[str], None]) -> Mapping[str, Cost]:
    """Measure each row once; each round starts with another row."""
    keys = list(rows)
    first = number % len(keys)
    costs: dict[str, Cost] = {}
    for key in keys[first:] + keys[:first]:
        report(f"round {number + 1}: {key}")
        costs[key] = rows[key].measure(runner)
    return costs


def measure_cpu(client: str, shape: str, runner: Runner) -> Cost:
    """Return the CPU time of a listing in µs for each model, and the size of a model."""
    suffix = "-printing-unset" if shape == "unset" else ""
    cost = runner.list_models(client, f"first-{runner.models}{suffix}")
    return {**cost, "value": cost["cpu"] / cost["models"] * 1e6, "bytes": runner.bytes[shape]}


def measure_work(client: str, runner: Runner) -> Cost:
    """Return the wall time in seconds of a listing over a slow network by a program that works on the models."""
    models = max(runner.models // 5, 10 * PAGE_SIZE)
    cost = runner.list_models(client, f"first-{models}-in-{LATENCY * 1e3:.0f}ms", "--work", str(WORK))
    return {**cost, "value": cost["wall"]}


def measure_import(environment: str, program: str, runner: Runner) -> Cost:
    """Return the CPU time of a program in ms, without that of an empty one."""
    _, whole = runner.run(environment, "-I", "-c", program)
    _, empty = runner.run(environment, "-I", "-c", "")
    return {"value": (whole["cpu"] - empty["cpu"]) * 1e3}


def measure_first(environment: str, program: str, runner: Runner) -> Cost:
    """Return the wall time in ms from the start of a process to its first line."""
    _, cost = runner.run(environment, "-I", "-c", program, runner.url)
    return {"value": cost["wall"] * 1e3, "cpu": cost["cpu"] * 1e3}


def check_values(runner: Runner) -> None:
    """Raise MeasurementError unless every client reads the values of the models."""
    expected = digest_of(map(values_of_object, sample_models(runner.models)))
    for name, client in CLIENTS.items():
        if client.environment in runner.pythons:
            cost = runner.list_models(name, f"first-{runner.models}", "--digest")
            if cost["digest"] != expected:
                raise MeasurementError(f"{name} reads other values than those of the models")


def _listings(measure: Callable[[str, Runner], Cost], clients: str) -> dict[str, Row]:
    return {key: Row(CLIENTS[key].title, CLIENTS[key].environment, partial(measure, key)) for key in clients.split()}


def _programs(measure: Callable[[str, str, Runner], Cost], *programs: tuple[str, str, str, str]) -> dict[str, Row]:
    return {key: Row(title, where, partial(measure, where, text)) for key, where, title, text in programs}


GENERATED = f"import {generated_module()}, fireworks_gateway_openapi.client"
OURS = "from fireworks_gateway import GatewayClient as Client"
OFFICIAL = "from fireworks import Fireworks as Client"

FIRST_OF_HTTPX = f"""
import httpx, json, sys
with httpx.Client(base_url=sys.argv[1], headers={{"Authorization": "Bearer {KEY}"}}) as client:
    page = json.loads(client.get("/v1/accounts/first-1000/models", params={{"pageSize": {PAGE_SIZE}}}).content)
    print(page["models"][0]["name"], flush=True)
"""
FIRST_MODEL = f"""
import sys
with Client(base_url=sys.argv[1], api_key="{KEY}") as client:
    print(next(iter(client.models.list(account_id="first-1000"))).name, flush=True)
"""

TO_HTTPX = {"to httpx and `json.loads`": "httpx"}

SCENARIOS: Mapping[str, Scenario] = {
    "listing": Scenario(
        "listing {models:,} models",
        "CPU µs a model",
        _listings(
            lambda client, runner: measure_cpu(client, "whole", runner),
            "httpx generated ours ours-fast ours-prefetch ours-async ours-async-fast ours-async-aiohttp "
            "official official-200 floor-all floor",
        ),
        {**TO_HTTPX, "to `GatewayClient`": "ours"},
        {"requests": "requests"},
    ),
    "import": Scenario(
        "import",
        "CPU ms",
        _programs(
            measure_import,
            ("package", "plain", "`import fireworks_gateway` alone", "import fireworks_gateway"),
            ("httpx", "plain", "httpx", "import httpx"),
            ("generated", "plain", "the generated code and httpx", GENERATED),
            ("ours", "plain", "`GatewayClient`", OURS),
            ("official", "official", "`fireworks-ai`", OFFICIAL),
            (
                "httpx client",
                "plain",
                "httpx, and a client",
                "import httpx; httpx.Client(base_url='https://localhost')",
            ),
            ("our client", "plain", "`GatewayClient`, and a client", f"{OURS}; Client(api_key='{KEY}')"),
            ("official client", "official", "`fireworks-ai`, and a client", f"{OFFICIAL}; Client(api_key='{KEY}')"),
            ("pytest", "development", "pytest", "import pytest"),
            ("plugin", "development", "pytest, and our fixtures", "import pytest, fireworks_gateway.testing._fixtures"),
        ),
        {"to httpx": "httpx"},
        digits=0,
    ),
    "first": Scenario(
        "first model, from the start of the process",
        "wall ms",
        _programs(
            measure_first,
            ("httpx", "plain", CLIENTS["httpx"].title, FIRST_OF_HTTPX),
            ("ours", "plain", CLIENTS["ours"].title, OURS + FIRST_MODEL),
            ("ours-fast", "fast", CLIENTS["ours-fast"].title, OURS + FIRST_MODEL),
            ("official", "official", CLIENTS["official"].title, OFFICIAL + FIRST_MODEL),
        ),
        TO_HTTPX,
        {"CPU ms": "cpu"},
        digits=0,
    ),
    "working": Scenario(
        f"{LATENCY * 1e3:.0f} ms a request, {WORK * 1e3:.0f} ms of work for {PAGE_SIZE} models",
        "wall s",
        _listings(measure_work, "httpx ours ours-prefetch official official-200"),
        TO_HTTPX,
        {"models": "models", "requests": "requests"},
        digits=2,
        most_rounds=3,
    ),
    "mask": Scenario(
        "`read_mask`",
        "CPU µs a model",
        {
            "whole": Row("no mask", "plain", partial(measure_cpu, "ours", "whole")),
            "masked": Row("five fields", "plain", partial(measure_cpu, "ours-masked", "masked")),
            "unset": Row("five fields, others unset", "plain", partial(measure_cpu, "ours-masked", "unset")),
        },
        {"to no mask": "whole"},
        {"bytes a model": "bytes"},
    ),
}
