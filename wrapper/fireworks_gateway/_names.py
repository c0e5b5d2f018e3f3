"""Resource names of accounts and models (AIP-122)."""

from __future__ import annotations

import re
from functools import partial

from attrs import Attribute, field, frozen

from .errors import ConfigurationError

# An id goes into a path, so what a path would read otherwise is refused: separators, dot segments, blanks, the braces
# of a template that nobody filled in, and the word that str(None) leaves behind. Beyond that the service is the judge
# of its ids.
_is_segment = partial(re.fullmatch, r"[^\s/\\?#%{}\"'\x00-\x1f\x7f\ud800-\udfff]+")
_NOT_IDS = {".", "..", "None"}


def is_id(value: object) -> bool:
    """Say whether a value can stand for itself as one segment of a path."""
    return isinstance(value, str) and _is_segment(value) is not None and value not in _NOT_IDS


def _check_id(instance: object, attribute: Attribute[str], value: object) -> None:
    if not is_id(value):
        what = type(instance).__name__.removesuffix("Name").lower()
        message = f"{attribute.name} must be one segment of a path, such as my-{what}, got {value!r:.200}"
        raise ConfigurationError(message, parameter=attribute.name)


@frozen
class AccountName:
    """The name of an account: `accounts/{account_id}`.

    Raises:
        ConfigurationError: The id cannot be one.
    """

    account_id: str = field(validator=_check_id)

    @classmethod
    def parse(cls, text: str) -> AccountName:
        """Return the account that `accounts/fireworks`, or just `fireworks`, names.

        Raises:
            ConfigurationError: The text is not an account's name.
        """
        return cls(_relative(text).removeprefix("accounts/"))

    def __str__(self) -> str:
        return f"accounts/{self.account_id}"


@frozen
class ModelName:
    """The name of a model: `accounts/{account_id}/models/{model_id}`.

    Raises:
        ConfigurationError: One of the ids cannot be one.
    """

    account_id: str = field(validator=_check_id)
    model_id: str = field(validator=_check_id)

    @classmethod
    def parse(cls, text: str) -> ModelName:
        """Return the model that a name says, with or without the service's own name before it.

        Raises:
            ConfigurationError: The text is not a model's name.
        """
        parts = _relative(text).split("/")
        if len(parts) == 4 and (parts[0], parts[2]) == ("accounts", "models"):
            return cls(account_id=parts[1], model_id=parts[3])
        message = f"name must be like accounts/my-account/models/my-model, got {text!r:.200}"
        raise ConfigurationError(message, parameter="name")

    def __str__(self) -> str:
        return f"accounts/{self.account_id}/models/{self.model_id}"


def _relative(name: object) -> str:
    if not isinstance(name, str):
        message = f"name must be text such as accounts/my-account, got {name!r:.200}"
        raise ConfigurationError(message, parameter="name")
    # A full resource name (AIP-122) puts the service before: //api.fireworks.ai/accounts/...
    return re.sub(r"^//[^/\s]+/", "", name)
