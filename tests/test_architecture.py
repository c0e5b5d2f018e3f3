"""The drawing of the modules: imports point down, and one module is the door to the generated code."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

import pytest

import fireworks_gateway

PACKAGE = Path(fireworks_gateway.__file__).parent

# Lowest first; `testing` is above everything, and is drawn on its own.
ORDER: Sequence[str] = """
    _version _generated _meanings _bookmarks errors _readers _enums _dates _names _literals _comparisons
    _comparables _conditions filters _arguments _questions _orders _expressions _fields _paths _checks _grammar
    aip160 _counterparts _parts _serving _rows _models _responses _pages _tables _walks _prefetch _queries
    _pagination _clock _retries _settings _answers _bounds _network _failures _requests _transport _fetching
    _listings _client __init__ _saving _snapshot_files _taking _snapshots _field_changes _differences _oddities
    _drift catalogue
""".split()
TESTING_ORDER: Sequence[str] = """
    _families _members _payloads _catalogue
    _segments _masks _ordering _printing _addresses _exchange _parameters _tokens _service
    _time _passages _wire _faults _wire_faults _refusals _page_faults faults
    _fault_server _gateway _fixtures __init__ __main__
""".split()


def imports_of(path: Path) -> set[str]:
    """Return every name that a module imports from, at its top or inside, relative ones with their dots."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            dots = "." * node.level
            found |= {dots + node.module} if node.module else {dots + alias.name for alias in node.names}
    return found


def test_the_drawing_holds_every_module() -> None:
    """A new module has a place in the order, so somebody thought of it."""
    assert sorted(path.stem for path in PACKAGE.glob("*.py")) == sorted(ORDER)
    assert sorted(path.stem for path in (PACKAGE / "testing").glob("*.py")) == sorted(TESTING_ORDER)


@pytest.mark.parametrize("name", ORDER)
def test_imports_point_down(name: str) -> None:
    """A module imports only what is below it."""
    relative = {found.lstrip(".") for found in imports_of(PACKAGE / f"{name}.py") if found.startswith(".")}
    assert relative <= set(ORDER[: ORDER.index(name)])


@pytest.mark.parametrize("name", TESTING_ORDER)
def test_imports_point_down_in_testing_too(name: str) -> None:
    """So does every module of the test kit; from outside it, only the package's own modules."""
    found = imports_of(PACKAGE / "testing" / f"{name}.py")
    inside = {each[1:] for each in found if each.startswith(".") and not each.startswith("..")}
    assert inside <= set(TESTING_ORDER[: TESTING_ORDER.index(name)])
    assert {each[2:] for each in found if each.startswith("..")} <= set(ORDER)


def importers_of(package: str) -> set[str]:
    """Return the modules of the package that import another package, or something in it."""
    return {
        path.relative_to(PACKAGE).with_suffix("").as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(found == package or found.startswith(f"{package}.") for found in imports_of(path))
    }


def test_one_door_leads_to_the_generated_code() -> None:
    """Nothing but `_generated` imports the generated package, so UNSET and its I/O stay behind it."""
    assert importers_of("fireworks_gateway_openapi") == {"_generated"}


def test_httpx_is_in_few_modules() -> None:
    """Moving to another HTTP library is a day's work as long as this list is short."""
    assert importers_of("httpx") == {
        "_requests",
        "_transport",
        "_network",
        "_failures",
        "_client",
        "testing/_passages",
        "testing/_gateway",
    }
