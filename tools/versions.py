"""Check that the version fits the changes since the last release.

    python -m tools.versions    # `make check-version`

It compares the Python surface with `docs/api.txt` of the last release's tag, and checks the types of that release's
typing programs. The exit status is 1 if the version is too low.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.bump.ratings import Rating, next_version, numbers_of
from tools.surface_changes import SurfaceChange, compare_surfaces
from tools.surfaces import read_snapshot, surface

ROOT = Path(__file__).resolve().parent.parent
RECORD = "docs/api.txt"
PROGRAMS = "tests/typing"


def last_release(tags: Sequence[str], version: str) -> str | None:
    """Return the tag of the newest release other than this version, or None."""
    released = {numbers_of(tag.removeprefix("v")): tag for tag in tags if re.fullmatch(r"v\d+\.\d+\.\d+", tag)}
    released.pop(numbers_of(version), None)
    return max(released.items(), key=lambda item: item[0] or ())[1] if released else None


def shortfall(released: str, version: str, rating: Rating) -> str | None:
    """Return the lowest version for a rating after a release if the given one is lower, else None."""
    needed = next_version(released, rating)
    return None if (numbers_of(version) or ()) >= (numbers_of(needed) or ()) else needed


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the changes, and return the exit status."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--root", type=Path, default=ROOT, help="the repository (this one)")
    root: Path = options.parse_args(arguments).root.resolve()
    version = _version(root)
    tag = last_release(_git(root, "tag", "--list").split(), version)
    if tag is None:
        print(f"There is no release before {version} to compare with.")
        return 0
    changes = compare_surfaces(read_snapshot(_git(root, "show", f"{tag}:{RECORD}")), surface(_paths(root)))
    errors = _errors(root, tag)
    rating = max((change.rating for change in changes), default=Rating.NONE)
    if errors:
        rating = Rating.MAJOR
    _print_changes(tag, changes, errors)
    needed = shortfall(tag.removeprefix("v"), version, rating)
    if needed is not None:
        print(f"Since {tag} the surface had a {rating} change, so the version must be {needed} or more, got {version}.")
        return 1
    print(f"Version {version} fits: the largest change since {tag} is {rating}.")
    return 0


def _print_changes(tag: str, changes: Sequence[SurfaceChange], errors: str) -> None:
    for change in changes:
        print(f"{change.rating}: {change.kind} {change.name}")
        for sign, line in (("-", change.old), ("+", change.new)):
            if line:
                print(f"    {sign} {line}")
    if errors:
        print(f"major: the typing programs of {tag} have type errors\n{errors}")


def _errors(root: Path, tag: str) -> str:
    """Return the errors of mypy in the typing programs of a release."""
    listed = _git(root, "ls-tree", "--name-only", tag, f"{PROGRAMS}/").split()
    names = [name for name in listed if name.endswith(".py")]
    with tempfile.TemporaryDirectory() as folder:
        programs = [Path(folder) / Path(name).name for name in names]
        for name, program in zip(names, programs, strict=True):
            program.write_text(_git(root, "show", f"{tag}:{name}"), encoding="utf-8")
        command = [sys.executable, "-m", "mypy", "--no-warn-unused-ignores", "--no-error-summary", *map(str, programs)]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).replace(f"{folder}/", "").strip() if done.returncode else ""


def _version(root: Path) -> str:
    text = (root / "wrapper" / "fireworks_gateway" / "_version.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    if found is None:
        raise SystemExit("_version.py has no version")
    return found[1]


def _paths(root: Path) -> tuple[Path, Path]:
    return root / "wrapper", root / "generated"


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
