"""The size of a change for users of the package, and the version that follows from it."""

from __future__ import annotations

import re
from enum import IntEnum


class Rating(IntEnum):
    """The size of the largest change of a release (Semantic Versioning)."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    def __str__(self) -> str:
        return self.name.lower()


def numbers_of(version: str) -> tuple[int, ...] | None:
    """Return the numbers of a dotted version, or None if a part is not a number."""
    return tuple(map(int, version.split("."))) if re.fullmatch(r"\d+(\.\d+)*", version) else None


def next_version(version: str, rating: Rating) -> str:
    """Return the version of a release with a rating after another version.

    Before 1.0 the first number stays 0: a breaking change raises the second number, any other the third.
    """
    first, second, third = (int(number) for number in version.split(".")[:3])
    if rating is Rating.NONE:
        return version
    if rating is Rating.MAJOR:
        return f"{first + 1}.0.0" if first else f"0.{second + 1}.0"
    return f"{first}.{second + 1}.0" if first and rating is Rating.MINOR else f"{first}.{second}.{third + 1}"


def version_after(base: str, current: str, rating: Rating) -> str:
    """Return the version to release next: it follows the last release, and a version that was raised enough stays."""
    return max(current, next_version(base, rating), key=lambda version: numbers_of(version) or ())
