"""The command line run in process, with streams that keep what was written."""

from __future__ import annotations

import contextlib
import io
from typing import Any, NamedTuple

import pytest

from fireworks_gateway.cli import main
from fireworks_gateway.testing import FakeGateway

KEY = "fw_secret_key_of_a_test"
DAY = "2026-11-21"


class Ran(NamedTuple):
    """What a command line did."""

    status: int
    out: str
    err: str


def ran(*arguments: str, encoding: str = "utf-8") -> Ran:
    """Return what a command line does with standard output in a pipe of that encoding."""
    written = io.BytesIO(), io.BytesIO()
    out, err = (io.TextIOWrapper(each, encoding=encoding, newline="\n", write_through=True) for each in written)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(arguments)
    return Ran(status, *(each.getvalue().decode(encoding) for each in written))


def demo(*arguments: str, encoding: str = "utf-8") -> Ran:
    """Return what a command line does that asks the embedded gateway."""
    return ran("--demo", *arguments, encoding=encoding)


def asked(gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Ran:
    """Return what a command line does that asks a gateway over HTTP."""
    with gateway.serve() as url:
        for name, value in gateway.environment(url).items():
            monkeypatch.setenv(name, value)
        return ran(*arguments)


def gateway_of(*faults: Any, models: Any = 3) -> FakeGateway:
    """Return a gateway of some models and faults."""
    return FakeGateway(models, api_key=KEY, faults=faults or None)
