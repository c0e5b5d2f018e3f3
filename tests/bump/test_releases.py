"""The table of simulated bumps as releases: rated by the larger of the wire and the Python names."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.bump.simulated import SIMULATED, VERSION
from tests.shared.documents import Content, changed, published
from tests.specification.trees import names_alone
from tools import generate
from tools.bump.changes import wire_changes
from tools.bump.documents import document_at
from tools.bump.ratings import Rating
from tools.bump.references import problems_of
from tools.surface_changes import compare_surfaces
from tools.surfaces import surface

pytestmark = pytest.mark.bump


def surface_of(content: Content, folder: Path) -> Mapping[str, str]:
    """Return the names of both packages, generated from a document; their layout does not matter."""
    path = folder / "document.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    assert list(problems_of(document_at(path))) == []
    tree = folder / "tree"
    shutil.copytree(generate.ROOT / "wrapper", tree / "wrapper", ignore=shutil.ignore_patterns("__pycache__"))
    generate.generate(path, generate.CONFIG, tree, names_alone())
    return surface([tree / "wrapper", tree / "generated"])


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The names as they are now."""
    return surface_of(published(), tmp_path_factory.mktemp("before"))


@pytest.mark.parametrize("name", SIMULATED)
def test_a_release_is_rated_by_what_breaks_its_users(name: str, before: Mapping[str, str], tmp_path: Path) -> None:
    """The larger rating of wire and Python counts."""
    simulated = SIMULATED[name]
    content = changed(simulated.change, VERSION)

    found: list[Any] = [*wire_changes(published(), content)]
    try:
        found += compare_surfaces(before, surface_of(content, tmp_path))
    except generate.GenerationFailed as refusal:  # It removes something that the wrapper uses.
        assert "words.yaml" in str(refusal) or "no list operation" in str(refusal)

    # A version is a change of words, even alone.
    assert max([change.rating for change in found], default=Rating.PATCH) == simulated.release
