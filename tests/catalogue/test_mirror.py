"""The example of a nightly job: its output, its file, and its exit status."""

import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fireworks_gateway import SPEC_VERSION
from fireworks_gateway.catalogue import Snapshot
from fireworks_gateway.testing import FakeGateway, faults, model_payload
from fireworks_gateway.testing.faults import Fault

MIRROR = Path(__file__).parents[2] / "examples" / "mirror.py"
Run = Callable[..., tuple[object, str, str]]


def payload(name: str, **fields: Any) -> dict[str, Any]:
    """Return a model as the service sends it."""
    return {**model_payload(name=f"accounts/fireworks/models/{name}"), **fields}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the script against some models, and returns status, output and errors."""

    def run_script(
        path: Path, *models: dict[str, Any], script: list[Fault | None] | None = None, option: str = ""
    ) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["mirror.py", str(path), *option.split()])
        gateway = FakeGateway(models, faults=script)
        with gateway.serve() as url, pytest.raises(SystemExit) as ended:
            for name, value in gateway.environment(url).items():
                monkeypatch.setenv(name, value)
            runpy.run_path(str(MIRROR), run_name="__main__")
        output, errors = capsys.readouterr()
        return ended.value.code, output, errors

    return run_script


def test_each_night_prints_the_changes_of_the_last(run: Run, tmp_path: Path) -> None:
    """The first run prints the number of models, a run without changes nothing; drift is printed too."""
    path = tmp_path / "catalogue.jsonl"
    assert run(path, payload("a"), payload("b", contextLength=1)) == (0, "2 models of fireworks\n", "")
    update = {"updateTime": "2026-02-14T12:00:00Z"}
    assert run(path, payload("a", **update), payload("b", contextLength=1)) == (0, "", "")
    status, output, errors = run(path, payload("b", contextLength=2), payload("c", kind="NOVEL"))
    assert (status, errors) == (0, "")
    assert output.splitlines() == [
        "1 added, 1 removed, 1 changed",
        "+ accounts/fireworks/models/c",
        "- accounts/fireworks/models/a",
        "~ accounts/fireworks/models/b",
        "    context_length: 1 -> 2",
        f"2 models against specification {SPEC_VERSION}",
        "unknown value kind: 'NOVEL', in 1 model, first accounts/fireworks/models/c",
    ]
    assert [model.model_id for model in Snapshot.load(path)] == ["b", "c"]


@pytest.mark.parametrize(
    ("count", "script", "reason"),
    [
        (1, [faults.respond(403, b"no")], "403 PERMISSION_DENIED"),
        (250, [None, faults.respond(400, b"no")], "400 INVALID_ARGUMENT"),
        (0, [], "the listing is empty"),
    ],
    ids=["the walk fails", "the second page fails", "the catalogue is empty"],
)
def test_a_failed_night_keeps_the_file(
    run: Run, tmp_path: Path, count: int, script: list[Fault | None], reason: str
) -> None:
    """With one sentence and status 1."""
    path = tmp_path / "catalogue.jsonl"
    run(path, payload("a"))
    before = path.read_bytes()
    status, output, errors = run(path, *(payload(f"m{number}") for number in range(count)), script=script)
    assert (status, output, path.read_bytes()) == (1, "", before)
    assert reason in errors
    assert "is unchanged" in errors


def test_a_broken_file_is_kept_and_an_empty_catalogue_can_be_accepted(run: Run, tmp_path: Path) -> None:
    """A person has to look at the file, or add an option."""
    path = tmp_path / "catalogue.jsonl"
    path.write_text("broken")
    assert (run(path, payload("a"))[0], path.read_text()) == (1, "broken")
    path.unlink()
    run(path, payload("a"))
    output = "0 added, 1 removed, 0 changed\n- accounts/fireworks/models/a\n"
    assert run(path, option="--allow-empty") == (0, output, "")
