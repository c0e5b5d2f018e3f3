"""Progress of a walk, on request: one line that is updated, in a notebook or on standard error."""

from __future__ import annotations

import sys
from typing import Any

EVERY = 200


class Progress:
    """The number of items so far."""

    def __init__(self) -> None:
        self._count = 0
        self._handle: Any = None

    def count(self) -> bool:
        """Count an item; returns True."""
        self._count += 1
        if self._count % EVERY == 0:
            self._show()
        return True

    def finish(self) -> None:
        """Show the final number."""
        self._show(end="\n")

    def _show(self, end: str = "") -> None:
        text = f"{self._count:,} items"
        ipython: Any = sys.modules.get("IPython")
        shell = ipython.get_ipython() if ipython is not None else None
        if not hasattr(shell, "kernel"):
            sys.stderr.write(f"\r{text}{end}")
            sys.stderr.flush()
        elif self._handle is None:
            self._handle = ipython.display.display({"text/plain": text}, raw=True, display_id=True)
        else:
            self._handle.update({"text/plain": text}, raw=True)
