"""Two bumps before a release, from end to end in a copy of the repository."""

import json
import re
from typing import Any

import pytest
import yaml

from fireworks_gateway import SPEC_VERSION, __version__
from tests.bump.next_version import VALUE, VERSION, next_document, next_text, page_of
from tests.bump.repository import Repository, copy_of_repository
from tests.shared.documents import properties
from tools.bump.ratings import Rating, next_version

pytestmark = pytest.mark.bump

Moved = tuple[Repository, Any, dict[str, bytes]]


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Moved:
    """A copy after the bump to the next version, the result, and the files before."""
    repository = copy_of_repository(tmp_path_factory.mktemp("moved"))
    before = repository.contents()
    return repository, repository.bump(page_of(next_text())), before


def test_the_next_version_is_put_in_place_whole(moved: Moved) -> None:
    """All files that the document determines change, and no other file."""
    repository, bumped, before = moved

    assert (bumped.status, bumped.last_line) == (0, "major")
    after = repository.contents()
    assert after["openapi/gateway.yaml"] == next_text().encode()
    assert f"| `info.version` | {VERSION} |".encode() in after["openapi/SOURCE.md"]
    assert f'SPEC_VERSION = "{VERSION}"'.encode() in after["wrapper/fireworks_gateway/_openapi.py"]
    version = next_version(__version__, Rating.MAJOR)
    assert f'__version__ = "{version}"'.encode() in after["wrapper/fireworks_gateway/_version.py"]
    changed = {name for name in before if before[name] != after.get(name)}
    others = {"openapi/gateway.yaml", "openapi/SOURCE.md", "generator-config.yaml", "CHANGELOG.md", "README.md"}
    others |= {"tools/specification/words.yaml"}  # The description of the value that is gone.
    others |= {f"wrapper/fireworks_gateway/{name}.py" for name in ("_openapi", "specification", "_version")}
    assert {name for name in changed - others if not name.startswith(("generated/", "docs/"))} == set()
    assert after.keys() - before.keys() >= {f"docs/bumps/{VERSION}.md", f"docs/bumps/{VERSION}.json"}


def test_the_other_programs_find_nothing_to_do(moved: Moved) -> None:
    """`make check-generated`, `make api` and `make refresh-docs` find nothing to do."""
    repository, _, _ = moved
    before = repository.contents()

    assert repository.python("-m", "tools.generate", "--check").returncode == 0
    assert repository.python("-m", "tools.surfaces").returncode == 0
    assert repository.python("-m", "tools.docs").returncode == 0
    assert repository.contents() == before


def test_the_report_has_the_names_that_users_notice(moved: Moved) -> None:
    """It is short, and has the code to write in place of a removed value."""
    repository, bumped, _ = moved
    written = (repository.root / f"docs/bumps/{VERSION}.md").read_text(encoding="utf-8")
    changelog = (repository.root / "CHANGELOG.md").read_text(encoding="utf-8")

    assert len(written.splitlines()) <= 80
    assert (bumped.report["rating"], bumped.report["generated_rating"]) == ("major", "major")
    assert written.startswith(f"# Specification {SPEC_VERSION} → {VERSION}: major\n")
    for text in (
        f"    value == '{VALUE}'    # after",
        "`next_state`",
        "**Reworded.**",
        "Describe these places in tools/specification/words.yaml: ",
        " passed",
    ):
        assert text in written.replace("\\", "")
    assert re.search(rf"- \*\*Breaking.\*\* `\w+.{VALUE}` is gone; write `value == '{VALUE}'`.", changelog)
    assert f"- Gateway REST API {VERSION}; {SPEC_VERSION} before." in changelog


def test_moving_to_it_again_changes_nothing(moved: Moved) -> None:
    """The exit status is 3 for the same document in another form."""
    repository, _, _ = moved
    before = repository.contents()

    again = repository.bump(json.dumps(next_document(), sort_keys=True))

    assert (again.status, again.last_line, again.report["rating"]) == (3, "none", "none")
    assert repository.contents() == before


def test_a_second_bump_is_compared_with_the_last_release(moved: Moved) -> None:
    """The changelog and the report have the changes of both bumps, and the version rises once."""
    repository, first, _ = moved
    repository.commit()
    document = next_document()
    document["info"]["version"] = "99.0.0"
    properties(document)["another"] = {"type": "string"}
    del properties(document)["nextFlag"]

    second = repository.bump(yaml.safe_dump(document, sort_keys=False))

    assert (second.status, second.last_line) == (0, "major")
    assert second.report["version"] == first.report["version"]
    assert second.report["specification"] == [SPEC_VERSION, "99.0.0"]
    changelog = (repository.root / "CHANGELOG.md").read_text(encoding="utf-8")
    section = re.findall(r"(?ms)^### Specification\n(.*?)^### ", changelog)[0]
    assert f".{VALUE}` is gone" in section
    assert "`another`" in section
    assert "next_flag" not in section
