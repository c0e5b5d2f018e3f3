"""What a command ends with: an exit status, and of an error one line that says what happened."""

from __future__ import annotations

from enum import IntEnum

from fireworks_gateway import (
    BookmarkError,
    ConfigurationError,
    DecodeError,
    FieldError,
    PageTokenError,
    StatusError,
    TransportError,
)
from fireworks_gateway.catalogue import SnapshotError

from ._escapes import printable, without_queries
from ._wording import reworded


class Exit(IntEnum):
    """An exit status."""

    DONE = 0
    NO = 1
    USAGE = 2
    REFUSED = 3
    NETWORK = 4
    INTERRUPTED = 130


_STATUSES: tuple[tuple[type[BaseException], Exit], ...] = (
    (BookmarkError, Exit.USAGE),
    (ConfigurationError, Exit.USAGE),
    (TransportError, Exit.NETWORK),  # It is an OSError too.
    (StatusError, Exit.REFUSED),
    (DecodeError, Exit.REFUSED),
    (FieldError, Exit.REFUSED),
    (PageTokenError, Exit.REFUSED),
    (KeyboardInterrupt, Exit.INTERRUPTED),
)


def exit_of(error: BaseException) -> Exit:
    """Return the status that an error ends a command with; what is not said elsewhere cannot be done here."""
    if isinstance(error, SnapshotError):
        return Exit.USAGE if error.path else Exit.REFUSED  # A file that is none, or a listing not to be believed.
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), Exit.USAGE)


def told(error: BaseException) -> str:
    """Return an error as text for a person; more than one line only where a caret points into a filter."""
    if isinstance(error, OSError) and not isinstance(error, TransportError):
        place = f"{error.filename}: " if error.filename is not None else ""
        return printable(f"{place}{error.strerror or error}")
    lines = reworded(str(error)).split("\n")
    if len(lines) == 3 and lines[2].lstrip() == "^":
        return "\n".join(map(printable, lines))
    return printable(without_queries(" ".join(lines)))


def reported(error: BaseException) -> str:
    """Return what is said of an error that nobody expected, without what it holds, which may be a secret."""
    trace, where = error.__traceback__, ""
    while trace is not None:
        where = f" at {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"this should not have happened ({type(error).__name__}{where}); please report it, with the command"
