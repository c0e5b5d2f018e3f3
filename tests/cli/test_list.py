"""`models list`: columns, the read mask, orders, and interrupted listings."""

import json
from datetime import date
from pathlib import Path

import pytest

from fireworks_gateway import Model
from fireworks_gateway._fields.kinds import MapOf
from fireworks_gateway._fields.messages import fields_of
from fireworks_gateway.cli._columns import complete_columns
from fireworks_gateway.cli._options import complete_names
from fireworks_gateway.specification import Status
from fireworks_gateway.testing import FakeGateway, faults, model_payload
from tests.shared.command_lines import DAY, make_gateway, run_demo, run_with
from tests.shared.sent_requests import query_of

MAPS = [name for name, field in fields_of(Model).items() if isinstance(field.kind, MapOf)]


@pytest.mark.parametrize(
    ("arguments", "mask"),
    [
        ("list --columns name,kind", "name,kind"),
        ("list -c name -c deprecationDate.year", "name,deprecation_date.year"),
        *((f"list -c model_id,{name}.top_p", f"name,{name}") for name in MAPS),
        ("list -c serving,days_left", "state,supports_serverless,deprecation_date"),
        ("list -c status -o json", ",".join(f"status.{name}" for name in fields_of(Status))),
        ("list -o json", None),
        ("list -o csv", None),
        ("expiring", "name,kind,state,supports_serverless,deprecation_date"),
    ],
)
def test_the_columns_are_the_read_mask(arguments: str, mask: str | None) -> None:
    """With the fields that computed columns need; whole models come without a mask."""
    gateway = make_gateway()
    run_with(gateway, "models", *arguments.split())
    assert query_of(gateway.requests[0]).get("read_mask") == mask


def test_masked_columns_equal_those_of_whole_models() -> None:
    """The mask requests every field that a column needs."""
    columns = ["model_id", "serving", "days_left", *Model({}).to_row()]
    masked = run_demo("models", "list", "-o", "json", "--limit", "40", "--on", DAY, "-c", ",".join(columns)).out
    with FakeGateway().client() as client:
        whole = client.models.list(limit=40).to_list()
    for row, model in zip(json.loads(masked), whole, strict=True):
        cells = model.to_row()
        assert row["model_id"] == model.model_id
        assert {name: row[name] is None for name in cells} == {name: cell is None for name, cell in cells.items()}
        assert row["base_model_details.moe"] == cells["base_model_details.moe"]


def test_models_are_printed_as_sent() -> None:
    """Fields that the specification lacks are included."""
    sent = [model_payload(name=f"accounts/fireworks/models/m{i}") | {"novelField": [i]} for i in range(3)]
    gateway = FakeGateway(sent)
    assert json.loads(run_with(gateway, "models", "list", "-o", "json").out) == sent
    lines = run_with(gateway, "models", "list", "-o", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == sent


@pytest.mark.parametrize("output", ["jsonl", "csv"])
def test_an_interrupted_listing_can_be_resumed(output: str) -> None:
    """The message on standard error is an option to add; both runs together print the whole listing."""
    arguments = ["models", "list", "-o", output, "-c", "name"]
    whole = run_with(make_gateway(models=500), *arguments)
    first = run_with(make_gateway(None, faults.refuse("INTERNAL", "no"), models=500), *arguments)
    assert (whole.status, first.status) == (0, 3)
    bookmark = first.err.partition("--resume '")[2].partition("'")[0]
    assert "200 models were written" in first.err
    second = run_with(make_gateway(models=500), *arguments, "--resume", bookmark)
    assert second.status == 0
    assert first.out + second.out == whole.out


@pytest.mark.parametrize(("output", "pages"), [("table", 1), ("json", 1), ("markdown", 1), ("jsonl", 0), ("csv", 0)])
def test_half_a_document_is_not_printed(output: str, pages: int) -> None:
    """Nor is the header of a stream without models, which a second run would repeat."""
    gateway = make_gateway(*[None] * pages, faults.refuse("INTERNAL", "no"), models=500)
    status, out, err = run_with(gateway, "models", "list", "-o", output)
    assert (status, out) == (3, "")
    assert "--resume" not in err


@pytest.mark.parametrize("text", ["create_time desc", "contextLength asc , base_model_details.moe", "novel"])
def test_an_order_is_sent_as_typed(text: str) -> None:
    """In either spelling; without a check also by a field that only a newer service knows."""
    gateway = make_gateway()
    run_with(gateway, "models", "list", "--no-check" if text == "novel" else "--check", "--order-by", text)
    assert query_of(gateway.requests[0])["order_by"] == text


def test_a_shell_completes_columns() -> None:
    """The last path is completed, the others are kept."""
    assert complete_columns("name,base_model_details.mo")[0] == "name,base_model_details.moe"
    assert complete_columns("days_") == ["days_left"]
    assert set(complete_columns("")) > set(Model({}).to_row())


def test_a_shell_completes_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the variables that the completion script of bash sets."""
    monkeypatch.setenv("_FIREWORKS_GATEWAY_COMPLETE", "complete_bash")
    for words, completions in [
        ("models s", ["show", "stats", "snapshot"]),
        ("models list --demo -o j", ["json", "jsonl"]),
        ("list s", ["serve"]),
    ]:
        monkeypatch.setenv("COMP_WORDS", f"fireworks-gateway {words}")
        monkeypatch.setenv("COMP_CWORD", str(len(words.split())))
        status, out, err = run_demo()
        assert (status, out.split(), err) == (0, completions, "")


@pytest.mark.parametrize("command", ["list", "list -o jsonl", "stats", "expiring"])
def test_an_account_without_models_names_the_public_catalogue(command: str) -> None:
    """On standard error. A filter that matches nothing, and that account itself, get no advice."""
    mine, public = FakeGateway(0, account_id="mine"), FakeGateway(0)
    assert (
        "The account mine has no models. That of the public catalogue is --account-id fireworks"
        in run_with(mine, "models", *command.split()).err
    )
    assert "public" not in run_with(public, "models", *command.split()).err
    assert "no models" not in run_with(mine, "models", "list", "--filter", "supports_serverless = true").err


def test_a_search_covers_ids_and_display_names() -> None:
    """Every word must occur, in any case; `-q` prints names only, and the limit counts the matches."""
    models = [
        model_payload(name="accounts/fireworks/models/qwen3-8b", displayName="Small"),
        model_payload(name="accounts/fireworks/models/other", displayName="Qwen3 of 8B"),
        model_payload(name="accounts/fireworks/models/qwen3-32b", displayName=None),
    ]
    names = [str(model["name"]) for model in models]

    def found(*arguments: str) -> list[str]:
        status, out, _ = run_with(FakeGateway(models), "models", "list", "-q", *arguments)
        assert status == 0
        return out.splitlines()

    assert found("--search", "QWEN3 8b") == sorted(names[:2])
    assert found("--search", "qwen3") == sorted(names)
    assert found("--search", "qwen3", "--limit", "2") == sorted(names)[:2]
    assert found("--search", "accounts") == []
    assert run_with(FakeGateway(models), "models", "list", "--search", "zzz").err == (
        "No model of the account fireworks matches.\n"
    )


def test_models_are_chosen_by_serving_status() -> None:
    """On the day of `--on`, by one or more statuses; the mask requests the fields that decide it."""
    gateway = FakeGateway(today=date.fromisoformat(DAY))
    chosen = "list --serving available --serving NOT_READY --json -c model_id --on".split()
    rows = json.loads(run_with(gateway, "models", *chosen, DAY).out)
    with gateway.client() as client:
        models = client.models.list().to_list()
    states = {each.model_id: str(each.serving_status(on=date.fromisoformat(DAY)).state) for each in models}
    expected = [name for name, state in states.items() if state in ("AVAILABLE", "NOT_READY")]
    assert [row["model_id"] for row in rows] == expected != []
    assert query_of(gateway.requests[0])["read_mask"] == "name,state,supports_serverless,deprecation_date"
    assert run_demo("models", "list", "--serving", "GONE").status == 2


def test_json_has_a_short_option() -> None:
    """For every command with a format, and not behind `--`."""
    for command in ("list --limit 2", "show qwen3-8b", "stats", "expiring"):
        arguments = ["models", *command.split(), "--on", DAY]
        assert run_demo(*arguments, "--json").out == run_demo(*arguments, "-o", "json").out
    assert "models/--json was not found" in run_demo("models", "show", "--", "--json").err


def test_columns_that_are_no_fields_request_the_fields_that_they_need() -> None:
    """Properties, and unknown fields by the path that `diff` prints."""
    gateway = FakeGateway([model_payload(name="accounts/fireworks/models/m", region={"zone": "eu"})])
    columns = "is_chat_model,account_id,unknown_fields.region.zone"
    row = json.loads(run_with(gateway, "models", "list", "--json", "-c", columns).out)[0]
    assert row == {"is_chat_model": None, "account_id": "fireworks", "unknown_fields.region.zone": "eu"}
    assert query_of(gateway.requests[0])["read_mask"] == "kind,conversation_config,name,region"
    run_with(gateway, "models", "list", "--json", "-c", "unknown_fields")
    assert "read_mask" not in query_of(gateway.requests[1])


def test_names_are_completed_from_a_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of the variable, or those in the folder; IDs, or names after a slash."""
    monkeypatch.chdir(tmp_path)
    assert complete_names("qwen") == []
    run_demo("models", "snapshot", str(tmp_path / "models.jsonl"))
    (tmp_path / "other.jsonl").write_text("{}")
    assert "qwen3-8b" in complete_names("qwen3-")
    assert complete_names("accounts/fireworks/models/qwen3-8")[0] == "accounts/fireworks/models/qwen3-8b"
    monkeypatch.setenv("FIREWORKS_GATEWAY_SNAPSHOT", str(tmp_path / "absent"))
    assert complete_names("qwen") == []
