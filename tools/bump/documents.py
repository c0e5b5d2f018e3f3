"""Read documents from YAML, JSON or a published page, and refuse unreadable ones."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from attrs import frozen

from .refusals import Refused

Content = dict[str, Any]

_FENCE = re.compile(r"^(?P<marks>`{3,}|~{3,})[ \t]*(?P<kind>ya?ml|json)\b(?P<rest>[^\n]*)$", re.IGNORECASE)
_MOST_NODES = 1_000_000  # Aliases let a short text stand for an endless one.


@frozen
class Document:
    """An OpenAPI document.

    Attributes:
        text: The text to check in: the published YAML byte for byte, or a JSON document's content as YAML.
        content: The parsed document.
        source: The name of the file, and the form of the document in it.
        was_json: True if it was published as JSON.
    """

    text: str
    content: Content
    source: str
    was_json: bool = False

    @property
    def version(self) -> str:
        """The `info.version`."""
        version: str = self.content["info"]["version"]
        return version

    @property
    def schemas(self) -> dict[str, Content]:
        """The schemas by key; empty without components."""
        found: dict[str, Content] = (self.content.get("components") or {}).get("schemas") or {}
        return found


def document_at(path: Path) -> Document:
    """Return the document in a file.

    Raises:
        Refused: The file cannot be read, has no document or several, or the document is not OpenAPI 3.1.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path.name} cannot be read: {error}") from error
    return document_from(text.removeprefix("\ufeff"), path.name)


def document_from(text: str, name: str) -> Document:
    """Return the document in a text: YAML, JSON, or a page with one fence of these."""
    if not text.strip():
        raise Refused(f"{name} is empty")
    fences = list(fences_in(text))
    if len(fences) > 1:
        raise Refused(f"{name} has {len(fences)} fences of YAML or JSON: keep one")
    if fences:
        text, name = fences[0], f"the fence of {name}"
        if not text.strip():
            raise Refused(f"{name} is empty")
    if text.lstrip()[:1] in {"{", "["}:
        content = _content_of_json(text, name)
        return Document(as_yaml(content), _checked(content, name), f"{name}, which is JSON", was_json=True)
    content = content_of(text, name)
    return Document(text, _checked(content, name), name)


def fences_in(page: str) -> Iterator[str]:
    """Yield the text in each fence of YAML or JSON, without the fence lines."""
    lines = iter(page.splitlines(keepends=True))
    for line in lines:
        opening = _FENCE.match(line.rstrip("\r\n"))
        if opening is None:
            continue
        closing = re.compile(rf"^{re.escape(opening['marks'][0])}{{{len(opening['marks'])},}}[ \t]*$")
        inside: list[str] = []
        for within in lines:
            if closing.match(within.rstrip("\r\n")):
                break
            inside.append(within)
        else:
            raise Refused("a fence is opened and never closed; was the page cut short?")
        yield "".join(inside)


class _StrictLoader(yaml.SafeLoader):
    """A reader of the core schema of YAML 1.2 that refuses duplicate keys."""


_StrictLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", "~nN"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    _known = re.compile(f"^(?:{_pattern})$")
    _StrictLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", _known, [*_first, *([""] if _tag == "null" else [])]
    )


def _mapping(loader: _StrictLoader, node: yaml.MappingNode, deep: bool = False) -> Content:
    found: Content = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        # A response's status may be written without quotes.
        key = str(key) if isinstance(key, int) and not isinstance(key, bool) else key
        line = key_node.start_mark.line + 1
        if not isinstance(key, str):
            raise Refused(f"the key {key!r} in line {line} is not text: put it in quotes")
        if key in found:
            raise Refused(f"the key {key!r} is in one mapping twice, the second time in line {line}")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def content_of(text: str, name: str) -> Any:
    """Return the content of a YAML text."""
    try:
        content = yaml.load(text, _StrictLoader)
        usual = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Refused(f"{name} is not YAML: {error}") from error
    except (RecursionError, ValueError) as error:
        raise Refused(f"{name} cannot be read: {error}") from error
    _count(content)
    if json.dumps(_with_text_keys(usual), default=str) != json.dumps(content):
        raise Refused(f"{name} is read otherwise by YAML 1.1 and 1.2: put its words like on, no and dates in quotes")
    return content


def _with_text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _with_text_keys(each) for key, each in value.items()}
    return [_with_text_keys(each) for each in value] if isinstance(value, list) else value


def _content_of_json(text: str, name: str) -> Any:
    def pairs(found: list[tuple[str, Any]]) -> Content:
        keys = [key for key, _ in found]
        for key in keys:
            if keys.count(key) > 1:
                raise Refused(f"the key {key!r} is in one object of {name} twice")
        return dict(found)

    try:
        return json.loads(text, object_pairs_hook=pairs)
    except (ValueError, RecursionError) as error:
        raise Refused(f"{name} is not JSON: {error}") from error


class _WaryDumper(yaml.SafeDumper):
    """A writer that quotes every text that YAML 1.1 or 1.2 could read as another type."""


# PyYAML quotes by its own rules, and readers differ: 0E0 and 0o7 are numbers in YAML 1.2, y and n are booleans in YAML
# 1.1. Real numbers get their own tag before this one.
_WaryDumper.add_implicit_resolver(
    "!more-than-text", re.compile(r"(?is:[-+.0-9].*|y|yes|n|no|on|off|true|false|null|~|<<|=)$"), None
)


def as_yaml(content: Any) -> str:
    """Return a JSON document's content as YAML that every reader reads alike."""
    return yaml.dump(content, Dumper=_WaryDumper, sort_keys=False, width=110)


def _count(content: Any) -> None:
    waiting, seen = [content], 0
    while waiting:
        seen += 1
        if seen > _MOST_NODES:
            raise Refused("the document refers to itself, or repeats too much")
        value = waiting.pop()
        waiting += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _checked(content: Any, name: str) -> Content:
    if not isinstance(content, dict) or not isinstance(openapi := content.get("openapi"), str):
        raise Refused(f"{name} is not an OpenAPI document: it has no text `openapi` at its top")
    if not re.fullmatch(r"3\.1\.\d+", openapi):
        raise Refused(f"{name} is OpenAPI {openapi}; the generator supports 3.1")
    if not isinstance(info := content.get("info"), Mapping) or not isinstance(info.get("version"), str):
        raise Refused(f"{name} has no text `info.version`; is it a number without quotes?")
    if not isinstance(content.get("paths"), Mapping) or not content["paths"]:
        raise Refused(f"{name} has no paths, so there is nothing to generate")
    return content
