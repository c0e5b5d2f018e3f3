"""Where it is measured: the server, the environments, and processes that are started in them and watched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from .clients import CLIENTS
from .environments import ROOT, EnvironmentUnavailableError, python_of
from .tables import Cost

# A proxy for loopback would be measured too, were there one; so would what a user's settings change.
CLEAN = {
    name: value
    for name, value in os.environ.items()
    if not name.lower().endswith("_proxy") and not name.startswith(("FIREWORKS_", "PYTHON"))
}


class MeasurementError(Exception):
    """A client that did something else than it was to do."""


@dataclass(frozen=True)
class Stand:
    """A server that is up, and what runs against it.

    Attributes:
        url: The address of the server.
        bytes: The mean size of a model as JSON, for each shape.
        pythons: The Python of each environment that there is.
        missing: Why there is none of the others.
        rounds: How often everything is measured.
        models: How many models a listing has, unless a scenario asks for others.
        most: How many models the server has.
    """

    url: str
    bytes: Mapping[str, float]
    rounds: int
    models: int
    most: int
    server: subprocess.Popen[str]
    pythons: Mapping[str, Path] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)

    def can_run(self, client: str) -> bool:
        """Return whether a client's environment is there."""
        return CLIENTS[client].environment in self.pythons

    def listing(self, client: str, account: str, *options: str) -> Cost:
        """Return what a listing by a client cost, with `requests` and `server_cpu` as the server accounts for them.

        Raises:
            MeasurementError: It failed, or listed fewer models than there are.
        """
        before = self._served()
        python = self.pythons[CLIENTS[client].environment]
        command = [str(python), "-m", "benchmarks.one_listing", client, self.url, account, *options]
        done = subprocess.run(command, cwd=ROOT, env=CLEAN, stdout=subprocess.PIPE, start_new_session=True)
        if done.returncode:
            raise MeasurementError(f"{client} failed to list {account}")
        said: dict[str, float] = json.loads(done.stdout)
        if said["models"] != (models := int(account.split("-")[1])):
            raise MeasurementError(f"{client} listed {said['models']} models of {models}")
        after = self._served()
        requests = after["requests"][account] - before["requests"].get(account, 0)
        return said | {"requests": requests, "server_cpu": after["cpu"] - before["cpu"]}

    def program(self, environment: str, program: str, *arguments: str) -> Cost:
        """Return what a whole process cost that runs a program, and `wall`, the time until it printed a line or ended.

        Raises:
            MeasurementError: It failed.
        """
        command = [str(self.pythons[environment]), "-I", "-c", program, *arguments]
        start = time.perf_counter()
        with subprocess.Popen(command, env=CLEAN, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            wall = time.perf_counter() - start
            process.stdout.read()
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise MeasurementError(f"{program!r} failed")
        return {"cpu": used.ru_utime + used.ru_stime, "wall": wall}

    def _served(self) -> dict[str, Any]:
        assert self.server.stdin is not None
        self.server.stdin.write("\n")
        self.server.stdin.flush()
        return _line(self.server.stdout)


@contextmanager
def standing(*, rounds: int, models: int, most: int) -> Generator[Stand]:
    """Make the environments that can be made, run the server, and give both."""
    pythons: dict[str, Path] = {}
    missing: dict[str, str] = {}
    for name in sorted({client.environment for client in CLIENTS.values()}):
        try:
            pythons[name] = python_of(name)
        except EnvironmentUnavailableError as error:
            missing[name] = str(error)
    command = [sys.executable, "-m", "benchmarks.server", str(most)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as server:
        said = _line(server.stdout)
        yield Stand(said["url"], said["bytes"], rounds, models, most, server, pythons, missing)


def _line(stream: IO[str] | None) -> dict[str, Any]:
    assert stream is not None
    said: dict[str, Any] = json.loads(stream.readline())
    return said
