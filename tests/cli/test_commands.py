"""The commands about one model and about all of them: what each answers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from fireworks_gateway import SPEC_VERSION, Model, ModelKind, describe
from fireworks_gateway.catalogue import Snapshot
from fireworks_gateway.cli._list import range_of
from fireworks_gateway.cli._screen import telling
from fireworks_gateway.testing import FakeGateway, faults, model_payload
from tests.shared.command_lines import DAY, asked, demo, gateway_of, ran

NAME = "accounts/fireworks/models/deepseek-r1-0528"


def test_a_model_is_shown_with_what_its_values_mean() -> None:
    """By its id alone, or by its name; sections, its serving status, and the days left."""
    status, out, err = demo("models", "show", "deepseek-r1-0528", "--on", DAY)
    assert (status, err) == (0, "")
    assert out == demo("models", "show", NAME, "--on", DAY).out
    assert "ENDING, 55 days left" in out
    assert f"HF_BASE_MODEL  {describe(ModelKind.HF_BASE_MODEL)}" in out
    assert "\nBase model details\n" in out
    assert json.loads(demo("models", "show", NAME, "-o", "json").out)["name"] == NAME


def test_a_field_that_cannot_be_read_costs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does one that the specification lacks, or a value; all of them are shown."""
    odd = model_payload(name="accounts/fireworks/models/odd", displayName="Odd one", kind="HF_NEW_KIND")
    odd |= {"contextLength": "many", "novelField": {"a": "\x1b[31m"}}
    status, out, _ = asked(FakeGateway([odd]), monkeypatch, "models", "show", "odd")
    assert status == 0
    assert "Odd one\n" in out
    assert 'cannot be read: "many"' in out
    assert "Not in version" in out
    assert "novelField" in out
    assert "\x1b" not in out


def test_what_ends_soon_is_found_by_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the dates; status 1 where there is any, 0 where there is none."""
    arguments = ["models", "expiring", "--on", DAY, "-o", "json"]
    status, out, _ = demo(*arguments, "--within", "26w")
    rows = json.loads(out)
    assert status == 1
    assert [row["days_left"] for row in rows if row["days_left"]] == [55, 99, 130]
    dates = [row["deprecation_date"] for row in rows]
    assert dates == sorted(dates)
    assert demo(*arguments, "--within", "0d") == (0, "[]\n", "")
    assert demo("models", "expiring", "--on", DAY, "--within", "0d").status == 0


@pytest.mark.parametrize(
    ("span", "last"),
    [
        ("90d", 55),
        ("8w", 55),
        ("7w", None),
        ("55d", 55),
        ("54d", None),
        ("2m", 55),
        ("1m", None),
        ("1y", 221),
        ("0y", None),
    ],
)
def test_a_span_is_counted_in_days_weeks_months_or_years(span: str, last: int | None) -> None:
    """Months and years are the calendar's."""
    out = demo("models", "expiring", "--on", DAY, "-o", "json", "--within", span).out
    assert max((row["days_left"] or 0 for row in json.loads(out)), default=0) == (last or 0)


def test_every_model_is_counted_once_in_each_sort() -> None:
    """The counts of a sort add up to the number of models, in the pipe's form as in JSON."""
    counted = json.loads(demo("models", "stats", "--on", DAY, "-o", "json").out)
    assert counted.pop("models") == 302
    assert set(counted) == {"kind", "state", "serving", "context_length", "parameter_count", "deprecation_month"}
    assert all(sum(counts.values()) == 302 for counts in counted.values())
    lines = demo("models", "stats", "--on", DAY).out.splitlines()
    told = {tuple(line.rsplit(maxsplit=1)) for line in lines if line.startswith("  ")}
    assert told >= {(f"  {label}", str(count)) for label, count in counted["kind"].items()}


def test_drift_is_an_answer_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Status 1, with what there is; 0 where the specification knows everything. A snapshot is looked at likewise."""
    gateway = gateway_of(faults.unknown_fields())
    status, out, _ = asked(gateway, monkeypatch, "models", "drift", "-o", "json")
    assert (status, bool(json.loads(out)["unknown_fields"])) == (1, True)
    assert asked(gateway, monkeypatch, "models", "drift").status == 0
    file = str(tmp_path / "snapshot.jsonl")
    assert demo("models", "snapshot", file).status == 0
    assert ran("models", "drift", file) == (
        0,
        f"302 models against specification {SPEC_VERSION}\n",
        "The specification knows everything in them.\n",
    )


@pytest.fixture
def monday(tmp_path: Path) -> Path:
    """Return the file of a snapshot of the first ten models."""
    file = tmp_path / "monday.jsonl"
    with FakeGateway(10).client() as client:
        Snapshot.take(client.models.list()).save(file)
    return file


def test_what_changed_since_a_snapshot_is_told(monday: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against the live catalogue, by parts to fail on, in each form."""
    gateway = FakeGateway(10)
    first, second, *_ = (model.to_dict() for model in Snapshot.load(monday))
    gateway.remove(first["name"])
    gateway.put(
        second | {"contextLength": 7, "updateTime": "2026-11-20T00:00:00Z"},
        model_payload(name="accounts/fireworks/models/z"),
    )
    arguments = ["models", "diff", str(monday), "live"]
    status, out, err = asked(gateway, monkeypatch, *arguments, "--ignore", "update_time")
    assert (status, err) == (0, "live: 10 models of fireworks\n")
    assert out.splitlines()[0] == "1 added, 1 removed, 1 changed"
    assert "update_time" not in out
    assert asked(gateway, monkeypatch, *arguments, "--fail-on", "added,removed").status == 1
    markdown = asked(gateway, monkeypatch, *arguments, "-o", "markdown").out
    assert [line for line in markdown.splitlines() if line.startswith("#")] == [
        "## Added (1)",
        "## Removed (1)",
        "## Changed (1)",
    ]
    told = json.loads(asked(gateway, monkeypatch, *arguments, "-o", "json").out)
    assert [len(told[part]) for part in ("added", "removed", "changed")] == [1, 1, 1]


def test_what_is_live_is_asked_for_as_the_snapshot_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its filter, so that what the filter leaves out is not taken for new."""
    file, gateway = str(tmp_path / "public.jsonl"), FakeGateway(20)
    assert asked(gateway, monkeypatch, "models", "snapshot", file, "--filter", "public = true").status == 0
    assert asked(gateway, monkeypatch, "models", "diff", file, "live", "--fail-on", "added,removed").status == 0
    assert [dict(each.query).get("filter") for each in gateway.requests] == ["public = true"] * 2


def test_what_an_end_rests_on_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flag that was left out could not be told from one that is false."""
    gateway = gateway_of()
    asked(gateway, monkeypatch, "models", "expiring")
    mask = dict(gateway.requests[0].query)["readMask"].split(",")
    assert {"state", "supports_serverless", "deprecation_date"} <= set(mask)


@pytest.mark.parametrize(
    ("number", "label"),
    [(None, "unset"), (0, "unset"), (9, "below 10"), (10, "10 to 20"), (19, "10 to 20"), (20, "20 and more")],
)
def test_a_range_begins_with_its_bound(number: int | None, label: str) -> None:
    """And ends before the next one's; what the service prints for nothing is in none."""
    assert range_of(number, [10, 20], str) == label


@pytest.mark.parametrize("part", ["added", "removed", "changed"])
def test_only_what_happened_fails(part: str, monday: Path) -> None:
    """The catalogue has more models than the snapshot, and the other way round fewer; none of them changed."""
    files = [str(monday), "live"]
    assert demo("models", "diff", *files, "--fail-on", part).status == (part == "added")
    assert demo("models", "diff", *files[::-1], "--fail-on", part).status == (part == "removed")


def test_a_walk_out_of_sight_is_told_of_page_by_page() -> None:
    """Each page as it comes, in every walk over the listing, which is the same listing all the same."""
    told: list[int] = []
    with FakeGateway(500).client() as client:
        pager = client.models.list()
        telling_pager = telling(pager, lambda page: told.append(len(page.items)))
        assert telling_pager == pager
        assert Snapshot.take(telling_pager).models == Snapshot.take(pager).models
        assert told == [200, 200, 100]
        assert telling_pager.resume(telling_pager.pages().bookmark).first() is not None
    assert told == [200, 200, 100, 200]


def test_an_empty_listing_does_not_replace_a_snapshot(monday: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless it is believed, which has to be said."""
    before = monday.read_bytes()
    status, _, err = asked(FakeGateway(0), monkeypatch, "models", "snapshot", str(monday))
    assert (status, monday.read_bytes()) == (3, before)
    assert "empty" in err
    assert asked(FakeGateway(0), monkeypatch, "models", "snapshot", str(monday), "--allow-empty").status == 0
    assert len(Snapshot.load(monday)) == 0


@pytest.mark.parametrize(
    "arguments", [["--account-id", "other"], ["--filter", "public = true"], ["--allow-empty", "--account-id", "x"]]
)
def test_a_snapshot_of_another_listing_is_not_replaced(arguments: list[str], monday: Path) -> None:
    """Nor is a file that is no snapshot."""
    before = monday.read_bytes()
    assert demo("models", "snapshot", str(monday), *arguments).status == 2
    assert monday.read_bytes() == before
    monday.write_text("shopping list\n", encoding="utf-8")
    assert demo("models", "snapshot", str(monday)).status == 2
    assert monday.read_text(encoding="utf-8") == "shopping list\n"


def test_the_fields_are_those_of_the_rows() -> None:
    """Every column that a row can have is a field to look up, with its type and a text."""
    found = {each["path"]: each for each in json.loads(ran("fields", "-o", "json").out)}
    assert found.keys() >= set(Model({}).to_row())
    assert found["base_model_details.parameter_count"]["type"] == "integer"
    assert found["deployed_model_refs"]["type"] == "list of DeployedModelRef"
    assert found["deprecation_date.year"]["doc"].startswith("The year")
    assert found["kind"]["values"] == {str(kind): describe(kind) for kind in ModelKind}
    assert all(each["doc"] for each in found.values())


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("moe", ["base_model_details.moe"]),
        ("PARAMETERCOUNT", ["base_model_details.parameter_count"]),
        ("rl_*tunable", ["rl_tunable", "rl_lora_tunable", "rl_full_parameter_tunable"]),
        ("nothing-like-it", []),
    ],
)
def test_a_pattern_finds_fields(pattern: str, paths: list[str]) -> None:
    """By a part of the path in either spelling, or by wildcards; status 1 where nothing fits."""
    status, out, _ = ran("fields", pattern)
    assert (status, [line.split()[0] for line in out.splitlines()]) == (not paths, paths)


def test_snapshots_of_different_listings_are_not_compared_unless_asked(monday: Path, tmp_path: Path) -> None:
    """What to add is said as it is typed here."""
    public = str(tmp_path / "public.jsonl")
    assert demo("models", "snapshot", public, "--filter", "public = true").status == 0
    status, out, err = ran("models", "diff", str(monday), public)
    assert (status, out) == (2, "")
    assert "add --across" in err
    assert ran("models", "diff", str(monday), public, "--across").status == 0


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [("contxt_length", "context_length"), ("RL_TUNABEL", "rl_tunable"), ("parameter_cont", "parameter_count")],
)
def test_a_field_that_there_is_not_is_near_one_that_there_is(pattern: str, meant: str) -> None:
    """By its whole path or its last name; status 1, since that is an answer."""
    status, out, err = ran("fields", pattern)
    assert (status, out) == (1, "")
    assert re.search(rf"did you mean .*\b{meant}\b", err)
    assert "did you mean" not in ran("fields", "qqqq").err
