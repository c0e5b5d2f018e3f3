"""The command line `fireworks-gateway`, of the extra `cli`; built on what the package shows to everybody.

Exit statuses: 0 done; 1 the answer is no; 2 what was asked cannot be done; 3 the service refused, or answered what
cannot be used; 4 no answer came; 130 it was interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, the process's own by default, and return the exit status; it never raises an error."""
    try:
        from ._app import run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("rich", "typer"):
            raise
        sys.stderr.write("fireworks-gateway needs its extra: pip install 'fireworks-gateway[cli]'\n")
        return 2
    return run(sys.argv[1:] if arguments is None else arguments)
