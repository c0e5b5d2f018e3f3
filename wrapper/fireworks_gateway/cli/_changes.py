"""The commands `models snapshot`, `models diff` and `models drift`."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

import typer
from attrs import evolve
from rich.text import Text
from typer import Argument, Option

from fireworks_gateway import ConfigurationError, Model
from fireworks_gateway.catalogue import Diff, Drift, Snapshot, SnapshotError, diff, drift

from ._columns import parse_columns
from ._options import (
    AccountOption,
    CheckOption,
    ColumnsOption,
    Exit,
    FilterOption,
    GlobalOptions,
    ReportOption,
    Texts,
    check_query,
    format_option,
    split_commas,
)
from ._output import print_report
from ._screen import escape_unprintable, progress_bar, track_pages, write, write_message

if TYPE_CHECKING:
    from fireworks_gateway import Pager

LIVE = "live"

DiffFormat: TypeAlias = Literal["text", "json", "markdown"]


def _snapshot_argument(metavar: str) -> Any:
    return Argument(metavar=metavar, help="Snapshot file, or live for the current catalogue.")


def save_snapshot(
    context: typer.Context,
    file: Annotated[Path, Argument(metavar="FILE", help="File to write, in JSON Lines.")],
    filter: FilterOption = None,
    allow_empty: Annotated[bool, Option("--allow-empty", help="Allow an empty listing to replace FILE.")] = False,
    allow_missing: Annotated[bool, Option("--allow-missing", help="Allow FILE to lose most of its models.")] = False,
    columns: ColumnsOption = None,
    check: CheckOption = True,
    account_id: AccountOption = None,
) -> None:
    """Save the catalogue to a file.

    Only a complete listing of the same account and filter replaces the file. With --columns, the file has the names
    and these fields only; `models check` needs 'serving'.
    """
    mask = parse_columns(columns).mask if columns else None
    fields = None if mask is None else tuple(dict.fromkeys(("name", *mask)))
    if check:
        check_query(filter)
    previous = Snapshot.load(file) if file.exists() else None
    with context.obj.client(account_id) as client:
        pager = client.models.list(filter=filter, read_mask=fields)
        try:
            taken = _take_snapshot(pager, previous=previous, allow_empty=allow_empty, allow_missing=allow_missing)
        except SnapshotError as error:
            if error.snapshot is None:
                raise
            option = "--allow-missing" if error.snapshot else "--allow-empty"
            raise SnapshotError(f"{error.message.partition('. ')[0]}. Use {option} to replace {file}.") from None
    if fields is not None:
        taken = evolve(taken, models=[Model(_keep_fields(model.payload, fields)) for model in taken])
    taken.save(file)
    before = f" ({len(previous):,} before)" if previous is not None else ""
    write_message(f"Saved {len(taken):,} models of {taken.account_id} to {escape_unprintable(str(file))}{before}")


def _keep_fields(payload: Mapping[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """Return the requested fields of a JSON object; the service may print others as if they were unset."""
    kept: dict[str, Any] = {}
    wanted = {path.replace("_", "").lower() for path in fields}
    for key, value in payload.items():
        name = key.replace("_", "").lower()
        inner = [path.removeprefix(f"{name}.") for path in wanted if path.startswith(f"{name}.")]
        if name in wanted:
            kept[key] = value
        elif inner and isinstance(value, dict):
            kept[key] = _keep_fields(value, inner)
    return kept


def _take_snapshot(pager: "Pager[Model]", **options: Any) -> Snapshot:
    with progress_bar() as advance:
        return Snapshot.take(pager, on_page=advance, **options)


def compare_snapshots(
    context: typer.Context,
    old: Annotated[str, _snapshot_argument("OLD")],
    new: Annotated[str, _snapshot_argument("NEW")],
    fail_on: Annotated[Texts, Option(metavar="KINDS", help="Exit with 1 if any: added, removed, changed.")] = None,
    ignore: Annotated[Texts, Option(metavar="PATHS", help="Fields to ignore, e.g. update_time.")] = None,
    output: Annotated[DiffFormat, format_option(DiffFormat)] = "text",
    across: Annotated[bool, Option("--across", help="Allow different accounts, filters or read masks.")] = False,
    by_id: Annotated[bool, Option("--by-id", help="Compare two accounts by the IDs of their models.")] = False,
    account_id: AccountOption = None,
) -> None:
    """Compare two snapshots, or a snapshot with the current catalogue."""
    kinds = split_commas(fail_on)
    if unknown := sorted({*kinds} - {"added", "removed", "changed"}):
        raise ConfigurationError(f"--fail-on must be a list of added, removed and changed, got {unknown[0]!r}")
    before, after = _load_both(context.obj, old, new, account_id)
    changes = diff(before, after, ignore=split_commas(ignore), across=across, by="model_id" if by_id else "name")
    with suppress(BrokenPipeError):  # The exit status matters to a script that closes the pipe.
        if output == "markdown":
            write(_format_diff_as_markdown(changes))
        else:
            print_report(output, changes.to_dict, _report_lines(changes))
    if any(getattr(changes, kind) for kind in kinds):
        raise typer.Exit(Exit.CHECK_FAILED)


def _load_both(options: GlobalOptions, old: str, new: str, account_id: str | None) -> tuple[Snapshot, Snapshot]:
    """Return two snapshots; a live one has the filter, the mask and, by default, the account of the other."""
    if old == new == LIVE:
        raise ConfigurationError("OLD or NEW must be a snapshot file, got live for both")
    snapshots = {side: Snapshot.load(side) for side in (old, new) if side != LIVE}
    if LIVE in (old, new):
        (other,) = snapshots.values()
        with options.client(account_id or other.account_id) as client:
            pager = client.models.list(filter=other.query.get("filter"), read_mask=other.query.get("read_mask"))
            taken = snapshots[LIVE] = _take_snapshot(pager)
        write_message(f"live: {len(taken):,} models of {taken.account_id}")
    return snapshots[old], snapshots[new]


_STYLES = {"+": "green", "-": "red", "~": "yellow"}


def _report_lines(report: Diff | Drift) -> Iterator[Text]:
    return (Text(escape_unprintable(line), _STYLES.get(line[:1], "")) for line in str(report).split("\n"))


def _format_diff_as_markdown(changes: Diff) -> str:
    """Format a comparison as Markdown, with a heading and a list for each kind of change."""
    sections = {
        "Added": [[str(model.payload["name"])] for model in changes.added],
        "Removed": [[str(model.payload["name"])] for model in changes.removed],
        "Changed": [[each.name, *map(str, each.fields)] for each in changes.changed],
    }
    lines: list[str] = []
    for title, items in sections.items():
        if items:
            bullets = ["- " + "\n  - ".join(map(_format_code, item)) for item in items]
            lines += [f"## {title} ({len(items)})", "", *bullets, ""]
    return "\n".join(lines or ["Nothing changed.", ""])


def _format_code(text: str) -> str:
    return f"`{escape_unprintable(text).replace('`', chr(0x2019))}`"


def find_drift(
    context: typer.Context,
    file: Annotated[str, _snapshot_argument("FILE")] = LIVE,
    output: ReportOption = "text",
    account_id: AccountOption = None,
) -> None:
    """Find fields and values that the specification does not have; exit with 1 if there are any."""
    if file != LIVE:
        found = drift(Snapshot.load(file))
    else:
        with context.obj.client(account_id) as client:
            found = drift(model for page in track_pages(client.models.list().pages()) for model in page.items)
    with suppress(BrokenPipeError):
        print_report(output, found.to_dict, _report_lines(found))
    if found:
        raise typer.Exit(Exit.CHECK_FAILED)
    write_message("No drift: the specification has every field and value.")
