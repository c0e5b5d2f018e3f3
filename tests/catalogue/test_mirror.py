"""The example of a nightly job: what it prints, what it keeps, and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fireworks_gateway import SPEC_VERSION
from fireworks_gateway.catalogue import Snapshot
from fireworks_gateway.testing import FakeGateway, FaultServer, faults, model_payload
from fireworks_gateway.testing.faults import Fault

MIRROR = Path(__file__).parents[2] / "examples" / "mirror.py"


def payload(name: str, **fields: Any) -> dict[str, Any]:
    """Return a model as the service sends it."""
    return {**model_payload(name=f"accounts/fireworks/models/{name}"), **fields}


def night(
    path: Path, *models: dict[str, Any], script: list[Fault | None] | None = None, options: tuple[str, ...] = ()
) -> tuple[int, str, str]:
    """Run the job against a gateway with such models; return its exit status and what it printed."""
    with FaultServer(FakeGateway(models).reply, script or []) as url:
        settings = {"FIREWORKS_API_KEY": "fake-key", "FIREWORKS_ACCOUNT_ID": "fireworks", "FIREWORKS_BASE_URL": url}
        command = [sys.executable, str(MIRROR), str(path), *options]
        run = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **settings})
    return run.returncode, run.stdout, run.stderr


def test_a_night_after_another(tmp_path: Path) -> None:
    """The first counts, one without a change is silent, the next says what changed, and drift is told too."""
    path = tmp_path / "catalogue.jsonl"
    assert night(path, payload("a"), payload("b", contextLength=1)) == (0, "2 models of fireworks\n", "")
    update = {"updateTime": "2026-02-14T12:00:00Z"}
    assert night(path, payload("a", **update), payload("b", contextLength=1)) == (0, "", "")
    changed = night(path, payload("b", contextLength=2), payload("c", kind="NOVEL"))
    assert (changed[0], changed[1].splitlines(), changed[2]) == (
        0,
        [
            "1 added, 1 removed, 1 changed",
            "+ accounts/fireworks/models/c",
            "- accounts/fireworks/models/a",
            "~ accounts/fireworks/models/b",
            "    context_length: 1 -> 2",
            f"2 models against specification {SPEC_VERSION}",
            "unknown value kind: 'NOVEL', in 1 model, first accounts/fireworks/models/c",
        ],
        "",
    )
    assert [model.model_id for model in Snapshot.load(path)] == ["b", "c"]


FAILURES: list[tuple[str, dict[str, Any], str]] = [
    ("the walk fails", {"script": [faults.answered(403, b"no")]}, "403 PERMISSION_DENIED"),
    ("the second page fails", {"script": [None, faults.answered(400, b"no")]}, "400 INVALID_ARGUMENT"),
    ("every model is gone", {}, "the listing is empty"),
]


@pytest.mark.parametrize(("options", "reason"), [row[1:] for row in FAILURES], ids=[row[0] for row in FAILURES])
def test_a_night_that_fails_keeps_the_file(tmp_path: Path, options: dict[str, Any], reason: str) -> None:
    """With a sentence, no traceback, and status 1."""
    path = tmp_path / "catalogue.jsonl"
    night(path, payload("a"))
    before = path.read_bytes()
    models = [payload(f"m{number}") for number in range(250)] if options else []
    status, output, said = night(path, *models, **options)
    assert (status, output, path.read_bytes()) == (1, "", before)
    assert reason in said
    assert "is as it was" in said
    assert "Traceback" not in said


def test_a_file_that_is_broken_is_not_overwritten(tmp_path: Path) -> None:
    """Somebody has to look at it; nor is an empty catalogue refused for ever."""
    path = tmp_path / "catalogue.jsonl"
    path.write_text("broken")
    assert night(path, payload("a"))[0] == 1
    assert path.read_text() == "broken"
    path.unlink()
    night(path, payload("a"))
    assert night(path, options=("--allow-empty",))[:2] == (
        0,
        "0 added, 1 removed, 0 changed\n- accounts/fireworks/models/a\n",
    )
