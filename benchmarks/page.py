"""Write the measurements into the page and the picture of the documentation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from statistics import median

from .chart import Bar, Group, chart
from .clients import CLIENTS
from .environments import ROOT
from .listings import microseconds
from .starts import IMPORTS, import_times
from .tables import Costs, quotients

PAGE = ROOT / "docs" / "benchmarks.md"
PICTURE = ROOT / "docs" / "pictures" / "benchmarks.svg"

LISTED = ("floor", "httpx", "ours-fast", "ours", "generated", "official")

_MEASURED = re.compile(r"<!-- measured: (\w+) -->\n.*?<!-- until here -->\n", re.DOTALL)


def renewed(text: str, tables: Mapping[str, str]) -> str:
    """Return a page with its tables as they are now; each stands between `<!-- measured: name -->` and where it ends.

    Raises:
        KeyError: The page shows what was not measured.
    """
    return _MEASURED.sub(
        lambda found: f"<!-- measured: {found[1]} -->\n\n{tables[found[1]]}\n\n<!-- until here -->\n", text
    )


def picture(costs: Mapping[str, Costs]) -> str:
    """Return the picture of what listings and imports cost."""
    listing, imports = costs["listing"], import_times(costs["import"])
    listed = {name: microseconds(listing, name) for name in LISTED if name in listing}
    groups = [
        Group(
            "Listing every model, five fields read", "µs of CPU a model, and to httpx with json.loads", _bars(listed)
        ),
        Group("Importing", "ms of CPU, and to httpx", _bars(imports)),
    ]
    return chart("What listing models and importing cost", groups)


def write(costs: Mapping[str, Costs], tables: Mapping[str, str]) -> None:
    """Write the page and the picture."""
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), tables), encoding="utf-8")
    PICTURE.write_text(picture(costs), encoding="utf-8")


def _bars(numbers: Mapping[str, list[float]]) -> list[Bar]:
    titles = {name: client.title for name, client in CLIENTS.items()}
    if "floor" not in numbers:
        titles |= {name: program.title for name, program in IMPORTS.items()}
    return [
        Bar(
            titles[name].replace("`", ""),
            median(each),
            f"{_short(median(each))} · {_short(median(quotients(each, numbers['httpx'])))} ×",
            name.startswith("ours"),
        )
        for name, each in sorted(numbers.items(), key=lambda item: median(item[1]))
    ]


def _short(number: float) -> str:
    return f"{number:,.1f}" if number < 10 else f"{number:,.0f}"
