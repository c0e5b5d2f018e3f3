"""HTML for notebooks: tables of models and fields, escaped and cut to a readable length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from html import escape
from typing import Any

from ..errors import quote_value
from .fields import Field
from .messages import Message, fields_of
from .rows import Row, row_builder

MOST_ROWS = 30
"""Number of rows of a table; a line below it has the number of the others."""

_MOST_FIELDS = 100
_LONGEST = 120


def format_text(value: object) -> str:
    """Return a value as text for HTML, cut to 120 characters; None is empty."""
    # A value may be nested too deep for `str`.
    text = "" if value is None else quote_value(value, 1_000) if isinstance(value, (dict, list, tuple)) else str(value)
    return escape(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def format_code(value: object) -> str:
    """Return a text as code."""
    return f"<code>{escape(str(value))}</code>"


def format_table(names: Sequence[str], rows: Sequence[Sequence[object]], total: int, most: int = MOST_ROWS) -> str:
    """Return a table of the first rows, and the number of the others.

    Args:
        names: The titles of the columns.
        rows: The rows, or as many of them as are shown.
        total: The number of rows.
        most: The number of rows to show.
    """
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    shown = rows[:most]
    lines = [f"<tr>{''.join(f'<td>{format_text(cell)}</td>' for cell in row)}</tr>" for row in shown]
    left = total - len(shown)
    more = f"<p>… and {left:,} more</p>" if left > 0 else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>{more}"


def format_items(items: Sequence[Any]) -> str:
    """Return a table of messages, with the columns that identify them, or of rows."""
    if not items:
        return "<p>No items</p>"
    rows = [*map(_to_row, items[:MOST_ROWS])]
    names = list(dict.fromkeys(name for row in rows for name in row))
    return format_table(names, [[row.get(name) for name in names] for row in rows], len(items))


def _to_row(item: Any) -> Row:
    if not isinstance(item, Message):
        return item if isinstance(item, dict) else {"item": item}
    fields = fields_of(type(item)).items()
    columns = type(item)._summary or [each.path for _, each in fields if isinstance(each, Field)][:6]
    return row_builder(type(item), columns)(item) if columns else {"item": repr(item)}


def format_message(message: Message) -> str:
    """Return a table of the fields of a message that are set; inner messages are included by path."""
    rows = [*_set_fields(message)]
    return format_table(["field", "value"], rows, len(rows), most=_MOST_FIELDS)


def _set_fields(message: Message, above: str = "") -> Iterator[tuple[str, object]]:
    for name, value in message._set_values():
        if isinstance(value, Message):
            yield from _set_fields(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value.value if isinstance(value, Enum) else value
