"""A bump to the next version of the document, from end to end in a copy of the repository."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.bump.next_version import VERSION, next_document, next_text, page_of
from tests.bump.repository import Repository, copy_of_repository

pytestmark = pytest.mark.bump


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Repository, Any, dict[str, bytes]]:
    """A copy after the bump to the next version, the result, and the files before."""
    repository = copy_of_repository(tmp_path_factory.mktemp("moved"))
    before = repository.contents()
    return repository, repository.bump(page_of(next_text())), before


def test_the_next_version_is_put_in_place_whole(moved: Any) -> None:
    """All files of the bump change, and no other file."""
    repository, bumped, before = moved

    assert (bumped.status, bumped.last_line) == (0, "major")
    after = repository.contents()
    assert after["openapi/gateway.yaml"] == next_text().encode()
    assert f"| `info.version` | {VERSION} |".encode() in after["openapi/SOURCE.md"]
    assert f'SPEC_VERSION = "{VERSION}"'.encode() in after["wrapper/fireworks_gateway/_openapi.py"]
    assert b'__version__ = "0.2.0"' in after["wrapper/fireworks_gateway/_version.py"]
    assert f"- Gateway REST API {VERSION}; 4.259.0 before.".encode() in after["CHANGELOG.md"]
    assert b"ModelKind.FIRE_AGENT`. **Breaking.**" in after["CHANGELOG.md"]
    assert {name for name in before if before[name] != after.get(name)} <= {
        *(name for name in before if name.startswith("generated/")),
        *(
            "openapi/gateway.yaml",
            "openapi/SOURCE.md",
            "generator-config.yaml",
            "docs/api.txt",
            "CHANGELOG.md",
            "docs/guides/catalogue.md",
        ),
        *(f"wrapper/fireworks_gateway/{name}.py" for name in ("_openapi", "specification", "_version")),
    }


def test_the_other_programs_find_nothing_to_do(moved: Any) -> None:
    """`make check-generated` and `make api` find nothing to do, and the titled schema has the class of its key."""
    repository, _, _ = moved

    for module in ("tools.generate", "tools.surfaces"):
        run = repository.python("-m", module, "--check")
        assert run.returncode == 0, run.stdout + run.stderr
    assert (repository.root / "generated/fireworks_gateway_openapi/models/type_money.py").exists()
    imported = repository.python("-c", "import fireworks_gateway as f; print(f.SPEC_VERSION, f.__version__)")
    assert imported.stdout.split() == [VERSION, "0.2.0"]


def test_the_report_has_the_changes_of_public_names(moved: Any) -> None:
    """It lists changes on the wire and in Python, and that the wrapper fits."""
    repository, bumped, _ = moved
    report = bumped.report

    assert (report["rating"], report["version"]) == ("major", "0.2.0")
    assert {(each["kind"], each["where"]) for each in report["wire"]} >= {
        ("value removed", "ModelKind"),
        ("property added", "gatewayModel.useTrainingV2"),
        ("schema added", "gatewaySkuInfo"),
        ("words changed", "tags"),
    }
    assert any(each["name"].endswith("ModelKind.FIRE_AGENT") for each in report["python"])
    names = {each["name"] for each in report["python"]}
    assert {"fireworks_gateway.Model.use_training_v2", "fireworks_gateway.specification.SkuInfo"} <= names
    assert report["wrapper"]["misfits"] == []
    written = (repository.root / "build/bump-report.md").read_text(encoding="utf-8")
    assert written.startswith(f"# Specification 4.259.0 → {VERSION}: major\n")
    assert "The wrapper needs no change by hand." in written


def test_moving_to_it_again_changes_nothing(moved: Any) -> None:
    """The exit status is 3 for the same document in another form."""
    repository, _, _ = moved
    before = repository.contents()

    again = repository.bump(json.dumps(next_document(), sort_keys=True))

    assert (again.status, again.last_line, again.report["rating"]) == (3, "none", "none")
    assert repository.contents() == before
