"""The modules that a command loads: starting takes most of the time of a short one."""

from __future__ import annotations

import sys

import pytest

from tests.shared.processes import output_of

LOADED = "import atexit, sys; atexit.register(lambda: print(*sys.modules)); sys.argv[0] = 'fireworks-gateway'; "
PROGRAM = f"{LOADED}from fireworks_gateway.cli import main; main()"


@pytest.mark.parametrize("command", ["--help", "--version", "fields", "models list --help", "models check --help"])
def test_help_loads_neither_httpx_nor_a_generated_message(command: str) -> None:
    """Nor the test kit; the list of fields needs only the names of enums."""
    loaded = {*output_of(sys.executable, "-c", PROGRAM, *command.split()).split()}
    assert "fireworks_gateway.cli._app" in loaded
    assert loaded & {"httpx", "fireworks_gateway_openapi.client", "fireworks_gateway.testing"} == set()


def test_completion_loads_no_httpx() -> None:
    """A shell waits for it after each tab."""
    complete = "import os; os.environ.update(_FIREWORKS_GATEWAY_COMPLETE='complete_bash', COMP_WORDS='x models sh', "
    loaded = output_of(sys.executable, "-c", f"{complete}COMP_CWORD='2'); {PROGRAM}").split()
    assert "show" in loaded
    assert "httpx" not in loaded


def test_a_listing_does_not_load_the_command_line_of_httpx() -> None:
    """It loads click and pygments where they are installed."""
    loaded = output_of(sys.executable, "-c", PROGRAM, *"--demo models list --limit 1".split()).split()
    assert "httpx" in loaded
    assert "pygments" not in loaded


INTERRUPTED = """
import sys
from fireworks_gateway.cli import main

class Finder:
    def find_spec(*arguments):
        raise KeyboardInterrupt

sys.meta_path.insert(0, Finder)
print(main([]))
"""


def test_an_interruption_while_modules_load_ends_with_status_130() -> None:
    """Without a traceback, as later."""
    assert output_of(sys.executable, "-c", INTERRUPTED) == "130\n"
