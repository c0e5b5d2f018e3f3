"""Python names are rated by what breaks their users, and a version follows from a rating."""

import pytest

from tools.bump.ratings import Rating, next_version, version_after
from tools.surface_changes import compare_surfaces

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
    """New required arguments break callers, new results break readers; an equal surface has no change."""
    assert compare_surfaces(SURFACE, dict(SURFACE)) == []
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
    """The version follows the last release, so one raise serves the next bump too, and a higher version stays."""
    first = version_after("1.4.0", "1.4.0", Rating.MAJOR)

    assert (first, version_after("1.4.0", first, Rating.MAJOR)) == ("2.0.0", "2.0.0")
    assert version_after("1.4.0", first, Rating.PATCH) == "2.0.0"
    assert version_after("1.4.0", "1.10.0", Rating.MINOR) == "1.10.0"
    assert version_after("1.4.0", "1.10.0", Rating.MAJOR) == "2.0.0"
