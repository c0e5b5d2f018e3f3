"""Without an extra all else works, and what needs one names it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXTRAS = ["msgspec", "rich", "typer"]
CLI = "pip install 'fireworks-gateway[cli]'"


def without(names: list[str], program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder of its own, where modules of these names cannot be imported."""
    hiding = f"import sys; sys.modules.update(dict.fromkeys({names}))\n"
    return subprocess.run([sys.executable, "-c", hiding + program], cwd=folder, capture_output=True, text=True)


def test_a_project_without_extras_has_all_else(tmp_path: Path) -> None:
    """With pytest, which finds the plugin wherever the package is installed; the fixtures say what they lack."""
    shutil.copy(ROOT / "published" / "without_extras.py", tmp_path)
    arguments = ["-q", "-W", "error", "-p", "no:schemathesis", "-p", "no:cacheprovider", "without_extras.py"]
    run = without(EXTRAS, f"import pytest; sys.exit(pytest.main({arguments}))", tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    assert " passed" in run.stdout


@pytest.mark.parametrize(
    ("names", "arguments", "status", "said"),
    [
        (["rich"], "--version", 2, CLI),
        (["typer"], "--demo models list", 2, CLI),
        (["msgspec"], "--demo models stats", 0, ""),
    ],
)
def test_a_command_names_the_extra_that_it_lacks(
    names: list[str], arguments: str, status: int, said: str, tmp_path: Path
) -> None:
    """The one that brings the command what it lacks, in a line; what does not need it is done."""
    program = f"from fireworks_gateway.cli import main; sys.exit(main({arguments.split()}))"
    run = without(names, program, tmp_path)
    assert (run.returncode, run.stderr.count("\n")) == (status, 1 if said else 0), run.stderr
    assert said in run.stderr
