"""The names in the wrapper's generated modules: short, unique, and stable when the document grows."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from typing import Any

from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.strings import PythonIdentifier, snake_case

from .parsing import SpecificationError, route_of, same_attribute, str_of

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
        taken = {*reserved, *found.values()}
        choices = [short, name, f"{name}_", *(f"{name}_{number}" for number in range(2, len(wanted) + 2))]
        found.setdefault(name, next(each for each in choices if each not in taken and _is_class_name(each)))
    return found


def _is_class_name(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text) and not text[0].islower()


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
        choices += [f"{choices[1]}_{number}" for number in range(2, len(lists) + 2)]
        taken = set(found.values())
        found.setdefault(route, next(each for each in choices if each not in taken))
    return found


def attributes_of(owner: str, properties: Iterable[Any], reserved: Iterable[str]) -> dict[str, str]:
    """Return the attribute of each property by its JSON key: the generated name, with `_` appended if it is taken.

    Args:
        owner: The generated class.
        properties: Its properties.
        reserved: The names that the body of a message class uses.

    Raises:
        SpecificationError: Two properties would be one attribute.
    """
    taken = {*OF_EVERY_MESSAGE, *reserved}
    found: dict[str, str] = {}
    for each in properties:
        name, key = str(each.python_name), str_of(each.name)
        while name in taken:
            name += "_"
        if other := next((key for key, attribute in found.items() if attribute == name), None):
            raise SpecificationError(same_attribute(owner, other, key))
        found[key] = name
    return found


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
