"""The environments that clients run in: each has what its lock in `requirements` names, and the sources beside it.

They are made once, in `build/bench`, and again when the lock or the Python is another. All have the Python of whoever
asks for them.
"""

from __future__ import annotations

import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[1]
REQUIREMENTS = ROOT / "requirements"
ENVIRONMENTS = ROOT / "build" / "bench"

OURS = ("plain", "fast")
"""Those that have our sources, as an editable install has them."""


class EnvironmentUnavailableError(Exception):
    """An environment that cannot be made here, most often because there is no network."""


def python_of(name: str) -> Path:
    """Return the Python of an environment, which is made if need be.

    Raises:
        EnvironmentUnavailableError: It cannot be made.
    """
    folder = ENVIRONMENTS / name
    python = folder / "bin" / "python"
    lock = REQUIREMENTS / f"bench-{name}.txt"
    made_of = f"{sha256(lock.read_bytes()).hexdigest()} {sys.version} {ROOT}"
    stamp = folder / "made-of.txt"
    if stamp.exists() and stamp.read_text() == made_of:
        return python
    run(sys.executable, "-m", "venv", "--clear", str(folder))
    # Every file is checked against the lock's hash, and the lock is whole: nothing else is looked up.
    pip = "-m pip --disable-pip-version-check --no-input --quiet --quiet install".split()
    run(str(python), *pip, "--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(lock))
    if name in OURS:
        (packages,) = folder.glob("lib/python*/site-packages")
        (packages / "sources.pth").write_text(f"{ROOT / 'generated'}\n{ROOT / 'wrapper'}\n")
    stamp.write_text(made_of)
    return python


def locked_version(package: str, environment: str) -> str:
    """Return the version of a package in the lock of an environment."""
    lock = (REQUIREMENTS / f"bench-{environment}.txt").read_text()
    if (found := re.search(rf"^{re.escape(package)}==(\S+)", lock, re.MULTILINE)) is None:
        raise LookupError(f"{package} is not in the lock of {environment}")
    return found[1]


def run(*command: str) -> None:
    """Run a program that helps to make an environment.

    Raises:
        EnvironmentUnavailableError: It failed; what it said last is why.
    """
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or [f"exit status {done.returncode}"]
        raise EnvironmentUnavailableError(said[-1])
