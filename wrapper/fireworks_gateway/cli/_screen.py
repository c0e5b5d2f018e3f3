"""Tables, colours and progress on a terminal; plain text in a pipe."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from attrs import evolve, frozen

from fireworks_gateway import Page, Pager

from ._output import printable, without_queries

if TYPE_CHECKING:
    from rich.text import Text

    from fireworks_gateway import Model


import re
from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from fireworks_gateway import ServingStatus

from ._columns import Row
from ._output import json_text

LEAST_ROOM = 24
"""How many columns a text has to have beside its lead; with less it goes under it."""

_INDENT = "      "


@frozen
class Screen:
    """What standard output can show.

    Attributes:
        terminal: Whether a person looks at it.
        width: How many columns it has; 0 in a pipe, where nothing is cut or wrapped.
        colour: Whether it may have colours and the like: a terminal, unless NO_COLOR is set.
        ascii_only: Whether it takes no other characters.
    """

    terminal: bool
    width: int
    colour: bool
    ascii_only: bool

    def show(self, lines: Iterable[Text]) -> None:
        """Print styled lines, wrapping only on a terminal."""
        if not self.colour:
            write("".join(f"{line.plain.rstrip()}\n" for line in lines))
            return
        from rich.console import Console

        console = Console(file=sys.stdout, width=self.width, force_terminal=True, highlight=False)
        for line in lines:
            line.rstrip()
            console.print(line, soft_wrap=True)

    def wrapped(self, lead: Text, text: Text) -> list[Text]:
        """Return a text after a lead, on a terminal in lines that begin where the first one does, or under the lead."""
        from rich.console import Console
        from rich.text import Text

        if not self.terminal:
            return [lead + text]
        console, room = Console(width=self.width), min(self.width, 100) - lead.cell_len
        if room < min(LEAST_ROOM, text.cell_len):
            return [lead, *(Text(_INDENT) + line for line in text.wrap(console, max(1, self.width - len(_INDENT))))]
        first, *rest = text.wrap(console, room) or [text]
        return [lead + first, *(Text(" " * lead.cell_len) + line for line in rest)]


def screen() -> Screen:
    """Return what standard output is at the moment."""
    terminal = sys.stdout.isatty()
    dumb = os.environ.get("TERM") in (None, "dumb", "unknown")
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    return Screen(
        terminal=terminal,
        width=_width() if terminal else 0,
        colour=terminal and not dumb and not os.environ.get("NO_COLOR"),
        ascii_only=not encoding.startswith("utf"),
    )


def _width() -> int:
    asked = os.environ.get("COLUMNS", "")
    if asked.isascii() and asked.isdecimal() and int(asked[:6]) > 0:
        return int(asked[:6])
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def write(text: str) -> None:
    """Write to standard output, to its end."""
    sys.stdout.write(text)
    sys.stdout.flush()


def say(text: str) -> None:
    """Say something to the person, on standard error; that nobody reads it changes nothing."""
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


class Notices(logging.Handler):
    """What the package logs on the way, said to the person: fields that cannot be read, and further attempts."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        # Asked now: while a bar stands, what is in the place of the stream may not know.
        self.watched = sys.stderr.isatty()

    def emit(self, record: logging.LogRecord) -> None:
        """Say a record's message on one line."""
        # Nobody waits for an attempt in a job's log, and the error says how many there were.
        if record.name != "fireworks_gateway.retries" or self.watched:
            say(printable(without_queries(" ".join(record.getMessage().split()))))


@contextmanager
def noticed() -> Generator[None]:
    """Say what the package logs, for the length of a with block."""
    logger, notices = logging.getLogger("fireworks_gateway"), Notices()
    logger.addHandler(notices)
    try:
        yield
    finally:
        logger.removeHandler(notices)


def prepare_streams() -> None:
    """Have both streams be there, and take any character: one that they cannot encode is escaped."""
    # What was closed before the start is None; its descriptor would go to the next file or socket that is opened.
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def let_go_of_output() -> None:
    """Lead what is still to be written to nowhere, so that Python does not complain of it at its end."""
    streams: tuple[TextIO, ...] = (sys.stdout, sys.stderr)
    for stream in streams:
        try:
            stream.flush()
        except (OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


@contextmanager
def progress(*, limit: int | None = None, quiet: bool = False) -> Generator[Callable[[Page[Model]], None]]:
    """Show a bar on a terminal's standard error, nowhere else, for the length of a with block.

    Its value is what is to be told of each page that came. The bar is full at the limit where that is reached first.
    """
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") in (None, "dumb", "unknown"):
        yield lambda page: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    bar = BarColumn(complete_style="cyan", finished_style="cyan", pulse_style="cyan")
    columns = TextColumn("{task.description}"), bar, MofNCompleteColumn()
    console = Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")) or None)
    # Redirected, what is written to a file while the bar stands would go to the terminal instead.
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as shown:
        task = shown.add_task("Listing", total=None)

        def tell(page: Page[Model]) -> None:
            total = min((each for each in (page.total_size, limit) if each is not None), default=None)
            shown.update(task, total=total, advance=len(page.items))

        yield tell


def watched(pages: Iterable[Page[Model]], *, limit: int | None = None, quiet: bool = False) -> Iterator[Page[Model]]:
    """Return pages as they come, with `progress`."""
    with progress(limit=limit, quiet=quiet) as tell:
        for page in pages:
            tell(page)
            yield page


def telling(pager: Pager[Model], tell: Callable[[Page[Model]], None]) -> Pager[Model]:
    """Return a listing that tells of each page as it comes, for who walks it out of sight."""

    def fetching() -> Callable[[str], Page[Model]]:
        fetch = pager.fetching()

        def fetched(page_token: str) -> Page[Model]:
            page = fetch(page_token)
            tell(page)
            return page

        return fetched

    return evolve(pager, fetching=fetching)


GAP = "  "

_is_time = re.compile(r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]+)?Z").fullmatch

_State = ServingStatus.State

STYLES = {
    _State.AVAILABLE.value: "green",
    _State.ENDING.value: "yellow",
    _State.ENDED.value: "red",
    _State.NOT_SERVERLESS.value: "dim",
    _State.NOT_READY.value: "dim",
    _State.UNKNOWN.value: "magenta",
}
"""The colour of each serving status."""


def table_lines(names: Sequence[str], rows: Sequence[Row], screen: Screen) -> list[Text]:
    """Return a table's lines: a header and a line a row; where that is too wide for a terminal, a block a row."""
    titles, cells = titles_of(names), _cells(names, rows, screen)
    widths = _widths(titles, cells)
    if len(names) > 1 and not _fits(widths, screen):
        blocks = (_block(titles, line, _styles(row, names)) for line, row in zip(cells, rows, strict=True))
        return [line for block in blocks for line in block]
    right = [_are_numbers([row[name] for row in rows if row[name] is not None]) for name in names]
    header = _line(titles, widths, right, ["bold"] * len(names))
    return [header, *(_line(line, widths, right, _styles(row, names)) for line, row in zip(cells, rows, strict=True))]


def fitting(names: Sequence[str], rows: Sequence[Row], screen: Screen) -> Sequence[str]:
    """Return the columns of a table for which there is room side by side, from the left; at least the first."""
    widths = _widths(titles_of(names), _cells(names, rows, screen))
    return next((names[:count] for count in range(len(names), 1, -1) if _fits(widths[:count], screen)), names[:1])


def _cells(names: Sequence[str], rows: Sequence[Row], screen: Screen) -> list[list[str]]:
    if not screen.terminal:
        return [[cell_text(row[name], person=False) for name in names] for row in rows]
    return [[_shortened(name, row[name]) for name in names] for row in rows]


def _widths(titles: Sequence[str], cells: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(cell_len, (title, *(line[at] for line in cells))), default=0) for at, title in enumerate(titles)]


def _fits(widths: Sequence[int], screen: Screen) -> bool:
    return not screen.terminal or sum(widths) + len(GAP) * (len(widths) - 1) <= screen.width


def titles_of(names: Sequence[str]) -> list[str]:
    """Return the titles of columns: the last name of each path, or all of it where two would be the same."""
    lasts = [name if "`" in name else name.rpartition(".")[2] for name in names]
    return [printable(last if lasts.count(last) == 1 else name) for last, name in zip(lasts, names, strict=True)]


def cell_text(value: Any, *, person: bool) -> str:
    """Return a cell as text on one line: for a person to read, or for a program, for which a dash is nothing."""
    if value is None or value == "":
        return "" if person else "-"
    if isinstance(value, bool):
        return ("yes" if value else "no") if person else ("true" if value else "false")
    if isinstance(value, int):
        return f"{value:,}" if person else str(value)
    return printable(value if isinstance(value, str) else json_text(value))


def _shortened(name: str, value: Any) -> str:
    """Return a cell for a person's table: parameters are counted in billions, or what is less, times in minutes."""
    if name.endswith("parameter_count") and isinstance(value, int) and value >= 10**6:
        return f"{value / 10**9:,.1f}B" if value >= 10**9 else f"{value / 10**6:,.0f}M"
    if isinstance(value, str) and _is_time(value):
        return f"{value[:10]} {value[11:16]}"
    return cell_text(value, person=True)


def _are_numbers(values: Sequence[Any]) -> bool:
    return bool(values) and all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in values)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool], styles: Sequence[str]) -> Text:
    line = Text()
    for at, (cell, style) in enumerate(zip(cells, styles, strict=True)):
        padding = " " * (widths[at] - cell_len(cell))
        line.append(GAP if at else "")
        line.append(f"{padding}{cell}" if right[at] else f"{cell}{padding}", style)
    return line


def _styles(row: Row, names: Sequence[str]) -> list[str]:
    serving = STYLES.get(str(row.get("serving")), "")
    return [serving if name in ("serving", "days_left", "deprecation_date") else "" for name in names]


def _block(titles: Sequence[str], cells: Sequence[str], styles: Sequence[str]) -> Iterator[Text]:
    width = max(map(cell_len, titles))
    for title, cell, style in zip(titles, cells, styles, strict=True):
        yield Text.assemble((f"{title}{' ' * (width - cell_len(title))}{GAP}", "bold"), (cell, style))
    yield Text()
