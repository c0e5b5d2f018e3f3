"""The wrapper's tests pass in the tree that a bump to another document leaves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.bump.repository import ROOT
from tests.shared.documents import Content, changed, operation
from tests.specification.hostile import hostile_document
from tests.specification.trees import DOCUMENTS, with_list_operation

pytestmark = pytest.mark.bump

VERSION = "99.0.0"
IGNORED = (".git", ".venv", "node_modules", "build", "dist", "__pycache__", ".*_cache", ".hypothesis")
GIT = ["git", "-c", "user.name=Tests", "-c", "user.email=tests@example.com"]

WHOLE = tuple("catalogue cli client fields filters http listing model package specification testing tools".split())
"""The folders of the wrapper's tests."""
FAST = tuple("fields filters/test_check.py listing/test_queries.py model package specification".split())
"""The tests that read the document or its messages, without servers and processes."""


def renamed(document: Content) -> None:
    """Rename the operation and its tag."""
    operation(document).update(operationId="ModelService_ListAll", tags=["ModelService"])


def published_with(change: Callable[[Content], object]) -> Content:
    """Return the checked-in document with a change, under a later version."""
    return changed(change, VERSION)


def second_listing() -> Content:
    """Return the document with a list operation of messages that no other has."""
    document = published_with(lambda d: d["components"]["schemas"].update(gatewayGadget=GADGET))
    return with_list_operation(document, "gadgets", {"$ref": "#/components/schemas/gatewayGadget"})


GADGET: Content = {"type": "object", "properties": {"name": {"type": "string"}, "weight": {"type": "integer"}}}


def hostile() -> Content:
    """Return the document with schemas that a careless writer would get wrong, and names that a bump accepts."""
    document = hostile_document()
    properties = document["components"]["schemas"]["gatewayThing"]["properties"]
    for name in [name for name in properties if {*name} & {*"\"'\\"}]:
        del properties[name]
    document["info"]["version"] = VERSION
    return document


OURS: dict[str, Callable[[], Content]] = {
    "renamed": lambda: published_with(renamed),
    "second": second_listing,
    "hostile": hostile,
}
THEIRS = ["list-models-5.10.0.md", "gateway-4.259.0-whole.yaml"]


class BumpedTree:
    """A copy of the repository after a bump to a document."""

    def __init__(self, folder: Path, name: str) -> None:
        self.root = folder / "repository"
        shutil.copytree(ROOT, self.root, ignore=shutil.ignore_patterns(*IGNORED))
        # A bump refuses a tree with changes.
        for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "Before"]):
            subprocess.run([*GIT, *words], cwd=self.root, check=True)
        if name in OURS:
            document = folder / "document.yaml"
            document.write_text(yaml.safe_dump(OURS[name](), sort_keys=False, allow_unicode=True), encoding="utf-8")
        else:
            document = DOCUMENTS / name
        # The whole document has the version of ours.
        self.bump = self.python("-m", "tools.bump", "--force", str(document))

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the tree, which it finds before the repository's own packages."""
        path = os.pathsep.join(str(self.root / part) for part in ("", "wrapper", "generated"))
        environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
        # Variables of pytest and of its workers are not for the tests inside.
        environment = {name: value for name, value in environment.items() if not name.startswith("PYTEST_")}
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=self.root, env=environment, capture_output=True, encoding="utf-8")

    def test(self, folders: tuple[str, ...]) -> None:
        """Run tests in the tree; fail with the end of their output."""
        assert self.bump.returncode == 0, self.bump.stdout + self.bump.stderr
        options = ["-q", "-n0", "-p", "no:cacheprovider", "--no-header", "--tb=short"]
        run = self.python("-m", "pytest", *options, *(f"tests/{folder}" for folder in folders))
        assert run.returncode == 0, run.stdout[-6000:]


def absent(name: str) -> bool:
    """Return whether a document beside the repository is missing."""
    return not (DOCUMENTS / name).exists()


@pytest.mark.parametrize(
    "name",
    [*OURS, *(pytest.param(each, marks=pytest.mark.skipif(absent(each), reason=f"no {each}")) for each in THEIRS)],
)
def test_the_wrappers_tests_pass_after_a_bump(name: str, tmp_path: Path) -> None:
    """No test depends on a field, value or count of the document that it was written with."""
    BumpedTree(tmp_path, name).test(WHOLE)


@pytest.mark.parametrize("name", ["renamed", "hostile"])
def test_the_fast_tests_pass_after_a_bump(name: str, tmp_path: Path) -> None:
    """These two run in continuous integration."""
    BumpedTree(tmp_path, name).test(FAST)
