"""Refused bumps from end to end, in copies of the repository."""

import re
import signal
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.bump.next_version import next_text, page_of
from tests.bump.repository import Repository, copy_of_repository
from tests.bump.simulated import VERSION, Change
from tests.shared.documents import Content, amend, operation, parameter, properties, schemas
from tests.specification.trees import Tree

pytestmark = pytest.mark.bump


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A copy that no test changes."""
    return copy_of_repository(tmp_path_factory.mktemp("unchanged"))


def text_of(change: Change, version: str = VERSION) -> str:
    """Return a changed document as text."""
    return yaml.safe_dump(amend(change, version), sort_keys=False)


def ping_alone(document: Content) -> None:
    """Replace the only operation, as if another page had been saved."""
    document["paths"] = {"/ping": {"get": {"operationId": "ping", "responses": {"204": {"description": "Here."}}}}}
    document["components"] = {"securitySchemes": document["components"]["securitySchemes"]}


REFUSED: dict[str, tuple[str, str]] = {
    "an older version": (text_of(lambda d: None, "0.0.1"), "is older than ours"),
    "a version without numbers": (text_of(lambda d: None, "next"), "cannot be compared"),
    "no list of models": (text_of(ping_alone), "is it the page of List Models?"),
    "a parameter that is gone": (
        text_of(lambda d: operation(d)["parameters"].remove(parameter(d, "readMask"))),
        "remove it from client.models.list and from words.yaml (wrapper/fireworks_gateway/_client.py:",
    ),
    "two documents": (page_of(next_text()) * 2, "has 2 fences"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_document_changes_nothing(name: str, repository: Repository) -> None:
    """One line gives the place and the reason."""
    text, reason = REFUSED[name]
    before = repository.contents()

    bumped = repository.bump(text)

    assert (bumped.status, bumped.report["rating"]) == (1, "refused")
    assert bumped.last_line.startswith("refused: ")
    assert reason in bumped.last_line
    assert bumped.printed.count("\n") == 1
    assert repository.contents() == before


def test_an_interrupt_changes_nothing(repository: Repository, tmp_path: Path) -> None:
    """Ctrl-C is reported as a refusal, and leaves no folder behind."""
    before = repository.contents()
    environment = {**repository.environment(), "TMPDIR": str(tmp_path)}
    command = repository.command(next_text())
    process = subprocess.Popen(command, cwd=repository.root, env=environment, stdout=subprocess.PIPE, encoding="utf-8")
    while process.poll() is None and not list(tmp_path.glob("bump-*/new-generated")):
        pass
    process.send_signal(signal.SIGINT)
    printed, _ = process.communicate()

    assert (process.returncode, printed) == (1, "refused: interrupted\n")
    assert list(tmp_path.iterdir()) == []
    assert repository.contents() == before


def test_a_use_of_something_that_disappeared_is_named(tmp_path: Path) -> None:
    """File, line and field; with `--keep` the new tree is left for the maintainer to finish."""
    repository = copy_of_repository(tmp_path)
    before, text = repository.contents(), text_of(lambda d: properties(d).pop("deprecationDate"))

    refused = repository.bump(text)

    assert refused.status == 1
    assert re.search(
        r"^refused: hand-written code does not fit the document: [\w/]+\.py:\d+: .*deprecation_date", refused.last_line
    )
    assert repository.contents() == before
    kept = repository.bump(text, "--keep")
    assert (kept.status, kept.last_line) == (0, "major")
    assert "deprecation_date" not in repository.contents()["wrapper/fireworks_gateway/specification.py"].decode()


QUOTES = ['a"b', "a'b", "a\\", '"""', "'''", 'a"]; import os; x["', "a{b}", "{{7*7}}", "${x}", "%s"]
SMUGGLED = '''"""\nimport os\nos.system("touch planted")\n""" ' + ${x} {{ y }} {z} \\" \\' \\\\ \\N{BULLET} \\'''


def smuggle(document: Content) -> None:
    """Put code and quotes into every text and every name."""
    texts = {"description": SMUGGLED, "title": SMUGGLED, "summary": SMUGGLED}
    document["info"].update(texts, version=f"9.9.9{SMUGGLED}")
    operation(document).update(summary=SMUGGLED, description=SMUGGLED)
    ok = {"200": {"description": SMUGGLED}}
    for number, name in enumerate(QUOTES):
        properties(document)[f"{name}{number}"] = {"type": "string", "example": SMUGGLED, "default": SMUGGLED, **texts}
        schemas(document)["ModelKind"]["enum"].append(f"{name}v{number}")
        given = {"name": f"{name}p{number}", "in": "query", "schema": {"type": "string", "default": SMUGGLED}}
        operation(document)["parameters"].append({**given, "description": SMUGGLED})
        added = {"operationId": f"get{name}{number}", "tags": [f"tag{name}"], "summary": SMUGGLED, "responses": ok}
        document["paths"][f"/v1/b{name}{number}"] = {"get": added}


def test_code_in_a_document_does_not_run(tmp_path: Path) -> None:
    """Texts and names may have quotes, backslashes and templates; both packages can be imported."""
    tree = Tree(tmp_path, amend(smuggle))
    program = "import pkgutil; [__import__(m.name) for m in pkgutil.walk_packages({!r}) if '__main__' not in m.name]"

    imported = tree.python("-c", program.format([str(tree.root / part) for part in ("generated", "wrapper")]))

    assert (imported.returncode, imported.stderr) == (0, "")
    assert not list(tmp_path.rglob("planted"))
