"""A list operation of the OpenAPI document, as a value (AIP-132)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Generic, Self, TypeVar, cast

from attrs import evolve, field, frozen

from .._fields.messages import Message
from .._names import AccountName, is_id
from ..errors import ConfigurationError, parameter_error, quote_value

M = TypeVar("M", bound=Message)
N = TypeVar("N", bound=Message)

STANDARD = ("account_id", "filter", "order_by", "page_size", "page_token", "read_mask")
"""The parameters that `client.list` has. The others are extra parameters of an operation."""


@frozen
class ListOperation(Generic[M]):
    """A list operation of the document (AIP-132, AIP-158), as an argument of `client.list`.

    All are constants in `fireworks_gateway.specification`.

    Attributes:
        name: The constant, e.g. LIST_MODELS.
        path: The path in the document, with its parameters in braces.
        items: The JSON key of the list in a response, e.g. models.
        message: The class of an item.
        build: The generated function that returns the method, URL, query parameters and headers of a request.
        parameters: The argument of `build` for each parameter, by its name in Python.
        in_path: The parameters in the path.
        required: The parameters that the document requires.
        values: The values of the extra parameters.
    """

    name: str
    path: str
    items: str
    message: type[M]
    build: Callable[..., dict[str, Any]] = field(repr=False)
    parameters: Mapping[str, str] = field(repr=False)
    in_path: tuple[str, ...] = field(repr=False)
    required: tuple[str, ...] = field(repr=False)
    values: Mapping[str, Any] = field(factory=dict[str, Any])

    def __hash__(self) -> int:
        return hash((self.path, self.message))

    def of(self, message: type[N]) -> "ListOperation[N]":
        """Return the operation with another class for its items, usually a subclass of its message."""
        return cast("ListOperation[N]", evolve(self, message=cast("type[M]", message)))

    def with_parameters(self, **values: Any) -> Self:
        """Return the operation with values for its extra parameters; None is not sent.

        Raises:
            ConfigurationError: The operation has no such extra parameter, or a value cannot be sent.
        """
        extra = [name for name in self.parameters if name not in STANDARD]
        for name in values:
            if name not in extra:
                available = ", ".join(extra) or "no extra parameters"
                raise parameter_error(name, f"is not an extra parameter of {self.name}. Available: {available}")
        sent = {name: self._valid_value(name, value) for name, value in values.items() if value is not None}
        return evolve(self, values={**self.values, **sent})

    def _valid_value(self, name: str, value: Any) -> Any:
        if name in self.in_path and not is_id(quote_value(value) if type(value) is int else value):
            raise parameter_error(name, f"of {self.name} must be one segment of a path, got {quote_value(value)}")
        if isinstance(value, (list, tuple)):
            return [self._valid_value(name, each) for each in value]  # pyright: ignore[reportUnknownVariableType]
        if isinstance(value, datetime) and value.utcoffset() is None:
            raise parameter_error(name, f"of {self.name} must have a time zone, got {value!r}")
        return value

    def arguments(self, standard: Mapping[str, Any], account_id: str | None) -> dict[str, Any]:
        """Return the values of all parameters by name, given those of `client.list` and the client's account."""
        values = {**self.values, **{name: value for name, value in standard.items() if value is not None}}
        for name in values:
            if name not in self.parameters:
                raise parameter_error(name, f"must be a parameter of {self.name}: {', '.join(self.parameters)}")
        if "account_id" in (*self.in_path, *self.required):
            values["account_id"] = _account_id(values.get("account_id", account_id))
        if missing := [name for name in self.required if name not in values]:
            extra = [name for name in missing if name not in STANDARD]
            remedy = f"{self.name.lower()}({extra[0]}=...)" if extra else f"{missing[0]}=..."
            problem = f"is missing. {self.name} requires {', '.join(missing)}"
            raise parameter_error(missing[0], f"{problem}: pass {remedy} to list()")
        return values

    def request(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the method, URL, query parameters and headers of a request."""
        try:
            return self.build(**{self.parameters[name]: _argument(name, value) for name, value in values.items()})
        except (AttributeError, TypeError, ValueError) as error:
            problem = f"{self.name} has a parameter that cannot be sent: {error}"
            raise ConfigurationError(f"{problem}; got {dict(self.values)!r:.200}") from error


class _Text(str):
    """A text for a parameter of any type: the generated function sends the `value` of its enum."""

    __slots__ = ()

    @property
    def value(self) -> str:
        return str(self)


def _argument(name: str, value: Any) -> Any:
    # `str(value)` is the name of a member of an Enum of texts.
    return _Text(str.__str__(value)) if name in STANDARD and isinstance(value, str) else value


def _account_id(value: str | None) -> str:
    if value is None:
        remedy = 'Pass it here or to the client, or set FIREWORKS_ACCOUNT_ID; "fireworks" is the public catalogue'
        raise parameter_error("account_id", f"is missing. {remedy}")
    return AccountName.parse(value).account_id
