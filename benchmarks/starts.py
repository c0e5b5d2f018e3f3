"""Starting: what importing costs, and how long it is from the start of a process to its first model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from .clients import CLIENTS, KEY, PAGE_SIZE, generated_module
from .scenarios import Scenario, Task
from .stand import Stand
from .tables import BEST, Costs, best, column, less, middle, ratio, spread, table

_GENERATED = f"""
import {generated_module()} as list_models
from fireworks_gateway_openapi.client import AuthenticatedClient
"""
_OURS = "from fireworks_gateway import GatewayClient\n"
_OFFICIAL = "from fireworks import Fireworks\n"


@dataclass(frozen=True, slots=True)
class Program:
    """A program for `python -c`, and the environment that it runs in."""

    title: str
    environment: str
    text: str


IMPORTS: Mapping[str, Program] = {
    "httpx": Program("httpx", "plain", "import httpx"),
    "generated": Program("the generated code and httpx", "plain", _GENERATED),
    "ours": Program("`GatewayClient`", "plain", _OURS),
    "official": Program("`fireworks-ai`", "official", _OFFICIAL),
}

FIRSTS: Mapping[str, str] = {
    "httpx": f"""
import httpx, json, sys
with httpx.Client(base_url=sys.argv[1], headers={{"Authorization": "Bearer {KEY}"}}) as client:
    page = json.loads(client.get(f"/v1/accounts/{{sys.argv[2]}}/models", params={{"pageSize": {PAGE_SIZE}}}).content)
    print(page["models"][0]["name"], flush=True)
""",
    "generated": f"""{_GENERATED}
import sys
with AuthenticatedClient(base_url=sys.argv[1], token="{KEY}") as client:
    page = list_models.sync(sys.argv[2], client=client, page_size={PAGE_SIZE})
    print(page.models[0].name, flush=True)
""",
    "ours": f"""{_OURS}
import sys
with GatewayClient(base_url=sys.argv[1], api_key="{KEY}") as client:
    for model in client.models.list(account_id=sys.argv[2]):
        print(model.name, flush=True)
        break
""",
    "official": f"""{_OFFICIAL}
import sys
with Fireworks(base_url=sys.argv[1], api_key="{KEY}") as client:
    for model in client.models.list(account_id=sys.argv[2]):
        print(model.name, flush=True)
        break
""",
}
"""Each prints the name of the first model of its first page, which is as large as the client makes it."""

FIRSTS = {**FIRSTS, "ours-fast": FIRSTS["ours"]}


def import_tasks(stand: Stand) -> dict[str, Task]:
    """Return the imports, and a process without any in each environment."""
    tasks: dict[str, Task] = {f"nothing, {name}": partial(stand.program, name, "") for name in stand.pythons}
    for name, program in IMPORTS.items():
        if program.environment in stand.pythons:
            tasks[name] = partial(stand.program, program.environment, program.text)
            tasks[name]()  # So that its bytecode is there, as it is for users.
    return tasks


def import_times(costs: Costs) -> dict[str, list[float]]:
    """Return the milliseconds of processor time of each import: a whole process less one that imports nothing."""
    return {
        name: less(column(costs, name, "cpu", 1e-3), column(costs, f"nothing, {program.environment}", "cpu", 1e-3))
        for name, program in IMPORTS.items()
        if name in costs
    }


def import_table(costs: Costs, stand: Stand) -> str:
    """Return the table of imports."""
    times = import_times(costs)
    httpx, generated = times["httpx"], times["generated"]
    rows = [
        (
            IMPORTS[name].title,
            middle(each, 0),
            ratio(each, httpx),
            best(each, httpx),
            ratio(each, generated),
            best(each, generated),
        )
        for name, each in times.items()
    ]
    return table(("import", "CPU ms", "to httpx", BEST, "to generated and httpx", BEST), rows)


def first_tasks(stand: Stand) -> dict[str, Task]:
    """Return the programs that print one model."""
    return {
        name: partial(stand.program, CLIENTS[name].environment, text, stand.url, f"first-{stand.models}")
        for name, text in FIRSTS.items()
        if stand.can_run(name)
    }


def first_table(costs: Costs, stand: Stand) -> str:
    """Return the table of first models."""

    def rows() -> Iterator[tuple[str, ...]]:
        for name in (name for name in CLIENTS if name in costs):
            wall, cpu = column(costs, name, "wall", 1e-3), column(costs, name, "cpu", 1e-3)
            base = column(costs, "httpx", "wall", 1e-3)
            yield CLIENTS[name].title, spread(wall, 0), middle(cpu, 0), ratio(wall, base), best(wall, base)

    return table(
        ("first model, from the start of the process", "wall ms", "CPU ms", "wall, to httpx and `json.loads`", BEST),
        rows(),
    )


IMPORT = Scenario(import_tasks, import_table)
FIRST = Scenario(first_tasks, first_table)
