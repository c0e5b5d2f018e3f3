"""A new tree is put in place whole or not at all."""

from pathlib import Path

import pytest

from tests.bump.repository import Repository
from tools.bump.trial import Tree, check_clean, git
from tools.specification.parsing import Refused

BEFORE = {
    "CHANGELOG.md": "old",
    ".gitignore": "__pycache__/\n",
    "generated/stale.py": "",
    "generated/kept.py": "kept",
    "openapi/file": "a file",
}


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A small repository."""
    repository = Repository(tmp_path / "origin")
    write(repository.root, BEFORE)
    repository.git("init", "--quiet")
    repository.commit()
    return repository.root


def write(root: Path, files: dict[str, str]) -> None:
    """Write files below a root."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def contents(root: Path) -> dict[str, str]:
    """Return the text of each file but git's."""
    files = [path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts]
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in files}


def test_every_file_that_differs_is_put_in_place(origin: Path, tmp_path: Path) -> None:
    """New files come, stale ones go, and caches of the trial stay behind."""
    tree = Tree.of(origin, tmp_path / "tree")
    assert contents(tree.root) == BEFORE
    (tree.root / "generated/stale.py").unlink()
    after = {**BEFORE, "CHANGELOG.md": "new", "generated/new.py": ""}
    del after["generated/stale.py"]
    write(tree.root, {**after, "generated/__pycache__/new.pyc": ""})

    tree.put_in_place()

    assert contents(origin) == after


def test_a_failure_on_the_way_undoes_everything(origin: Path, tmp_path: Path) -> None:
    """Git restores what was written already."""
    tree = Tree.of(origin, tmp_path / "tree")
    write(tree.root, {"CHANGELOG.md": "new", "generated/new.py": "", "docs/bumps/1.md": ""})
    (tree.root / "openapi/file").unlink()
    write(tree.root, {"openapi/file/inside": "a folder where a file is"})

    with pytest.raises(FileExistsError):
        tree.put_in_place()

    assert contents(origin) == BEFORE


def test_only_a_clean_tree_is_bumped(origin: Path) -> None:
    """Git can restore no other one; a new file elsewhere, and the document itself, are no changes."""
    write(origin, {"page.md": "", "openapi/page.md": ""})
    check_clean(origin, origin / "openapi/page.md")
    with pytest.raises(Refused, match=r"openapi/page\.md has changes"):
        check_clean(origin, origin / "page.md")
    write(origin, {"CHANGELOG.md": "edited"})
    with pytest.raises(Refused, match=r"CHANGELOG\.md has changes: commit or stash"):
        check_clean(origin, origin / "openapi/page.md")


def test_a_folder_without_git_is_refused(tmp_path: Path) -> None:
    """The message has the cause and the remedy."""
    with pytest.raises(Refused, match="A bump needs a git checkout"):
        git(tmp_path, "ls-files")
