"""One listing by one client, in a process of its own.

`python -m benchmarks.one_listing CLIENT URL ACCOUNT` prints what it cost as one line of JSON: the processor time of the
process as the operating system accounts for it (user and system, all threads), the wall time, how many models came, and
the sum of their context lengths. Start, imports and a first page that opens the connection are done before.

What it holds in memory is known on Linux only: `peak` and `held` are bytes of resident memory more than before the
listing, at the highest and when all models are kept.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import time
from collections.abc import Iterable
from pathlib import Path
from zlib import crc32

from .clients import CLIENTS, PAGE_SIZE, Client, Values

WARM = f"first-{PAGE_SIZE}"


class Taken:
    """A count of the models of a listing.

    Attributes:
        models: How many models came.
        sum: The sum of their context lengths.
    """

    def __init__(self, work: float = 0) -> None:
        self.models = self.sum = 0
        self._work = work

    def take(self, name: object, kind: object, length: int, serverless: object, parameters: object) -> None:
        """Count a model."""
        self.models += 1
        self.sum += length

    def work(self, name: object, kind: object, length: int, serverless: object, parameters: object) -> None:
        """Count a model, and sleep after every 200th, as one does who writes them somewhere slow."""
        self.models += 1
        self.sum += length
        if not self.models % PAGE_SIZE:
            time.sleep(self._work)


def walked(client: Client, account: str, work: float) -> dict[str, float]:
    """Return what a walk cost, by somebody who works so many seconds for every 200 models."""
    taken = Taken(work)
    cpu, wall = _cpu(), time.perf_counter()
    client.walk(account, taken.work if work else taken.take)
    cpu, wall = _cpu() - cpu, time.perf_counter() - wall
    return {"models": taken.models, "sum": taken.sum, "cpu": cpu, "wall": wall}


def peak(client: Client, account: str) -> dict[str, float]:
    """Return how much memory a walk takes at its highest."""
    taken = Taken()
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # From here on the highest counts, not what starting took.
    before = _resident("VmRSS")
    client.walk(account, taken.take)
    return {"models": taken.models, "sum": taken.sum, "peak": _resident("VmHWM") - before}


def held(client: Client, account: str) -> dict[str, float]:
    """Return how much memory a whole listing takes that is kept."""
    gc.collect()
    before = _resident("VmRSS")
    models = client.held(account)
    gc.collect()
    return {"models": len(models), "held": _resident("VmRSS") - before}


def digest(client: Client, account: str) -> dict[str, float]:
    """Return the checksum over all values that are taken."""
    values: list[Values] = []
    client.walk(account, lambda *taken: values.append(taken))
    return {"models": len(values), "digest": digest_of(values)}


def digest_of(models: Iterable[Values]) -> int:
    """Return a checksum over the values of models, which are spelt alike whatever a client makes of them."""
    digest = 0
    for name, kind, length, serverless, parameters in models:
        spelt = f"{name} {getattr(kind, 'value', kind)} {length} {serverless} {parameters}"
        digest = crc32(spelt.encode(), digest)
    return digest


def main() -> None:
    """List a page to warm up, then list what is to be measured."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("client", choices=CLIENTS)
    options.add_argument("url")
    options.add_argument("account")
    options.add_argument("--of", choices=["cost", "peak", "held", "digest"], default="cost")
    options.add_argument("--work", type=float, default=0, help="seconds of sleep for every 200 models")
    given = options.parse_args()
    with CLIENTS[given.client].opened(given.url) as client:
        client.walk(WARM, lambda *_: None)
        if given.of == "cost":
            said = walked(client, given.account, given.work)
        else:
            said = {"peak": peak, "held": held, "digest": digest}[given.of](client, given.account)
    print(json.dumps(said))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


# Not `ru_maxrss`: a process inherits that from the one which started it.
def _resident(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(name)


if __name__ == "__main__":
    main()
