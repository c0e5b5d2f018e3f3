"""Read an OpenAPI document with the generator's own parser, so that all names are those of the generated client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from openapi_python_client.strings import PythonIdentifier
from ruamel.yaml import YAML

Schema = Mapping[str, Any]


class SpecificationError(Exception):
    """A document that cannot become code, in one sentence that names the schema or operation and the remedy."""


@frozen
class Parsed:
    """A document as the generator understands it.

    Attributes:
        document: The document itself.
        messages: The generated classes by name, in the document's order.
        enums: The generated enums by name.
        endpoints: The operations.
        omitted: One line for each operation that the generator cannot generate.
    """

    document: Mapping[str, Any]
    messages: Mapping[str, ModelProperty]
    enums: Mapping[str, EnumProperty]
    endpoints: tuple[Endpoint, ...]
    omitted: tuple[str, ...]

    @property
    def schemas(self) -> Mapping[str, Schema]:
        """The document's schemas by key."""
        found: Mapping[str, Schema] = (self.document.get("components") or {}).get("schemas") or {}
        return found

    def class_names(self) -> list[str]:
        """Return the names of all generated classes, in the order in which they were found."""
        return [*self.messages, *self.enums]


def read_document(path: Path) -> dict[str, Any]:
    """Return a document, read as the generator reads it: YAML 1.2, in which NO and ON are text."""
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return content


def parse(document: Mapping[str, Any], overrides: Mapping[str, str]) -> Parsed:
    """Return what the generator makes of a document.

    Args:
        document: The document.
        overrides: The names of classes, by the names that titles would give them.

    Raises:
        SpecificationError: A schema cannot become a class.
    """
    try:
        parsed = GeneratorData.from_dict(dict(document), config=_config(overrides))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SpecificationError(f"the generator cannot read the document: {type(error).__name__}: {error}") from error
    if isinstance(parsed, GeneratorError):
        raise SpecificationError(f"the generator cannot read the document: {_sentence(parsed)}")
    for problem in parsed.errors:
        raise SpecificationError(_one_name(document) or f"a schema cannot become a class: {_sentence(problem)}")
    collections = parsed.endpoint_collections_by_tag.values()
    endpoints = tuple(endpoint for collection in collections for endpoint in collection.endpoints)
    _check_names(endpoints)
    return Parsed(
        document=document,
        messages={str(each.class_info.name): each for each in parsed.models},
        enums={str(each.class_info.name): each for each in parsed.enums if isinstance(each, EnumProperty)},
        endpoints=endpoints,
        omitted=tuple(_sentence(error) for collection in collections for error in collection.parse_errors),
    )


def _config(overrides: Mapping[str, str]) -> Config:
    settings = ConfigFile.model_validate(
        {"class_overrides": {title: {"class_name": name} for title, name in overrides.items()}}
    )
    return Config.from_sources(settings, MetaType.NONE, Path("openapi.yaml"), "utf-8", False, output_path=None)


def class_name(text: str) -> str:
    """Return the name that the generator gives a class after a title or a key."""
    return str(Class.from_string(string=text, config=_config({})).name)


def _one_name(document: Mapping[str, Any]) -> str:
    """Return the reason if two properties of a schema would be one attribute, which the generator does not name."""
    for key, schema in ((document.get("components") or {}).get("schemas") or {}).items():
        owners: dict[str, str] = {}
        for name in (schema or {}).get("properties") or {}:
            other = owners.setdefault(PythonIdentifier(name, "field_", skip_snake_case=True), name)
            if other != name:
                return (
                    f"the schema {key} has the properties {other} and {name}, which would be one attribute: rename one"
                )
    return ""


def _sentence(error: ParseError | GeneratorError) -> str:
    detail = (error.detail or "").partition("\n\nFailure to process schema has resulted")[0]
    if isinstance(error, ParseError) and isinstance(error.data, Reference):
        detail += f" ({str_of(error.data.ref)})"
    parts = (part.strip().rstrip(".:") for part in (error.header, detail))
    return " ".join(": ".join(part for part in parts if part).split())


def _check_names(endpoints: tuple[Endpoint, ...]) -> None:
    owners: dict[tuple[str, str], Endpoint] = {}
    for endpoint in endpoints:
        other = owners.setdefault((endpoint.tags[0], endpoint.name), endpoint)
        if other is not endpoint:
            raise SpecificationError(
                f"{route_of(other)} and {route_of(endpoint)} have one operationId, so the generator would write one "
                "module over the other: give them different ones"
            )


def route_of(endpoint: Endpoint) -> str:
    """Return the method and the path of an operation, e.g. GET /v1/accounts."""
    return f"{endpoint.method.upper()} {str_of(endpoint.path)}"


def properties_of(message: ModelProperty) -> Iterator[Any]:
    """Yield the properties of a generated class."""
    yield from message.required_properties or ()
    yield from message.optional_properties or ()


def schema_of(message: ModelProperty) -> Schema:
    """Return the schema that a generated class was made from."""
    found: Schema = message.data.model_dump(mode="json", by_alias=True, exclude_none=True)
    return found


def str_of(text: Any) -> str:
    """Return a text of the document; it may hold anything, so `literal` or `plain` has to quote it."""
    return str(text.get_untrusted_value()) if hasattr(text, "get_untrusted_value") else str(text)
