"""Measurements as numbers to compare and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import TypeAlias

Cost: TypeAlias = Mapping[str, float]
"""The costs of a task in one round, by the name of the measure."""

Costs: TypeAlias = Mapping[str, Sequence[Cost]]
"""The costs of each task, round by round."""

BEST = "best to best"


def column(costs: Costs, name: str, counted: str, per: float = 1) -> list[float]:
    """Return one number of each round."""
    return [cost[counted] / per for cost in costs[name]]


def less(of: Iterable[float], what: Iterable[float]) -> list[float]:
    """Return what is left in each round."""
    return [one - other for one, other in zip(of, what, strict=True)]


def quotients(of: Iterable[float], to: Iterable[float]) -> list[float]:
    """Return the ratio within each round."""
    return [one / other for one, other in zip(of, to, strict=True)]


def spread(numbers: Sequence[float], digits: int = 2) -> str:
    """Return the median with the lowest and the highest."""
    middle, low, high = (f"{number:,.{digits}f}" for number in (median(numbers), min(numbers), max(numbers)))
    return f"{middle} ({low}–{high})"


def ratio(of: Sequence[float], to: Sequence[float]) -> str:
    """Return the median of the ratios within each round, with the lowest and the highest."""
    return spread(quotients(of, to))


def best(of: Sequence[float], to: Sequence[float]) -> str:
    """Return the ratio of the lowest of each, which a busy machine disturbs less."""
    return f"{min(of) / min(to):.2f}"


def middle(numbers: Sequence[float], digits: int = 1) -> str:
    """Return the median."""
    return f"{median(numbers):,.{digits}f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table whose first column is text and whose others are numbers."""
    rule = ("---", *["---:"] * (len(head) - 1))
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])
