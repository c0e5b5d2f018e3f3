"""Environments of the clients in `build/bench`: each has the packages of one lock in `requirements`.

An environment is made once, and again after a change of its lock or of Python. All have the Python of the caller.
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
SOURCES = (ROOT / "generated", ROOT / "wrapper")

OURS = ("plain", "fast")
"""Environments with our sources, as an editable install has them."""


class EnvironmentUnavailableError(Exception):
    """An environment that cannot be made, usually for lack of a network."""


def python_of(name: str) -> Path:
    """Return the Python of an environment, which is made if necessary.

    Raises:
        EnvironmentUnavailableError: It cannot be made.
    """
    folder = ENVIRONMENTS / name
    python = folder / "bin" / "python"
    lock = REQUIREMENTS / f"bench-{name}.txt"
    content = f"{sha256(lock.read_bytes()).hexdigest()} {sys.version} {ROOT}"
    stamp = folder / "made-of.txt"
    if stamp.exists() and stamp.read_text() == content:
        return python
    run(sys.executable, "-m", "venv", "--clear", str(folder))
    # The lock is complete, and has the hash of each file.
    pip = "-m pip --disable-pip-version-check --no-input --quiet --quiet install".split()
    run(str(python), *pip, "--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(lock))
    if name in OURS:
        (packages,) = folder.glob("lib/python*/site-packages")
        (packages / "sources.pth").write_text("".join(f"{source}\n" for source in SOURCES))
    stamp.write_text(content)
    return python


def locked_version(package: str, environment: str) -> str:
    """Return the version of a package in the lock of an environment."""
    lock = (REQUIREMENTS / f"bench-{environment}.txt").read_text()
    if (found := re.search(rf"^{re.escape(package)}==(\S+)", lock, re.MULTILINE)) is None:
        raise LookupError(f"{package} is not in the lock of {environment}")
    return found[1]


def run(*command: str) -> None:
    """Run a program.

    Raises:
        EnvironmentUnavailableError: It failed; the message is the last line of its output.
    """
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or [f"exit status {done.returncode}"]
        raise EnvironmentUnavailableError(lines[-1])
