"""The command `fields`: the specification to look things up in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Annotated

import typer
from rich.text import Text

from ._columns import Row
from ._escapes import json_text
from ._exits import Exit
from ._options import TextOrJson, TextOrJsonOption
from ._screens import Screen, say, screen, write
from ._specification import FieldEntry, entries

_INDENT = "    "


def fields(
    pattern: Annotated[
        str, typer.Argument(metavar="[PATTERN]", help="Part of a path, or a pattern such as '*_tunable'.")
    ] = "",
    values: Annotated[bool, typer.Option("--values", help="Say what each value of an enum means, too.")] = False,
    output: TextOrJsonOption = TextOrJson.TEXT,
) -> None:
    """List the fields of a model with their types and what the specification says of them; exit with 1 if none fits.

    The paths are what --columns, --filter and --order-by take.
    """
    found = [entry for entry in entries() if fits(pattern, entry.path)]
    here = screen()
    if output is TextOrJson.JSON:
        write(json_text([_row(entry) for entry in found], indent=2, ascii_only=here.ascii_only) + "\n")
    else:
        here.show(_paragraphs(found, here, values) if here.terminal else _aligned(found, values))
    if not found:
        say(f"fireworks-gateway: no field fits {pattern!r}{_advice(pattern)}")
        raise typer.Exit(Exit.NO)


def fits(pattern: str, path: str) -> bool:
    """Say whether a path is meant by a pattern, in either spelling; case does not count."""
    wanted, meant = pattern.lower(), (path, path.replace("_", ""))
    if any(each in pattern for each in "*?["):
        return any(fnmatchcase(each, wanted) for each in meant)
    return any(wanted in each for each in meant)


def _advice(pattern: str) -> str:
    """Return which fields are near what is misspelt, by the whole path or its last name."""
    names = dict.fromkeys(name for entry in entries() for name in (entry.path, entry.path.rpartition(".")[2]))
    meant = get_close_matches(pattern.lower(), names)
    return f"; did you mean {' or '.join(meant)}?" if meant else ""


def _row(entry: FieldEntry) -> Row:
    return {"path": entry.path, "type": entry.type, "doc": entry.doc, "values": entry.meanings}


def _aligned(found: Sequence[FieldEntry], values: bool) -> Iterator[Text]:
    """Return a line for each field, and for each value under it."""
    path_width = max((len(entry.path) for entry in found), default=0)
    type_width = max((len(entry.type) for entry in found), default=0)
    for entry in found:
        yield Text(f"{entry.path:{path_width}}  {entry.type:{type_width}}  {_on_one_line(entry.doc)}")
        width = max(map(len, entry.meanings), default=0)
        for value, meaning in entry.meanings.items() if values else ():
            yield Text(f"{_INDENT}{value:{width}}  {_on_one_line(meaning)}")


def _paragraphs(found: Sequence[FieldEntry], here: Screen, values: bool) -> Iterator[Text]:
    """Return a paragraph for each field, as wide as the terminal."""
    for entry in found:
        yield Text.assemble((entry.path, "bold"), "  ", (entry.type, "cyan"))
        yield from here.wrapped(Text(_INDENT), Text(_on_one_line(entry.doc), "dim"))
        width = max(map(len, entry.meanings), default=0)
        for value, meaning in entry.meanings.items() if values else ():
            yield from here.wrapped(Text(f"{_INDENT}{value:{width}}  "), Text(_on_one_line(meaning), "dim"))


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
