"""The limits that the measurements should meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from .listings import microseconds
from .memory import held_bytes, peaks
from .stand import Stand
from .starts import import_times
from .tables import Costs, quotients, table
from .waits import over_latency


@dataclass(frozen=True, slots=True)
class Aim:
    """A number to be reached, and the median of what was measured.

    Attributes:
        at_least: True if the limit is the lowest value, false if it is the highest.
    """

    what: str
    measured: float
    limit: float
    at_least: bool = False
    unit: str = "×"

    @property
    def reached(self) -> bool:
        """True if the limit is met."""
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    @property
    def row(self) -> tuple[str, str, str, str]:
        """The row of the table."""
        bound = "≥" if self.at_least else "≤"
        return (
            self.what,
            f"{bound} {_shown(self.limit)} {self.unit}",
            _shown(self.measured),
            "yes" if self.reached else "no",
        )


def aims(costs: Mapping[str, Costs], stand: Stand) -> Iterator[Aim]:
    """Give the aims of all scenarios that were measured whole."""
    listing, imports = costs["listing"], import_times(costs["import"])
    cpu = {name: microseconds(listing, name) for name in listing}
    yield Aim("CPU a model, `GatewayClient` to httpx and `json.loads`", _to(cpu["ours"], cpu["httpx"]), 1.1)
    if "official" in cpu:
        yield Aim("CPU a model, `fireworks-ai` to `GatewayClient`", _to(cpu["official"], cpu["ours"]), 7, at_least=True)
        if "ours-fast" in cpu:
            fast = _to(cpu["official"], cpu["ours-fast"])
            yield Aim("CPU a model, `fireworks-ai` to `GatewayClient` with `fast`", fast, 10, at_least=True)
        requests = listing["official"][0]["requests"] / listing["ours"][0]["requests"]
        yield Aim("requests of a listing, `fireworks-ai` to `GatewayClient`", requests, 4, at_least=True)
    prefetch = median(over_latency(costs["working"], "ours-prefetch"))
    yield Aim("wall time, prefetch and a consumer that works, to requests × latency", prefetch, 1.15)
    yield Aim("import, to generated models and httpx", _to(imports["ours"], imports["generated"]), 1.2)
    if "official" in imports:
        yield Aim("import, `fireworks-ai` to ours", _to(imports["official"], imports["ours"]), 3, at_least=True)
    for name, title in [("ours", "a model that is kept"), ("ours-fast", "a model that is kept, with `fast`")]:
        if f"{name} held" in costs["memory"]:
            yield Aim(title, median(held_bytes(costs["memory"], name)), 4300, unit="bytes")
    less, most = (median(peaks(costs["memory"], "ours", models)) for models in (stand.most // 5, stand.most))
    yield Aim(f"memory while {stand.most:,} pass by, more than for a fifth of them", most - less, 1, unit="MB")
    sizes = costs["sizes"]
    linear = _to(microseconds(sizes, f"ours {stand.most}"), microseconds(sizes, f"ours {stand.most // 100}"))
    yield Aim(f"CPU a model of {stand.most:,} to one of {stand.most // 100:,}", linear, 1.1)
    masked = _to(microseconds(costs["mask"], "masked"), microseconds(costs["mask"], "whole"))
    yield Aim("CPU with a read mask of five fields, the others not printed, to without", masked, 0.33)


def aim_table(all_aims: Iterator[Aim]) -> str:
    """Return the table of aims."""
    return table(("aim", "limit", "measured", "reached"), [aim.row for aim in all_aims])


def _to(of: list[float], to: list[float]) -> float:
    return median(quotients(of, to))


def _shown(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.2f}".rstrip("0").rstrip(".")
