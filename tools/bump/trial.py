"""A copy of the repository with the new document, tried before its files are put in place."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from attrs import frozen

from tools.specification.parsing import Refused

TESTS = tuple(f"tests/{part}" for part in ("cli", "client", "fields", "listing", "model", "package", "specification"))
"""The fast tests of everything that a document can change; `make test` runs the others."""

WRITTEN = ("docs/", "generated/", "openapi/", "tools/", "wrapper/")
"""The folders that a bump writes to."""

_IMPORT = """
import importlib, pathlib, pkgutil, sys
import fireworks_gateway, fireworks_gateway_openapi
for package in (fireworks_gateway_openapi, fireworks_gateway):
    assert pathlib.Path(package.__file__).is_relative_to(sys.argv[1]), package.__file__
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
"""


@frozen
class Trial:
    """The result of a trial.

    Attributes:
        misfits: One line for each place of hand-written code that does not fit the document: file, line and name.
        failures: One line for each other failure.
        tested: The summary of the tests.
    """

    misfits: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    tested: str = "not run"

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that a person must mend."""
        return self.misfits + self.failures


@frozen
class Tree:
    """A copy of the repository in another folder."""

    origin: Path
    root: Path

    @classmethod
    def of(cls, origin: Path, root: Path) -> Tree:
        """Copy the files that git knows."""
        for name in git(origin, "ls-files", "-z").split("\0")[:-1]:
            if (origin / name).is_file():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(origin / name, root / name)
        return cls(origin, root)

    def read(self, name: str) -> str:
        """Return the text of a file with its line endings."""
        return (self.root / name).read_bytes().decode()

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_bytes(text.encode())

    def try_out(self) -> Trial:
        """Check all types, import both packages, renew the outputs in the documentation, and run the fast tests.

        Nothing of the original packages can be imported meanwhile.
        """
        if misfits := self._type_errors():
            return Trial(misfits)
        for arguments, failed in (
            (("-c", _IMPORT, str(self.root)), "the packages cannot be imported"),
            (("-m", "tools.docs"), "make refresh-docs failed"),
        ):
            if (run := self._python(*arguments)).returncode:
                return Trial(failures=(f"{failed}: {_last_line(run)}",))
        return self._test()

    def put_in_place(self) -> None:
        """Write every file that differs to the original repository, and delete those that are gone: all or none."""
        folder = git(self.origin, "rev-parse", "--absolute-git-dir").strip()
        compared = ["ls-files", "-z", "--modified", "--others", "--exclude-standard"]
        listed = git(self.root, f"--git-dir={folder}", "--work-tree=.", "-c", "core.fsmonitor=false", *compared)
        try:
            for name in listed.split("\0")[:-1]:
                if (source := self.root / name).is_file():
                    (self.origin / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(source, self.origin / name)
                else:
                    (self.origin / name).unlink(missing_ok=True)
        except BaseException:
            git(self.origin, "restore", ".")
            git(self.origin, "clean", "-fdq", "--", "docs/bumps", "generated")  # New files are there alone.
            raise

    def _type_errors(self) -> tuple[str, ...]:
        cache = f"--cache-dir={self.origin / '.mypy_cache' / 'bump'}"
        run = self._python("-m", "mypy", cache, "--no-pretty", "--no-error-summary", "--hide-error-context")
        errors = tuple(line.replace(": error:", ":") for line in run.stdout.splitlines() if ": error: " in line)
        errors = tuple(sorted(errors, key=lambda line: (not line.startswith("wrapper/"), "[unused-ignore]" in line)))
        return errors or (("mypy failed: " + _last_line(run),) if run.returncode else ())

    def _test(self) -> Trial:
        run = self._python("-m", "pytest", "-q", "--numprocesses=auto", "--dist=worksteal", *TESTS)
        summary = _last_line(run)
        if run.returncode == 1:  # A test that a busy machine failed passes alone.
            run = self._python("-m", "pytest", "-q", "--last-failed", *TESTS)
            summary += f"; those that failed, again: {_last_line(run)}"
        failures = re.findall(r"(?m)^(?:FAILED|ERROR) .*", run.stdout)
        return Trial(failures=tuple(failures or [summary]) if run.returncode else (), tested=summary)

    def _python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        paths = os.pathsep.join(str(self.root / part) for part in ("", "wrapper", "generated"))
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("FIREWORKS_", "PYTEST_"))}
        return subprocess.run(
            [sys.executable, "-P", *arguments],
            cwd=self.root,
            env={**kept, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )


def _last_line(run: subprocess.CompletedProcess[str]) -> str:
    return (run.stdout.strip().splitlines() or ["no output"])[-1].strip("= ")


def git(root: Path, *arguments: str) -> str:
    """Return the output of a git command.

    Raises:
        Refused: It failed.
    """
    try:
        run = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        reason = getattr(error, "stderr", b"").decode(errors="replace") or str(error)
        raise Refused(f"git {arguments[0]} failed: {reason}. A bump needs a git checkout") from error
    return run.stdout.decode()


def check_clean(root: Path, specification: Path) -> None:
    """Check that git can restore every file that a bump changes.

    Raises:
        Refused: The tree has changes.
    """
    for line in git(root, "status", "--porcelain", "--untracked-files=all").splitlines():
        new, name = line.startswith("??"), line[3:].strip('"')
        if not new or (name.startswith(WRITTEN) and root / name != specification.resolve()):
            raise Refused(f"the git tree must be clean, but {name} has changes: commit or stash them")
