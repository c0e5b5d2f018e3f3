"""Files are put in place whole or not at all, and records keep their form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.bump.placing import FOLDER, put_in_place, recover, staging
from tools.bump.records import with_entry, with_value
from tools.bump.refusals import Refused

NAMES = ["package", "folder/new.txt", "old.txt"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree with a package and a file; a third file is absent."""
    root = tmp_path / "root"
    (root / "package").mkdir(parents=True)
    (root / "package/stale.py").write_text("stale")
    (root / "old.txt").write_text("old")
    return root


def contents(root: Path) -> dict[str, str]:
    """Return every file of a tree but those of a bump under way."""
    files = [path for path in root.rglob("*") if path.is_file() and FOLDER not in path.parts]
    return {path.relative_to(root).as_posix(): path.read_text() for path in files}


def make_ready(folder: Path, *, without: str = "") -> None:
    """Write the three new files, or two of them."""
    for name, text in (("package/fresh.py", "fresh"), ("folder/new.txt", "new"), ("old.txt", "newer")):
        if name != without:
            (folder / "new" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "new" / name).write_text(text)


def test_all_is_put_in_place(root: Path) -> None:
    """Folders are replaced whole, and the bump leaves no files behind."""
    with staging(root) as folder:
        make_ready(folder)
        put_in_place(root, folder, NAMES)

    assert contents(root) == {"package/fresh.py": "fresh", "folder/new.txt": "new", "old.txt": "newer"}
    assert not (root / FOLDER).exists()


@pytest.mark.parametrize("missing", ["package/fresh.py", "folder/new.txt", "old.txt"])
def test_a_failure_on_the_way_undoes_what_was_done(root: Path, missing: str) -> None:
    """After the failure of any rename the tree is unchanged."""
    before = contents(root)

    with pytest.raises(FileNotFoundError), staging(root) as folder:
        make_ready(folder, without=missing)
        put_in_place(root, folder, NAMES)

    assert contents(root) == before


@pytest.mark.parametrize("done", range(4))
def test_a_bump_that_was_killed_is_undone_by_the_next(root: Path, done: int) -> None:
    """The next bump first undoes any number of renames."""
    before = contents(root)
    folder = root / FOLDER
    make_ready(folder)
    (folder / "journal.json").write_text(json.dumps(NAMES))
    for name in NAMES[:done]:
        (folder / "old" / name).parent.mkdir(parents=True, exist_ok=True)
        if (root / name).exists():
            (root / name).rename(folder / "old" / name)
        else:
            (folder / "old" / f"{name}.absent").touch()
            (root / name).parent.mkdir(exist_ok=True)
        (folder / "new" / name).rename(root / name)

    with staging(root):
        assert contents(root) == before
    recover(root)
    assert contents(root) == before


def test_two_bumps_at_once_are_refused(root: Path) -> None:
    """The second would undo the first."""
    (root / FOLDER).mkdir()
    (root / FOLDER / "pid").write_text("1")

    with pytest.raises(Refused, match="another bump is under way"), staging(root):
        pass


CHANGELOG = """# Changelog

## Unreleased

### Specification

- One.

### Added

- A thing.

## [0.1.0] - 2026-01-01

### Added

- All of it.
"""


def test_entries_are_under_unreleased_in_order() -> None:
    """A new specification replaces an unreleased one; other entries are added once."""
    entries = {"Specification": ["Two."], "Removed": ["`A`."], "Added": ["Another thing."]}

    written = with_entry(CHANGELOG, entries)

    assert written == CHANGELOG.replace("One.", "Two.").replace(
        "- A thing.\n", "- A thing.\n- Another thing.\n\n### Removed\n\n- `A`.\n"
    )
    assert with_entry(written, entries) == written


def test_a_changelog_without_unreleased_gets_it() -> None:
    """After a release the next entry opens the section above it."""
    released = "# Changelog\n\n## [0.1.0] - 2026-01-01\n\n- All of it.\n"

    assert with_entry(released, {"Added": ["A thing."]}) == released.replace(
        "## [0", "## Unreleased\n\n### Added\n\n- A thing.\n\n## [0"
    )


def test_a_version_is_assigned_in_one_line() -> None:
    """Only the value changes, and no text can become code."""
    assert with_value('"""Doc."""\n\nV = "1"\n', "V", "2.0") == '"""Doc."""\n\nV = "2.0"\n'
    assert with_value('V = "1"\n', "V", '"; import os; "') == 'V = "__ import os_ _"\n'
    with pytest.raises(Refused, match="no single line"):
        with_value("W = 1\n", "V", "2")
