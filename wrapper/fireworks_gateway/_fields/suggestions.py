"""Suggestions for misspelt names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def near_names(name: str, known: Iterable[str], cutoff: float = 0.6) -> tuple[str, ...]:
    """Return the known names that are similar to a name, the nearest first."""
    from difflib import get_close_matches  # Only a mistake needs it.

    return tuple(get_close_matches(name, tuple(known), cutoff=cutoff))


def did_you_mean(names: Sequence[str]) -> str:
    """Return the end of an error message that suggests names."""
    return f"; did you mean {' or '.join(names)}?" if names else ""
