"""An independent oracle, jsonschema-rs: it validates a page against a document."""

from datetime import datetime

import jsonschema_rs

from tests.shared.documents import Content

from .document import page_schema

Oracle = jsonschema_rs.Draft202012Validator


def oracle_of(document: Content) -> Oracle:
    """Return the validator of a document, formats included."""
    formats = {"int64": is_int64, "date-time": is_moment}
    return Oracle(page_schema(document), validate_formats=True, formats=formats)


def errors_in(oracle: Oracle, page: object) -> list[str]:
    """Return the errors of a page, each with its place."""
    return [f"{'.'.join(map(str, error.instance_path))}: {error.message}" for error in oracle.iter_errors(page)]


def is_int64(text: str) -> bool:
    """Return whether a string is an int64 as ProtoJSON prints it."""
    return text == str(int(text)) and -(2**63) <= int(text) < 2**63 if text.lstrip("-").isdecimal() else False


def is_moment(text: str) -> bool:
    """Return whether a string is a time as ProtoJSON prints it: in UTC, in its range of years."""
    return text.endswith("Z") and datetime.fromisoformat(text).year > 0
