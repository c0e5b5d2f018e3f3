"""Which overrides of class names a document needs: a class is called by its schema's key, whatever the title."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser.properties.schemas import Class
from openapi_python_client.strings import PythonIdentifier

from .documents import Document
from .refusals import Refused


def adjusted_config(config: str, document: Document, own_names: set[str]) -> str:
    """Return the generator's configuration with the overrides that a document needs, and without those of gone schemas.

    Args:
        config: The configuration, as text; its comments are kept.
        document: The document.
        own_names: The names that the generator would choose if nothing were overridden.

    Raises:
        Refused: A title was reworded, so that an override no longer renames its class; or two would be one.
    """
    overrides: Mapping[str, Mapping[str, Any]] = yaml.safe_load(config).get("class_overrides") or {}
    wanted, expected = dict(_wanted(document)), _expected(document)
    for titled, name in wanted.items():
        owners = [key for key, class_name in expected.items() if class_name == titled != name]
        if owners:
            raise Refused(f"a title would name the class {titled}, which is that of the schema {owners[0]}: reword it")
    for key, override in overrides.items():
        if key in own_names:
            continue
        name = str(override.get("class_name"))
        if name in wanted.values():
            new = next(titled for titled, class_name in wanted.items() if class_name == name)
            raise Refused(
                f"the title of the schema of {name} was reworded: in generator-config.yaml, "
                f"call the override {key[:60]} {new}"
            )
        if name in expected.values():
            raise Refused(f"the schema of {name} lost its title: take its override out of generator-config.yaml")
        config = _without(config, key)
    added = {titled: name for titled, name in wanted.items() if titled not in overrides and titled != name}
    return _with(config, added)


def _generator_settings() -> Config:
    return Config.from_sources(ConfigFile(), MetaType.NONE, Path("openapi.yaml"), "utf-8", False, output_path=None)


def class_name_of(text: str) -> str:
    """Return the name that the generator gives a class after a title or key."""
    return str(Class.from_string(string=text, config=_generator_settings()).name)


def _expected(document: Document) -> dict[str, str]:
    return {key: class_name_of(key) for key, schema in document.schemas.items() if makes_a_class(schema)}


def makes_a_class(schema: Any) -> bool:
    """Return whether the generator makes a class of a schema: of objects, and of enums that have a value."""
    if not isinstance(schema, Mapping) or "$ref" in schema:
        return False
    values = [value for value in schema.get("enum") or () if value is not None]
    return bool(values) or schema.get("type") == "object" or "properties" in schema


def _wanted(document: Document) -> Iterator[tuple[str, str]]:
    owners: dict[str, list[str]] = defaultdict(list)
    for key, schema in document.schemas.items():
        if makes_a_class(schema) and schema.get("title"):
            titled = class_name_of(schema["title"])
            owners[titled].append(key)
            yield titled, class_name_of(key)
    for titled, keys in owners.items():
        if len(keys) > 1:
            raise Refused(f"the schemas {' and '.join(keys)} have one title, so both would be the class {titled[:60]}")


def _with(config: str, added: Mapping[str, str]) -> str:
    if not added:
        return config
    lines = [line for titled, name in added.items() for line in _block(titled, name)]
    opened = re.sub(r"(?m)^class_overrides:[^\n]*\n", "class_overrides:\n" + "".join(lines), config, count=1)
    return opened if opened != config else f"{config.rstrip()}\n\nclass_overrides:\n{''.join(lines)}"


def _block(titled: str, name: str) -> list[str]:
    module = PythonIdentifier(name, "field_")
    return [f"  {titled}:\n", f"    class_name: {name}\n", f"    module_name: {module}\n"]


def _without(config: str, key: str) -> str:
    lines = config.splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.strip() in {f"{key}:", f"? {key}"})
    end = start + 1
    while end < len(lines) and (lines[end].startswith("    ") or lines[end].startswith("  : ")):
        end += 1
    return "".join(lines[:start] + lines[end:])
