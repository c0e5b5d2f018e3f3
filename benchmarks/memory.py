"""Memory: what a listing takes at its highest while models pass by, and what a model takes that is kept."""

from __future__ import annotations

from functools import partial

from .clients import CLIENTS
from .scenarios import Scenario, Task
from .stand import Stand
from .tables import Costs, column, middle, ratio, table

CLIENTS_HOLDING = "httpx generated ours ours-fast ours-async official floor".split()


def tasks(stand: Stand) -> dict[str, Task]:
    """Return the listings that let models pass, of two lengths, and those that keep them."""
    made: dict[str, Task] = {}
    for client in filter(stand.can_run, CLIENTS_HOLDING):
        for models in (stand.most // 5, stand.most):
            made[f"{client} {models}"] = partial(stand.listing, client, f"first-{models}", "--of", "peak")
        made[f"{client} held"] = partial(stand.listing, client, f"first-{stand.models}", "--of", "held")
    return made


def held_bytes(costs: Costs, client: str) -> list[float]:
    """Return the bytes of a model that is kept, of each round."""
    return [cost["held"] / cost["models"] for cost in costs[f"{client} held"]]


def peaks(costs: Costs, client: str, models: int) -> list[float]:
    """Return how many MB a listing that is not kept takes at its highest, of each round."""
    return column(costs, f"{client} {models}", "peak", 1e6)


def told(costs: Costs, stand: Stand) -> str:
    """Return the table of memory."""
    less, most = stand.most // 5, stand.most
    rows = [
        (
            CLIENTS[client].title,
            middle(peaks(costs, client, less)),
            middle(peaks(costs, client, most)),
            middle(held_bytes(costs, client), 0),
            ratio(held_bytes(costs, client), held_bytes(costs, "httpx")),
        )
        for client in CLIENTS_HOLDING
        if f"{client} held" in costs
    ]
    head = ("resident memory", f"MB, {less:,} passing by", f"MB, {most:,} passing by", "bytes a model, kept")
    return table((*head, "kept, to httpx and `json.loads`"), rows)


MEMORY = Scenario(tasks, told, rounds=3)
