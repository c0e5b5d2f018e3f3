"""Mutants change one place of a module each."""

import pytest

from tools.mutants import mutants_of


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ("a < b <= c", ["a <= b <= c", "a < b < c"]),
        ("a and b", ["a or b"]),
        ("a + 1", ["a - 1", "a + 2"]),
        ("not a", ["a"]),
        ("x: int = True", ["x: int = False"]),
        ("if a:\n    f()", ["if not a:\n    f()", "if a:\n    pass"]),
        ("def f():\n    return a", ["def f():\n    return None"]),
        ("raise E", ["pass"]),
        ("'text'", []),
    ],
)
def test_a_module_has_a_mutant_for_each_change(source: str, changes: list[str]) -> None:
    """Operators, constants, conditions, results, errors and calls."""
    assert sorted(text for _, _, _, text in mutants_of("m", source)) == sorted(changes)
