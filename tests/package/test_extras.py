"""Without an extra everything else works, and errors name the extra."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXTRAS = ["msgspec", "rich", "typer"]
CLI = "pip install 'fireworks-gateway[cli]'"


def without(names: list[str], program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder, without the modules of these names."""
    hiding = f"import sys; sys.modules.update(dict.fromkeys({names}))\n"
    return subprocess.run([sys.executable, "-c", hiding + program], cwd=folder, capture_output=True, text=True)


def test_a_project_needs_no_extra(tmp_path: Path) -> None:
    """Under pytest, which loads the plugin of the package."""
    shutil.copy(ROOT / "published" / "without_extras.py", tmp_path)
    plugins = [f"-pno:{name}" for name in ("anyio", "schemathesis", "asyncio", "cacheprovider")]
    arguments = ["-q", "-W", "error", *plugins, "without_extras.py"]
    run = without(EXTRAS, f"import pytest; sys.exit(pytest.main({arguments}))", tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    assert " passed" in run.stdout


@pytest.mark.parametrize(
    ("names", "arguments", "status", "message"),
    [
        (["rich"], "--version", 2, CLI),
        (["typer"], "--demo models list", 2, CLI),
        (["msgspec"], "--demo models stats", 0, ""),
    ],
)
def test_a_command_names_the_extra_that_it_lacks(
    names: list[str], arguments: str, status: int, message: str, tmp_path: Path
) -> None:
    """In one line; commands without it run."""
    program = f"from fireworks_gateway.cli import main; sys.exit(main({arguments.split()}))"
    run = without(names, program, tmp_path)
    assert (run.returncode, run.stderr.count("\n")) == (status, 1 if message else 0), run.stderr
    assert message in run.stderr
