"""The names in the wrapper's generated modules: short, unique, and stable when the document grows."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from itertools import chain, count
from typing import Any

from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.strings import PythonIdentifier, snake_case

from .parsing import Refused, route_of, str_of

_BRACES = re.compile(r"\{([^}]*)\}").findall

OF_EVERY_MESSAGE = {"payload", "unknown_fields", "to_dict", "to_json", "generated", "is_set", "has"}
"""The attributes of every message, `generated` among them, which only `Model` has so far."""

STANDARD = {"account_id", "page_size", "page_token", "filter", "order_by", "read_mask"}
"""The parameters that `client.list` has."""


def short_names(names: Iterable[str], pinned: Mapping[str, str], reserved: Iterable[str]) -> dict[str, str]:
    """Return the name in the wrapper of each generated class.

    The service's own classes lose their prefix: `GatewayStatus` becomes `Status`. Any other class of that name gets
    another one.

    Args:
        names: The generated names.
        pinned: The names that hand-written code uses, by the generated ones.
        reserved: The names that no class may have.
    """
    wanted = {name: name.removeprefix("Gateway") for name in names}
    found = {name: pinned[name] for name in wanted if name in pinned}
    # Names with a prefix to lose come first.
    for name, short in sorted(wanted.items(), key=lambda item: item[0] == item[1]):
        choices = [each for each in (short, name, f"{name}_") if each.isidentifier() and not each[0].islower()]
        taken = {*reserved, *keyword.kwlist, *found.values()}
        found.setdefault(name, _first_free(choices, taken))
    return found


def _first_free(choices: list[str], taken: set[str]) -> str:
    """Return the first choice that is not taken, or the last one with a number."""
    numbered = (f"{choices[-1].rstrip('_')}_{number}" for number in count(2))
    return next(each for each in chain(choices, numbered) if each not in taken)


def operation_names(lists: Mapping[str, tuple[str, str]], pinned: Mapping[str, str]) -> dict[str, str]:
    """Return the constant of each list operation by its route.

    Args:
        lists: The JSON key of the list and the generated name of each operation, by route. The constant is named after
            the key, so that a renamed operation or tag changes nothing. If several lists have the same key, the
            operation with the shortest path gets the plain name.
        pinned: The constants that hand-written code uses, by route.
    """
    ordered = sorted(lists, key=lambda route: route.count("/"))
    found = {route: pinned[route] for route in ordered if route in pinned}
    for route in ordered:
        items, operation = (snake_case(text).upper() for text in lists[route])
        choices = [f"LIST_{items}", operation if "LIST_" in operation else f"LIST_{operation}"]
        found.setdefault(route, _first_free(choices, {*found.values()}))
    return found


def attributes_of(owner: str, properties: Iterable[Any], reserved: Iterable[str]) -> dict[str, str]:
    """Return the attribute of each property by its JSON key: the generated name, with `_` appended if it is taken.

    Args:
        owner: The generated class.
        properties: Its properties.
        reserved: The names that the body of a message class uses.

    Raises:
        Refused: Two properties would be one attribute.
    """
    taken = {*OF_EVERY_MESSAGE, *reserved}
    owners: dict[str, str] = {}
    for each in properties:
        name, key = str(each.python_name), str_of(each.name)
        while name in taken:
            name += "_"
        if (other := owners.setdefault(name, key)) != key:
            both = f"{owner} has the properties {other} and {key}"
            raise Refused(f"{both}, which would have the same attribute: rename one")
    return {key: name for name, key in owners.items()}


def path_of(key: str, attribute: str) -> str:
    """Return the name of a field in filters, orders and masks: the proto's, which is the JSON key in snake_case."""
    if attribute.rstrip("_") == key:  # Two keys that differ in spelling alone, fooBar and foo_bar, keep it.
        return key
    path = snake_case(key)
    return path if re.search(r"\w", path) else attribute


def parameters_of(endpoint: Endpoint, pinned: str = "") -> dict[str, Any]:
    """Return the parameters of an operation by their names in the wrapper.

    Args:
        endpoint: The operation.
        pinned: The route in words.yaml, whose names for the parameters in the path are kept.
    """
    in_path = dict(zip(_BRACES(route_of(endpoint)), _BRACES(pinned), strict=False))
    found: dict[str, Any] = {}
    for each in endpoint.path_parameters:
        found[in_path.get(str_of(each.name)) or _standard_name(each)] = each
    for each in endpoint.query_parameters:
        name = _standard_name(each)
        found[str(each.python_name) if name in found else name] = each
    found.update({str(each.python_name): each for each in (*endpoint.header_parameters, *endpoint.cookie_parameters)})
    return found


def _standard_name(parameter: Any) -> str:
    # The generator's argument for `filter` is `filter_`.
    standard = str(PythonIdentifier(f"x_{str_of(parameter.name)}", "")).removeprefix("x_")
    return standard if standard in STANDARD else str(parameter.python_name)
