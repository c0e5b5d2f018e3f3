"""A document of hostile schemas becomes correct code, which is imported, walked and read in a separate tree."""

import re

import pytest

from tests.specification.hostile import hostile_document
from tests.specification.trees import Tree

pytestmark = pytest.mark.bump


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A tree of the hostile document."""
    return Tree(tmp_path_factory.mktemp("hostile"), hostile_document())


def test_hostile_schemas_become_correct_code(hostile: Tree) -> None:
    """Keywords, builtins, names of ours, recursion, unions and null: every field reads its value and has its path."""
    found = hostile.everything()
    assert found["operations"] == ["LIST_MODELS", "LIST_THINGS", "LIST_CLASS"]
    assert found["fields"] > 1_000


def test_the_services_own_schemas_keep_their_short_names(hostile: Tree) -> None:
    """A foreign schema called Status yields to gatewayStatus, and one called like an import of the module does too."""
    names = set(
        re.findall(r"(?m)^class (\w+)\(Message, generated=.*\.models\.(\w+)\):", hostile.source("specification.py"))
    )
    assert {("Status", "GatewayStatus"), ("Status_", "Status"), ("GatewayField", "GatewayField")} <= names
    assert ("GatewayMessage", "GatewayMessage") in names


def test_an_operation_without_messages_is_reported(hostile: Tree) -> None:
    """It lists texts, which are no messages."""
    assert [line.split(",")[0] for line in hostile.outcome.remarks] == ["GET /v1/texts returns no list of messages"]


def test_hostile_schemas_have_types(hostile: Tree) -> None:
    """Mypy --strict finds nothing in the wrapper; the generator's own code has errors for some of these schemas."""
    assert [line for line in hostile.type_errors() if line.startswith("wrapper/")] == []
