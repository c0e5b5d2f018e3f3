"""Exit statuses, and error messages in terms of options and environment variables."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from fireworks_gateway import errors

from ._screen import escape_unprintable, strip_queries

_ACCOUNT = "--account-id (FIREWORKS_ACCOUNT_ID)"
_ADDRESS = "--base-url (FIREWORKS_BASE_URL)"

_OPTION_NAMES: Mapping[str, str] = {
    "account_id": _ACCOUNT,
    "api_key": "FIREWORKS_API_KEY",
    "base_url": _ADDRESS,
    "model_id": "NAME",
    "name": "NAME",
}
"""The parameters of a `ConfigurationError` that are not options of the same name."""

_ADVICE: Mapping[type[errors.StatusError], str] = {
    errors.InvalidArgumentError: "Check --filter, --order-by and --columns.",
    errors.NotFoundError: f"Check {_ACCOUNT}, the name of the model, and {_ADDRESS}.",
    errors.PermissionDeniedError: f"The key may not read this account. Check {_ACCOUNT}, or use another key.",
    errors.UnauthenticatedError: "Check the API key (FIREWORKS_API_KEY).",
}
"""The remedies in terms of options, in place of the advice of the package."""


class Exit(IntEnum):
    """An exit status."""

    DONE = 0
    NO = 1
    USAGE = 2
    REFUSED = 3
    NETWORK = 4
    INTERRUPTED = 130


def exit_status(error: BaseException) -> Exit:
    """Return the exit status for an error."""
    if isinstance(error, errors.TransportError):
        return Exit.NETWORK
    if isinstance(error, errors.SnapshotError) and error.path:  # A file that is not a snapshot.
        return Exit.USAGE
    if isinstance(error, errors.GatewayError) and not isinstance(
        error, (errors.BookmarkError, errors.ConfigurationError, errors.FilterError)
    ):
        return Exit.REFUSED
    return Exit.USAGE


def error_text(error: BaseException) -> str:
    """Return an error as one line, in terms of options; an error in a filter has two more lines, with a caret."""
    if isinstance(error, OSError) and not isinstance(error, errors.TransportError):
        place = f"{error.filename}: " if error.filename is not None else ""
        return escape_unprintable(f"{place}{error.strerror or error}")
    if isinstance(error, errors.StatusError):
        error.advice = _ADVICE.get(type(error), error.advice)
    text = str(error)
    if isinstance(error, errors.FilterError):
        return "\n".join(map(escape_unprintable, text.split("\n")))
    if isinstance(error, errors.BookmarkError):
        text = f"--resume: {text}"
    if isinstance(error, errors.ConfigurationError) and (parameter := error.parameter) is not None:
        option = _OPTION_NAMES.get(parameter, f"--{parameter.replace('_', '-')}")
        text = f"{option}{text.removeprefix(parameter)}".replace(f"{option} must be True", f"{option} is needed")
    return escape_unprintable(strip_queries(" ".join(text.split("\n"))))


def bug_text(error: BaseException) -> str:
    """Return an unexpected error as one line, without its message, which may contain a secret."""
    trace, where = error.__traceback__, ""
    while trace is not None:
        where = f" at {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"unexpected error ({type(error).__name__}{where}). Please report it, with the command."
