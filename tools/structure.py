"""Measure the package: its parts, layer by layer, the imports between them, and lines.

A part is a file or folder directly under `wrapper/fireworks_gateway`. Its layer is one more than the highest layer that
it imports. `tests/package/test_architecture.py` has the allowed imports.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
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
    """Yield the modules that a file imports, split at the dots; those of the package start with "."."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = (node.module or "").split(".") if node.module else []
            inside = (*path.relative_to(PACKAGE).parent.parts,)
            base = inside[: len(inside) - (node.level - 1)] if node.level else ()
            if node.level or names[:1] == ["fireworks_gateway"]:
                names = [*base, *names] if node.level else names[1:]
                yield from ((".", *names, alias.name) for alias in node.names)
            else:
                yield tuple(names)


def parts_imported_by(part: str) -> set[str]:
    """Return the other parts that a part imports; "" is the root."""
    ours = parts()
    found = {names[1] for file in files_of(part) for names in imports_of(file) if names[0] == "."}
    return {each if each in ours else "" for each in found} - {part}


def layers(imports: dict[str, set[str]]) -> list[list[str]]:
    """Return the parts of each layer, the lowest first; the root is in none.

    Raises:
        ValueError: Parts import each other.
    """
    placed: set[str] = {""}
    found: list[list[str]] = []
    while ready := sorted(part for part, below in imports.items() if part not in placed and below <= placed):
        found.append(ready)
        placed |= {*ready}
    if cycle := imports.keys() - placed:
        raise ValueError(f"these parts are in a cycle of imports, or above one: {', '.join(sorted(cycle))}")
    return found


def lines(paths: Iterable[Path]) -> int:
    """Return the number of lines of files."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def main() -> None:
    """Print the layers from the top, each part with its lines and imports, and the totals."""
    imports = {part: parts_imported_by(part) for part in parts()}
    stack = layers(imports)
    for number, layer in reversed([*enumerate(stack, 1)]):
        for part in layer:
            print(f"{number:3} {part:14}{lines(files_of(part)):6,}  {' '.join(sorted(imports[part] - {''}))}".rstrip())
    files = [*PACKAGE.rglob("*.py")]
    by_hand = lines(path for path in files if path.name not in GENERATED)
    print(f"\n{len(imports)} parts, {len(stack)} layers, {sum(len(each - {''}) for each in imports.values())} imports")
    print(f"{len(files)} modules; {by_hand:,} lines by hand, {lines(TESTS.rglob('*.py')):,} of tests")


if __name__ == "__main__":
    main()
