"""The words of the filter language (AIP-160)."""

from __future__ import annotations

__all__ = ["quoted"]


def quoted(text: str) -> str:
    """Return a text as a string of the filter language, so that nothing in it is read as anything else."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
