"""Terminals and streams: colours, widths and progress in this process; then real processes."""

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import TextIO

import pytest

from fireworks_gateway.catalogue import Snapshot
from fireworks_gateway.cli import main
from fireworks_gateway.testing import FakeGateway, faults, model_payload
from tests.shared.command_lines import run, run_demo, run_with
from tests.shared.processes import output_of

LISTING = ["models", "list", "--on", "2026-11-21", "--filter", 'name = "*deepseek-r1*"']
STYLED = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


@pytest.fixture(autouse=True)
def terminal_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Describe a terminal of a hundred columns with colours."""
    for name, value in {"TERM": "xterm-256color", "COLUMNS": "100", "LANG": "C.UTF-8"}.items():
        monkeypatch.setenv(name, value)


def test_a_terminal_has_colors_by_serving_status() -> None:
    """Yellow for models that end, red for ended ones."""
    status, out, _ = run_demo(*LISTING, terminals="out err")
    assert status == 0
    assert re.search(r"\x1b\[33mENDING", out)
    assert re.search(r"\x1b\[31mENDED", out)


@pytest.mark.parametrize(
    ("name", "value", "terminals"), [("NO_COLOR", "1", "out"), ("TERM", "dumb", "out"), ("FORCE_COLOR", "1", "")]
)
def test_colors_can_be_disabled(name: str, value: str, terminals: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """See no-color.org; a dumb terminal has no colours, and neither has a pipe."""
    monkeypatch.setenv(name, value)
    out = run_demo(*LISTING, terminals=terminals).out
    assert "ENDING" in out
    assert "\x1b" not in out


@pytest.mark.parametrize(("width", "shown"), [(20, 1), (66, 4), (200, 6)])
def test_a_table_fits_its_terminal(width: int, shown: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Default columns are dropped on the right, and named; no line is broken."""
    monkeypatch.setenv("COLUMNS", str(width))
    _, out, err = run_demo(*LISTING, terminals="out")
    hidden = ["serving", "deprecation_date", "context_length", "parameter_count", "kind"][shown - 1 :]
    assert err == "\n3 models" + f"; a wider terminal shows {', '.join(hidden)}" * bool(hidden) + "\n"
    lines = [STYLED.sub("", line) for line in out.splitlines()]
    assert max(map(len, lines)) <= max(width, *(len(line.split()[0]) for line in lines if line))
    assert all("deepseek-r1" in line for line in lines[1:] if line)


@pytest.mark.parametrize(
    ("command", "total"),
    [("diff FILE live", 450), ("drift", 450), ("list -c name --limit 5", 5), ("list -c name --limit 5 -o jsonl", 5)],
)
def test_progress_is_shown_on_standard_error(command: str, total: int, tmp_path: Path) -> None:
    """Only if it is a terminal, and lines are not printed to it meanwhile; the output is the same."""
    gateway = FakeGateway(450)
    with gateway.client() as client:
        Snapshot.take(client.models.list()).save(tmp_path / "file")
    arguments = ["models", *command.replace("FILE", str(tmp_path / "file")).split()]
    quiet, shown, both = (run_with(gateway, *arguments, terminals=each) for each in ("", "err", "out err"))
    assert (shown.status, shown.out, "accounts/" in shown.err) == (0, quiet.out, False)
    assert re.search(rf"Listing .*{total}/{total}", STYLED.sub("", shown.err))
    assert not re.search(r"Listing|\x1b", quiet.out + quiet.err)
    assert ("Listing" in both.err) == ("jsonl" not in command)


@pytest.mark.parametrize("terminal", ["err", ""])
def test_retries_are_printed_on_a_terminal(terminal: str) -> None:
    """A log of jobs gets only the warnings about fields."""
    models = [model_payload(name="accounts/fireworks/models/attempt x", contextLength="many")]
    gateway = FakeGateway(models, faults=[faults.refuse("UNAVAILABLE")])
    status, _, err = run_with(gateway, "models", "list", "-c", "context_length", terminals=terminal)
    assert (status, "attempt 1 failed" in err, "got 'many'" in err) == (0, bool(terminal), True)


@contextlib.contextmanager
def broken_pipe() -> Generator[TextIO]:
    """Open a pipe whose reader has gone."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as stream:
        yield stream


@pytest.mark.parametrize("arguments", ["--help", "--version", "models list", "models stats", "models expiring"])
def test_a_closed_pipe_changes_no_status(arguments: str) -> None:
    """As with `head`: nothing is printed to standard error; that models expire is status 1."""
    with broken_pipe() as out, contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()) as err:
        assert main(["--demo", *arguments.split()]) == ("expiring" in arguments)
    assert "pipe" not in err.getvalue().lower()


def test_streams_may_be_closed_from_the_start() -> None:
    """Python has None for them, as under some supervisors of jobs."""
    with contextlib.redirect_stdout(None), contextlib.redirect_stderr(None):
        assert main(["--demo", "models", "list"]) == 0
        assert main(["models", "lst"]) == 2
        sys.stdout.close()
        sys.stderr.close()


@pytest.mark.parametrize("arguments", ["models lst", "", "models list --limit -1", "--demo models list -c nme"])
def test_an_error_without_a_reader_keeps_its_status(arguments: str) -> None:
    """A job may close standard error."""
    with broken_pipe() as err, contextlib.redirect_stderr(err), contextlib.redirect_stdout(io.StringIO()) as out:
        assert main(arguments.split()) == 2
    assert out.getvalue() == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("arguments", ["--demo models list", "--version", "--help", "fields", "--demo models stats"])
def test_a_full_disk_is_an_error(arguments: str) -> None:
    """One line, because the output is incomplete."""
    err = io.StringIO()
    with Path("/dev/full").open("w") as full, contextlib.redirect_stdout(full), contextlib.redirect_stderr(err):
        assert main(arguments.split()) == 2
    assert err.getvalue() == "fireworks-gateway: No space left on device\n"


COMMAND = [sys.executable, "-m", "fireworks_gateway"]


def read_terminal(terminal: int) -> str:
    """Read everything that is written to a pseudo-terminal."""
    shown = b""
    with contextlib.suppress(OSError):  # Linux reports an error after the last writer has closed it.
        while part := os.read(terminal, 65536):
            shown += part
    os.close(terminal)
    return shown.decode().replace("\r\n", "\n")


def test_an_interruption_ends_with_status_130() -> None:
    """The progress bar is removed, the written lines are whole, and the bookmark is printed."""
    pty = pytest.importorskip("pty", reason="the system has no pseudo-terminals")
    terminal, slave = pty.openpty()
    started: list[subprocess.Popen[str]] = []
    interrupting = faults.call_before(lambda: started[0].send_signal(signal.SIGINT)) & faults.stall()
    gateway = FakeGateway(500, faults=[None, interrupting])
    with gateway.serve() as url:
        command = [*COMMAND, "models", "list", "-o", "jsonl", "-c", "name"]
        env = {**os.environ, **gateway.environment(url), "COLUMNS": "500"}
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=slave, env=env, text=True) as process:
            started.append(process)
            os.close(slave)
            assert process.stdout is not None
            out = process.stdout.read()
        err = read_terminal(terminal)
    assert process.returncode == 130, err
    assert len(out.splitlines()) == 200
    assert "Traceback" not in err
    assert err.rfind("\x1b[?25h") > err.rfind("\x1b[?25l")  # The cursor is visible again.
    bookmark = err.partition("200 models were written. To continue, add --resume '")[2].partition("'")[0]
    assert json.loads(bookmark)["taken"] == 200


def test_a_process_with_a_closed_pipe_is_silent() -> None:
    """The interpreter does not complain at exit."""
    with broken_pipe() as closed:
        run = subprocess.run([*COMMAND, "--demo", "models", "list"], stdout=closed, stderr=subprocess.PIPE)
    assert (run.returncode, run.stderr) == (0, b"")


def test_an_ascii_stream_gets_ascii() -> None:
    """JSON is the same JSON in every locale, and standard error may be closed from the start."""
    locale = ["env", "LC_ALL=C", "LANG=C", "PYTHONUTF8=0", "PYTHONCOERCECLOCALE=0"]
    shell = ["/bin/sh", "-c", 'exec "$@" 2>&-', "sh"]
    out = output_of(*locale, *shell, *COMMAND, "--demo", *LISTING, "-o", "json")
    assert out.isascii()
    assert json.loads(out)


def test_the_fake_gateway_is_served_until_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client of its address gets its models."""
    command = [*COMMAND, "serve", "--models", "3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().partition(" listens at ")[2].split(". ")[0]
        for name, value in FakeGateway().environment(url).items():
            monkeypatch.setenv(name, value)
        result = run("models", "list", "-o", "jsonl")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
    assert (process.returncode, result.status, len(result.out.splitlines())) == (0, 0, 3), errors
