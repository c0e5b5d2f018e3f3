"""What a misspelt name may have meant."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

_FEW = 12
"""How many names a message lists where none is near."""


@lru_cache(maxsize=256)  # Libraries probe objects for what they are, each of them for the same names.
def near(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the known names that another may have been meant for, the nearest first."""
    from difflib import get_close_matches  # Only a mistake needs it.

    return tuple(get_close_matches(name, known))


def missing(owner: object, name: str, names: Iterable[str]) -> AttributeError:
    """Return the error that something has no such attribute, which says what of its names is near."""
    known = tuple(each for each in names if not each.startswith("_"))
    # What asks for a private name is no person.
    meant = () if name.startswith("_") else near(name, known)
    advice = f"; did you mean {' or '.join(meant)}?" if meant else ""
    if not meant and len(known) <= _FEW:
        advice = f"; it has {', '.join(known)}"
    return AttributeError(f"{owner} has no {name!r}{advice}")
