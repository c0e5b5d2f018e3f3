"""Output can be read back, and cannot control a terminal."""

import csv
import io
import json
import re
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from fireworks_gateway.cli._output import (
    Output,
    column_titles,
    csv_cell,
    fit_columns,
    format_csv,
    format_json,
    format_markdown,
    format_rows,
    table_lines,
)
from fireworks_gateway.cli._screen import Screen, escape_unprintable
from fireworks_gateway.testing import FakeGateway, faults, model_payload
from tests.shared.command_lines import run_demo, run_with

ANY_TEXT = st.text(st.characters(), max_size=20) | st.text("\\|=-'1,\"\r\n", max_size=5)  # With surrogates, too.
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | ANY_TEXT
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4), max_leaves=12
)
NAMES = ("name", "a.b", "c")
ROWS = st.lists(st.fixed_dictionaries({name: SCALARS | st.lists(ANY_TEXT, max_size=3) for name in NAMES}), max_size=4)
PIPE = Screen(terminal=False, width=0, color=False, ascii_only=False)

COLUMNS = "name,kind,context_length,base_model_details.moe,create_time,serving"


def terminal(width: int) -> Screen:
    """Return a terminal without colours."""
    return Screen(terminal=True, width=width, color=False, ascii_only=False)


@given(VALUES, st.booleans())
def test_json_reads_back(value: Any, ascii_only: bool) -> None:
    """As the same value, from printable characters, or from ASCII."""
    text = format_json(value, ascii_only=ascii_only)
    assert json.loads(text) == value
    assert text.isprintable()
    assert text.isascii() or not ascii_only


def test_infinity_and_nan_are_text_in_json() -> None:
    """As in ProtoJSON."""
    values = [float("nan"), float("inf"), {"a": float("-inf")}]
    assert format_json(values) == '["NaN", "Infinity", {"a": "-Infinity"}]'


FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
CONTROL = re.compile(r"\r(?!\n)|[^\r\t\n -~\xa0-\U0010ffff]")


def read_csv_cell(cell: str) -> str:
    """Return the text of a cell without the apostrophe that keeps spreadsheets from executing it."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(tuple(FORMULA)) else cell


def escape(found: re.Match[str]) -> str:
    """Return a character as an escape sequence."""
    return found[0].encode("unicode_escape").decode()


@given(ROWS)
def test_csv_reads_back(rows: list[dict[str, Any]]) -> None:
    r"""Text reads back as it was, but for control characters, and other values as JSON; lines end with `\n`."""
    text = "".join(format_rows("csv", [rows], NAMES, PIPE))
    header, *lines = csv.reader(io.StringIO(text, newline=""))
    assert tuple(header) == NAMES
    for row, line in zip(rows, lines, strict=True):
        for value, cell in zip((row[name] for name in NAMES), line, strict=True):
            if not isinstance(value, str):
                assert cell == ("" if value is None else format_json(value))
            else:
                assert read_csv_cell(cell) == CONTROL.sub(escape, value)
    assert format_csv([["a", "b"]]) == "a,b\n"


@given(st.from_regex(rf"'{{0,2}}[{re.escape(FORMULA)}a0].{{0,5}}", fullmatch=True))
def test_no_cell_is_a_formula(text: str) -> None:
    """No cell but a number begins with a character that spreadsheets execute, and the text can be read back."""
    for cell in (csv_cell(text), csv_cell(text, escape=True)):
        assert not cell.startswith(tuple(FORMULA)) or re.fullmatch(r"[+-][0-9]+(\.[0-9]+)?", cell)
    assert read_csv_cell(csv_cell(text)) == CONTROL.sub(escape, text)
    assert [csv_cell(each) for each in (-5, -1.5, "-5", "+3.25", "=1", "'=1")] == "-5 -1.5 -5 +3.25 '=1 ''=1".split()


@given(ROWS)
def test_markdown_has_a_line_for_each_row(rows: list[dict[str, Any]]) -> None:
    """Each line has one cell for each column."""
    header, rule, *lines = format_markdown(NAMES, rows).splitlines()
    assert rule == "| --- | --- | --- |"
    assert len(lines) == len(rows)
    for line in [header, *lines]:
        assert len(re.split(r"(?<!\\)(?:\\\\)*\|", line)) == len(NAMES) + 2


@given(ROWS)
def test_a_table_in_a_pipe_has_a_line_for_each_row(rows: list[dict[str, Any]]) -> None:
    """Its lines are printable and aligned."""
    lines = table_lines(NAMES, rows, PIPE)
    assert len(lines) == len(rows) + 1
    assert all(line.plain.isprintable() for line in lines)
    assert len({line.cell_len for line in lines}) == 1


@given(ROWS, st.builds(terminal, st.integers(1, 60)) | st.just(PIPE))
def test_a_table_shows_every_chosen_column(rows: list[dict[str, Any]], screen: Screen) -> None:
    """On a narrow terminal in a block for each row; no cell is cut."""
    shown = "\n".join(line.plain for line in table_lines(NAMES, rows, screen))
    for row in rows:
        assert all(escape_unprintable(each) in shown for each in row.values() if isinstance(each, str))


@given(ROWS, st.integers(1, 200))
def test_a_narrow_terminal_drops_default_columns(rows: list[dict[str, Any]], width: int) -> None:
    """As few as possible, from the right; a pipe gets all of them."""
    needed = [table_lines(NAMES[:count], rows, terminal(10_000))[0].cell_len for count in range(1, len(NAMES) + 1)]
    shown = fit_columns(NAMES, rows, terminal(width))
    assert shown == NAMES[: max(1, sum(each <= width for each in needed))]
    assert fit_columns(NAMES, rows, PIPE) == NAMES


@given(st.text("ab c", max_size=60), st.integers(0, 30), st.integers(10, 120))
def test_a_wrapped_text_fits_the_terminal(text: str, label: int, width: int) -> None:
    """Every word is kept, beside the label or under it."""
    lines = [line.plain for line in terminal(width).wrap(Text("-" * label), Text(text))]
    assert max(len(line.rstrip()) for line in lines) <= max(width, label)
    assert "".join(lines).replace(" ", "") == "-" * label + text.replace(" ", "")


@given(ANY_TEXT)
def test_unprintable_characters_are_escaped(text: str) -> None:
    """Printable text is unchanged."""
    assert escape_unprintable(text).isprintable()
    assert not text.isprintable() or escape_unprintable(text) == text


def test_titles_are_the_last_names_of_paths() -> None:
    """If two columns share that name, their titles are whole paths."""
    assert column_titles(["name", "a.b", "c.d", "e.d", "map.`k.x`"]) == ["name", "b", "c.d", "e.d", "map.`k.x`"]


def parse_rows(output: str, text: str) -> list[list[str]]:
    """Parse the cells of a listing, as CSV prints them."""
    if output in ("json", "jsonl"):
        rows = json.loads(text) if output == "json" else map(json.loads, text.splitlines())
        return [[cell if isinstance(cell, str) else csv_cell(cell) for cell in row.values()] for row in rows]
    if output == "csv":
        return list(csv.reader(io.StringIO(text)))[1:]
    if output == "markdown":
        lines = [re.sub(r"\\(.)", r"\1", line) for line in text.splitlines()[2:]]
        return [[*line.strip("| ").split(" | ")] for line in lines]
    table = [re.split(r" {2,}", line.rstrip()) for line in text.splitlines()[1:]]
    return [["" if cell == "-" else cell for cell in line] for line in table]


@pytest.mark.parametrize("output", [each for each in get_args(Output) if each not in ("json", "names")])
def test_all_formats_contain_the_same_rows(output: str) -> None:
    """The same models in the same order with the same cells."""
    query = ["--on", "2026-11-21", "--filter", "base_model_details.parameter_count > 0", "--limit", "40"]
    expected = parse_rows("json", run_demo("models", "list", *query, "-c", COLUMNS, "-o", "json").out)
    assert len(expected) == 40
    assert parse_rows(output, run_demo("models", "list", *query, "-c", COLUMNS, "-o", output).out) == expected


@pytest.mark.parametrize("output", get_args(Output))
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_a_hostile_name_is_harmless(output: str, encoding: str) -> None:
    """Control characters, surrogates and all scripts, whatever the stream can encode."""
    name = "モデル \x1b[2J\x9b31m\u202e\ud800 \U0001f680\r\n|`a`"
    page = {"models": [model_payload(name="accounts/fireworks/models/m", displayName=name)]}
    gateway = FakeGateway(faults=[faults.respond(200, json.dumps(page).encode())])
    arguments = ["models", "list", "-c", "display_name,name", "-o", output]
    status, out, err = run_with(gateway, *arguments, encoding=encoding)
    assert (status, err) == (0, "")
    if output in ("json", "jsonl"):
        assert parse_rows(output, out)[0][0] == name
    assert not {"\x1b", "\x9b"} & {*out}
    if output != "csv":  # In a pipe CSV keeps line breaks and everything but control characters.
        assert not {"\u202e", "\r"} & {*out}


def test_csv_on_a_terminal_is_escaped() -> None:
    """Only a pipe gets line breaks and directions of text; neither gets a control character."""
    row = {"name": "\x1b[2J \r\n\u202e"}
    assert "".join(format_rows("csv", [[row]], ["name"], terminal(80))) == "name\n\\x1b[2J \\r\\n\\u202e\n"
    assert "".join(format_rows("csv", [[row]], ["name"], PIPE)) == 'name\n"\\x1b[2J \r\n\u202e"\n'


@pytest.mark.parametrize(("output", "text"), [("json", "[]\n"), ("jsonl", ""), ("csv", "name\n"), ("table", "name\n")])
def test_an_empty_listing_is_valid_in_every_format(output: str, text: str) -> None:
    """A header or brackets, without a row."""
    assert run_demo("models", "list", "--limit", "0", "-c", "name", "-o", output) == (0, text, "")
