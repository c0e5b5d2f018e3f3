"""The parameters of any list operation: what is given by name, held against what its endpoint module takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from ._names import AccountName, is_id
from ._queries import text_from
from ._shapes import Endpoint, Kinds, items_of, snake_cased
from .errors import ConfigurationError


class _Unfit(ValueError):
    """A value is of none of the types that are taken."""


_KEYWORDS = ("account_id", "filter", "order_by", "read_mask", "page_size", "page_token")


def path_of(endpoint: Endpoint, given: Mapping[str, Any], account_id: str | None) -> dict[str, str]:
    """Return the parameters in the path; `account_id` is the client's own, for an operation that takes one.

    Raises:
        ConfigurationError: One is missing, or would be another path.
    """
    whose = given.get("account_id", account_id)
    if "account_id" in endpoint.path and whose is None:
        raise ConfigurationError("which account? Give account_id, here or to the client, or set FIREWORKS_ACCOUNT_ID")
    return {
        name: AccountName.parse(whose).account_id if name == "account_id" else _segment(endpoint, name, given.get(name))
        for name in endpoint.path
    }


def _segment(endpoint: Endpoint, name: str, value: object) -> str:
    if value is None:
        raise ConfigurationError(f'{endpoint.name} is asked of one {name}; give it: parameters={{"{name}": ...}}')
    text = str(value) if type(value) is int else value
    if isinstance(text, str) and is_id(text):
        return text
    raise ConfigurationError(f"{endpoint.name}: {name} is one part of a path, like my-{name}; not {value!r:.200}")


def query_parameters_of(endpoint: Endpoint, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of the query string as the endpoint module takes them; those that are not given are None.

    Raises:
        ConfigurationError: One is missing, or not of its type.
    """
    sent: dict[str, Any] = {}
    for name, argument in endpoint.query.items():
        if (value := given.get(name)) is not None:
            sent[name] = _fitting(endpoint, name, value)
        elif argument in endpoint.needed:
            raise ConfigurationError(f'{endpoint.name} needs {name}; give it: parameters={{"{name}": ...}}')
        elif name != "page_token":
            sent[name] = None
    return sent


def given_to(endpoint: Endpoint, keywords: Mapping[str, Any], parameters: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return all that is given, by the names of what the endpoint takes.

    Raises:
        ConfigurationError: It does not take one of them; the error says what is near.
    """
    if parameters is not None and not isinstance(parameters, Mapping):
        raise ConfigurationError(f'parameters is a mapping, such as {{"show_deleted": True}}; not {parameters!r:.200}')
    given = {name: value for name, value in keywords.items() if value is not None}
    for name, value in (parameters or {}).items():
        known = _known(endpoint, name)
        if known in _KEYWORDS:
            raise ConfigurationError(f"{known} is an argument of its own, and not one of the parameters")
        given[known] = value
    for name in given:
        _known(endpoint, name)
    return given


def _known(endpoint: Endpoint, name: object) -> str:
    names = {*endpoint.path, *endpoint.query}
    text = str(name)
    for spelling in (text, snake_cased(text)):
        if spelling in names:
            return spelling
    from difflib import get_close_matches  # Only a mistake needs it.

    near = get_close_matches(snake_cased(text), names)
    advice = f"did you mean {' or '.join(near)}?" if near else f"it takes {', '.join(sorted(names))}"
    raise ConfigurationError(f"{endpoint.name} takes no {text:.200}; {advice}")


def _fitting(endpoint: Endpoint, name: str, value: object) -> Any:
    kinds = endpoint.kinds[endpoint.query[name]]
    try:
        return _as_one_of(kinds, text_from(name, value) if isinstance(value, str) else value)
    except _Unfit:
        wanted = " or ".join(_called(kind) for kind in kinds)
        raise ConfigurationError(f"{endpoint.name}: {name} takes {wanted}; not {value!r:.200}") from None


def _as_one_of(kinds: Kinds, value: Any) -> Any:
    for kind in kinds:
        if (items := items_of(kind)) is not None and isinstance(value, (list, tuple)):
            return [_as_one_of(items, each) for each in value]  # pyright: ignore[reportUnknownVariableType]
        if _is_enum(kind) and isinstance(value, str) and value in [member.value for member in kind]:
            return kind(value)
        if _is_of(kind, value):
            return value
    raise _Unfit


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _is_of(kind: Any, value: object) -> bool:
    if not isinstance(kind, type) or _is_enum(kind):
        return kind is Any
    if isinstance(value, datetime):
        return kind is datetime and value.utcoffset() is not None
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)


def _called(kind: Any) -> str:
    if (items := items_of(kind)) is not None:
        return f"a list, each item {' or '.join(map(_called, items))}"
    if _is_enum(kind):
        return f"one of {', '.join(str(member.value) for member in kind)}"
    said = {str: "text", bool: "True or False", int: "a whole number", float: "a number"}
    return "a datetime with a time zone" if kind is datetime else said.get(kind, getattr(kind, "__name__", str(kind)))
