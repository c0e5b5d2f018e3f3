"""Pictures of the command line on a terminal: a real run, drawn by rich."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from unittest.mock import patch

from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

from fireworks_gateway.cli import main

PICTURES: Mapping[str, str] = {
    "list.svg": "fireworks-gateway --demo models list --on 2026-11-21 --filter 'supports_serverless = true' --limit 9",
    "show.svg": "fireworks-gateway --demo models show deepseek-r1-0528 --on 2026-11-21",
}
"""The command that each picture shows, by its file's name in docs/pictures."""

WIDTH = 104


def picture_of(name: str) -> str:
    """Return the SVG of one of the pictures, as its command draws it now; the same on every machine."""
    command = PICTURES[name]
    console = Console(record=True, width=WIDTH, file=StringIO())
    console.print(Text.assemble(("$ ", "bold"), command), soft_wrap=True)
    console.print(Text.from_ansi(terminal_output(command)), soft_wrap=True)
    svg = console.export_svg(title="fireworks-gateway", unique_id=name.removesuffix(".svg"), theme=DIMMED_MONOKAI)
    # A font from elsewhere would be fetched by each viewer of the picture.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"Fira ?Code", "ui-monospace, Menlo, Consolas", svg)
    return "".join(f"{line.rstrip()}\n" for line in svg.splitlines())


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def terminal_output(command: str) -> str:
    """Return the output of a command on a terminal with colours.

    Raises:
        ValueError: The command failed.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FIREWORKS_", "NO_COLOR"))}
    settings = {"TERM": "xterm-256color", "COLUMNS": str(WIDTH), "LANG": "C.UTF-8"}
    with (
        patch.dict(os.environ, kept | settings, clear=True),
        redirect_stderr(StringIO()),
        redirect_stdout(_Terminal()) as shown,
    ):
        status = main(shlex.split(command)[1:])
    if status:
        raise ValueError(f"the command of a picture failed with status {status}: {command}")
    return shown.getvalue().rstrip("\n")
