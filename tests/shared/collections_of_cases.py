"""Collections of cases from other implementations, whose files are beside the repository or absent."""

import json
import os
from pathlib import Path
from typing import Any

import pytest


class CaseFile:
    """A file of cases beside the repository, or at the path in an environment variable."""

    def __init__(self, name: str, variable: str) -> None:
        self.variable = variable
        self.path = Path(os.environ.get(variable) or Path(__file__).parents[3] / "shared" / "data" / name)

    def section(self, name: str) -> list[Any]:
        """Return a list of cases as parameters of a test; without the file, one that is skipped with the reason."""
        if not self.path.is_file():
            reason = f"no collection of cases at {self.path}; {self.variable} names another path"
            return [pytest.param(None, id=f"{name}-absent", marks=pytest.mark.skip(reason=reason))]
        cases = json.loads(self.path.read_text(encoding="utf-8"))[name]
        return [pytest.param(case, id=f"{name}-{number}") for number, case in enumerate(cases)]
