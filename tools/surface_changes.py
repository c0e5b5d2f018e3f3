"""Compare two surfaces of public Python names, and rate each change for their users."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from attrs import frozen

from tools.bump.ratings import Rating


@frozen
class SurfaceChange:
    """A change of a public Python name.

    Attributes:
        kind: The kind of change.
        name: The dotted name.
        old: The old line; empty for an addition.
        new: The new line; empty for a removal.
        rating: The size of the change.
        affected: The code that it affects.
        advice: The remedy.
    """

    kind: str
    name: str
    old: str
    new: str
    rating: Rating
    affected: str
    advice: str


def compare_surfaces(old: Mapping[str, str], new: Mapping[str, str]) -> list[SurfaceChange]:
    """Return every change between two surfaces, the largest first. A removed or added class is one change."""
    found = [*_removed(old, new), *_added(old, new), *_changed(old, new)]
    return sorted(found, key=lambda change: (-change.rating, change.name))


def _parent(name: str) -> str:
    return name.rpartition(".")[0]


def _removed(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[SurfaceChange]:
    for name, line in old.items():
        if name in new or (_parent(name) in old and _parent(name) not in new):
            continue
        yield SurfaceChange("removed", name, line, "", Rating.MAJOR, "code that uses the name", "stop using it")


def _added(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[SurfaceChange]:
    for name, line in new.items():
        parent = _parent(name)
        if name in old or (parent in new and parent not in old):
            continue
        # The attributes of an attrs class are arguments.
        if new.get(parent, "").startswith("attrs class") and not line.startswith("property") and _is_required(line):
            yield SurfaceChange(
                "required argument added", name, "", line, Rating.MAJOR, f"code that makes a {parent}", "pass it"
            )
        else:
            yield SurfaceChange("added", name, "", line, Rating.MINOR, "nobody", "use it if it helps")


def _is_required(line: str) -> bool:
    return _signature_of(line) is None and " = " not in f" {line}"


def _changed(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[SurfaceChange]:
    for name, before in old.items():
        after = new.get(name, before)
        if after == before:
            continue
        kind, rating = _kind_and_rating(before, after, is_argument=old.get(_parent(name), "").startswith("attrs class"))
        advice = "check each use; a type checker finds them" if rating is Rating.MAJOR else "nothing"
        affected = "code that uses it" if rating is Rating.MAJOR else "nobody"
        yield SurfaceChange(kind, name, before, after, rating, affected, advice)


def _kind_and_rating(before: str, after: str, *, is_argument: bool) -> tuple[str, Rating]:
    old, new = _signature_of(before), _signature_of(after)
    if old is not None and new is not None:
        return _call_change(old, new)
    if before.startswith("property -> ") and after.startswith("property -> "):
        return "type changed", _of_output(_members(before[12:]), _members(after[12:]))
    if "class(" in before and "class(" in after:
        bases = [set(line.partition("(")[2].rstrip(")").split(", ")) - {""} for line in (before, after)]
        return "bases changed", Rating.MINOR if bases[0] <= bases[1] else Rating.MAJOR
    (old_type, _, old_default), (new_type, _, _) = (line.partition(" = ") for line in (before, after))
    if old_type == new_type and is_argument and not old_default:
        return "default given", Rating.MINOR
    return ("type changed" if old_type != new_type else "value changed"), Rating.MAJOR


class _Signature(NamedTuple):
    tree: ast.FunctionDef | ast.AsyncFunctionDef

    @property
    def parameters(self) -> dict[str, tuple[str, ast.expr | None, str]]:
        """The kind, annotation and default of each parameter by its name."""
        arguments = self.tree.args
        found: dict[str, tuple[str, ast.expr | None, str]] = {}
        positional = [*arguments.posonlyargs, *arguments.args]
        missing = [None] * (len(positional) - len(arguments.defaults))
        for each, default in zip(positional, [*missing, *arguments.defaults], strict=True):
            kind = "positional only" if each in arguments.posonlyargs else "positional"
            found[each.arg] = kind, each.annotation, ast.unparse(default) if default else ""
        for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            found[each.arg] = "keyword", each.annotation, ast.unparse(default) if default else ""
        for star in (arguments.vararg, arguments.kwarg):
            if star is not None:
                found[f"*{star.arg}"] = "rest", star.annotation, "()"
        return found


def _signature_of(line: str) -> _Signature | None:
    start, is_async = (line.removeprefix("async "), line.startswith("async ("))
    if not start.startswith("("):
        return None
    try:
        tree = ast.parse(f"{'async ' * is_async}def name{start}: ...").body[0]
    except SyntaxError:
        return None
    return _Signature(tree) if isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef) else None


def _call_change(old: _Signature, new: _Signature) -> tuple[str, Rating]:
    changes: list[tuple[str, Rating]] = [("signature reformatted", Rating.PATCH), *_argument_changes(old, new)]
    if type(old.tree) is not type(new.tree):
        changes.append(("sync or async changed", Rating.MAJOR))
    before, after = (ast.unparse(each.tree.returns) if each.tree.returns else "" for each in (old, new))
    if before != after:
        changes.append(("return type changed", _of_output(_members(before), _members(after))))
    return max(changes, key=lambda change: change[1])


def _argument_changes(old: _Signature, new: _Signature) -> Iterator[tuple[str, Rating]]:
    before, after = old.parameters, new.parameters
    for name, (kind, annotation, default) in before.items():
        if name not in after:
            yield f"parameter {name} removed", Rating.MAJOR
            continue
        new_kind, new_annotation, new_default = after[name]
        if kind != new_kind:
            yield f"kind of parameter {name} changed", Rating.MINOR if new_kind == "positional" else Rating.MAJOR
        if default != new_default:
            yield f"default of {name} changed", Rating.MAJOR if default else Rating.MINOR
        if _text(annotation) != _text(new_annotation):
            wider = _members(_text(annotation)) <= _members(_text(new_annotation))
            yield f"type of {name} changed", Rating.MINOR if wider else Rating.MAJOR
    for name, (_, _, default) in after.items():
        if name not in before:
            yield f"parameter {name} added", Rating.MINOR if default else Rating.MAJOR
    places = [[name for name, one in each.items() if "positional" in one[0]] for each in (before, after)]
    kept = [[name for name in names if all(name in other for other in places)] for names in places]
    if kept[0] != kept[1]:
        yield "parameters reordered", Rating.MAJOR


def _text(annotation: ast.expr | None) -> str:
    return ast.unparse(annotation) if annotation else ""


def _members(annotation: str) -> frozenset[str]:
    """Return the alternatives of a union."""

    def parts(node: ast.expr) -> Iterator[str]:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            yield from parts(node.left)
            yield from parts(node.right)
        else:
            yield ast.unparse(node)

    try:
        return frozenset(parts(ast.parse(annotation, mode="eval").body))
    except SyntaxError:
        return frozenset({annotation})


def _of_output(old: frozenset[str], new: frozenset[str]) -> Rating:
    # Readers of a value cope with fewer types than before, but not with more.
    return Rating.MINOR if new < old else Rating.PATCH if new == old else Rating.MAJOR
