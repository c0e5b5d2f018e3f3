"""The typing programs have marks for all three checkers, which `make types` runs."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

PROGRAMS = sorted(path.name for path in Path(__file__).parents[1].joinpath("typing").glob("*_wrongly.py"))
EACH_ONCE = Counter(["mypy", "pyright", "ty"])

_marks = re.compile(r"# (?:(type|pyright|ty): ignore\[[\w, -]+\]|not (mypy|pyright|ty)(?=  #|$))").findall


def checkers_in(line: str) -> list[str]:
    """Return the checkers that the marks of a line name."""
    return [
        name
        for ignored, taken in _marks(line)
        for name in (["mypy", "pyright"] if ignored == "type" else [ignored + taken])
    ]


def wrong_lines(program: str) -> Iterator[str]:
    """Yield the first line of each statement in a program's functions, and of each field in its classes."""
    source = Path(__file__).parents[1].joinpath("typing", program).read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield from (source.splitlines()[statement.lineno - 1] for statement in node.body[1:])


@pytest.mark.parametrize("program", PROGRAMS)
def test_each_wrong_line_has_a_mark_for_each_checker(program: str) -> None:
    """Once each, and at least one rejects the line."""
    lines = list(wrong_lines(program))
    assert [line for line in lines if Counter(checkers_in(line)) != EACH_ONCE] == []
    assert [line for line in lines if "ignore[" not in line] == []
    assert len(lines) > 15
