"""Compare two surfaces of public Python names, and rate each change for their users."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import griffe
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
    found = [SurfaceChange("removed", name, old[name], "", MAJOR) for name in _find_absent(old, new)]
    for name in _find_absent(new, old):
        demands = _is_argument(name, new) and " = " not in new[name]
        kind, rating = ("required argument added", MAJOR) if demands else ("added", MINOR)
        found.append(SurfaceChange(kind, name, "", new[name], rating))
    for name in old:
        if (before := old[name]) != (after := new.get(name, before)):
            kind, rating = _change(before, after, is_argument=_is_argument(name, old))
            found.append(SurfaceChange(kind, name, before, after, rating))
    return sorted(found, key=lambda change: (-change.rating, change.name))


def _find_absent(names: Mapping[str, str], others: Mapping[str, str]) -> list[str]:
    """Return the names that are in no other surface, without the members of an absent class."""
    absent = names.keys() - others.keys()
    return [name for name in names if name in absent and name.rpartition(".")[0] not in absent]


def _is_argument(name: str, names: Mapping[str, str]) -> bool:
    # The attributes of an attrs class are arguments.
    in_attrs = names.get(name.rpartition(".")[0], "").startswith("attrs class")
    return in_attrs and not re.match(r"property |(async )?\(", names[name])


def _change(before: str, after: str, *, is_argument: bool) -> tuple[str, Rating]:
    if re.match(r"(async )?\(", before) and re.match(r"(async )?\(", after):
        return max(_call_changes(before, after), key=lambda change: change[1])
    if before.startswith("property -> ") and after.startswith("property -> "):
        return "type changed", _rate_result(before[12:], after[12:])
    if "class(" in before and "class(" in after:
        bases = [set(line.partition("(")[2].rstrip(")").split(", ")) - {""} for line in (before, after)]
        return "bases changed", MINOR if bases[0] <= bases[1] else MAJOR
    (old_type, _, old_default), (new_type, _, _) = (line.partition(" = ") for line in (before, after))
    if old_type == new_type and is_argument and not old_default:
        return "default given", MINOR
    return ("type changed" if old_type != new_type else "value changed"), MAJOR


def _call_changes(before: str, after: str) -> Iterator[tuple[str, Rating]]:
    yield "signature reordered", Rating.PATCH
    if before.startswith("async ") != after.startswith("async "):
        yield "sync or async changed", MAJOR
    modules = [_module(line) for line in (before, after)]
    for breakage in griffe.find_breaking_changes(*modules):
        yield breakage.kind.value.lower(), MAJOR
    # griffe compares no types.
    old, new = ({each.name: each for each in module.functions["f"].parameters} for module in modules)
    for name in new:
        if name not in old:
            yield f"parameter {name} added", MINOR
        elif old[name].kind != new[name].kind or old[name].default != new[name].default:
            yield f"parameter {name} changed", MINOR
        elif (members := _members(str(old[name].annotation))) != (others := _members(str(new[name].annotation))):
            yield f"type of {name} changed", MINOR if members < others else MAJOR
    returns = [str(module.functions["f"].returns) for module in modules]
    if returns[0] != returns[1]:
        yield "return type changed", _rate_result(*returns)


def _module(line: str) -> griffe.Module:
    return griffe.visit("module", Path("module.py"), f"def f{line.removeprefix('async ')}: ...")


def _members(annotation: str) -> frozenset[str]:
    """Return the alternatives of a union."""

    def parts(node: ast.expr) -> Iterator[str]:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            yield from (*parts(node.left), *parts(node.right))
        else:
            yield ast.unparse(node)

    return frozenset(parts(ast.parse(annotation, mode="eval").body))


def _rate_result(before: str, after: str) -> Rating:
    # Readers of a value cope with fewer types than before, but not with more.
    old, new = _members(before), _members(after)
    return MINOR if new < old else Rating.PATCH if new == old else MAJOR
