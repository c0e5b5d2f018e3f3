"""Where the collections of cases from other implementations are, which are not ours to copy."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest


class Collection:
    """A file of cases beside the repository, or where a variable of the environment says; it may be absent."""

    def __init__(self, name: str, variable: str) -> None:
        self.variable = variable
        self.path = Path(os.environ.get(variable) or Path(__file__).parents[3] / "shared" / "data" / name)

    def section(self, name: str) -> list[dict[str, Any]]:
        """Return a list of cases; an empty list if the file is absent."""
        if not self.path.is_file():
            return []
        cases: list[dict[str, Any]] = json.loads(self.path.read_text(encoding="utf-8")).get(name, [])
        return cases

    def skip_where_absent(self) -> None:
        """Say where the file would be found, in the report of the test that asks."""
        if not self.path.is_file():
            pytest.skip(f"no collection of cases at {self.path}; {self.variable} names another place")
