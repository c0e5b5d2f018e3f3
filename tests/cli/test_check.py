"""`models check`: files, comments that ignore names, formats and exit statuses."""

import json
import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from fireworks_gateway.catalogue import Snapshot
from fireworks_gateway.cli._files import Scan
from fireworks_gateway.testing import FakeGateway, faults
from tests.shared.command_lines import make_gateway, run, run_demo, run_with

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT.parent / "shared" / "samples-models-check"
DAY = "2026-11-28"
HOME = "accounts/fireworks/models/"
GONE = f"{HOME}deepseek-v3"  # It ended long before any day of the sample.
HERE = f"{HOME}gpt-oss-20b"
COMMENT = "fireworks-gateway: ignore"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(files: dict[str, str | bytes]) -> None:
    """Write files in the current folder."""
    for name, content in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def git(*arguments: str) -> None:
    """Run git in the current folder."""
    subprocess.run(["git", *arguments], check=True, capture_output=True)


def check(*arguments: str) -> Any:
    """Return the report of a check as JSON, with notes."""
    return json.loads(run_demo("models", "check", *arguments, "--on", DAY, "-v", "-o", "json").out)


def found(*arguments: str) -> list[str]:
    """Return the findings of a check, each as file, line, level and code."""
    findings = check(*arguments)["findings"]
    return [f"{each['file']}:{each['line']} {each['level']} {each['code']}" for each in findings]


def test_samples_have_the_expected_findings_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of 28 files with every way to write a name."""
    if not SAMPLES.exists():
        pytest.skip("the samples beside the repository are absent")
    monkeypatch.chdir(SAMPLES)
    keys = ("line", "level", "code", "name")
    expected = json.loads(Path("expected.json").read_text())["findings"]
    wanted = [(file, *(each[key] for key in keys)) for file, findings in expected.items() for each in findings]
    report = check(".")
    assert sorted((each["file"], *(each[key] for key in keys)) for each in report["findings"]) == sorted(wanted)
    assert report["not_read"] == ["picture.bin"]


def test_a_finding_is_a_line_that_editors_understand() -> None:
    """One for each name and file, with a summary on standard error; notes only if requested."""
    write({"a.yaml": f"x: {GONE}\r\ny: {GONE}\ny: {HERE}", "b.py": f"'{HOME}' + x"})
    status, out, err = run_demo("models", "check", ".", "--on", DAY)
    line = f"a.yaml:1:4: error: {GONE}: ended on 2025-11-10 (and 1 more in this file)\n"
    assert (status, out) == (1, line)
    summary = (
        "2 files checked against 302 models of fireworks, sample data: 2 errors, 0 warnings, 1 note (1 template), 1 ok"
    )
    assert err == f"{summary}\n"
    verbose = run_demo("models", "check", ".", "--on", DAY, "--verbose")
    assert verbose.out == f"{line}b.py:1:2: note: {HOME}: completed at run time\n"


def test_json_has_the_catalogue_and_every_place() -> None:
    """A name that was given has no place; an ok name has no finding but is counted."""
    write({"a.yaml": f"x: {GONE}\ny: {GONE}\n{HERE}"})
    report = check("a.yaml", "gpt-oss-20b", "--within", "6w")
    catalogue = report["catalogue"]
    assert (report["on"], report["within_days"], report["files"], report["not_read"]) == (DAY, 42, 1, [])
    assert (catalogue["count"], catalogue["accounts"], catalogue["source"]) == (302, ["fireworks"], "demo")
    assert abs((datetime.fromisoformat(catalogue["time"]) - datetime.now(UTC)).total_seconds()) < 60
    assert report["counts"] == {"error": 2, "warning": 0, "note": 0, "ok": 2}
    given, first, second = report["findings"]
    assert [given[key] for key in ("file", "line", "level", "name")] == [None, None, "ok", HERE]
    message = "ended on 2025-11-10"
    place = {"file": "a.yaml", "line": 1, "column": 4, "end_column": 41}
    assert first == {**place, "level": "error", "code": "ended", "name": GONE, "message": message}
    assert second == {**first, "line": 2}


def test_github_shows_each_name_once_errors_first() -> None:
    """Special characters of its commands are escaped; a file cannot contain a command."""
    write({"::a,b\n%.yaml": f"{HOME}qwen3-235b-a22b\n", "c.yaml": f"{GONE} {GONE}", "d.yaml": GONE})
    result = run_demo("models", "check", ".", "--on", DAY, "-o", "github")
    lines = [line for line in result.out.split("\n") if line.startswith("::")]
    title = "title=Fireworks model%3A"
    own = f"{HOME}qwen3-235b-a22b: callable only on your own deployment"
    assert lines == [
        f"::error file=c.yaml,line=1,col=1,endColumn=38,{title} ended::{GONE}: ended on 2025-11-10",
        f"::warning file=%3A%3Aa%2Cb%0A%25.yaml,line=1,col=1,endColumn=42,{title} not-serverless::{own}",
    ]
    assert result.out.count("\n") == len(lines) + 3


def test_annotations_have_paths_from_the_workspace(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """A step may run in a folder of it."""
    write({"inner/a.yaml": GONE})
    monkeypatch.setenv("GITHUB_WORKSPACE", str(folder))
    monkeypatch.chdir("inner")
    assert "::error file=inner/a.yaml," in run_demo("models", "check", ".", "-o", "github").out


def test_a_folder_means_what_git_lists() -> None:
    """Ignored files are read only if they are named; submodules and removed files are skipped."""
    write(dict.fromkeys(["a.py", "b.py", "build/c.py", "new.py", "node_modules/d"], GONE))
    write({".gitignore": "build/\n"})
    assert found(".") == [f"{each}:1 error ended" for each in ("a.py", "b.py", "build/c.py", "new.py")]
    git("init", "-q")
    git("add", "a.py", "b.py", "node_modules")
    Path("b.py").unlink()
    git("init", "-q", "inner")
    write({"inner/e.py": GONE})
    assert found(".") == [f"{each}:1 error ended" for each in ("a.py", "new.py", "node_modules/d")]
    assert "build: git lists no file in it" in run_demo("models", "check", "build").err
    assert found("build/c.py", "a.py", "a.py", "./a.py") == ["a.py:1 error ended", "build/c.py:1 error ended"]


@pytest.mark.parametrize("path", ["", "nowhere"])
def test_git_may_be_absent_or_fail(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the usual folders are skipped."""
    write({"a.py": GONE, ".venv/b.py": GONE, ".git": "gitdir: nowhere"})
    if path:
        monkeypatch.setenv("PATH", path)
    status, out, err = run_demo("models", "check", ".")
    assert (status, out.count("\n")) == (1, 1)
    assert ("git failed: " in err) == (not path)


def test_some_files_are_not_read_and_counted() -> None:
    """Links, binary and large files, also if they are named; a pipe has no end, also in place of the rules."""
    write({"a.bin": b"\0" + GONE.encode(), "a.txt": GONE, "big.txt": GONE.encode() * 150_000, "sub/x.txt": HERE})
    for link, target in (("link.txt", "a.txt"), ("loop", "loop"), ("sub/up", "..")):
        Path(link).symlink_to(target)
    for pipe in ("pipe", ".fireworks-gateway-ignore"):
        os.mkfifo(pipe)
    unread = [".fireworks-gateway-ignore", "a.bin", "big.txt", "link.txt", "loop", "pipe", "sub/up"]
    for arguments in (["."], [*unread[:-1], "a.txt", "sub"]):
        report = check(*arguments)
        assert (report["files"], sorted(report["not_read"])) == (2, unread)
        assert [each["file"] for each in report["findings"]] == ["a.txt"]
    err = run_demo("models", "check", ".").err
    assert "; 3 not read: link; 2 not read: no ordinary file; 1 not read: " in err
    assert "; 1 not read: over 5 MB" in err


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "latin-1"])
def test_text_is_read_by_its_mark(encoding: str) -> None:
    """The mark is no character of the line; invalid bytes are one each."""
    write({"a.ps1": f'é = "{GONE}"\r\n'.encode(encoding)})
    (finding,) = check("a.ps1")["findings"]
    assert (finding["line"], finding["column"], finding["end_column"]) == (1, 6, 43)


@pytest.mark.parametrize("name", ["a.lock", "x/logs.jsonl", "CHANGELOG.md", "y.min.js", "z.csv"])
def test_records_are_left_out(name: str) -> None:
    """Also if they are named, as a hook does; the snapshot of a catalogue is never checked."""
    write({name: GONE, "b.py": GONE})
    assert found(".") == found(name, "b.py") == ["b.py:1 error ended"]
    assert len(found(".", "--all-files")) == 2
    assert run_demo("models", "snapshot", "models.json").status == 0
    assert found("models.json") == []


@pytest.mark.parametrize(
    "name",
    ["tests/a.py", "x/__tests__/a.js", "fixtures/a.json", "test_a.py", "a.test.ts", "a.spec.ts", "x/conftest.py"],
)
def test_an_error_in_tests_is_a_warning(name: str) -> None:
    """In the repository; a folder above it does not matter."""
    write({name: GONE, "contest/a.py": GONE})
    assert {*found(name, "contest/a.py")} == {"contest/a.py:1 error ended", f"{name}:1 warning ended"}
    write({"tests/app/.git/HEAD": "", "tests/app/main.py": GONE})
    assert found("tests/app") == ["tests/app/main.py:1 error ended"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"x = '{GONE}'  # {COMMENT}, old invoices need it\ny = '{GONE}'", [2]),
        (f"# {COMMENT}\nx = '{GONE}'\ny = '{GONE}'", [3]),
        (f"  <!-- {COMMENT} -->\r\n{GONE}\r\n{GONE}", [3]),
        (f"REM {COMMENT}\nset X={GONE}", []),
        (f'[\n "# {COMMENT}\\n",\n "x = \'{GONE}\'"]', []),
        (f'{{"a": "{GONE}", "_": "{COMMENT}",\n"b": "{GONE}"}}', [2]),
        (f"# {COMMENT}-file\n{GONE}", []),
        ("\n" * 9 + f"# {COMMENT}-file\n{GONE}", []),
        ("\n" * 10 + f"# {COMMENT}-file\n{GONE}", [12]),
        (f"# {COMMENT}-this-not\n{GONE}", [2]),
    ],
)
def test_a_comment_ignores_a_line_or_a_file(text: str, lines: list[int]) -> None:
    """Its own line, or the next one if it is alone on its line; the first ten lines may ignore the file."""
    write({"a": text})
    assert [each for each in found("a") if "note" not in each] == [f"a:{line} error ended" for line in lines]


def test_a_comment_that_ignores_nothing_is_a_note() -> None:
    """Wherever there is no name; a served model is one."""
    write({"a.py": f"# {COMMENT}\n\nx = '{HERE}'  # {COMMENT}\n", "b.py": f"# {COMMENT}-file", "c.py": f"# {COMMENT}"})
    assert found(".") == [f"{each}.py:1 note unused-ignore" for each in "abc"]


def test_globs_and_names_of_the_repository_are_ignored() -> None:
    """Options and the file at its root, also for a named file and from a folder within."""
    rules = f"# places\n{HOME}kimi-k2-instruct\narchived/  # old\n**/logs.json\ndocs/*.md\n"
    write({".fireworks-gateway-ignore": f"\ufeff{rules}".replace("\n", "\r\n")})
    write({"a.py": f"{HOME}kimi-k2-instruct\n{GONE}"})
    write(dict.fromkeys(["archived/x/a.py", "x/logs.json", "docs/b.md", "x/archive.py", "x/y/c.py"], GONE))
    expected = ["a.py:2 error ended", "x/archive.py:1 error ended", "x/y/c.py:1 error ended"]
    assert found(".") == expected
    assert found("docs/b.md", "a.py", "archived") == expected[:1]
    assert found(".", "--exclude", "x/y", "--exclude", "./a.*") == expected[1:2]
    write({".git/HEAD": ""})
    os.chdir("x")
    assert found("archive.py", "logs.json") == ["archive.py:1 error ended"]


def test_codes_can_be_ignored() -> None:
    """They are neither counted nor shown."""
    write({"a.py": f"{HOME}qwen3-235b-a22b {HOME}x1 {GONE}"})
    assert found("a.py", "--ignore", "not-serverless,unknown", "--ignore", "ended") == []
    status, _, err = run_demo("models", "check", "a.py", "--ignore", "not-serverles")
    assert (status, err.count("did you mean not-serverless")) == (2, 1)


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ([GONE], [GONE]),
        (["deepseek-v3", "fireworks_ai/deepseek-v3"], [GONE, GONE]),
        ([f"fireworks_ai/{GONE}#accounts/acme/deployments/d"], [GONE]),
        (["fireworks:deepseek-v3", "k2.6"], [GONE, f"{HOME}k2.6"]),
        (["fireworks/a.py", "deepseek"], [HERE, HERE]),
        (["accounts/core/models/user.py"], [HERE]),
        (["--in", "deepseek", "--in", GONE], [HERE, HERE]),
    ],
)
def test_an_argument_is_a_name_or_a_path(arguments: list[str], names: list[str]) -> None:
    """A full name is a name; a path that exists is a path; an id is a name."""
    write(dict.fromkeys(["fireworks/a.py", "deepseek", "accounts/core/models/user.py", GONE], HERE))
    report = check(*arguments)
    given = [each["name"] for each in report["findings"]]
    assert given + [HERE] * report["counts"]["ok"] == names


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "NAME or PATH is missing"),
        (["nowhere.yaml"], "nowhere.yaml: there is no such file"),
        (["a.py", "-"], "-: there is no such file"),
        (["--in", "nowhere"], "nowhere: there is no such file"),
        (["a.py", "--within", "soon"], "--within must be a span"),
        (["a.py", "--snapshot", "a.py"], "this is not JSON"),
        (["a.py", "--snapshot", "none.jsonl"], "none.jsonl: No such file"),
        (["a.py", "--snapshot", "part.jsonl"], "--snapshot must be the whole catalogue, got one with filter"),
        (["a.py", "--snapshot", "names.jsonl"], "a read mask without state"),
        (["a.py", "--snapshot", "cut.jsonl"], "missing models"),
        (["a.py", "--snapshot", "empty.jsonl"], "the snapshot has no models"),
        (["a.py"], "FIREWORKS_API_KEY"),
    ],
)
def test_wrong_usage_has_status_2(arguments: list[str], message: str) -> None:
    """No file is checked."""
    write({"a.py": GONE})
    models = FakeGateway(3).client().models
    Snapshot.take(models.list(filter="kind = HF_BASE_MODEL")).save("part.jsonl")
    Snapshot.take(models.list(read_mask="name")).save("names.jsonl")
    Snapshot.take(models.list(limit=1), allow_partial=True).save("cut.jsonl")
    Snapshot.take(FakeGateway(0).client().models.list()).save("empty.jsonl")
    status, out, err = run("models", "check", *arguments)
    assert (status, out) == (2, "")
    assert message in err


@pytest.mark.parametrize(
    ("fault", "status"), [(faults.garbage(), 4), (faults.refuse("PERMISSION_DENIED"), 3), (None, 3)], ids=str
)
def test_a_catalogue_that_cannot_be_had_is_no_finding(fault: Any, status: int) -> None:
    """Each cause has its own status; an empty listing is an error too."""
    write({"a.py": GONE})
    gateway = make_gateway(fault, fault, fault) if fault else make_gateway(models=0)
    assert run_with(gateway, "models", "check", "a.py").status == status


def test_a_request_is_sent_only_for_names() -> None:
    """Most commits have none; yet a missing key is reported."""
    gateway = make_gateway()
    write({"a.py": "fireworks", "b.py": GONE})
    status, _, err = run_with(gateway, "models", "check", "a.py")
    assert (status, len(gateway.requests)) == (0, 0)
    assert "no catalogue, since no model is named" in err
    assert run_with(gateway, "models", "check", "b.py").status == 1
    assert len(gateway.requests) == 1


def test_the_own_account_is_requested_if_a_file_names_it() -> None:
    """The public one is requested whatever FIREWORKS_ACCOUNT_ID is."""
    own = json.dumps({"models": [{"name": "accounts/northwind/models/here-1"}], "nextPageToken": ""}).encode()
    write({"a.py": HERE, "b.py": "fireworks accounts/northwind/models/here-2"})
    gateway = make_gateway(*[None] * 4, faults.respond(200, own), models=None)  # Two pages for each check.
    results = [run_with(gateway, "--account-id", "northwind", "models", "check", name) for name in ("a.py", "b.py")]
    assert [each.status for each in results] == [0, 1]
    assert [request.path.split("/")[3] for request in gateway.requests] == [*["fireworks"] * 4, "northwind"]
    assert "303 models of fireworks and northwind, listed now" in results[1].err


@pytest.mark.parametrize(("level", "status"), [("error", 0), ("warning", 1), ("never", 0)])
def test_the_level_that_fails_can_be_chosen(level: str, status: int) -> None:
    """By default it is an error."""
    write({"a.py": f"{HOME}qwen3-235b-a22b"})
    assert run_demo("models", "check", "a.py", "--fail-on", level).status == status
    write({"a.py": GONE})
    assert run_demo("models", "check", "a.py", "--fail-on", level).status == (level != "never")


def test_a_small_snapshot_needs_no_key() -> None:
    """Its age is reported; a model that it lacks is a warning."""
    assert run_demo("models", "snapshot", "models.jsonl", "--columns", "serving").status == 0
    assert Path("models.jsonl").stat().st_size < 50_000
    write({"a.py": f"{HOME}new-v9 {GONE}"})
    report = json.loads(run("models", "check", ".", "--snapshot", "models.jsonl", "-o", "json").out)
    assert [f"{each['level']} {each['code']}" for each in report["findings"]] == ["warning unknown", "error ended"]
    assert report["catalogue"]["source"] == "snapshot"
    old = Snapshot.load("models.jsonl")
    Snapshot(account_id="fireworks", models=old.models, time=datetime(2026, 1, 1, tzinfo=UTC)).save("models.jsonl")
    err = run("models", "check", ".", "--snapshot", "models.jsonl").err
    taken = r"302 models of fireworks, \d+ days old"
    assert re.search(rf"models.jsonl: the snapshot has {taken}. Take a new one.\n1 file checked against {taken}", err)
    assert "Take a new one" not in run("models", "check", ".", "--snapshot", "models.jsonl", "--max-age", "99y").err


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="the system has no file that even root cannot read")
def test_an_unreadable_file_is_reported() -> None:
    """A named one is an error; one in a folder is counted."""
    status, out, err = run_demo("models", "check", "/proc/self/mem")
    assert (status, out, err) == (2, "", "fireworks-gateway: /proc/self/mem: Input/output error\n")
    scan = Scan(())
    scan.add_file(Path("/proc/self/mem"), "mem", frozenset(), named=False)
    assert (scan.files, scan.not_read) == (0, {"/proc/self/mem": "unreadable"})


def test_hooks_and_the_action_run_the_command() -> None:
    """The hook installs what the extra needs; the action passes its inputs as variables."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["entry"] == "fireworks-gateway models check"
    extra = re.search(r"^cli = \[(.*)\]$", (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert extra is not None
    assert hook["additional_dependencies"] == re.findall(r'"([^"]*)"', extra[1])
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    scripts = [step["run"] for step in action["runs"]["steps"] if "run" in step]
    assert not any("${{" in script for script in scripts)
    assert any("models check" in script for script in scripts)
