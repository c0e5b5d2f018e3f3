"""The drawing of the modules in docs/architecture.md: made of the order that a test holds the imports to."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.test_architecture import CLI_ORDER, ORDER, PACKAGE, TESTING_ORDER

_WIDTH = 116
_NAMES = 18

# Each with its lowest module; those that follow in the order, up to the next one's, are in it too.
BANDS: Mapping[str, Mapping[str, str]] = {
    "package": {
        "what the specification says": "_loading",
        "errors and values": "_bookmarks",
        "filters": "_literals",
        "fields": "_arguments",
        "the filter language": "_checks",
        "models": "_counterparts",
        "walks": "_responses",
        "one request": "_clock",
        "clients": "_fetching",
        "the catalogue over time": "_saving",
    },
    "testing": {
        "the sample": "_families",
        "the service": "_segments",
        "faults": "_time",
        "the gateway": "_fault_server",
    },
    "cli": {
        "what is shown": "_escapes",
        "the commands": "_connections",
    },
}
ORDERS: Mapping[str, Sequence[str]] = {"package": ORDER, "testing": TESTING_ORDER, "cli": CLI_ORDER}

_DRAWN = re.compile(r"<!-- drawn: (\w+) -->\n```text\n.*?```\n", re.DOTALL)


def redrawn(text: str) -> str:
    """Return a page with its drawings as they are now; each stands behind a comment, `<!-- drawn: package -->`."""
    return _DRAWN.sub(lambda drawn: f"<!-- drawn: {drawn[1]} -->\n```text\n{drawing_of(drawn[1])}```\n", text)


def drawing_of(name: str) -> str:
    """Return a package's modules in bands, the highest first, each with the first sentence of its docstring."""
    folder = PACKAGE if name == "package" else PACKAGE / name
    drawn: list[str] = []
    for title, modules in reversed(bands_of(ORDERS[name], BANDS[name])):
        drawn.append(f"┌─ {title} ".ljust(_WIDTH - 1, "─") + "┐")
        for module in reversed(modules):
            drawn += _rows(module, sentence_of(folder / f"{module}.py"))
        drawn.append(f"└{'─' * (_WIDTH - 2)}┘")
    return "".join(f"{line}\n" for line in drawn)


def bands_of(order: Sequence[str], bands: Mapping[str, str]) -> list[tuple[str, Sequence[str]]]:
    """Return the modules of each band, lowest first.

    Raises:
        ValueError: A band's lowest module is not in the order.
    """
    starts = [order.index(lowest) for lowest in bands.values()]
    ends = [*starts[1:], len(order)]
    return [(title, order[start:end]) for title, start, end in zip(bands, starts, ends, strict=True)]


def sentence_of(path: Path) -> str:
    """Return the first sentence of a module's docstring."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(re.split(r"(?<=\.)\s|\n\n", text, maxsplit=1)[0].split()).removesuffix(".").removesuffix(":")


def _rows(module: str, sentence: str) -> Iterator[str]:
    lines = textwrap.wrap(sentence, _WIDTH - _NAMES - 4) or [""]
    for name, line in zip([module, *[""] * len(lines)], lines, strict=False):
        yield f"│ {name.ljust(_NAMES)}{line.ljust(_WIDTH - _NAMES - 4)} │"
