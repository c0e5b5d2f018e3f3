"""List callable models of an account: of the real service with a key, of a sample catalogue without one.

FIREWORKS_API_KEY is the key, FIREWORKS_ACCOUNT_ID the account (by default fireworks, the public catalogue). Without a
key the client lists the sample catalogue of a local gateway over HTTP.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from fireworks_gateway import FieldError, GatewayClient, GatewayError, Model
from fireworks_gateway.testing import FakeGateway

SHOWN = 20
"""The number of models in the table."""

PIPE_WIDTH = 132
"""Width of the table, for output that is not a terminal."""

STYLES = {"AVAILABLE": "green", "ENDING": "yellow"}


@contextmanager
def open_client(account_id: str, messages: Console) -> Generator[GatewayClient]:
    """Yield a client of the real service if there is a key, else of a local gateway; print its address."""
    if os.environ.get("FIREWORKS_API_KEY"):
        with GatewayClient(account_id=account_id) as client:
            messages.print(f"Listing the models of {client!r}", soft_wrap=True)
            yield client
        return
    gateway = FakeGateway(account_id=account_id)
    with gateway.serve() as url:
        messages.print(
            f"No FIREWORKS_API_KEY is set: listing a sample catalogue from a local gateway at {url}", soft_wrap=True
        )
        with GatewayClient(api_key="fake-key", account_id=account_id, base_url=url) as client:
            yield client


def fetch_models(client: GatewayClient, messages: Console) -> list[Model]:
    """Return every model, with a progress bar on a terminal."""
    columns = TextColumn("Listing"), BarColumn(), MofNCompleteColumn(), TextColumn("models")
    models: list[Model] = []
    with Progress(*columns, console=messages, disable=not messages.is_terminal, transient=True) as progress:
        task = progress.add_task("", total=None)
        for page in client.models.list(page_size=50).pages():  # Small pages move the bar.
            models += page.items
            progress.update(task, total=page.total_size, completed=len(models))
    return models


def build_table(models: list[Model]) -> Table:
    """Return a table of models with their serving status, for 80 columns and more."""
    table = Table(header_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("Model", no_wrap=True)
    table.add_column("Serving")
    table.add_column("Until")
    table.add_column("Context", justify="right")
    for model in models:
        state = model.serving_status().state
        until, context = read_cell(model, "deprecation_date"), read_cell(model, "context_length")
        table.add_row(read_cell(model, "model_id"), Text(state, STYLES.get(state, "")), until, context)
    return table


def read_cell(model: Model, field: str) -> str:
    """Return the value of a field as text, or a question mark if it is malformed."""
    try:
        value = getattr(model, field)
    except FieldError:
        return "?"
    return f"{value:,}" if value and isinstance(value, int) else str(value or "")


def next_steps(shown: list[Model], account_id: str) -> str:
    """Return the commands to try next."""
    python = Path(sys.executable)
    here = python.relative_to(Path.cwd()) if python.is_relative_to(Path.cwd()) else python
    has_key = bool(os.environ.get("FIREWORKS_API_KEY"))
    command = f"{here} -m fireworks_gateway {f'--account-id {account_id}' if has_key else '--demo'} models"
    steps = [f"{command} show {read_cell(shown[0], 'model_id')}"] if shown else []
    steps += [f"{command} list", f"{command} --help"]
    if not has_key:
        steps.append("export FIREWORKS_API_KEY=...; make run")
    return "\n".join(["Next:", *(f"  {step}" for step in steps)])


def main() -> int:
    """List the models; return the exit status."""
    messages = Console(stderr=True)  # So that a pipe receives the table only.
    out = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, markup=False)
    account_id = os.environ.get("FIREWORKS_ACCOUNT_ID") or "fireworks"
    try:
        with open_client(account_id, messages) as client:
            models = fetch_models(client, messages)
    except GatewayError as error:
        messages.print(
            f"The models could not be listed. {error}", style="red", markup=False, highlight=False, soft_wrap=True
        )
        return 1
    found = [model for model in models if model.serving_status().callable]
    out.print(build_table(found[:SHOWN]))
    more = f", {len(found) - SHOWN:,} more than shown" if len(found) > SHOWN else ""
    messages.print(f"{len(found):,} of {len(models):,} models are callable{more}.", highlight=False, soft_wrap=True)
    messages.print(next_steps(found, account_id), markup=False, highlight=False, soft_wrap=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
