"""Resource names of accounts and models (AIP-122)."""

import re
from functools import partial
from typing import Any, Self

from attrs import field, frozen

from .errors import parameter_error

# An ID becomes a segment of a path, so characters with a meaning there are invalid: separators, whitespace, and the
# braces of an unfilled template. So are dot segments, the text of None, and invisible characters, also those few that
# Python calls printable. The service validates the rest.
_PRINTABLE = r"\u034f\u115f\u1160\u3164\uffa0\ufe00-\ufe0f\U000e0000-\U000e0fff"
_is_segment = partial(re.fullmatch, rf"[^\s/\\?#%{{}}\"'{_PRINTABLE}]+")
_INVALID = {".", "..", "None"}


def is_id(value: object) -> bool:
    """Return whether a value can be one segment of a path."""
    return isinstance(value, str) and value.isprintable() and bool(_is_segment(value)) and value not in _INVALID


def _check_id(instance: object, attribute: Any, value: str) -> None:
    if not is_id(value):
        example = f"my-{attribute.name.removesuffix('_id')}"
        raise parameter_error(attribute.name, f"must be one segment of a path, such as {example}, got {value!r:.200}")


@frozen
class AccountName:
    """The name of an account, `accounts/{account_id}`; raises ConfigurationError for an invalid ID."""

    account_id: str = field(validator=_check_id)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse the name of an account, `accounts/fireworks`, or its ID; raises ConfigurationError for another text."""
        return cls(_strip_service(text).removeprefix("accounts/"))

    def __str__(self) -> str:
        return f"accounts/{self.account_id}"


@frozen
class ModelName:
    """The name of a model, `accounts/{account_id}/models/{model_id}`; raises ConfigurationError for an invalid ID."""

    account_id: str = field(validator=_check_id)
    model_id: str = field(validator=_check_id)

    @classmethod
    def parse(cls, text: str, *, account_id: str | None = None) -> Self:
        """Parse the name of a model, with or without the name of the service.

        Args:
            text: The name, or with `account_id` the ID of a model.
            account_id: The account of an ID; by default an ID is refused.

        Raises:
            ConfigurationError: The text is not the name of a model.
        """
        parts = _strip_service(text).split("/")
        if len(parts) == 4 and (parts[0], parts[2]) == ("accounts", "models"):
            return cls(account_id=parts[1], model_id=parts[3])
        if len(parts) == 1 and account_id is not None:
            return cls(AccountName.parse(account_id).account_id, text)
        raise parameter_error("name", f"must be like accounts/my-account/models/my-model, got {text!r:.200}")

    def __str__(self) -> str:
        return f"accounts/{self.account_id}/models/{self.model_id}"


def _strip_service(name: str) -> str:
    # A full resource name (AIP-122) begins with the service: //api.fireworks.ai/accounts/...
    return re.sub(r"^//[^/\s]+/", "", name)
