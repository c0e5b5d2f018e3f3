"""The lines that declare the specification's schemas in the wrapper.

`python tools/declarations.py` prints them all; the tests print those that are missing. A line is a proposal: read it,
add units and ranges to its documentation, and put it where the specification has it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

DOCUMENT = Path(__file__).parent.parent / "openapi" / "gateway.yaml"
_WIDTH = 108

Schema = Mapping[str, Any]


def schemas() -> dict[str, Schema]:
    """Return the checked-in document's schemas by key."""
    document: dict[str, Any] = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    found: dict[str, Schema] = document["components"]["schemas"]
    return found


def text_of(schema: Schema) -> str:
    """Return what the specification says of a schema or property, on one line."""
    return " ".join((schema.get("description") or schema.get("title") or "").split())


def meanings_of(schema: Schema) -> dict[str, str]:
    """Return what the specification says of each value of an enum, on one line; empty where it is silent."""
    said = schema.get("description") or schema.get("title") or ""
    pieces = re.split(r"(?m)^\s*- ([A-Z0-9_]+): ", said)
    texts = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    return {value: " ".join(texts.get(value, "").split()) for value in schema["enum"]}


def class_name_of(key: str) -> str:
    """Return the wrapper's name for a schema: its key without the service's prefix."""
    return "PartialDate" if key == "typeDate" else key.removeprefix("gateway")


def attribute_of(key: str) -> str:
    """Return the Python name of a property."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", key).lower()


def declaration_of(key: str, schema: Schema) -> str:
    """Return the line, or lines, that declare a property."""
    kind, reader = _kind_and_reader(schema)
    arguments = [f'"{key}"', *filter(None, [reader])]
    text = text_of(schema).replace('"', r"\"")
    start = f"    {attribute_of(key)} = {kind}("
    if len(line := f'{start}{", ".join(arguments)}, doc="{text}")') <= _WIDTH:
        return line
    wrapped = textwrap.wrap(text, _WIDTH - 16, drop_whitespace=False, break_on_hyphens=False)
    documentation = "\n".join(f'{" " * 8}"{piece}"' for piece in wrapped)
    body = ",\n".join(f"{' ' * 8}{argument}" for argument in arguments)
    return f"{start}\n{body},\n        doc={documentation.lstrip()},\n    )"


def _kind_and_reader(schema: Schema) -> tuple[str, str]:
    if "$ref" in schema:
        key = schema["$ref"].rpartition("/")[2]
        if key == "typeDate":
            return "DateField", ""
        if "enum" in schemas()[key]:
            return "Field", f"open_enum({class_name_of(key)})"
        return "MessageField", class_name_of(key)
    if schema["type"] == "boolean":
        return "Flag", ""
    return "Field", _reader(schema)


def _reader(schema: Schema) -> str:
    if "$ref" in schema:
        return f"view_of({class_name_of(schema['$ref'].rpartition('/')[2])})"
    if schema["type"] == "array":
        return f"list_of({_reader(schema['items'])})"
    if schema["type"] == "object":
        return f"map_of({_reader(schema['additionalProperties'])})"
    formats = {"date-time": "timestamp", "int64": "integer64"}
    return formats.get(schema.get("format", ""), str(schema["type"]))


def declarations() -> Iterator[str]:
    """Yield the declaration of every schema of the document."""
    for key, schema in schemas().items():
        yield f"\n{class_name_of(key)}"
        if "enum" in schema:
            yield from (f"        {value!r}: {text!r}," for value, text in meanings_of(schema).items())
        for name, property_schema in schema.get("properties", {}).items():
            yield declaration_of(name, property_schema)


if __name__ == "__main__":
    print("\n".join(declarations()))
