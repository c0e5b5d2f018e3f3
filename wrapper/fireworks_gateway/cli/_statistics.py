"""The command `models stats`: how many models there are of each sort, as bars for a person, as numbers in a pipe."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise

import typer
from rich.text import Text

from fireworks_gateway import FieldError, Model

from ._escapes import json_text, printable
from ._options import AccountOption, OnOption, TextOrJson, TextOrJsonOption, connection_of, today
from ._screens import Screen, screen, watched, write
from ._tables import STYLES

UNSET = "unset"
UNREADABLE = "unreadable"

_MASK = "name kind state supports_serverless deprecation_date context_length base_model_details.parameter_count".split()

_LENGTHS = [4_096, 8_192, 16_384, 32_768, 65_536, 131_072, 262_144, 1_048_576]
_PARAMETERS = [10**9, 3 * 10**9, 10**10, 3 * 10**10, 10**11, 3 * 10**11, 10**12]

Counts = Mapping[str, int]
"""How many models there are of each sort, in the order to show."""


def stats(
    context: typer.Context,
    output: TextOrJsonOption = TextOrJson.TEXT,
    on: OnOption = None,
    account_id: AccountOption = None,
) -> None:
    """Count the models by kind, state, serving status, context length, parameters and month of their end."""
    with connection_of(context).client(account_id) as client:
        pages = watched(client.models.list(read_mask=_MASK).pages())
        models = [model for page in pages for model in page.items]
    counted = counts_of(models, on or today())
    here = screen()
    if output is TextOrJson.JSON:
        write(json_text({"models": len(models), **counted}, indent=2, ascii_only=here.ascii_only) + "\n")
    else:
        here.show(_lines(len(models), counted, here))


def counts_of(models: Iterable[Model], day: date) -> dict[str, Counts]:
    """Return how many models there are of each sort, by what they are sorted by; every model is in each once."""
    listed = list(models)
    sorts: Mapping[str, Callable[[Model], str]] = {
        "kind": lambda model: str(model.kind or UNSET),
        "state": lambda model: str(model.state or UNSET),
        "serving": lambda model: str(model.serving_status(on=day).state),
        "context_length": lambda model: range_of(model.context_length, _LENGTHS, _tokens),
        "parameter_count": lambda model: range_of(_parameter_count(model), _PARAMETERS, _billions),
        "deprecation_month": lambda model: str(model.deprecation_date or UNSET)[:7],
    }
    return {name: _in_order(name, Counter(_read(sort, model) for model in listed)) for name, sort in sorts.items()}


def _read(sort: Callable[[Model], str], model: Model) -> str:
    try:
        return sort(model)
    except FieldError:
        return UNREADABLE


def _parameter_count(model: Model) -> int | None:
    return model.base_model_details.parameter_count if model.base_model_details is not None else None


def _in_order(name: str, counted: Counter[str]) -> Counts:
    """Return counts by size, or in the order that their labels have."""
    bounds = {"context_length": (_LENGTHS, _tokens), "parameter_count": (_PARAMETERS, _billions)}.get(name)
    if bounds is not None:
        order = [*labels_of(*bounds), UNSET, UNREADABLE]
        return {label: counted[label] for label in order if counted[label]}
    if name == "deprecation_month":
        return dict(sorted(counted.items(), key=lambda each: (each[0] in (UNSET, UNREADABLE), each[0])))
    return dict(sorted(counted.items(), key=lambda each: (-each[1], each[0])))


def range_of(number: int | None, bounds: list[int], label: Callable[[int], str]) -> str:
    """Return the label of the range that a number is in; each range begins with a bound."""
    return labels_of(bounds, label)[bisect_right(bounds, number)] if number is not None and number > 0 else UNSET


def labels_of(bounds: list[int], label: Callable[[int], str]) -> list[str]:
    """Return the labels of the ranges between bounds, the one below the first and the one from the last on too."""
    between = [f"{label(low)} to {label(high)}" for low, high in pairwise(bounds)]
    return [f"below {label(bounds[0])}", *between, f"{label(bounds[-1])} and more"]


def _tokens(bound: int) -> str:
    return f"{bound // 1024}k" if bound < 2**20 else f"{bound // 2**20}M"


def _billions(bound: int) -> str:
    return f"{bound // 10**9}B" if bound < 10**12 else f"{bound // 10**12}T"


def _lines(total: int, counted: Mapping[str, Counts], here: Screen) -> Iterator[Text]:
    shown: dict[str, list[tuple[str, int]]] = {
        name: [(printable(label), count) for label, count in counts.items()] for name, counts in counted.items()
    }
    width = max((len(label) for counts in shown.values() for label, _ in counts), default=0)
    digits = len(f"{total:,}")
    yield Text.assemble((f"{total:,} models" if here.terminal else f"models  {total}", "bold"))
    for name, counts in shown.items():
        yield Text()
        yield Text(name.replace("_", " ") if here.terminal else name, "bold")
        for label, count in counts:
            if not here.terminal:
                yield Text(f"  {label:{width}}  {count:{digits}}")
                continue
            bar = bar_of(count / total, here.width - width - digits - 6, "#" if here.ascii_only else "█")
            style = STYLES.get(label, "cyan") if name == "serving" else "cyan"
            yield Text.assemble(f"  {label:{width}}  {count:{digits},}  ", (bar, style))


def bar_of(share: float, width: int, block: str) -> str:
    """Return a bar for a share of 1; what is not nothing has a bar, and one that fits."""
    width = max(0, min(width, 40))
    return block * min(width, max(1 if share > 0 else 0, round(share * width)))
