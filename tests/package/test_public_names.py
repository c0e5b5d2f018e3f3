"""The public names of the package, and their documentation."""

import ast
import builtins
import inspect
import sys
from collections.abc import Iterator
from enum import EnumType
from types import ModuleType
from typing import Any, TypeVar

import attrs
import pytest

import fireworks_gateway
import fireworks_gateway.testing
from fireworks_gateway import catalogue, errors, filters, specification, testing, types
from tests.shared.processes import output_of

NOT_NAMES = {"TYPE_CHECKING", "annotations", "loader"}
"""Attributes of every module."""
LOADED = """
import {package} as package
for name in package.__all__:
    getattr(package, name)
print(*sorted(n for n in vars(package) if n[0] != "_" or n == "__version__"))
"""


@pytest.mark.parametrize("package", [fireworks_gateway, fireworks_gateway.testing], ids=lambda each: each.__name__)
def test_a_package_loads_the_names_of_all(package: ModuleType) -> None:
    """In a new interpreter, on first use, and no other public name."""
    code = LOADED.format(package=package.__name__)
    loaded = output_of(sys.executable, "-c", code).split()
    assert loaded == sorted({*package.__all__, *NOT_NAMES} & {*package.__all__, *loaded})
    assert set(dir(package)) == set(package.__all__)


def test_a_name_that_a_package_lacks_is_an_attribute_error() -> None:
    """So that `hasattr` works."""
    assert not hasattr(fireworks_gateway, "BaseModelDetails")
    assert not hasattr(fireworks_gateway.testing, "Nothing")


def test_importing_the_package_loads_nothing_else() -> None:
    """Neither httpx nor the generated client, which are slow to import."""
    code = "import sys, fireworks_gateway, fireworks_gateway.testing; print(*sys.modules)"
    loaded = set(output_of(sys.executable, "-c", code).split())
    assert loaded & {"httpx", "attrs", "fireworks_gateway_openapi", "fireworks_gateway.errors"} == set()


def test_all_is_sorted_and_short() -> None:
    """Fifty names at most, capitals first."""
    assert fireworks_gateway.__all__ == sorted(
        fireworks_gateway.__all__, key=lambda name: (0 if name.isupper() else 1 if name[0].isupper() else 2, name)
    )
    assert len(fireworks_gateway.__all__) <= 50


def test_every_public_name_is_documented() -> None:
    """Classes, functions, methods, properties and fields; `describe` documents the values of enums."""
    named = {name: getattr(fireworks_gateway, name) for name in fireworks_gateway.__all__}
    members = {
        f"{name}.{member}": value
        for name, kind in named.items()
        if isinstance(kind, type) and kind.__module__.startswith("fireworks_gateway.") and not attrs.has(kind)
        for member, value in vars(kind).items()
        if not member.startswith("_") and (callable(value) or hasattr(value, "__get__"))
    }
    documented = {name for name, each in (named | members).items() if (getattr(each, "__doc__", None) or "").strip()}
    enums = {name for name, each in named.items() if isinstance(each, EnumType)}
    assert {*named, *members} - documented <= enums


MODULES = (fireworks_gateway, errors, catalogue, filters, specification, testing, testing.faults, types)
INTERNAL = set("AsyncLists FilePath HasPayload InProcess Kind Listing Lists Literal Operand Query Script".split())
"""Types of base classes and constructors that programs do not name."""


def functions_of(value: Any) -> Iterator[Any]:
    """Yield a function, or the public methods, properties and the constructor of a class."""
    if inspect.isfunction(value):
        yield value
    elif isinstance(value, type) and value.__module__.startswith("fireworks_gateway."):
        for name, member in inspect.getmembers_static(value):
            if name == "__init__" or not name.startswith("_"):
                inner = [getattr(member, each, None) for each in ("fget", "__func__", "func")]
                yield from filter(inspect.isfunction, [member, *inner])


def names_in(function: Any) -> set[str]:
    """Return the names in the annotations of a function."""
    texts = [each for each in function.__annotations__.values() if isinstance(each, str)]
    return {node.id for text in texts for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def is_of_another_package(value: Any) -> bool:
    """Return whether a value of an annotation is a module, a type variable, or a class of another package."""
    return isinstance(value, (ModuleType, TypeVar)) or (
        hasattr(value, "__name__") and not value.__module__.startswith("fireworks_gateway")
    )


def test_a_type_in_a_public_signature_can_be_imported() -> None:
    """Each class and alias of the package in an annotation is a name of a public module."""
    public = {name: getattr(module, name) for module in MODULES for name in module.__all__}
    private: set[str] = set()
    for function in (each for value in public.values() for each in functions_of(value)):
        scope = vars(builtins) | vars(sys.modules[function.__module__])
        used = {name: scope[name] for name in (names_in(function) & scope.keys()) - INTERNAL}
        private |= {name for name in used if not is_of_another_package(used[name])} - public.keys()
    assert private == set()
