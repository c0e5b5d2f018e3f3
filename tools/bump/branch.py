"""The branch and the pull request of the scheduled bump.

Its workflow has two jobs. `prepare PAGE` bumps, runs the checks and writes build/proposal. It runs code that a document
by others determines, so it has no token. `publish FOLDER` has a token, and runs only git and gh.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

BRANCH = "specification-bump"
CHECKS = ("test", "lint", "types", "check-generated", "docs")
FOLDER, PATCH, PROPOSAL = "build/proposal", "bump.patch", "proposal.json"
OWN = ("Scheduled bump", "41898282+github-actions[bot]@users.noreply.github.com")
"""The author and committer of the workflow's commits."""
STOPPED = "The published specification was not bumped to"
LONGEST = 60_000  # GitHub refuses a body of more than 65,536 characters.


class Branch(NamedTuple):
    """The branch at the remote: its last commit, its document, and the commits that are not the workflow's."""

    tip: str = ""
    document: str = ""
    foreign: Sequence[str] = ()


class Proposal(NamedTuple):
    """A pull request, or an issue with the reason why there is none."""

    kind: Literal["pr", "issue"]
    title: str
    body: str


def inspect_branch(root: Path) -> Branch:
    """Return the branch as it was at the last fetch."""
    tip = _output(root, "git", "for-each-ref", "--format=%(objectname)", f"refs/remotes/origin/{BRANCH}").strip()
    if not tip:
        return Branch()
    log = _output(root, "git", "log", "--format=%an <%ae>%x09%cn <%ce>%x09%h %s", f"HEAD..{tip}")
    own = "{0} <{1}>\t{0} <{1}>\t".format(*OWN)
    foreign = [line.split("\t", 2)[2] for line in log.splitlines() if not line.startswith(own)]
    return Branch(tip, _output(root, "git", "show", f"{tip}:openapi/gateway.yaml"), foreign)


def obstacle(branch: Branch, document: str) -> tuple[Literal["", "skip", "stop"], str]:
    """Return the reason not to put a document on the branch: after `stop` a person must act, after `skip` nobody.

    A bump starts from the default branch. On top of a person's commit it would undo some of it, so the run stops.
    """
    if branch.document == document:
        return "skip", f"{BRANCH} has this document already"
    if branch.foreign:
        return "stop", f"{BRANCH} has commits by people: {', '.join(branch.foreign[:5])}. Merge it, then delete it"
    return "", ""


def prepare(root: Path, page: Path) -> Proposal | None:
    """Bump to a page and run the checks; return None if there is nothing to propose."""
    # Only here: nothing is installed where `publish` runs.
    from tools.specification.parsing import Refused

    from .__main__ import RATED, UNCHANGED
    from .documents import read_document

    try:
        action, reason = obstacle(inspect_branch(root), read_document(page).text)
    except Refused as refusal:
        action, reason = "stop", str(refusal)
    if not action:
        bump = _run(root, sys.executable, "-m", "tools.bump", str(page))
        if bump.returncode == RATED:
            return _run_checks(root)
        action, reason = "skip" if bump.returncode == UNCHANGED else "stop", bump.stdout
    print(f"{action}: {reason}")
    return Proposal("issue", STOPPED, f"{_tail(reason)}\n\nSee docs/bumping.md.\n") if action == "stop" else None


def _run_checks(root: Path) -> Proposal:
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    _output(root, "git", "add", "--all")
    _output(root, "git", "diff", "--cached", "--binary", f"--output={FOLDER}/{PATCH}")
    title, _, report = (root / "build/bump-report.md").read_text(encoding="utf-8").partition("\n")
    runs = {target: _run(root, "make", target) for target in CHECKS}
    failures = {target: _tail(run.stdout) if run.returncode else "" for target, run in runs.items()}
    return Proposal("pr", title.removeprefix("# ")[:200], body(report, failures))


def body(report: str, failures: Mapping[str, str]) -> str:
    """Return the text of a pull request: the report, shortened if need be, and the output of each check that failed."""
    checks = "\n## Checks of the workflow\n\nClose the pull request and open it again to run those of CI.\n\n"
    checks += "".join(f"* `make {target}`: {'**failed**' if text else 'passed'}\n" for target, text in failures.items())
    checks += "".join(f"\n`make {target}`:\n\n{text}\n" for target, text in failures.items() if text)
    if len(report) + len(checks) >= LONGEST:
        report = report[: LONGEST - len(checks) - 100].rpartition("\n")[0] + "\n\nThe rest is in `docs/bumps`.\n"
    return report + checks


def publish(root: Path, folder: Path) -> None:
    """Push the branch and open or renew its pull request, or report the reason in an issue."""
    proposal = Proposal(*json.loads((folder / PROPOSAL).read_text(encoding="utf-8")))
    query = ["--search", f'"{STOPPED}" in:title', "--json", "number,title,body,comments"]
    if proposal.kind == "pr":
        push(root, folder / PATCH, proposal.title)
        query = ["--head", BRANCH, "--json", "number,isCrossRepository"]
    found = json.loads(_output(root, "gh", proposal.kind, "list", "--state", "open", *query))
    if command := publication(proposal, found):
        subprocess.run(["gh", *command, "--body-file=-"], cwd=root, check=True, input=proposal.body, encoding="utf-8")


def push(root: Path, patch: Path, title: str) -> None:
    """Commit a patch and push it, in place of earlier commits of the workflow."""
    branch = inspect_branch(root)
    if (obstructed := obstacle(branch, "a patch, and no document"))[0]:
        sys.exit(obstructed[1])
    _output(root, "git", "apply", "--index", str(patch.resolve()))
    author, email = OWN
    _output(root, "git", "-c", f"user.name={author}", "-c", f"user.email={email}", "commit", "--message", title)
    lease = f"--force-with-lease=refs/heads/{BRANCH}:{branch.tip}"
    if _run(root, "git", "push", lease, "origin", f"HEAD:refs/heads/{BRANCH}").returncode:
        sys.exit(f"{BRANCH} was not pushed: if it changed since this run began, the next run will look at it again")


def publication(proposal: Proposal, found: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the arguments of gh, given the open pull requests or issues; empty if these say the same."""
    if proposal.kind == "pr":
        numbers = [str(each["number"]) for each in found if not each["isCrossRepository"]]
        return ["pr", *(["edit", numbers[0]] if numbers else ["create", "--head", BRANCH]), "--title", proposal.title]
    for issue in found:
        if issue["title"] == proposal.title:
            texts = [text["body"].strip() for text in (issue, *issue["comments"])]
            return [] if proposal.body.strip() in texts else ["issue", "comment", str(issue["number"])]
    return ["issue", "create", "--title", proposal.title]


def _tail(text: str) -> str:
    """Return the last lines of an output as a block of code, in which Markdown and mentions mean nothing."""
    return "\n".join(f"    {line[:500]}" for line in text.splitlines()[-20:]) or "    no output"


def _run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    run = subprocess.run(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace"
    )
    print(run.stdout, flush=True)
    return run


def _output(root: Path, *command: str) -> str:
    """Return the output of a command, with its line endings."""
    return subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE).stdout.decode()


def main(command: str, path: str) -> None:
    """Run `prepare` with a page, or `publish` with a folder, in the working directory."""
    root = Path.cwd()
    if command == "publish":
        publish(root, Path(path))
    elif proposal := prepare(root, Path(path)):
        (root / FOLDER).mkdir(parents=True, exist_ok=True)
        (root / FOLDER / PROPOSAL).write_text(json.dumps(proposal), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
