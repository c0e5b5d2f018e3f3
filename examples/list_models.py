"""List an account's models as a table: the real service's with a key, the sample's without one.

FIREWORKS_API_KEY opens the real service, FIREWORKS_ACCOUNT_ID says whose models (fireworks by default). Without a key
the client lists the sample catalogue from a local gateway, over HTTP all the same.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from fireworks_gateway import SPEC_VERSION, FieldError, GatewayClient, GatewayError, Model
from fireworks_gateway.testing import FakeGateway

WIDTH_IN_A_PIPE = 132
"""As wide as a table needs, since nothing wraps in a pipe."""


@contextmanager
def client_to_run_with(say: Console) -> Generator[GatewayClient]:
    """Give a client of the real service where there is a key, else of a local gateway; say which."""
    account_id = os.environ.get("FIREWORKS_ACCOUNT_ID") or "fireworks"
    if os.environ.get("FIREWORKS_API_KEY"):
        with GatewayClient(account_id=account_id) as client:
            say.print(f"Listing the models of {client!r}", soft_wrap=True)
            yield client
        return
    gateway = FakeGateway(account_id=account_id)
    with gateway.serve() as url:
        say.print(
            f"No FIREWORKS_API_KEY is set: listing a sample catalogue from a local gateway at {url}", soft_wrap=True
        )
        with GatewayClient(api_key="fake-key", account_id=account_id, base_url=url) as client:
            yield client


def models_watched(client: GatewayClient, say: Console) -> list[Model]:
    """Return every model, with a progress bar while they come, on a terminal."""
    columns = TextColumn("Listing"), BarColumn(), MofNCompleteColumn(), TextColumn("models")
    models: list[Model] = []
    with Progress(*columns, console=say, disable=not say.is_terminal, transient=True) as progress:
        task = progress.add_task("", total=None)
        for page in client.models.list(page_size=50).pages():  # Small pages, so that the bar moves.
            models += page.items
            progress.update(task, total=page.total_size, completed=len(models))
    return models


def table_of(models: list[Model]) -> Table:
    """Return the models as a table."""
    table = Table(header_style="bold", caption=f"{len(models)} models, specification {SPEC_VERSION}")
    for title, justify in [("Model", "left"), ("Kind", "left"), ("State", "left"), ("Context", "right")]:
        table.add_column(title, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for title in ("Parameters", "Serverless", "Until"):
        table.add_column(title, justify="right", no_wrap=True)
    for model in models:
        table.add_row(*row_of(model), style="dim" if model.is_ready is False else None)
    return table


def row_of(model: Model) -> list[str]:
    """Return a model's cells; a field that cannot be read costs its cell."""
    return [
        cell(lambda: model.model_id),
        cell(lambda: model.kind),
        cell(lambda: model.state),
        cell(lambda: f"{model.context_length:,}" if model.context_length else ""),
        cell(lambda: parameters(model)),
        cell(lambda: "yes" if model.supports_serverless else ""),
        cell(lambda: model.deprecation_date or ""),
    ]


def cell(value: object) -> str:
    """Return a value as text, or a question mark where it cannot be read."""
    try:
        read = value() if callable(value) else value
    except FieldError:
        return "?"
    return "" if read is None else str(read)


def parameters(model: Model) -> str:
    """Return how many parameters a model has, in billions."""
    count = model.base_model_details.parameter_count if model.base_model_details else None
    return f"{count / 1e9:,.1f} B" if count else ""


def main() -> int:
    """List the models; return the exit status."""
    # What a person reads while it runs goes to the error stream, so that a pipe gets the table alone.
    say = Console(stderr=True)
    out = Console(width=None if sys.stdout.isatty() else WIDTH_IN_A_PIPE)
    try:
        with client_to_run_with(say) as client:
            out.print(table_of(models_watched(client, say)))
    except GatewayError as error:
        say.print(
            f"The models could not be listed. {error}", style="red", markup=False, highlight=False, soft_wrap=True
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
