"""How much a change asks of those who use the package, and which version says so."""

from __future__ import annotations

import re
from enum import IntEnum


class Rating(IntEnum):
    """What a release is, by the largest of its changes (Semantic Versioning)."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    def __str__(self) -> str:
        return self.name.lower()


def numbers_of(version: str) -> tuple[int, ...] | None:
    """Return the numbers of a dotted version, or None where it has others than numbers."""
    return tuple(map(int, version.split("."))) if re.fullmatch(r"\d+(\.\d+)*", version) else None


def next_version(version: str, rating: Rating) -> str:
    """Return the version that a release with a rating gets after another.

    Before 1.0 the first number stays 0: what breaks somebody moves the second number, all else the third.
    """
    first, second, third = (int(number) for number in version.split(".")[:3])
    match rating, first:
        case Rating.NONE, _:
            return version
        case Rating.MAJOR, 0:
            return f"0.{second + 1}.0"
        case Rating.MAJOR, _:
            return f"{first + 1}.0.0"
        case Rating.MINOR, first if first > 0:
            return f"{first}.{second + 1}.0"
        case _:
            return f"{first}.{second}.{third + 1}"
