"""Scenarios, measured in rounds with each task once in a round."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from .stand import Stand
from .tables import Cost, Costs

Task: TypeAlias = Callable[[], Cost]
"""Does one thing once, and returns what it cost."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Something that people do, which is measured for everything they could do it with.

    Attributes:
        tasks: The measured tasks by name.
        told: Makes Markdown of what it cost.
        rounds: How many rounds are enough, where noise is small.
    """

    tasks: Callable[[Stand], Mapping[str, Task]]
    told: Callable[[Costs, Stand], str]
    rounds: int | None = None


def measured(scenario: Scenario, stand: Stand, say: Callable[[str], None]) -> Costs:
    """Return what everything cost in each round; every round begins with another thing."""
    tasks = scenario.tasks(stand)
    names = list(tasks)
    costs: dict[str, list[Cost]] = {name: [] for name in names}
    rounds = min(stand.rounds, scenario.rounds or stand.rounds)
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            say(f"round {number + 1} of {rounds}: {name}")
            costs[name].append(tasks[name]())
    return costs
