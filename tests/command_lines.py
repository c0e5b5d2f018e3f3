"""The command line run in process, with streams that keep what was written."""

from __future__ import annotations

import contextlib
import io
from typing import NamedTuple

from fireworks_gateway.cli import main


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
