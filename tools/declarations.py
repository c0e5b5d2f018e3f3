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

_TYPES = {
    "boolean": "bool",
    "integer": "int",
    "integer64": "int",
    "number": "float",
    "string": "str",
    "timestamp": "datetime",
}
"""What the readers of plain values return."""

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


def declaration_of(key: str, schema: Schema, among: Mapping[str, Schema] | None = None) -> str:
    """Return the line, or lines, that declare a property.

    Args:
        key: The property's name.
        schema: What it is.
        among: The schemas that it may refer to; the checked-in document's by default.
    """
    kind, reader = _kind_and_reader(schema, schemas() if among is None else among)
    arguments = [literal(key), *filter(None, [reader])]
    text = text_of(schema) or f"{key}, of which the specification says no more."
    start = f"    {attribute_of(key)}: {_annotation(kind, reader)} = {kind}("
    if len(line := f"{start}{', '.join(arguments)}, doc={literal(text)})") <= _WIDTH:
        return line
    wrapped = textwrap.wrap(text, _WIDTH - 16, drop_whitespace=False, break_on_hyphens=False)
    documentation = "\n".join(f"{' ' * 8}{literal(piece)}" for piece in wrapped)
    body = ",\n".join(f"{' ' * 8}{argument}" for argument in arguments)
    return f"{start}\n{body},\n        doc={documentation.lstrip()},\n    )"


def literal(text: str) -> str:
    """Return a text as Python writes it, in double quotes, whatever stands in it."""
    shown = "".join(each if each.isprintable() else repr(each)[1:-1] for each in text.replace("\\", r"\\"))
    return '"' + shown.replace('"', r"\"") + '"'


def _kind_and_reader(schema: Schema, among: Mapping[str, Schema]) -> tuple[str, str]:
    if "$ref" in schema:
        key = schema["$ref"].rpartition("/")[2]
        if key == "typeDate":
            return "DateField", ""
        if "enum" in among[key]:
            return "Field", f"open_enum({class_name_of(key)})"
        return "MessageField", class_name_of(key)
    if schema.get("type") == "boolean":
        return "Flag", ""
    return "Field", _reader(schema, among)


def _annotation(kind: str, reader: str) -> str:
    """Return the type of a field, which users' type checkers are not to infer each in its own way."""
    if not reader:
        return kind
    return f"{kind}[{reader if kind == 'MessageField' else _type(reader)}]"


def _type(reader: str) -> str:
    """Return the type of what a reader returns."""
    name, _, argument = reader.removesuffix(")").partition("(")
    match name:
        case "list_of":
            return f"tuple[{_type(argument)}, ...]"
        case "map_of":
            return f"Mapping[str, {_type(argument)}]"
        case "open_enum":
            return f"{argument} | Unrecognized"
        case "view_of":
            return argument
        case _:
            return _TYPES[name]


def _reader(schema: Schema, among: Mapping[str, Schema]) -> str:
    if "$ref" in schema:
        key = schema["$ref"].rpartition("/")[2]
        return f"{'open_enum' if 'enum' in among[key] else 'view_of'}({class_name_of(key)})"
    match schema:
        case {"type": "array", "items": items}:
            return f"list_of({_reader(items, among)})"
        case {"type": "object", "additionalProperties": Mapping() as values}:
            return f"map_of({_reader(values, among)})"
        case {"type": str(kind)}:
            return {"date-time": "timestamp", "int64": "integer64"}.get(schema.get("format", ""), kind)
        case _:
            return "string"  # No reader takes any shape; the person who adds the line chooses one.


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
