"""Write the public names of both packages with their parameters and types, one line each.

    python -m tools.surfaces            # write docs/api.txt
    python -m tools.surfaces --check    # compare only; exit status 1 on any difference

The sources are read without importing them. Public names of a public module are those in its `__all__`, or else all of
its definitions without an underscore; of a class, all public and special members. In the generated package, classes are
public as members of `models`, and functions in the modules of `api`.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import griffe

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = ROOT / "docs" / "api.txt"
PACKAGES = ("fireworks_gateway", "fireworks_gateway_openapi")
PATHS = (ROOT / "wrapper", ROOT / "generated")

Loaded = griffe.Object | griffe.Alias


def surface(paths: Sequence[Path] = PATHS) -> Mapping[str, str]:
    """Return every public name with its signature, type or value.

    Args:
        paths: The folders with the packages.
    """
    loader = griffe.GriffeLoader(search_paths=[str(path) for path in paths], allow_inspection=False)
    packages = [loader.load(package, submodules=True) for package in PACKAGES]
    loader.resolve_aliases(implicit=True, external=False)
    found: dict[str, Loaded] = {}
    for package in packages:
        found |= _exported(package)
    return {name: line for name, line in sorted(_lines(found))}


def read_snapshot(text: str) -> Mapping[str, str]:
    """Return the surface in the text of a snapshot."""
    lines = (line.partition(": ") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: rest for name, _, rest in lines}


def snapshot_text(names: Mapping[str, str]) -> str:
    """Return a surface as the text of a snapshot."""
    head = "# Every public name of both packages; `make api` writes this, and a test compares it with the code.\n"
    return head + "".join(f"{name}: {line}\n" for name, line in names.items())


def _exported(module: Loaded) -> dict[str, Loaded]:
    found: dict[str, Loaded] = {}
    if any(part.startswith("_") for part in module.path.split(".")):
        return found
    # A class is public as a member of `models`, its module is not.
    listed = {str(name) for name in module.exports} if module.exports is not None else None
    for name, member in module.members.items():
        if not isinstance(member, griffe.Alias) and member.is_module:
            if module.path != f"{PACKAGES[1]}.models" and not name.startswith("_"):
                found |= {member.path: member, **_exported(member)}
        elif name in listed if listed is not None else not (name.startswith("_") or isinstance(member, griffe.Alias)):
            found[f"{module.path}.{name}"] = member
    return found


def _lines(found: Mapping[str, Loaded]) -> Iterator[tuple[str, str]]:
    homes: dict[str, str] = {}
    for name, member in sorted(found.items(), key=lambda pair: (pair[0].count("."), pair[0])):
        try:
            target = member.final_target if isinstance(member, griffe.Alias) else member
        except (griffe.AliasResolutionError, griffe.CyclicAliasError):
            continue  # It is imported from a module that is gone.
        if target.is_module:
            yield name, "module"
            continue
        # A name of both packages is described in the one that defines it.
        home = homes.setdefault(target.path, _home_of(target.path, name, found))
        if home != name:
            yield name, home
        else:
            yield from _described(name, target)


def _home_of(path: str, name: str, found: Mapping[str, Loaded]) -> str:
    package, _, rest = path.partition(".")
    if package == PACKAGES[1] and rest.startswith("models."):
        home = f"{package}.models.{path.rpartition('.')[2]}"
        return home if home in found else name
    return path if path in found and package == PACKAGES[1] else name


def _described(name: str, target: griffe.Object) -> Iterator[tuple[str, str]]:
    if isinstance(target, griffe.Class):
        yield name, _class_line(target)
        for member_name, member in target.all_members.items():
            special = member_name.startswith("__") and member_name.endswith("__")
            if member_name.startswith("_") and not (special and member.is_function):
                continue
            found = member.final_target if isinstance(member, griffe.Alias) else member
            yield from _described(f"{name}.{member_name}", found)
    elif isinstance(target, griffe.Function):
        yield name, _function_line(target)
    elif isinstance(target, griffe.Attribute):
        yield name, _attribute_line(target)


def _class_line(target: griffe.Class) -> str:
    decorators = {str(each.value).partition("(")[0].rpartition(".")[2] for each in target.decorators}
    kind = "attrs class" if decorators & {"define", "frozen", "_attrs_define", "mutable"} else "class"
    return f"{kind}({', '.join(map(str, target.bases))})"


def _function_line(target: griffe.Function) -> str:
    parameters: list[str] = []
    previous: griffe.ParameterKind | None = None
    for each in target.parameters:
        if each.kind is griffe.ParameterKind.keyword_only and previous is not each.kind:
            parameters += [] if parameters and parameters[-1].startswith("*") else ["*"]
        stars = {griffe.ParameterKind.var_positional: "*", griffe.ParameterKind.var_keyword: "**"}
        star = stars.get(each.kind or griffe.ParameterKind.positional_only, "")
        annotation = f": {each.annotation}" if each.annotation is not None else ""
        default = f" = {each.default}" if each.default is not None and not star else ""
        parameters.append(f"{star}{each.name}{annotation}{default}")
        if each.kind is griffe.ParameterKind.positional_only:
            parameters = [other for other in parameters if other != "/"] + ["/"]
        previous = each.kind
    returns = f" -> {target.returns}" if target.returns is not None else ""
    start = "async " if "async" in target.labels else ""
    return f"{start}({', '.join(parameters)}){returns}"


def _attribute_line(target: griffe.Attribute) -> str:
    if "property" in target.labels:
        return f"property -> {target.annotation}"
    value = "" if target.value is None else _value_text(str(target.value))
    if target.annotation is not None:
        in_class = target.parent is not None and target.parent.is_class
        return f"{target.annotation} = {value}" if value and in_class else str(target.annotation)
    in_module = target.parent is not None and target.parent.is_module
    return _type_name(value) if in_module else f"= {value}"


def _value_text(value: str) -> str:
    """Return an expression without its documentation."""
    try:
        expression = ast.parse(value, mode="eval").body
    except SyntaxError:
        return value
    for node in ast.walk(expression):
        if isinstance(node, ast.Call):
            node.keywords = [keyword for keyword in node.keywords if keyword.arg != "doc"]
    return ast.unparse(expression)


def _type_name(value: str) -> str:
    # A constant's value is no part of the API; otherwise every new version would be a break.
    try:
        return type(ast.literal_eval(value)).__name__
    except (ValueError, SyntaxError):
        return f"= {value}"


def main(arguments: list[str] | None = None) -> None:
    """Write the snapshot, or check it and exit with a message if it is outdated."""
    parser = argparse.ArgumentParser(description="Write every public name of both packages.")
    parser.add_argument("--check", action="store_true", help="compare only; change nothing")
    check: bool = parser.parse_args(arguments).check
    text = snapshot_text(surface())
    if check and (not SNAPSHOT.exists() or SNAPSHOT.read_text(encoding="utf-8") != text):
        sys.exit(f"{SNAPSHOT.name} is outdated: run `make api`, and review the change")
    if not check:
        SNAPSHOT.write_text(text, encoding="utf-8")
    print(f"{SNAPSHOT.name}: {len(text.splitlines()) - 1} names")


if __name__ == "__main__":
    main()
