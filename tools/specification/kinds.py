"""The Python type of a property's value, and the expression of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from openapi_python_client.parser.properties import AnyProperty, EnumProperty, ModelProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty

from .parsing import Parsed, Refused, Schema, class_name, properties_of, schema_of, schemas_of, str_of


class Kind(NamedTuple):
    """A kind of value.

    Attributes:
        type: Its Python type.
        expression: The expression that makes the kind.
        message: True for a message.
        items: The message class of its items, if it is a list of messages.
    """

    type: str
    expression: str
    message: bool = False
    items: str = ""


ANYTHING, STRING, BOOLEAN = Kind("Any", "Json()"), Kind("str", "String()"), Kind("bool", "Boolean()")
INTEGER, NUMBER, INTEGER64 = Kind("int", "Integer()"), Kind("float", "Number()"), Kind("int", "Integer64()")
FORMATS = {"int64": INTEGER64, "uint64": INTEGER64, "byte": Kind("bytes", "Bytes()")}
CONSTANTS: Mapping[type[Any], Kind] = {str: STRING, bool: BOOLEAN, int: INTEGER, float: NUMBER}
PLAIN = {
    "BooleanProperty": BOOLEAN,
    "DateProperty": Kind("CalendarDate", "Day()"),
    "DateTimeProperty": Kind("datetime", "Timestamp()"),
    "FileProperty": STRING,
    "FloatProperty": NUMBER,
    "IntProperty": INTEGER,
    "UuidProperty": STRING,
}
"""The kinds of the generator's classes of properties; any other class has any value."""


class Kinds:
    """The kinds of a document's properties; it notes which messages and enums they reach."""

    def __init__(self, parsed: Parsed, names: Mapping[str, str]) -> None:
        self._parsed = parsed
        self._names = names
        schemas = schemas_of(parsed.document)
        self._components = {f"/components/schemas/{key}": schema for key, schema in schemas.items()}
        self._component_classes = {class_name(key) for key in schemas}
        self._open_maps: set[str] = set()
        self.messages: dict[str, None] = {}
        self.enums: dict[str, Schema] = {}

    def of(self, prop: Any, raw: Schema) -> Kind:
        """Return the kind of a property.

        Args:
            prop: The property as the generator understands it.
            raw: Its schema, for the format and the default of an enum.
        """
        raw = self._resolve(raw)
        match prop:
            case StringProperty():
                return FORMATS.get(str(raw.get("format")), STRING)
            case EnumProperty():
                return self._enum(prop, raw)
            case ListProperty():
                inner = self.of(prop.inner_property, raw.get("items") or {})
                items = inner.type if inner.message else ""
                return Kind(f"tuple[{inner.type}, ...]", f"ListOf({inner.expression})", items=items)
            case ModelProperty():
                return self._object(self._parsed.messages[str(prop.class_info.name)])
            case UnionProperty():
                return self._union(prop, raw)
            case ConstProperty():
                return CONSTANTS.get(type(raw.get("const")), ANYTHING)
            case _:
                return PLAIN.get(type(prop).__name__, ANYTHING)

    def _enum(self, prop: EnumProperty, raw: Schema) -> Kind:
        name = str(prop.class_info.name)
        if "enum" not in raw:  # The schema of a parameter, or a union of null and the enum.
            raw = {**raw, "enum": list(prop.values.values())}
        self.enums.setdefault(name, raw)
        values = [value for value in raw["enum"] if value is not None]
        for value in values:
            if not str(value).isprintable():
                raise Refused(f"{name} has the value {value!r}, which the generator would change: remove it")
        # AIP-126: the first value is the unset one, and is called so.
        first = values[0] if str(values[0]).endswith("UNSPECIFIED") else None
        unset = raw.get("default", first)
        arguments = self._names[name] if unset is None else f"{self._names[name]}, {unset!r}"
        return Kind(f"{self._names[name]} | Unrecognized", f"OpenEnum({arguments})")

    def _union(self, prop: UnionProperty, raw: Schema) -> Kind:
        members: list[Any] = [each for each in prop.inner_properties if not isinstance(each, NoneProperty)]
        enums = [each for each in members if isinstance(each, EnumProperty)]
        if enums and all(each.values == enums[0].values for each in enums):
            members = enums[:1]  # The generator reads a nullable enum as several enums of the same values.
        alternatives = [each for each in (*raw.get("anyOf", ()), *raw.get("oneOf", ())) if each.get("type") != "null"]
        return self.of(members[0], (alternatives or [raw])[0]) if len(members) == 1 else ANYTHING

    def _object(self, message: ModelProperty) -> Kind:
        """Return the kind of an object: a date, a map, a message, or any object."""
        name, inner = str(message.class_info.name), list(properties_of(message))
        if {str_of(each.name) for each in inner} == {"year", "month", "day"}:
            return Kind("PartialDate", "Date()")
        values = message.additional_properties
        if not inner and values is not None and not isinstance(values, AnyProperty):
            if name in self._open_maps:  # A map that contains itself would recurse for ever.
                return ANYTHING
            self._open_maps.add(name)
            kind = self.of(values, schema_of(message).get("additionalProperties") or {})
            self._open_maps.discard(name)
            return Kind(f"Mapping[str, {kind.type}]", f"MapOf({kind.expression})")
        if not inner and name not in self._component_classes:
            return Kind("Mapping[str, Any]", "JsonObject()")
        self.messages[name] = None
        return Kind(self._names[name], f"MessageOf(lambda: {self._names[name]})", message=True)

    def _resolve(self, raw: Schema) -> Schema:
        """Resolve a reference, also within an allOf, anyOf or oneOf of one schema."""
        for _ in range(50):
            wrapped = [*raw.get("allOf", ()), *raw.get("anyOf", ()), *raw.get("oneOf", ())]
            target = wrapped[0] if len(wrapped) == 1 and "$ref" in wrapped[0] else raw
            if "$ref" not in target:
                return raw
            path = str(target["$ref"]).partition("#")[2]
            raw = self._components.get(path) or self._components.get(path.replace("~1", "/")) or {}
        return {}

    def properties(self, raw: Schema) -> dict[str, Schema]:
        """Return the properties of an object's schema in the document's order, those of its `allOf` first."""
        found: dict[str, Schema] = {}
        parts = [self.properties(self._resolve(part)) for part in raw.get("allOf") or ()]
        for part in (*parts, raw.get("properties") or {}):
            for key, schema in part.items():
                found[key] = {**found.get(key, {}), **schema}
        return found
