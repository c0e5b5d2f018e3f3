"""Prism, a server by others that knows `openapi/gateway.yaml` alone: it answers from it, or checks what passes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import TextIO
from urllib.parse import unquote

import httpx
import pytest

from .document import PUBLISHED, ROOT

PATIENCE = 60.0
"""For how many seconds Prism may take to start, or to log a request."""


class Prism:
    """A Prism that runs, known by its log."""

    def __init__(self, lines: SimpleQueue[str]) -> None:
        self._lines = lines
        self._log: list[str] = []
        self.url = self.logged("Prism is listening on ").split()[-1]

    def logged(self, text: str) -> str:
        """Return the next line of its log that holds a text once percent signs are decoded."""
        end = monotonic() + PATIENCE
        line = "nothing yet"
        while line:
            try:
                line = self._lines.get(timeout=max(0.0, end - monotonic()))
            except Empty:
                break
            self._log.append(line)
            if text in unquote(line):
                return line
        pytest.fail(f"prism {'did not log' if line else 'ended without logging'} {text!r}:\n{''.join(self._log[-40:])}")

    def answer(self, headers: dict[str, str], **parameters: str) -> httpx.Response:
        """Return its answer to a request that no client of ours made."""
        url = f"{self.url}/v1/accounts/fireworks/models"
        return httpx.get(url, headers=headers, params=parameters, timeout=PATIENCE, trust_env=False)


def mocking(*options: str) -> AbstractContextManager[Prism]:
    """Have Prism answer from the published document."""
    return running("mock", *options, str(PUBLISHED))


def checking(url: str, document: Path = PUBLISHED) -> AbstractContextManager[Prism]:
    """Have Prism pass requests on to a server, and hold them and its answers to a document."""
    return running("proxy", str(document), url)


@contextmanager
def running(mode: str, *arguments: str) -> Generator[Prism, None, None]:
    """Run Prism on a free port of loopback."""
    program = ROOT / "node_modules/.bin/prism"
    if not program.exists():
        pytest.fail("Prism is not installed; run these tests with: make contract")
    # Requests are checked in any case; with --errors answers are, too. With port 0 the system finds a free one.
    command = [str(program), mode, "--errors", "--port", "0", *arguments]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env=os.environ | {"FORCE_COLOR": "0"},
    ) as process:
        lines: SimpleQueue[str] = SimpleQueue()
        # Read all along, as Prism would stand still at a full pipe.
        reader = Thread(target=put_lines, args=(process.stdout, lines))
        reader.start()
        try:
            yield Prism(lines)
        finally:
            process.kill()  # It is one process, and has nothing to lose.
            reader.join()


def put_lines(log: TextIO, lines: SimpleQueue[str]) -> None:
    """Put every line of a log into a queue, and "" after the last."""
    for line in log:
        lines.put(line)
    lines.put("")
