"""The command `models expiring`: which serverless models end soon."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import Annotated

import typer
from attrs import evolve
from dateutil.relativedelta import relativedelta

from fireworks_gateway import ConfigurationError, FieldError, Model, ServingStatus

from ._columns import Columns, Row, columns_from
from ._exits import Exit
from ._options import AccountOption, OnOption, OutputOption, connection_of, today
from ._outputs import Output, texts
from ._screens import say, screen, watched, write
from ._tables import table_lines

_SPAN = re.compile(r"([0-9]{1,4})([dwmy])", re.ASCII).fullmatch

_COLUMNS = ("model_id", "kind", "deprecation_date", "days_left")


def expiring(
    context: typer.Context,
    within: Annotated[
        str, typer.Option(metavar="SPAN", help="How far ahead: days, weeks, months or years, e.g. 90d, 12w, 6m, 1y.")
    ] = "90d",
    on: OnOption = None,
    output: OutputOption = Output.TABLE,
    account_id: AccountOption = None,
) -> None:
    """List the serverless models that end soon, the next one first; exit with 1 if there are some.

    What has ended already is not among them. Where only the month or year of the end is known, its first day counts.
    """
    day = on or today()
    last = last_day_of(within, day)
    columns = evolve(columns_from(_COLUMNS), on=day)
    # Each of the three fields that a serving status rests on has to be asked for.
    mask = dict.fromkeys([*columns.mask, "state", "supports_serverless"])
    with connection_of(context).client(account_id) as client:
        pages = watched(client.models.list(read_mask=[*mask]).pages())
        models = [model for page in pages for model in page.items]
    ending = sorted((end, model.payload.get("name", ""), model) for model in models if (end := end_of(model, day)))
    rows = [columns.row(model) for end, _, model in ending if end <= last]
    with suppress(BrokenPipeError):  # The status is the answer, whoever reads the rest.
        _show(rows, columns, output, f"ends from {day} to {last}")
    if unclear := sum(model.serving_status(on=day).state is ServingStatus.State.UNKNOWN for model in models):
        say(f"Of {unclear:,} models it cannot be told whether they end.")
    if rows:
        raise typer.Exit(Exit.NO)


def last_day_of(span: str, day: date) -> date:
    """Return the last day of a span that begins with a day; months and years are those of the calendar.

    Raises:
        ConfigurationError: The text is no span, or ends after the year 9999.
    """
    if (found := _SPAN(span)) is None:
        raise ConfigurationError(f"--within takes a span such as 90d, 12w, 6m or 1y; not {span!r}")
    count = int(found[1])
    try:
        match found[2]:
            case "d":
                return day + relativedelta(days=count)
            case "w":
                return day + relativedelta(weeks=count)
            case "m":
                return day + relativedelta(months=count)
            case _:
                return day + relativedelta(years=count)
    except (OverflowError, ValueError):
        raise ConfigurationError(f"{span} from {day} on is past the calendar's end") from None


def end_of(model: Model, day: date) -> date | None:
    """Return the first day on which a model may end; None where it is not ending."""
    if model.serving_status(on=day).state is not ServingStatus.State.ENDING:
        return None
    try:
        return model.deprecation_date.earliest() if model.deprecation_date is not None else None
    except (FieldError, ValueError):
        return None


def _show(rows: list[Row], columns: Columns, output: Output, what: str) -> None:
    here = screen()
    if output is Output.TABLE and not rows:
        say(f"No serverless model {what}.")
    elif output is Output.TABLE:
        here.show(table_lines(columns.names, rows, here))
    else:
        for text in texts(output, [rows], columns.names, ascii_only=here.ascii_only, escape=here.terminal):
            write(text)
