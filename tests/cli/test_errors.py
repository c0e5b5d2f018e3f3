"""Errors of the command line: one line, in terms of options, and an exit status."""

import logging
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import StatusError, errors
from fireworks_gateway.cli._options import error_text
from fireworks_gateway.testing import FakeGateway, faults, model_payload
from tests.shared.command_lines import KEY, make_gateway, run, run_demo, run_with


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("models list -c nme", "--columns must be fields of Model: there is no field nme; did you mean name?"),
        ("models list -c ,", "--columns must name at least one column"),
        ("models list --filter 'contxt_length > 3'", "\n    contxt_length > 3\n    ^"),
        ("models list --filter 'a = (b'", "at character"),
        ("models list --resume {}", "--resume: "),
        (
            "models list --order-by 'name,contxt_length desc'",
            "--order-by: there is no field contxt_length; did you mean context_length",
        ),
        ("models list --order-by 'name dsc'", "--order-by must be fields such as \"create_time desc\", got 'name dsc'"),
        ("models list --order-by name,", "--order-by must be fields"),
        ("models list --order-by serving", "there is no field serving. For a field that the specification lacks, use"),
        ("models list --demo", "fireworks-gateway --demo models list"),
        ("models --timeout 3 list", "--timeout must precede the command"),
        ("models drift -o markdown", "'text', 'json'"),
        ("models list --on yesterday", "'--on': must be a date such as 2026-11-21, got 'yesterday'"),
        ("models show a/b", "NAME must be like accounts/my-account/models/my-model"),
        ("models expiring --within soon", "--within must be a span such as 90d, 12w, 6m or 1y, got 'soon'"),
        ("models expiring --within 9999y", "--within must end by the year 9999"),
        ("models diff live live", "OLD or NEW must be a snapshot file"),
        ("models diff /no/such/file live", "/no/such/file: No such file or directory"),
        ("models diff . live --fail-on gone", "--fail-on must be a list of added, removed and changed, got 'gone'"),
        ("models lst", "lst"),
        ("list --limit 3", "fireworks-gateway models list"),
        ("--timeout 0 models list", "--timeout must be a positive number of seconds"),
        ("--account-id .. models list", "--account-id (FIREWORKS_ACCOUNT_ID) must be one segment"),
    ],
)
def test_invalid_usage_is_explained(typed: str, message: str) -> None:
    """Exit status 2, and nothing on standard output."""
    status, out, err = run_demo(*shlex.split(typed))
    assert (status, out) == (2, "")
    assert message in err


@pytest.mark.parametrize(
    ("variables", "typed", "message"),
    [
        ("", "models list", "no API key: set FIREWORKS_API_KEY; no account: set FIREWORKS_ACCOUNT_ID or use --acc"),
        ("", "models show m", "no API key: set FIREWORKS_API_KEY; no account: set FIREWORKS_ACCOUNT_ID"),
        ("ACCOUNT_ID=mine", "models list", "no API key: set FIREWORKS_API_KEY. Use --demo"),
        ("API_KEY=secret", "models snapshot monday.jsonl", "no account: set FIREWORKS_ACCOUNT_ID"),
        ("API_KEY=secret ACCOUNT_ID=a", "--base-url ftp://x models list", "--base-url (FIREWORKS_BASE_URL) must be"),
        ("API_KEY=secret ACCOUNT_ID=a BASE_URL=http://a.b", "models list", "--base-url (FIREWORKS_BASE_URL) must be"),
    ],
)
def test_all_wrong_settings_are_named(
    variables: str, typed: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the option and the variable, in one line."""
    for name, _, value in (each.partition("=") for each in variables.split()):
        monkeypatch.setenv(f"FIREWORKS_{name}", value)
    status, out, err = run(*typed.split())
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"fireworks-gateway: {message}")


@pytest.mark.parametrize("command", ["", "models"])
def test_help_without_a_command_is_a_usage_error(command: str) -> None:
    """A script whose variable is empty must notice; --help succeeds."""
    requested = run(*command.split(), "--help")
    assert (requested.status, requested.err) == (0, "")
    status, out, err = run(*command.split())
    assert (status, out) == (2, "")
    assert err.strip() == requested.out.strip()


@pytest.mark.parametrize(
    ("command", "fault", "status"),
    [
        ("list", faults.refuse("PERMISSION_DENIED", "not you"), 3),
        ("stats", faults.refuse("UNAUTHENTICATED", f"the key {KEY} is unknown"), 3),
        ("drift", faults.refuse("INVALID_ARGUMENT", "line one\nline two \x1b[31mred"), 3),
        ("expiring", faults.html(500), 3),
        ("list", faults.truncated_json(), 3),
        ("list", faults.earlier_token(), 3),
        ("list", faults.garbage(), 4),
    ],
)
def test_an_error_of_the_service_is_one_line(command: str, fault: Any, status: int) -> None:
    """With status 3 or 4, without the key or control characters."""
    found = run_with(make_gateway(*[fault] * 8, models=500), "models", command)
    assert (found.status, found.out) == (status, "")
    assert found.err.splitlines()[-1].startswith("fireworks-gateway: ")
    assert all(line.isprintable() for line in found.err.splitlines())
    for never in (KEY, "Traceback", "\x1b"):
        assert never not in found.err


def test_advice_names_options() -> None:
    """The URL is printed without its query, and the message of the service as sent."""
    _, _, err = run_with(make_gateway(faults.refuse("NOT_FOUND", "check account_id")), "models", "list")
    assert "/v1/accounts/fireworks/models returned 404 NOT_FOUND: check account_id" in err
    assert err.endswith("the name of the model, and --base-url (FIREWORKS_BASE_URL).\n")


@pytest.mark.parametrize("name", errors.__all__)
def test_no_advice_names_python_parameters(name: str) -> None:
    """For every error that the service can return."""
    kind = getattr(errors, name)
    if issubclass(kind, StatusError):
        assert not re.search(r"\b[a-z]+_[a-z_]+\b|\(\)|=True", error_text(kind("no", status_code=400)))


def test_errors_in_files_and_listings_name_options(tmp_path: Path) -> None:
    """For the parameters of `diff`, and for a file that is not a snapshot."""
    monday, public = str(tmp_path / "monday.jsonl"), str(tmp_path / "public.jsonl")
    assert run_demo("models", "snapshot", monday).status == 0
    assert run_demo("models", "snapshot", public, "--filter", "state = READY").status == 0
    assert "--ignore must contain fields" in run("models", "diff", monday, monday, "--ignore", "nme").err
    status, out, err = run("models", "diff", monday, public)
    assert (status, out, "--across is needed to compare" in err) == (2, "", True)
    assert run("models", "diff", monday, public, "--across").status == 0
    (tmp_path / "list.jsonl").write_text("shopping list\n", encoding="utf-8")
    assert run("models", "drift", str(tmp_path / "list.jsonl")).status == 2


def test_warnings_are_printed_as_lines() -> None:
    """Without the control characters that the name of a model may contain."""
    odd = model_payload(name="accounts/fireworks/models/\x1b[2J\n", contextLength="many")
    status, out, err = run_with(FakeGateway([odd]), "models", "list", "-c", "context_length,name")
    assert (status, len(out.splitlines()), err.count("\n")) == (0, 2, 1)
    assert "context_length of 'accounts/fireworks/models/\\x1b[2J" in err
    assert "\x1b" not in out + err
    assert "MessageHandler" not in str(logging.getLogger("fireworks_gateway").handlers)


def test_an_unexpected_error_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the place, but not the message of the error; a variable shows the traceback."""

    def fail(*arguments: object) -> None:
        raise LookupError(KEY)

    monkeypatch.setattr("fireworks_gateway.cli._list.parse_columns", fail)
    status, out, err = run_demo("models", "list")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "LookupError at " in err
    assert "report" in err
    assert KEY not in err
    monkeypatch.setenv("FIREWORKS_GATEWAY_TRACEBACK", "1")
    with pytest.raises(LookupError):
        run_demo("models", "list")


WORDS = """
    --demo --help --version --account-id --base-url --timeout --limit --columns -c -o --output --filter --order-by --on
    --within --fail-on --ignore --across --values --check --no-check --resume --allow-empty --allow-missing
    models list show diff drift expiring stats fields live table json jsonl csv markdown
    text name,kind serving x .. 0 -1 3 1e9 nan 2026-11-21
    90d 0d added accounts/fireworks/models/deepseek-r1 deepseek-r1 http://127.0.0.1:9 -- = "" '*' [ { name=x a:(b
""".split()


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=12), max_size=6))
def test_no_command_line_raises(words: list[str]) -> None:
    """Any words end with a status from 0 to 4, without an unexpected error."""
    status, _, err = run_demo(*words)
    assert 0 <= status <= 4
    assert "Traceback" not in err
    assert "unexpected error" not in err
