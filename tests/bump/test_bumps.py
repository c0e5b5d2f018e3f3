"""Bumps from end to end, in copies of the repository."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.bump.next_version import next_text, page_of
from tests.bump.repository import ROOT, Repository, copy_of_repository
from tests.bump.simulated import Content, changed, operation, parameter, properties, published, schemas

pytestmark = pytest.mark.bump

npm = pytest.mark.skipif(not (ROOT / "node_modules/.bin/redocly").exists(), reason="npm's programs are not installed")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A copy that no test changes."""
    return copy_of_repository(tmp_path_factory.mktemp("unchanged"))


@npm
def test_a_report_changes_nothing(repository: Repository) -> None:
    """`--report` makes every comparison and changes no file."""
    before = repository.contents()

    bumped = repository.bump(
        yaml.safe_dump(changed(lambda d: properties(d).update(x={"type": "boolean"}))), "--report", name="a.yaml"
    )

    assert (bumped.status, bumped.last_line, bumped.report["missing"]) == (0, "minor", [])
    assert repository.contents() == before


def test_without_npm_the_rating_is_major(tmp_path: Path) -> None:
    """The report names the three missing comparisons."""
    repository = copy_of_repository(tmp_path, with_npm=False)

    bumped = repository.bump(yaml.safe_dump(changed(lambda d: d["info"].update(title="Other"))), "--report")

    assert (bumped.status, bumped.last_line) == (0, "major")
    assert [each.partition(" is missing")[0] for each in bumped.report["missing"]] == [
        "redocly lint",
        "redocly diff",
        "oasdiff",
    ]


REFUSED: dict[str, tuple[Callable[[Content], Any], str]] = {
    "a dangling reference": (
        lambda d: properties(d)["state"].update({"$ref": "#/components/schemas/gone"}),
        "which the document lacks",
    ),
    "two schemas with one title": (
        lambda d: schemas(d)["gatewayTEFTDetails"].update(title="PEFT addon details."),
        "would become one class",
    ),
    "an unknown type": (lambda d: properties(d)["public"].update(type="truth"), "is not valid"),
    "values equal but for case": (lambda d: schemas(d)["ModelKind"]["enum"].append("fire_agent"), "one name in Python"),
    "an older version": (lambda d: d["info"].update(version="4.21.6"), "is older than ours"),
    "the same version with other content": (
        lambda d: d["info"].update(version="4.259.0", title="x"),
        "under the same version",
    ),
    "a version without numbers": (lambda d: d["info"].update(version="next"), "cannot be compared"),
    "two operations of one name": (
        lambda d: d["paths"].update(
            {"/v1/b": {"get": {"tags": ["Gateway"], "operationId": "Gateway_listModels", "responses": {}}}}
        ),
        "",
    ),
    "a path parameter that is nowhere": (lambda d: d["paths"].update({"/v1/{b}": d["paths"].popitem()[1]}), ""),
    "an enum of several types": (lambda d: schemas(d)["ModelKind"]["enum"].append(7), ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_document_changes_nothing(name: str, repository: Repository) -> None:
    """One line gives the reason."""
    change, why = REFUSED[name]
    before = repository.contents()

    bumped = repository.bump(yaml.safe_dump(changed(change), sort_keys=False))

    assert (bumped.status, bumped.report["rating"]) == (1, "refused")
    assert bumped.last_line.startswith("refused: ")
    assert why in bumped.last_line
    assert bumped.printed.count("\n") == 1
    assert repository.contents() == before


@pytest.mark.parametrize("text", ["", "x", next_text() + "info: {}\n", page_of(next_text()) * 2, b"\xff\xfe"])
def test_an_unreadable_document_changes_nothing(text: str | bytes, repository: Repository) -> None:
    """The refusal is one line."""
    before = repository.contents()

    bumped = repository.bump(text)

    assert (bumped.status, bumped.last_line[:9]) == (1, "refused: ")
    assert repository.contents() == before


def test_an_older_version_can_be_forced(repository: Repository) -> None:
    """`--force` accepts it."""
    document = changed(lambda d: None, "4.21.6")

    assert repository.bump(yaml.safe_dump(document), "--report", "--force").status == 0


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

    bumped = repository.bump(yaml.safe_dump(changed(smuggle)))

    assert bumped.status == 0
    assert repository.python("-c", "import fireworks_gateway_openapi.models").stderr == ""
    assert not list(repository.root.rglob("planted"))
    assert repository.python("-c", "import fireworks_gateway.specification").stderr == ""


@npm
def test_names_that_are_no_identifiers_are_bumped_to(repository: Repository) -> None:
    """The generator makes identifiers of them; the rating is minor."""

    def change(document: Content) -> None:
        for name in ("@type", "2fast", "class", "with-dash", "with space", "id", "éclair", "filter"):
            properties(document)[name] = {"type": "string"}

    assert repository.bump(yaml.safe_dump(changed(change)), "--report").report["rating"] == "minor"


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


@npm
@pytest.mark.parametrize(
    ("change", "rating"),
    [
        (lambda d: d["info"].update(title="Other"), "patch"),
        (lambda d: schemas(d)["ModelKind"]["enum"].append("ROUTER"), "minor"),
        (lambda d: parameter(d, "pageSize").update(description="How many."), "patch"),
        (lambda d: d["components"].pop("securitySchemes"), "major"),
        (lambda d: operation(d).update(tags=["ModelService"]), "major"),
    ],
    ids=["words", "enum value", "a parameter's words", "security", "tag"],
)
def test_other_programs_do_not_change_the_rating(change: Any, rating: str, repository: Repository) -> None:
    """Their ratings are overruled where they do not apply to this package."""
    assert repository.bump(yaml.safe_dump(changed(change)), "--report").report["rating"] == rating


def test_a_document_without_list_models_is_refused(repository: Repository) -> None:
    """It is the wrong page."""
    document = published("9.0.0")
    document["paths"] = {"/ping": {"get": {"operationId": "ping", "responses": {"204": {"description": "Here."}}}}}
    document["components"] = {"securitySchemes": document["components"]["securitySchemes"]}

    assert repository.bump(yaml.safe_dump(document), "--report").last_line.startswith(
        "refused: the document has no list operation"
    )
