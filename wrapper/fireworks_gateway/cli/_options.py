"""Options that several commands have, and what of them is refused before anything is sent."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, TypeAlias

import typer

from fireworks_gateway import ConfigurationError, Model

from ._connections import Connection
from ._outputs import Output


class TextOrJson(StrEnum):
    """The form of what is said once: for a person, or for a program."""

    TEXT = "text"
    JSON = "json"


def connection_of(context: typer.Context) -> Connection:
    """Return where the command is to ask."""
    found = context.find_object(Connection)
    return found if found is not None else Connection()


def example(*lines: str) -> str:
    """Return what stands at the end of a command's help."""
    return "\b\n" + "\n".join(["Example:" if len(lines) == 1 else "Examples:", *(f"  {line}" for line in lines)])


def day_from(text: str) -> date:
    """Return the day that a text is.

    Raises:
        typer.BadParameter: It is none.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise typer.BadParameter(f"a day is like 2026-11-21; not {text!r}") from None


def today() -> date:
    """Return the day that a command is about where none is given; in UTC."""
    return datetime.now(UTC).date()


def check_order(text: str | None) -> None:
    """Refuse an order (AIP-132) by what the specification has no field for, before anything is sent.

    Raises:
        ConfigurationError: It is none; the error says what is near.
    """
    for term in text.split(",") if text else ():
        path, *direction = term.split() or [""]
        if not path or direction not in ([], ["asc"], ["desc"]):
            raise ConfigurationError(f"--order-by takes fields such as 'create_time desc', not {term.strip()!r}")
        Model({}).to_row([path])


def check_filter(text: str | None) -> None:
    """Refuse a filter that the specification's fields do not fit, before anything is sent.

    Raises:
        FilterError: It does not; the error points at the place.
    """
    if text is not None:
        from fireworks_gateway import aip160

        aip160.check(text, Model)


AccountOption: TypeAlias = Annotated[str | None, typer.Option("--account-id", metavar="ID", help="Whose models.")]
FilterOption: TypeAlias = Annotated[
    str | None, typer.Option("--filter", metavar="TEXT", help="Which models, in the filter language (AIP-160).")
]
CheckOption: TypeAlias = Annotated[
    bool,
    typer.Option("--check/--no-check", help="Hold filter and order against the specification first."),
]
OnOption: TypeAlias = Annotated[
    date | None,
    typer.Option("--on", parser=day_from, metavar="DATE", help="For which day, e.g. 2026-11-21; today in UTC."),
]
OutputOption: TypeAlias = Annotated[
    Output,
    typer.Option("--output", "-o", metavar="FORM", help="In which form: table, json, jsonl, csv, yaml or markdown."),
]
TextOrJsonOption: TypeAlias = Annotated[
    TextOrJson, typer.Option("--output", "-o", metavar="FORM", help="In which form: text or json.")
]
