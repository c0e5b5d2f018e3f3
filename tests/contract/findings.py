"""Run schemathesis against a server, as a separate program."""

import json
import subprocess
import sys
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

from tests.shared.documents import Content

from .document import write

OMITTED = {"unsupported_method"}
"""It requires 405 for an undeclared method; grpc-gateway, and so the fake, returns 501."""
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

# 501 is intended.
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", 501]

[headers]
Authorization = "Bearer fake-key"

[parameters]
{parameters}
"""


class Findings(NamedTuple):
    """The result of a run."""

    failures: set[str]
    """The kinds of failures and errors, in the words of schemathesis."""
    cases: int
    """The number of generated requests."""
    log: str
    """Its output."""


def findings(
    document: Content,
    url: str,
    folder: Path,
    *,
    account_id: str | None = "fireworks",
    examples: int = 100,
    phases: str = "examples,coverage,fuzzing",
    without: AbstractSet[str] = frozenset(),
) -> Findings:
    """Return the findings of schemathesis about a server, with all checks but a few and those in `without`.

    It works in an empty folder, and sends a number of random requests besides the systematic ones. The account of every
    request is any text if `account_id` is None.
    """
    account = "" if account_id is None else f'"path.account_id" = "{account_id}"'
    settings = SETTINGS.format(examples=examples, parameters=account)
    folder.joinpath("settings.toml").write_text(settings, encoding="utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", "settings.toml", "run", "--phases", phases]
    command += ["--no-color", "--no-shrink", "--url", url, "--exclude-checks", ",".join(sorted(OMITTED | without))]
    command += ["--suppress-health-check", "too_slow"]  # A loaded machine is no finding.
    command.append(str(write(document, folder)))
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=300, check=False)
    report = folder / "report.json"
    assert report.exists(), done.stdout + done.stderr
    content = json.loads(report.read_text(encoding="utf-8"))
    failures = {failure["type"] for failure in content["failures"]} | {error["title"] for error in content["errors"]}
    return Findings(failures, content["test_cases"]["generated"], done.stdout)
