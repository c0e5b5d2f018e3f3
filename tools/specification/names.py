"""The names in the wrapper's generated modules: short, unique, and stable when the document grows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.strings import PythonIdentifier, snake_case

from .parsing import Parsed, SpecificationError, route_of, str_of

_BRACES = re.compile(r"\{([^}]*)\}").findall

KINDS = (
    "Boolean",
    "Bytes",
    "Date",
    "Day",
    "Integer",
    "Integer64",
    "Json",
    "JsonObject",
    "ListOf",
    "MapOf",
    "MessageOf",
    "Number",
    "OpenEnum",
    "String",
    "Timestamp",
)
"""The kinds of value that a field can have."""

IMPORTED = {
    *KINDS,
    "Any",
    "CalendarDate",
    "DateField",
    "ENUM_TEXTS",
    "Field",
    "BoolField",
    "GeneratedClient",
    "ListOperation",
    "Mapping",
    "Message",
    "MessageField",
    "PartialDate",
    "Sequence",
    "SPEC_VERSION",
    "DEFAULT_BASE_URL",
    "Unrecognized",
}
"""The names that the generated modules import or define beside those of the document."""

OF_EVERY_MESSAGE = {"payload", "unknown_fields", "to_dict", "to_json", "generated", "is_set", "has"}
"""The attributes of `Message`; a test compares them with the class."""

STANDARD = {"account_id", "page_size", "page_token", "filter", "order_by", "read_mask"}
"""The parameters that `client.list` has."""


def class_names(parsed: Parsed, pinned: Mapping[str, str]) -> dict[str, str]:
    """Return the name in the wrapper of each generated class.

    The service's own classes lose their prefix, `GatewayStatus` is `Status`. Another class of that name gives way.
    """
    wanted = {name: name.removeprefix("Gateway") for name in parsed.class_names()}
    return _unique(wanted, pinned, IMPORTED)


def operation_names(lists: Mapping[str, tuple[str, str]], pinned: Mapping[str, str]) -> dict[str, str]:
    """Return the constant of each list operation by its route.

    Args:
        lists: The JSON key of the list and the generated name of each operation, by route. The constant is named after
            the key, so that a renamed operation or tag changes nothing; of several the shortest path has it.
        pinned: The constants that hand-written code uses, by route.
    """
    ordered = sorted(lists, key=lambda route: route.count("/"))
    wanted = {route: _constant(lists[route][0], lists[route][1]) for route in ordered}
    found = {route: pinned[route] for route in ordered if route in pinned}
    for route in ordered:
        taken = set(found.values())
        choices = [wanted[route], lists[route][1].upper(), *(f"{wanted[route]}_{n}" for n in range(2, len(lists) + 2))]
        found.setdefault(route, next(each for each in choices if each not in taken))
    return found


def _constant(key: str, operation: str) -> str:
    stem = snake_case(key).upper()
    return f"LIST_{stem}" if stem else operation.upper()


def _unique(wanted: Mapping[str, str], pinned: Mapping[str, str], reserved: Iterable[str]) -> dict[str, str]:
    found = {name: pinned[name] for name in wanted if name in pinned}
    # Names with a prefix to lose come first.
    for name, short in sorted(wanted.items(), key=lambda item: item[0] == item[1]):
        taken = {*reserved, *found.values()}
        choices = [short, name, f"{name}_", *(f"{name}_{number}" for number in range(2, len(wanted) + 2))]
        found.setdefault(name, next(each for each in choices if each not in taken and _is_class_name(each)))
    return found


def _is_class_name(text: str) -> bool:
    return text.isidentifier() and not text[0].islower()


def attributes_of(owner: str, properties: Iterable[Any], reserved: Iterable[str]) -> dict[str, str]:
    """Return the attribute of each property by its JSON key: the generated one, with `_` where that would hide another.

    Raises:
        SpecificationError: Two properties would be one attribute.
    """
    hidden = {*OF_EVERY_MESSAGE, *IMPORTED, *reserved}
    found: dict[str, str] = {}
    for each in properties:
        name, key = str(each.python_name), str_of(each.name)
        while name in hidden:
            name += "_"
        if other := next((key for key, taken in found.items() if taken == name), None):
            raise SpecificationError(
                f"the schema of {owner} has the properties {other} and {key}, which would be one attribute: rename one"
            )
        found[key] = name
    return found


def path_of(key: str, attribute: str) -> str:
    """Return the name of a field in filters, orders and masks: the proto's, which is the JSON key in snake_case."""
    path = snake_case(key)
    # Two keys that differ in spelling alone, fooBar and foo_bar, stay as they are; the generator does the same.
    return key if attribute.rstrip("_") == key else path if re.search(r"\w", path) else attribute


def parameter_names(endpoint: Endpoint, pinned: str = "") -> dict[str, str]:
    """Return the name in the wrapper of each parameter, by its name in the document.

    Args:
        endpoint: The operation.
        pinned: The route that hand-written code uses, whose parameters in braces keep their names.
    """
    in_path = dict(zip(_BRACES(route_of(endpoint)), _BRACES(pinned), strict=False))
    parameters = {str_of(each.name): each for _, each in endpoint.iter_all_parameters()}
    return {name: in_path.get(name) or _parameter_name(each) for name, each in parameters.items()}


def _parameter_name(parameter: Any) -> str:
    # The generator's argument for `filter` is `filter_`.
    standard = str(PythonIdentifier(f"x_{str_of(parameter.name)}", "")).removeprefix("x_")
    return standard if standard in STANDARD else str(parameter.python_name)


def anonymous(route: str) -> str:
    """Return a route without the names of its parameters, which may change."""
    return re.sub(r"\{[^}]*\}", "{}", route)
