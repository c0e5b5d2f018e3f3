"""The command `models list`: a listing in the form and with the columns that are asked for."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import typer
from attrs import frozen

from fireworks_gateway import Bookmark, GatewayError, Model, Page, Pager

from ._columns import DEFAULT, Columns, columns_from, completed, every_column
from ._options import (
    AccountOption,
    CheckOption,
    FilterOption,
    OnOption,
    OutputOption,
    check_filter,
    check_order,
    connection_of,
)
from ._outputs import Output, texts
from ._screens import Screen, say, screen, watched, write
from ._tables import fitting, table_lines, titles_of

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

    json, jsonl and yaml hold the models as they were sent unless --columns is given, which also asks the service for no
    more than that.
    """
    chosen = columns_from(columns, on) if columns else None
    if check:
        check_filter(filter)
        check_order(order_by)
    with connection_of(context).client(account_id) as client:
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
