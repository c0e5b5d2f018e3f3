"""Compare two documents: their changes on the wire, each with its rating."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from .operation_changes import Node, operation_changes, operations_of, resolved
from .ratings import Rating
from .schema_changes import Found, other_changes, schema_changes
from .verdicts import VERDICTS

_LONGEST = 160


@frozen
class Change:
    """A change on the wire, for the report.

    Attributes:
        kind: A key of `VERDICTS`.
        where: The schema or operation.
        old: The old value as text; empty for an addition.
        new: The new value as text; empty for a removal.
        rating: The size of the change for users of the package.
        affected: The code that it affects.
        advice: The remedy.
    """

    kind: str
    where: str
    old: str
    new: str
    rating: Rating
    affected: str
    advice: str


def wire_changes(old: Node, new: Node) -> list[Change]:
    """Return every difference between two documents but the version itself, the largest first.

    Every reference must have a target in its document, as `references.problems_of` checks.
    """
    rated = [
        *(_rated(found, is_sent=" response " not in found.where) for found in operation_changes(old, new)),
        *(_rated(found, is_sent=False) for found in _document_changes(old, new)),
        *_component_changes(old, new),
    ]
    return sorted(rated, key=lambda change: -change.rating)


def _rated(found: Found, *, is_sent: bool) -> Change:
    verdict = VERDICTS[found.kind]
    rating = verdict.in_requests if is_sent else verdict.in_responses
    old, new = _text_of(found.old), _text_of(found.new)
    return Change(found.kind, found.where, old, new, rating, verdict.affected, verdict.advice)


def _text_of(value: Any) -> str:
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _document_changes(old: Node, new: Node) -> Iterator[Found]:
    yield from other_changes("info", old["info"], new["info"], {"version", *_INFO})
    for key in sorted(_INFO):
        if old["info"].get(key) != new["info"].get(key):
            yield Found("words changed", f"info ({key})", old["info"].get(key), new["info"].get(key))
    for key in ("openapi", "tags"):
        if old.get(key) != new.get(key):
            yield Found("words changed", key, old.get(key), new.get(key))
    schemes = ((each.get("components") or {}).get("securitySchemes") or {} for each in (old, new))
    yield from _scheme_changes(*schemes)
    known = {"openapi", "info", "tags", "paths", "components", "security", "servers"}
    yield from other_changes("document", old, new, known)


_INFO = {"termsOfService", "contact", "license"}


def _scheme_changes(old: Node, new: Node) -> Iterator[Found]:
    for name in sorted({*old, *new}):
        where = f"security scheme {name}"
        if name not in new or name not in old:
            kind = "security scheme added" if name in new else "security scheme removed"
            yield Found(kind, where, old.get(name), new.get(name))
        elif (before := _without_words(old[name])) != (after := _without_words(new[name])):
            yield Found("security scheme changed", where, before, after)
        elif old[name] != new[name]:
            yield Found("words changed", where, old[name], new[name])


def _without_words(scheme: Node) -> dict[str, Any]:
    return {key: value for key, value in scheme.items() if key not in {"description", "bearerFormat"}}


def _component_changes(old: Node, new: Node) -> Iterator[Change]:
    before, after = schemas_of(old), schemas_of(new)
    sent = names_reached(old, sent=True) | names_reached(new, sent=True)
    read = names_reached(old, sent=False) | names_reached(new, sent=False)
    for key in {**before, **after}:
        if key not in before or key not in after:
            found = [Found("schema added" if key in after else "schema removed", key)]
        else:
            found = list(schema_changes(key, before[key], after[key]))
        for each in found:
            ways = [_rated(each, is_sent=True)] * (key in sent) + [_rated(each, is_sent=False)] * (
                key in read or key not in sent
            )
            yield max(ways, key=lambda change: change.rating)


def schemas_of(document: Node) -> Node:
    """Return the schemas of a document by key."""
    found: Node = (document.get("components") or {}).get("schemas") or {}
    return found


def names_reached(document: Node, *, sent: bool) -> set[str]:
    """Return the keys of the schemas in requests, or in responses."""
    waiting: list[Any] = []
    for _, operation in operations_of(document).values():
        parts = (*operation["parameters"].values(), operation.get("requestBody"))
        waiting += parts if sent else [operation.get("responses")]
    reached: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, Mapping):
            waiting += [value for key, value in node.items() if key not in {"example", "examples", "default"}]
            reference = node.get("$ref")
            if isinstance(reference, str) and reference not in reached:
                reached.add(reference)
                waiting.append(resolved(document, node))
    return {reference.rpartition("/")[2] for reference in reached if "/schemas/" in reference}
