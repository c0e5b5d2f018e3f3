"""The commands `models list`, `models expiring` and `models stats`."""

from __future__ import annotations

import re
import shlex
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from itertools import pairwise
from typing import Annotated, Any

import typer
from attrs import evolve, frozen
from dateutil.relativedelta import relativedelta
from rich.text import Text

from fireworks_gateway import (
    Bookmark,
    ConfigurationError,
    FieldError,
    GatewayError,
    Model,
    Page,
    Pager,
    ServingStatus,
    check_filter,
)

from ._columns import DEFAULT, Columns, Row, columns_from, completed, every_column
from ._exits import Exit
from ._options import (
    AccountOption,
    CheckOption,
    FilterOption,
    OnOption,
    OutputOption,
    TextOrJson,
    TextOrJsonOption,
    check_order,
    connection_of,
    today,
)
from ._output import Output, json_text, printable, texts
from ._screen import STYLES, Screen, fitting, say, screen, table_lines, titles_of, watched, write

ColumnsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--columns",
        "-c",
        metavar="PATHS",
        autocompletion=completed,
        help="Which fields, separated by commas; also model_id, serving and days_left.",
    ),
]


def list_models(
    context: typer.Context,
    filter: FilterOption = None,
    order_by: Annotated[
        str | None, typer.Option("--order-by", metavar="TEXT", help="In what order, e.g. 'create_time desc'.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=0, metavar="N", help="How many models at the most.")] = None,
    columns: ColumnsOption = None,
    output: OutputOption = Output.TABLE,
    resume: Annotated[
        str | None, typer.Option(metavar="BOOKMARK", help="Go on where an earlier run of jsonl or csv stopped.")
    ] = None,
    on: OnOption = None,
    check: CheckOption = True,
    account_id: AccountOption = None,
) -> None:
    """List models: as a table, or in a form for programs.

    json and jsonl hold the models as they were sent unless --columns is given, which also asks the service for no more
    than that.
    """
    chosen = columns_from(columns, on) if columns else None
    if check and filter is not None:
        check_filter(filter, Model)
    if check:
        check_order(order_by)
    with connection_of(context).client(account_id, on=on) as client:
        shown = chosen or (columns_from(DEFAULT, on) if output in (Output.TABLE, Output.MARKDOWN) else None)
        pager = client.models.list(
            filter=filter, order_by=order_by, limit=limit, read_mask=shown.mask if shown is not None else None
        )
        pager = pager.resume(resume) if resume is not None else pager
        show_listing(pager, Form(output, shown, usual=chosen is None, begun=resume is not None))


@frozen
class Form:
    """How a listing is shown.

    Attributes:
        output: The form.
        columns: What of each model; None for the model as it was sent.
        usual: Whether nobody asked for just these columns.
        begun: Whether an earlier run wrote the beginning.
    """

    output: Output
    columns: Columns | None
    usual: bool = False
    begun: bool = False

    def items(self, page: Page[Model]) -> list[Any]:
        """Return what is shown of each model of a page."""
        columns = self.columns or (every_column() if self.output is Output.CSV else None)
        return [model.to_dict() if columns is None else columns.row(model) for model in page.items]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, where the form has any."""
        return (self.columns or every_column()).names


def show_listing(pager: Pager[Model], form: Form) -> None:
    """Write a listing to standard output: page by page in the forms that stream, else all of it or nothing."""
    here = screen()
    pages = pager.pages()
    streams = form.output.streams
    watching = watched(pages, limit=pager.limit, quiet=streams and here.terminal)
    if not streams:
        rows = [item for page in watching for item in form.items(page)]
        _show_whole(rows, form, here)
        return
    standing = pager.start

    def batches() -> Iterator[list[Any]]:
        nonlocal standing
        for page in watching:
            yield form.items(page)
            standing = pages.bookmark  # What was yielded is written by now.

    try:
        _write_all(batches(), form, here)
    except (GatewayError, KeyboardInterrupt) as error:
        _tell_of_rest(standing)
        raise error


def _show_whole(rows: list[Any], form: Form, here: Screen) -> None:
    if form.output is not Output.TABLE:
        _write_all([rows], form, here)
        return
    names = fitting(form.names, rows, here) if form.usual else form.names
    here.show(table_lines(names, rows, here))
    if here.terminal:
        more = ", ".join(titles_of(form.names)[len(names) :])
        say(f"\n{len(rows):,} model{'s' * (len(rows) != 1)}{more and f'; a wider terminal shows {more}'}")


def _write_all(batches: Iterable[list[Any]], form: Form, here: Screen) -> None:
    names = form.names
    header = not form.begun
    for text in texts(form.output, batches, names, ascii_only=here.ascii_only, escape=here.terminal, header=header):
        write(text)


def _tell_of_rest(standing: Bookmark) -> None:
    if standing.taken:
        told = f"{standing.taken:,} models were written; to go on from there, add"
        say(f"{told} --resume {shlex.quote(standing.to_json())}")


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
    with connection_of(context).client(account_id, on=on) as client:
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


UNSET = "unset"
UNREADABLE = "unreadable"

_MASK = "name kind state supports_serverless deprecation_date context_length base_model_details.parameter_count".split()

_LENGTHS = [4_096, 8_192, 16_384, 32_768, 65_536, 131_072, 262_144, 1_048_576]
_PARAMETERS = [10**9, 3 * 10**9, 10**10, 3 * 10**10, 10**11, 3 * 10**11, 10**12]

Counts = Mapping[str, int]
"""How many models there are of each sort, in the order to show."""


def stats(
    context: typer.Context,
    output: TextOrJsonOption = TextOrJson.TEXT,
    on: OnOption = None,
    account_id: AccountOption = None,
) -> None:
    """Count the models by kind, state, serving status, context length, parameters and month of their end."""
    with connection_of(context).client(account_id, on=on) as client:
        pages = watched(client.models.list(read_mask=_MASK).pages())
        models = [model for page in pages for model in page.items]
    counted = counts_of(models, on or today())
    here = screen()
    if output is TextOrJson.JSON:
        write(json_text({"models": len(models), **counted}, indent=2, ascii_only=here.ascii_only) + "\n")
    else:
        here.show(_lines(len(models), counted, here))


def counts_of(models: Iterable[Model], day: date) -> dict[str, Counts]:
    """Return how many models there are of each sort, by what they are sorted by; every model is in each once."""
    listed = list(models)
    sorts: Mapping[str, Callable[[Model], str]] = {
        "kind": lambda model: str(model.kind or UNSET),
        "state": lambda model: str(model.state or UNSET),
        "serving": lambda model: str(model.serving_status(on=day).state),
        "context_length": lambda model: range_of(model.context_length, _LENGTHS, _tokens),
        "parameter_count": lambda model: range_of(_parameter_count(model), _PARAMETERS, _billions),
        "deprecation_month": lambda model: str(model.deprecation_date or UNSET)[:7],
    }
    return {name: _in_order(name, Counter(_read(sort, model) for model in listed)) for name, sort in sorts.items()}


def _read(sort: Callable[[Model], str], model: Model) -> str:
    try:
        return sort(model)
    except FieldError:
        return UNREADABLE


def _parameter_count(model: Model) -> int | None:
    return model.base_model_details.parameter_count if model.base_model_details is not None else None


def _in_order(name: str, counted: Counter[str]) -> Counts:
    """Return counts by size, or in the order that their labels have."""
    bounds = {"context_length": (_LENGTHS, _tokens), "parameter_count": (_PARAMETERS, _billions)}.get(name)
    if bounds is not None:
        order = [*labels_of(*bounds), UNSET, UNREADABLE]
        return {label: counted[label] for label in order if counted[label]}
    if name == "deprecation_month":
        return dict(sorted(counted.items(), key=lambda each: (each[0] in (UNSET, UNREADABLE), each[0])))
    return dict(sorted(counted.items(), key=lambda each: (-each[1], each[0])))


def range_of(number: int | None, bounds: list[int], label: Callable[[int], str]) -> str:
    """Return the label of the range that a number is in; each range begins with a bound."""
    return labels_of(bounds, label)[bisect_right(bounds, number)] if number is not None and number > 0 else UNSET


def labels_of(bounds: list[int], label: Callable[[int], str]) -> list[str]:
    """Return the labels of the ranges between bounds, the one below the first and the one from the last on too."""
    between = [f"{label(low)} to {label(high)}" for low, high in pairwise(bounds)]
    return [f"below {label(bounds[0])}", *between, f"{label(bounds[-1])} and more"]


def _tokens(bound: int) -> str:
    return f"{bound // 1024}k" if bound < 2**20 else f"{bound // 2**20}M"


def _billions(bound: int) -> str:
    return f"{bound // 10**9}B" if bound < 10**12 else f"{bound // 10**12}T"


def _lines(total: int, counted: Mapping[str, Counts], here: Screen) -> Iterator[Text]:
    shown: dict[str, list[tuple[str, int]]] = {
        name: [(printable(label), count) for label, count in counts.items()] for name, counts in counted.items()
    }
    width = max((len(label) for counts in shown.values() for label, _ in counts), default=0)
    digits = len(f"{total:,}")
    yield Text.assemble((f"{total:,} models" if here.terminal else f"models  {total}", "bold"))
    for name, counts in shown.items():
        yield Text()
        yield Text(name.replace("_", " ") if here.terminal else name, "bold")
        for label, count in counts:
            if not here.terminal:
                yield Text(f"  {label:{width}}  {count:{digits}}")
                continue
            bar = bar_of(count / total, here.width - width - digits - 6, "#" if here.ascii_only else "█")
            style = STYLES.get(label, "cyan") if name == "serving" else "cyan"
            yield Text.assemble(f"  {label:{width}}  {count:{digits},}  ", (bar, style))


def bar_of(share: float, width: int, block: str) -> str:
    """Return a bar for a share of 1; what is not nothing has a bar, and one that fits."""
    width = max(0, min(width, 40))
    return block * min(width, max(1 if share > 0 else 0, round(share * width)))
