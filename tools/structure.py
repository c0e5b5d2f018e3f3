"""Measure the package: its parts, layer by layer, the imports between them, and lines.

A part is a file or folder directly under `wrapper/fireworks_gateway`. Its layer is one more than the highest layer that
it imports. `tests/package/test_architecture.py` has the allowed imports.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path

import fireworks_gateway

PACKAGE = Path(fireworks_gateway.__file__).parent
TESTS = Path(__file__).parent.parent / "tests"
GENERATED = {"_openapi.py", "specification.py"}


def parts() -> set[str]:
    """Return the parts of the package."""
    found = {path.stem for path in PACKAGE.glob("*.py")} | {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    return found - {"__init__", "__main__"}


def files_of(part: str) -> list[Path]:
    """Return the files of a part."""
    alone = PACKAGE / f"{part}.py"
    return [alone] if alone.exists() else sorted((PACKAGE / part).rglob("*.py"))


def imports_of(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield the full names that a file imports, split at the dots."""
    package = ".".join(path.relative_to(PACKAGE.parent).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = resolve_name("." * node.level + (node.module or ""), package)
            yield from ((*module.split("."), alias.name) for alias in node.names)


def parts_imported_by(part: str) -> set[str]:
    """Return the other parts that a part imports; "" is the root."""
    names = [names for file in files_of(part) for names in imports_of(file) if names[0] == PACKAGE.name]
    found = {each[1] for each in names if len(each) > 1}
    return {each if each in parts() else "" for each in found} - {part}


def layers(imports: Mapping[str, set[str]]) -> list[list[str]]:
    """Return the parts of each layer, the lowest first; the root is in none.

    Raises:
        graphlib.CycleError: Parts import each other.
    """
    sorter = TopologicalSorter({part: below - {""} for part, below in imports.items()})
    sorter.prepare()
    found: list[list[str]] = []
    while ready := sorter.get_ready():
        found.append(sorted(ready))
        sorter.done(*ready)
    return found


def lines(paths: Iterable[Path]) -> int:
    """Return the number of lines of files."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def main() -> None:
    """Print the layers from the top, each part with its lines and imports, and the totals."""
    imports = {part: parts_imported_by(part) - {""} for part in parts()}
    stack = layers(imports)
    for number, layer in reversed([*enumerate(stack, 1)]):
        for part in layer:
            print(f"{number:3} {part:14}{lines(files_of(part)):6,}  {' '.join(sorted(imports[part]))}".rstrip())
    files = [*PACKAGE.rglob("*.py")]
    by_hand = lines(path for path in files if path.name not in GENERATED)
    print(f"\n{len(imports)} parts, {len(stack)} layers, {sum(map(len, imports.values()))} imports")
    print(f"{len(files)} modules; {by_hand:,} lines by hand, {lines(TESTS.rglob('*.py')):,} of tests")


if __name__ == "__main__":
    main()
