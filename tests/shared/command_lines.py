"""Run the command line in this process, and keep its output."""

import contextlib
import io
from typing import Any, NamedTuple

import pytest

from fireworks_gateway.cli import main
from fireworks_gateway.testing import FakeGateway

KEY = "fw_secret_key_of_a_test"
DAY = "2026-11-21"


class Result(NamedTuple):
    """The exit status of a command line, and its output."""

    status: int
    out: str
    err: str


class _Stream(io.TextIOWrapper):
    """A stream that keeps its output, and may claim to be a terminal."""

    def __init__(self, encoding: str, terminal: bool) -> None:
        self.written = io.BytesIO()
        self.terminal = terminal
        super().__init__(self.written, encoding=encoding, newline="\n", write_through=True)

    def isatty(self) -> bool:
        return self.terminal

    def text(self) -> str:
        return self.written.getvalue().decode(self.encoding)


def run(*arguments: str, encoding: str = "utf-8", terminals: str = "") -> Result:
    """Run a command line; `terminals` names the streams that are terminals, such as "out err"."""
    out, err = (_Stream(encoding, name in terminals.split()) for name in ("out", "err"))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(arguments)
    return Result(status, out.text(), err.text())


def run_demo(*arguments: str, encoding: str = "utf-8", terminals: str = "") -> Result:
    """Run a command line with the sample models."""
    return run("--demo", *arguments, encoding=encoding, terminals=terminals)


def run_with(gateway: FakeGateway, *arguments: str, encoding: str = "utf-8", terminals: str = "") -> Result:
    """Run a command line against a gateway, over HTTP."""
    with gateway.serve() as url, pytest.MonkeyPatch.context() as patch:
        for name, value in gateway.environment(url).items():
            patch.setenv(name, value)
        return run(*arguments, encoding=encoding, terminals=terminals)


def make_gateway(*faults: Any, models: Any = 3) -> FakeGateway:
    """Return a gateway with some models and faults."""
    return FakeGateway(models, api_key=KEY, faults=faults or None)
