"""One listing by one client in its own process: `python -m benchmarks.child CLIENT URL ACCOUNT`.

It prints one line of JSON: CPU seconds of the process (user and system, all threads), wall seconds, and the number of
models. Start, imports and the first page are excluded. `--digest` adds a checksum of all values.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable
from zlib import crc32

from .clients import CLIENTS, PAGE_SIZE, Values


class Counter:
    """A count of models; after each page it sleeps for a number of seconds, like a program that stores them."""

    def __init__(self, work: float = 0) -> None:
        self.models = 0
        self._work = work

    def take(self, name: object, kind: object, length: object, serverless: object, parameters: object) -> None:
        """Count a model."""
        self.models += 1

    def take_and_work(self, name: object, kind: object, length: object, serverless: object, parameters: object) -> None:
        """Count a model, and sleep after a page of them."""
        self.models += 1
        if not self.models % PAGE_SIZE:
            time.sleep(self._work)


def digest_of(models: Iterable[Values]) -> int:
    """Return a checksum of the values of models, equal for all clients: an enum counts as its value."""
    digest = 0
    for name, kind, length, serverless, parameters in models:
        text = f"{name} {getattr(kind, 'value', kind)} {length} {serverless} {parameters}"
        digest = crc32(text.encode(), digest)
    return digest


def main() -> None:
    """List a page to open the connection, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("client", choices=CLIENTS)
    parser.add_argument("url")
    parser.add_argument("account")
    parser.add_argument("--work", type=float, default=0, help="seconds of sleep after each page")
    parser.add_argument("--digest", action="store_true", help="add a checksum of all values")
    options = parser.parse_args()
    counter = Counter(options.work)
    with CLIENTS[options.client].open(options.url) as walk:
        walk(f"first-{PAGE_SIZE}", lambda *_: None)
        cpu, wall = time.process_time(), time.perf_counter()
        walk(options.account, counter.take_and_work if options.work else counter.take)
        cost = {"models": counter.models, "cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
        if options.digest:
            values: list[Values] = []
            walk(options.account, lambda *taken: values.append(taken))
            cost["digest"] = digest_of(values)
    print(json.dumps(cost))


if __name__ == "__main__":
    main()
