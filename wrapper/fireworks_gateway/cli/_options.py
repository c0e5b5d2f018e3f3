"""Options that several commands have."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypeAlias

import typer

from ._connections import Connection
from ._outputs import Output


def connection_of(context: typer.Context) -> Connection:
    """Return where the command is to ask."""
    found = context.find_object(Connection)
    return found if found is not None else Connection()


def example(*lines: str) -> str:
    """Return what stands at the end of a command's help."""
    return "\b\n" + "\n".join(["Example:" if len(lines) == 1 else "Examples:", *(f"  {line}" for line in lines)])


AccountOption: TypeAlias = Annotated[str | None, typer.Option("--account-id", metavar="ID", help="Whose models.")]
FilterOption: TypeAlias = Annotated[
    str | None, typer.Option("--filter", metavar="TEXT", help="Which models, in the filter language (AIP-160).")
]
CheckOption: TypeAlias = Annotated[
    bool,
    typer.Option("--check/--no-check", help="Hold filter and order against the specification first."),
]
OnOption: TypeAlias = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], metavar="DATE", help="For which day; today in UTC.")
]
OutputOption: TypeAlias = Annotated[
    Output,
    typer.Option("--output", "-o", metavar="FORM", help="In which form: table, json, jsonl, csv, yaml or markdown."),
]
