"""The wrong lines of the typing programs are rejected; `make types` finds a mark that a checker does not need."""

import ast
from pathlib import Path

import pytest

BLOCKS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
PROGRAMS = sorted(Path(__file__).parents[1].joinpath("typing").glob("*_wrongly.py"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_a_checker_rejects_each_wrong_line(program: Path) -> None:
    """The first line of each statement in a function, and of each field in a class, has a mark."""
    lines = program.read_text(encoding="utf-8").splitlines()
    nodes = [node for node in ast.walk(ast.parse("\n".join(lines))) if isinstance(node, BLOCKS)]
    wrong = [lines[statement.lineno - 1] for node in nodes for statement in node.body[1:]]
    assert [line for line in wrong if "ignore[" not in line] == []
    assert len(wrong) > 15
