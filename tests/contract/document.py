"""The published document, and its changes for a service that prints ProtoJSON."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

Schema = dict[str, Any]

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "openapi/gateway.yaml"
PATH = "/v1/accounts/{account_id}/models"
STATUS: Schema = {
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


def published() -> Schema:
    """Return the document as it is published; a copy, to be amended."""
    document: Schema = yaml.safe_load(PUBLISHED.read_text(encoding="utf-8"))
    return document


def operation_of(document: Schema) -> Schema:
    """Return the one operation of a document."""
    operation: Schema = document["paths"][PATH]["get"]
    return operation


def properties_of(document: Schema) -> Iterator[tuple[str, Schema]]:
    """Return every property of every message of a document, by its key."""
    for schema in document["components"]["schemas"].values():
        yield from schema.get("properties", {}).items()


def messages_of(document: Schema) -> dict[str, Schema]:
    """Return the schemas of what ProtoJSON may print as null, by the keys of the properties that hold it.

    These are the messages that a property holds by itself, not in a list, and google.protobuf.Timestamp is one.
    """
    schemas = document["components"]["schemas"]
    found: dict[str, Schema] = {}
    for key, schema in properties_of(document):
        target = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        if ("$ref" in schema and target["type"] == "object") or schema.get("format") == "date-time":
            found[key] = target
    return found


def with_nulls(document: Schema) -> Schema:
    """Return the document saying that a message may be null, as ProtoJSON prints one that is unset."""
    amended = copy.deepcopy(document)
    # All are found before one is changed; several properties may share a schema.
    for schema in {id(schema): schema for schema in messages_of(amended).values()}.values():
        schema["type"] = [schema["type"], "null"]
    return amended


def with_refusals(document: Schema, *statuses: str) -> Schema:
    """Return the document with responses of these statuses (or ranges such as "4XX"), each a google.rpc.Status."""
    amended = copy.deepcopy(document)
    for status in statuses:
        response = {"description": "A refusal.", "content": {"application/json": {"schema": STATUS}}}
        operation_of(amended)["responses"][status] = response
    return amended


def with_values(document: Schema, values: dict[str, Schema]) -> Schema:
    """Return the document with more said of the values of some parameters."""
    amended = copy.deepcopy(document)
    for parameter in operation_of(amended)["parameters"]:
        parameter["schema"].update(values.get(parameter["name"], {}))
    return amended


def with_page_size(document: Schema, size: int) -> Schema:
    """Return the document saying how many models a page has at most."""
    amended = copy.deepcopy(document)
    page = amended["components"]["schemas"]["gatewayListModelsResponse"]
    page["properties"]["models"]["maxItems"] = min(size or 50, 200)
    return amended


def closed(document: Schema) -> Schema:
    """Return the document with no property besides its own allowed, and every int32 held to its range."""
    amended = copy.deepcopy(document)
    for schema in amended["components"]["schemas"].values():
        if "object" in schema["type"]:
            schema["unevaluatedProperties"] = False
    for _, schema in properties_of(amended):
        if schema.get("format") == "int32":
            schema.update(minimum=-(2**31), maximum=2**31 - 1)
    return amended


def complete(document: Schema) -> Schema:
    """Return the document with every property demanded, since ProtoJSON leaves nothing out but what is masked."""
    amended = copy.deepcopy(document)
    for schema in amended["components"]["schemas"].values():
        if "object" in schema["type"]:
            schema["required"] = list(schema.get("properties", ()))
    return amended


def page_schema(document: Schema) -> Schema:
    """Return the schema of what List Models answers, to be read by itself: JSON Schema, draft 2020-12."""
    response = operation_of(document)["responses"]["200"]["content"]["application/json"]["schema"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **response,
        "components": document["components"],
    }


def written(document: Schema, folder: Path) -> Path:
    """Return the path of a document that was written into a folder."""
    path = folder / "document.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path
