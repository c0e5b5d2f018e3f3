"""The scheduled bump: its branch in a bare repository, its pull request and its issue."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.bump.branch import BRANCH, CHECKS, FOLDER, LONGEST, OWN, STOPPED, Proposal, body, main, publication
from tools.generate import ROOT

PAGE = "openapi: 3.1.0\ninfo: {{version: '{0}'}}\npaths: {{/v1: {{}}}}\n"
FILES = {
    ".gitignore": "build/\n__pycache__/\n",
    "openapi/gateway.yaml": PAGE.format(1),
    "Makefile": "test lint check-generated docs:\n\t@echo fine\ntypes:\n\t@seq 30; echo '@everyone'; false\n",
    # A bump that reads its result in the document.
    "tools/bump/__main__.py": """import pathlib, sys
text = pathlib.Path(sys.argv[1]).read_text()
pathlib.Path("build/bump-report.md").write_text("# Specification 1 → 2: minor\\n\\nNew names.\\n")
if "refused" not in text:
    pathlib.Path("openapi/gateway.yaml").write_text(text)
print("a.py:1: x is gone\\nrefused: code does not fit" if "refused" in text else "minor")
sys.exit("refused" in text or 3 * ("none" in text))
""",
    "build/found.json": "[]",
    "build/gh": '#!/bin/sh\ncd build\ncase "$2" in list) cat found.json ;; *) echo "$*" > called; cat > body ;; esac\n',
}
PERSON = ("A Person", "a@example.invalid")


def git(root: Path, *arguments: str, committer: tuple[str, str] = PERSON) -> str:
    """Run git as somebody, and return its output."""
    identity = ("-c", f"user.name={committer[0]}", "-c", f"user.email={committer[1]}")
    run = subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True, encoding="utf-8")
    return run.stdout.strip()


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a clone of a bare repository, with a `gh` that records its arguments."""
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    git(tmp_path, "clone", "--quiet", "remote.git", "clone")
    root = tmp_path / "clone"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "build/gh").chmod(0o755)
    git(root, "switch", "--quiet", "--create", "main")
    git(root, "add", "--all")
    git(root, "commit", "--message=First")
    git(root, "push", "--quiet", "origin", "main")
    monkeypatch.setenv("PATH", f"{root / 'build'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(root)
    return root


def commit_on_branch(root: Path, document: str, committer: tuple[str, str] = OWN, *options: str) -> str:
    """Push a commit with a document to the branch, and return the commit."""
    earlier = git(root, "branch", "--remotes", "--list", f"origin/{BRANCH}")
    git(root, "switch", "--quiet", "--detach", earlier or "main")
    (root / "openapi/gateway.yaml").write_text(document, encoding="utf-8")
    git(root, "commit", "--all", "--message=Second", *options, committer=committer)
    git(root, "push", "--quiet", "origin", f"HEAD:refs/heads/{BRANCH}")
    git(root, "switch", "--quiet", "main")
    return pushed_commit(root)


def pushed_commit(root: Path) -> str:
    """Return the commit of the branch at the remote."""
    return git(root, "ls-remote", "origin", BRANCH).partition("\t")[0]


def prepare(root: Path, text: str) -> Proposal | None:
    """Return the proposal of the first job for a page, in a clone without its changes."""
    (root / "build/list-models.md").write_text(text, encoding="utf-8")
    main("prepare", "build/list-models.md")
    git(root, "reset", "--quiet", "--hard")
    file = root / FOLDER / "proposal.json"
    return Proposal(*json.loads(file.read_text(encoding="utf-8"))) if file.exists() else None


def publish(root: Path) -> tuple[str, str]:
    """Return the arguments and the input of gh in the second job."""
    main("publish", FOLDER)
    called, text = ((root / "build" / name).read_text(encoding="utf-8") for name in ("called", "body"))
    return called.strip(), text


@pytest.mark.parametrize("earlier", [False, True])
def test_a_bump_is_proposed(clone: Path, earlier: bool) -> None:
    """Its commit is on the default branch, in place of the workflow's own; the text has the report and the checks."""
    if earlier:
        commit_on_branch(clone, PAGE.format(2))
    assert prepare(clone, PAGE.format(3))

    called, text = publish(clone)

    assert called == f"pr create --head {BRANCH} --title Specification 1 → 2: minor --body-file=-"
    assert pushed_commit(clone) == git(clone, "rev-parse", "HEAD")
    assert git(clone, "log", "--format=%an <%ae>", "main@{1}..") == "{} <{}>".format(*OWN)
    assert git(clone, "show", "HEAD:openapi/gateway.yaml") == PAGE.format(3).strip()
    assert text.startswith("\nNew names.\n")
    results = [(check, "**failed**" if check == "types" else "passed") for check in CHECKS]
    assert re.findall(r"(?m)^\* `make (.*)`: (.*)$", text) == results
    assert re.search(r"types`:\n\n    13\n    14\n(    .*\n)+    @everyone\n", text)


@pytest.mark.parametrize("committer", [OWN, PERSON])
def test_a_document_is_proposed_once(clone: Path, committer: tuple[str, str]) -> None:
    """One that the branch has, whoever made its commits, needs nothing, and neither does the current one."""
    assert prepare(clone, PAGE.format("none")) is None
    commit_on_branch(clone, PAGE.format(2), committer)
    assert prepare(clone, PAGE.format(2)) is None


@pytest.mark.parametrize("options", [[], ["--author={} <{}>".format(*OWN)]])
def test_commits_by_people_stop_the_run(clone: Path, options: list[str]) -> None:
    """New and amended ones stay, the bump is not made, and an issue has the reason."""
    commit_on_branch(clone, PAGE.format(2))
    theirs = commit_on_branch(clone, PAGE.format(4), PERSON, *options)
    prepare(clone, PAGE.format(3))

    called, text = publish(clone)

    assert called == f"issue create --title {STOPPED} --body-file=-"
    assert f"{BRANCH} has commits by people: {theirs[:7]} Second. Merge" in text
    assert pushed_commit(clone) == theirs


@pytest.mark.parametrize("fetched", [True, False])
def test_commits_that_come_during_the_run_stay(clone: Path, tmp_path: Path, fetched: bool) -> None:
    """The second job looks again, and git compares the branch when it pushes."""
    commit_on_branch(clone, PAGE.format(2))
    prepare(clone, PAGE.format(3))
    git(tmp_path, "clone", "--quiet", "remote.git", "other")
    theirs = commit_on_branch(tmp_path / "other", PAGE.format(4), PERSON)
    if fetched:
        git(clone, "fetch", "--quiet")

    with pytest.raises(SystemExit, match="commits by people" if fetched else "was not pushed"):
        publish(clone)

    assert pushed_commit(clone) == theirs


@pytest.mark.parametrize(
    ("text", "reason"), [(PAGE.format("refused"), "    refused: code does not fit\n"), ("x", "is no OpenAPI document")]
)
def test_a_refusal_is_reported_once(clone: Path, text: str, reason: str) -> None:
    """An issue has its reason; the open issue gets another reason as a comment, and the same reason not again."""
    proposal = prepare(clone, text)

    assert proposal is not None
    assert reason in proposal.body
    other = {"number": 1, "title": "Another", "body": proposal.body, "comments": []}
    issue = {"number": 7, "title": STOPPED, "body": "before", "comments": [{"body": "thanks"}]}
    assert publication(proposal, [other]) == ["issue", "create", "--title", STOPPED]
    assert publication(proposal, [other, issue]) == ["issue", "comment", "7"]
    known = {"body": proposal.body.strip()}
    assert publication(proposal, [issue | known]) == publication(proposal, [issue | {"comments": [known]}]) == []


def test_an_open_pull_request_is_renewed() -> None:
    """A pull request from a fork is somebody else's."""
    fork, ours = ({"number": number, "isCrossRepository": number == 1} for number in (1, 2))

    assert publication(Proposal("pr", "T", ""), [fork, ours]) == ["pr", "edit", "2", "--title", "T"]
    assert publication(Proposal("pr", "T", ""), [fork])[:2] == ["pr", "create"]


def test_a_body_fits_whatever_the_document() -> None:
    """The results of the checks stay whole."""
    text = body("A line.\n" * LONGEST, {"test": "x" * 9_000, "lint": ""})

    assert len(text) < LONGEST
    assert "A line.\n\nThe rest is in `docs/bumps`.\n\n## Checks" in text
    assert text.endswith("x" * 9_000 + "\n")


def test_the_job_with_a_token_needs_no_package() -> None:
    """Its Python has only the standard library."""
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import tools.bump.branch"
    subprocess.run([sys.executable, "-I", "-S", "-c", program], check=True)


@pytest.mark.skipif(not (ROOT / ".github").is_dir(), reason="a source archive has no workflows")
def test_the_workflow_reads_the_published_address() -> None:
    """It is the one in openapi/SOURCE.md."""
    source, workflow = (
        {*re.findall(r"https://docs[^\s>']+", (ROOT / name).read_text(encoding="utf-8"))}
        for name in ("openapi/SOURCE.md", ".github/workflows/bump.yml")
    )
    assert len(source) == 1
    assert workflow == source
