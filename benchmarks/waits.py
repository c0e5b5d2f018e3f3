"""Waiting: listings where every request takes 50 ms, and where whoever takes the models works as well."""

from __future__ import annotations

from functools import partial

from .clients import CLIENTS, PAGE_SIZE
from .scenarios import Scenario, Task
from .stand import Stand
from .tables import Costs, column, middle, ratio, spread, table

LATENCY = 0.05
WORK = 0.04
"""Seconds of sleep after every 200 models, which stands for waiting for a disk or a database; the processor is idle."""

CLIENTS_WAITING = "httpx ours ours-prefetch ours-async ours-async-prefetch official official-200".split()
CLIENTS_WORKING = "httpx ours ours-prefetch official official-200".split()


def account_of(stand: Stand) -> str:
    """Return the account whose answers take their time; a fifth of the models is enough of it, in ten pages or more."""
    return f"first-{max(stand.models // 5, 10 * PAGE_SIZE)}-in-{LATENCY * 1e3:.0f}ms"


def waiting_tasks(stand: Stand) -> dict[str, Task]:
    """Return the listings."""
    clients = filter(stand.can_run, CLIENTS_WAITING)
    return {client: partial(stand.listing, client, account_of(stand)) for client in clients}


def working_tasks(stand: Stand) -> dict[str, Task]:
    """Return the listings by somebody who works."""
    clients = filter(stand.can_run, CLIENTS_WORKING)
    return {client: partial(stand.listing, client, account_of(stand), "--work", str(WORK)) for client in clients}


def wait_table(title: str, costs: Costs, stand: Stand) -> str:
    """Return the table of how long it took."""
    rows = [
        (
            CLIENTS[name].title,
            f"{costs[name][0]['requests']:.0f}",
            middle(column(costs, name, "wall"), 2),
            spread(over_latency(costs, name)),
            ratio(column(costs, name, "wall"), column(costs, "httpx", "wall")),
        )
        for name in costs
    ]
    models = f"{costs['httpx'][0]['models']:,} models, {LATENCY * 1e3:.0f} ms a request"
    head = (f"{models}{title}", "requests", "wall s", "to requests × latency", "to httpx and `json.loads`")
    return table(head, rows)


def over_latency(costs: Costs, name: str) -> list[float]:
    """Return how much longer a listing took than its requests had to."""
    return [cost["wall"] / cost["requests"] / LATENCY for cost in costs[name]]


WAITING = Scenario(waiting_tasks, partial(wait_table, ""))
WORKING = Scenario(working_tasks, partial(wait_table, f", {WORK * 1e3:.0f} ms of work for {PAGE_SIZE} models"))
