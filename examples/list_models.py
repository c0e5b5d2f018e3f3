"""List an account's models as a table: the real service's with a key, the sample's without one.

FIREWORKS_API_KEY opens the real service, FIREWORKS_ACCOUNT_ID says whose models (fireworks by default). Without a key
the client lists the sample catalogue from a local gateway, over HTTP all the same.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from operator import attrgetter
from typing import Literal, NamedTuple

from rich.box import SIMPLE_HEAD
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


def table_of(models: list[Model], width: int) -> Table:
    """Return the models as a table of the columns that such a width has room for."""
    columns = [column for column in COLUMNS if width >= column.from_width]
    table = Table(
        header_style="bold",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        caption=f"{len(models)} models, specification {SPEC_VERSION}",
    )
    for column in columns:
        table.add_column(column.title, justify=column.justify, no_wrap=True)
    for model in models:
        table.add_row(*(column.cell(model) for column in columns), style="dim" if model.is_ready is False else None)
    return table


class Column(NamedTuple):
    """A column: its title, what it shows of a model, and from which width of the table on it is there."""

    title: str
    value: Callable[[Model], object]
    justify: Literal["left", "right"] = "left"
    from_width: int = 0

    def cell(self, model: Model) -> str:
        """Return the value as text, or a question mark where it cannot be read."""
        try:
            value = self.value(model)
        except FieldError:
            return "?"
        return str(value) if value else ""


def context(model: Model) -> str:
    """Return the context length, in tokens."""
    return f"{model.context_length:,}" if model.context_length else ""


def live(model: Model) -> str:
    """Return whether the model has a serverless deployment."""
    return "yes" if model.supports_serverless else ""


def parameters(model: Model) -> str:
    """Return how many parameters a model has, in billions."""
    count = model.base_model_details.parameter_count if model.base_model_details else None
    return f"{count / 1e9:,.1f} B" if count else ""


COLUMNS = (
    Column("Model", attrgetter("model_id")),
    Column("Kind", attrgetter("kind"), from_width=84),
    Column("State", attrgetter("state"), from_width=110),
    Column("Context", context, "right"),
    Column("Parameters", parameters, "right", from_width=96),
    Column("Live", live, "right"),
    Column("Until", attrgetter("deprecation_date"), "right"),
)


def main() -> int:
    """List the models; return the exit status."""
    # What a person reads while it runs goes to the error stream, so that a pipe gets the table alone.
    say = Console(stderr=True)
    out = Console(width=None if sys.stdout.isatty() else WIDTH_IN_A_PIPE)
    try:
        with client_to_run_with(say) as client:
            out.print(table_of(models_watched(client, say), out.width))
    except GatewayError as error:
        say.print(
            f"The models could not be listed. {error}", style="red", markup=False, highlight=False, soft_wrap=True
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
