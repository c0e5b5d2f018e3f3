"""The commands `models list`, `models expiring` and `models stats`."""

import re
import shlex
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer
from attrs import frozen
from dateutil.relativedelta import relativedelta
from rich.text import Text
from typer import Option

from fireworks_gateway import ConfigurationError, FieldError, GatewayError, Model, ServingStatus

from ._columns import DEFAULT, DERIVED, Cells, Columns, parse_columns
from ._options import (
    AccountOption,
    CheckOption,
    ColumnsOption,
    Exit,
    FilterOption,
    GlobalOptions,
    OnOption,
    OutputOption,
    ReportOption,
    check_query,
    today,
)
from ._output import SERVING_STYLES, Output, column_titles, fit_columns, format_count, print_report, print_rows
from ._screen import Screen, detect_screen, escape_unprintable, track_pages, write_message

if TYPE_CHECKING:
    from fireworks_gateway import Page, Pager

States: TypeAlias = list[ServingStatus.State] | None


def list_models(
    context: typer.Context,
    filter: FilterOption = None,
    order_by: Annotated[str | None, Option(metavar="ORDER", help="Sort order, e.g. 'create_time desc'.")] = None,
    search: Annotated[str | None, Option(metavar="TEXT", help="Words in the ID or display name.")] = None,
    serving: Annotated[
        States, Option(metavar="STATUS", case_sensitive=False, help="Serving status: AVAILABLE, ENDING etc.")
    ] = None,
    limit: Annotated[int | None, Option(min=0, metavar="N", help="Maximum number of models.")] = None,
    columns: ColumnsOption = None,
    output: OutputOption = "table",
    quiet: Annotated[bool, Option("--quiet", "-q", help="Print names only, as --output names does.")] = False,
    resume: Annotated[str | None, Option(metavar="BOOKMARK", help="Continue a jsonl or csv listing.")] = None,
    on: OnOption = None,
    check: CheckOption = True,
    account_id: AccountOption = None,
) -> None:
    """List models as a table, or in a format for programs.

    Only the chosen columns are requested from the service. Without --columns, json and jsonl print whole models as
    the service sent them, and csv prints every field.
    """
    output = "names" if quiet else output
    chosen = parse_columns(columns, on) if columns else None
    if check:
        check_query(filter, order_by)
    shown = chosen if chosen and output != "names" else _default_columns(output, on)
    selection = Selection(search, serving or (), limit, on)
    options: GlobalOptions = context.obj
    with options.client(account_id, on=on) as client:
        pager = client.models.list(
            filter=filter,
            order_by=order_by,
            limit=limit if selection.prints_all else None,
            read_mask=shown.mask and tuple(dict.fromkeys([*shown.mask, *selection.fields])),
        )
        if resume is not None:
            pager = pager.resume(resume)
        if output in ("jsonl", "csv"):
            count = _stream_models(pager, output, shown, selection, new=resume is None)
        else:
            count = _print_models(pager, output, shown, selection, fit=chosen is None)
    if not count and filter is None and limit != 0:
        account = options.resolve_account(account_id)
        if selection.prints_all:
            _report_no_models(account)
        else:
            write_message(f"No model of the account {account} matches.")


@frozen
class Selection:
    """The models of a listing to print: the service has no filter for these conditions."""

    search: str | None
    serving: Collection[ServingStatus.State]
    limit: int | None
    on: date | None

    @property
    def prints_all(self) -> bool:
        """True if every model is printed, up to the limit."""
        return not self.search and not self.serving

    @property
    def fields(self) -> list[str]:
        """The fields that the conditions need."""
        return [*(("name", "display_name") if self.search else ()), *(DERIVED["serving"] if self.serving else ())]

    def pages(self, pages: "Iterable[Page[Model]]", *, quiet: bool = False) -> Iterator[Sequence[Model]]:
        """Iterate over pages with a progress bar, and yield the models of each that are printed, up to the limit."""
        left = sys.maxsize if self.limit is None else self.limit
        for page in track_pages(pages, limit=self.limit if self.prints_all else None, quiet=quiet):
            models = [model for model in page.items if self.matches(model)][:left]
            yield models
            left -= len(models)
            if not left and not self.prints_all:
                return

    def matches(self, model: Model) -> bool:
        """Return whether a model meets the conditions."""
        text = f"{str(model.payload.get('name')).rpartition('/')[2]} {model.payload.get('displayName')}".casefold()
        found = all(word in text for word in (self.search or "").casefold().split())
        return found and (not self.serving or model.serving_status(on=self.on).state in self.serving)


def _default_columns(output: Output, on: date | None) -> Columns:
    if output == "csv":
        return Columns(tuple(Model({}).to_row()), masked=False)
    if output == "names":
        return Columns(("name",))
    return parse_columns(DEFAULT, on) if output in ("table", "markdown") else Columns(())


def _report_no_models(account_id: str) -> None:
    hint = "" if account_id == "fireworks" else ". That of the public catalogue is --account-id fireworks"
    write_message(f"The account {account_id} has no models{hint}.")


def _stream_models(pager: "Pager[Model]", output: Output, columns: Columns, selection: Selection, new: bool) -> int:
    """Print each page as it comes, and return the number of models; after a failure, print how to continue."""
    pages = pager.pages()
    written, count = pages.bookmark, 0

    def batches() -> Iterator[list[Cells]]:
        nonlocal written, count
        for models in selection.pages(pages, quiet=detect_screen().terminal):
            yield [*map(columns.row, models)]
            written, count = pages.bookmark, count + len(models)  # By now the batch is written.

    try:
        print_rows(output, batches(), columns.names, header=new)
    except (GatewayError, KeyboardInterrupt):
        if written.taken:
            option = f"--resume {shlex.quote(written.to_json())}"
            read = written.taken if selection.prints_all else count
            write_message(f"{read:,} models were written. To continue, add {option}")
        raise
    return count


def _print_models(pager: "Pager[Model]", output: Output, columns: Columns, selection: Selection, fit: bool) -> int:
    """Print a complete listing, and return the number of models; print nothing after a failure."""
    screen = detect_screen()
    rows = [columns.row(model) for models in selection.pages(pager.pages()) for model in models]
    shown = fit_columns(columns.names, rows, screen) if fit and output == "table" else columns.names
    print_rows(output, [rows], shown)
    if output == "table" and screen.terminal:
        hidden = ", ".join(column_titles(columns.names)[len(shown) :])
        more = f"; a wider terminal shows {hidden}" if hidden else ""
        write_message(f"\n{format_count(len(rows), 'model')}{more}")
    return len(rows)


_parse_span = re.compile(r"([0-9]{1,4})([dwmy])", re.ASCII).fullmatch
_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}


def list_expiring_models(
    context: typer.Context,
    within: Annotated[str, Option(metavar="SPAN", help="Time span, such as 90d, 12w, 6m or 1y.")] = "90d",
    ended: Annotated[bool, Option("--ended", help="Include models that have already ended.")] = False,
    on: OnOption = None,
    output: OutputOption = "table",
    account_id: AccountOption = None,
) -> None:
    """List the serverless models that end soon, the earliest first; exit with 1 if there are any.

    An end without a day counts as the first day of its month or year.
    """
    day = on or today()
    last = last_day(within, day)
    columns = parse_columns(["model_id", "kind", "deprecation_date", "days_left"], day)
    models = _fetch_models(context, account_id, on, "name kind state supports_serverless deprecation_date")
    ends = ((_end_date(model, day, ended), model) for model in models)
    ending = sorted((end, model.payload.get("name", ""), model) for end, model in ends if end and end <= last)
    rows = [columns.row(model) for _, _, model in ending]
    with suppress(BrokenPipeError):  # The exit status matters to a script that closes the pipe.
        if rows or output != "table":
            print_rows(output, [rows], columns.names)
        else:
            write_message(f"No serverless model ends {'by' if ended else f'from {day} to'} {last}.")
    if unclear := sum(model.serving_status(on=day).state is ServingStatus.State.UNKNOWN for model in models):
        write_message(f"The end of {format_count(unclear, 'model')} is unknown.")
    if rows:
        raise typer.Exit(Exit.CHECK_FAILED)


def _fetch_models(context: typer.Context, account_id: str | None, on: date | None, mask: str) -> list[Model]:
    options: GlobalOptions = context.obj
    with options.client(account_id, on=on) as client:
        pages = track_pages(client.models.list(read_mask=mask.split()).pages())
        models = [model for page in pages for model in page.items]
    if not models:
        _report_no_models(options.resolve_account(account_id))
    return models


def last_day(span: str, day: date, *, option: str = "--within") -> date:
    """Return the last day of a span that starts with a day; months and years are those of the calendar."""
    if (found := _parse_span(span)) is None:
        raise ConfigurationError(f"{option} must be a span such as 90d, 12w, 6m or 1y, got {span!r}")
    try:
        return day + relativedelta(**{_UNITS[found[2]]: int(found[1])})  # type: ignore[arg-type]
    except (OverflowError, ValueError):
        raise ConfigurationError(f"{option} must end by the year 9999, got {span!r} from {day}") from None


def _end_date(model: Model, day: date, ended: bool) -> date | None:
    """Return the first day on which a model may end; None if its end is not announced, or past and not requested."""
    state = model.serving_status(on=day).state
    if state is ServingStatus.State.ENDING or (ended and state is ServingStatus.State.ENDED):
        return model.deprecation_date.earliest() if model.deprecation_date else None
    return None


_UNSET = "unset"
_UNREADABLE = "unreadable"

_RANGES: Mapping[str, Mapping[str, int]] = {
    "context_length": {**{f"{size}k": size * 2**10 for size in (4, 8, 16, 32, 64, 128, 256)}, "1M": 2**20},
    "parameter_count": {**{f"{size}B": size * 10**9 for size in (1, 3, 10, 30, 100, 300)}, "1T": 10**12},
}
"""The lower bounds of the ranges in which numbers are counted, by label; before the first there is another range."""

_PROPERTIES: Mapping[str, Callable[[Model, date], object]] = {
    "kind": lambda model, day: model.kind,
    "state": lambda model, day: model.state,
    "serving": lambda model, day: model.serving_status(on=day).state,
    "context_length": lambda model, day: model.context_length,
    "parameter_count": lambda model, day: getattr(model.base_model_details, "parameter_count", None),
    "deprecation_month": lambda model, day: model.deprecation_date and str(model.deprecation_date)[:7],
}
"""The properties by which models are counted; every count adds up to the number of models."""

Counts = Mapping[str, int]  # The number of models by label, in the order of output.


def count_models(
    context: typer.Context,
    output: ReportOption = "text",
    on: OnOption = None,
    account_id: AccountOption = None,
) -> None:
    """Count models by kind, state, serving status, context length, parameters and month of their end."""
    mask = "name kind state supports_serverless deprecation_date context_length base_model_details.parameter_count"
    models = _fetch_models(context, account_id, on, mask)
    day = on or today()
    counts = {name: _sort_counts(name, Counter(_label(name, each, day) for each in models)) for name in _PROPERTIES}
    print_report(output, lambda: {"models": len(models), **counts}, _stats_lines(len(models), counts, detect_screen()))


def _label(name: str, model: Model, day: date) -> str:
    """Return the label under which a property of a model is counted."""
    try:
        value: Any = _PROPERTIES[name](model, day)
    except FieldError:
        return _UNREADABLE
    if name not in _RANGES or not value:
        return str(value or _UNSET)
    return _range_labels(name)[bisect_right([*_RANGES[name].values()], value)] if value > 0 else _UNSET


def _range_labels(name: str) -> list[str]:
    first, *_, last = bounds = [*_RANGES[name]]
    return [f"below {first}", *(f"{low} to {high}" for low, high in pairwise(bounds)), f"{last} and more"]


def _sort_counts(name: str, counts: Counter[str]) -> Counts:
    """Sort counts by range or month, or else by number."""
    last = [_UNSET, _UNREADABLE]
    if name in _RANGES:
        order = [*_range_labels(name), *last]
    elif name == "deprecation_month":
        order = [*sorted(counts.keys() - {*last}), *last]
    else:
        order = sorted(counts, key=lambda label: (-counts[label], label))
    return {label: counts[label] for label in order if counts[label]}


def _stats_lines(total: int, counts: Mapping[str, Counts], screen: Screen) -> Iterator[Text]:
    """Yield the counts by property, with bars on a terminal."""
    width = max(len(escape_unprintable(label)) for labels in counts.values() for label in labels) if total else 0
    digits, grouping = len(f"{total:,}"), "," * screen.terminal
    room = max(0, min(screen.width - width - digits - 6, 40))
    yield Text(f"models  {total:{grouping}}", "bold")
    for name, labels in counts.items():
        yield from (Text(), Text(name, "bold"))
        for label, count in labels.items():
            bar = ("#" if screen.ascii_only else "█") * min(room, max(1, round(count / total * room)))
            style = SERVING_STYLES.get(label, "dim") if name == "serving" else "cyan"
            yield Text.assemble(f"  {escape_unprintable(label):{width}}  {count:{digits}{grouping}}  ", (bar, style))
