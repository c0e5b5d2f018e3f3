"""Change the pure modules in one place at a time, and report the changes that no test notices.

Each mutant is tried with the tests of its folder, in an order that the seed determines. A test that fails kills it.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path
from time import monotonic
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path("wrapper/fireworks_gateway")
MODULES = "_listing/walk _http/retries _http/deadline filters/_parser filters/_matching _fields/kinds _serving".split()
LIMITED = ("sh", "-c", 'ulimit -t 90; exec "$0" "$@"')  # Seconds of CPU; an endless loop takes more.
_PAIRS = [pair.split("/") for pair in "Lt/LtE Gt/GtE Eq/NotEq Is/IsNot In/NotIn And/Or Add/Sub Mult/FloorDiv".split()]
_SWAPS: dict[Any, Any] = {getattr(ast, a): getattr(ast, b) for pair in _PAIRS for a, b in (pair, pair[::-1])}
Mutant = tuple[str, int, str, str]  # The module, a line of it, the change there, and the changed text.


def mutants_of(module: str, source: str) -> Iterator[Mutant]:
    """Yield every mutant of a module."""
    tree = ast.parse(source)
    for parent in list(ast.walk(tree)):
        for name, value in ast.iter_fields(parent):
            place: Any = value if isinstance(value, list) else vars(parent)
            for key in range(len(place)) if isinstance(value, list) else [name]:
                node = place[key]
                for new in _replacements(node, is_condition=name in {"test", "guard"}):
                    place[key] = new
                    change = f"{ast.unparse(node)} → {ast.unparse(new)}"
                    yield module, node.lineno, " ".join(change.split()), ast.unparse(tree)
                    place[key] = node


def _replacements(node: Any, *, is_condition: bool) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left, operators, values):
            for place, each in enumerate(operators):
                yield ast.Compare(left, [*operators[:place], _SWAPS[type(each)](), *operators[place + 1 :]], values)
        case ast.BoolOp(operator, values):
            yield ast.BoolOp(_SWAPS[type(operator)](), values)
        case ast.BinOp(left, operator, right) if type(operator) in _SWAPS:
            yield ast.BinOp(left, _SWAPS[type(operator)](), right)
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.Constant(int() as value):
            yield ast.Constant(not value if isinstance(value, bool) else value + 1)
        case ast.Return(ast.expr()):
            yield ast.Return(ast.Constant(None))
        case ast.Raise() | ast.Expr(ast.Call()):
            yield ast.Pass()
        case ast.expr() if is_condition:
            yield ast.UnaryOp(ast.Not(), node)
        case _:
            pass


def passes(folder: Path, module: str, source: str) -> bool:
    """Return whether the tests of a module pass with another text of it, in a folder with a copy of the wrapper."""
    path = folder / PACKAGE / f"{module}.py"
    original = path.read_text(encoding="utf-8")
    path.write_text(source, encoding="utf-8")
    tests = module.partition("/")[0].strip("_").replace("serving", "model")
    names = {"PYTHONPATH": folder / "wrapper", "HYPOTHESIS_STORAGE_DIRECTORY": folder, "PYTHONDONTWRITEBYTECODE": 1}
    environment = {**os.environ, **{name: str(value) for name, value in names.items()}}
    pytest = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", f"tests/{tests}"]
    try:
        return not subprocess.run(
            [*LIMITED, *pytest], cwd=ROOT, env=environment, timeout=900, capture_output=True
        ).returncode
    except subprocess.TimeoutExpired:
        return False
    finally:
        path.write_text(original, encoding="utf-8")


def main() -> None:
    """Try mutants until the time is over, and report the survivors of each module."""
    parser = argparse.ArgumentParser(description="Report the changes of the pure modules that no test notices.")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    end = monotonic() + options.minutes * 60
    samples: list[list[Mutant]] = []
    for module in MODULES:
        source = (ROOT / PACKAGE / f"{module}.py").read_text(encoding="utf-8")
        samples.append(list(mutants_of(module, source)))
        random.Random(options.seed).shuffle(samples[-1])
        samples[-1].insert(0, (module, 0, "unchanged", source))
    waiting = iter([mutant for row in zip_longest(*samples) for mutant in row if mutant])
    tried: dict[Mutant, bool] = {}

    def work(_: int) -> None:
        with tempfile.TemporaryDirectory() as name:
            shutil.copytree(ROOT / "wrapper", Path(name) / "wrapper")
            while monotonic() < end and (mutant := next(waiting, None)):
                tried[mutant] = passes(Path(name), mutant[0], mutant[3])

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(work, range(os.cpu_count() or 1)))
    for original, *sample in samples:
        alive = sorted(mutant for mutant in sample if tried.get(mutant))
        number = len(tried.keys() & set(sample))
        print(f"{original[0]}: {number - len(alive)} of {number} killed, {len(sample)} in all", end="")
        print("" if tried.get(original, True) else "; its tests fail without a mutant")
        print(*(f"  {PACKAGE / name}.py:{line}: {change}\n" for name, line, change, _ in alive), sep="", end="")


if __name__ == "__main__":
    main()
