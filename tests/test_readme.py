"""The README tells the truth: its programs run, and print what it says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from fireworks_gateway import SPEC_VERSION

from .command_lines import ran

ROOT = Path(__file__).parent.parent
BLOCKS = re.findall(
    r"```python\n(.*?)```\n\n```text\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
)

SESSION = re.compile(r"^\$ fireworks-gateway (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
COMMANDS = [
    command
    for block in re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    for command in SESSION.findall(block)
]


def test_the_readme_has_its_programs() -> None:
    """Every block of Python is one of these: none is without its output."""
    assert len(BLOCKS) == (ROOT / "README.md").read_text(encoding="utf-8").count("```python") >= 5


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_a_program_of_the_readme_prints_what_it_says(number: int, tmp_path: Path) -> None:
    """Run as a stranger would, in a file of its own, away from the sources."""
    program, output = BLOCKS[number]
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    run = subprocess.run([sys.executable, "program.py"], cwd=tmp_path, capture_output=True, text=True)
    assert (run.stdout, run.stderr, run.returncode) == (output, "", 0)


@pytest.mark.parametrize(("command", "output"), COMMANDS)
def test_a_command_of_the_readme_prints_what_it_says(command: str, output: str) -> None:
    """Both streams, as a terminal would show them one after the other."""
    _, out, err = ran(*shlex.split(command))
    assert out + err == output


def test_the_readme_has_its_commands() -> None:
    """Every one that stands after a prompt is tested."""
    assert len(COMMANDS) == (ROOT / "README.md").read_text(encoding="utf-8").count("\n$ ") >= 4


@pytest.mark.parametrize(("number", "example"), [(0, "ten_lines.py"), (1, "ten_lines_async.py")])
def test_the_examples_are_the_readmes(number: int, example: str) -> None:
    """The first two programs stand in `examples/` too, for the wheel to be tried with."""
    assert (ROOT / "examples" / example).read_text(encoding="utf-8") == BLOCKS[number][0]


def test_models_are_listed_without_a_key() -> None:
    """What `make run` runs: a table on standard output, and on the other stream where it comes from."""
    run = subprocess.run([sys.executable, ROOT / "examples" / "list_models.py"], capture_output=True, text=True)
    assert run.returncode == 0
    assert "No FIREWORKS_API_KEY is set" in run.stderr
    assert "llama-v3p1-8b-instruct" in run.stdout
    assert f"302 models, specification {SPEC_VERSION}" in run.stdout


def test_a_listing_that_fails_is_a_sentence() -> None:
    """No traceback, exit status 1."""
    environment = {"FIREWORKS_API_KEY": "k", "FIREWORKS_BASE_URL": "http://127.0.0.1:9"}
    run = subprocess.run(
        [sys.executable, ROOT / "examples" / "list_models.py"], capture_output=True, text=True, env=environment
    )
    assert run.returncode == 1
    assert "could not be listed" in run.stderr
    assert "Traceback" not in run.stderr
