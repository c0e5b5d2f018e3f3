"""Whole listings: what a model costs each client, whether it stays that however many there are, what a mask saves."""

from __future__ import annotations

from functools import partial
from statistics import median

from .clients import CLIENTS, PAGE_SIZE, of_object
from .one_listing import digest_of
from .scenarios import Scenario, Task
from .stand import MeasurementError, Stand
from .tables import BEST, Costs, best, column, middle, ratio, spread, table

CLIENTS_WHOLE = """
    httpx httpx-async generated ours ours-fast ours-prefetch ours-async ours-async-fast official official-200 floor
""".split()
LINEAR = ("httpx", "ours")


def whole_tasks(stand: Stand) -> dict[str, Task]:
    """Return the listings, when every client was seen to take the values that the models have.

    Raises:
        MeasurementError: One takes others.
    """
    from fireworks_gateway.testing._payloads import sample_models

    account = f"first-{stand.models}"
    right = digest_of(map(of_object, sample_models(stand.models)))
    clients = [client for client in CLIENTS_WHOLE if stand.can_run(client)]
    for client in clients:
        if stand.listing(client, account, "--of", "digest")["digest"] != right:
            raise MeasurementError(f"{client} does not take the values that the models have")
    return {client: partial(stand.listing, client, account) for client in clients}


def microseconds(costs: Costs, name: str) -> list[float]:
    """Return the microseconds of processor time a model of each round."""
    return [cost["cpu"] / cost["models"] * 1e6 for cost in costs[name]]


def whole_table(costs: Costs, stand: Stand) -> str:
    """Return the table of whole listings, and how it stands with the server."""
    cpu = {name: microseconds(costs, name) for name in costs}
    rows = [
        (
            CLIENTS[name].title,
            f"{costs[name][0]['requests']:.0f}",
            middle(cpu[name]),
            ratio(cpu[name], cpu["httpx"]),
            best(cpu[name], cpu["httpx"]),
            ratio(cpu[name], cpu["ours"]),
        )
        for name in costs
    ]
    head = (f"listing {stand.models:,} models", "requests", "CPU µs a model", "to httpx and `json.loads`", BEST)
    return table((*head, "to `GatewayClient`"), rows) + "\n\n" + server_line(costs)


def server_line(costs: Costs) -> str:
    """Return what the server itself took, beside the fastest that a client was."""
    taken = median(column(costs, "httpx", "server_cpu")) / costs["httpx"][0]["requests"]
    line = f"The server took {taken * 1e6:,.0f} µs of CPU for a page of 200, {taken / PAGE_SIZE * 1e6:.1f} µs a model"
    if "floor" not in costs:
        return f"{line}."
    walls = {name: median(cost["wall"] / cost["models"] * 1e6 for cost in costs[name]) for name in ("floor", "httpx")}
    return (
        f"{line}. By the clock,\n{CLIENTS['floor'].title} had a model every {walls['floor']:.1f} µs, "
        f"{CLIENTS['httpx'].title} every {walls['httpx']:.1f} µs."
    )


def linear_tasks(stand: Stand) -> dict[str, Task]:
    """Return listings of a hundredth, a tenth and all of the models that the server has."""
    return {
        f"{client} {models}": partial(stand.listing, client, f"first-{models}")
        for client in LINEAR
        for models in (stand.most // 100, stand.most // 10, stand.most)
    }


def linear_table(costs: Costs, stand: Stand) -> str:
    """Return the table of listings of all sizes."""
    sizes = sorted({int(name.split()[1]) for name in costs})
    rows = [
        (
            CLIENTS[client].title,
            *(spread(microseconds(costs, f"{client} {models}"), 1) for models in sizes),
            ratio(*(microseconds(costs, f"{client} {models}") for models in (sizes[-1], sizes[0]))),
        )
        for client in LINEAR
    ]
    return table(("CPU µs a model, of", *(f"{models:,} models" for models in sizes), "last to first"), rows)


def mask_tasks(stand: Stand) -> dict[str, Task]:
    """Return listings without a mask, and with one under which the server does one thing or the other."""
    return {
        "whole": partial(stand.listing, "ours", f"first-{stand.models}"),
        "masked": partial(stand.listing, "ours-masked", f"first-{stand.models}"),
        "unset": partial(stand.listing, "ours-masked", f"first-{stand.models}-printing-unset"),
    }


def mask_table(costs: Costs, stand: Stand) -> str:
    """Return the table of what a read mask saves."""
    rows = [
        (
            title,
            f"{stand.bytes[name]:,.0f}",
            f"{stand.bytes[name] / stand.bytes['whole']:.2f}",
            middle(microseconds(costs, name)),
            ratio(microseconds(costs, name), microseconds(costs, "whole")),
            best(microseconds(costs, name), microseconds(costs, "whole")),
        )
        for name, title in [
            ("whole", "no mask"),
            ("masked", "five fields, the others not printed"),
            ("unset", "five fields, the others printed as unset"),
        ]
    ]
    return table(("`read_mask`", "bytes a model", "to no mask", "CPU µs a model", "to no mask", BEST), rows)


WHOLE = Scenario(whole_tasks, whole_table)
MASK = Scenario(mask_tasks, mask_table)
SIZES = Scenario(linear_tasks, linear_table)
