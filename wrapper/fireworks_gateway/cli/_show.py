"""The commands `models show` and `fields`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fnmatch import translate
from typing import Annotated, Any

import typer
from rich.text import Text
from typer import Argument, Option

from fireworks_gateway import Field, FieldError, Model, Unrecognized, describe, errors

from ._columns import FieldEntry, json_cell, list_fields
from ._options import AccountOption, Exit, GlobalOptions, OnOption, ReportOption, complete_names, today
from ._output import SERVING_STYLES, cell_text, format_json, print_report
from ._screen import Screen, detect_screen, escape_unprintable, write_message


def find_fields(
    pattern: Annotated[str, Argument(metavar="PATTERN", help="Part of a path, or e.g. '*_tunable'.")] = "",
    values: Annotated[bool, Option("--values", help="Describe the values of enums, too.")] = False,
    output: ReportOption = "text",
) -> None:
    """List the fields of a model, with type and description; exit with 1 if no field matches.

    Use these paths in --columns, --filter and --order-by.
    """
    # Both spellings of a path match, in any case.
    wildcards = pattern.lower() if any(each in pattern for each in "*?[") else f"*{pattern.lower()}*"
    is_wanted = re.compile(translate(wildcards)).match
    fields = {entry.path: entry for entry in list_fields()}
    found = [entry for path, entry in fields.items() if is_wanted(path) or is_wanted(path.replace("_", ""))]
    rows = ({"path": e.path, "type": e.type, "doc": e.doc, "values": e.descriptions} for e in found)
    print_report(output, lambda: [*rows], _field_lines(found, detect_screen(), values))
    if not found:
        names = dict.fromkeys([*fields, *(path.rpartition(".")[2] for path in fields)])
        near = errors.did_you_mean(errors.near_names(pattern.lower(), names))
        write_message(f"fireworks-gateway: no field matches {pattern!r}{near}")
        raise typer.Exit(Exit.CHECK_FAILED)


def _field_lines(found: Sequence[FieldEntry], screen: Screen, values: bool) -> Iterator[Text]:
    """Yield a line for each field, and for each value under it, in aligned columns; a narrow terminal wraps them."""
    path_width = max((len(entry.path) for entry in found), default=0)
    type_width = max((len(entry.type) for entry in found), default=0)
    for entry in found:
        label = Text.assemble((f"{entry.path:{path_width}}  ", "bold"), (f"{entry.type:{type_width}}  ", "cyan"))
        yield from screen.wrap(label, Text(" ".join(entry.doc.split()), "dim"))
        width = max(map(len, entry.descriptions), default=0)
        for value, description in entry.descriptions.items() if values else ():
            yield from screen.wrap(Text(f"    {value:{width}}  "), Text(" ".join(description.split()), "dim"))


def show_model(
    context: typer.Context,
    name: Annotated[str, Argument(metavar="NAME", help="Model ID or full name.", autocompletion=complete_names)],
    output: ReportOption = "text",
    on: OnOption = None,
    account_id: AccountOption = None,
) -> None:
    """Show one model: its serving status, and every field that is set."""
    options: GlobalOptions = context.obj
    full_name = options.resolve_model(name, account_id)
    with options.client(full_name.account_id, on=on) as client:
        model = client.models.get(full_name)
    print_report(output, model.to_dict, _model_lines(model, on or today(), detect_screen()))


def _model_lines(model: Model, on: date, screen: Screen) -> Iterator[Text]:
    status = model.serving_status(on=on)
    left = status.days_left
    days = "" if left is None or left < 0 else f", {left} day{'s' * (left != 1)} left"
    name = escape_unprintable(str(model.payload.get("name")))
    yield Text(escape_unprintable(str(model.payload.get("displayName") or "")) or name, "bold")
    yield Text(name, "dim")
    yield Text()
    yield Text.assemble((status.state.value, SERVING_STYLES.get(status.state, "dim")), days)
    yield from screen.wrap(Text(), Text(escape_unprintable(status.reason), "dim"))
    for title, facts in _model_sections(model):
        width = max(len(label) for label, _, _ in facts)
        yield Text()
        yield Text(title, "bold")
        for label, value, description in facts:
            style = "dim" if value == "no" else ""
            text = Text.assemble((value, style), (f"  {description}" if description else "", "dim"))
            yield from screen.wrap(Text(f"  {label:{width}}  "), text)


Fact = tuple[str, str, str]  # A field that is set: its label, its value as text, and the description of an enum value.


def _model_sections(model: Model) -> list[tuple[str, list[Fact]]]:
    """Return the fields that are set, by the title of their section."""
    sections: dict[str, list[Fact]] = {"Model": [], "Abilities": [], "Training": []}
    for entry in list_fields():
        section = _section_title(entry)
        if section is not None and (fact := _fact(model, entry)) is not None:
            sections.setdefault(section, []).append(fact)
    unknown = [(escape_unprintable(key), _json_excerpt(value), "") for key, value in model.unknown_fields.items()]
    return [(title, facts) for title, facts in [*sections.items(), ("Not in the specification", unknown)] if facts]


def _json_excerpt(value: object) -> str:
    return errors.quote_value(value) if errors.is_deep(value) else format_json(value)


def _section_title(entry: FieldEntry) -> str | None:
    """Return the section of a field; None for a message, which is a section itself, and for the names on top."""
    is_message = not isinstance(getattr(Model, entry.attributes[0]), Field)
    if len(entry.attributes) == 2 and is_message:
        return entry.path.partition(".")[0].replace("_", " ").capitalize()
    if len(entry.attributes) > 1 or entry.path in ("name", "display_name") or is_message:
        return None
    if entry.path.endswith("tunable") or entry.path.startswith("training"):
        return "Training"
    return "Abilities" if entry.path.startswith("supports_") else "Model"


def _fact(model: Model, entry: FieldEntry) -> Fact | None:
    """Return a field of a model; None if it is not set."""
    last = entry.path.rpartition(".")[2]
    try:
        value: Any = model
        for name in entry.attributes:
            value = getattr(value, name) if value else None
    except FieldError as error:
        return error.field.rpartition(".")[2], f"unreadable: {format_json(error.value):.80}", ""
    if not value and value is not False:
        return None
    if isinstance(value, (StrEnum, Unrecognized)):
        text, description = escape_unprintable(str(value)), describe(value)
        return last, text, "" if description.upper().rstrip(".") == text else description
    if isinstance(value, (Mapping, tuple)):
        value = model.to_row([entry.path])[entry.path]
    elif not isinstance(value, (bool, int)):
        value = str(json_cell(value))
    return last, cell_text(value, person=True), ""
