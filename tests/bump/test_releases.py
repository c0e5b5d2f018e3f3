"""The table of simulated bumps as releases: rated by the larger of the wire and the Python names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openapi_python_client
import pytest
import yaml
from openapi_python_client.config import Config, ConfigFile, MetaType

from tests.bump.simulated import MAJOR, SIMULATED, Content, changed, published
from tools import generate
from tools.bump.changes import wire_changes
from tools.bump.class_names import adjusted_config
from tools.bump.documents import document_at
from tools.bump.ratings import Rating
from tools.bump.references import problems_of
from tools.surface_changes import compared
from tools.surfaces import surface

pytestmark = pytest.mark.bump

WRAPPER = generate.ROOT / "wrapper"


def surface_of(content: Content, folder: Path) -> Mapping[str, str]:
    """Return the names of both packages, generated from a document; their layout does not matter."""
    path, config = folder / "document.yaml", folder / "config.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    document = document_at(path)
    assert list(problems_of(document)) == []
    names = generate.own_class_names(path, ConfigFile.load_from_path(generate.CONFIG))
    config.write_text(adjusted_config(generate.CONFIG.read_text(encoding="utf-8"), document, names), encoding="utf-8")
    settings = ConfigFile.load_from_path(config).model_copy(update={"post_hooks": []})
    package = folder / "generated" / generate.PACKAGE.name
    package.parent.mkdir()
    warnings = openapi_python_client.generate(
        config=Config.from_sources(settings, MetaType.NONE, path, "utf-8", False, output_path=package)
    )
    assert list(warnings) == []
    return surface([WRAPPER, package.parent])


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The names as they are now."""
    return surface_of(published(), tmp_path_factory.mktemp("before"))


@pytest.mark.parametrize("name", SIMULATED)
def test_a_release_is_rated_by_what_breaks_its_users(name: str, before: Mapping[str, str], tmp_path: Path) -> None:
    """Some changes are small on the wire and large in Python, as a documented 404 is; the larger counts."""
    simulated = SIMULATED[name]
    content = changed(simulated.change)

    found: list[Any] = [*wire_changes(published(), content), *compared(before, surface_of(content, tmp_path))]

    # A version is a change of words, even alone.
    assert max([change.rating for change in found], default=Rating.PATCH) == simulated.release


def test_the_table_has_cases_where_each_side_decides() -> None:
    """Neither comparison would do by itself."""
    assert any(each.wire < each.release for each in SIMULATED.values())
    assert sum(each.release is MAJOR for each in SIMULATED.values()) >= 30
