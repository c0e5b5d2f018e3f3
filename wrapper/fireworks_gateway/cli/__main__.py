"""Run the command line with `python -m fireworks_gateway.cli`."""

import sys

from . import main

if __name__ == "__main__":
    sys.exit(main())
