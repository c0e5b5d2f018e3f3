"""Find code in a generated package that no template writes, such as code smuggled in by a document."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path

_ROOTS = set(
    "__future__ attrs collections dateutil datetime enum http httpx io json pathlib ssl typing urllib uuid".split()
)
_HARMLESS = set(
    "bool bytes cast id classmethod dict float int isinstance len list object property set staticmethod str tuple type "
    "Exception KeyError NotImplementedError TypeError ValueError AttributeError super hasattr".split()
)
_REACHING = set(vars(builtins)) - _HARMLESS
_METHODS = {"__init__", "__enter__", "__exit__", "__aenter__", "__aexit__"}
_TOP = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def problems_of_code(package: Path) -> Iterator[str]:
    """Yield one sentence for each file of a generated package that is not Python, or has code of no template."""
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except (SyntaxError, ValueError) as error:
            yield f"the generated {name} is not Python: {error}"
            continue
        for node, why in _strange(tree):
            yield f"the generated {name} has {why} in line {getattr(node, 'lineno', 1)}: code smuggled into a string?"


def _strange(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    for statement in tree.body:
        if not (isinstance(statement, _TOP) or _is_text(statement) or _is_plain(statement)):
            yield statement, "a statement at its top"
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
            outside = [each for each in modules if each.partition(".")[0] not in _ROOTS]
            if outside and not getattr(node, "level", 0):
                yield node, f"an import of {outside[0]}"
        elif isinstance(node, ast.Name) and node.id in _REACHING:
            yield node, f"the builtin {node.id}"
        elif isinstance(node, ast.Attribute) and node.attr.startswith("__") and node.attr not in _METHODS:
            yield node, f"the attribute {node.attr}"
        elif isinstance(node, ast.ClassDef):
            yield from ((each, "a bare expression in a class") for each in node.body if _is_bare(each))


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_bare(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Constant)


def _is_plain(statement: ast.stmt) -> bool:
    """Return whether a statement is `T = TypeVar(...)`, a list of names, or imports for type checkers alone."""
    match statement:
        case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=[]):
            return all(isinstance(each, ast.ImportFrom) for each in statement.body)
        case ast.Assign(targets=[ast.Name(id="T" | "__all__" | "FileContent" | "FileTypes" | "RequestFiles")]):
            return True
        case ast.AnnAssign(target=ast.Name(id="UNSET")):
            return True
        case _:
            return False
