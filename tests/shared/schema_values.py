"""JSON values of the schemas of the checked-in document."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from tests.shared.documents import Content, published, schemas

SCHEMAS = schemas(published())


def values_of(schema: Content, *, whole_items: bool = False) -> st.SearchStrategy[Any]:
    """Return values of a schema; with `whole_items` messages in lists have every property."""
    if "$ref" in schema:
        key = schema["$ref"].rpartition("/")[2]
        if SCHEMAS[key].get("properties", {}).keys() == {"year", "month", "day"}:
            days = st.dates().map(lambda day: {"year": day.year, "month": day.month, "day": day.day})
            return days | st.builds(lambda year: {"year": year}, st.integers(1, 9999))
        return st.sampled_from(SCHEMAS[key]["enum"]) if "enum" in SCHEMAS[key] else payloads_of(key, whole_items)
    match schema:
        case {"type": "array", "items": {"$ref": item}} if whole_items:
            properties = SCHEMAS[item.rpartition("/")[2]]["properties"]
            return st.lists(
                st.fixed_dictionaries({key: values_of(each) for key, each in properties.items()}), max_size=2
            )
        case {"type": "array", "items": items}:
            return st.lists(values_of(items), max_size=2)
        case {"type": "object"}:
            values = schema.get("additionalProperties")
            texts = st.text(max_size=3)
            return st.dictionaries(texts, values_of(values) if values else texts, max_size=2)
        case {"format": "date-time"}:
            times = st.datetimes(min_value=datetime(1, 1, 2), timezones=st.just(UTC))
            return times.map(lambda time: time.isoformat().replace("+00:00", "Z"))
        case {"format": "int64"}:
            return st.integers(-(2**63), 2**63 - 1).map(str)
        case _:
            return {
                "string": st.text(max_size=4),
                "integer": st.integers(-(2**31), 2**31 - 1),
                "boolean": st.booleans(),
                "number": st.floats(allow_nan=False, allow_infinity=False),
            }[schema["type"]]


def payloads_of(key: str, whole_items: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects of a schema, with the properties that it requires and any of the others."""
    properties = SCHEMAS[key].get("properties", {})
    values = {name: values_of(schema, whole_items=whole_items) for name, schema in properties.items()}
    required = {name: values.pop(name) for name in SCHEMAS[key].get("required", [])}
    return st.fixed_dictionaries(required, optional=values)
