"""The other commands: help, one model, counts, snapshots, drift and fields."""

import json
import re
import shlex
from pathlib import Path

import pytest

from fireworks_gateway import SPEC_VERSION, Model, ModelKind, __version__, describe
from fireworks_gateway.catalogue import Snapshot
from fireworks_gateway.testing import FakeGateway, faults, model_payload
from tests.shared.command_lines import DAY, KEY, make_gateway, run, run_demo, run_with

NAME = "accounts/fireworks/models/deepseek-r1-0528"

COMMANDS = ["", "models", "fields", "serve"] + [
    f"models {name}" for name in ("list", "show", "snapshot", "diff", "expiring", "check", "stats", "drift")
]


def test_the_version_includes_that_of_the_specification() -> None:
    """The specification determines the known fields."""
    status, out, err = run("--version")
    assert (status, err) == (0, "")
    assert out.startswith(f"fireworks-gateway {__version__}, specification {SPEC_VERSION}, Python 3.")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_page_has_a_working_example(command: str) -> None:
    """Followed by --help the example is accepted; -h is the short name; no option takes the key."""
    status, out, err = run(*command.split(), "--help")
    assert (status, err) == (0, "")
    assert run(*command.split(), "-h").out == out
    example = out.rpartition("Example:\n")[2].strip()
    assert example.startswith("fireworks-gateway ")
    assert run(*shlex.split(example.removeprefix("fireworks-gateway ")), "--help").status == 0
    assert "--api-key" not in out
    assert run(*command.split(), "--api-key", KEY).status == 2
    assert max(map(len, out.splitlines())) <= 80


def test_a_model_is_shown_with_descriptions_of_its_values() -> None:
    """By its id or its full name."""
    status, out, err = run_demo("models", "show", "deepseek-r1-0528", "--on", DAY)
    assert (status, err) == (0, "")
    assert out == run_demo("models", "show", NAME, "--on", DAY).out
    assert "ENDING, 55 days left" in out
    assert f"HF_BASE_MODEL  {describe(ModelKind.HF_BASE_MODEL)}" in out
    assert "\nBase model details\n" in out
    assert json.loads(run_demo("models", "show", NAME, "-o", "json").out)["name"] == NAME


def test_an_unreadable_field_does_not_hide_others() -> None:
    """Unknown fields and values are shown as well."""
    odd = model_payload(name="accounts/fireworks/models/odd", displayName="Odd one", kind="HF_NEW_KIND")
    odd |= {"contextLength": "many", "novelField": {"a": "\x1b[31m"}, "deepField": 600}
    body = json.dumps({"models": [odd]}).replace("600", "[" * 600 + "]" * 600)
    gateway = FakeGateway(faults=[faults.respond(200, body.encode())])
    status, out, _ = run_with(gateway, "models", "show", "odd")
    assert status == 0
    for text in ("Odd one\n", 'unreadable: "many"', "HF_NEW_KIND", "novelField", "deepField"):
        assert text in out
    assert "\x1b" not in out


@pytest.mark.parametrize(("span", "last"), [("55d", 55), ("54d", None), ("8w", 55), ("2m", 55), ("1m", None)])
def test_expiring_models_are_found_by_date(span: str, last: int | None) -> None:
    """In the order of their dates, with status 1 if there are any; months are calendar months."""
    status, out, _ = run_demo("models", "expiring", "--on", DAY, "-o", "json", "--within", span)
    rows = json.loads(out)
    assert status == bool(rows)
    assert max((row["days_left"] or 0 for row in rows), default=0) == (last or 0)
    dates = [row["deprecation_date"] for row in rows]
    assert dates == sorted(dates)


def test_every_model_is_counted_once_by_each_property() -> None:
    """In JSON and in text."""
    counts = json.loads(run_demo("models", "stats", "--on", DAY, "-o", "json").out)
    total = counts.pop("models")
    assert set(counts) == {"kind", "state", "serving", "context_length", "parameter_count", "deprecation_month"}
    assert all(sum(each.values()) == total for each in counts.values())
    lines = run_demo("models", "stats", "--on", DAY).out.splitlines()
    printed = {tuple(line.rsplit(maxsplit=1)) for line in lines if line.startswith("  ")}
    assert printed >= {(f"  {label}", str(count)) for label, count in counts["kind"].items()}


def test_a_range_starts_with_its_lower_bound() -> None:
    """It ends before the next; 0 counts as unset."""
    lengths = [0, 4_095, 4_096, 8_191, 8_192, 2_000_000, "many"]
    models = [model_payload(name=f"accounts/fireworks/models/m{n}", contextLength=n) for n in lengths]
    counts = json.loads(run_with(FakeGateway(models), "models", "stats", "-o", "json").out)["context_length"]
    expected = {"below 4k": 1, "4k to 8k": 2, "8k to 16k": 1, "1M and more": 1, "unset": 1, "unreadable": 1}
    assert [*counts.items()] == [*expected.items()]


def test_drift_has_its_own_status(tmp_path: Path) -> None:
    """Status 1 with the findings, 0 without any; of the service or of a snapshot."""
    gateway = make_gateway(faults.unknown_fields())
    status, out, _ = run_with(gateway, "models", "drift", "-o", "json")
    assert (status, bool(json.loads(out)["unknown_fields"])) == (1, True)
    file = str(tmp_path / "snapshot.jsonl")
    assert run_with(gateway, "models", "snapshot", file).status == 0
    status, out, err = run("models", "drift", file)
    assert (status, out) == (0, f"3 models against specification {SPEC_VERSION}\n")
    assert err.startswith("No drift")


@pytest.fixture
def monday(tmp_path: Path) -> Path:
    """Return the file of a snapshot of the first ten models."""
    file = tmp_path / "monday.jsonl"
    with FakeGateway(10).client() as client:
        Snapshot.take(client.models.list()).save(file)
    return file


def test_changes_since_a_snapshot_are_printed(monday: Path) -> None:
    """Compared with the live catalogue, in each format."""
    gateway = FakeGateway(10)
    first, second, *_ = (model.to_dict() for model in Snapshot.load(monday))
    gateway.remove(first["name"])
    changed = second | {"contextLength": 7, "updateTime": "2026-11-20T00:00:00Z"}
    gateway.put(changed, model_payload(name="accounts/fireworks/models/z"))
    arguments = ["models", "diff", str(monday), "live"]
    status, out, err = run_with(gateway, *arguments, "--ignore", "update_time")
    assert (status, err) == (0, "live: 10 models of fireworks\n")
    assert out.splitlines()[0] == "1 added, 1 removed, 1 changed"
    assert "update_time" not in out
    markdown = run_with(gateway, *arguments, "-o", "markdown").out
    assert re.findall("^#.*", markdown, re.MULTILINE) == ["## Added (1)", "## Removed (1)", "## Changed (1)"]
    changes = json.loads(run_with(gateway, *arguments, "-o", "json").out)
    assert [len(changes[kind]) for kind in ("added", "removed", "changed")] == [1, 1, 1]


@pytest.mark.parametrize("kind", ["added", "removed", "changed", "added,removed"])
def test_only_the_chosen_changes_fail(kind: str, monday: Path) -> None:
    """The catalogue has more models than the snapshot, and the same fields."""
    assert run_demo("models", "diff", str(monday), "live", "--fail-on", kind).status == ("added" in kind)
    assert run_demo("models", "diff", "live", str(monday), "--fail-on", kind).status == ("removed" in kind)


def test_the_live_listing_has_the_filter_of_the_snapshot(tmp_path: Path) -> None:
    """Otherwise models that the filter excludes would count as added."""
    file, gateway = str(tmp_path / "public.jsonl"), FakeGateway(20)
    assert run_with(gateway, "models", "snapshot", file, "--filter", "state = READY").status == 0
    assert run_with(gateway, "models", "diff", file, "live", "--fail-on", "added,removed").status == 0
    assert [dict(each.query).get("filter") for each in gateway.requests] == ["state = READY"] * 2


@pytest.mark.parametrize(
    ("models", "option", "other"), [(0, "--allow-empty", "missing"), (4, "--allow-missing", "empty")]
)
def test_a_shrunken_listing_does_not_replace_a_snapshot(models: int, option: str, other: str, monday: Path) -> None:
    """Unless the right option allows it."""
    before, shrunken = monday.read_bytes(), FakeGateway(models)
    for options in ([], [f"--allow-{other}"]):
        status, _, err = run_with(shrunken, "models", "snapshot", str(monday), *options)
        assert (status, monday.read_bytes()) == (3, before)
        assert f"Use {option} to replace {monday}." in " ".join(err.split())
    assert run_with(shrunken, "models", "snapshot", str(monday), option).status == 0
    assert len(Snapshot.load(monday)) == models


@pytest.mark.parametrize("arguments", [["--allow-empty", "--account-id", "x"], ["--filter", "supports_tools = true"]])
def test_a_snapshot_of_another_listing_is_not_replaced(arguments: list[str], monday: Path) -> None:
    """Nor is another file."""
    for content in (monday.read_bytes(), b"shopping list\n"):
        monday.write_bytes(content)
        status, _, err = run_demo("models", "snapshot", str(monday), *arguments)
        assert (status, monday.read_bytes()) == (2, content)
        assert ("FILE must be a snapshot of the same listing" in err) == (content[:1] == b"{")


def test_every_column_is_a_field_to_look_up() -> None:
    """With its type, its description and the values of enums."""
    found = {each["path"]: each for each in json.loads(run("fields", "-o", "json").out)}
    assert found.keys() >= set(Model({}).to_row())
    assert found["base_model_details.parameter_count"]["type"] == "integer"
    assert found["create_time"]["type"] == "timestamp"
    assert found["deprecation_date.year"]["doc"]
    assert found["kind"]["values"] == {str(kind): describe(kind) for kind in ModelKind}
    assert all(each["doc"] for each in found.values())


@pytest.mark.parametrize(
    ("pattern", "paths", "suggestion"),
    [
        ("details.moe", ["base_model_details.moe"], ""),
        ("PARAMETERCOUNT", ["base_model_details.parameter_count"], ""),
        ("deprecation_date.*", [f"deprecation_date.{part}" for part in ("year", "month", "day")], ""),
        ("parameter_cont", [], "did you mean parameter_count"),
        ("nothing-like-it", [], "no field matches"),
    ],
)
def test_a_pattern_finds_fields(pattern: str, paths: list[str], suggestion: str) -> None:
    """By a part of the path in either spelling, or by wildcards; without a match, status 1 and similar fields."""
    status, out, err = run("fields", pattern)
    found = [line.split()[0] for line in out.splitlines()]
    assert (status, found[: len(paths)], bool(found)) == (not paths, paths, bool(paths))
    assert suggestion in err


def test_ended_models_are_listed_if_requested() -> None:
    """Before those that end soon, in the order of their dates; a message replaces an empty table."""
    arguments = ["models", "expiring", "--on", DAY, "-o", "json", "--within", "8w"]
    rows, more = (json.loads(run_demo(*arguments, *option).out) for option in ([], ["--ended"]))
    ended = more[: len(more) - len(rows)]
    assert more[len(ended) :] == rows
    assert ended
    assert all(row["days_left"] is None or row["days_left"] < 0 for row in ended)
    arguments = ["models", "expiring", "--on", DAY, "--within", "0d"]
    assert run_demo(*arguments, "-o", "json") == (0, "[]\n", "")
    assert run_demo(*arguments) == (0, "", f"No serverless model ends from {DAY} to {DAY}.\n")
    served = FakeGateway([model_payload(name="accounts/fireworks/models/x", state="READY", supportsServerless=True)])
    assert run_with(served, *arguments, "--ended") == (0, "", f"No serverless model ends by {DAY}.\n")


@pytest.mark.parametrize("columns", [["name"], ["model_id,base_model_details.moe", "-c", "serving"]])
def test_a_snapshot_of_some_columns_has_no_other_field(columns: list[str], tmp_path: Path) -> None:
    """It differs in nothing from the current catalogue, which is requested with its mask."""
    file = tmp_path / "small.jsonl"
    assert run_demo("models", "snapshot", str(file), "--columns", *columns).status == 0
    keys = {key for model in Snapshot.load(file) for key in model.payload}
    whole = {"name", "state", "supportsServerless", "deprecationDate", "baseModelDetails"}
    assert keys == ({"name"} if columns == ["name"] else whole)
    details = {key for model in Snapshot.load(file) for key in model.payload.get("baseModelDetails") or ()}
    assert details <= {"moe"}
    assert run_demo("models", "diff", str(file), "live").out == "0 added, 0 removed, 0 changed\n"
