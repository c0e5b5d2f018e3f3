"""Run the command line with `python -m fireworks_gateway`."""

import sys
from importlib import import_module

if __name__ == "__main__":  # Tools that import every module do not need the extra `cli`.
    sys.exit(import_module("fireworks_gateway.cli").main())
