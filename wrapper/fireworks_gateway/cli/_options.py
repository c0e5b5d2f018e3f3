"""Options that several commands share, and the connection that they configure."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, TypeAlias

import typer
from attrs import frozen

from fireworks_gateway import AccountName, ConfigurationError, GatewayClient, Model, ModelName

from ._output import Output


@frozen
class Connection:
    """Where to ask.

    Attributes:
        demo: Whether the sample catalogue of the embedded gateway is asked; no key is needed.
        account_id: Whose models, unless a command says otherwise.
        base_url: Where the service is; as in `GatewayClient`.
        timeout: For how many seconds a step of a request may stall.
    """

    demo: bool = False
    account_id: str | None = None
    base_url: str | None = None
    timeout: float = 30.0

    def client(self, account_id: str | None = None, *, on: date | None = None) -> GatewayClient:
        """Return a client for an account, this one's by default; the dates of the sample are relative to `on`.

        Raises:
            ConfigurationError: There is no key, or no account is named, or a setting cannot work.
        """
        account_id = self.account_for(account_id)
        if self.demo:
            from fireworks_gateway.testing import FakeGateway  # Nobody else needs it.

            return FakeGateway(account_id=account_id, today=on).client(timeout=self.timeout)
        if not _has_key():
            raise ConfigurationError(lacking(key=True))
        return GatewayClient(account_id=account_id, base_url=self.base_url, timeout=self.timeout)

    def account_for(self, account_id: str | None) -> str:
        """Return the account that is asked.

        Raises:
            ConfigurationError: None is named, or its id cannot be one.
        """
        account_id = account_id or self.account_id or ("fireworks" if self.demo else None)
        if account_id is None:
            raise ConfigurationError(lacking(key=not _has_key(), account=True))
        return AccountName.parse(account_id).account_id

    def model_name(self, name: str, account_id: str | None) -> ModelName:
        """Return a model's name, given whole or as the id of one of the account's models.

        Raises:
            ConfigurationError: It cannot be one.
        """
        if "/" in name:
            return ModelName.parse(name)
        return ModelName(self.account_for(account_id), name)


def _has_key() -> bool:
    return bool(os.environ.get("FIREWORKS_API_KEY"))


def lacking(*, key: bool = False, account: bool = False) -> str:
    """Return what is to be given before the service can be asked: all of it, lest it is asked for one by one."""
    wanted = ["no API key (set FIREWORKS_API_KEY)"] if key else []
    wanted += ["no account (give --account-id, or set FIREWORKS_ACCOUNT_ID)"] if account else []
    return f"there is {' and '.join(wanted)}; --demo needs {'neither' if key and account else 'none'}"


class TextOrJson(StrEnum):
    """The form of what is said once: for a person, or for a program."""

    TEXT = "text"
    JSON = "json"


def connection_of(context: typer.Context) -> Connection:
    """Return where the command is to ask."""
    found = context.find_object(Connection)
    return found if found is not None else Connection()


def example(*lines: str) -> str:
    """Return what stands at the end of a command's help."""
    return "\b\n" + "\n".join(["Example:" if len(lines) == 1 else "Examples:", *(f"  {line}" for line in lines)])


def day_from(text: str) -> date:
    """Return the day that a text is.

    Raises:
        typer.BadParameter: It is none.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise typer.BadParameter(f"a day is like 2026-11-21; not {text!r}") from None


def today() -> date:
    """Return the day that a command is about where none is given; in UTC."""
    return datetime.now(UTC).date()


def check_order(text: str | None) -> None:
    """Refuse an order (AIP-132) by what the specification has no field for, before anything is sent.

    Raises:
        ConfigurationError: It is none; the error says what is near.
    """
    for term in text.split(",") if text else ():
        path, *direction = term.split() or [""]
        if not path or direction not in ([], ["asc"], ["desc"]):
            raise ConfigurationError(f"--order-by takes fields such as 'create_time desc', not {term.strip()!r}")
        Model({}).to_row([path])


AccountOption: TypeAlias = Annotated[str | None, typer.Option("--account-id", metavar="ID", help="Whose models.")]
FilterOption: TypeAlias = Annotated[
    str | None, typer.Option("--filter", metavar="TEXT", help="Which models, in the filter language (AIP-160).")
]
CheckOption: TypeAlias = Annotated[
    bool,
    typer.Option("--check/--no-check", help="Hold filter and order against the specification first."),
]
OnOption: TypeAlias = Annotated[
    date | None,
    typer.Option("--on", parser=day_from, metavar="DATE", help="For which day, e.g. 2026-11-21; today in UTC."),
]
OutputOption: TypeAlias = Annotated[
    Output,
    typer.Option("--output", "-o", metavar="FORM", help="In which form: table, json, jsonl, csv or markdown."),
]
TextOrJsonOption: TypeAlias = Annotated[
    TextOrJson, typer.Option("--output", "-o", metavar="FORM", help="In which form: text or json.")
]
