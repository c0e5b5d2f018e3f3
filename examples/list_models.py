"""List an account's models as a table: from the real service with a key, from a sample catalogue without one.

FIREWORKS_API_KEY is the key, FIREWORKS_ACCOUNT_ID the account (fireworks by default). Without a key the client lists
the sample catalogue of a local gateway over HTTP.
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

PIPE_WIDTH = 132
"""Width of the whole table, for output that is not a terminal."""


@contextmanager
def open_client(messages: Console) -> Generator[GatewayClient]:
    """Yield a client of the real service if there is a key, else of a local gateway; print which."""
    account_id = os.environ.get("FIREWORKS_ACCOUNT_ID") or "fireworks"
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


def build_table(models: list[Model], width: int) -> Table:
    """Return the models as a table, with the columns that fit the width."""
    columns = [column for column in COLUMNS if width >= column.min_width]
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
    """A column: title, value of a model, alignment, and the smallest width of the table that has it."""

    title: str
    value: Callable[[Model], object]
    justify: Literal["left", "right"] = "left"
    min_width: int = 0

    def cell(self, model: Model) -> str:
        """Return the value as text, or a question mark if it is malformed."""
        try:
            value = self.value(model)
        except FieldError:
            return "?"
        return str(value) if value else ""


def context_length(model: Model) -> str:
    """Return the context length in tokens."""
    return f"{model.context_length:,}" if model.context_length else ""


def serverless(model: Model) -> str:
    """Return yes if the model has a serverless deployment."""
    return "yes" if model.supports_serverless else ""


def parameters(model: Model) -> str:
    """Return the number of parameters in billions."""
    count = model.base_model_details.parameter_count if model.base_model_details else None
    return f"{count / 1e9:,.1f} B" if count else ""


COLUMNS = (
    Column("Model", attrgetter("model_id")),
    Column("Kind", attrgetter("kind"), min_width=84),
    Column("State", attrgetter("state"), min_width=110),
    Column("Context", context_length, "right"),
    Column("Parameters", parameters, "right", min_width=96),
    Column("Live", serverless, "right"),
    Column("Until", attrgetter("deprecation_date"), "right"),
)


def main() -> int:
    """List the models; return the exit status."""
    messages = Console(stderr=True)  # So that a pipe receives the table only.
    out = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    try:
        with open_client(messages) as client:
            out.print(build_table(fetch_models(client, messages), out.width))
    except GatewayError as error:
        messages.print(
            f"The models could not be listed. {error}", style="red", markup=False, highlight=False, soft_wrap=True
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
