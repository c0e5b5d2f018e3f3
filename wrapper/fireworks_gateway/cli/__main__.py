"""Run the command line with `python -m fireworks_gateway.cli`."""

from __future__ import annotations

import sys

from . import main

if __name__ == "__main__":
    sys.exit(main())
