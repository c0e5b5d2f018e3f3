"""Costs of rounds: ratios within a round, their spread, and Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import quantiles
from typing import TypeAlias

Cost: TypeAlias = Mapping[str, float]
"""The cost of a row in one round. `value` is in the unit of the table; other keys have their own columns."""

Rounds: TypeAlias = Sequence[Mapping[str, Cost]]
"""The cost of each row by its key, round by round. A round may lack rows."""

LARGEST_SPREAD = 0.2
"""The largest distance between the quartiles of a meaningful ratio, relative to its median."""


def values(rounds: Rounds, row: str, measure: str = "value") -> list[float]:
    """Return a measure of a row, round by round."""
    return [costs[row][measure] for costs in rounds if row in costs]


def ratios(rounds: Rounds, row: str, base: str) -> list[float]:
    """Return the ratio of two rows in each round; a machine that is slow for a whole round does not change it."""
    return [costs[row]["value"] / costs[base]["value"] for costs in rounds if {row, base} <= costs.keys()]


def quartiles(numbers: Sequence[float]) -> tuple[float, float, float]:
    """Return the lower quartile, the median and the upper quartile."""
    if len(numbers) == 1:
        return numbers[0], numbers[0], numbers[0]
    low, middle, high = quantiles(numbers, n=4, method="inclusive")
    return low, middle, high


def is_noisy(numbers: Sequence[float]) -> bool:
    """Return whether the quartiles are too far apart for the median to mean something."""
    low, middle, high = quartiles(numbers)
    return high - low > LARGEST_SPREAD * middle


def format_spread(numbers: Sequence[float], digits: int = 2) -> str:
    """Return the median and, if there are several numbers, the quartiles."""
    low, middle, high = (f"{number:,.{digits}f}" for number in quartiles(numbers))
    return f"{middle} ({low}–{high})" if len(numbers) > 1 else middle


def format_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table, with text in the first column and numbers in the others."""
    rule = ("---", *["---:"] * (len(head) - 1))
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])
