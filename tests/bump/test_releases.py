"""The table of simulated bumps: each is rated for users of the wrapper, and for users of the generated package."""

import shutil
from pathlib import Path

import pytest
import yaml

from tests.bump.simulated import MAJOR, MINOR, PATCH, SIMULATED, VERSION
from tests.shared.documents import Content, amend, published_document
from tests.specification.trees import DOCUMENTS, names_alone
from tools import generate
from tools.bump.bumping import SPECIFICATION, complete_report
from tools.bump.documents import Document, read_document
from tools.bump.ratings import Rating
from tools.bump.reports import Report
from tools.bump.trial import Tree
from tools.bump.validity import check
from tools.bump.wire import OASDIFF
from tools.specification.parsing import Refused

pytestmark = pytest.mark.bump

OASDIFF_INSTALLED = pytest.mark.skipif(not (generate.ROOT / OASDIFF).exists(), reason="oasdiff is not installed")
EMPTY = Report("", ("", ""), "0.1.0")


def tree_of(content: Content, folder: Path) -> tuple[Document, Tree]:
    """Return a document, and a tree of both packages for it."""
    tree = Tree(generate.ROOT, folder / "tree")
    tree.write(SPECIFICATION, yaml.safe_dump(content, sort_keys=False))
    document = read_document(tree.root / SPECIFICATION)
    check(document)
    shutil.copytree(generate.ROOT / "wrapper", tree.root / "wrapper", ignore=shutil.ignore_patterns("__pycache__"))
    generate.generate(tree.root / SPECIFICATION, generate.CONFIG, tree.root, names_alone())
    return document, tree


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> tuple[Document, Tree]:
    """The packages as they are now."""
    return tree_of(published_document(), tmp_path_factory.mktemp("before"))


@OASDIFF_INSTALLED
@pytest.mark.parametrize("name", SIMULATED)
def test_a_release_is_rated_by_what_breaks_its_users(name: str, before: tuple[Document, Tree], tmp_path: Path) -> None:
    """Users of the wrapper have other breaks than those of the generated package."""
    simulated = SIMULATED[name]
    try:
        document, tree = tree_of(amend(simulated.change, VERSION), tmp_path)
    except Refused:
        assert simulated.public is None, "it removes nothing that hand-written code uses"
        return
    old_document, old_tree = before

    report = complete_report(EMPTY, old_document, document, old_tree, tree)

    assert report.missing == ""
    assert (report.rating, report.generated_rating) == (simulated.public, simulated.generated)


OTHERS: dict[str, tuple[Rating, Rating]] = {
    "free-form-object.yaml": (MINOR, MINOR),
    "gateway-4.259.0-whole.yaml": (MINOR, MINOR),
    "list-models-5.10.0.md": (MAJOR, MAJOR),
    "operation-id-renamed.yaml": (PATCH, MAJOR),
    "property-named-type.yaml": (MINOR, MINOR),
    "second-list-operation.json": (MINOR, MINOR),
}


@OASDIFF_INSTALLED
@pytest.mark.parametrize("name", OTHERS)
def test_a_document_of_others_is_rated(name: str, before: tuple[Document, Tree], tmp_path: Path) -> None:
    """Real documents have the ratings of a reader, and reports of a page."""
    if not (DOCUMENTS / name).exists():
        pytest.skip(f"no document at {DOCUMENTS / name}")
    document, tree = tree_of(read_document(DOCUMENTS / name).content, tmp_path)

    report = complete_report(EMPTY, before[0], document, before[1], tree)

    assert (report.missing, report.rating, report.generated_rating) == ("", *OTHERS[name])
    assert len(report.as_markdown().splitlines()) <= 80
