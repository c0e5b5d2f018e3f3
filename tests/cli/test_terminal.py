"""The command line as a process: on a terminal, in a pipe, interrupted, and without its extra."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from fireworks_gateway.catalogue import Snapshot
from fireworks_gateway.testing import FakeGateway, faults, model_payload

pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")

COMMAND = [sys.executable, "-m", "fireworks_gateway.cli"]
LISTING = ["--demo", "models", "list", "--on", "2026-11-21", "--filter", 'name = "*deepseek-r1*"']
STYLED = re.compile(r"\x1b\[[0-9;]*m")


def environment(**more: str) -> dict[str, str]:
    """Return an environment for a terminal of a hundred columns that knows colours."""
    # Without a buffer there is nothing left to be written at the end, which is where most can go wrong.
    unlike = ("NO_COLOR", "FORCE_COLOR", "LINES", "PYTHONUNBUFFERED")
    kept = {name: value for name, value in os.environ.items() if name not in unlike}
    return kept | {"TERM": "xterm-256color", "COLUMNS": "100", "LANG": "C.UTF-8"} | more


def on_terminal(*arguments: str, env: Mapping[str, str], out: bool = True, err: bool = True) -> tuple[int, str, str]:
    """Return the exit status, what came to the terminal, and what came to the pipe in place of one of the streams."""
    terminal, slave = pty.openpty()
    process: subprocess.Popen[bytes] = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=slave if out else subprocess.PIPE,
        stderr=slave if err else subprocess.PIPE,
        env=env,
    )
    with process:
        os.close(slave)
        shown = b""
        while part := _read(terminal):
            shown += part
        piped = (process.stdout or process.stderr) if not (out and err) else None
        rest = piped.read() if piped is not None else b""
    os.close(terminal)
    return process.returncode, shown.decode().replace("\r\n", "\n"), rest.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # What Linux says when nobody has the other end any more.
        return b""


def in_pipe(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Return what a process did with both streams in pipes."""
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, encoding="utf-8", env=env or environment()
    )


def test_a_terminal_has_colours_and_a_pipe_has_none() -> None:
    """The serving status by what it means: yellow is ending, red is ended."""
    status, shown, _ = on_terminal(*LISTING, env=environment())
    assert status == 0
    assert re.search(r"\x1b\[33mENDING", shown)
    assert re.search(r"\x1b\[31mENDED", shown)
    piped = in_pipe(*LISTING, env=environment(FORCE_COLOR="1"))
    assert "ENDING" in piped.stdout
    assert "\x1b" not in piped.stdout + piped.stderr


@pytest.mark.parametrize("variable", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_can_be_without_colours(variable: dict[str, str]) -> None:
    """As no-color.org has it, and where the terminal cannot."""
    _, shown, _ = on_terminal(*LISTING, env=environment(**variable))
    assert "ENDING" in shown
    assert not STYLED.search(shown.partition("model_id")[2])


def test_progress_is_shown_on_a_terminal_only() -> None:
    """On standard error, while standard output goes elsewhere, and not the other way round."""
    _, shown, piped = on_terminal(*LISTING, "-o", "csv", env=environment(), out=False)
    assert "Listing" in shown
    assert piped.startswith("name,")
    _, shown, piped = on_terminal(*LISTING, env=environment(), err=False)
    assert "ENDING" in shown
    assert ("Listing" in shown, "Listing" in piped, "\x1b" in piped) == (False, False, False)


@pytest.mark.parametrize("command", ["snapshot tuesday.jsonl", "diff monday.jsonl live", "drift", "stats"])
def test_whoever_waits_for_a_whole_catalogue_sees_its_progress(command: str, tmp_path: Path) -> None:
    """In a pipe there is nothing of it, and standard output never has any."""
    gateway = FakeGateway(500)
    with gateway.client() as client:
        Snapshot.take(client.models.list()).save(tmp_path / "monday.jsonl")
    with gateway.serve() as url:
        env = environment(**gateway.environment(url))
        arguments = ["models", *(str(tmp_path / each) if "jsonl" in each else each for each in command.split())]
        status, shown, piped = on_terminal(*arguments, env=env, out=False)
        quiet = in_pipe(*arguments, env=env)
    assert (status, quiet.returncode) == (0, 0)
    assert re.search(r"Listing .*500/500", STYLED.sub("", shown))
    assert piped == quiet.stdout
    assert not re.search(r"Listing|\x1b", quiet.stdout + quiet.stderr)


def test_the_bar_is_full_at_the_limit() -> None:
    """Who asks for five waits for five, however many there are."""
    _, shown, _ = on_terminal(*"--demo models list --limit 5".split(), env=environment())
    assert "5/5" in STYLED.sub("", shown)


def test_a_further_attempt_is_told_of_on_a_terminal_only() -> None:
    """Who waits wants to know why; a job's log has no use for what passed by itself, but for what cannot be read."""
    models = [model_payload(name="accounts/fireworks/models/attempt x", contextLength="many")]
    for terminal in (True, False):
        gateway = FakeGateway(models, faults=[faults.unavailable()])
        with gateway.serve() as url:
            env = environment(**gateway.environment(url), COLUMNS="500")
            status, shown, piped = on_terminal(*"models list -c context_length".split(), env=env, err=terminal)
        said = shown if terminal else piped
        assert (status, "attempt 1 failed" in said, "the service sent 'many'" in said) == (0, terminal, True)


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_a_table_is_no_wider_than_its_terminal(width: int) -> None:
    """Columns that nobody asked for are left out on the right; no line breaks."""
    _, shown, _ = on_terminal(*LISTING, env=environment(COLUMNS=str(width)), err=False)
    lines = [STYLED.sub("", line) for line in shown.splitlines()]
    assert max(map(len, lines)) <= max(width, *(len(line.split()[0]) for line in lines if line))
    assert all("deepseek-r1" in line for line in lines[1:] if line)
    assert ("ENDING" in shown) == (width >= 80)


def test_what_there_is_no_room_for_is_named() -> None:
    """Whoever does not see a column learns that it is there."""
    _, shown, _ = on_terminal(*LISTING, env=environment(COLUMNS="80"))
    assert shown.rstrip().endswith(" models; a wider terminal shows context_length, parameter_count, kind")


def test_a_file_has_the_listing_whole_while_a_terminal_has_the_progress() -> None:
    """What a bar draws over is the terminal; what is written meanwhile goes where it is to go."""
    gateway = FakeGateway(500)
    with gateway.serve() as url:
        env = environment(**gateway.environment(url))
        status, shown, piped = on_terminal("models", "list", "-o", "jsonl", "-c", "name", env=env, out=False)
    assert (status, len(piped.splitlines())) == (0, 500)
    assert "Listing" in shown
    assert "accounts/" not in shown


@pytest.mark.parametrize(
    "arguments", ["--help", "models --help", "--version", "--demo models list", "--demo models stats"]
)
def test_a_pipe_that_closes_early_ends_it_quietly(arguments: str) -> None:
    """As `head` does: nothing on standard error, and no complaint of the interpreter at its end."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        run = subprocess.run([*COMMAND, *arguments.split()], stdout=closed, stderr=subprocess.PIPE, env=environment())
    assert (run.returncode, run.stderr) == (0, b"")


@pytest.mark.parametrize("arguments", ["diff monday.jsonl live --fail-on added", "expiring --on 2026-11-21"])
def test_an_answer_is_the_status_whoever_reads_the_rest(arguments: str, tmp_path: Path) -> None:
    """A job that looks at the first lines only still hears no."""
    with FakeGateway(10).client() as client:
        Snapshot.take(client.models.list()).save(tmp_path / "monday.jsonl")
    reader, writer = os.pipe()
    os.close(reader)
    command = [*COMMAND, "--demo", "models", *arguments.split()]
    with os.fdopen(writer, "wb") as closed:
        run = subprocess.run(command, stdout=closed, stderr=subprocess.PIPE, env=environment(), cwd=tmp_path)
    assert run.returncode == 1
    assert b"pipe" not in run.stderr.lower()


@pytest.mark.parametrize("arguments", ["models lst", "", "models list --limit -1", "--demo models list -c nme"])
def test_a_failure_that_nobody_reads_of_is_one_all_the_same(arguments: str) -> None:
    """A job whose standard error is cut off goes by the status alone."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        run = subprocess.run([*COMMAND, *arguments.split()], stdout=subprocess.PIPE, stderr=closed, env=environment())
    assert (run.returncode, run.stdout) == (2, b"")


@pytest.mark.parametrize(("arguments", "status"), [("--help", 0), ("--demo models list", 0), ("models lst", 2)])
def test_streams_may_be_closed_from_the_start(arguments: str, status: int) -> None:
    """Python has None for them then, as under some supervisors of jobs."""
    for closing in (">&-", "2>&-", ">&- 2>&-"):
        run = subprocess.run(
            ["/bin/sh", "-c", f'exec "$@" {closing}', "sh", *COMMAND, *arguments.split()],
            capture_output=True,
            env=environment(),
        )
        assert run.returncode == status
        assert b"Traceback" not in run.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("arguments", [LISTING, ["--version"], ["--help"], ["fields"], ["--demo", "models", "stats"]])
def test_a_full_disk_is_said_in_a_line(arguments: list[str]) -> None:
    """Rather than lost: the output is not whole."""
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run([*COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, env=environment(), text=True)
    assert run.returncode == 2
    assert run.stderr.count("\n") == 1
    assert "No space left on device" in run.stderr


def test_an_interruption_ends_it_with_130() -> None:
    """Without a traceback, and with the bookmark where lines were written."""
    started: list[subprocess.Popen[str]] = []
    interrupting = faults.meanwhile(lambda: started[0].send_signal(signal.SIGINT)) & faults.stall()
    gateway = FakeGateway(500, faults=[None, interrupting])
    with gateway.serve() as url:
        process = subprocess.Popen(
            [*COMMAND, "models", "list", "-o", "jsonl", "-c", "name"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(**gateway.environment(url)),
            text=True,
        )
        started.append(process)
        out, err = process.communicate()
    assert process.returncode == 130
    assert len(out.splitlines()) == 200
    assert "Traceback" not in err
    assert err.startswith("200 models were written; to go on from there, add --resume '{")
    assert json.loads(err.partition("--resume '")[2].partition("'")[0])["taken"] == 200


@pytest.mark.parametrize("variables", [{"LANG": "C", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "ascii"}])
def test_a_stream_that_takes_ascii_only_gets_ascii(variables: dict[str, str]) -> None:
    """Never an error, whatever the locale; JSON is the same JSON."""
    run = in_pipe(*LISTING, "-o", "json", env=environment(LC_ALL="C", PYTHONCOERCECLOCALE="0", **variables))
    assert (run.returncode, run.stderr) == (0, "")
    assert json.loads(run.stdout)
    assert in_pipe("fields", env=environment(**variables)).returncode == 0


def test_without_its_extra_it_says_how_to_get_it(tmp_path: Path) -> None:
    """One line and status 2; a bug of our own is not taken for it."""
    (tmp_path / "typer.py").write_text("raise ModuleNotFoundError('no', name='typer')", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    run = in_pipe("--version", env=environment(PYTHONPATH=path))
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == "fireworks-gateway needs its extra: pip install 'fireworks-gateway[cli]'\n"


def test_the_version_is_told_without_the_test_kit() -> None:
    """Nor does it wait for what draws tables."""
    program = (
        "import sys; from fireworks_gateway.cli import main; main(['--version'])\n"
        "print({name for name in sys.modules if name.startswith('fireworks_gateway.testing')})"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout.splitlines()[1:] == ["set()"]


def test_the_fake_gateway_is_served_until_it_is_interrupted() -> None:
    """What it says to export is what a client needs; a port that is taken is said in a line."""
    with subprocess.Popen(
        [*COMMAND, "serve", "--models", "3"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().partition(" listens at ")[2].split(". ")[0]
        exported = FakeGateway().environment(url)
        run = in_pipe("models", "list", "-o", "jsonl", env=environment(**exported))
        taken = in_pipe("serve", "--port", url.rpartition(":")[2])
        process.send_signal(signal.SIGINT)
        process.communicate()
    assert (process.returncode, run.returncode, len(run.stdout.splitlines())) == (0, 0, 3)
    assert (taken.returncode, taken.stdout) == (2, "")
    assert "cannot serve on port" in taken.stderr
