"""Compare listing with this package and with its alternatives, and print Markdown.

`make bench`, or `python -m benchmarks.measure --rounds 9`. Each round runs every row once in a new process, and starts
with another row. A ratio is taken within a round; the tables show its median and quartiles.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from statistics import median

from .chart import Bar, Group, chart
from .clients import CLIENTS
from .environments import ROOT, locked_version
from .runner import MeasurementError, Runner, start_runner
from .scenarios import SCENARIOS, check_values
from .tables import Rounds, values
from .targets import format_targets

PAGE = ROOT / "docs" / "benchmarks.md"
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "pictures" / "benchmarks.svg"
LOCKED = {"fireworks-ai": "official", "pydantic": "official", "httpx": "plain", "msgspec": "fast"}
DRAWN = {"listing": "floor httpx ours-fast ours generated official", "import": "httpx generated ours official"}

_TABLE = re.compile(r"<!-- measured: (\w+) -->\n.*?<!-- until here -->\n", re.DOTALL)


def describe_setting(runner: Runner, rounds: int) -> str:
    """Return the command, the machine and the versions of a run."""
    versions = ", ".join(f"{name} {locked_version(name, environment)}" for name, environment in LOCKED.items())
    return (
        f"`python -m benchmarks.measure --rounds {rounds} --models {runner.models}`: medians, with the quartiles.\n"
        f"{os.cpu_count()} × {_processor()}, {platform.system()}, {platform.python_implementation()} "
        f"{platform.python_version()}; {versions}.\n"
        f"Models are {runner.bytes['whole']:,.0f} bytes of JSON each." + describe_missing(runner.missing)
    )


def describe_missing(missing: Mapping[str, str]) -> str:
    """Return a line about the clients of each environment that could not be made."""
    titles = {name: [each.title for each in CLIENTS.values() if each.environment == name] for name in missing}
    text = "\n\nOmitted, because their environment could not be made: {}. ({})"
    return "".join(text.format(" and ".join(titles[name]), reason) for name, reason in missing.items())


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor() or platform.machine())


def replace_tables(text: str, tables: Mapping[str, str]) -> str:
    """Return a page with new tables between `<!-- measured: name -->` and `<!-- until here -->`.

    Raises:
        KeyError: The page has a table that was not measured.
    """
    return _TABLE.sub(
        lambda found: f"<!-- measured: {found[1]} -->\n\n{tables[found[1]]}\n\n<!-- until here -->\n", text
    )


def renew_readme(text: str, measured: Mapping[str, Rounds]) -> str:
    """Return the README with new times: of a listing and of an import, by this package and by the official SDK."""
    rows = [(name, key) for name in ("listing", "import") for key in ("ours", "official")]
    shown = [f"{median(values(measured[name], key)):.{SCENARIOS[name].digits}f}" for name, key in rows]
    times = iter(f"{float(number):.0f}" for number in shown)  # Rounded like the numbers of the tables.
    return re.sub(r"\d+(?= [mµ]s\b)", lambda _: next(times), text)


def draw(measured: Mapping[str, Rounds]) -> str:
    """Return the picture of a listing and of an import; lengths and ratios are of the same medians."""
    groups = []
    for name, keys in DRAWN.items():
        scenario, rounds = SCENARIOS[name], measured[name]
        costs = {key: median(values(rounds, key)) for key in keys.split() if key in rounds[0]}
        bars = [
            Bar(
                scenario.rows[key].title.replace("`", ""),
                cost,
                f"{cost:,.{scenario.digits}f}  ({cost / costs['httpx']:.2f} ×)",
                key.startswith("ours"),
            )
            for key, cost in costs.items()
        ]
        base = next(iter(scenario.bases)).replace("`", "")
        groups.append(Group({"listing": "Listing", "import": "Importing"}[name], f"{scenario.unit}, and {base}", bars))
    return chart("The cost of listing models, and of importing", groups)


def _report(*words: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{', '.join(words)}", end="", file=sys.stderr, flush=True)


def _thousands(text: str) -> int:
    if (number := int(text)) > 0 and number % 1000 == 0:  # Pages are whole blocks.
        return number
    raise ValueError


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.measure", description="Compare the cost of listing.")
    parser.add_argument("--rounds", type=int, default=9, choices=range(1, 100), metavar="N", help="default: 9")
    parser.add_argument("--models", type=_thousands, default=20_000, metavar="N", help="models of a listing: 20000")
    parser.add_argument("--quick", action="store_true", help="two rounds of 2,000 models")
    parser.add_argument("--only", nargs="+", choices=SCENARIOS, default=list(SCENARIOS), help="some of the tables")
    parser.add_argument("--write", action="store_true", help="renew docs/benchmarks.md, its picture and the README")
    options = parser.parse_args()
    if options.write and len(options.only) < len(SCENARIOS):
        parser.error("--write needs all tables, because a page is from one run")
    if options.quick:
        options.rounds, options.models = 2, 2_000
    return options


def main() -> int:
    """Measure and print; return the exit status."""
    options = _arguments()
    measured: dict[str, Rounds] = {}
    tables: dict[str, str] = {}
    try:
        with start_runner(options.models) as runner:
            tables["setting"] = describe_setting(runner, options.rounds)
            print(tables["setting"], flush=True)
            check_values(runner)
            for name in options.only:
                measured[name] = SCENARIOS[name].run(runner, options.rounds, partial(_report, name))
                tables[name] = SCENARIOS[name].format(measured[name], runner.models)
                _report()
                print(f"\n{tables[name]}", flush=True)
    except MeasurementError as error:
        _report()
        print(error, file=sys.stderr)
        return 1
    if len(measured) == len(SCENARIOS):
        tables["targets"] = format_targets(measured)
        print(f"\n{tables['targets']}")
    if options.write:
        PAGE.write_text(replace_tables(PAGE.read_text(encoding="utf-8"), tables), encoding="utf-8")
        README.write_text(renew_readme(README.read_text(encoding="utf-8"), measured), encoding="utf-8")
        PICTURE.write_text(draw(measured), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
