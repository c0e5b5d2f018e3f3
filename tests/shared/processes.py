"""Run programs that must succeed."""

import subprocess
from pathlib import Path


def output_of(*command: str | Path, cwd: Path | None = None) -> str:
    """Return the standard output of a program; a failure shows all of its output."""
    run = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, f"status {run.returncode}\n{run.stdout}{run.stderr}"
    return run.stdout
