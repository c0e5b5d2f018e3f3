"""Compare two surfaces of public Python names, and rate each change for their users."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from attrs import frozen

from tools.bump.ratings import Rating

MINOR, MAJOR = Rating.MINOR, Rating.MAJOR


@frozen
class SurfaceChange:
    """A change of a public Python name.

    Attributes:
        kind: `added`, `removed`, or the change.
        name: The dotted name.
        old: The old line; empty for an addition.
        new: The new line; empty for a removal.
        rating: The size of the change.
    """

    kind: str
    name: str
    old: str
    new: str
    rating: Rating


def compare_surfaces(old: Mapping[str, str], new: Mapping[str, str]) -> list[SurfaceChange]:
    """Return every change between two surfaces, the largest first. A removed or added class is one change."""
    found = [SurfaceChange("removed", name, old[name], "", MAJOR) for name in _absent(old, new)]
    for name in _absent(new, old):
        demands = _is_argument(name, new) and " = " not in new[name]
        kind, rating = ("required argument added", MAJOR) if demands else ("added", MINOR)
        found.append(SurfaceChange(kind, name, "", new[name], rating))
    for name in old:
        if (before := old[name]) != (after := new.get(name, before)):
            kind, rating = _change(before, after, is_argument=_is_argument(name, old))
            found.append(SurfaceChange(kind, name, before, after, rating))
    return sorted(found, key=lambda change: (-change.rating, change.name))


def _absent(names: Mapping[str, str], others: Mapping[str, str]) -> list[str]:
    """Return the names that are in no other surface, without the members of an absent class."""
    absent = names.keys() - others.keys()
    return [name for name in names if name in absent and name.rpartition(".")[0] not in absent]


def _is_argument(name: str, names: Mapping[str, str]) -> bool:
    # The attributes of an attrs class are arguments.
    in_attrs = names.get(name.rpartition(".")[0], "").startswith("attrs class")
    return in_attrs and not re.match(r"property |(async )?\(", names[name])


def _change(before: str, after: str, *, is_argument: bool) -> tuple[str, Rating]:
    old, new = _signature(before), _signature(after)
    if old and new:
        return _call_change(old, new)
    if before.startswith("property -> ") and after.startswith("property -> "):
        return "type changed", _of_result(_members(before[12:]), _members(after[12:]))
    if "class(" in before and "class(" in after:
        bases = [set(line.partition("(")[2].rstrip(")").split(", ")) - {""} for line in (before, after)]
        return "bases changed", MINOR if bases[0] <= bases[1] else MAJOR
    (old_type, _, old_default), (new_type, _, _) = (line.partition(" = ") for line in (before, after))
    if old_type == new_type and is_argument and not old_default:
        return "default given", MINOR
    return ("type changed" if old_type != new_type else "value changed"), MAJOR


def _signature(line: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    if not line.removeprefix("async ").startswith("("):
        return None
    prefix = "async def f" if line.startswith("async ") else "def f"
    [tree] = ast.parse(f"{prefix}{line.removeprefix('async ')}: ...").body
    return tree if isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef) else None


class _Parameter(NamedTuple):
    kind: str
    annotation: str
    default: str


def _parameters(tree: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, _Parameter]:
    arguments, found = tree.args, dict[str, _Parameter]()
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [*[None] * (len(positional) - len(arguments.defaults)), *arguments.defaults]
    kinds = ["positional only"] * len(arguments.posonlyargs) + ["positional"] * len(arguments.args)
    rows = [
        *zip(positional, defaults, kinds, strict=True),
        *(
            (each, default, "keyword")
            for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        ),
        *((each, None, "rest") for each in (arguments.vararg, arguments.kwarg) if each),
    ]
    for each, default, kind in rows:
        text = "()" if kind == "rest" else ast.unparse(default) if default else ""
        found["*" * (kind == "rest") + each.arg] = _Parameter(kind, _text(each.annotation), text)
    return found


def _text(node: ast.expr | None) -> str:
    return ast.unparse(node) if node else ""


def _call_change(
    old: ast.FunctionDef | ast.AsyncFunctionDef, new: ast.FunctionDef | ast.AsyncFunctionDef
) -> tuple[str, Rating]:
    changes = [("signature reordered", Rating.PATCH), *_argument_changes(_parameters(old), _parameters(new))]
    if type(old) is not type(new):
        changes.append(("sync or async changed", MAJOR))
    if (before := _text(old.returns)) != (after := _text(new.returns)):
        changes.append(("return type changed", _of_result(_members(before), _members(after))))
    return max(changes, key=lambda change: change[1])


def _argument_changes(
    before: Mapping[str, _Parameter], after: Mapping[str, _Parameter]
) -> Iterator[tuple[str, Rating]]:
    for name, old in before.items():
        if (new := after.get(name)) is None:
            yield f"parameter {name} removed", MAJOR
            continue
        if old.kind != new.kind:
            yield f"kind of parameter {name} changed", MINOR if new.kind == "positional" else MAJOR
        if old.default != new.default:
            yield f"default of {name} changed", MAJOR if old.default else MINOR
        if old.annotation != new.annotation:
            wider = _members(old.annotation) <= _members(new.annotation)
            yield f"type of {name} changed", MINOR if wider else MAJOR
    for name in after.keys() - before.keys():
        yield f"parameter {name} added", MINOR if after[name].default else MAJOR
    places = [[name for name in each if "positional" in each[name].kind] for each in (before, after)]
    if [name for name in places[0] if name in places[1]] != [name for name in places[1] if name in places[0]]:
        yield "parameters reordered", MAJOR


def _members(annotation: str) -> frozenset[str]:
    """Return the alternatives of a union."""

    def parts(node: ast.expr) -> Iterator[str]:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            yield from (*parts(node.left), *parts(node.right))
        else:
            yield ast.unparse(node)

    return frozenset(parts(ast.parse(annotation, mode="eval").body)) if annotation else frozenset()


def _of_result(old: frozenset[str], new: frozenset[str]) -> Rating:
    # Readers of a value cope with fewer types than before, but not with more.
    return MINOR if new < old else Rating.PATCH if new == old else MAJOR
