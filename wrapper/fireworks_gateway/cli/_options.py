"""Options that several commands share, their client, exit statuses, and errors in terms of options."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from enum import IntEnum
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, get_args

import typer
from attrs import frozen
from typer import Option

from fireworks_gateway import AccountName, ConfigurationError, Model, ModelName, check_filter, errors
from fireworks_gateway.catalogue import Snapshot

from ._columns import complete_columns
from ._output import Output
from ._screen import escape_unprintable, strip_queries

if TYPE_CHECKING:
    from fireworks_gateway import GatewayClient


@frozen
class GlobalOptions:
    """The options before a command, which configure its client."""

    demo: bool = False
    account_id: str | None = None
    base_url: str | None = None
    timeout: float = 30.0

    def client(self, account_id: str | None = None, *, on: date | None = None) -> "GatewayClient":
        """Return a client for an account, by default that of the options; sample models get dates relative to `on`."""
        from fireworks_gateway import GatewayClient  # It imports httpx, which help and `fields` do not need.

        account_id = self.resolve_account(account_id)
        if self.demo:
            from fireworks_gateway.testing import FakeGateway  # Slow to import.

            return FakeGateway(account_id=account_id, today=on).client(timeout=self.timeout)
        return GatewayClient(account_id=account_id, base_url=self.base_url, timeout=self.timeout)

    def resolve_account(self, account_id: str | None) -> str:
        """Return the account of the command, of the options before it, or of the sample models."""
        account_id = account_id or self.account_id or ("fireworks" if self.demo else None)
        missing = [] if self.demo or os.environ.get("FIREWORKS_API_KEY") else ["no API key: set FIREWORKS_API_KEY"]
        if account_id is None:
            missing.append(_NO_ACCOUNT)
        if account_id is None or missing:
            raise ConfigurationError(f"{'; '.join(missing)}. Use --demo to try without.")
        return AccountName.parse(account_id).account_id

    def resolve_model(self, name: str, account_id: str | None) -> ModelName:
        """Return a model's name, from a full name or the ID of a model of the account."""
        return ModelName.parse(name, account_id=None if "/" in name else self.resolve_account(account_id))


_NO_ACCOUNT = "no account: set FIREWORKS_ACCOUNT_ID or use --account-id (fireworks is the public catalogue)"


def complete_names(incomplete: str) -> list[str]:
    """Return the names and IDs that complete a text: of the snapshot in a variable, or those in the current folder."""
    chosen = os.environ.get("FIREWORKS_GATEWAY_SNAPSHOT")
    names: set[str] = set()
    for file in [Path(chosen)] if chosen else sorted(Path().glob("*.jsonl")):
        with suppress(errors.GatewayError, OSError):
            names.update(str(model.payload["name"]) for model in Snapshot.load(file))
    shown = names if "/" in incomplete else {name.rpartition("/")[2] for name in names}
    return sorted(name for name in shown if name.startswith(incomplete))


def example_epilog(command: str) -> str:
    """Return the end of a help page: an example."""
    return f"\b\nExample:\n  {command}"


def parse_day(text: str) -> date:
    """Parse a date such as 2026-11-21."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise typer.BadParameter(f"must be a date such as 2026-11-21, got {text!r}") from None


def today() -> date:
    """Return the current day in UTC."""
    return datetime.now(UTC).date()


def split_commas(texts: Iterable[str] | None) -> list[str]:
    """Return the values of an option that may be repeated, or has several values separated by commas."""
    return [each.strip() for text in texts or () for each in text.split(",") if each.strip()]


def check_query(filter: str | None, order_by: str | None = None) -> None:
    """Validate a filter and an order against the specification, for errors that suggest similar fields."""
    if filter is not None:
        check_filter(filter, Model)
    Snapshot(account_id="", models=(), time=datetime.now(UTC)).order_by(order_by or "")


def format_option(formats: Any) -> Any:
    """Return the option for one of some formats, a literal with json."""
    choices = ", ".join(get_args(formats)).replace("json", "json (--json)", 1)
    return Option("--output", "-o", metavar="FORMAT", help=f"Output format: {choices}.")


Texts: TypeAlias = list[str] | None  # The values of an option that can be repeated.

AccountOption: TypeAlias = Annotated[str | None, Option(metavar="ID", help="Account that owns the models.")]
_FILTER_HELP = "Filter for models (AIP-160), e.g. 'state = READY'."
FilterOption: TypeAlias = Annotated[str | None, Option("--filter", metavar="FILTER", help=_FILTER_HELP)]
_CHECK_HELP = "Check field names against the specification before sending."
CheckOption: TypeAlias = Annotated[bool, Option("--check/--no-check", help=_CHECK_HELP)]
_COLUMNS_HELP = "Paths of fields; also model_id, serving, days_left."
ColumnsOption: TypeAlias = Annotated[
    Texts, Option("--columns", "-c", metavar="PATHS", autocompletion=complete_columns, help=_COLUMNS_HELP)
]
_ON_HELP = "Day of the serving status, e.g. 2026-11-21. Default: today."
OnOption: TypeAlias = Annotated[date | None, Option(parser=parse_day, metavar="DATE", help=_ON_HELP)]
OutputOption: TypeAlias = Annotated[Output, format_option(Output)]
ReportFormat: TypeAlias = Literal["text", "json"]
ReportOption: TypeAlias = Annotated[ReportFormat, format_option(ReportFormat)]

_ACCOUNT = "--account-id (FIREWORKS_ACCOUNT_ID)"
_ADDRESS = "--base-url (FIREWORKS_BASE_URL)"

_OPTION_NAMES: Mapping[str, str] = {
    "account_id": _ACCOUNT,
    "api_key": "FIREWORKS_API_KEY",
    "base_url": _ADDRESS,
    "model_id": "NAME",
    "models": "--snapshot",
    "name": "NAME",
    "previous": "FILE",
}
"""The parameters of a `ConfigurationError` whose option has another name."""

_ADVICE: Mapping[type[errors.StatusError], str] = {
    errors.InvalidArgumentError: "Check --filter, --order-by and --columns.",
    errors.NotFoundError: f"Check {_ACCOUNT}, the name of the model, and {_ADDRESS}.",
    errors.PermissionDeniedError: f"The key may not read this account. Check {_ACCOUNT}, or use another key.",
    errors.UnauthenticatedError: "Check the API key (FIREWORKS_API_KEY).",
}
"""The remedies in terms of options, in place of the advice of the package."""


class Exit(IntEnum):
    """The exit status of a failure; typer sets 130 for an interruption."""

    CHECK_FAILED = 1
    USAGE = 2
    SERVICE = 3
    NETWORK = 4


_NO_CHECK = "For a field that the specification lacks, use --no-check."


def exit_status(error: BaseException) -> Exit:
    """Return the exit status for an error."""
    if isinstance(error, errors.TransportError):
        return Exit.NETWORK
    usage = (errors.BookmarkError, errors.ConfigurationError, errors.FilterError)
    is_file = isinstance(error, errors.SnapshotError) and error.path  # A file that is not a snapshot.
    if is_file or isinstance(error, usage) or not isinstance(error, errors.GatewayError):
        return Exit.USAGE
    return Exit.SERVICE


def error_text(error: BaseException) -> str:
    """Return an error as one line, in terms of options; an error in a filter has further lines, with a caret."""
    if isinstance(error, OSError) and not isinstance(error, errors.TransportError):
        place = f"{error.filename}: " if error.filename is not None else ""
        return escape_unprintable(f"{place}{error.strerror or error}")
    if isinstance(error, errors.StatusError):
        error.advice = _ADVICE.get(type(error), error.advice)
    text = str(error)
    if isinstance(error, errors.FilterError):
        if error.message.startswith("there is no field"):
            text = f"{text}\n{_NO_CHECK}"
        return "\n".join(map(escape_unprintable, text.split("\n")))
    if isinstance(error, errors.BookmarkError):
        text = f"--resume: {text}"
    if isinstance(error, errors.ConfigurationError) and (parameter := error.parameter) is not None:
        option = _OPTION_NAMES.get(parameter, f"--{parameter.replace('_', '-')}")
        text = f"{option}{text.removeprefix(parameter)}".replace(f"{option} must be True", f"{option} is needed")
    if text.startswith("--order-by: there is no field"):
        text = f"{text}. {_NO_CHECK}".replace("?.", "?")
    return escape_unprintable(strip_queries(" ".join(text.split("\n"))))


def bug_text(error: BaseException) -> str:
    """Return an unexpected error as one line, without its message, which may contain a secret."""
    *_, (frame, line) = walk_tb(error.__traceback__)
    place = f"{frame.f_globals.get('__name__')}:{line}"
    return f"unexpected error ({type(error).__name__} at {place}). Please report it, with the command."
