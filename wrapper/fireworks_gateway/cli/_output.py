"""Output formats: tables, JSON, CSV and Markdown."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, TypeAlias

from rich.cells import cell_len
from rich.text import Text

from ._columns import Cells
from ._screen import Screen, detect_screen, escape_unprintable, write

Output: TypeAlias = Literal["table", "json", "jsonl", "csv", "markdown", "names"]
"""The format of a listing; jsonl and csv are written page by page, so that a later run can resume."""


def print_rows(output: Output, batches: Iterable[Sequence[Cells]], names: Sequence[str], header: bool = True) -> None:
    """Print rows to standard output, each batch as it comes where the format allows it."""
    screen = detect_screen()
    if output == "table":
        screen.print_lines(table_lines(names, [row for rows in batches for row in rows], screen))
    else:
        for text in format_rows(output, batches, names, screen, header=header):
            write(text)


def print_json(value: object) -> None:
    """Print a value to standard output as one JSON document."""
    write(f"{format_json(value, indent=2, ascii_only=detect_screen().ascii_only)}\n")


def print_report(output: str, document: Callable[[], object], lines: Iterable[Text]) -> None:
    """Print a report as JSON, or as lines of text; only the chosen form is computed."""
    if output == "json":
        print_json(document())
    else:
        detect_screen().print_lines(lines)


def format_rows(
    output: Output, batches: Iterable[Sequence[Cells]], names: Sequence[str], screen: Screen, *, header: bool = True
) -> Iterator[str]:
    """Format rows in a format other than a table; yield consecutive parts of the text."""
    if output == "jsonl":
        for rows in batches:
            yield "".join(f"{format_json(row, ascii_only=screen.ascii_only)}\n" for row in rows)
    elif output == "names":
        for rows in batches:
            yield "".join(f"{escape_unprintable(str(row['name']))}\n" for row in rows)
    elif output == "csv":
        heading = format_csv([names]) if header else ""
        for rows in batches:  # The header waits for the first batch: a listing that fails before writes nothing.
            lines = [[csv_cell(row[name], escape=screen.terminal) for name in names] for row in rows]
            yield heading + format_csv(lines)
            heading = ""
        yield heading
    else:
        rows = [row for batch in batches for row in batch]
        document = f"{format_json(rows, indent=2, ascii_only=screen.ascii_only)}\n"
        yield format_markdown(names, rows) if output == "markdown" else document


def format_json(value: object, *, indent: int | None = None, ascii_only: bool = False) -> str:
    """Format a value as JSON in printable characters, which reads back as the same value."""

    def escape(found: re.Match[str]) -> str:
        return found[0] if found[0].isprintable() and not ascii_only else json.dumps(found[0])[1:-1]

    finite = json.loads(json.dumps(value), parse_constant=str)  # NaN and infinities become text, as in ProtoJSON.
    text = json.dumps(finite, ensure_ascii=False, indent=indent)
    return re.sub(r"[^\x00-\x7f]", escape, text).replace("\x7f", "\\u007f")


def format_csv(lines: Iterable[Sequence[str]]) -> str:
    r"""Format lines of cells as CSV (RFC 4180), with `\n` as the end of a line."""
    return "".join(map(_format_csv_line, lines))


def _format_csv_line(cells: Sequence[str]) -> str:
    # Up to Python 3.12 a carriage return is quoted only if the end of a line has one.
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().removesuffix("\r\n") + "\n"


def csv_cell(value: Any, *, escape: bool = False) -> str:
    """Return the text of a CSV cell: text, None as an empty cell, other values as JSON.

    Text that a spreadsheet may execute, with or without apostrophes, begins with one more apostrophe. Control
    characters are escaped, except tabs and line breaks; with `escape` every unprintable character.
    """
    if not isinstance(value, str):
        return _cell_text(value)
    text = escape_unprintable(value) if escape else _CONTROL.sub(lambda found: escape_unprintable(found[0]), value)
    return f"'{text}" if _is_formula(text) and not _is_decimal(text) else text


# The characters that OWASP lists under "CSV injection", and the wide forms of the first four.
_is_formula = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]").match
_is_decimal = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?").fullmatch
_CONTROL = re.compile(r"(?!\r\n)[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def format_count(number: int, noun: str) -> str:
    """Return a number with its noun: 1 model, 2,000 models."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else format_json(value)


def format_markdown(names: Sequence[str], rows: Iterable[Cells]) -> str:
    """Format rows as a Markdown table."""
    lines = [[*map(_escape_for_markdown, names)], ["---"] * len(names)]
    lines += [[_escape_for_markdown(_cell_text(row[name])) for name in names] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _escape_for_markdown(text: str) -> str:
    return re.sub(r"[\\`*\[\]<>|&]", r"\\\g<0>", escape_unprintable(text))


GAP = "  "

_is_time = re.compile(r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]+)?Z").fullmatch

SERVING_STYLES = {"AVAILABLE": "green", "ENDING": "yellow", "ENDED": "red", "UNKNOWN": "magenta"}
"""The style of each serving status; the others are dim."""


def table_lines(names: Sequence[str], rows: Sequence[Cells], screen: Screen) -> list[Text]:
    """Return a table: a header and one line for each row, or one block for each row if the terminal is too narrow."""
    titles, cells, widths = _lay_out(names, rows, screen)
    styles = [[_cell_style(name, row) for name in names] for row in rows]
    if len(names) > 1 and not _is_room_for(widths, screen):
        return [line for row, style in zip(cells, styles, strict=True) for line in _row_block(titles, row, style)]
    columns = [[row[name] for row in rows if row[name] is not None] for name in names]
    aligns = ["right" if column and all(map(_is_number, column)) else "left" for column in columns]
    lines = zip([titles, *cells], [["bold"] * len(names), *styles], strict=True)
    return [_table_line(row, widths, aligns, style) for row, style in lines]


def fit_columns(names: Sequence[str], rows: Sequence[Cells], screen: Screen) -> Sequence[str]:
    """Return the columns that fit side by side, from the left; at least the first."""
    _, _, widths = _lay_out(names, rows, screen)
    fitting = (count for count in range(len(names), 1, -1) if _is_room_for(widths[:count], screen))
    return names[: next(fitting, 1)]


def _lay_out(
    names: Sequence[str], rows: Sequence[Cells], screen: Screen
) -> tuple[list[str], list[list[str]], list[int]]:
    """Return the titles, the cells as text, and the widths of columns."""
    titles = column_titles(names)
    cells = [[cell_text(row[name], person=screen.terminal, name=name) for name in names] for row in rows]
    return titles, cells, [max(map(cell_len, column)) for column in zip(titles, *cells, strict=True)]


def _is_room_for(widths: Sequence[int], screen: Screen) -> bool:
    return not screen.terminal or sum(widths) + len(GAP) * (len(widths) - 1) <= screen.width


def column_titles(names: Sequence[str]) -> list[str]:
    """Return the titles of columns: the last name of a path, or the whole path if two columns share that name."""
    lasts = [name if "`" in name else name.rpartition(".")[2] for name in names]
    short = [last if lasts.count(last) == 1 else name for last, name in zip(lasts, names, strict=True)]
    return [*map(escape_unprintable, short)]


def cell_text(value: Any, *, person: bool, name: str = "") -> str:
    """Return the text of a table cell, on one line, for a person or for a program; `name` is that of the column."""
    if not person:
        return "-" if value in (None, "") else escape_unprintable(_cell_text(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        if name.endswith("parameter_count") and value >= 10**6:
            return f"{value / 10**9:,.1f}B" if value >= 10**9 else f"{value / 10**6:,.0f}M"
        return f"{value:,}"
    if isinstance(value, str) and name and _is_time(value):
        return f"{value[:10]} {value[11:16]}"
    return escape_unprintable(_cell_text(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _table_line(cells: Sequence[str], widths: Sequence[int], aligns: Sequence[Any], styles: Sequence[str]) -> Text:
    columns = [Text(cell, style) for cell, style in zip(cells, styles, strict=True)]
    for column, width, align in zip(columns, widths, aligns, strict=True):
        column.align(align, width)
    return Text(GAP).join(columns)


def _cell_style(name: str, row: Cells) -> str:
    is_styled = "serving" in row and name in ("serving", "days_left", "deprecation_date")
    return SERVING_STYLES.get(row["serving"], "dim") if is_styled else ""


def _row_block(titles: Sequence[str], cells: Sequence[str], styles: Sequence[str]) -> Iterator[Text]:
    width = max(map(cell_len, titles))
    for title, cell, style in zip(titles, cells, styles, strict=True):
        yield Text.assemble((f"{title}{' ' * (width - cell_len(title))}{GAP}", "bold"), (cell, style))
    yield Text()
