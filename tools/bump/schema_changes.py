"""Compare two schemas. References are compared by name, and their targets separately."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from attrs import frozen

Schema = Mapping[str, Any]


@frozen
class Found:
    """A change without its rating: kind, place, old and new value."""

    kind: str
    where: str
    old: Any = None
    new: Any = None


WORDS = {"title", "description", "example", "examples", "externalDocs", "$comment", "summary", "xml"}
_UPPER = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"}
_LOWER = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"}
_BOUNDS = {*_UPPER, *_LOWER, "pattern", "multipleOf", "uniqueItems"}
_COMPOSED = ("allOf", "oneOf", "anyOf", "prefixItems")
_KNOWN = {
    *WORDS,
    *_BOUNDS,
    *_COMPOSED,
    *("$ref", "type", "format", "const", "enum", "required", "properties", "items", "additionalProperties"),
    *("default", "readOnly", "writeOnly", "deprecated", "x-enum-varnames"),
}


def schema_changes(where: str, old: Any, new: Any) -> Iterator[Found]:
    """Yield the changes between two schemas, of words last."""
    if old == new and _order_of(old) == _order_of(new):
        return
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        yield Found("type changed", where, old, new)
        return
    yield from _shape_changes(where, old, new)
    yield from _value_changes(where, old, new)
    yield from _property_changes(where, old, new)
    for key in _COMPOSED:
        yield from _composition_changes(f"{where} {key}", old.get(key), new.get(key))
    if "items" in old or "items" in new:
        yield from schema_changes(f"{where}[]", old.get("items"), new.get("items"))
    yield from _bound_changes(where, old, new)
    yield from _flag_changes(where, old, new)
    yield from other_changes(where, old, new, _KNOWN)


def other_changes(where: str, old: Schema, new: Schema, known: set[str]) -> Iterator[Found]:
    """Yield the changes of words and of unknown keywords."""
    for key in sorted({*old, *new}):
        if old.get(key) == new.get(key) and (key in old) == (key in new):
            continue
        if key in WORDS or (key.startswith("x-") and key not in known):
            yield Found("words changed", f"{where} ({key})", old.get(key), new.get(key))
        elif key not in known:
            yield Found("changed in a way not known here", f"{where} ({key})", old.get(key), new.get(key))


def _order_of(schema: Any) -> Any:
    return schema.get("enum") if isinstance(schema, Mapping) else None


def _shape_changes(where: str, old: Schema, new: Schema) -> Iterator[Found]:
    if old.get("$ref") != new.get("$ref"):
        yield Found("reference changed", where, old.get("$ref"), new.get("$ref"))
    for key in ("type", "format", "const", "x-enum-varnames"):
        if old.get(key) != new.get(key) and not _same_types(old.get(key), new.get(key)):
            yield Found("type changed", f"{where} ({key})", old.get(key), new.get(key))


def _same_types(old: Any, new: Any) -> bool:
    return (isinstance(old, list) and isinstance(new, list) and sorted(map(str, old)) == sorted(map(str, new))) or (
        [old] == new or old == [new]
    )


def _value_changes(where: str, old: Schema, new: Schema) -> Iterator[Found]:
    before, after = old.get("enum"), new.get("enum")
    if not isinstance(before, list) or not isinstance(after, list):
        if before != after:
            kind = "values closed to a list" if before is None else "values no longer a list"
            yield Found(kind, where, before, after)
        return
    yield from (Found("value removed", where, value) for value in before if value not in after)
    yield from (Found("value added", where, None, value) for value in after if value not in before)
    kept = [value for value in before if value in after]
    if kept != [value for value in after if value in before]:
        yield Found("values reordered", where, before, after)


def _property_changes(where: str, old: Schema, new: Schema) -> Iterator[Found]:
    before, after = old.get("properties") or {}, new.get("properties") or {}
    demanded, demands = set(old.get("required") or ()), set(new.get("required") or ())
    for name in before:
        place = f"{where}.{name}"
        if name not in after:
            yield Found("property removed", place, _shown(before[name]))
            continue
        if (name in demanded) != (name in demands):
            yield Found("made required" if name in demands else "made optional", place)
        yield from schema_changes(place, before[name], after[name])
    for name in after:
        if name not in before:
            kind = "required property added" if name in demands else "property added"
            yield Found(kind, f"{where}.{name}", None, _shown(after[name]))
    # A required key may have no property.
    for name in (demanded ^ demands) - {*before, *after}:
        yield Found("made required" if name in demands else "made optional", f"{where}.{name}")


def _shown(schema: Any) -> str:
    if not isinstance(schema, Mapping):
        return str(schema)
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema.get("type") == "array":
        return f"array of {_shown(schema.get('items', {}))}"
    return " ".join(str(schema[key]) for key in ("type", "format") if key in schema) or "any"


def _composition_changes(where: str, old: Any, new: Any) -> Iterator[Found]:
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from schema_changes(f"{where}[{number}]", before, after)
    elif old != new:
        yield Found("composition changed", where, old, new)


def _bound_changes(where: str, old: Schema, new: Schema) -> Iterator[Found]:
    for key in sorted(_BOUNDS):
        if old.get(key) != new.get(key):
            kind = "bounds loosened" if _is_looser(key, old.get(key), new.get(key)) else "bounds tightened"
            yield Found(kind, f"{where} ({key})", old.get(key), new.get(key))


def _is_looser(key: str, old: Any, new: Any) -> bool:
    # An absent bound is the loosest.
    wider: Callable[[Any, Any], bool] = (
        (lambda a, b: b > a) if key in _UPPER else (lambda a, b: b < a) if key in _LOWER else (lambda a, b: not b)
    )
    return new is None or (old is not None and wider(old, new))


def _flag_changes(where: str, old: Schema, new: Schema) -> Iterator[Found]:
    if old.get("default") != new.get("default") or ("default" in old) != ("default" in new):
        yield Found("default changed", where, old.get("default"), new.get("default"))
    for key in ("readOnly", "writeOnly"):
        if bool(old.get(key)) != bool(new.get(key)):
            yield Found("access changed", f"{where} ({key})", old.get(key), new.get(key))
    yield from deprecation(where, old, new)
    before, after = old.get("additionalProperties", True), new.get("additionalProperties", True)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from schema_changes(f"{where}{{}}", before, after)
    elif isinstance(before, Mapping) or isinstance(after, Mapping):
        yield Found("type changed", f"{where}{{}}", old.get("additionalProperties"), new.get("additionalProperties"))
    elif before != after:
        yield Found("other keys allowed" if after else "other keys forbidden", where, before, after)


def deprecation(where: str, old: Schema, new: Schema) -> Iterator[Found]:
    """Yield the change of a deprecation, if any."""
    if bool(old.get("deprecated")) != bool(new.get("deprecated")):
        yield Found("deprecated" if new.get("deprecated") else "no longer deprecated", where)
