"""The text of the two generated modules of the wrapper."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import EnumProperty, ModelProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.string import StringProperty

from .kinds import ANYTHING, PLAIN, Kinds
from .names import STANDARD, attributes_of, operation_names, parameters_of, path_of, short_names
from .parsing import MissingClass, Parsed, Refused, properties_of, route_template, schema_of, str_of
from .texts import SILENT, Descriptions, Words, docstring, plain, value_texts, wrap_literal

_OPENAPI_HEAD = '''"""The generated client, and a description of each enum value.

Written by `make generate` from openapi/gateway.yaml; do not edit. No other module imports the generated client. Its
packages run on first use, because they import every message and httpx.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from enum import Enum
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from {package} import models
    from {package}.client import Client as GeneratedClient

_LOCK = RLock()


class _Package(ModuleType):
    """A package whose `__init__` runs when a name from it is first used; its modules can be imported before."""

    _running = False

    def __getattr__(self, name: str) -> Any:
        with _LOCK:
            if type(self) is _Package and not self._running:
                self._running = True
                try:
                    self.__spec__.loader.exec_module(self)  # type: ignore[union-attr]
                    self.__class__ = ModuleType  # type: ignore[assignment]
                finally:
                    del self._running
        return ModuleType.__getattribute__(self, name)

    def __dir__(self) -> list[str]:
        getattr(self, "__all__", None)  # Runs the package.
        return [*ModuleType.__dir__(self)]


def _defer(name: str) -> None:
    """Put a package among the imported modules without running it, unless it was imported."""
    if name not in sys.modules and (spec := find_spec(name)) is not None:
        package = module_from_spec(spec)
        package.__class__ = _Package
        sys.modules[name] = package
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, package)


for _name in ("{package}", "{package}.models"):
    _defer(_name)
'''

_OPENAPI_LAZY = """
if not TYPE_CHECKING:

    def __getattr__(name):
        if name == "models":
            return import_module("{package}.models")
        if name == "GeneratedClient":
            return import_module("{package}.client").Client
        raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
"""

_BUILDER = '''
def {builder}(*arguments: Any, **values: Any) -> dict[str, Any]:
    """Return the method, URL and parameters of a request, from the generated function."""
    from {module} import _get_kwargs

    return _get_kwargs(*arguments, **values)
'''

_LOAD_REQUESTS = '''
def load_requests() -> None:
    """Import the modules of all requests. A process that is forked while a thread imports one could never do so."""
    for name in ({modules},):
        import_module(name)
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
from ._fields.dates import Date, PartialDate, Timestamp
from ._fields.enums import OpenEnum, Unrecognized
from ._fields.fields import BoolField, DateField, Field
from ._fields.kinds import (
    Boolean, Bytes, Day, Integer, Integer64, Json, JsonObject, ListOf, MapOf, MessageOf, Number, String
)
from ._fields.messages import Message, MessageField
from ._listing.operation import ListOperation
'''


def _names_in(*heads: str) -> set[str]:
    """Return the names that the heads of the modules import."""
    nodes = (each for head in heads for each in ast.walk(ast.parse(head.replace("{package}", "package"))))
    imports = (each for each in nodes if isinstance(each, ast.Import | ast.ImportFrom))
    return {alias.asname or alias.name for each in imports for alias in each.names}


RESERVED = {*_names_in(_OPENAPI_HEAD, _SPECIFICATION_HEAD), "SPEC_VERSION", "DEFAULT_BASE_URL", "ENUM_TEXTS"}
"""The names in the generated modules beside those of the document."""


@frozen
class ListEndpoint:
    """A list operation of the document.

    Attributes:
        endpoint: The operation as the generator understands it.
        route: The method and the path.
        items: The JSON key of its list.
        message: The class of an item.
        pinned: The route in words.yaml; empty if hand-written code does not use the operation.
        parameters: The parameters by their names in the wrapper.
        own: The parameters that `client.list` does not have.
    """

    endpoint: Endpoint
    route: str
    items: str
    message: str
    pinned: str
    parameters: Mapping[str, Any]
    own: Sequence[Any]


class Modules:
    """The generated modules of one document.

    Attributes:
        openapi: The text of `_openapi.py`.
        specification: The text of `specification.py`.
        unlisted: One line for each operation with a page token that is not a list operation, and for each property
            that is not a field.
        descriptions: The descriptions of everything in the modules.
    """

    def __init__(self, parsed: Parsed, words: Words, package: str) -> None:
        """Write the modules.

        Args:
            parsed: The document.
            words: The content of words.yaml.
            package: The name of the generated client.

        Raises:
            Refused: The document lacks something that hand-written code uses, or cannot become code.
        """
        self._parsed = parsed
        self._words = words
        self.descriptions = Descriptions(words.descriptions)
        self._names = short_names(parsed.generated_names(), words.classes, RESERVED)
        self._kinds = Kinds(parsed, self._names)
        self.unlisted: list[str] = []
        found = (self._list_endpoint(route, endpoint) for route, endpoint in parsed.endpoints.items())
        self._lists = [each for each in found if each is not None]
        self._constants = operation_names(
            {each.route: (each.items, each.endpoint.name) for each in self._lists},
            {each.route: str(words.operations[each.pinned]["name"]) for each in self._lists if each.pinned},
        )
        for route, pinned in words.operations.items():
            self._check_operation(route, {*pinned["parameters"]})
        self.specification = _format_module(self._specification())
        self.openapi = _format_module(self._openapi(package))
        for name in words.classes:
            if name not in {*self._kinds.messages, *self._kinds.enums}:
                raise MissingClass(name)

    def _check_operation(self, route: str, sent: set[str]) -> None:
        """Refuse a document without an operation that hand-written code uses, or with other parameters of it."""
        found = next((each for each in self._lists if each.pinned == route), None)
        if found is None:
            skipped = [line for line in self._parsed.omitted if f" {route}: " in line]
            raise Refused(
                skipped[0] if skipped else f"the document has no list operation {route}; is it the page of List Models?"
            )
        always = ("account_id", "page_size")
        if new := [name for name, each in found.parameters.items() if each.required and name not in always]:
            raise Refused(f"{route} requires {', '.join(new)}: send it in client.models.list, and add it to words.yaml")
        if gone := sorted(sent - found.parameters.keys()):
            raise Refused(f"{route} has no {', '.join(gone)}: remove it from client.models.list and from words.yaml")

    def _openapi(self, package: str) -> str:
        servers = self._parsed.document.get("servers") or [{}]
        builders = {f"{self._constants[each.route].lower()}_request": each.endpoint for each in self._lists}
        enums = {self._names[name]: name for name in self._kinds.enums}
        exported = [*enums, *builders, "DEFAULT_BASE_URL", "ENUM_TEXTS", "GeneratedClient", "SPEC_VERSION"]
        exported += ["load_requests", "models"]
        lines = [_OPENAPI_HEAD.format(package=package)]
        for short, name in enums.items():
            module = str(self._parsed.enums[name].class_info.module_name)
            lines.append(f"from {package}.models.{module} import {name} as {short}")
        lines += [
            f"__all__ = [{', '.join(map(repr, exported))}]\n",
            f"SPEC_VERSION = {str_of(self._parsed.document['info']['version'])!r}",
            '"""The version of the document, its `info.version`."""\n',
            f"DEFAULT_BASE_URL = {_address(servers[0])!r}",
            '"""The first server of the document; empty if that is relative, or if there is none."""\n',
            "ENUM_TEXTS: Mapping[type[Enum], Mapping[object, str]] = {",
        ]
        for name, raw in self._kinds.enums.items():
            values = [value for value in raw["enum"] if value is not None]
            texts = value_texts(values, raw.get("description") or raw.get("title"))
            lines.append(f"{self._names[name]}: {{")
            for value in values:
                text = self.descriptions.of(f"{name}.{value}", texts.get(str(value))) or SILENT
                lines.append(f"{value!r}: {wrap_literal(text)},")
            lines.append("},")
        lines += ["}", '"""The description of each value of each enum, in the order of the document."""']
        modules = {builder: f"{package}.api.{each.tags[0]}.{each.name}" for builder, each in builders.items()}
        lines += [_BUILDER.format(builder=builder, module=module) for builder, module in modules.items()]
        lines.append(_LOAD_REQUESTS.format(modules=", ".join(map(repr, modules.values()))))
        lines.append(_OPENAPI_LAZY.format(package=package))
        return "\n".join(lines)

    def _specification(self) -> str:
        operations = [self._operation(each) for each in self._lists]
        classes: dict[str, str] = {}
        while waiting := [name for name in self._kinds.messages if name not in classes]:
            classes.update({name: self._message(name) for name in waiting})  # These reach others.
        ordered = [classes[name] for name in self._parsed.messages if name in classes]
        enums = [self._names[name] for name in self._kinds.enums]
        functions = [self._constants[each.route].lower() for each in self._lists if each.own]
        exported = [*enums, *(self._names[name] for name in classes), *self._constants.values(), *functions]
        imports = [f"from ._openapi import {name}" for name in enums]
        listed = f"__all__ = [{', '.join(map(repr, exported))}]"
        return "\n".join([_SPECIFICATION_HEAD, *imports, listed, *ordered, *operations])

    # A message.

    def _message(self, name: str) -> str:
        message = self._parsed.messages[name]
        raw = schema_of(message)
        properties = {str_of(each.name): each for each in properties_of(message)}
        attributes = attributes_of(name, properties.values(), {*RESERVED, *self._names.values()})
        text = self.descriptions.of(name, raw.get("description") or raw.get("title"))
        lines = [_class_docstring(text, f"The {name} of the document."), "__slots__ = ()"]
        for key, schema in self._kinds.properties(raw).items():
            if key in properties:
                lines.append(self._field(f"{name}.{key}", key, attributes[key], properties[key], schema))
            else:
                self.unlisted.append(f"{name}.{key} is not a field: the generator does not read a nested allOf")
        heading = f"class {self._names[name]}(Message, generated=lambda: _openapi.models.{name}):"
        return "\n".join([heading, textwrap.indent("\n".join(lines), "    ")])

    def _field(self, place: str, key: str, attribute: str, prop: Any, raw: Mapping[str, Any]) -> str:
        kind = self._kinds.of(prop, raw)
        text = self.descriptions.of(place, raw.get("description") or raw.get("title")) or SILENT
        path = path_of(key, attribute)
        rest = f"doc={wrap_literal(text)}" + ("" if path == attribute else f", path={path!r}")
        if kind.message:
            return f"{attribute}: MessageField[{kind.type}] = MessageField({key!r}, lambda: {kind.type}, {rest})"
        if field := {"Boolean()": "BoolField", "Date()": "DateField"}.get(kind.expression):
            return f"{attribute}: {field} = {field}({key!r}, {rest})"
        return f"{attribute}: Field[{kind.type}] = Field({key!r}, {kind.expression}, {rest})"

    # A list operation.

    def _list_endpoint(self, route: str, endpoint: Endpoint) -> ListEndpoint | None:
        """Return an endpoint as a list operation if it is a GET with a page token that returns a list of messages."""
        pinned = next((each for each in self._words.operations if route_template(each) == route_template(route)), "")
        parameters = parameters_of(endpoint, pinned)
        if endpoint.method != "get" or "page_token" not in parameters:
            return None
        lists = self._lists_in(endpoint)
        unsendable = sorted(parameters.keys() & {"params", "headers", "cookies"})
        reasons = {
            "returns no list of messages": not lists,
            "takes a body": endpoint.bodies,
            "requires a page token, so no listing can start": parameters["page_token"].required,
            f"has a parameter {', '.join(unsendable)}, which the generated function cannot send": unsendable,
        }
        if reason := next((reason for reason, applies in reasons.items() if applies), ""):
            self.unlisted.append(f"{route} {reason}, so it is no ListOperation")
            return None
        last = str_of(endpoint.path).rpartition("/")[2]
        items = last if last in lists else next(iter(lists))
        own = [each for name, each in parameters.items() if name not in STANDARD]
        return ListEndpoint(endpoint, route, items, lists[items], pinned, parameters, own)

    def _lists_in(self, endpoint: Endpoint) -> dict[str, str]:
        """Return the message class of each list of messages in the successful response, by key."""
        responses = {str(each.status_code.pattern): each.prop for each in endpoint.responses}
        success = next((prop for status, prop in responses.items() if status.startswith("2")), responses.get("default"))
        members = getattr(success, "inner_properties", [success])  # It may be null.
        message = next((each for each in members if isinstance(each, ModelProperty)), None)
        if message is None:
            return {}
        response = self._parsed.messages[str(message.class_info.name)]
        properties = {str_of(each.name): each for each in properties_of(response)}
        found: dict[str, str] = {}
        for key, raw in self._kinds.properties(schema_of(response)).items():
            prop = properties.get(key)
            members = getattr(prop, "inner_properties", [prop])
            # The other properties must not make their messages and enums part of the modules.
            if any(isinstance(each, ListProperty) for each in members):
                found[key] = self._kinds.of(prop, raw).items
        return {key: items for key, items in found.items() if items}

    def _operation(self, each: ListEndpoint) -> str:
        constant, endpoint = self._constants[each.route], each.endpoint
        in_path = tuple(name for name, p in each.parameters.items() if p in endpoint.path_parameters)
        required = tuple(name for name, p in each.parameters.items() if p.required)
        summary = _line(endpoint.summary).rstrip(".") or "List operation"
        arguments = {
            "path": repr(str_of(endpoint.path)),
            "items": repr(each.items),
            "message": each.message,
            "build": f"_openapi.{constant.lower()}_request",
            "parameters": repr({name: str(p.python_name) for name, p in each.parameters.items()}),
            "in_path": repr(in_path),
            "required": repr(required),
        }
        given = ", ".join(f"{name}={value}" for name, value in arguments.items())
        lines = [
            f"{constant}: ListOperation[{each.message}] = ListOperation({constant!r}, {given})",
            docstring(f"{summary}: {each.route}."),
        ]
        return "\n".join([*lines, self._function(each)] if each.own else lines)

    def _function(self, each: ListEndpoint) -> str:
        constant = self._constants[each.route]
        signature = [
            f"{p.python_name}: {self._parameter_type(p)}{'' if p.required else ' | None = None'}"
            for p in sorted(each.own, key=lambda p: not p.required)
        ]
        described = [f"    {p.python_name}: {_line(p.description) or SILENT}" for p in each.own]
        arguments = ["Args:", *(textwrap.fill(line, 104, subsequent_indent=" " * 8) for line in described)]
        text = docstring(f"Return `{constant}` with values for its own parameters.", "", ["\n".join(arguments)])
        given = ", ".join(f"{p.python_name}={p.python_name}" for p in each.own)
        heading = f"def {constant.lower()}(*, {', '.join(signature)}) -> ListOperation[{each.message}]:"
        return f"{heading}\n{textwrap.indent(text, '    ')}\n    return {constant}.with_parameters({given})"

    def _parameter_type(self, prop: Any) -> str:
        match prop:
            case ListProperty():
                return f"Sequence[{self._parameter_type(prop.inner_property)}]"
            case EnumProperty():
                return self._kinds.of(prop, {}).type.partition(" | ")[0]
            case StringProperty():
                return "str"
            case _:
                return PLAIN.get(type(prop).__name__, ANYTHING).type


def _format_module(source: str) -> str:
    """Return a module without unused imports, in the layout of the repository."""
    try:
        ast.parse(source)
    except SyntaxError as error:
        raise Refused(f"a name of the document breaks the generated code: {error.text!r:.200}") from error
    ruff = [str(Path(sys.executable).with_name("ruff"))]
    layout = ["--isolated", "--no-cache", "--line-length=120", "--target-version=py311", "--stdin-filename=module.py"]
    for command in (["check", "--quiet", "--fix-only", "--select=F401,I,RUF022", "--preview"], ["format", "--quiet"]):
        run = subprocess.run([*ruff, *command, *layout, "-"], input=source, capture_output=True, encoding="utf-8")
        if run.returncode != 0:
            raise Refused(f"ruff cannot format the generated module: {run.stderr.strip()[:400]}")
        source = run.stdout
    return source


def _address(server: Mapping[str, Any]) -> str:
    """Return the address of a server, with the defaults of its variables; empty if it is relative or incomplete."""
    variables: Mapping[str, Mapping[str, Any]] = server.get("variables") or {}
    address = str(server.get("url") or "")
    for name, variable in variables.items():
        address = address.replace(f"{{{name}}}", str(variable.get("default")))
    return address if re.fullmatch(r"https?://[^{}]+", address) else ""


def _class_docstring(text: str, otherwise: str) -> str:
    """Return a docstring: one line if the text fits, else its first sentence above the rest."""
    text = text or otherwise
    if len(text) <= 100:
        return docstring(text if text.endswith(".") else f"{text}.")
    first, _, rest = text.partition(". ")
    return docstring(f"{first}.", rest) if len(first) <= 100 and rest else docstring(otherwise, text)


def _line(text: Any) -> str:
    return plain(" ".join(str_of(text).split())) if text else ""
