"""The text of the two generated modules."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Mapping
from typing import Any

from attrs import frozen
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import EnumProperty, ModelProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.strings import snake_case

from .kinds import PLAIN, Kind, Kinds
from .names import (
    KINDS,
    STANDARD,
    anonymous,
    attributes_of,
    class_names,
    operation_names,
    parameter_names,
    path_of,
)
from .parsing import Parsed, SpecificationError, properties_of, route_of, schema_of, str_of
from .texts import SILENT, Texts, Words, docstring, literal, plain, value_texts, wrapped

_OPENAPI_HEAD = '''"""The generated client, and what the document says about enum values.

Written by `make generate` from openapi/gateway.yaml; do not edit. No other module imports the generated client.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from {package} import models
from {package}.client import Client as GeneratedClient
'''

_SPECIFICATION_HEAD = '''"""The messages, enums and list operations of the Gateway REST API.

Written by `make generate` from openapi/gateway.yaml; do not edit. On a message class an attribute is a field, for
filters, orders and masks; on an instance it is the field's value. `client.list` walks a list operation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date as CalendarDate
from datetime import datetime
from typing import Any

from . import _openapi
from ._dates import Date, PartialDate, Timestamp
from ._enums import OpenEnum, Unrecognized
from ._fields import DateField, Field, BoolField, Message, MessageField, MessageOf
from ._operation import ListOperation
from ._readers import {readers}
'''


@frozen
class _List:
    """A list operation: its endpoint, the JSON key of its list, and the message class of an item."""

    endpoint: Endpoint
    items: str
    message: str


class Modules:
    """The generated modules of one document.

    Args:
        parsed: The document.
        words: Our own words, and the names that hand-written code uses.
        package: The name of the generated client.

    Raises:
        SpecificationError: The document lacks something that hand-written code uses, or cannot become code.
    """

    def __init__(self, parsed: Parsed, words: Words, package: str) -> None:
        self._parsed = parsed
        self._words = words
        self._package = package
        self._texts = Texts(words.texts)
        self._names = class_names(parsed, words.classes)
        self._kinds = Kinds(parsed, self._names)
        self.unlisted: list[str] = []
        self._lists = [each for endpoint in parsed.endpoints if (each := self._list(endpoint)) is not None]
        pinned = {route_of(each.endpoint): self._pinned_route(each.endpoint) for each in self._lists}
        self._constants = operation_names(
            {route_of(each.endpoint): (each.items, each.endpoint.name) for each in self._lists},
            {route: str(words.operations[own]["name"]) for route, own in pinned.items() if own},
        )
        self.specification = self._formatted(self._specification())
        self.openapi = self._formatted(self._openapi())
        self._check_pinned()

    def stale_words(self) -> dict[str, str]:
        """Return the reason for each of our own words that the document has overtaken, by place."""
        return self._texts.stale()

    def class_names(self) -> set[str]:
        """Return the classes that the generator has to export."""
        return set(self._parsed.class_names())

    def _check_pinned(self) -> None:
        for route, pinned in self._words.operations.items():
            endpoint = next((each.endpoint for each in self._lists if self._pinned_route(each.endpoint) == route), None)
            if endpoint is None:
                raise SpecificationError(f"the document has no list operation {route}: is it the page of another one?")
            sent, names = set(pinned["parameters"]), self._parameters(endpoint)
            if new := [name for name, each in names.items() if each.required and name not in sent]:
                raise SpecificationError(f"{route} requires {', '.join(new)}, which the wrapper does not send: add it")
            if gone := sorted(sent - names.keys()):
                raise SpecificationError(f"{route} has no {', '.join(gone)}, which the wrapper sends: delete it")
        for name in self._words.classes:
            if name not in {*self._kinds.messages, *self._kinds.enums}:
                raise SpecificationError(
                    f"no list operation of the document has a {name}, which the wrapper uses: delete its uses, and its "
                    "name in tools/specification/words.yaml"
                )

    def _pinned_route(self, endpoint: Endpoint) -> str:
        """Return the route of an operation as hand-written code has it; "" if that does not use it."""
        route = anonymous(route_of(endpoint))
        return next((pinned for pinned in self._words.operations if anonymous(pinned) == route), "")

    def _parameters(self, endpoint: Endpoint) -> dict[str, Any]:
        """Return the parameters of an operation by their names in the wrapper."""
        names = parameter_names(endpoint, self._pinned_route(endpoint))
        return {names[str_of(each.name)]: each for _, each in endpoint.iter_all_parameters()}

    # The modules.

    def _openapi(self) -> str:
        version = str_of(self._parsed.document.get("info", {}).get("version", ""))
        servers = self._parsed.document.get("servers") or [{}]
        imports = [
            f"from {self._package}.api.{each.endpoint.tags[0]}.{each.endpoint.name} import _get_kwargs as "
            f"{self._constants[route_of(each.endpoint)].lower()}"
            for each in self._lists
        ]
        imports += [
            f"from {self._package}.models import {name}"
            + ("" if self._names[name] == name else f" as {self._names[name]}")
            for name in self._kinds.enums
        ]
        enums = [self._names[name] for name in self._kinds.enums]
        builders = [name.lower() for name in self._constants.values()]
        exported = sorted(
            [*enums, *builders, "DEFAULT_BASE_URL", "ENUM_TEXTS", "GeneratedClient", "SPEC_VERSION", "models"]
        )
        return "\n".join(
            [
                _OPENAPI_HEAD.format(package=self._package),
                *imports,
                f"__all__ = [{', '.join(map(literal, exported))}]\n",
                f"SPEC_VERSION = {literal(version)}",
                '"""The version of the document, its `info.version`."""\n',
                f"DEFAULT_BASE_URL = {literal(str_of(servers[0].get('url', '')))}",
                '"""The first server of the document; empty if it names none."""\n',
                self._enum_texts(),
            ]
        )

    def _enum_texts(self) -> str:
        lines = ["ENUM_TEXTS: Mapping[type[Enum], Mapping[object, str]] = {"]
        for name, raw in self._kinds.enums.items():
            values = [value for value in raw["enum"] if value is not None]
            texts = value_texts(values, raw.get("description") or raw.get("title"))
            lines.append(f"{self._names[name]}: {{")
            for value in values:
                text = self._texts.of(f"{name}.{value}", texts.get(str(value))) or SILENT
                lines.append(f"{literal(value) if isinstance(value, str) else value}: {wrapped(text)},")
            lines.append("},")
        return "\n".join(
            [*lines, "}", '"""The description of each value of each enum, in the order of the document."""']
        )

    def _specification(self) -> str:
        operations = [self._operation(each) for each in self._lists]
        classes: dict[str, str] = {}
        while waiting := [name for name in self._kinds.messages if name not in classes]:
            classes.update({name: self._message(name) for name in waiting})  # These reach others.
        ordered = [classes[name] for name in self._parsed.messages if name in classes]
        enums = sorted(self._names[name] for name in self._kinds.enums)
        functions = [
            self._constants[route_of(each.endpoint)].lower() for each in self._lists if self._own(each.endpoint)
        ]
        exported = [*enums, *(self._names[name] for name in classes), *self._constants.values(), *functions]
        readers = ", ".join(kind for kind in KINDS if kind not in ("Date", "MessageOf", "OpenEnum", "Timestamp"))
        return "\n".join(
            [
                _SPECIFICATION_HEAD.format(readers=readers),
                *(f"from ._openapi import {name}" for name in enums),
                f"__all__ = [{', '.join(map(literal, sorted(exported)))}]",
                *ordered,
                *operations,
            ]
        )

    # A message.

    def _message(self, name: str) -> str:
        message = self._parsed.messages[name]
        raw = schema_of(message)
        properties = {str_of(each.name): each for each in properties_of(message)}
        attributes = attributes_of(name, properties.values(), self._names.values())
        text = self._texts.of(name, raw.get("description") or raw.get("title"))
        lines = [
            f"class {self._names[name]}(Message, generated=_openapi.models.{name}):",
            textwrap.indent(_described(text, f"The {name} of the document."), "    "),
            "    __slots__ = ()",
        ]
        for key, schema in self._kinds.properties(raw).items():
            lines.append("    " + self._field(f"{name}.{key}", key, attributes[key], properties[key], schema))
        return "\n".join(lines)

    def _field(self, place: str, key: str, attribute: str, prop: Any, raw: Mapping[str, Any]) -> str:
        kind = self._kinds.of(prop, raw)
        text = self._texts.of(place, raw.get("description") or raw.get("title")) or SILENT
        path = path_of(key, attribute)
        rest = f"doc={wrapped(text)}" + ("" if path == attribute else f", path={literal(path)}")
        match kind.decode:
            case "Boolean":
                return f"{attribute}: BoolField = BoolField({literal(key)}, {rest})"
            case "Date":
                return f"{attribute}: DateField = DateField({literal(key)}, {rest})"
            case decode if decode.startswith("MessageOf("):
                function = decode.removeprefix("MessageOf(").removesuffix(")")
                return f"{attribute}: MessageField[{kind.type}] = MessageField({literal(key)}, {function}, {rest})"
            case decode:
                return f"{attribute}: Field[{kind.type}] = Field({literal(key)}, {decode}, {rest})"

    # A list operation.

    def _list(self, endpoint: Endpoint) -> _List | None:
        """Return the list operation that an endpoint is (AIP-158): a GET with a page token that returns a list."""
        names = [str_of(each.name) for _, each in endpoint.iter_all_parameters()]
        success = (each.prop for each in endpoint.responses if str(each.status_code.pattern).startswith("2"))
        response = next(success, None)
        if endpoint.method != "get" or not isinstance(response, ModelProperty):
            return None
        if "page_token" not in map(snake_case, names):
            return None
        response = self._parsed.messages[str(response.class_info.name)]
        properties = {str_of(each.name): each for each in properties_of(response)}
        for key, raw in self._kinds.properties(schema_of(response)).items():
            if isinstance(prop := properties[key], ListProperty):
                item = self._kinds.of(prop.inner_property, self._kinds.resolved(raw).get("items") or {})
                if item.decode.startswith("MessageOf("):
                    return _List(endpoint, key, item.message)
        self.unlisted.append(
            f"{route_of(endpoint)} returns no list of messages, so specification.py has no operation for it"
        )
        return None

    def _operation(self, each: _List) -> str:
        endpoint, route = each.endpoint, route_of(each.endpoint)
        constant = self._constants[route]
        parameters = self._parameters(endpoint)
        in_path = tuple(name for name, p in parameters.items() if p in endpoint.path_parameters)
        required = tuple(name for name, p in parameters.items() if p.required)
        summary = plain(str_of(endpoint.summary).strip().rstrip(".")) or "List operation"
        arguments = {
            "path": literal(str_of(endpoint.path)),
            "items": literal(each.items),
            "message": each.message,
            "build": f"_openapi.{constant.lower()}",
            "parameters": repr({name: str(p.python_name) for name, p in parameters.items()}),
            "in_path": repr(in_path),
            "required": repr(required),
        }
        given = ", ".join(f"{name}={value}" for name, value in arguments.items())
        lines = [
            f"{constant}: ListOperation[{each.message}] = ListOperation({literal(constant)}, {given})",
            docstring(f"{summary}: {route}."),
        ]
        if self._own(endpoint):
            lines.append(self._function(each, constant))
        return "\n".join(lines)

    def _own(self, endpoint: Endpoint) -> list[Any]:
        """Return the parameters that other list operations do not have."""
        return [each for name, each in self._parameters(endpoint).items() if name not in STANDARD]

    def _function(self, each: _List, constant: str) -> str:
        own = self._own(each.endpoint)
        required = [f"{p.python_name}: {self._parameter_type(p)}" for p in own if p.required]
        optional = [f"{p.python_name}: {self._parameter_type(p)} | None = None" for p in own if not p.required]
        described = [f"    {p.python_name}: {plain(_line(p.description)) or SILENT}" for p in own]
        arguments = ["Args:", *(textwrap.fill(line, 104, subsequent_indent=" " * 8) for line in described)]
        text = docstring(f"Return `{constant}` with the parameters that it alone has.", "", ["\n".join(arguments)])
        given = ", ".join(f"{p.python_name}={p.python_name}" for p in own)
        return "\n".join(
            [
                f"def {constant.lower()}(*, {', '.join([*required, *optional])}) -> ListOperation[{each.message}]:",
                textwrap.indent(text, "    "),
                f"    return {constant}.having({given})",
            ]
        )

    def _parameter_type(self, prop: Any) -> str:
        match prop:
            case ListProperty():
                return f"Sequence[{self._parameter_type(prop.inner_property)}]"
            case EnumProperty():
                raw = {"enum": list(prop.values.values())}
                return self._kinds.of(prop, raw).type.partition(" | ")[0]
            case StringProperty():
                return "str"
            case _:
                return PLAIN.get(type(prop), Kind("Any", "")).type

    def _formatted(self, source: str) -> str:
        """Return a module without unused imports, in the layout of the repository."""
        ruff = [sys.executable, "-m", "ruff"]
        layout = [
            "--isolated",
            "--no-cache",
            "--line-length=120",
            "--target-version=py311",
            "--stdin-filename=module.py",
            "-",
        ]
        for command in (["check", "--quiet", "--fix-only", "--select=F401,I"], ["format", "--quiet"]):
            run = subprocess.run([*ruff, *command, *layout], input=source, capture_output=True, encoding="utf-8")
            if run.returncode != 0:
                raise SpecificationError(f"the generated module is not Python: {run.stderr.strip()[:400]}")
            source = run.stdout
        return source


def _described(text: str, otherwise: str) -> str:
    """Return a docstring: one line if the text fits, else its first sentence above the rest."""
    text = plain(text) or otherwise
    if len(text) <= 100:
        return docstring(text if text.endswith(".") else f"{text}.")
    first, stop, rest = text.partition(". ")
    if stop and len(first) <= 100 and rest:
        return docstring(f"{first}.", rest)
    return docstring(otherwise, text)


def _line(text: Any) -> str:
    return " ".join(str_of(text).split()) if text else ""
