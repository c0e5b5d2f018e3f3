"""The server of pages, the environments, and the processes that run in them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .clients import CLIENTS
from .environments import ROOT, EnvironmentUnavailableError, python_of
from .tables import Cost

# Without proxies, which would apply to loopback, and without settings of the user.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.lower().endswith("_proxy") and not name.startswith(("FIREWORKS_", "PYTHON"))
}


class MeasurementError(Exception):
    """A process that failed, or a client that read other models."""


@dataclass(frozen=True)
class Runner:
    """A server, the mean `bytes` of a model by shape, and the Python of each environment or the reason for its lack."""

    url: str
    bytes: Mapping[str, float]
    models: int
    server: subprocess.Popen[str]
    pythons: Mapping[str, Path]
    missing: Mapping[str, str]

    def run(self, environment: str, *arguments: str) -> tuple[str, Cost]:
        """Run a Python process; return its first line, and its CPU seconds and the wall seconds until that line.

        Raises:
            MeasurementError: It failed.
        """
        start = time.perf_counter()
        command = [str(self.pythons[environment]), *arguments]
        with subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            wall = time.perf_counter() - start
            process.stdout.read()
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise MeasurementError(f"a process of the environment {environment} failed: {arguments}")
        return line, {"cpu": used.ru_utime + used.ru_stime, "wall": wall}

    def list_models(self, client: str, account: str, *options: str) -> dict[str, float]:
        """Return the cost of a listing by a client, with the number of requests that the server received.

        Raises:
            MeasurementError: It failed, or listed another number of models.
        """
        before = self._requests().get(account, 0)
        arguments = ["-m", "benchmarks.child", client, self.url, account, *options]
        line, _ = self.run(CLIENTS[client].environment, *arguments)
        cost: dict[str, float] = json.loads(line)
        if cost["models"] != (models := int(account.split("-")[1])):
            raise MeasurementError(f"{client} must list {models} models, got {cost['models']}")
        return {**cost, "requests": self._requests()[account] - before}

    def _requests(self) -> dict[str, int]:
        assert self.server.stdin is not None
        self.server.stdin.write("\n")
        self.server.stdin.flush()
        return _read_line(self.server)


@contextmanager
def start_runner(models: int) -> Generator[Runner]:
    """Make the environments, and run the server."""
    pythons: dict[str, Path] = {"development": Path(sys.executable)}
    missing: dict[str, str] = {}
    for name in sorted({client.environment for client in CLIENTS.values()}):
        try:
            pythons[name] = python_of(name)
        except EnvironmentUnavailableError as error:
            missing[name] = str(error)
    if "plain" in missing:
        raise MeasurementError(f"the environment of our client cannot be made: {missing['plain']}")
    command = [sys.executable, "-m", "benchmarks.server", str(models)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        started = _read_line(server)
        yield Runner(started["url"], started["bytes"], models, server, pythons, missing)


def _read_line(server: subprocess.Popen[str]) -> dict[str, Any]:
    assert server.stdout is not None
    content: dict[str, Any] = json.loads(server.stdout.readline())
    return content
