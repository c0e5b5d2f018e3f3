"""The public face: what the package shows is what it says."""

from __future__ import annotations

import subprocess
import sys
from enum import EnumType

import fireworks_gateway

LISTED = "import fireworks_gateway as f; print(*sorted(dir(f)))"


def test_the_package_shows_what_all_says() -> None:
    """In a fresh interpreter, the public names and `__all__` are the same."""
    shown = subprocess.run([sys.executable, "-c", LISTED], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == sorted(fireworks_gateway.__all__)


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
