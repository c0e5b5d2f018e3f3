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
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(arguments)
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode(encoding))  # type: ignore[attr-defined]
    return Ran(status, *texts)


def demo(*arguments: str, encoding: str = "utf-8") -> Ran:
    """Return what a command line does that asks the embedded gateway."""
    return ran("--demo", *arguments, encoding=encoding)
