"""The command line: what is asked for, how it fails, and what it ends with."""

from __future__ import annotations

import json
import logging
import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import SPEC_VERSION, Model, __version__
from fireworks_gateway.cli._columns import completed
from fireworks_gateway.testing import FakeGateway, faults, model_payload
from tests.shared.command_lines import DAY, KEY, asked, demo, gateway_of, ran

COMMANDS = ["", "models", "fields", "serve"] + [
    f"models {name}" for name in ("list", "show", "snapshot", "diff", "expiring", "stats", "drift")
]


def test_a_version_is_told() -> None:
    """With the specification's, since that says which fields are known."""
    status, out, err = ran("--version")
    assert (status, err) == (0, "")
    assert out.startswith(f"fireworks-gateway {__version__}, specification {SPEC_VERSION}, Python 3.")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_an_example_that_is_a_command(command: str) -> None:
    """What it shows is not refused as a usage error: with --help at its end it is understood."""
    status, out, err = ran(*command.split(), "--help")
    assert (status, err) == (0, "")
    example = out.rpartition("Example:\n")[2].strip()
    assert example.startswith("fireworks-gateway ")
    assert ran(*shlex.split(example.removeprefix("fireworks-gateway ")), "--help").status == 0


def test_the_key_is_no_option() -> None:
    """It would stay in the shell's history; the help says where it is read from instead."""
    assert "FIREWORKS_API_KEY" in ran("--help").out
    for command in COMMANDS:
        assert "--api-key" not in ran(*command.split(), "--help").out
        assert ran(*command.split(), "--api-key", KEY).status == 2


def test_the_usual_columns_answer_the_usual_questions() -> None:
    """A table of text, one line a model, aligned, with nothing that only a terminal can show."""
    status, out, err = demo("models", "list", "--on", DAY, "--filter", 'name = "*/deepseek-r1*"')
    header, *lines = out.splitlines()
    assert (status, err) == (0, "")
    assert header.split() == ["model_id", "serving", "deprecation_date", "context_length", "parameter_count", "kind"]
    told = {line.split()[0]: line.split()[1:] for line in lines}
    assert told["deepseek-r1-0528"] == ["ENDING", "2027-01-15", "163840", "682205699072", "HF_BASE_MODEL"]
    assert "\x1b" not in out
    at = header.index("serving")
    assert all(line[at - 1] == " " != line[at] for line in lines)


@pytest.mark.parametrize(
    ("arguments", "mask"),
    [
        (["--columns", "name,kind"], "name,kind"),
        (["-c", "name", "-c", "deprecationDate.year"], "name,deprecation_date.year"),
        (["-c", "model_id,default_sampling_params.top_p"], "name,default_sampling_params"),
        (["-c", "serving,days_left"], "state,supports_serverless,deprecation_date"),
        (["-c", "status", "-o", "json"], "status.code,status.message"),
        (["-o", "json"], None),
        (["-o", "csv"], None),
    ],
)
def test_what_is_shown_is_what_is_asked_for(
    arguments: list[str], mask: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chosen columns are the read mask, with what a computed one rests on; whole models come without one."""
    gateway = gateway_of()
    assert asked(gateway, monkeypatch, "models", "list", *arguments).status == 0
    assert dict(gateway.requests[0].query).get("readMask") == mask


def test_masked_columns_hold_what_whole_models_hold() -> None:
    """Nothing that is shown was left out of the mask."""
    columns = ["model_id", "serving", "days_left", *Model({}).to_row()]
    masked = demo("models", "list", "-o", "json", "--limit", "40", "--on", DAY, "-c", ",".join(columns)).out
    with FakeGateway().client() as client:
        whole = client.models.list(limit=40).to_list()
    for row, model in zip(json.loads(masked), whole, strict=True):
        cells = model.to_row()
        assert row["model_id"] == model.model_id
        assert {name: row[name] is None for name in cells} == {name: cell is None for name, cell in cells.items()}
        assert row["base_model_details.moe"] == cells["base_model_details.moe"]


def test_models_are_printed_as_sent() -> None:
    """What the specification lacks is there, too."""
    with FakeGateway().client() as client:
        sent = [model.to_dict() for model in client.models.list(limit=5)]
    assert json.loads(demo("models", "list", "--limit", "5", "-o", "json").out) == sent
    lines = demo("models", "list", "--limit", "5", "-o", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == sent


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["models", "list", "-c", "nme"], "did you mean name?"),
        (["models", "list", "-c", ","], "no column is named"),
        (["models", "list", "--filter", "contxt_length > 3"], "\n    contxt_length > 3\n    ^"),
        (["models", "list", "--filter", "a = (b"], "at character"),
        (["models", "list", "--resume", "{}"], "bookmark"),
        (["models", "list", "--order-by", "name,contxt_length desc"], "did you mean context_length"),
        (["models", "list", "--order-by", "name dsc"], "'name dsc'"),
        (["models", "list", "--order-by", "name,"], "--order-by"),
        (["models", "list", "--demo"], "fireworks-gateway --demo models list"),
        (["models", "--timeout", "3", "list"], "--timeout stands before the command"),
        (["models", "drift", "-o", "markdown"], "'text', 'json'"),
        (["models", "list", "--limit", "-1"], "--limit"),
        (["models", "list", "--on", "yesterday"], "'--on': a day is like 2026-11-21; not 'yesterday'"),
        (["models", "show", "a/b"], "accounts/my-account/models/my-model"),
        (["models", "expiring", "--within", "soon"], "90d, 12w, 6m or 1y"),
        (["models", "expiring", "--within", "9999y"], "calendar"),
        (["models", "diff", "live", "live"], "file"),
        (["models", "diff", "/no/such/file", "live"], "/no/such/file: No such file or directory"),
        (["models", "diff", ".", "live", "--fail-on", "gone"], "--fail-on"),
        (["models", "lst"], "lst"),
        (["list", "--limit", "3"], "fireworks-gateway models list"),
        (["--timeout", "0", "models", "list"], "--timeout must be a positive number of seconds"),
        (["--account-id", "..", "models", "list"], "must be one segment of a path"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_line(arguments: list[str], said: str) -> None:
    """Status 2, nothing on standard output, and no traceback."""
    status, out, err = demo(*arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("environment", "lacking"),
    [
        ({}, "no API key (set FIREWORKS_API_KEY) and no account (give --account-id, or set FIREWORKS_ACCOUNT_ID)"),
        ({"FIREWORKS_ACCOUNT_ID": "mine"}, "no API key (set FIREWORKS_API_KEY)"),
        ({"FIREWORKS_API_KEY": KEY}, "no account (give --account-id, or set FIREWORKS_ACCOUNT_ID)"),
    ],
)
@pytest.mark.parametrize("command", ["list", "show a-model", "snapshot monday.jsonl", "drift"])
def test_what_is_missing_is_named(
    environment: dict[str, str], lacking: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first run says how to make the second one work: all that it takes, and no more."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    needs = "--demo needs neither" if " and " in lacking else "--demo needs none"
    assert ran("models", *command.split()) == (2, "", f"fireworks-gateway: there is {lacking}; {needs}\n")


@pytest.mark.parametrize("command", ["", "models"])
def test_without_a_command_its_help_is_a_usage_error(command: str) -> None:
    """Nothing was asked, which a script whose variable is empty is to notice; who wants the help asks for it."""
    asked_for = ran(*command.split(), "--help")
    assert (asked_for.status, asked_for.err) == (0, "")
    status, out, err = ran(*command.split())
    assert (status, out) == (2, "")
    assert err.strip() == asked_for.out.strip()


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (faults.refused("PERMISSION_DENIED", "not you"), 3),
        (faults.refused("UNAUTHENTICATED", f"the key {KEY} is unknown"), 3),
        (faults.refused("INVALID_ARGUMENT", "line one\nline two \x1b[31mred"), 3),
        (faults.html(500), 3),
        (faults.truncated_json(), 3),
        (faults.repeated_token(), 3),
        (faults.garbage(), 4),
    ],
)
@pytest.mark.parametrize("command", ["list", "stats", "drift", "expiring"])
def test_a_service_that_fails_is_told_of_in_a_line(
    command: str, fault: Any, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By status 3 or 4, without the key, a traceback, or what a terminal would obey."""
    found = asked(gateway_of(*[fault] * 8, models=500), monkeypatch, "models", command)
    assert (found.status, found.out) == (status, "")
    assert found.err.splitlines()[-1].startswith("fireworks-gateway: ")
    assert all(line.isprintable() for line in found.err.splitlines())
    for never in (KEY, "Traceback", "\x1b"):
        assert never not in found.err


def test_a_service_that_is_not_there_is_a_status_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A script may then try again later."""
    for name, value in gateway_of().environment("http://127.0.0.1:9").items():
        monkeypatch.setenv(name, value)
    status, out, err = ran("models", "list")
    assert (status, out, err.count("\n")) == (4, "", 1)
    assert "got no answer" in err


@pytest.mark.parametrize("output", ["jsonl", "csv"])
def test_a_listing_that_breaks_goes_on_where_it_broke(output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words on standard error are an option to add: both runs together print what one would have."""
    arguments = ["models", "list", "-o", output, "-c", "name"]
    whole = asked(gateway_of(models=500), monkeypatch, *arguments)
    first = asked(gateway_of(None, faults.refused("INTERNAL", "no"), models=500), monkeypatch, *arguments)
    assert (whole.status, first.status) == (0, 3)
    bookmark = first.err.partition("--resume '")[2].partition("'")[0]
    assert "200 models were written" in first.err
    second = asked(gateway_of(models=500), monkeypatch, *arguments, "--resume", bookmark)
    assert second.status == 0
    assert first.out + second.out == whole.out


@pytest.mark.parametrize("output", ["jsonl", "csv"])
def test_a_listing_that_never_began_has_written_nothing(output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even a header, since there is nothing to go on from: the same command is run again."""
    gateway = gateway_of(faults.refused("INTERNAL", "no"))
    found = asked(gateway, monkeypatch, "models", "list", "-o", output, "-c", "name")
    assert (found.status, found.out) == (3, "")
    empty = asked(gateway_of(models=0), monkeypatch, "models", "list", "-o", "csv", "-c", "name")
    assert (empty.status, empty.out) == (0, "name\n")


def test_an_error_names_the_address_without_its_query(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever typed the command knows what was asked; what is wrong stands within sight."""
    gateway = gateway_of(faults.refused("INTERNAL", "who knows"))
    _, _, err = asked(gateway, monkeypatch, "models", "list")
    assert "/v1/accounts/fireworks/models was answered 500 INTERNAL: who knows" in err


@pytest.mark.parametrize("text", ["name", "create_time desc", "contextLength asc , base_model_details.moe"])
def test_what_can_be_an_order_is_asked(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was typed; --no-check asks for what a newer service may know."""
    gateway = gateway_of()
    assert asked(gateway, monkeypatch, "models", "list", "--order-by", text).status == 0
    assert dict(gateway.requests[0].query)["orderBy"] == text
    assert asked(gateway_of(), monkeypatch, "models", "list", "--no-check", "--order-by", "novel").status == 3


def test_help_has_a_short_name_everywhere() -> None:
    """As it has in most programs."""
    for command in COMMANDS:
        assert ran(*command.split(), "-h") == ran(*command.split(), "--help")


@pytest.mark.parametrize("output", ["table", "json", "markdown"])
def test_half_a_listing_is_not_shown_for_the_whole(output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms that are one document come whole or not at all, and so have nothing to go on from."""
    gateway = gateway_of(None, faults.refused("INTERNAL", "no"), models=500)
    status, out, err = asked(gateway, monkeypatch, "models", "list", "-o", output)
    assert (status, out) == (3, "")
    assert "--resume" not in err


def test_what_is_logged_on_the_way_is_said_in_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what a terminal would obey, which the name of a model may hold."""
    odd = model_payload(name="accounts/fireworks/models/\x1b[2J\n", contextLength="many")
    status, out, err = asked(FakeGateway([odd]), monkeypatch, "models", "list", "-c", "context_length,name")
    assert (status, len(out.splitlines())) == (0, 2)
    assert "context_length of 'accounts/fireworks/models/\\x1b[2J" in err
    assert err.count("\n") == 1
    assert "\x1b" not in out + err
    assert "Notices" not in str(logging.getLogger("fireworks_gateway").handlers)


def test_an_error_that_nobody_expected_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says where, and nothing of what it holds; the traceback can be had."""

    def broken(*arguments: object) -> None:
        raise LookupError(KEY)

    monkeypatch.setattr("fireworks_gateway.cli._list.columns_from", broken)
    status, out, err = demo("models", "list")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "LookupError at " in err
    assert "report" in err
    assert KEY not in err
    monkeypatch.setenv("FIREWORKS_GATEWAY_TRACEBACK", "1")
    with pytest.raises(LookupError):
        demo("models", "list")


def test_what_is_being_typed_is_completed() -> None:
    """The last path of the columns, the others kept."""
    assert completed("name,base_model_details.m") == [
        "name,base_model_details.moe",
        "name,base_model_details.model_type",
    ]
    assert completed("se") == ["serving"]
    assert set(completed("")) > set(Model({}).to_row())


WORDS = """
    --demo --help --version --account-id --base-url --timeout --limit --columns -c -o --output --filter --order-by --on
    --within --fail-on --ignore --across --values --check --no-check --resume --allow-empty models list show diff drift
    expiring stats fields live table json jsonl csv markdown text name,kind serving x .. 0 -1 3 1e9 nan 2026-11-21
    90d 0d added accounts/fireworks/models/deepseek-r1 deepseek-r1 http://127.0.0.1:9 -- = "" '*' [ { name=x a:(b
""".split()


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=12), max_size=6))
def test_nothing_that_is_typed_makes_a_traceback(words: list[str]) -> None:
    """Whatever the words, there is a status from 0 to 4, and no error that nobody expected."""
    status, _, err = demo(*words)
    assert 0 <= status <= 4
    assert "Traceback" not in err
    assert "report" not in err
