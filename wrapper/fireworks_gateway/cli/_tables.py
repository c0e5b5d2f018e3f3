"""Rows as a table: aligned, as wide as it needs to be in a pipe, and for a person as narrow as the terminal is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from fireworks_gateway import ServingStatus

from ._columns import Row
from ._escapes import json_text, printable
from ._screens import Screen

GAP = "  "

_is_time = re.compile(r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]+)?Z").fullmatch

_State = ServingStatus.State

STYLES = {
    _State.AVAILABLE.value: "green",
    _State.ENDING.value: "yellow",
    _State.ENDED.value: "red",
    _State.NOT_SERVERLESS.value: "dim",
    _State.NOT_READY.value: "dim",
    _State.UNKNOWN.value: "magenta",
}
"""The colour of each serving status."""


def table_lines(names: Sequence[str], rows: Sequence[Row], screen: Screen) -> list[Text]:
    """Return a table's lines: a header and a line a row; where that is too wide for a terminal, a block a row."""
    titles, cells = titles_of(names), _cells(names, rows, screen)
    widths = _widths(titles, cells)
    if len(names) > 1 and not _fits(widths, screen):
        blocks = (_block(titles, line, _styles(row, names)) for line, row in zip(cells, rows, strict=True))
        return [line for block in blocks for line in block]
    right = [_are_numbers([row[name] for row in rows if row[name] is not None]) for name in names]
    header = _line(titles, widths, right, ["bold"] * len(names))
    return [header, *(_line(line, widths, right, _styles(row, names)) for line, row in zip(cells, rows, strict=True))]


def fitting(names: Sequence[str], rows: Sequence[Row], screen: Screen) -> Sequence[str]:
    """Return the columns of a table for which there is room side by side, from the left; at least the first."""
    widths = _widths(titles_of(names), _cells(names, rows, screen))
    return next((names[:count] for count in range(len(names), 1, -1) if _fits(widths[:count], screen)), names[:1])


def _cells(names: Sequence[str], rows: Sequence[Row], screen: Screen) -> list[list[str]]:
    if not screen.terminal:
        return [[cell_text(row[name], person=False) for name in names] for row in rows]
    return [[_shortened(name, row[name]) for name in names] for row in rows]


def _widths(titles: Sequence[str], cells: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(cell_len, (title, *(line[at] for line in cells))), default=0) for at, title in enumerate(titles)]


def _fits(widths: Sequence[int], screen: Screen) -> bool:
    return not screen.terminal or sum(widths) + len(GAP) * (len(widths) - 1) <= screen.width


def titles_of(names: Sequence[str]) -> list[str]:
    """Return the titles of columns: the last name of each path, or all of it where two would be the same."""
    lasts = [name if "`" in name else name.rpartition(".")[2] for name in names]
    return [printable(last if lasts.count(last) == 1 else name) for last, name in zip(lasts, names, strict=True)]


def cell_text(value: Any, *, person: bool) -> str:
    """Return a cell as text on one line: for a person to read, or for a program, for which a dash is nothing."""
    if value is None or value == "":
        return "" if person else "-"
    if isinstance(value, bool):
        return ("yes" if value else "no") if person else ("true" if value else "false")
    if isinstance(value, int):
        return f"{value:,}" if person else str(value)
    return printable(value if isinstance(value, str) else json_text(value))


def _shortened(name: str, value: Any) -> str:
    """Return a cell for a person's table: parameters are counted in billions, or what is less, times in minutes."""
    if name.endswith("parameter_count") and isinstance(value, int) and value >= 10**6:
        return f"{value / 10**9:,.1f}B" if value >= 10**9 else f"{value / 10**6:,.0f}M"
    if isinstance(value, str) and _is_time(value):
        return f"{value[:10]} {value[11:16]}"
    return cell_text(value, person=True)


def _are_numbers(values: Sequence[Any]) -> bool:
    return bool(values) and all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in values)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool], styles: Sequence[str]) -> Text:
    line = Text()
    for at, (cell, style) in enumerate(zip(cells, styles, strict=True)):
        padding = " " * (widths[at] - cell_len(cell))
        line.append(GAP if at else "")
        line.append(f"{padding}{cell}" if right[at] else f"{cell}{padding}", style)
    return line


def _styles(row: Row, names: Sequence[str]) -> list[str]:
    serving = STYLES.get(str(row.get("serving")), "")
    return [serving if name in ("serving", "days_left", "deprecation_date") else "" for name in names]


def _block(titles: Sequence[str], cells: Sequence[str], styles: Sequence[str]) -> Iterator[Text]:
    width = max(map(cell_len, titles))
    for title, cell, style in zip(titles, cells, styles, strict=True):
        yield Text.assemble((f"{title}{' ' * (width - cell_len(title))}{GAP}", "bold"), (cell, style))
    yield Text()
