"""Measures what listing and importing cost, as ratios within one run, and prints them as Markdown tables.

`make bench`, or `python -m benchmarks.measure --rounds 9 --models 20000`. Every round runs each client and each import
once, in a process of its own, beginning with another one each time. A ratio is taken within a round; what is printed is
the median over the rounds, with the lowest and the highest, and beside it the ratio of the best times, which a busy
machine disturbs less. Times differ between machines; ratios differ less.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Collection, Generator, Iterable, Mapping
from contextlib import contextmanager
from functools import partial
from statistics import median
from typing import Any

from .clients import CLIENTS, PAGE_SIZE

IMPORTS = {
    "nothing": "pass",
    "httpx": "import httpx",
    "generated": (
        "import fireworks_gateway_openapi.models, fireworks_gateway_openapi.api.gateway.gateway_list_models, httpx"
    ),
    "ours": "import fireworks_gateway",
}

LISTINGS = {
    "httpx": "httpx and `json.loads`",
    "httpx-async": "httpx and `json.loads`, async",
    "generated": "the generated code alone",
    "ours": "`GatewayClient`",
    "ours-async": "`AsyncGatewayClient`",
    "ours-prefetch": "`GatewayClient`, prefetch",
}

# httpx and httpcore import these where they are installed, as they are here for the checks; where the package is
# installed alone they are not.
ALONE = "import sys; sys.modules.update(click=None, trio=None); "

BEST = "best to best"

Round = Mapping[str, Mapping[str, float]]
"""What each client, or each import, cost in one round."""

# A proxy for loopback would be measured too, were there one.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


@contextmanager
def server(models: int) -> Generator[dict[str, Any]]:
    """Run the server, and give what it says of itself."""
    command = [sys.executable, "-m", "benchmarks.server", str(models)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())


def listing_of(client: str, url: str, models: int) -> dict[str, float]:
    """Return what a listing by a client cost, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.clients", client, url]
    done = subprocess.run(command, env=ENVIRONMENT, stdout=subprocess.PIPE, check=True, start_new_session=True)
    said: dict[str, float] = json.loads(done.stdout)
    if said["models"] != models:
        raise RuntimeError(f"{client} listed {said['models']} models of {models}")
    return said


def import_of(statement: str) -> dict[str, float]:
    """Return what a whole process that imports something cost."""
    with subprocess.Popen([sys.executable, "-c", ALONE + statement]) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{statement!r} failed")
    return {"cpu": used.ru_utime + used.ru_stime}


def measured(rounds: int, models: int, url: str, say: Callable[[str], None]) -> list[Round]:
    """Return what everything cost in each round."""
    tasks: dict[str, Callable[[], Mapping[str, float]]] = {}
    for client in CLIENTS:
        tasks[client] = partial(listing_of, client, url, models)
    for name, statement in IMPORTS.items():
        tasks[f"import {name}"] = partial(import_of, statement)
        import_of(statement)  # So that its bytecode is there, as it is for users.
    names = list(tasks)
    costs: list[Round] = []
    for number in range(rounds):
        first = number % len(names)
        cost: dict[str, Mapping[str, float]] = {}
        for name in names[first:] + names[:first]:
            say(f"Round {number + 1} of {rounds}: {name}")
            cost[name] = tasks[name]()
        costs.append(cost)
    return costs


def ratios(of: Collection[float], to: Collection[float]) -> tuple[str, str]:
    """Return the median of the ratios within each round, with the lowest and the highest; and the ratio of the best."""
    each = [one / other for one, other in zip(of, to, strict=True)]
    return f"{median(each):.2f} ({min(each):.2f}–{max(each):.2f})", f"{min(of) / min(to):.2f}"


def listing_table(costs: list[Round], models: int) -> str:
    """Return the table of whole listings."""
    cpu = {client: [cost[client]["cpu"] / models * 1e6 for cost in costs] for client in LISTINGS}
    rows = [
        (title, f"{median(cpu[client]):.1f}", *ratios(cpu[client], cpu["httpx"])) for client, title in LISTINGS.items()
    ]
    return table(("listing, five fields read", "CPU µs a model", "to httpx and `json.loads`", BEST), rows)


def mask_table(costs: list[Round], models: int, sizes: Mapping[str, int]) -> str:
    """Return the table of what a read mask saves."""
    bytes_whole, bytes_masked = sizes["whole"] / models, sizes["masked"] / models
    share = f"{bytes_masked / bytes_whole:.2f}"
    rows = [("bytes a model", f"{bytes_whole:.0f}", f"{bytes_masked:.0f}", share, share)]
    for key, title in [("cpu", "CPU µs a model"), ("wall", "wall µs a model")]:
        whole, masked = ([cost[each][key] / models * 1e6 for cost in costs] for each in ("ours", "ours-masked"))
        rows.append((title, f"{median(whole):.1f}", f"{median(masked):.1f}", *ratios(masked, whole)))
    return table(("`GatewayClient`, `read_mask` of the five", "whole", "masked", "masked to whole", BEST), rows)


def import_table(costs: list[Round]) -> str:
    """Return the table of imports: whole processes less one that imports nothing."""
    cpu = {name: [(c[f"import {name}"]["cpu"] - c["import nothing"]["cpu"]) * 1e3 for c in costs] for name in IMPORTS}
    titles = {"httpx": "httpx", "generated": "generated models and endpoint, httpx", "ours": "`fireworks_gateway`"}
    rows = [
        (title, f"{median(cpu[name]):.0f}", *ratios(cpu[name], cpu["generated"]), *ratios(cpu[name], cpu["httpx"]))
        for name, title in titles.items()
    ]
    return table(("import", "CPU ms", "to generated and httpx", BEST, "to httpx", BEST), rows)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table whose first column is text and whose others are numbers."""
    rule = ("---", *["---:"] * (len(head) - 1))
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])


def progress(line: str) -> None:
    """Show a line in the last one's place, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)


def positive(text: str) -> int:
    """Return a number above 0 that was given as an argument."""
    if (number := int(text)) > 0:
        return number
    raise ValueError


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.measure", description="Measure what listing costs.")
    parser.add_argument("--rounds", type=positive, default=9, help="how often everything is measured (%(default)s)")
    parser.add_argument("--models", type=positive, default=20_000, help="how many models are listed (%(default)s)")
    asked = parser.parse_args()
    progress("Rendering the pages")
    with server(asked.models) as said:
        costs = measured(asked.rounds, asked.models, said["url"], progress)
    progress("")
    print(
        f"`{parser.prog} --rounds {asked.rounds} --models {asked.models}`, {platform.python_implementation()} "
        f"{platform.python_version()}: medians of {asked.rounds} interleaved rounds, with the lowest and the highest.\n"
        f"{PAGE_SIZE} models a page over loopback; every client gets the same pages, from which null messages are left "
        "out,\nbecause the generated code cannot read them.\n"
    )
    tables = [
        listing_table(costs, asked.models),
        mask_table(costs, asked.models, said["bytes"]),
        import_table(costs),
    ]
    print("\n\n".join(tables))


if __name__ == "__main__":
    main()
