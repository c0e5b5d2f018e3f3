"""Where a command writes: what standard output can show, and what is said on the other stream."""

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

from ._escapes import printable, without_queries

if TYPE_CHECKING:
    from rich.text import Text

    from fireworks_gateway import Model


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
