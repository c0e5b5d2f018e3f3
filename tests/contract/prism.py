"""Prism, an independent server: it responds from `openapi/gateway.yaml` alone, or checks requests and responses."""

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

from tools.generate import ROOT, SPECIFICATION

PATIENCE = 60.0
"""Timeout in seconds for the start of Prism, and for its log of a request."""


class Prism:
    """A running Prism, and its log."""

    def __init__(self, lines: SimpleQueue[str]) -> None:
        self._lines = lines
        self._log: list[str] = []
        self.url = self.log_line("Prism is listening on ").split()[-1]

    def log_line(self, text: str) -> str:
        """Return the next line of its log with a text, after percent-decoding."""
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

    def get(self, headers: dict[str, str], **parameters: str) -> httpx.Response:
        """Return the response to a request of httpx."""
        url = f"{self.url}/v1/accounts/fireworks/models"
        return httpx.get(url, headers=headers, params=parameters, timeout=PATIENCE, trust_env=False)


def mock(*options: str) -> AbstractContextManager[Prism]:
    """Respond from the published document."""
    return run("mock", *options, str(SPECIFICATION))


def proxy(url: str, document: Path) -> AbstractContextManager[Prism]:
    """Forward requests to a server, and check requests and responses against a document."""
    return run("proxy", str(document), url)


@contextmanager
def run(mode: str, *arguments: str) -> Generator[Prism, None, None]:
    """Run Prism on a free port of loopback."""
    program = ROOT / "node_modules/.bin/prism"
    if not program.exists():
        pytest.fail("Prism is not installed; run these tests with: make contract")
    # With --errors responses are checked too.
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
        # Prism blocks at a full pipe.
        reader = Thread(target=put_lines, args=(process.stdout, lines))
        reader.start()
        try:
            yield Prism(lines)
        finally:
            process.kill()
            reader.join()


def put_lines(log: TextIO, lines: SimpleQueue[str]) -> None:
    """Put every line of a log into a queue, and "" after the last."""
    for line in log:
        lines.put(line)
    lines.put("")
