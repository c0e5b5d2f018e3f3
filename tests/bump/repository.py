"""Copies of the repository, to be bumped."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from tools.bump.trial import Tree
from tools.specification.parsing import Refused

ROOT = Path(__file__).parents[2]


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
    """A git checkout of its own."""

    root: Path

    def contents(self) -> dict[str, bytes]:
        """Return every file that git does not ignore."""
        listed = self.git("ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout.split("\0")
        return {name: (self.root / name).read_bytes() for name in listed if (self.root / name).is_file()}

    def git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run git."""
        author = ("-c", "user.name=T", "-c", "user.email=t@example.invalid")
        return subprocess.run(
            ["git", *author, *arguments], cwd=self.root, check=True, capture_output=True, encoding="utf-8"
        )

    def commit(self) -> None:
        """Commit every file."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "Change")

    def command(self, text: str | bytes, *options: str, name: str = "page.md") -> list[str]:
        """Return the command that moves to a document."""
        path = self.root / "build" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return [sys.executable, "-m", "tools.bump", *options, str(path)]

    def environment(self) -> dict[str, str]:
        """Return an environment that imports the copy's code."""
        paths = os.pathsep.join(str(self.root / part) for part in ("", "wrapper", "generated"))
        return {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}

    def bump(self, text: str | bytes, *options: str, name: str = "page.md") -> Bumped:
        """Move to a document."""
        run = self.python(*self.command(text, *options, name=name)[1:])
        assert run.stderr == ""
        report = json.loads((self.root / "build/bump-report.json").read_text(encoding="utf-8"))
        return Bumped(run.returncode, run.stdout, report)

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy."""
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=self.root, env=self.environment(), capture_output=True, encoding="utf-8")


def copy_of_repository(folder: Path) -> Repository:
    """Return a checkout in a folder, with the programs of npm if installed."""
    root = folder / "repository"
    try:
        Tree.of(ROOT, root)
    except Refused as refusal:
        pytest.skip(str(refusal))
    if (ROOT / "node_modules").exists():
        (root / "node_modules").symlink_to(ROOT / "node_modules")
        (root / ".git-exclude").write_text("node_modules\n", encoding="utf-8")
    repository = Repository(root)
    repository.git("init", "--quiet")
    repository.git("config", "core.excludesFile", str(root / ".git-exclude"))
    repository.commit()
    return repository
