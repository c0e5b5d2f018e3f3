"""Rows in the forms that programs read; the ones made for streams come batch by batch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any

from ._columns import Row
from ._escapes import json_text, printable, yaml_text


class Output(StrEnum):
    """The form of a listing."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    YAML = "yaml"
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
        ascii_only: Whether JSON and YAML escape all other characters.
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
        case Output.YAML:
            yield yaml_text([row for rows in batches for row in rows], ascii_only=ascii_only)
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
