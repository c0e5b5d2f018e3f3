"""What the command line prints can be read back, and does nothing to a terminal."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from fireworks_gateway.cli._output import (
    Output,
    csv_cell,
    csv_text,
    json_text,
    markdown_text,
    plain,
    printable,
    texts,
)
from fireworks_gateway.cli._screen import Screen, fitting, table_lines, titles_of
from fireworks_gateway.testing import FakeGateway, faults, model_payload
from tests.shared.command_lines import demo, ran

ANY_TEXT = st.text(st.characters(), max_size=20)  # Half surrogates, controls and all.
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | ANY_TEXT
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4), max_leaves=12
)
NAMES = ("name", "a.b", "c")
ROWS = st.lists(st.fixed_dictionaries({name: SCALARS | st.lists(ANY_TEXT, max_size=3) for name in NAMES}), max_size=5)
PIPE = Screen(terminal=False, width=0, colour=False, ascii_only=False)

COLUMNS = "name,kind,context_length,base_model_details.moe,base_model_details.huggingface_files,create_time,serving"


@given(VALUES, st.booleans())
def test_json_reads_back(value: Any, ascii_only: bool) -> None:
    """As the same value, from text that is all printable, and all ASCII where that is wanted."""
    text = json_text(value, ascii_only=ascii_only)
    assert json.loads(text) == value
    assert text.isprintable()
    assert text.isascii() or not ascii_only


def test_numbers_that_are_none_are_text() -> None:
    """Neither JSON nor ProtoJSON has another way to say them."""
    assert json_text([float("nan"), {"a": float("-inf")}]) == '["NaN", {"a": "-Infinity"}]'
    assert plain(float("inf")) == "Infinity"


@given(ROWS)
def test_csv_reads_back(rows: list[dict[str, Any]]) -> None:
    """Text as it was, line ends included; all else as JSON."""
    text = "".join(texts(Output.CSV, [rows], NAMES))
    header, *lines = csv.reader(io.StringIO(text, newline=""))
    assert tuple(header) == NAMES
    assert lines == [[csv_cell(row[name]) for name in NAMES] for row in rows]


@given(ROWS)
def test_markdown_has_a_line_for_each_row(rows: list[dict[str, Any]]) -> None:
    """With as many cells as columns, whatever is in them."""
    header, rule, *lines = markdown_text(NAMES, rows).splitlines()
    assert rule == "| --- | --- | --- |"
    assert len(lines) == len(rows)
    for line in [header, *lines]:
        assert len(re.split(r"(?<!\\)(?:\\\\)*\|", line)) == len(NAMES) + 2


def test_a_backslash_hides_no_bar_in_markdown() -> None:
    """Each is escaped by itself, so that the cell ends where it should."""
    assert markdown_text(["a"], [{"a": "\\|"}]).splitlines()[2] == r"| \\\| |"


@given(ROWS)
def test_a_table_in_a_pipe_has_a_line_for_each_row(rows: list[dict[str, Any]]) -> None:
    """Printable, uncut, and aligned."""
    lines = table_lines(NAMES, rows, PIPE)
    assert len(lines) == len(rows) + 1
    assert all(line.plain.isprintable() for line in lines)
    assert len({line.cell_len for line in lines}) == 1
    for line, row in zip(lines[1:], rows, strict=True):
        for value in row.values():
            assert not isinstance(value, str) or printable(value) in line.plain


@given(ROWS, st.integers(1, 60))
def test_a_terminal_shows_every_column_that_was_asked_for(rows: list[dict[str, Any]], width: int) -> None:
    """In a line each where it is wide enough, else in blocks; nothing is cut."""
    narrow = Screen(terminal=True, width=width, colour=False, ascii_only=False)
    shown = "\n".join(line.plain for line in table_lines(NAMES, rows, narrow))
    for row in rows:
        for value in row.values():
            assert not isinstance(value, str) or printable(value) in shown


@given(ROWS, st.integers(1, 200))
def test_columns_that_nobody_asked_for_fit_or_are_left_out(rows: list[dict[str, Any]], width: int) -> None:
    """From the right, no more than has to be; the first is always there, and a pipe has all."""
    narrow = Screen(terminal=True, width=width, colour=False, ascii_only=False)
    wide = Screen(terminal=True, width=10_000, colour=False, ascii_only=False)
    needed = [table_lines(NAMES[:count], rows, wide)[0].cell_len for count in range(1, len(NAMES) + 1)]
    shown = fitting(NAMES, rows, narrow)
    assert shown == NAMES[: max(1, sum(each <= width for each in needed))]
    assert fitting(NAMES, rows, PIPE) == NAMES


@given(st.text("ab c", max_size=60), st.integers(0, 30), st.integers(10, 120))
def test_a_text_beside_a_label_is_as_wide_as_the_terminal(text: str, label: int, width: int) -> None:
    """It goes under the label where there is no room beside it; every word is there."""
    terminal = Screen(terminal=True, width=width, colour=False, ascii_only=False)
    lines = [line.plain for line in terminal.wrapped(Text("-" * label), Text(text))]
    assert max(len(line.rstrip()) for line in lines) <= max(width, label)
    assert "".join(lines).replace(" ", "") == "-" * label + text.replace(" ", "")


@given(ANY_TEXT)
def test_what_is_printable_stays_and_all_else_is_escaped(text: str) -> None:
    """So that no value moves the cursor, colours what follows, or turns the direction of a line."""
    assert printable(text).isprintable()
    assert not text.isprintable() or printable(text) == text


def test_titles_are_short_where_that_is_clear() -> None:
    """The last name of a path, or the whole of it where two columns have the same."""
    assert titles_of(["name", "a.b", "c.d", "e.d", "map.`k.x`"]) == ["name", "b", "c.d", "e.d", "map.`k.x`"]


def rows_in(output: str, text: str) -> list[list[str]]:
    """Return the cells of what was printed, in the words that CSV has for them."""
    if output == "json":
        return [[csv_cell(cell) for cell in row.values()] for row in json.loads(text)]
    if output == "jsonl":
        return [[csv_cell(cell) for cell in json.loads(line).values()] for line in text.splitlines()]
    if output == "csv":
        return list(csv.reader(io.StringIO(text)))[1:]
    if output == "markdown":
        lines = [re.sub(r"\\(.)", r"\1", line) for line in text.splitlines()[2:]]
        return [[*line.strip("| ").split(" | ")] for line in lines]
    table = [re.split(r" {2,}", line.rstrip()) for line in text.splitlines()[1:]]
    return [["" if cell == "-" else cell for cell in line] for line in table]


@pytest.mark.parametrize("output", [each.value for each in Output])
def test_all_forms_hold_the_same_rows(output: str) -> None:
    """The same models in the same order with the same cells, for the whole of the catalogue."""
    arguments = ["models", "list", "--on", "2026-11-21", "--filter", "base_model_details.parameter_count > 0"]
    wanted = rows_in("json", demo(*arguments, "-c", COLUMNS, "-o", "json").out)
    assert len(wanted) > 200
    assert rows_in(output, demo(*arguments, "-c", COLUMNS, "-o", output).out) == wanted


@pytest.mark.parametrize("output", [each.value for each in Output])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_a_hostile_name_is_only_a_name(output: str, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Escapes, half surrogates and all scripts are printed by every form, whatever the stream can encode."""
    name = "モデル \x1b[2J\x9b31m\u202e\ud800 \U0001f680\r\n|`a`"
    page = {"models": [model_payload(name="accounts/fireworks/models/m", displayName=name)]}
    gateway = FakeGateway(faults=[faults.answered(200, json.dumps(page).encode())])
    with gateway.serve() as url:
        for key, value in gateway.environment(url).items():
            monkeypatch.setenv(key, value)
        status, out, err = ran("models", "list", "-c", "display_name,name", "-o", output, encoding=encoding)
    assert (status, err) == (0, "")
    if output in ("json", "jsonl"):
        assert rows_in(output, out)[0][0] == name
    if output != "csv":  # Which holds the text as it is, where no terminal obeys it.
        assert not {"\x1b", "\x9b", "\u202e", "\r"} & {*out}


def test_an_empty_listing_is_one_in_every_form() -> None:
    """A header or brackets, and no row."""
    wanted = {"json": "[]\n", "jsonl": "", "csv": "name\n", "table": "name\n"}
    for output, text in wanted.items():
        assert demo("models", "list", "--limit", "0", "-c", "name", "-o", output) == (0, text, "")


def test_lines_of_csv_end_as_everywhere_on_this_system() -> None:
    """So that other tools of the shell read them."""
    assert csv_text([["a", "b"]]) == "a,b\n"
