"""`models list`: columns, the read mask, orders, and interrupted listings."""

from __future__ import annotations

import json

import pytest

from fireworks_gateway import Model
from fireworks_gateway._fields.kinds import MapOf
from fireworks_gateway._fields.messages import fields_of
from fireworks_gateway.cli._columns import complete_columns
from fireworks_gateway.specification import Status
from fireworks_gateway.testing import FakeGateway, faults, model_payload
from tests.shared.command_lines import DAY, make_gateway, run_demo, run_with


def test_the_default_columns_are_aligned() -> None:
    """A pipe gets plain text, one line for each model."""
    status, out, err = run_demo("models", "list", "--on", DAY, "--filter", 'name = "*/deepseek-r1*"')
    header, *lines = out.splitlines()
    assert (status, err) == (0, "")
    assert header.split() == ["model_id", "serving", "deprecation_date", "context_length", "parameter_count", "kind"]
    cells = {line.split()[0]: line.split()[1:] for line in lines}
    assert cells["deepseek-r1-0528"] == ["ENDING", "2027-01-15", "163840", "682205699072", "HF_BASE_MODEL"]
    at = header.index("serving")
    assert all(line[at - 1] == " " != line[at] for line in lines)


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
    assert dict(gateway.requests[0].query).get("readMask") == mask


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


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("create_time desc", "--check"),
        ("contextLength asc , base_model_details.moe", "--check"),
        ("novel", "--no-check"),
    ],
)
def test_an_order_is_sent_as_typed(text: str, option: str) -> None:
    """In either spelling; without a check also by a field that only a newer service knows."""
    gateway = make_gateway()
    run_with(gateway, "models", "list", option, "--order-by", text)
    assert dict(gateway.requests[0].query)["orderBy"] == text


def test_a_shell_completes_columns() -> None:
    """The last path is completed, the others are kept."""
    assert complete_columns("name,base_model_details.mo")[0] == "name,base_model_details.moe"
    assert complete_columns("days_") == ["days_left"]
    assert set(complete_columns("")) > set(Model({}).to_row())


def test_a_shell_completes_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the variables that the completion script of bash sets."""
    monkeypatch.setenv("_FIREWORKS_GATEWAY_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "fireworks-gateway models s")
    monkeypatch.setenv("COMP_CWORD", "2")
    assert run_demo().out.split() == ["show", "stats", "snapshot"]


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
