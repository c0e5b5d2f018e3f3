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
    _loading _version _openapi _bookmarks errors _spelling _json _readers _enums _dates _names _literals
    _comparisons _comparables _conditions filters _arguments _questions _orders _expressions _message_types _fields
    _operation specification _paths _checks _grammar aip160 _counterparts _serving _rows _models
    _responses _pages _tables _walks _prefetch _queries _pagination _async_pagination _clock _retries
    _settings _answers _bounds _network _failures _requests _transport _fetching _listings
    _client __init__ _saving _snapshot_files _taking _snapshots _field_changes _differences _oddities _drift
    catalogue
""".split()
TESTING_ORDER: Sequence[str] = """
    _families _members _payloads _catalogue
    _segments _masks _ordering _printing _addresses _exchange _parameters _tokens _service
    _time _passages _wire _faults _wire_faults _refusals _page_faults faults
    _fault_server _gateway _fixtures __init__ __main__
""".split()
CLI_ORDER: Sequence[str] = """
    _escapes _wording _exits _specification _columns _screens _tables _outputs _connections _options
    _listing _showing _expiring _statistics _fields _changes _serve _run __init__ __main__
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
    assert sorted(path.stem for path in (PACKAGE / "cli").glob("*.py")) == sorted(CLI_ORDER)


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


# The test kit's command line is what `python -m fireworks_gateway.testing` runs.
PUBLIC = {"", ".catalogue", ".filters", ".aip160", ".testing", ".testing.__main__"}


@pytest.mark.parametrize("name", CLI_ORDER)
def test_imports_point_down_in_the_command_line_too(name: str) -> None:
    """So does every module of the command line; of the package it knows what everybody may."""
    found = imports_of(PACKAGE / "cli" / f"{name}.py")
    assert {each[1:] for each in found if each.startswith(".")} <= {*CLI_ORDER[: CLI_ORDER.index(name)], "main"}
    ours = {each.removeprefix("fireworks_gateway") for each in found if each.startswith("fireworks_gateway")}
    assert ours <= PUBLIC


@pytest.mark.parametrize("name", CLI_ORDER)
def test_the_command_line_touches_nothing_private(name: str) -> None:
    """Nor does it reach into what the public names give it."""
    tree = ast.parse((PACKAGE / "cli" / f"{name}.py").read_text(encoding="utf-8"))
    private = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr.startswith("_")}
    assert {each for each in private if not each.startswith("__")} == set()
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fireworks_gateway")
        for alias in node.names
    }
    assert {each for each in names if each.startswith("_")} <= {"__version__"}


def importers_of(package: str) -> set[str]:
    """Return the modules of the package that import another package, or something in it."""
    return {
        path.relative_to(PACKAGE).with_suffix("").as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(found == package or found.startswith(f"{package}.") for found in imports_of(path))
    }


def test_one_door_leads_to_the_generated_code() -> None:
    """Nothing but `_openapi` imports the generated package, so UNSET and its I/O stay behind it."""
    assert importers_of("fireworks_gateway_openapi") == {"_openapi"}


@pytest.mark.parametrize("extra", ["typer", "rich"])
def test_what_only_the_command_line_needs_is_imported_only_there(extra: str) -> None:
    """Whoever imports the package does not wait for it, and need not have it."""
    assert {name.partition("/")[0] for name in importers_of(extra)} == {"cli"}


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
