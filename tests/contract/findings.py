"""Run schemathesis against a server, as a separate program."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

from .document import Schema, written

LEFT_OUT = {
    # An undeclared method must get 405, it says; grpc-gateway, and so the fake, answers 501.
    "unsupported_method",
}
SETTINGS = """
seed = 20261121
continue-on-failure = true
request-timeout = 10

[cache]
enabled = false

[generation]
database = "none"
max-examples = {examples}

[reports.json]
path = "report.json"

# The one status above 499 that is meant, for the reason given above.
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", 501]

[headers]
{headers}

[parameters]
{parameters}
"""


class Findings(NamedTuple):
    """The result of a run."""

    failures: set[str]
    """The kinds of failure, as schemathesis calls them, and of errors that kept it from asking."""
    cases: int
    """How many requests it made up."""
    log: str
    """Its output."""


def findings(
    document: Schema,
    url: str,
    folder: Path,
    *,
    key: str | None = "fake-key",
    account_id: str | None = "fireworks",
    examples: int = 100,
    phases: str = "examples,coverage,fuzzing",
    without: AbstractSet[str] = frozenset(),
) -> Findings:
    """Return what schemathesis finds in the server at a URL with all its checks but some, in both modes.

    Args:
        document: The document to compare the server with.
        url: The address of the server.
        folder: An empty one, to work in.
        key: The key that goes with every request.
        account_id: The account of every request; any text if None.
        examples: How many random requests are made up, on top of the systematic ones.
        phases: Which ways of making up requests are taken.
        without: More checks that are left out.
    """
    settings = SETTINGS.format(
        examples=examples,
        headers=lines({} if key is None else {"Authorization": f"Bearer {key}"}),
        parameters=lines({} if account_id is None else {"path.account_id": account_id}),
    )
    folder.joinpath("settings.toml").write_text(settings, encoding="utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", "settings.toml", "run", "--phases", phases]
    command += ["--no-color", "--no-shrink", "--url", url, "--exclude-checks", ",".join(sorted(LEFT_OUT | without))]
    command += ["--suppress-health-check", "too_slow"]  # A loaded machine is no finding.
    command.append(str(written(document, folder)))
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=120, check=False)
    report = folder / "report.json"
    assert report.exists(), done.stdout + done.stderr
    said = json.loads(report.read_text(encoding="utf-8"))
    failures = {failure["type"] for failure in said["failures"]} | {error["title"] for error in said["errors"]}
    return Findings(failures, said["test_cases"]["generated"], done.stdout)


def lines(table: Mapping[str, str]) -> str:
    """Return a table in TOML, whose strings are written as JSON's are."""
    return "\n".join(f"{json.dumps(key)} = {json.dumps(value)}" for key, value in table.items())
