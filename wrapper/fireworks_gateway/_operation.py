"""A list operation of the OpenAPI document, as a value (AIP-132)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

from attrs import evolve, field, frozen

from ._fields import Message
from ._names import AccountName, is_id
from .errors import ConfigurationError

M = TypeVar("M", bound=Message)
N = TypeVar("N", bound=Message)


@frozen(hash=False)
class ListOperation(Generic[M]):
    """A list operation: what `client.list` needs to walk it. `fireworks_gateway.specification` holds all of them.

    Attributes:
        name: The constant in `fireworks_gateway.specification`, e.g. LIST_MODELS.
        path: The path in the document, with its parameters in braces.
        items: The JSON key of the list in a response, e.g. models.
        message: The class of an item.
        build: The generated function that returns method, url and params of a request.
        parameters: Every parameter by its name in Python, with the argument of `build` that takes it.
        in_path: The parameters that are part of the path.
        required: The parameters that the document requires.
        given: Values of parameters that other list operations do not have.
    """

    name: str
    path: str
    items: str
    message: type[M]
    build: Callable[..., dict[str, Any]] = field(repr=False)
    parameters: Mapping[str, str] = field(repr=False)
    in_path: tuple[str, ...] = field(repr=False)
    required: tuple[str, ...] = field(repr=False)
    given: Mapping[str, Any] = field(factory=dict[str, Any])

    def __hash__(self) -> int:
        return hash((self.path, self.message))

    def of(self, message: type[N]) -> ListOperation[N]:
        """Return the operation with another class for its items, a subclass of the document's message."""
        return cast("ListOperation[N]", evolve(self, message=cast("type[M]", message)))

    def having(self, **given: Any) -> ListOperation[M]:
        """Return the operation with more values for parameters that other list operations do not have.

        A value of None is not sent. The functions of `fireworks_gateway.specification` call this with typed arguments.

        Raises:
            ConfigurationError: A value cannot be sent.
        """
        sent = {name: self._sendable(name, value) for name, value in given.items() if value is not None}
        return evolve(self, given={**self.given, **sent})

    def _sendable(self, name: str, value: Any) -> Any:
        if name in self.in_path and not is_id(value):
            raise ConfigurationError(f"{name} of {self.name} must be one segment of a path, got {value!r:.80}")
        if isinstance(value, datetime) and value.utcoffset() is None:
            raise ConfigurationError(f"{name} of {self.name} must have a time zone, got {value!r}")
        return value

    def arguments(self, standard: Mapping[str, Any], account_id: str | None) -> dict[str, Any]:
        """Return the values of all parameters, by name.

        Args:
            standard: The parameters that most list operations have, such as filter; None means unset.
            account_id: The client's account, for an operation that has the parameter.

        Raises:
            ConfigurationError: The operation lacks a parameter that has a value, or requires one that has none.
        """
        values = {**self.given, **{name: value for name, value in standard.items() if value is not None}}
        if unknown := [name for name in values if name not in self.parameters]:
            raise ConfigurationError(f"{self.name} has no {', '.join(unknown)}; it has {', '.join(self.parameters)}")
        if "account_id" in self.in_path:
            values["account_id"] = _account_id(values.get("account_id", account_id))
        if missing := [name for name in self.required if name not in values]:
            shown = ", ".join(f"{name}=..." for name in missing)
            raise ConfigurationError(f"{self.name} requires {', '.join(missing)}: pass {self.name.lower()}({shown})")
        return values

    def request(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return method, url and params of a request.

        Raises:
            ConfigurationError: The generated client cannot send a value.
        """
        try:
            return self.build(**{self.parameters[name]: value for name, value in values.items()})
        except (AttributeError, TypeError, ValueError) as error:
            raise ConfigurationError(f"{self.name} cannot send {dict(self.given)!r:.200}: {error}") from error


def _account_id(value: str | None) -> str:
    if value is None:
        raise ConfigurationError("which account? Give account_id, here or to the client, or set FIREWORKS_ACCOUNT_ID")
    return AccountName.parse(value).account_id
