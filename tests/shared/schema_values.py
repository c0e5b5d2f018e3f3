"""The schemas of the checked-in document, its messages, and JSON values of them."""

import base64
from datetime import UTC, datetime
from typing import Any

import attrs
from hypothesis import strategies as st

from fireworks_gateway import Message, specification
from tests.shared.documents import Content, published_document, schemas
from tests.shared.json_values import JSON_VALUES, TEXTS

SCHEMAS = schemas(published_document())
DEEPEST = 3
CLASSES = {key[0].upper() + key[1:]: key for key in SCHEMAS}


def key_of(generated: type[Any] | None) -> str:
    """Return the key of the schema of a generated class; empty for a schema without a key."""
    return CLASSES.get("" if generated is None else generated.__name__, "")


MESSAGES: dict[str, type[Message]] = {
    name: each
    for name, each in vars(specification).items()
    if hasattr(each, "_generated") and issubclass(each, Message) and key_of(each._generated())
}
"""The messages of the document that are not inline, by name."""


def reads_json(message: type[Message]) -> bool:
    """Return whether the generated class reads its JSON: no property hides a method, and none is a file."""
    attributes = attrs.fields_dict(message._generated())
    return "to_dict" not in attributes and not any("File" in str(each.type) for each in attributes.values())


GENERATED = {name: each for name, each in MESSAGES.items() if reads_json(each)}
"""Those whose generated class reads its JSON."""


def resolve(schema: Content) -> Content:
    """Return the schema that a reference leads to."""
    found: Content = SCHEMAS[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found


def values_of(schema: Content, depth: int = 0, *, whole_items: bool = False) -> st.SearchStrategy[Any]:
    """Return values of a schema; with `whole_items` messages in lists have every property."""
    closed, schema = "$ref" in schema, resolve(schema)
    kind = schema.get("type")
    if isinstance(kind, list):
        kinds = [values_of({**schema, "type": each}, depth) for each in kind if each != "null"]
        return st.one_of(*kinds, *([st.none()] if "null" in kind else []))
    if "const" in schema or "enum" in schema:
        return st.sampled_from([schema["const"]] if "const" in schema else schema["enum"])
    if "allOf" in schema:
        return values_of(merge(schema["allOf"]), depth + 1)
    for parts in (schema[key] for key in ("anyOf", "oneOf") if key in schema):
        return st.one_of(*(values_of(part, depth + 1) for part in parts if part.get("type") != "null"))
    match kind:
        case "array" if whole_items and "properties" in (item := resolve(schema["items"])):
            whole = {key: values_of(each, depth + 1) for key, each in item["properties"].items()}
            return st.lists(st.fixed_dictionaries(whole), max_size=2)
        case "array":
            if depth >= DEEPEST:
                return st.just([])
            return st.lists(values_of(schema["items"], depth + 1) if "items" in schema else TEXTS, max_size=2)
        case "object":
            return objects_of(schema, depth, closed=closed, whole_items=whole_items)
        case "string":
            return texts_of(str(schema.get("format")))
        case "integer":
            return st.integers(-(2**31), 2**31 - 1)
        case "number":
            return st.floats(allow_nan=False, allow_infinity=False)
        case "boolean":
            return st.booleans()
        case _:
            return JSON_VALUES


def merge(parts: list[Content]) -> Content:
    """Return the schema of the values that are of every part."""
    found: Content = {}
    for part in map(resolve, parts):
        properties = {**found.get("properties", {}), **part.get("properties", {})}
        required = [*found.get("required", []), *part.get("required", [])]
        found = {**found, **part, **({"properties": properties, "required": required} if properties else {})}
    return found


def objects_of(
    schema: Content, depth: int, *, closed: bool, whole_items: bool = False
) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects of a schema, with the properties that it requires, any of the others, and none that it lacks.

    Without properties an object is a map, or empty if it is `closed`.
    """
    properties: Content = schema.get("properties") or {}
    if properties.keys() == {"year", "month", "day"}:
        days = st.dates().map(lambda day: {"year": day.year, "month": day.month, "day": day.day})
        return days | st.builds(lambda year: {"year": year}, st.integers(1, 9999))
    if not properties:
        values = schema.get("additionalProperties", not closed)
        if values is False or depth >= DEEPEST:
            return st.just({})
        inner = values_of(values, depth + 1) if isinstance(values, dict) and values else TEXTS
        return st.dictionaries(TEXTS, inner, max_size=2)
    required = schema.get("required") or ()
    given = {
        key: values_of(each, depth + 1, whole_items=whole_items)
        for key, each in properties.items()
        if key in required or depth < DEEPEST  # A message may contain itself.
    }
    needed = {key: given.pop(key) for key in required if key in given}
    return st.fixed_dictionaries(needed, optional=given)


def texts_of(format: str) -> st.SearchStrategy[str]:
    """Return texts of a format."""
    match format:
        case "date-time":
            times = st.datetimes(min_value=datetime(1, 1, 2), timezones=st.just(UTC))
            return times.map(lambda time: time.isoformat().replace("+00:00", "Z"))
        case "date":
            return st.dates().map(str)
        case "byte":
            return st.binary(max_size=3).map(lambda data: base64.b64encode(data).decode())
        case "int64":
            return st.integers(-(2**63), 2**63 - 1).map(str)
        case "uint64":
            return st.integers(0, 2**64 - 1).map(str)
        case "uuid":
            return st.uuids().map(str)
        case _:
            return st.text(max_size=4)


def payloads_of(key: str, whole_items: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects of a schema, with the properties that it requires and any of the others."""
    return objects_of(SCHEMAS[key], 0, closed=True, whole_items=whole_items)
