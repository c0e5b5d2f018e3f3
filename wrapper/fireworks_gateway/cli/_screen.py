"""The terminal: its streams, colours and width, messages, and the progress bar."""

import io
import logging
import os
import re
import shutil
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from attrs import frozen
from rich.cells import cell_len
from rich.text import Text

if TYPE_CHECKING:
    from fireworks_gateway import Model, Page


def escape_unprintable(text: str) -> str:
    """Escape the characters that move the cursor, colour the terminal or hide, for output on one line."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def strip_queries(text: str) -> str:
    """Cut the query off every URL, because the query of a listing is longer than the rest of the message."""
    return re.sub(r"(https?://[^\s?]+)\?\S+", r"\1", text)


@frozen
class Screen:
    """The capabilities of standard output; the width of a pipe is 0, and its lines are never cut or wrapped."""

    terminal: bool
    width: int
    color: bool
    ascii_only: bool

    def print_lines(self, lines: Iterable[Text]) -> None:
        """Print styled lines as they are."""
        if not self.color:
            write("".join(f"{line.plain.rstrip()}\n" for line in lines))
            return
        from rich.console import Console  # Slow to import.

        console = Console(file=sys.stdout, width=self.width, force_terminal=True, highlight=False)
        for line in lines:
            line.rstrip()
            console.print(line, soft_wrap=True)

    def wrap(self, label: Text, text: Text) -> list[Text]:
        """Return lines with a text beside its label; on a narrow terminal the text starts under the label."""
        if not self.terminal:
            return [label + text]
        from rich.console import Console

        # A long text needs 40 columns beside its label, and is hard to read beyond 100. A URL must not be broken.
        console, room = Console(width=self.width), min(self.width, 100) - label.cell_len
        longest_word = max(map(cell_len, text.plain.split()), default=0)
        if room < max(longest_word, min(40, text.cell_len)):
            return [label, *(Text(" " * 6) + line for line in text.wrap(console, max(1, self.width - 6)))]
        first, *rest = text.wrap(console, room) or [text]
        return [label + first, *(Text(" " * label.cell_len) + line for line in rest)]


def detect_screen() -> Screen:
    """Return the capabilities that standard output has now."""
    terminal = sys.stdout.isatty()
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    return Screen(
        terminal=terminal,
        width=shutil.get_terminal_size().columns if terminal else 0,
        color=terminal and not _is_dumb() and not os.environ.get("NO_COLOR"),
        ascii_only=not encoding.startswith("utf"),
    )


def _is_dumb() -> bool:
    return os.environ.get("TERM") in (None, "dumb", "unknown")


def write(text: str) -> None:
    """Write to standard output, and flush."""
    sys.stdout.write(text)
    sys.stdout.flush()


def write_message(text: str) -> None:
    """Write a line to standard error; a closed or full stream is ignored."""
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


class MessageHandler(logging.Handler):
    """Writes the package's warnings to standard error: unreadable fields and, on a terminal, retries."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        # Read now, because the progress bar replaces the stream.
        self.show_retries = sys.stderr.isatty()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record as one line."""
        if record.name != "fireworks_gateway.retries" or self.show_retries:
            write_message(escape_unprintable(strip_queries(" ".join(record.getMessage().split()))))


@contextmanager
def show_warnings() -> Generator[None]:
    """Write the package's warnings to standard error within a with block."""
    logger, handler = logging.getLogger("fireworks_gateway"), MessageHandler()
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def prepare_streams() -> None:
    """Open standard output and error if they are closed, and escape characters that they cannot encode."""
    # Python has None for a stream that was closed before the start, and would reuse its descriptor for another file.
    sys.stdout = sys.stdout or _open_devnull()
    sys.stderr = sys.stderr or _open_devnull()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _open_devnull() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def discard_unwritable_output() -> None:
    """Redirect broken streams to the null device, so that Python does not report them at exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, stream.fileno())
            os.close(null)


@contextmanager
def progress_bar(*, limit: int | None = None, quiet: bool = False) -> Generator["Callable[[Page[Model]], None]"]:
    """Show a progress bar within a with block, if standard error is a terminal; yield the function that advances it."""
    if quiet or not sys.stderr.isatty() or _is_dumb():
        yield lambda page: None
        return
    from rich.console import Console  # Slow to import.
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    bar = BarColumn(complete_style="cyan", finished_style="cyan", pulse_style="cyan")
    columns = TextColumn("{task.description}"), bar, MofNCompleteColumn()
    console = Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")) or None)
    # With a redirected standard output, rich would print a listing for a file on the terminal.
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("Listing", total=None)

        def advance(page: "Page[Model]") -> None:
            total = min((each for each in (page.total_size, limit) if each is not None), default=None)
            progress.update(task, total=total, advance=len(page.items))

        yield advance


def track_pages(
    pages: "Iterable[Page[Model]]", limit: int | None = None, quiet: bool = False
) -> "Iterator[Page[Model]]":
    """Iterate over pages with a progress bar."""
    with progress_bar(limit=limit, quiet=quiet) as advance:
        for page in pages:
            advance(page)
            yield page
