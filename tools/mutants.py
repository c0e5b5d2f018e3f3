"""Change the pure modules in one place at a time, and report the changes that no test notices.

Each mutant is tried with the tests of its part, in an order that the seed determines. A test that fails kills it, and
so do 90 seconds of CPU or five minutes.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import zip_longest
from multiprocessing import get_context
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path("wrapper/fireworks_gateway")
MODULES = """_listing/walk _http/retries _http/deadline filters/_parser filters/_matching filters/_literals
    filters/_tree _fields/kinds _serving catalogue/_check""".split()
_USERS = {"_fields": ["filters"], "filters": ["fields"], "_http": ["listing"]}  # Their tests notice more mutants.
LARGEST_CPU = 90  # Seconds; an endless loop takes more.
LONGEST_RUN = 300.0  # Seconds; a deadlock takes more.
LOWEST_RATE = 0.9
_PAIRS = [pair.split("/") for pair in "Lt/LtE Gt/GtE Eq/NotEq Is/IsNot In/NotIn And/Or Add/Sub Mult/FloorDiv".split()]
_SWAPS: dict[Any, Any] = {getattr(ast, a): getattr(ast, b) for pair in _PAIRS for a, b in (pair, pair[::-1])}
PRELOADED = "pytest hypothesis.strategies httpx httpcore anyio trio pandas polars fireworks_gateway_openapi.models"
_PROCESSES = get_context("forkserver")  # Each run is a fork of a process with the imports, which take most of the time.
_PROCESSES.set_forkserver_preload([str(name) for name in PRELOADED.split()])
Mutant = tuple[str, int, str, str]  # The module, a line of it, the change there, and the changed text.


def mutants_of(module: str, source: str) -> Iterator[Mutant]:
    """Yield every mutant of a module."""
    tree = ast.parse(source)
    # Decorators choose conveniences of a class, such as its repr.
    skipped = {
        id(node)
        for parent in ast.walk(tree)
        for decorator in getattr(parent, "decorator_list", ())
        for node in ast.walk(decorator)
    }
    for parent in [node for node in ast.walk(tree) if id(node) not in skipped]:
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
        case ast.Constant(int() | float() as value):
            yield ast.Constant(not value if isinstance(value, bool) else value + 1)
        case ast.Return(ast.expr() as value) if ast.unparse(value) not in {"None", "False"}:  # Both are false.
            yield ast.Return(ast.Constant(None))
        case ast.Raise(ast.Name("NotImplementedError")):
            pass  # A type checker reports a class that lacks the method.
        case ast.Raise() | ast.Expr(ast.Call()):
            yield ast.Pass()
        case ast.expr() if is_condition:
            yield ast.UnaryOp(ast.Not(), node)
        case _:
            pass


def passes(folder: Path, module: str, source: str, seconds: float) -> bool:
    """Return whether the tests of a module pass with another text of it, in a folder with a copy of the wrapper."""
    path = folder / PACKAGE / f"{module}.py"
    original = path.read_text(encoding="utf-8")
    path.write_text(source, encoding="utf-8")
    shutil.rmtree(path.parent / "__pycache__", ignore_errors=True)  # Python tells texts apart by second and size.
    end = monotonic() + min(seconds, LONGEST_RUN)
    try:
        return all(_run(folder, tests, end - monotonic()) for tests in tests_of(module))
    finally:
        path.write_text(original, encoding="utf-8")


def tests_of(module: str) -> list[list[str]]:
    """Return the tests of a module: the files with its name, which kill most mutants, its folder, and another one."""
    part, _, name = module.rpartition("/")
    folders = [f"tests/{each}" for each in ((part or "model").strip("_"), *_USERS.get(part, ()))]
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / folders[0]).glob(f"test_{name.strip('_')}*.py"))
    return [each for each in (files, *([folder] for folder in folders)) if each]


def _run(folder: Path, tests: list[str], seconds: float) -> bool:
    run = _PROCESSES.Process(target=_run_tests, args=(folder, tests))
    run.start()
    try:
        run.join(max(seconds, 0))
        if run.exitcode is None and run.pid is not None:
            os.kill(run.pid, signal.SIGINT)  # The test ends the processes that it started.
            run.join(10)
            return False
        return run.exitcode == 0
    finally:
        run.kill()
        run.join()


def _run_tests(folder: Path, tests: list[str]) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (LARGEST_CPU, LARGEST_CPU))
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT), str(folder / "wrapper")]
    os.environ |= {"PYTHONPATH": str(folder / "wrapper"), "HYPOTHESIS_STORAGE_DIRECTORY": str(folder)}
    with open(os.devnull, "w") as null:  # noqa: PTH123
        os.dup2(null.fileno(), 1)
        os.dup2(null.fileno(), 2)
    import pytest

    options = ["-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--assert=plain", f"--basetemp={folder / 'tmp'}"]
    os._exit(pytest.main([*options, *tests]))


def _try_mutants(mutants: Iterable[Mutant], end: float) -> dict[Mutant, bool]:
    """Return whether each mutant survives, for those that are tried before the end or an interrupt."""
    waiting, tried, interrupted = deque(mutants), dict[Mutant, bool](), Event()

    def work(_: int) -> None:
        with tempfile.TemporaryDirectory() as name, suppress(IndexError):
            shutil.copytree(ROOT / "wrapper", Path(name) / "wrapper")
            while (left := end - monotonic()) > 0 and not interrupted.is_set():
                mutant = waiting.popleft()
                survives = passes(Path(name), mutant[0], mutant[3], left)
                if monotonic() < end and not interrupted.is_set():
                    tried[mutant] = survives

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            list(pool.map(work, range(os.cpu_count() or 1)))
        except KeyboardInterrupt:
            interrupted.set()  # Its tests have received the signal too.
    return tried


def _report(samples: list[list[Mutant]], tried: dict[Mutant, bool]) -> list[str]:
    """Print the survivors of each module and the rate, and return the reasons to fail."""
    failures: list[str] = []
    for original, *sample in samples:
        alive = sorted(mutant for mutant in sample if tried.get(mutant))
        number = len(tried.keys() & set(sample))
        print(f"{original[0]}: {number - len(alive)} of {number} killed, {len(sample)} in all")
        print(*(f"  {PACKAGE / name}.py:{line}: {change}\n" for name, line, change, _ in alive), sep="", end="")
        if not tried.get(original, True):
            failures.append(f"The tests of {original[0]} fail without a mutant.")
    mutants = [survives for mutant, survives in tried.items() if mutant[1]]
    rate = mutants.count(False) / len(mutants) if mutants else 0.0
    print(f"{rate:.1%} of {len(mutants)} mutants killed, {sum(map(len, samples)) - len(samples)} in all")
    return [*failures, *([f"The rate must be at least {LOWEST_RATE:.0%}."] if rate < LOWEST_RATE else [])]


def main() -> None:
    """Try mutants until the time is over; fail if too few are killed."""
    parser = argparse.ArgumentParser(description="Report the changes of the pure modules that no test notices.")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("modules", nargs="*", default=MODULES)
    options = parser.parse_args()
    end = monotonic() + options.minutes * 60
    samples: list[list[Mutant]] = []
    for module in options.modules:
        source = (ROOT / PACKAGE / f"{module}.py").read_text(encoding="utf-8")
        samples.append(list(mutants_of(module, source)))
        random.Random(options.seed).shuffle(samples[-1])
        samples[-1].insert(0, (module, 0, "unchanged", source))
    mutants = (mutant for row in zip_longest(*samples) for mutant in row if mutant)
    sys.exit("\n".join(_report(samples, _try_mutants(mutants, end))) or None)


if __name__ == "__main__":
    main()
