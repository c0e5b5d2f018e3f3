"""The parts of the package: each imports only parts below it, and one imports the generated client."""

import ast
from pathlib import Path

import pytest

from tools.structure import PACKAGE, imports_of, layers, parts, parts_imported_by

# The parts that each part may import. `docs/architecture.md` draws them.
LISTING = {"_http", "_fields", "filters", "errors", "_names", "_bookmark", "_openapi"}
MODEL = {"specification", "_serving", "_fields", "_names", "errors", "_openapi"}
CLIENT = {"_listing", "_model", *LISTING, *MODEL}
ALLOWED: dict[str, set[str]] = {
    "_version": set(),
    "_bookmark": set(),
    "_openapi": set(),
    "errors": {"_bookmark", "_openapi"},
    "_names": {"errors"},
    "filters": {"errors"},
    "_fields": {"filters", "errors", "_openapi"},
    "_http": {"errors", "_names", "_openapi", "_version"},
    "_listing": LISTING,
    "specification": {"_listing", "_fields", "_openapi"},
    "_serving": {"_fields", "errors", "_openapi"},
    "_model": MODEL,
    "_client": CLIENT,
    "catalogue": {"_client", *CLIENT},
    "testing": {"", "_client", *CLIENT},
    "types": {"_client", *CLIENT},
    "cli": {"", "catalogue", "filters", "testing", "errors", "specification"},
}
"""The root, which is "", may import every part; it loads names on first use."""


@pytest.mark.parametrize("part", sorted(parts()))
def test_a_part_imports_only_parts_below_it(part: str) -> None:
    """The table above; a new part needs a row."""
    assert parts_imported_by(part) <= ALLOWED[part]


def test_the_table_has_no_cycle_and_no_row_too_many() -> None:
    """Each part can be loaded after those that it may import."""
    assert ALLOWED.keys() == parts()
    assert {part for layer in layers(ALLOWED) for part in layer} == ALLOWED.keys()


def importers_of(package: str) -> set[str]:
    """Return the parts that import another package."""
    return {
        path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for path in PACKAGE.rglob("*.py")
        if any(names[0] == package for names in imports_of(path))
    }


@pytest.mark.parametrize(
    ("package", "importers"),
    [
        ("fireworks_gateway_openapi", {"_openapi"}),
        ("httpx", {"_http", "_client", "testing"}),
        ("typer", {"cli"}),
        ("rich", {"cli"}),
    ],
)
def test_few_parts_import_another_package(package: str, importers: set[str]) -> None:
    """Signatures of `_client` and `testing` name the clients of httpx."""
    assert importers_of(package) == importers


@pytest.mark.parametrize("path", sorted((PACKAGE / "cli").glob("*.py")), ids=lambda path: path.stem)
def test_the_command_line_uses_public_names(path: Path) -> None:
    """Other programs can do the same."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    private = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr.startswith("_")}
    assert {each for each in private if not each.startswith("__")} == set()
    ours = {name for names in imports_of(path) if names[0] == PACKAGE.name and names[1] != "cli" for name in names[1:]}
    assert {name for name in ours if name.startswith("_")} <= {"__version__", "__main__"}
