"""Formats of a listing (JSON, CSV and Markdown), with control characters escaped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from math import isfinite, isnan
from typing import Any, TypeGuard

from ._columns import Row


def printable(text: str) -> str:
    """Return a text for one line: what would move the cursor, colour the terminal or hide is escaped."""
    return text if text.isprintable() else "".join(map(_shown, text))


def without_queries(text: str) -> str:
    """Return a text in which addresses end before their query: of a listing it is longer than all else that is said."""
    return re.sub(r"(https?://[^\s?]+)\?\S+", r"\1", text)


def _shown(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode()


def _escaped(text: str, ascii_only: bool) -> str:
    """Return JSON with escapes for what does not print, or is not ASCII where that is wanted."""
    if text.isascii() and "\x7f" not in text:
        return text
    return "".join(
        each if each == "\n" or (each.isprintable() and not (ascii_only and each > "\x7f")) else _json_escape(each)
        for each in text
    )


def _json_escape(character: str) -> str:
    # Beyond 16 bits JSON has a pair of surrogates.
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _is_object(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _is_array(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def plain(value: object) -> Any:
    """Return a value as JSON can hold it: numbers that are none become text, as ProtoJSON has them."""
    if isinstance(value, float) and not isfinite(value):
        return "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if _is_object(value):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if _is_array(value) else value


def json_text(value: object, *, indent: int | None = None, ascii_only: bool = False) -> str:
    """Return a value as JSON that a terminal can show; read back, it is the same value."""
    return _escaped(json.dumps(plain(value), ensure_ascii=False, indent=indent), ascii_only)


class Output(StrEnum):
    """The form of a listing."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "markdown"

    @property
    def streams(self) -> bool:
        """Whether what came before a failure stands, so that a later run can go on from there."""
        return self in (Output.JSONL, Output.CSV)


def texts(
    output: Output,
    batches: Iterable[Sequence[Row]],
    names: Sequence[str],
    *,
    ascii_only: bool = False,
    escape: bool = False,
    header: bool = True,
) -> Iterator[str]:
    """Return rows as text in a form other than a table, in parts to write one after the other.

    Args:
        output: The form.
        batches: The rows, as they come.
        names: The columns, for the forms that have a header.
        ascii_only: Whether JSON escapes all other characters.
        escape: Whether CSV escapes what a terminal would obey.
        header: Whether CSV begins with its header.
    """
    match output:
        case Output.JSONL:
            for rows in batches:
                yield "".join(f"{json_text(row, ascii_only=ascii_only)}\n" for row in rows)
        case Output.CSV:
            heading = csv_text([names]) if header else ""
            for rows in batches:  # A header alone would be in the way of the run that is made in place of this one.
                yield heading + csv_text([[csv_cell(row[name], escape=escape) for name in names] for row in rows])
                heading = ""
            yield heading
        case Output.MARKDOWN:
            yield markdown_text(names, [row for rows in batches for row in rows])
        case _:
            yield json_text([row for rows in batches for row in rows], indent=2, ascii_only=ascii_only) + "\n"


def csv_text(lines: Iterable[Sequence[str]]) -> str:
    """Return lines of cells as CSV (RFC 4180), with line ends as the tools of a shell have them."""
    return "".join(",".join(_quoted(cell, alone=len(line) == 1) for cell in line) + "\n" for line in lines)


def _quoted(cell: str, *, alone: bool) -> str:
    # The csv module of Python 3.11 leaves a carriage return bare, and then reads it as the end of the line.
    if re.search(r"[\",\r\n]", cell) or (alone and not cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def csv_cell(value: Any, *, escape: bool = False) -> str:
    """Return a cell of CSV: text as it is, nothing as nothing, all else as JSON."""
    text = "" if value is None else value if isinstance(value, str) else json_text(value)
    return printable(text) if escape else text


def markdown_text(names: Sequence[str], rows: Iterable[Row]) -> str:
    """Return rows as a table of Markdown."""
    lines = [[*map(_markdown, names)], ["---"] * len(names)]
    lines += [[_markdown(csv_cell(row[name])) for name in names] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _markdown(text: str) -> str:
    return re.sub(r"[\\`*\[\]<>|&]", r"\\\g<0>", printable(text))
