"""The version must fit the changes since the last release."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.shared.processes import output_of
from tools.bump.ratings import Rating
from tools.versions import ROOT, last_release, main, shortfall

VERSION_FILE = "wrapper/fireworks_gateway/_version.py"


@pytest.mark.parametrize(
    ("tags", "version", "last"),
    [
        ([], "0.1.0", None),
        (["v0.1.0"], "0.1.0", None),
        (["v0.1.0"], "0.2.0", "v0.1.0"),
        (["v0.9.0", "v0.10.0", "latest", "v1"], "0.11.0", "v0.10.0"),
        (["v0.9.0", "v0.10.0"], "0.10.0", "v0.9.0"),
    ],
)
def test_the_last_release_is_the_newest_but_this(tags: list[str], version: str, last: str | None) -> None:
    """Versions are compared as numbers; tags of another form are ignored."""
    assert last_release(tags, version) == last


@pytest.mark.parametrize(
    ("released", "version", "rating", "needed"),
    [
        ("1.2.3", "1.2.3", Rating.NONE, None),
        ("1.2.3", "1.2.3", Rating.PATCH, "1.2.4"),
        ("1.2.3", "1.3.0", Rating.MINOR, None),
        ("1.2.3", "1.2.4", Rating.MINOR, "1.3.0"),
        ("1.2.3", "1.9.0", Rating.MAJOR, "2.0.0"),
        ("1.2.3", "2.0.0", Rating.MINOR, None),
        ("0.1.0", "0.1.1", Rating.MINOR, None),
        ("0.1.0", "0.1.9", Rating.MAJOR, "0.2.0"),
    ],
)
def test_a_version_promises_no_more_than_is_kept(
    released: str, version: str, rating: Rating, needed: str | None
) -> None:
    """A higher version than necessary is allowed, a lower one is an error."""
    assert shortfall(released, version, rating) == needed


def git(at: Path, *arguments: str) -> None:
    """Run git in a folder."""
    author = ["-c", "user.name=T", "-c", "user.email=t@example.invalid"]
    output_of("git", *author, *arguments, cwd=at)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with this one's packages, typing programs and record, without a tag."""
    for name in ("wrapper", "generated", "tests/typing", "docs/api.txt", "pyproject.toml"):
        source, target = ROOT / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "Release")
    return tmp_path


def test_before_the_first_release_everything_fits(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The output reports that there is no release."""
    assert main(["--root", str(repository)]) == 0
    assert "no release" in capsys.readouterr().out


@pytest.mark.bump
def test_a_removed_name_needs_another_version(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A removed name needs a higher version than a patch."""
    git(repository, "tag", "v0.1.0")
    public = repository / "wrapper/fireworks_gateway/__init__.py"
    text = public.read_text(encoding="utf-8")
    public.write_text(text.replace('    "describe",\n', ""), encoding="utf-8")
    (repository / VERSION_FILE).write_text('__version__ = "0.1.1"\n', encoding="utf-8")
    assert main(["--root", str(repository)]) == 1
    said = capsys.readouterr().out
    assert "fireworks_gateway.describe" in said
    assert "must be 0.2.0 or more, got 0.1.1" in said
    (repository / VERSION_FILE).write_text('__version__ = "0.2.0"\n', encoding="utf-8")
    assert main(["--root", str(repository)]) == 0


@pytest.mark.bump
def test_the_typing_programs_of_the_last_release_have_to_pass(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A type error in an old program is a breaking change, even if no name was removed."""
    (repository / "tests/typing/then.py").write_text(
        "from fireworks_gateway import Model\n\nx: int = Model.model_id.no_such_thing\n", encoding="utf-8"
    )
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message", "A program")
    git(repository, "tag", "v0.1.0")
    (repository / VERSION_FILE).write_text('__version__ = "0.1.1"\n', encoding="utf-8")
    assert main(["--root", str(repository)]) == 1
    assert "typing programs of v0.1.0 have type errors" in capsys.readouterr().out
