"""Exit statuses, and error messages in terms of options and environment variables."""

from __future__ import annotations

import re
from enum import IntEnum

from fireworks_gateway import (
    BookmarkError,
    ConfigurationError,
    DecodeError,
    FieldError,
    ModelNotFoundError,
    PageTokenError,
    StatusError,
    TransportError,
)
from fireworks_gateway.catalogue import SnapshotError

from ._output import printable, without_queries

_ACCOUNT = "the account (--account-id, FIREWORKS_ACCOUNT_ID)"
_ADDRESS = "the address (--base-url, FIREWORKS_BASE_URL)"

_WORDS: tuple[tuple[str, str], ...] = (
    (r"^base_url(?= |$)", "--base-url (FIREWORKS_BASE_URL)"),
    (r"^timeout(?= must )", "--timeout"),
    (r"^ignore(?= must )", "--ignore"),
    (r"^columns must be fields of Model: ", ""),
    (r"Check account_id, the name asked for, and base_url\.", f"Check {_ACCOUNT}, the name asked for, and {_ADDRESS}."),
    (r"check account_id, or use another key\.", f"check {_ACCOUNT}, or use another key."),
    (r"Check the API key \(api_key, or FIREWORKS_API_KEY\)\.", "Check the API key (FIREWORKS_API_KEY)."),
    (r"Check filter, order_by, read_mask, page_size and page_token\.", "Check --filter, --order-by and --columns."),
    (r"^this is not a bookmark written by to_json: ", "--resume takes what an earlier run told of, whole; not "),
    (r"that Snapshot\.save wrote", "that models snapshot wrote"),
    (r"or allow_empty if all", "or add --allow-empty if all"),
    (r"^across must be True to compare", "add --across to compare"),
)
"""A sentence of the package, or the beginning of one, and what the command line says instead."""


def reworded(text: str) -> str:
    """Return the text of an error of the package as it is said to who typed a command.

    Whole sentences are known, and not the names in them, which what was typed or answered may hold too.
    """
    for said, instead in _WORDS:
        text = re.sub(said, instead, text)
    return text


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
    (ModelNotFoundError, Exit.REFUSED),
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
