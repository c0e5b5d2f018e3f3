"""What a command asks: the service, or with --demo the gateway that is in the package."""

from __future__ import annotations

import os

from attrs import frozen

from fireworks_gateway import AccountName, ConfigurationError, GatewayClient, ModelName


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

    def client(self, account_id: str | None = None) -> GatewayClient:
        """Return a client for an account, this one's by default.

        Raises:
            ConfigurationError: There is no key, or no account is named, or a setting cannot work.
        """
        account_id = self.account_for(account_id)
        if self.demo:
            from fireworks_gateway.testing import FakeGateway  # Nobody else needs it.

            return FakeGateway(account_id=account_id).client(timeout=self.timeout)
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
