"""Bumps from end to end, in copies of the repository."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.bump.next_version import next_text, page_of
from tests.bump.repository import ROOT, Repository, copy_of_repository
from tests.bump.simulated import VERSION, Change
from tests.shared.documents import PATH, Content, changed, operation, parameter, properties, schemas

pytestmark = pytest.mark.bump

npm = pytest.mark.skipif(not (ROOT / "node_modules/.bin/redocly").exists(), reason="npm's programs are not installed")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A copy that no test changes."""
    return copy_of_repository(tmp_path_factory.mktemp("unchanged"))


def text_of(change: Change, version: str = VERSION) -> str:
    """Return a changed document as text."""
    return yaml.safe_dump(changed(change, version), sort_keys=False)


def add_names(document: Content) -> None:
    """Add properties whose names are no identifiers."""
    for name in ("@type", "2fast", "class", "with-dash", "with space", "id", "éclair", "filter"):
        properties(document)[name] = {"type": "string"}


@npm
@pytest.mark.parametrize(
    ("change", "rating"),
    [
        (lambda d: d["info"].update(title="Other"), "patch"),
        (lambda d: schemas(d)["ModelKind"]["enum"].append("ROUTER"), "minor"),
        (lambda d: parameter(d, "pageSize").update(description="How many."), "patch"),
        (lambda d: d["components"].pop("securitySchemes"), "major"),
        (lambda d: operation(d).update(tags=["ModelService"]), "major"),
        (add_names, "minor"),
    ],
    ids=["words", "enum value", "a parameter's words", "security", "tag", "names"],
)
def test_a_report_rates_and_changes_nothing(change: Change, rating: str, repository: Repository) -> None:
    """Ratings of other programs are overruled where they do not apply to this package."""
    before = repository.contents()

    bumped = repository.bump(text_of(change), "--report")

    assert (bumped.status, bumped.last_line, bumped.report["rating"]) == (0, rating, rating)
    assert bumped.report["missing"] == []
    assert repository.contents() == before


def test_without_npm_the_rating_is_major(tmp_path: Path) -> None:
    """The report names the three missing comparisons."""
    repository = copy_of_repository(tmp_path, with_npm=False)

    bumped = repository.bump(text_of(lambda d: d["info"].update(title="Other")), "--report")

    assert (bumped.status, bumped.last_line) == (0, "major")
    missing = [each.partition(" is missing")[0] for each in bumped.report["missing"]]
    assert missing == ["redocly lint", "redocly diff", "oasdiff"]


def ping_alone(document: Content) -> None:
    """Replace the only operation, as if another page had been saved."""
    document["paths"] = {"/ping": {"get": {"operationId": "ping", "responses": {"204": {"description": "Here."}}}}}
    document["components"] = {"securitySchemes": document["components"]["securitySchemes"]}


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "a dangling reference": (
        text_of(lambda d: properties(d)["state"].update({"$ref": "#/components/schemas/gone"})),
        "which the document lacks",
    ),
    "an unknown type": (text_of(lambda d: properties(d)["public"].update(type="truth")), "is not valid"),
    "an older version": (text_of(lambda d: None, "4.21.6"), "is older than ours"),
    "our version with other content": (text_of(lambda d: d["info"].update(title="x"), ""), "under the same version"),
    "a version without numbers": (text_of(lambda d: None, "next"), "cannot be compared"),
    "two operations of one name": (
        text_of(
            lambda d: d["paths"].update({"/v1/b": {"get": {"operationId": "Gateway_listModels", "responses": {}}}})
        ),
        "",
    ),
    "a path parameter that is nowhere": (text_of(lambda d: d["paths"].update({"/v1/{b}": d["paths"].pop(PATH)})), ""),
    "an enum of several types": (text_of(lambda d: schemas(d)["ModelKind"]["enum"].append(7)), ""),
    "no list of models": (text_of(ping_alone), "the document has no list operation"),
    "no document": ("x", ""),
    "two documents": (page_of(next_text()) * 2, ""),
    "not UTF-8": (b"\xff\xfe", ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_document_changes_nothing(name: str, repository: Repository) -> None:
    """One line gives the reason."""
    text, reason = REFUSED[name]
    before = repository.contents()

    bumped = repository.bump(text)

    assert (bumped.status, bumped.report["rating"]) == (1, "refused")
    assert bumped.last_line.startswith("refused: ")
    assert reason in bumped.last_line
    assert bumped.printed.count("\n") == 1
    assert repository.contents() == before


def test_an_older_version_can_be_forced(repository: Repository) -> None:
    """`--force` accepts it."""
    assert repository.bump(text_of(lambda d: None, "4.21.6"), "--report", "--force").status == 0


SMUGGLED = '''"""\nimport os\nos.system("touch planted")\n""" ' + ${x} {{ y }} {z} \\" \\' \\\\ \\N{BULLET} \\'''


def test_code_in_descriptions_does_not_run(tmp_path: Path) -> None:
    """Descriptions may have quotes, backslashes and templates; the package can be imported."""
    repository = copy_of_repository(tmp_path)

    def smuggle(document: Content) -> None:
        properties(document)["odd"] = {"type": "string", "description": SMUGGLED, "example": SMUGGLED}
        properties(document)["status"]["description"] = SMUGGLED
        schemas(document)["gatewayPEFTDetails"]["description"] = SMUGGLED
        operation(document).update(summary=SMUGGLED, description=SMUGGLED)
        parameter(document, "filter").update(description=SMUGGLED)

    bumped = repository.bump(text_of(smuggle))

    assert bumped.status == 0
    assert repository.python("-c", "import fireworks_gateway_openapi.models").stderr == ""
    assert not list(repository.root.rglob("planted"))
    assert repository.python("-c", "import fireworks_gateway.specification").stderr == ""


@pytest.mark.parametrize("stage", ["new/openapi", "new/generated", "tried/wrapper"])
def test_an_interrupt_changes_nothing(stage: str, repository: Repository) -> None:
    """Ctrl-C before the last stage is reported as a refusal."""
    before = repository.contents()
    process = subprocess.Popen(
        repository.command(next_text()),
        cwd=repository.root,
        env=repository.environment(),
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    while not (repository.root / ".bumping" / stage).exists() and process.poll() is None:
        pass
    process.send_signal(signal.SIGINT)
    printed, _ = process.communicate()

    assert (process.returncode, printed) == (1, "refused: interrupted\n")
    assert repository.contents() == before
