"""The version must fit the changes since the last release."""

from pathlib import Path

import pytest

from tests.bump.repository import Repository, copy_of_repository
from tools.versions import last_release, main

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


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository without a tag."""
    return copy_of_repository(tmp_path)


def check(repository: Repository, version: str) -> int:
    """Return the exit status for a version."""
    (repository.root / VERSION_FILE).write_text(f'__version__ = "{version}"\n', encoding="utf-8")
    return main(["--root", str(repository.root)])


def test_before_the_first_release_everything_fits(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    """The output reports that there is no release."""
    assert check(repository, "0.1.0") == 0
    assert "no release" in capsys.readouterr().out


@pytest.mark.bump
def test_a_removed_name_needs_another_version(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    """A removed name needs a higher version than a patch."""
    repository.git("tag", "v0.1.0")
    public = repository.root / "wrapper/fireworks_gateway/__init__.py"
    public.write_text(public.read_text(encoding="utf-8").replace('    "describe",\n', ""), encoding="utf-8")
    assert check(repository, "0.1.1") == 1
    printed = capsys.readouterr().out
    assert "fireworks_gateway.describe" in printed
    assert "must be 0.2.0 or more, got 0.1.1" in printed
    assert check(repository, "0.2.0") == 0


@pytest.mark.bump
def test_the_typing_programs_of_the_last_release_have_to_pass(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """A type error in an old program is a breaking change, even if no name was removed."""
    program = "from fireworks_gateway import Model\n\nx: int = Model.model_id.no_such_thing\n"
    (repository.root / "tests/typing/then.py").write_text(program, encoding="utf-8")
    repository.commit()
    repository.git("tag", "v0.1.0")
    assert check(repository, "0.1.1") == 1
    assert "typing programs of v0.1.0 have type errors" in capsys.readouterr().out
