"""Run the programs and commands of a Markdown page, and insert their current output.

A block of ```python is a program, and the ```text right behind it its output. A block that begins with a comment with a
file's name, `# test_mine.py`, is that file instead. A block of ```console is a session: commands behind `$ `, each with
its output. All of a page runs in one folder, from top to end, with a fake gateway in place of the service. Tags of this
repository become that of the current version.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import runpy
import shlex
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from unittest.mock import patch

from fireworks_gateway import __version__
from fireworks_gateway.cli import main
from fireworks_gateway.testing import FakeGateway

FENCE = re.compile(r"^```(\w*)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (\w+\.py)\n")
# A tag of this repository, to install it or to run its action or hook.
TAG = re.compile(r"(fireworks-gateway@v|rev: v)\d+\.\d+\.\d+")
# The duration that pytest prints varies.
TOOK = re.compile(r" in \d+\.\d\ds$", re.MULTILINE)


class PageError(ValueError):
    """A page has a block that cannot be run or checked."""


def replay_page(text: str, folder: Path) -> str:
    """Run every program and command of a page in a folder, and return the page with their output.

    Raises:
        PageError: A program raises an error or has no output behind it, an output has no program before it, or a block
            is of another kind.
    """
    with _enter_folder(folder):
        return TAG.sub(rf"\g<1>{__version__}", FENCE.sub(_Replay(folder).block, text))


class _Replay:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._status = 0

    def block(self, fence: re.Match[str]) -> str:
        """Run a block, and return it with its output, which may be the block behind it."""
        kind, body, output = fence.groups()
        line = fence.string.count("\n", 0, fence.start()) + 1
        if kind == "python":
            try:
                printed = self._run(body)
            except Exception as error:
                raise PageError(f"line {line}: the program raises {type(error).__name__}: {error}") from error
            if (printed is None) == (output is None):
                return f"```python\n{body}```\n" + ("" if printed is None else f"\n```text\n{printed}```\n")
        elif kind == "console" and output is None:
            session = map(self._command, re.findall(r"^\$ (.*)$", body, re.MULTILINE))
            return f"```console\n{''.join(session)}```\n"
        elif kind == "text" and output is None and fence.string[: fence.start()].endswith("-->\n"):
            return fence[0]
        raise PageError(f"line {line}: a block of {kind or 'no kind'} without its output, or that nothing checks")

    def _run(self, program: str) -> str | None:
        if named := FILE.match(program):
            (self._folder / named[1]).write_text(program[named.end() :].lstrip("\n"), encoding="utf-8")
            return None
        path = self._folder / "program.py"
        path.write_text(program, encoding="utf-8")
        with patch.object(sys, "argv", [path.name]), _capture_output() as written:
            runpy.run_path(path.name, run_name="__main__")
        return written.getvalue().decode()

    def _command(self, line: str) -> str:
        name, *arguments = shlex.split(line)
        if line == "echo $?":
            return f"$ {line}\n{self._status}\n"
        if name == "fireworks-gateway":
            with _capture_output() as written:
                self._status = main(arguments)
            return f"$ {line}\n{written.getvalue().decode()}"
        if name not in {"python", "pytest"}:
            raise PageError(f"an unknown command: {line}")
        options = "-m pytest -p no:cacheprovider -p no:schemathesis -p no:asyncio".split() if name == "pytest" else []
        words = [sys.executable, *options, *arguments]
        run = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
        self._status = run.returncode
        return f"$ {line}\n{TOOK.sub(' in 0.05s', run.stdout)}"


@contextlib.contextmanager
def _enter_folder(folder: Path) -> Generator[None]:
    """Change to a folder, with the settings of a fake gateway in place of the user's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FIREWORKS_", "PYTEST_"))}
    gateway = FakeGateway()
    with (
        contextlib.chdir(folder),
        gateway.serve() as url,
        patch.dict(os.environ, kept | gateway.environment(url), clear=True),
    ):
        yield


@contextlib.contextmanager
def _capture_output() -> Generator[io.BytesIO]:
    """Capture both output streams in the order of a terminal."""
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding="utf-8", newline="\n", write_through=True)
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
        yield written
    stream.detach()  # The bytes are read after the stream is gone.
