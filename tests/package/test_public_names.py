"""The public face: what the package shows is what it says."""

from __future__ import annotations

import subprocess
import sys
from enum import EnumType
from types import ModuleType

import pytest

import fireworks_gateway
import fireworks_gateway.testing

NOT_NAMES = {"TYPE_CHECKING", "annotations", "loader"}
"""Attributes that every module has."""
LOADED = """
import {package} as package
for name in package.__all__:
    getattr(package, name)
print(*sorted(n for n in vars(package) if n[0] != "_" or n == "__version__"))
"""


@pytest.mark.parametrize("package", [fireworks_gateway, fireworks_gateway.testing], ids=lambda each: each.__name__)
def test_a_package_loads_the_names_of_all(package: ModuleType) -> None:
    """In a fresh interpreter, each name of `__all__` loads on first use, and no other public name is there then."""
    code = LOADED.format(package=package.__name__)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == sorted({*package.__all__, *NOT_NAMES} & {*package.__all__, *run.stdout.split()})
    assert set(dir(package)) == set(package.__all__)


def test_a_name_that_a_package_lacks_is_an_attribute_error() -> None:
    """As of any module, so that `hasattr` works."""
    assert not hasattr(fireworks_gateway, "BaseModelDetails")
    assert not hasattr(fireworks_gateway.testing, "Nothing")


def test_importing_the_package_loads_nothing_else() -> None:
    """Neither httpx nor the generated client, which are slow to import."""
    code = "import sys, fireworks_gateway, fireworks_gateway.testing; print(*sys.modules)"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    assert loaded & {"httpx", "attrs", "fireworks_gateway_openapi", "fireworks_gateway.errors"} == set()


def test_all_is_sorted_and_short() -> None:
    """Fifty names at most, capitals first."""
    assert fireworks_gateway.__all__ == sorted(fireworks_gateway.__all__, key=_order)
    assert len(fireworks_gateway.__all__) <= 50


def _order(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def test_every_public_name_is_documented() -> None:
    """Every class and function says what it is; the enums are generated, and `describe` says what their values are."""
    named = {name: getattr(fireworks_gateway, name) for name in fireworks_gateway.__all__}
    silent = [name for name, value in named.items() if not value.__doc__ and not issubclass(type(value), EnumType)]
    assert silent == []


def test_every_public_member_is_documented() -> None:
    """So does every public method, property and field of the package's own classes."""
    silent = [
        f"{name}.{member}"
        for name in fireworks_gateway.__all__
        if isinstance(kind := getattr(fireworks_gateway, name), type)
        and kind.__module__.startswith("fireworks_gateway.")
        for member, value in vars(kind).items()
        if not member.startswith("_") and (callable(value) or hasattr(value, "__get__"))
        if not (getattr(value, "__doc__", None) or "").strip() and not hasattr(kind, "__attrs_attrs__")
    ]
    assert silent == []
