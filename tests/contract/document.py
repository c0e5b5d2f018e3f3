"""The published document, and its changes for a service that prints ProtoJSON."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path

from tests.shared.documents import Content, operation, schemas

STATUS: Content = {
    "type": "object",
    "required": ["code", "message", "details"],
    "additionalProperties": False,
    "properties": {
        "code": {"type": "integer", "minimum": 1, "maximum": 16},
        "message": {"type": "string", "minLength": 1},
        "details": {"type": "array", "items": {"type": "object"}},
    },
}
"""google.rpc.Status as grpc-gateway prints it; the published document has no schema for an error."""


def properties_of(document: Content) -> Iterator[tuple[str, Content]]:
    """Yield every property of every message of a document, by its key."""
    for schema in schemas(document).values():
        yield from schema.get("properties", {}).items()


def messages_of(document: Content) -> dict[str, Content]:
    """Return the schemas of values that ProtoJSON may print as null, by the key of the property.

    These are messages outside of lists; google.protobuf.Timestamp is one.
    """
    found: dict[str, Content] = {}
    for key, schema in properties_of(document):
        target = schemas(document)[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        if ("$ref" in schema and target["type"] == "object") or schema.get("format") == "date-time":
            found[key] = target
    return found


def with_nulls(document: Content) -> Content:
    """Return the document with nullable messages, since ProtoJSON prints unset ones as null."""
    amended = copy.deepcopy(document)
    # Several properties may share a schema.
    for schema in {id(schema): schema for schema in messages_of(amended).values()}.values():
        schema["type"] = [schema["type"], "null"]
    return amended


def with_refusals(document: Content, *statuses: str) -> Content:
    """Return the document with responses of these statuses (or ranges such as "4XX"), each a google.rpc.Status."""
    amended = copy.deepcopy(document)
    for status in statuses:
        response = {"description": "A refusal.", "content": {"application/json": {"schema": STATUS}}}
        operation(amended)["responses"][status] = response
    return amended


def with_values(document: Content, values: dict[str, Content]) -> Content:
    """Return the document with narrower schemas of some parameters."""
    amended = copy.deepcopy(document)
    for parameter in operation(amended)["parameters"]:
        parameter["schema"].update(values.get(parameter["name"], {}))
    return amended


def with_page_size(document: Content, size: int) -> Content:
    """Return the document with a limit on the models of a page."""
    amended = copy.deepcopy(document)
    page = schemas(amended)["gatewayListModelsResponse"]
    page["properties"]["models"]["maxItems"] = min(size or 50, 200)
    return amended


def closed(document: Content) -> Content:
    """Return the document without unknown properties, and with the range of int32."""
    amended = copy.deepcopy(document)
    for schema in schemas(amended).values():
        if "object" in schema["type"]:
            schema["unevaluatedProperties"] = False
    for _, schema in properties_of(amended):
        if schema.get("format") == "int32":
            schema.update(minimum=-(2**31), maximum=2**31 - 1)
    return amended


def complete(document: Content) -> Content:
    """Return the document with every property required; ProtoJSON omits masked ones alone."""
    amended = copy.deepcopy(document)
    for schema in schemas(amended).values():
        if "object" in schema["type"]:
            schema["required"] = list(schema.get("properties", ()))
    return amended


def page_schema(document: Content) -> Content:
    """Return the schema of a page as JSON Content, draft 2020-12."""
    response = operation(document)["responses"]["200"]["content"]["application/json"]["schema"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **response, "components": document["components"]}


def write(document: Content, folder: Path) -> Path:
    """Write a document into a folder, and return its path."""
    path = folder / "document.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path
