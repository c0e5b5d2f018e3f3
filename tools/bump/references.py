"""Refuse references, names and values that would mislead the generator, before another program reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from openapi_python_client.strings import snake_case

from .documents import Content, Document

_UNSAFE = re.compile(r"""["'\\`\x00-\x1f\x7f\u0080-\u009f\u2028\u2029\ud800-\udfff]""")


def problems_of(document: Document) -> Iterator[str]:
    """Yield one sentence for each dangling reference, name that could be code, or duplicate enum value."""
    yield from _reference_problems(document.content)
    yield from _name_problems(document.content)
    yield from _value_problems(document.content)


def _nodes(value: Any, place: str = "#") -> Iterator[tuple[str, Any]]:
    waiting = [(place, value)]
    while waiting:
        place, value = waiting.pop()
        yield place, value
        pairs = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
        # Examples are data and may have any form.
        waiting += [(f"{place}/{key}", each) for key, each in pairs if key not in {"example", "examples"}]


def _reference_problems(content: Content) -> Iterator[str]:
    for place, node in _nodes(content):
        reference = node.get("$ref") if isinstance(node, Mapping) else None
        if not isinstance(reference, str):
            continue
        if not reference.startswith("#/"):
            yield f"{place} refers to {reference!r}, outside of the document: bundle it into one"
        elif not _leads_somewhere(content, reference):
            yield f"{place} refers to {reference!r}, which the document lacks"


def _leads_somewhere(content: Content, reference: str) -> bool:
    target: Any = content
    for _ in range(100):
        for part in reference[2:].split("/"):
            key = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(target, Mapping) or key not in target:
                return False
            target = target[key]
        following = target.get("$ref") if isinstance(target, Mapping) else None
        if not isinstance(following, str):
            return isinstance(target, Mapping)
        reference, target = following, content
    return False  # It refers to itself.


def _names_in(content: Content) -> Iterator[tuple[str, Any]]:
    for place, node in _nodes(content):
        if not isinstance(node, Mapping):
            continue
        for key in ("properties", "schemas", "paths", "responses", "content", "headers", "securitySchemes"):
            if isinstance(node.get(key), Mapping):
                yield from ((f"{place}/{key}", name) for name in node[key])
        if isinstance(node.get("enum"), list):
            yield from ((f"{place}/enum", value) for value in node["enum"])
        yield from ((f"{place}/{key}", node[key]) for key in ("operationId", "const") if isinstance(node.get(key), str))
        if isinstance(node.get("in"), str) and isinstance(node.get("name"), str):
            yield f"{place}/name", node["name"]
        if "operationId" in node and isinstance(node.get("tags"), list):
            yield from ((f"{place}/tags", tag) for tag in node["tags"])


def _name_problems(content: Content) -> Iterator[str]:
    for place, name in _names_in(content):
        if isinstance(name, str) and (found := _UNSAFE.search(name)):
            yield f"{place} has the name {name!r}: {found[0]!r} cannot be in a name: code smuggled in?"


def _value_problems(content: Content) -> Iterator[str]:
    for place, node in _nodes(content):
        values = node.get("enum") if isinstance(node, Mapping) else None
        members: dict[str, str] = {}
        for value in values if isinstance(values, list) else ():
            if not isinstance(value, str):
                continue
            member = snake_case(value.upper()).upper()
            if member in members:
                yield f"{place}/enum has {members[member]!r} and {value!r}, which are one name in Python: {member}"
            members[member] = value
