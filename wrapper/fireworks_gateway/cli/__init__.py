"""The command line `fireworks-gateway`, of the extra `cli`; it uses public names only.

Exit statuses: 0 success; 1 a check failed; 2 invalid usage, setting or file; 3 error or unusable response from the
service; 4 no response; 130 interrupted.
"""

import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, by default the arguments of the process, and return the exit status."""
    if arguments is None:  # In its own process httpx need not import its command line, and with it click and pygments.
        sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
    try:
        from ._app import run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("rich", "typer"):
            raise
        sys.stderr.write("fireworks-gateway needs its extra: pip install 'fireworks-gateway[cli]'\n")
        return 2
    except KeyboardInterrupt:  # During these imports; later ones are in `run`.
        return 130
    return run(sys.argv[1:] if arguments is None else arguments)
