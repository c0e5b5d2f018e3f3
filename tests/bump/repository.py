"""Copies of the repository, to be bumped."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from attrs import frozen

ROOT = Path(__file__).parents[2]
PARTS = ("CHANGELOG.md", "generated", "generator-config.yaml", "openapi", "pyproject.toml")
MORE = ("redocly.yaml", "docs", "requirements", "tools", "wrapper")


@frozen
class Bumped:
    """The result of `python -m tools.bump`."""

    status: int
    printed: str
    report: dict[str, Any]

    @property
    def last_line(self) -> str:
        """The last line of the output."""
        return self.printed.rstrip("\n").rpartition("\n")[2]


@frozen
class Repository:
    """A copy of the files that a bump reads and writes."""

    root: Path

    def contents(self) -> dict[str, bytes]:
        """Return every file outside of ignored folders."""
        ignored = {"__pycache__", "build", "node_modules", ".mypy_cache"}
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and not ignored & set(path.relative_to(self.root).parts)
        }

    def environment(self) -> dict[str, str]:
        """Return an environment that imports the copy's code."""
        paths = os.pathsep.join(str(self.root / part) for part in ("", "wrapper", "generated"))
        return {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}

    def command(self, text: str | bytes, *options: str, name: str = "page.md") -> list[str]:
        """Return the command that moves to a document."""
        path = self.root / "build" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return [sys.executable, "-m", "tools.bump", *options, str(path)]

    def bump(self, text: str | bytes, *options: str, name: str = "page.md") -> Bumped:
        """Move to a document."""
        command = self.command(text, *options, name=name)
        run = subprocess.run(command, cwd=self.root, env=self.environment(), capture_output=True, encoding="utf-8")
        assert run.stderr == ""
        report = json.loads((self.root / "build/bump-report.json").read_text(encoding="utf-8"))
        return Bumped(run.returncode, run.stdout, report)

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=self.environment(),
            capture_output=True,
            encoding="utf-8",
        )


def copy_of_repository(folder: Path, *, with_npm: bool = True) -> Repository:
    """Return a copy in a folder, with the programs of npm if installed and wanted."""
    root = folder / "repository"
    root.mkdir()
    for part in PARTS + MORE:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, root / part, ignore=shutil.ignore_patterns("__pycache__", ".generating-*"))
        else:
            shutil.copy(source, root / part)
    if with_npm and (ROOT / "node_modules").exists():
        (root / "node_modules").symlink_to(ROOT / "node_modules")
    return Repository(root)
