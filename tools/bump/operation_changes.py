"""Compare the operations of two documents, their servers and their security."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .schema_changes import Found, deprecation, other_changes, schema_changes

Node = Mapping[str, Any]

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_WRITING = ("style", "explode", "allowReserved", "allowEmptyValue", "content")


def resolved(document: Node, node: Any) -> Node:
    """Return a node, or the target of its reference."""
    for _ in range(100):
        if not isinstance(node, Mapping) or "$ref" not in node:
            break
        target: Any = document
        for part in str(node["$ref"]).removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node if isinstance(node, Mapping) else {}


def operations_of(document: Node) -> dict[tuple[str, str], tuple[str, Node]]:
    """Return every operation with its path, by its method and its path without the names of parameters."""
    return {
        (method, re.sub(r"\{[^}]*\}", "{}", path)): (path, _whole(document, resolved(document, item), method))
        for path, item in document["paths"].items()
        for method in _METHODS
        if method in resolved(document, item)
    }


def _whole(document: Node, item: Node, method: str) -> Node:
    operation = dict(item[method])
    listed = [resolved(document, each) for each in (*item.get("parameters", ()), *operation.get("parameters", ()))]
    operation["parameters"] = {(each.get("in"), each.get("name")): each for each in listed}
    operation.setdefault("servers", item.get("servers", document.get("servers", [])))
    operation.setdefault("security", document.get("security", []))
    return operation


def operation_changes(old: Node, new: Node) -> Iterator[Found]:
    """Yield the changes between the operations of two documents."""
    before, after = operations_of(old), operations_of(new)
    for key, (path, operation) in before.items():
        where = f"{key[0].upper()} {path}"
        if key not in after:
            yield Found("operation removed", where, operation.get("operationId"))
        else:
            yield from _changes_of_one(where, _Pair(old, new, operation, after[key][1]), path, after[key][0])
    for key, (path, operation) in after.items():
        if key not in before:
            yield Found("operation added", f"{key[0].upper()} {path}", None, operation.get("operationId"))


class _Pair:
    """An operation in both documents."""

    def __init__(self, old_document: Node, new_document: Node, old: Node, new: Node) -> None:
        self.old_document, self.new_document, self.old, self.new = old_document, new_document, old, new

    def parts(self, key: str) -> tuple[Node, Node]:
        """Return the values of a key in both, resolved."""
        return resolved(self.old_document, self.old.get(key)), resolved(self.new_document, self.new.get(key))

    def inside(self, old: Any, new: Any) -> tuple[Node, Node]:
        """Return two nodes of the documents, resolved."""
        return resolved(self.old_document, old), resolved(self.new_document, new)


def _changes_of_one(where: str, pair: _Pair, old_path: str, new_path: str) -> Iterator[Found]:
    old, new = pair.old, pair.new
    if old.get("operationId") != new.get("operationId"):
        yield Found("operation renamed", where, old.get("operationId"), new.get("operationId"))
    if (old.get("tags") or [None])[0] != (new.get("tags") or [None])[0]:
        yield Found("tags changed", where, old.get("tags"), new.get("tags"))
    elif old.get("tags") != new.get("tags"):
        yield Found("words changed", f"{where} (tags)", old.get("tags"), new.get("tags"))
    yield from deprecation(where, old, new)
    yield from _parameter_changes(where, old["parameters"], new["parameters"], _renamed(old_path, new_path))
    yield from _body_changes(f"{where} body", pair)
    yield from _response_changes(where, pair)
    yield from server_changes(where, old["servers"], new["servers"])
    yield from requirement_changes(where, old["security"], new["security"])
    known = {"operationId", "tags", "deprecated", "parameters", "requestBody", "responses", "servers", "security"}
    yield from other_changes(where, old, new, known)


def _renamed(old_path: str, new_path: str) -> dict[str, str]:
    names = (re.findall(r"\{([^}]*)\}", path) for path in (old_path, new_path))
    return {old: new for old, new in zip(*names, strict=True) if old != new}


def _parameter_changes(where: str, old: Any, new: Any, renamed: Mapping[str, str]) -> Iterator[Found]:
    moved = {("path", before): ("path", after) for before, after in renamed.items()}
    for key, parameter in old.items():
        place = f"{where} {key[0]} parameter {key[1]}"
        if key in moved:
            yield Found("parameter renamed", place, key[1], moved[key][1])
        other = new.get(moved.get(key, key))
        if other is None:
            yield Found("parameter removed", place)
            continue
        if bool(parameter.get("required")) != bool(other.get("required")):
            yield Found("parameter made required" if other.get("required") else "parameter made optional", place)
        for word in _WRITING:
            if parameter.get(word) != other.get(word):
                yield Found("parameter written otherwise", f"{place} ({word})", parameter.get(word), other.get(word))
        yield from deprecation(place, parameter, other)
        yield from schema_changes(place, parameter.get("schema", {}), other.get("schema", {}))
        yield from other_changes(place, parameter, other, {*_WRITING, "name", "in", "required", "deprecated", "schema"})
    for key, parameter in new.items():
        if key not in old and key not in moved.values():
            kind = "required parameter added" if parameter.get("required") else "parameter added"
            yield Found(kind, f"{where} {key[0]} parameter {key[1]}")


def _body_changes(where: str, pair: _Pair) -> Iterator[Found]:
    old, new = pair.parts("requestBody")
    if bool(old) != bool(new):
        yield Found(("required body added" if new.get("required") else "body added") if new else "body removed", where)
        return
    if bool(old.get("required")) != bool(new.get("required")):
        yield Found("required body added" if new.get("required") else "body added", where)
    yield from _content_changes(where, old.get("content") or {}, new.get("content") or {})
    yield from other_changes(where, old, new, {"required", "content"})


def _response_changes(where: str, pair: _Pair) -> Iterator[Found]:
    before, after = pair.old.get("responses") or {}, pair.new.get("responses") or {}
    for status in sorted({*before, *after}):
        place = f"{where} response {status}"
        old, new = pair.inside(before.get(status), after.get(status))
        if status not in before:
            yield Found("response documented", place, None, new.get("description"))
        elif status not in after:
            kind = "success no longer documented" if status.startswith("2") else "response no longer documented"
            yield Found(kind, place, old.get("description"))
        else:
            yield from _content_changes(place, old.get("content") or {}, new.get("content") or {})
            yield from _header_changes(place, pair, old.get("headers") or {}, new.get("headers") or {})
            yield from other_changes(place, old, new, {"content", "headers", "links"})


def _content_changes(where: str, old: Node, new: Node) -> Iterator[Found]:
    for kind in sorted({*old, *new}):
        if kind not in new or kind not in old:
            yield Found("media type added" if kind in new else "media type removed", where, None, kind)
            continue
        yield from schema_changes(f"{where} {kind}", old[kind].get("schema", {}), new[kind].get("schema", {}))
        yield from other_changes(f"{where} {kind}", old[kind], new[kind], {"schema"})


def _header_changes(where: str, pair: _Pair, old: Node, new: Node) -> Iterator[Found]:
    for name in sorted({*old, *new}):
        if name not in new or name not in old:
            yield Found("header added" if name in new else "header removed", f"{where} header {name}")
            continue
        before, after = pair.inside(old[name], new[name])
        yield from schema_changes(f"{where} header {name}", before.get("schema", {}), after.get("schema", {}))
        yield from other_changes(f"{where} header {name}", before, after, {"schema", "required", "deprecated", "style"})


def server_changes(where: str, old: Any, new: Any) -> Iterator[Found]:
    """Yield the changes of servers; requests go to the first one."""
    before, after = [each.get("url") for each in old], [each.get("url") for each in new]
    for url in before:
        if url not in after:
            yield Found("server removed", where, url, after)
    if before[:1] != after[:1] and set(before) <= set(after):
        yield Found("server removed", f"{where} (the first server)", before[:1], after[:1])
    yield from (Found("server added", where, None, url) for url in after if url not in before)


def requirement_changes(where: str, old: Any, new: Any) -> Iterator[Found]:
    """Yield the changes of security requirements, which are alternatives."""
    if all(each in new for each in old) and (old or not new):
        yield from (Found("security alternative added", where, old, each) for each in new if each not in old)
    elif old != new:
        yield Found("security changed", where, old, new)
