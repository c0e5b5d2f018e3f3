"""The targets of performance, and the medians that were measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median

from .tables import Rounds, format_table, ratios

RATIOS = (
    ("first model from a new process, to httpx and `json.loads`", "first", "ours", "httpx", 1.4),
    ("import and first client, to httpx", "import", "our client", "httpx client", 1.5),
    ("CPU of a listing, to httpx and `json.loads`", "listing", "ours", "httpx", 1.12),
    (
        "CPU of a listing with `fast`, to a bare socket and msgspec, every field",
        "listing",
        "ours-fast",
        "floor-all",
        2.8,
    ),
    ("CPU of an async listing over aiohttp, to a sync one", "listing", "ours-async-aiohttp", "ours", 1.15),
    ("CPU of a listing with prefetch, to one without", "listing", "ours-prefetch", "ours", 1.1),
)
"""Target, scenario, row, its base, and the largest ratio."""

MILLISECONDS = (
    ("`import fireworks_gateway` alone", "package", "", 20),
    ("start of pytest with our fixtures, more than without", "plugin", "pytest", 10),
)
"""Target, row of an import, its base, and the most milliseconds."""


def format_targets(measured: Mapping[str, Rounds]) -> str:
    """Return the table of targets, for the scenarios that were measured."""
    return format_table(("target", "limit", "measured", "reached"), _rows(measured))


def _rows(measured: Mapping[str, Rounds]) -> Iterator[tuple[str, ...]]:
    imports = [costs for costs in measured["import"] if {"package", "plugin", "pytest"} <= costs.keys()]
    for text, scenario, row, base, limit in RATIOS:
        if row in measured[scenario][0] and base in measured[scenario][0]:
            ratio = median(ratios(measured[scenario], row, base))
            yield text, f"≤ {limit} ×", f"{ratio:.2f}", _format_reached(ratio, limit)
    for text, row, base, limit in MILLISECONDS:
        added = median(costs[row]["value"] - costs[base]["value"] if base else costs[row]["value"] for costs in imports)
        yield text, f"≤ {limit} ms", f"{added:.0f}", _format_reached(added, limit)


def _format_reached(number: float, limit: float) -> str:
    return "yes" if number <= limit else "no"
