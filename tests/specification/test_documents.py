"""Documents beside the repository become correct code, or are refused."""

from pathlib import Path

import pytest

from tests.specification.trees import DOCUMENTS, Tree
from tools.bump.documents import read_document
from tools.specification.parsing import Refused

ABSENT = pytest.mark.skip(reason=f"no documents at {DOCUMENTS}: set FIREWORKS_GATEWAY_DOCUMENTS")
OTHERS = sorted(path.name for path in DOCUMENTS.glob("*") if path.name != "README.md")
pytestmark = pytest.mark.bump

REASONS = {"get-model-5.10.0.md": "the document has no list operation", "hostile-schemas.yaml": "requires since"}


@pytest.mark.parametrize("name", OTHERS or [pytest.param("", marks=ABSENT)])
def test_a_document_that_is_not_ours(name: str, tmp_path: Path) -> None:
    """It becomes correct code, or is refused in one sentence."""
    text = read_document(DOCUMENTS / name).text
    if name in REASONS:
        with pytest.raises(Refused, match=REASONS[name]) as raised:
            Tree(tmp_path, text)
        assert "\n" not in str(raised.value)
        return
    tree = Tree(tmp_path, text)
    assert "LIST_MODELS" in tree.everything()["operations"]
    assert [line for line in tree.type_errors() if line.startswith("wrapper/")] == []
