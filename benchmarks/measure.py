"""Measures what people do with the client against what they would use instead, and prints Markdown.

`make bench`, or `python -m benchmarks.measure --rounds 9`. Every round runs everything once, in a process of its own,
beginning with another thing each time. A ratio is taken within a round; what is printed is the median over the rounds,
with the lowest and the highest, and in places the ratio of the best times, which a busy machine disturbs less. Times
differ between machines; ratios differ less.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from . import page
from .aims import aim_table, aims
from .clients import CLIENTS
from .environments import locked_version
from .listings import MASK, SIZES, WHOLE
from .memory import MEMORY
from .scenarios import Scenario, measured
from .stand import MeasurementError, Stand, standing
from .starts import FIRST, IMPORT
from .tables import Costs
from .waits import WAITING, WORKING

SCENARIOS: Mapping[str, Scenario] = {
    "import": IMPORT,
    "first": FIRST,
    "listing": WHOLE,
    "memory": MEMORY,
    "latency": WAITING,
    "working": WORKING,
    "sizes": SIZES,
    "mask": MASK,
}

QUICK = {"rounds": 2, "models": 2_000}
LOCKED = {"fireworks-ai": "official", "pydantic": "official", "httpx": "plain", "msgspec": "fast"}


def setting(stand: Stand, command: str) -> str:
    """Return what was measured with, as a paragraph."""
    rounds = "1 round" if stand.rounds == 1 else f"{stand.rounds} rounds"
    versions = ", ".join(f"{name} {locked_version(name, where)}" for name, where in LOCKED.items())
    return (
        f"`{command}`: {rounds}, interleaved; medians, with the lowest and the highest.\n"
        f"{os.cpu_count()} × {processor()}, {platform.system()}, {platform.python_implementation()} "
        f"{platform.python_version()}; {versions}.\n"
        f"Models are {stand.bytes['whole']:,.0f} bytes of JSON each." + left_out(stand.missing)
    )


def left_out(missing: Mapping[str, str]) -> str:
    """Return a line for each environment that could not be made, and what is therefore not in the tables."""
    lines = []
    for name, reason in missing.items():
        titles = " and ".join(client.title for client in CLIENTS.values() if client.environment == name)
        lines.append(f"\n\nLeft out, because no environment could be made: {titles}. ({reason})")
    return "".join(lines)


def processor() -> str:
    """Return the model of the processor, as the operating system calls it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor() or platform.machine())


def progress(*words: str) -> None:
    """Show a line in the last one's place, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{', '.join(words)}", end="", file=sys.stderr, flush=True)


def positive(text: str) -> int:
    """Return a number above 0 that was given as an argument."""
    if (number := int(text)) > 0:
        return number
    raise ValueError


def thousands(text: str) -> int:
    """Return a number of whole thousands that was given as an argument, so that all pages are of whole blocks."""
    if not (number := positive(text)) % 1000:
        return number
    raise ValueError


def names(text: str) -> list[str]:
    """Return the scenarios that were given as an argument."""
    if unknown := set(chosen := text.split(",")) - SCENARIOS.keys():
        raise argparse.ArgumentTypeError(f"there is no {', '.join(sorted(unknown))} among {', '.join(SCENARIOS)}")
    return chosen


def arguments() -> argparse.Namespace:
    """Return what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.measure", description="Measure what listing costs.")
    parser.add_argument("--rounds", type=positive, default=9, help="how often everything is measured (%(default)s)")
    parser.add_argument(
        "--models",
        type=thousands,
        default=20_000,
        help="how many are listed; in places five times as many (%(default)s)",
    )
    parser.add_argument("--quick", action="store_true", help="fewer of both, for a look")
    parser.add_argument("--only", type=names, default=list(SCENARIOS), metavar="NAMES", help=", ".join(SCENARIOS))
    parser.add_argument("--write", action="store_true", help="renew docs/benchmarks.md and its picture, too")
    given = parser.parse_args()
    if given.write and len(given.only) < len(SCENARIOS):
        parser.error("--write wants the whole: a page is of one run")
    if given.quick:
        vars(given).update(QUICK)
    return given


def main() -> int:
    """Measure and print; return the exit status."""
    asked = arguments()
    command = f"python -m benchmarks.measure --rounds {asked.rounds} --models {asked.models}"
    costs: dict[str, Costs] = {}
    tables: dict[str, str] = {}
    progress("making environments and pages")
    try:
        with standing(rounds=asked.rounds, models=asked.models, most=5 * asked.models) as stand:
            if "plain" in stand.missing:
                raise MeasurementError(f"the environment of our own client cannot be made: {stand.missing['plain']}")
            tables["setting"] = setting(stand, command)
            print(tables["setting"], flush=True)
            for name in asked.only:
                costs[name] = measured(SCENARIOS[name], stand, partial(progress, name))
                tables[name] = SCENARIOS[name].told(costs[name], stand)
                progress()
                print(f"\n{tables[name]}", flush=True)
            if len(costs) == len(SCENARIOS):
                tables["aims"] = aim_table(aims(costs, stand))
                print(f"\n{tables['aims']}")
    except MeasurementError as error:
        progress()
        print(error, file=sys.stderr)
        return 1
    if asked.write:
        page.write(costs, tables)
    return 0


if __name__ == "__main__":
    sys.exit(main())
