"""The commands `models snapshot`, `models diff` and `models drift`."""

from __future__ import annotations

from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from fireworks_gateway import ConfigurationError, Model, Pager, check_filter
from fireworks_gateway.catalogue import Change, Diff, Snapshot, diff, drift

from ._exits import Exit
from ._options import AccountOption, CheckOption, Connection, FilterOption, TextOrJson, TextOrJsonOption, connection_of
from ._output import json_text, printable
from ._screen import progress, say, screen, telling, watched, write

LIVE = "live"

_STYLES = {"+": "green", "-": "red", "~": "yellow"}


class Report(StrEnum):
    """The form of a report."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class Part(StrEnum):
    """What may have happened to models."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


def snapshot(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to save it; JSON Lines.")],
    filter: FilterOption = None,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Believe an empty listing where FILE holds models.")
    ] = False,
    check: CheckOption = True,
    account_id: AccountOption = None,
) -> None:
    """Save the whole catalogue in a file, or leave the file as it was.

    A listing that breaks off, or is suddenly empty, does not replace what the file holds.
    """
    if check and filter is not None:
        check_filter(filter, Model)
    connection = connection_of(context)
    previous = Snapshot.load(file) if file.exists() else None
    if previous is not None:
        _check_same(previous, connection.account_for(account_id), filter, file)
    with connection.client(account_id) as client:
        taken = _taken(client.models.list(filter=filter), previous, allow_empty=allow_empty)
    taken.save(file)
    before = f", {len(previous):,} before" if previous is not None else ""
    say(f"Saved {len(taken):,} models of {taken.account_id} in {printable(str(file))}{before}")


def _taken(pager: Pager[Model], previous: Snapshot | None = None, *, allow_empty: bool = False) -> Snapshot:
    with progress() as tell:
        return Snapshot.take(telling(pager, tell), previous=previous, allow_empty=allow_empty)


def _check_same(previous: Snapshot, account_id: str, filter: str | None, file: Path) -> None:
    if (previous.account_id, previous.query.get("filter")) != (account_id, filter):
        of = f"{previous.account_id}, filter {previous.query.get('filter')!r}"
        raise ConfigurationError(f"{file} holds another listing ({of}), which is not to be replaced; name another file")


def diff_models(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="A snapshot's file, or live.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="A snapshot's file, or live.")],
    fail_on: Annotated[
        list[str] | None,
        typer.Option("--fail-on", metavar="PARTS", help="Exit with 1 for these: added, removed, changed."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="PATHS", help="Fields that do not count, e.g. update_time."),
    ] = None,
    output: Annotated[
        Report, typer.Option("--output", "-o", metavar="FORM", help="In which form: text, json or markdown.")
    ] = Report.TEXT,
    across: Annotated[
        bool, typer.Option("--across", help="Compare snapshots of different accounts, filters or masks too.")
    ] = False,
    account_id: AccountOption = None,
) -> None:
    """Say what changed between two snapshots, or one and the catalogue as it is now."""
    parts = {_part(text) for text in _split(fail_on)}
    before, after = _sides(connection_of(context), old, new, account_id)
    found = diff(before, after, ignore=_split(ignore), across=across)
    with suppress(BrokenPipeError):  # The status is the answer, whoever reads the rest.
        _report(found, output)
    if any(getattr(found, part) for part in parts):
        raise typer.Exit(Exit.NO)


def _split(given: list[str] | None) -> list[str]:
    return [each.strip() for text in given or () for each in text.split(",") if each.strip()]


def _part(text: str) -> Part:
    try:
        return Part(text)
    except ValueError:
        raise ConfigurationError(f"--fail-on takes added, removed and changed; not {text!r}") from None


def _sides(connection: Connection, old: str, new: str, account_id: str | None) -> tuple[Snapshot, Snapshot]:
    if old == new == LIVE:
        raise ConfigurationError("OLD and NEW are both live; one has to be a snapshot's file")
    loaded = {side: Snapshot.load(side) for side in (old, new) if side != LIVE}
    if LIVE in (old, new):
        loaded[LIVE] = _live(connection, next(iter(loaded.values())), account_id)
    return loaded[old], loaded[new]


def _live(connection: Connection, other: Snapshot, account_id: str | None) -> Snapshot:
    """Take a snapshot to compare with another: of the same account, filter and mask unless an account is named."""
    with connection.client(account_id or other.account_id) as client:
        query = other.query
        pager = client.models.list(filter=query.get("filter"), read_mask=query.get("read_mask"))
        taken = _taken(pager)
    say(f"live: {len(taken):,} models of {taken.account_id}")
    return taken


def _report(found: Diff, output: Report) -> None:
    here = screen()
    if output is Report.JSON:
        write(json_text(found.to_dict(), indent=2, ascii_only=here.ascii_only) + "\n")
    elif output is Report.MARKDOWN:
        write(markdown_of(found))
    else:
        here.show(Text(printable(line), _STYLES.get(line[:1], "")) for line in str(found).split("\n"))


def markdown_of(found: Diff) -> str:
    """Return a difference as Markdown: a heading for each part, and a list of models under it."""
    lines: list[str] = []
    for part, named in (("Added", found.added), ("Removed", found.removed)):
        lines += _section(part, [_code(str(model.payload["name"])) for model in named])
    lines += _section("Changed", [_changed(change) for change in found.changed])
    return "\n".join(lines or ["Nothing changed.", ""])


def _changed(change: Change) -> str:
    return "\n".join([_code(change.name), *(f"  - {_code(str(each))}" for each in change.fields)])


def _section(title: str, items: list[str]) -> list[str]:
    return [f"## {title} ({len(items)})", "", *(f"- {item}" for item in items), ""] if items else []


def _code(text: str) -> str:
    return f"`{printable(text).replace('`', chr(0x2019))}`"


def drift_models(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="A snapshot's file; the live catalogue by default.")
    ] = LIVE,
    output: TextOrJsonOption = TextOrJson.TEXT,
    account_id: AccountOption = None,
) -> None:
    """Say what the service sends and the specification does not know; exit with 1 if there is any."""
    if file != LIVE:
        found = drift(Snapshot.load(file))
    else:
        with connection_of(context).client(account_id) as client:
            found = drift(model for page in watched(client.models.list().pages()) for model in page.items)
    here = screen()
    with suppress(BrokenPipeError):
        if output is TextOrJson.JSON:
            write(json_text(found.to_dict(), indent=2, ascii_only=here.ascii_only) + "\n")
        else:
            here.show(Text(printable(line)) for line in str(found).split("\n"))
    if found:
        raise typer.Exit(Exit.NO)
    say("The specification knows everything in them.")
