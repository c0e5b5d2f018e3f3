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

from tools.bump.ratings import Rating, numbers_of, version_after
from tools.bump.trial import git
from tools.surface_changes import compare_surfaces
from tools.surfaces import read_snapshot, surface

ROOT = Path(__file__).resolve().parent.parent


def last_release(tags: Sequence[str], version: str) -> str | None:
    """Return the tag of the newest release other than this version, or None."""
    released = [tag for tag in tags if re.fullmatch(r"v\d+\.\d+\.\d+", tag) and tag != f"v{version}"]
    return max(released, key=lambda tag: numbers_of(tag[1:]) or (), default=None)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the changes, and return the exit status."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--root", type=Path, default=ROOT, help="the repository (this one)")
    root: Path = options.parse_args(arguments).root.resolve()
    module = (root / "wrapper" / "fireworks_gateway" / "_version.py").read_text(encoding="utf-8")
    version = module.partition('__version__ = "')[2].partition('"')[0]
    tag = last_release(git(root, "tag", "--list").split(), version)
    if tag is None:
        print(f"There is no release before {version} to compare with.")
        return 0
    released = read_snapshot(git(root, "show", f"{tag}:docs/api.txt"))
    changes = compare_surfaces(released, surface((root / "wrapper", root / "generated")))
    rating = max((change.rating for change in changes), default=Rating.NONE)
    for change in changes:
        print(f"{change.rating}: {change.kind} {change.name}")
        print("".join(f"    {sign} {line}\n" for sign, line in (("-", change.old), ("+", change.new)) if line), end="")
    if errors := _type_errors(root, tag):
        rating = Rating.MAJOR
        print(f"major: the typing programs of {tag} have type errors\n{errors}")
    if (needed := version_after(tag.removeprefix("v"), version, rating)) != version:
        print(f"Since {tag} the surface had a {rating} change, so the version must be {needed} or more, got {version}.")
        return 1
    print(f"Version {version} fits: the largest change since {tag} is {rating}.")
    return 0


def _type_errors(root: Path, tag: str) -> str:
    """Return the errors of mypy in the typing programs of a release."""
    with tempfile.TemporaryDirectory() as folder:
        programs = Path(folder)
        for name in git(root, "ls-tree", "--name-only", tag, "tests/typing/").split():
            (programs / Path(name).name).write_text(git(root, "show", f"{tag}:{name}"), encoding="utf-8")
        command = [sys.executable, "-m", "mypy", "--no-warn-unused-ignores", "--no-error-summary"]
        run = subprocess.run([*command, *programs.glob("*.py")], cwd=root, capture_output=True, text=True)
    return (run.stdout + run.stderr).replace(f"{folder}/", "").strip() if run.returncode else ""


if __name__ == "__main__":
    sys.exit(main())
