"""Read an OpenAPI document with the generator's own parser, so that all names are those of the generated client."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path
from typing import Any

from attrs import frozen
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError, ParseError
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import EnumProperty, ModelProperty
from openapi_python_client.parser.properties.schemas import Class
from openapi_python_client.schema import Reference
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

Schema = Mapping[str, Any]


class Refused(Exception):
    """A document cannot become code; the message is one line with the place, the reason and the remedy."""

    def __init__(self, why: str) -> None:
        super().__init__(" ".join(why.split()))


class MissingClass(Refused):
    """No list operation reaches a class that hand-written code uses.

    Attributes:
        name: The generated name of the class.
    """

    def __init__(self, name: str) -> None:
        super().__init__(
            f"no list operation of the document has a {name}, which the wrapper uses: remove its uses from the "
            "wrapper, and its name from words.yaml"
        )
        self.name = name


@frozen
class Parsed:
    """A document as the generator understands it.

    Attributes:
        document: The document itself.
        messages: The generated classes by name, in the document's order.
        enums: The generated enums by name.
        endpoints: The operations by route.
        omitted: One line for each operation that the generator cannot generate.
    """

    document: Mapping[str, Any]
    messages: Mapping[str, ModelProperty]
    enums: Mapping[str, EnumProperty]
    endpoints: Mapping[str, Endpoint]
    omitted: tuple[str, ...]

    def generated_names(self) -> list[str]:
        """Return the names of all generated classes, in the order in which they were found."""
        return [*self.messages, *self.enums]


def schemas_of(document: Mapping[str, Any]) -> Mapping[str, Schema]:
    """Return the schemas of a document by key."""
    found: Mapping[str, Schema] = (document.get("components") or {}).get("schemas") or {}
    return found


def content_of(text: str, name: str) -> Any:
    """Return the content of a YAML text, read as the generator reads it: YAML 1.2, in which NO and ON are text.

    Raises:
        Refused: It is not YAML; the message begins with the name.
    """
    try:
        return YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError, RecursionError) as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        place = f"line {mark.line + 1}: " if mark else ""
        raise Refused(f"{name} is not YAML: {place}{problem or error}. Correct it, or save the page again") from error


def parse(document: Mapping[str, Any], overrides: Mapping[str, str], used: Iterable[str] = ()) -> Parsed:
    """Parse a document with the generator's parser.

    Args:
        document: The document.
        overrides: The names of classes, by the names that titles would give them.
        used: The routes of the operations that hand-written code uses. Any other operation with an error is omitted.

    Raises:
        Refused: A schema cannot become a class, or an operation in use has the path or name of another.
    """
    try:
        parsed = GeneratorData.from_dict(dict(document), config=_config(overrides))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Refused(f"the generator cannot read the document: {type(error).__name__}: {error}") from error
    if isinstance(parsed, GeneratorError):
        raise Refused(f"the generator cannot read the document: {_sentence(parsed)}")
    if parsed.errors:
        raise Refused(f"a schema cannot become a class: {_sentence(parsed.errors[0])}. Correct or rename that schema")
    collections = parsed.endpoint_collections_by_tag.values()
    endpoints = {route_of(endpoint): endpoint for collection in collections for endpoint in collection.endpoints}
    doubles = _find_doubles(endpoints, {route_template(route) for route in used})
    return Parsed(
        document=document,
        messages={str(each.class_info.name): each for each in parsed.models},
        enums={str(each.class_info.name): each for each in parsed.enums if isinstance(each, EnumProperty)},
        endpoints={route: endpoint for route, endpoint in endpoints.items() if route not in doubles},
        omitted=(*(_describe_skipped(error) for each in collections for error in each.parse_errors), *doubles.values()),
    )


def _config(overrides: Mapping[str, str]) -> Config:
    settings = ConfigFile.model_validate(
        {"class_overrides": {title: {"class_name": name} for title, name in overrides.items()}}
    )
    return Config.from_sources(settings, MetaType.NONE, Path("openapi.yaml"), "utf-8", False, output_path=None)


def class_name(text: str) -> str:
    """Return the name that the generator gives a class after a title or a key."""
    return str(Class.from_string(string=text, config=_config({})).name)


def _describe_skipped(error: ParseError) -> str:
    route = re.search(r"[A-Z]+ /\S*", error.header or "")
    return f"skipped {route[0] if route else error.header}: {_sentence(error, header='')}"


def _sentence(error: ParseError | GeneratorError, header: str | None = None) -> str:
    detail = (error.detail or "").partition("\n\nFailure to process schema has resulted")[0]
    detail = detail.replace(": :", ":").replace("\n\n", ". ")
    if isinstance(error, ParseError) and isinstance(error.data, Reference):
        detail += f" ({str_of(error.data.ref)})"
    parts = (part.strip().rstrip(".:") for part in (error.header if header is None else header, detail))
    return re.sub(r"<\S+ object at 0x\w+>", "its value", ": ".join(part for part in parts if part))


def _find_doubles(endpoints: Mapping[str, Endpoint], used: Set[str]) -> dict[str, str]:
    """Return one line for each operation that another one with the same name overwrites, by its route."""
    owners: dict[object, str] = {}
    lines: dict[str, str] = {}
    for route, endpoint in endpoints.items():
        for key, same in (((endpoint.tags[0], endpoint.name), "operationId"), (route_template(route), "path")):
            other, owners[key] = owners.get(key, route), route
            if other != route and used & {route_template(other), route_template(route)}:
                raise Refused(f"{other} and {route} have the same {same}: rename one")
            if other != route and same == "operationId":
                lines[other] = f"skipped {other}: {route} has the same operationId"
    return lines


def route_of(endpoint: Endpoint) -> str:
    """Return the method and the path of an operation, e.g. GET /v1/accounts."""
    return f"{endpoint.method.upper()} {str_of(endpoint.path)}"


def route_template(route: str) -> str:
    """Return a route with {} for each parameter, whose names may change."""
    return re.sub(r"\{[^}]*\}", "{}", route)


def properties_of(message: ModelProperty) -> Iterator[Any]:
    """Yield the properties of a generated class."""
    yield from message.required_properties or ()
    yield from message.optional_properties or ()


def schema_of(message: ModelProperty) -> Schema:
    """Return the schema of a generated class."""
    found: Schema = message.data.model_dump(mode="json", by_alias=True, exclude_none=True)
    return found


def str_of(text: Any) -> str:
    """Return an untrusted text of the document; quote it with `repr` or `plain`."""
    return str(text.get_untrusted_value()) if hasattr(text, "get_untrusted_value") else str(text)
