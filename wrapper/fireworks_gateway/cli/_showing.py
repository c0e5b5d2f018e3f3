"""The command `models show`: one model, in sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

import typer
from rich.text import Text

from fireworks_gateway import FieldError, Model, Unrecognized, describe

from ._columns import cell_of
from ._escapes import json_text, printable, yaml_text
from ._options import AccountOption, OnOption, connection_of, today
from ._screens import Screen, screen, write
from ._specification import FieldEntry, entries
from ._tables import STYLES, cell_text


class Reading(StrEnum):
    """The form of one model."""

    TEXT = "text"
    JSON = "json"
    YAML = "yaml"


def show_model(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="accounts/ID/models/ID, or the model's id alone.")],
    output: Annotated[
        Reading, typer.Option("--output", "-o", metavar="FORM", help="In which form: text, json or yaml.")
    ] = Reading.TEXT,
    on: OnOption = None,
    account_id: AccountOption = None,
) -> None:
    """Show one model: whether it can be called, and every field that is set, with what its values mean."""
    connection = connection_of(context)
    wanted = connection.model_name(name, account_id)
    with connection.client(wanted.account_id) as client:
        model = client.models.get(wanted)
    here = screen()
    match output:
        case Reading.JSON:
            write(json_text(model.to_dict(), indent=2, ascii_only=here.ascii_only) + "\n")
        case Reading.YAML:
            write(yaml_text(model.to_dict(), ascii_only=here.ascii_only))
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
