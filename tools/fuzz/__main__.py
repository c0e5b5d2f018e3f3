"""Send random responses to the client, and check the laws after each: `make fuzz ARGS="--count 100000 --seed 7"`."""

from __future__ import annotations

import argparse
import logging
import random
import sys
import time
import traceback
from contextlib import closing

from tools.fuzz.inputs import make_input
from tools.fuzz.laws import Checker, Violation
from tools.fuzz.network import CLEAN


def main() -> None:
    """Check inputs, print the first that breaks a law, and exit with status 1 if any does."""
    parser = argparse.ArgumentParser(description="Send random responses to the client, and check its laws.")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="repeats a run")
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    options = parser.parse_args()
    print(f"Seed {options.seed}", flush=True)
    logging.getLogger("fireworks_gateway").propagate = False
    start = time.monotonic()
    with closing(Checker()) as checker:
        for number in range(options.first, options.first + options.count):
            response = make_input(options.seed, number, CLEAN)
            try:
                checker.check(response)
            except Violation as violation:
                traceback.print_exc(limit=-4)
                repeat = f'make fuzz ARGS="--seed {options.seed} --first {number} --count 1"'
                sys.exit(f"{violation}\n{response!r:.2000}\n{repeat}")
    print(f"{options.count:,} inputs in {time.monotonic() - start:.1f} s break no law")


if __name__ == "__main__":
    main()
