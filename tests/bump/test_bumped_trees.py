"""The wrapper's tests pass in the tree that a bump to another document leaves."""

from pathlib import Path

import pytest
import yaml

from tests.bump.repository import Repository, copy_of_repository
from tests.shared.documents import Content, amend, operation, schemas
from tests.specification.hostile import hostile_document
from tests.specification.trees import DOCUMENTS, with_list_operation

pytestmark = pytest.mark.bump

VERSION = "99.0.0"
REST = tuple(f"tests/{part}" for part in ("catalogue", "filters", "http", "testing", "tools"))
"""The wrapper's tests that a bump does not run."""


def renamed() -> Content:
    """Return the document with another name of the operation, and another tag."""
    return amend(lambda d: operation(d).update(operationId="ModelService_ListAll", tags=["ModelService"]), VERSION)


def second_listing() -> Content:
    """Return the document with a second list operation, of a message of its own."""
    gadget = {"type": "object", "properties": {"name": {"type": "string"}, "weight": {"type": "integer"}}}
    document = amend(lambda d: schemas(d).update(gatewayGadget=gadget), VERSION)
    return with_list_operation(document, "gadgets", {"$ref": "#/components/schemas/gatewayGadget"})


def hostile() -> Content:
    """Return the document with schemas that a careless writer would get wrong."""
    document = hostile_document()
    document["info"]["version"] = VERSION
    return document


def bumped(folder: Path, text: str) -> Repository:
    """Return a repository after a bump, which has run the fast tests."""
    repository = copy_of_repository(folder)
    bump = repository.bump(text, "--force")  # The whole document has the version of ours.
    assert bump.status == 0, bump.printed
    return repository


def as_text(document: Content) -> str:
    """Return a document as text."""
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)


OURS = {"renamed": renamed, "second": second_listing, "hostile": hostile}
THEIRS = ("list-models-5.10.0.md", "gateway-4.259.0-whole.yaml")


@pytest.mark.parametrize("name", ["renamed", "hostile"])
def test_a_bump_ends_with_the_fast_tests(name: str, tmp_path: Path) -> None:
    """Continuous integration runs these two: with other names, and with schemas of every form."""
    bumped(tmp_path, as_text(OURS[name]()))


@pytest.mark.parametrize(
    "name",
    [
        *OURS,
        *(
            pytest.param(each, marks=pytest.mark.skipif(not (DOCUMENTS / each).exists(), reason=f"no {each}"))
            for each in THEIRS
        ),
    ],
)
def test_the_wrappers_tests_pass_after_a_bump(name: str, tmp_path: Path) -> None:
    """No test depends on a field, value or count of the document that it was written with."""
    text = as_text(OURS[name]()) if name in OURS else (DOCUMENTS / name).read_text(encoding="utf-8")
    run = bumped(tmp_path, text).python("-P", "-m", "pytest", "-q", "-n2", "-p", "no:cacheprovider", *REST)
    assert run.returncode == 0, run.stdout[-6000:]
