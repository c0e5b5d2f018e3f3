"""The commands `models show` and `fields`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated

import typer
from rich.text import Text

from fireworks_gateway import FieldError, Model, Unrecognized, describe

from ._columns import FieldEntry, Row, cell_of, entries
from ._exits import Exit
from ._options import AccountOption, OnOption, TextOrJson, TextOrJsonOption, connection_of, today
from ._output import json_text, printable
from ._screen import STYLES, Screen, cell_text, say, screen, write

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


class Reading(StrEnum):
    """The form of one model."""

    TEXT = "text"
    JSON = "json"


def show_model(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="accounts/ID/models/ID, or the model's id alone.")],
    output: Annotated[
        Reading, typer.Option("--output", "-o", metavar="FORM", help="In which form: text or json.")
    ] = Reading.TEXT,
    on: OnOption = None,
    account_id: AccountOption = None,
) -> None:
    """Show one model: whether it can be called, and every field that is set, with what its values mean."""
    connection = connection_of(context)
    wanted = connection.model_name(name, account_id)
    with connection.client(wanted.account_id, on=on) as client:
        model = client.models.get(wanted)
    here = screen()
    match output:
        case Reading.JSON:
            write(json_text(model.to_dict(), indent=2, ascii_only=here.ascii_only) + "\n")
        case _:
            here.show(_lines(model, on or today(), here))


def _lines(model: Model, on: date, here: Screen) -> Iterator[Text]:
    status = model.serving_status(on=on)
    left = status.days_left if status.days_left is not None and status.days_left >= 0 else None
    counted = "" if left is None else f", {left} day{'s' * (left != 1)} left"
    name = printable(str(model.payload.get("name")))
    yield Text(printable(str(model.payload.get("displayName") or "")) or name, "bold")
    yield Text(name, "dim")
    yield Text()
    yield Text.assemble((status.state.value, STYLES[status.state]), counted)
    yield from here.wrapped(Text(), Text(printable(status.reason), "dim"))
    for title, facts in sections_of(model):
        width = max(len(label) for label, _, _ in facts)
        yield Text()
        yield Text(title, "bold")
        for label, value, meaning in facts:
            told = Text.assemble((value, "dim" if value == "no" else ""), (f"  {meaning}" if meaning else "", "dim"))
            yield from here.wrapped(Text(f"  {label:{width}}  "), told)


Fact = tuple[str, str, str]
"""A field's label, its value as text, and what the value means, if that is to be said."""


def sections_of(model: Model) -> Iterator[tuple[str, list[Fact]]]:
    """Return what is set in a model, section by section, the model's own fields first."""
    sections: dict[str, list[Fact]] = {}
    for entry in entries():
        holder, _, last = entry.path.rpartition(".")
        if "." in holder or (section := _section(entry, holder)) is None:
            continue
        if (fact := _fact(model, holder, last)) is not None:
            sections.setdefault(section, []).append(fact)
    for key, value in model.unknown_fields.items():
        fact = printable(key), printable(json_text(value)), ""
        sections.setdefault("Not in the specification", []).append(fact)
    order = ["Model", "Abilities", "Training"]
    yield from sorted(sections.items(), key=lambda section: (*order, section[0]).index(section[0]))


def _section(entry: FieldEntry, holder: str) -> str | None:
    """Return the section that a field is shown in; None for what is shown part by part, or as a whole above."""
    if holder:
        owner = getattr(Model, holder)
        return holder.replace("_", " ").capitalize() if isinstance(owner, type) else None
    if entry.path in ("name", "display_name") or isinstance(getattr(Model, entry.path), type):
        return None
    if entry.path.endswith("tunable") or entry.path.startswith("training"):
        return "Training"
    return "Abilities" if entry.path.startswith("supports_") else "Model"


def _fact(model: Model, holder: str, last: str) -> Fact | None:
    try:
        owner = getattr(model, holder) if holder else model
        if not owner:
            return None
        value = getattr(owner, last)
    except FieldError as error:
        return error.field.rpartition(".")[2], f"cannot be read: {json_text(error.value):.80}", ""
    if not value and value is not False:
        return None
    if isinstance(value, (Mapping, tuple)):
        column = f"{holder}.{last}" if holder else last
        return last, cell_text(model.to_row([column])[column], person=True), ""
    meaning = describe(value) if isinstance(value, (StrEnum, Unrecognized)) else ""
    return last, _shown(value), meaning if meaning.upper().rstrip(".") != str(value) else ""


def _shown(value: object) -> str:
    if isinstance(value, (StrEnum, Unrecognized)) or not isinstance(value, (bool, int, float)):
        return printable(str(cell_of(value)))
    return cell_text(value, person=True)
