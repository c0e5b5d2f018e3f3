"""What the hand-written wrapper lacks for a document, and has too much: as the exact lines, and where they go."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from tools.declarations import attribute_of, class_name_of, declaration_of, literal, meanings_of, text_of

from .class_names import class_name_of as generated_name_of
from .class_names import makes_a_class

Schema = Mapping[str, Any]

_DATE, _MODEL = "typeDate", "gatewayModel"


@frozen
class Line:
    """A line of the wrapper, or several that belong together.

    Attributes:
        action: "add", "take out" or "replace".
        file: The module's file name.
        where: Where in it.
        text: The lines to add, or those to take out.
    """

    action: str
    file: str
    where: str
    text: str


@frozen
class _Declared:
    """A field as it is declared."""

    attribute: str
    call: str
    doc: str
    text: str


@frozen
class _View:
    """A class of the wrapper: its file, and its fields by their JSON keys, in order."""

    file: str
    fields: dict[str, _Declared]


def lines_for(wrapper: Path, schemas: Mapping[str, Schema]) -> list[Line]:
    """Return what is to be added to the wrapper, replaced and taken out, for what a model is made of.

    Args:
        wrapper: The folder of the package.
        schemas: The document's schemas by key.
    """
    views, meanings = _views(wrapper), _meanings(wrapper)
    names, reached = {class_name_of(key) for key in schemas}, _reached(schemas) - {_DATE}
    found: list[Line] = []
    for key in [each for each in schemas if each in reached]:  # In the document's order.
        name, schema = class_name_of(key), schemas[key]
        if "enum" in schema:
            found += _value_lines(name, schema, meanings.get(name))
        elif name in views:
            found += _field_lines(name, views[name], schema, schemas)
        else:
            found.append(Line("add", "_parts.py", f"a class {name}", _view_text(key, schemas)))
        if name not in views and name not in meanings:
            found += _exports(key, is_enum="enum" in schema)
    gone = [(name, view.file) for name, view in views.items() if name not in names]
    gone += [(name, "_meanings.py") for name in meanings if name not in names]
    return found + [Line("take out", file, f"everything of {name}", name) for name, file in gone]


def _reached(schemas: Mapping[str, Schema]) -> set[str]:
    """Return the schemas that a model is made of; those of other operations are shown by views made on the fly."""
    reached: set[str] = set()
    waiting: list[Any] = [{"$ref": f"#/components/schemas/{_MODEL}"}]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, Mapping):
            waiting += node.values()
            key = str(node.get("$ref", "")).rpartition("/")[2]
            if key in schemas and key not in reached and makes_a_class(schemas[key]):
                reached.add(key)
                waiting.append(schemas[key])
    return reached


def _field_lines(name: str, view: _View, schema: Schema, schemas: Mapping[str, Schema]) -> Iterator[Line]:
    properties = schema.get("properties") or {}
    before = "its docstring"
    for key, each in properties.items():
        proposed = declaration_of(key, each, schemas)
        declared = view.fields.get(key)
        if declared is None:
            yield Line("add", view.file, f"{name}, after {before}", proposed)
        elif (call := _call_in(proposed, key)) != declared.call:
            yield Line(
                "replace", view.file, f"{name}.{declared.attribute}, which is {declared.call}, by {call}", proposed
            )
        elif not declared.doc.startswith(text_of(each)):
            yield Line("replace", view.file, f"{name}.{declared.attribute}, whose text changed", proposed)
        before = attribute_of(key)
    for key, declared in view.fields.items():
        if key not in properties:
            yield Line("take out", view.file, f"{name}.{declared.attribute}", declared.text)
    kept = [key for key in view.fields if key in properties]
    if kept != [key for key in properties if key in view.fields]:
        yield Line("replace", view.file, f"the order of {name}", ", ".join(map(attribute_of, properties)))


def _value_lines(name: str, schema: Schema, declared: Mapping[str, str] | None) -> Iterator[Line]:
    said = meanings_of(schema)
    entries = {value: f"        {literal(value)}: {literal(text or _silence(value))}," for value, text in said.items()}
    if declared is None:
        body = "\n".join(entries.values())
        yield Line("add", "_meanings.py", "MEANINGS", f"    {name}: {{\n{body}\n    }},")
        return
    before = "its brace"
    for value, entry in entries.items():
        if value not in declared:
            yield Line("add", "_meanings.py", f"{name}, after {before}", entry)
        elif said[value] and declared[value] != said[value]:
            yield Line("replace", "_meanings.py", f"{name}.{value}, whose text changed", entry)
        before = value
    for value, text in declared.items():
        if value not in entries:
            yield Line("take out", "_meanings.py", f"{name}.{value}", f"        {literal(value)}: {literal(text)},")


def _silence(value: str) -> str:
    return f"{value}, of which the specification says no more."


def _view_text(key: str, schemas: Mapping[str, Schema]) -> str:
    schema = schemas[key]
    head = f"class {class_name_of(key)}(Message, generated={generated_name_of(key)}):\n"
    said = literal(text_of(schema) or f"What the specification calls {key}.")[1:-1]
    fields = [declaration_of(name, each, schemas) for name, each in (schema.get("properties") or {}).items()]
    return "\n".join([f'{head}    """{said}"""\n', "    __slots__ = ()\n", *fields])


def _exports(key: str, *, is_enum: bool) -> Iterator[Line]:
    # A view has the short name itself, an enum gets it at the door.
    generated, name = generated_name_of(key), class_name_of(key)
    renamed = f"{generated} as {name}" if is_enum and generated != name else generated
    yield Line(
        "add", "_generated.py", "the imports and __all__", f"from fireworks_gateway_openapi.models import {renamed}"
    )
    yield Line("add", "__init__.py", "the imports and __all__", f'"{name}",')


def _views(wrapper: Path) -> dict[str, _View]:
    """Return the views by the wrapper's name for what each shows, which that of a model's fields has not itself."""
    found: dict[str, _View] = {}
    for path in (wrapper / "_parts.py", wrapper / "_model_fields.py"):
        source = path.read_text(encoding="utf-8")
        for node in ast.parse(source).body:
            if not isinstance(node, ast.ClassDef):
                continue
            for keyword in node.keywords:
                if keyword.arg == "generated":
                    found[ast.unparse(keyword.value).removeprefix("Gateway")] = _View(
                        path.name, _declared_in(node, source)
                    )
    return found


def _call_in(proposed: str, key: str) -> str:
    source = f"class Proposed:\n{proposed}"
    return _declared_in(ast.parse(source).body[0], source)[key].call


def _declared_in(node: ast.stmt, source: str) -> dict[str, _Declared]:
    found: dict[str, _Declared] = {}
    for statement in node.body if isinstance(node, ast.ClassDef) else ():
        if not isinstance(statement, ast.AnnAssign) or not isinstance(call := statement.value, ast.Call):
            continue
        key = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
        if isinstance(key, str):
            docs = [keyword.value for keyword in call.keywords if keyword.arg == "doc"]
            doc = str(ast.literal_eval(docs[0])) if docs else ""
            shown = f"{ast.unparse(call.func)}({', '.join(map(ast.unparse, call.args))})"
            text = "    " + (ast.get_source_segment(source, statement) or "")
            found[key] = _Declared(ast.unparse(statement.target), shown, doc, text)
    return found


def _meanings(wrapper: Path) -> dict[str, dict[str, str]]:
    for node in ast.parse((wrapper / "_meanings.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict):
            return {
                ast.unparse(kind): ast.literal_eval(values)
                for kind, values in zip(node.value.keys, node.value.values, strict=True)
                if kind is not None
            }
    return {}
