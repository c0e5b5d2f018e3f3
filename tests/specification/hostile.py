"""A document with schemas that a careless writer of code would get wrong, beside the published ones."""

import keyword
from typing import Any

from tests.shared.documents import published_document
from tests.specification.trees import reference, with_list_operation

WORDS = [
    *(word for word in keyword.kwlist if word.islower()),
    *("str int float bool bytes list tuple dict type object property id self lambda datetime date").split(),
    *("payload unknownFields toDict toJson generated has isSet".split()),
    *("path key reader mro name doc message model_config client url".split()),
    *("string String integer Field Message Mapping Any ListOf boolean Date".split()),
    *("__class__ __init__ _private 9lives s3Bucket fooBar foo_bar with-dash with.dot héllo".split()),
    *('weird "quote" \\ and more', "emoji😀", "a b", "{braces}", "%s", "'''"),
]

HOSTILE: dict[str, Any] = {
    "gatewayThing": {
        "type": "object",
        "properties": {
            **{word: {"type": "string", "description": f'{word}: """ \\ \u2028 \x07 {{x}} %s'} for word in WORDS},
            "later": {"$ref": "#/components/schemas/gatewayLater"},
            "me": {"$ref": "#/components/schemas/gatewayThing"},
            "us": {"type": "array", "items": {"$ref": "#/components/schemas/gatewayThing"}},
            "byKey": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/gatewayThing"}},
            "free": {"type": "object"},
            "open": {"type": "object", "additionalProperties": True},
            "anything": {},
            "nullable": {"type": ["string", "null"]},
            "nullableWhole": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "nullableMessage": {"oneOf": [{"$ref": "#/components/schemas/gatewayLater"}, {"type": "null"}]},
            "nullableEnum": {"type": ["string", "null"], "enum": ["A", "B", None], "default": "A"},
            "either": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            "wrapped": {"allOf": [{"$ref": "#/components/schemas/gatewayLater"}], "description": "A wrapped message."},
            "inline": {"type": "object", "properties": {"deep": {"type": "array", "items": {"type": "string"}}}},
            "inlineEnum": {"type": "string", "enum": ["ONE", "with space", "", "lower"]},
            "numbers": {"type": "integer", "enum": [1, 2, 7]},
            "matrix": {"type": "array", "items": {"type": "array", "items": {"type": "number"}}},
            "mapOfLists": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "integer"}}},
            "day": {"type": "string", "format": "date"},
            "at": {"type": "string", "format": "date-time"},
            "raw": {"type": "string", "format": "byte"},
            "big": {"type": "string", "format": "int64"},
            "unsigned": {"type": "string", "format": "uint64"},
            "none": {"$ref": "#/components/schemas/gatewayNone"},
            "true": {"$ref": "#/components/schemas/gatewayTrue"},
            "letters": {"$ref": "#/components/schemas/Enum"},
            "tree": {"$ref": "#/components/schemas/gatewayTree"},
            "times": {"type": "object", "additionalProperties": {"type": "string", "format": "date-time"}},
            "raws": {"type": "object", "additionalProperties": {"type": "string", "format": "byte"}},
            "byName": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/gatewayLater"}},
            "letterList": {"type": "array", "items": {"$ref": "#/components/schemas/Enum"}},
            "lettersByName": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Enum"}},
            "bigs": {"type": "object", "additionalProperties": {"type": "string", "format": "int64"}},
            "days": {"type": "array", "items": {"type": "string", "format": "date"}},
            "born": {"$ref": "#/components/schemas/typeDate"},
            "births": {"type": "array", "items": {"$ref": "#/components/schemas/typeDate"}},
            "detail": {"$ref": "#/components/schemas/protobufAny"},
            "foreign": {"$ref": "#/components/schemas/Status"},
            "status": {"$ref": "#/components/schemas/gatewayStatus"},
            "field": {"$ref": "#/components/schemas/gatewayField"},
            "message2": {"$ref": "#/components/schemas/gatewayMessage"},
        },
    },
    "gatewayNone": {"type": "object", "properties": {"a": {"type": "string"}}},
    "gatewayTrue": {"type": "string", "enum": ["NO", "ON"]},
    "Enum": {"type": "string", "enum": ["A", "B"]},
    "gatewayTree": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/gatewayTree"}},
    "gatewayLater": {"type": "object", "properties": {"back": {"$ref": "#/components/schemas/gatewayEarlier"}}},
    "gatewayEarlier": {"type": "object", "properties": {"forth": {"$ref": "#/components/schemas/gatewayLater"}}},
    "Status": {"type": "object", "properties": {"other": {"$ref": "#/components/schemas/gatewayStatus"}}},
    "protobufAny": {"type": "object", "properties": {"@type": {"type": "string"}}, "additionalProperties": {}},
    "gatewayField": {"type": "object", "properties": {"a": {"type": "string"}}},
    "gatewayMessage": {"type": "object", "properties": {"a": {"type": "string"}}},
    "gatewayListOperation": {"type": "object", "title": 'A "title" \\ """', "properties": {"a": {"const": "hello"}}},
}

PARAMETERS: list[dict[str, Any]] = [
    {"name": "pageToken", "in": "query", "schema": {"type": "string"}},
    {"name": "pageSize", "in": "query", "schema": {"type": "integer"}},
    {"name": "client", "in": "query", "schema": {"type": "string"}},
    {"name": "class", "in": "query", "schema": {"type": "string"}, "description": 'Ends """ and \\ goes on.'},
    {"name": "kinds", "in": "query", "schema": {"type": "array", "items": reference("gatewayCode")}},
    {"name": "since", "in": "query", "required": True, "schema": {"type": "string", "format": "date-time"}},
    {"name": "X-Reason", "in": "header", "required": True, "schema": {"type": "string"}},
]


def hostile_document() -> dict[str, Any]:
    """Return the published document with hostile schemas and list operations."""
    document = published_document()
    document["components"]["schemas"].update(HOSTILE)
    parts = {"parameters": PARAMETERS, "summary": 'List """things""" \\ end'}
    document = with_list_operation(document, "things", reference("gatewayThing"), **parts)
    document = with_list_operation(document, "class", reference("gatewayListOperation"))
    return with_list_operation(document, "texts", {"type": "string"})
