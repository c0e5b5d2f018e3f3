"""Write the promised names of the package with their parameters and types, one line each.

    python -m tools.surfaces    # write docs/api.txt, which a test compares with the code

`docs/pinning.md` has the promise. The sources are read without importing them. Promised names of a module are those in
its `__all__`; of a class, all members without an underscore, and the special methods that users call through operators
and statements. In the generated package, classes are public as members of `models`, and functions in the modules of
`api`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import griffe

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = ROOT / "docs" / "api.txt"
PUBLIC, GENERATED = "fireworks_gateway", "fireworks_gateway_openapi"
PATHS = (ROOT / "wrapper", ROOT / "generated")
NAMESPACES = {"catalogue", "errors", "filters", "specification", "testing", "types"}
"""The modules of the wrapper that `docs/pinning.md` promises, besides the root."""

# Python calls these; pickles and representations are not promised.
_INTERNAL = {
    "__attrs_post_init__",
    "__del__",
    "__get__",
    "__init_subclass__",
    "__reduce__",
    "__repr__",
    "__set__",
    "__set_name__",
}

Loaded = griffe.Object | griffe.Alias


def surface(paths: Sequence[Path] = PATHS, package: str = PUBLIC) -> Mapping[str, str]:
    """Return every promised name of a package with its signature, type or value.

    Args:
        paths: The folders with both packages.
        package: The package, `PUBLIC` or `GENERATED`.
    """
    loader = griffe.GriffeLoader(search_paths=[str(path) for path in paths], allow_inspection=False)
    for each in (PUBLIC, GENERATED):
        loader.load(each, submodules=True)
    loader.resolve_aliases(implicit=True, external=False)
    found = _find_exports(loader.modules_collection[package])
    if package == PUBLIC:
        found = {name: member for name, member in found.items() if _is_promised(name, member)}
    return dict(sorted(_lines(found)))


def read_snapshot(text: str) -> Mapping[str, str]:
    """Return the surface in the text of a snapshot."""
    lines = (line.partition(": ") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: rest for name, _, rest in lines}


def snapshot_text(names: Mapping[str, str]) -> str:
    """Return a surface as the text of a snapshot."""
    head = "# Every promised name of the package; `make api` writes this, and a test compares it with the code.\n"
    return head + "".join(f"{name}: {line}\n" for name, line in names.items())


def _find_exports(module: Loaded) -> dict[str, Loaded]:
    found: dict[str, Loaded] = {}
    # A class is public as a member of `models`, its module is not.
    listed = {str(name) for name in module.exports} if module.exports is not None else None
    for name, member in module.members.items():
        if not isinstance(member, griffe.Alias) and member.is_module:
            if module.path != f"{GENERATED}.models" and not name.startswith("_"):
                found |= {member.path: member, **_find_exports(member)}
        elif name in listed if listed is not None else not (name.startswith("_") or isinstance(member, griffe.Alias)):
            found[f"{module.path}.{name}"] = member
    return found


def _is_promised(name: str, member: Loaded) -> bool:
    first = name.split(".")[1]
    is_name_of_root = name.count(".") == 1 and (isinstance(member, griffe.Alias) or not member.is_module)
    return is_name_of_root or first in NAMESPACES


def _lines(found: Mapping[str, Loaded]) -> Iterator[tuple[str, str]]:
    homes: dict[str, str] = {}
    for name, member in sorted(found.items(), key=lambda pair: (pair[0].count("."), pair[0])):
        try:
            target = member.final_target if isinstance(member, griffe.Alias) else member
        except (griffe.AliasResolutionError, griffe.CyclicAliasError):
            continue  # It is imported from a module that is gone.
        # A name of several modules is described in the first.
        if target.is_module:
            yield name, "module"
        elif (home := homes.setdefault(target.path, name)) != name:
            yield name, home
        else:
            yield from _describe(name, target)


def _describe(name: str, target: griffe.Object) -> Iterator[tuple[str, str]]:
    if isinstance(target, griffe.Class):
        yield name, _class_line(target)
        for member_name, member in target.all_members.items():
            found = member.final_target if isinstance(member, griffe.Alias) else member
            if not member_name.startswith("_") or _is_called_by_users(found):
                yield from _describe(f"{name}.{member_name}", found)
    elif isinstance(target, griffe.Function):
        yield name, "async " * ("async" in target.labels) + target.signature().removeprefix(target.name)
    elif isinstance(target, griffe.Attribute):
        yield name, _attribute_line(target)


def _is_called_by_users(member: griffe.Object) -> bool:
    special = member.name.startswith("__") and member.name.endswith("__")
    if not special or member.name in _INTERNAL or not isinstance(member, griffe.Function):
        return False
    # Others only raise an error with a remedy.
    return member.returns is not None and str(member.returns) != "NoReturn"


def _class_line(target: griffe.Class) -> str:
    decorators = {str(each.value).partition("(")[0].rpartition(".")[2] for each in target.decorators}
    kind = "attrs class" if decorators & {"define", "frozen", "_attrs_define", "mutable"} else "class"
    return f"{kind}({', '.join(_public_bases(target))})"


def _public_bases(target: griffe.Class) -> Iterator[str]:
    """Yield the bases of a class; the bases of a private one in its place."""
    resolved = {each.name: each for each in target.resolved_bases}
    for base in map(str, target.bases):
        private = resolved.get(base.partition("[")[0]) if base.startswith("_") else None
        if isinstance(private, griffe.Class):
            yield from _public_bases(private)
        else:
            yield base


def _attribute_line(target: griffe.Attribute) -> str:
    annotation, value = str(target.annotation), "" if target.value is None else str(target.value)
    if "property" in target.labels:
        return f"property -> {annotation}"
    in_class = target.parent is not None and target.parent.is_class
    if target.annotation is None:
        return _annotation_of_argument(target) or f"= {value}" if in_class else _type_name(value)
    called = value.partition("(")[0]
    if called == "field" and isinstance(target.value, griffe.ExprCall):
        keywords = {each.name: each.value for each in target.value.arguments if isinstance(each, griffe.ExprKeyword)}
        default = next((f" = {keywords[name]}" for name in ("default", "factory") if name in keywords), "")
        return f"{annotation}{default}"
    if called == "ListOperation" and isinstance(target.value, griffe.ExprCall):
        given = {each.name: str(each.value) for each in target.value.arguments if isinstance(each, griffe.ExprKeyword)}
        required, names = ast.literal_eval(given["required"]), ast.literal_eval(given["parameters"])
        return f"(*, {', '.join(name if name in required else f'{name}=None' for name in names)}) -> {annotation}"
    # The declaration of a field repeats its type; all else in it is documentation, or a name on the wire.
    return f"{annotation} = {value}" if in_class and value and called != annotation.partition("[")[0] else annotation


def _annotation_of_argument(target: griffe.Attribute) -> str | None:
    # Most attributes are set to an argument of the same class.
    parameters = getattr(getattr(target.parent, "members", {}).get("__init__"), "parameters", {})
    value = str(target.value)
    return str(parameters[value].annotation) if value in parameters else None


def _type_name(value: str) -> str:
    # A constant's value is not part of the API; otherwise every new version would be a break.
    try:
        return type(ast.literal_eval(value)).__name__
    except (ValueError, SyntaxError):
        return f"= {value}"


def main() -> None:
    """Write the snapshot."""
    text = snapshot_text(surface())
    SNAPSHOT.write_text(text, encoding="utf-8")
    print(f"{SNAPSHOT.name}: {len(text.splitlines()) - 1} names")


if __name__ == "__main__":
    main()
