"""How changes are rated: documents against the decision table, and Python names against what breaks their users."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bump.simulated import SIMULATED, VERSION
from tests.shared.documents import changed, published
from tools.bump.changes import wire_changes
from tools.bump.ratings import Rating, next_version
from tools.bump.records import version_after
from tools.bump.verdicts import VERDICTS
from tools.surface_changes import compare_surfaces


@pytest.mark.parametrize("name", SIMULATED)
def test_a_change_on_the_wire_is_rated_by_the_table(name: str) -> None:
    """The largest of a document's changes is rated as the table of simulated bumps says."""
    found = wire_changes(published(), changed(SIMULATED[name].change, VERSION))

    assert max([change.rating for change in found], default=Rating.NONE) == SIMULATED[name].wire


def test_equal_documents_and_surfaces_have_no_change() -> None:
    """Nor is a surface, and a version is no change by itself."""
    assert wire_changes(published(), published("9.9.9")) == []
    assert compare_surfaces(SURFACE, dict(SURFACE)) == []


def leaves_of(node: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the place of every text, number and boolean of a document."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        yield from leaves_of(value, (*place, key))
    if not isinstance(node, dict | list):
        yield place


LEAVES = sorted(set(leaves_of(published())) - {("info", "version")}, key=str)


@given(st.sampled_from(LEAVES))
def test_every_change_of_a_document_is_found(place: tuple[str | int, ...]) -> None:
    """Any single difference is found, and the decision table has a verdict on its kind."""
    document: Any = published()
    node = document
    for key in place[:-1]:
        node = node[key]
    node[place[-1]] = other_than(node[place[-1]])

    found = wire_changes(published(), document)

    assert found
    assert {change.kind for change in found} <= set(VERDICTS)


def other_than(value: Any) -> Any:
    """Return another value of the same type."""
    match value:
        case bool():
            return not value
        case str() if value.startswith("#/"):
            return "#/components/schemas/" + ("typeDate" if "typeDate" not in value else "gatewayStatus")
        case str():
            return f"{value}X"
        case _:
            return value + 1


SURFACE = {
    "p.f": "(account_id: str, *, size: int | Unset = UNSET) -> str | None",
    "p.C": "attrs class()",
    "p.C.x": "str | Unset = UNSET",
    "p.C.y": "int",
    "p.C.m": "property -> int | None",
    "p.E": "class(StrEnum)",
    "p.E.A": "= 'A'",
    "p.VERSION": "str",
}


@pytest.mark.parametrize(
    ("name", "line", "rating"),
    [
        ("p.new", "() -> None", "minor"),
        ("p.f", None, "major"),
        ("p.f", "(account_id: str, *, size: int | Unset = UNSET, more: str = '') -> str | None", "minor"),
        ("p.f", "(account_id: str, *, size: int | Unset = UNSET, more: str) -> str | None", "major"),
        ("p.f", "(account_id: str) -> str | None", "major"),
        ("p.f", "(account: str, *, size: int | Unset = UNSET) -> str | None", "major"),
        ("p.f", "(account_id: str, *, size: int | Unset = 50) -> str | None", "major"),
        ("p.f", "(account_id: str, *, size: int | str | Unset = UNSET) -> str | None", "minor"),
        ("p.f", "(account_id: str, *, size: Unset = UNSET) -> str | None", "major"),
        ("p.f", "(account_id: str, *, size: int | Unset = UNSET) -> str", "minor"),
        ("p.f", "(account_id: str, *, size: int | Unset = UNSET) -> int | str | None", "major"),
        ("p.f", "async (account_id: str, *, size: int | Unset = UNSET) -> str | None", "major"),
        ("p.f", "(account_id: str, size: int | Unset = UNSET) -> str | None", "minor"),
        ("p.C.z", "str | Unset = UNSET", "minor"),
        ("p.C.z", "str", "major"),
        ("p.C.x", "str", "major"),
        ("p.C.x", "int | Unset = UNSET", "major"),
        ("p.C.y", "int = 0", "minor"),
        ("p.C.m", "property -> int", "minor"),
        ("p.C.m", "property -> int | str | None", "major"),
        ("p.C", "attrs class(Base)", "minor"),
        ("p.E.B", "= 'B'", "minor"),
        ("p.E.A", "= 'a'", "major"),
        ("p.E.A", None, "major"),
        ("p.VERSION", "int", "major"),
    ],
)
def test_a_change_of_a_python_name_is_rated_by_what_breaks(name: str, line: str | None, rating: str) -> None:
    """New required arguments break callers, new results break readers."""
    new = {**SURFACE, name: line} if line is not None else {k: v for k, v in SURFACE.items() if k != name}

    [change] = compare_surfaces(SURFACE, new)

    assert (change.name, str(change.rating)) == (name, rating)


def test_a_class_that_is_gone_is_one_change() -> None:
    """Its members are no separate changes."""
    [change] = compare_surfaces(SURFACE, {name: line for name, line in SURFACE.items() if not name.startswith("p.E")})

    assert (change.name, change.kind) == ("p.E", "removed")


@pytest.mark.parametrize(
    ("version", "patch", "minor", "major"),
    [("0.1.0", "0.1.1", "0.1.1", "0.2.0"), ("1.2.3", "1.2.4", "1.3.0", "2.0.0")],
)
def test_the_next_version_is_semantic(version: str, patch: str, minor: str, major: str) -> None:
    """Before 1.0 a breaking change raises the second number, any other the third."""
    ratings = (Rating.NONE, Rating.PATCH, Rating.MINOR, Rating.MAJOR)

    assert [next_version(version, rating) for rating in ratings] == [version, patch, minor, major]


def test_two_bumps_before_a_release_raise_the_version_once() -> None:
    """The version follows the last release, so one raise serves the next bump too."""
    changelog = "# Changelog\n\n## Unreleased\n\n## [1.4.0] - 2026-01-01\n"

    first = version_after("1.4.0", changelog, Rating.MAJOR)

    assert (first, version_after(first, changelog, Rating.MINOR)) == ("2.0.0", "2.0.0")
    assert version_after("1.5.0", changelog, Rating.MAJOR) == "2.0.0"
