"""An oracle by others, jsonschema-rs: it tells whether a page is as a document says."""

from __future__ import annotations

from datetime import datetime

import jsonschema_rs

from .document import Schema, page_schema

Oracle = jsonschema_rs.Draft202012Validator


def oracle_of(document: Schema) -> Oracle:
    """Return the oracle that knows a document, formats included."""
    formats = {"int64": is_int64, "date-time": is_moment}
    return Oracle(page_schema(document), validate_formats=True, formats=formats)


def complaints(oracle: Oracle, page: object) -> list[str]:
    """Return what is wrong with a page, each with where it is."""
    return [f"{'.'.join(map(str, error.instance_path))}: {error.message}" for error in oracle.iter_errors(page)]


def is_int64(text: str) -> bool:
    """Say whether a string is an int64 as ProtoJSON prints it."""
    return text == str(int(text)) and -(2**63) <= int(text) < 2**63 if text.lstrip("-").isdecimal() else False


def is_moment(text: str) -> bool:
    """Say whether a string is a time as ProtoJSON prints it: in UTC, within the years that it has."""
    return text.endswith("Z") and datetime.fromisoformat(text).year > 0
