"""`make generate` reports every difference, and refuses documents that cannot become code."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from attrs import evolve

from tests.shared.documents import PATH, Content, operation, parameter, properties, published_document, schemas
from tests.specification.trees import modules_of, names_alone, reference, small
from tools import generate
from tools.specification.modules import Modules
from tools.specification.overrides import config_with, overrides_for
from tools.specification.parsing import Refused, parse
from tools.specification.texts import Words, read_words, remove_descriptions

CONFIG = generate.CONFIG.read_text(encoding="utf-8")


FILES = {"a.py": "one\ntwo\n", "b.yaml": ""}


@pytest.mark.parametrize(
    ("found", "report"),
    [
        ({**FILES, "a.py": "one\n2\n"}, ["differs: a.py", "    -two", "    +2"]),
        ({**FILES, "a.py": "one\r\ntwo\r\n"}, ["differs: a.py", "    -one", "    +one\r"]),
        ({"a.py": FILES["a.py"]}, ["missing: b.yaml"]),
        ({**FILES, "c.py": "three"}, ["extra: c.py", "    +three"]),
    ],
)
def test_a_file_that_differs_is_reported(found: dict[str, str], report: list[str]) -> None:
    """The report names the file and shows the first lines that changed."""
    [difference] = generate.differences(FILES, found)
    assert {*report} <= {*difference.split("\n")}
    assert generate.differences(FILES, dict(FILES)) == []


def test_fresh_files_replace_the_old_ones_whole(tmp_path: Path) -> None:
    """The module of a removed schema is removed; compiled files are no generated ones."""
    expected = generate.contents(generate.ROOT)
    assert expected.keys() > {*generate.FILES, f"{generate.PACKAGE}/models/__init__.py"}
    for root, files in {"fresh": expected, "old": {**expected, f"{generate.PACKAGE}/models/stale.py": ""}}.items():
        for name, content in files.items():
            (tmp_path / root / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / root / name).write_text(content if root == "fresh" else "", encoding="utf-8")

    generate.put_in_place(tmp_path / "fresh", tmp_path / "old")

    (tmp_path / "old" / generate.PACKAGE / "__pycache__").mkdir()
    (tmp_path / "old" / generate.PACKAGE / "__pycache__" / "types.cpython-311.pyc").touch()
    assert generate.contents(tmp_path / "old") == expected


@pytest.mark.parametrize(
    ("settings", "refusal"),
    [
        ({"class_override": {}}, "class_override: Extra inputs are not permitted"),
        ({"class_overrides": {"A": {"class_name": "B", "module": "b"}}}, r"class_overrides\.A\.module"),
    ],
)
def test_a_setting_the_generator_does_not_know_is_refused(settings: Any, refusal: str, tmp_path: Path) -> None:
    """The generator would ignore a misspelt setting."""
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump({**generate.read_yaml(generate.CONFIG), **settings}), encoding="utf-8")
    with pytest.raises(Refused, match=refusal):
        generate.generate(generate.SPECIFICATION, path, tmp_path / "out")


def test_a_tool_in_another_version_is_refused() -> None:
    """The output depends on the tools, so the requirements pin their versions, which this environment has."""
    requirements = generate.REQUIREMENTS.read_text(encoding="utf-8")
    generate.check_versions(requirements)
    with pytest.raises(Refused, match=r"ruff is installed as [\d.]+, but dev.txt pins 0.0.1"):
        generate.check_versions(re.sub(r"(?m)^ruff==\S+", "ruff==0.0.1", requirements))


def test_generating_without_ruff_is_refused(tmp_path: Path) -> None:
    """The generator would skip hooks that it cannot run."""
    with pytest.raises(Refused, match="there is no ruff in"):
        generate.environment(str(tmp_path))


# Documents, read without running the generator.
Change = Callable[[Content], Any]


def rename_account(document: Content) -> None:
    """Rename the parameter in the path."""
    parameter(document, "account_id")["name"] = "parent"
    document["paths"]["/v1/accounts/{parent}/models"] = document["paths"].pop(PATH)


HARMLESS: dict[str, Change] = {
    "a renamed operation": lambda d: operation(d).update(operationId="Models_ListAll"),
    "a renamed tag": lambda d: operation(d).update(tags=["ModelService"]),
    "a renamed account": rename_account,
    "a reworded title": lambda d: schemas(d)["gatewayStatus"].update(title="The status of an operation."),
    "a title that is gone": lambda d: schemas(d)["gatewayCode"].pop("title"),
}


def small_with(change: Change) -> Content:
    """Return a small document with a change."""
    document = small()
    change(document)
    return document


@pytest.fixture(scope="module")
def before() -> Modules:
    """The modules of a small document."""
    return modules_of(small())


@pytest.mark.parametrize("what", HARMLESS)
def test_hand_written_code_keeps_its_names(what: str, before: Modules) -> None:
    """A renamed operation, tag or path parameter and a reworded title change no name of the wrapper."""
    after = modules_of(small_with(HARMLESS[what]))

    differences = set(after.specification.splitlines()) ^ set(before.specification.splitlines())
    assert {line for line in differences if not line.strip().startswith(("path=", '"account_id":', '"""'))} == set()
    assert after.openapi.count("def list_models_request(") == 1


def test_a_reworded_title_changes_one_key_of_the_configuration() -> None:
    """The class is still named after the schema's key, and comments stay where they are."""
    config = config_with(CONFIG, overrides_for(small()))
    adjusted = config_with(config, overrides_for(small_with(HARMLESS["a reworded title"])))

    differences = set(adjusted.splitlines()) ^ set(config.splitlines())
    assert differences == {"  StatusProto:", "  TheStatusOfAnOperation:"}
    assert config_with(adjusted, overrides_for(published_document())) == CONFIG
    assert config_with("post_hooks: []\n", {"A": "B"}).endswith("\nclass_overrides:\n  A:\n    class_name: B\n")


def add_schema(key: str, **schema: Any) -> Change:
    """Return a change that adds an object."""
    return lambda d: schemas(d).update({key: {"type": "object", **schema}})


def add_path(path: str, **parts: Any) -> Change:
    """Return a change that adds a listing under another path."""
    return lambda d: d["paths"].update({path: {"get": {**operation(d), **parts}}})


TEXT = {"type": "string"}
IN_PATH = {"name": "a", "in": "path", "required": True, "schema": TEXT}
VIEW = {"name": "view", "in": "query", "required": True, "schema": TEXT}

REFUSED: dict[str, tuple[Change, str]] = {
    "another page": (
        lambda d: d["paths"].update({"/v1/things": d["paths"].pop(PATH)}),
        "has no list operation GET /v1/accounts/{account_id}/models",
    ),
    "a new required parameter": (lambda d: operation(d)["parameters"].append(VIEW), "models requires view"),
    "a parameter that is gone": (
        lambda d: operation(d)["parameters"].remove(parameter(d, "orderBy")),
        "models has no order_by",
    ),
    "two paths that differ in the name of a parameter": (
        add_path("/v1/accounts/{a}/models", operationId="Other", parameters=[IN_PATH]),
        "have the same path",
    ),
    "an enum value that the generator changes": (
        lambda d: schemas(d)["ModelKind"]["enum"].append("NEW\nLINE"),
        "ModelKind has the value 'NEW\\nLINE'",
    ),
    "an enum that is gone": (
        lambda d: properties(d).pop("state"),
        "has a GatewayModelState, which the wrapper uses",
    ),
    "two schemas of one title": (add_schema("gatewayOther", title="Status proto."), "schemas/gatewayOther: "),
    "two keys that differ in case": (
        add_schema("GatewayModel", properties={"a": TEXT}),
        "schemas/GatewayModel: ",
    ),
    "two properties of one attribute": (
        lambda d: properties(d).update({"@name": TEXT}),
        "schema /components/schemas/gatewayModel: Properties its value and its value have the same python_name",
    ),
    "a property and ours with an underscore": (
        lambda d: properties(d).update({"payload": TEXT, "payload_": TEXT}),
        "GatewayModel has the properties payload and payload_",
    ),
    "a reference to nothing": (lambda d: properties(d).update(gone={"$ref": "#/components/schemas/gone"}), "gone"),
    "a schema that is itself": (lambda d: schemas(d).update(a=reference("a")), "#/components/schemas/a"),
    "a list of itself": (
        lambda d: schemas(d).update(a={"type": "array", "items": reference("a")}),
        "/components/schemas/a",
    ),
    "an enum of several types": (lambda d: schemas(d)["ModelKind"]["enum"].append(7), "ModelKind"),
    "two operations of one name": (add_path("/v1/models", parameters=[]), "have the same operationId"),
    "a parameter that its path lacks": (
        lambda d: operation(d)["parameters"].append({**IN_PATH, "name": "b"}),
        "skipped GET /v1/accounts/{account_id}/models: Incorrect path templating",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_document_that_cannot_become_code_is_refused(what: str) -> None:
    """One sentence names the schema or the operation, and the remedy."""
    change, expected = REFUSED[what]

    with pytest.raises(Refused) as refusal:
        modules_of(small_with(change))

    assert expected in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert " object at 0x" not in str(refusal.value)


@pytest.mark.parametrize(
    ("paths", "parameters", "expected"),
    [
        (["/v1/one", "/v1/two"], [], "skipped GET /v1/one: GET /v1/two has the same operationId"),
        (["/v1/nowhere"], [IN_PATH], "skipped GET /v1/nowhere: Incorrect path templating"),
    ],
)
def test_an_error_in_an_unused_operation_is_reported(
    paths: list[str], parameters: list[Content], expected: str, before: Modules
) -> None:
    """The rest of the document becomes the same code as without the operation."""
    document = small()
    for path in paths:
        unused = {"operationId": "Unused", "parameters": parameters, "responses": {"200": {"description": "Done."}}}
        document["paths"][path] = {"get": unused}

    [line] = parse(document, overrides_for(document), names_alone().operations).omitted
    assert line.startswith(expected)
    assert modules_of(document).specification == before.specification


def test_words_that_the_document_has_overtaken_are_reported() -> None:
    """A place that is described now, and one that is gone; a bump deletes both from the file."""
    places = ("GatewayModel.name", "GatewayModel.status", "GatewayModelState.READY", "GatewayModelState.GONE")
    words = evolve(names_alone(), descriptions=dict.fromkeys(places, "Words."))

    stale = modules_of(small(), words).descriptions.stale()

    assert stale == {
        "GatewayModel.status": "is described in the document",
        "GatewayModelState.GONE": "is not reached from a list operation of the document",
    }


def test_descriptions_are_removed_from_the_file(tmp_path: Path) -> None:
    """Only descriptions are removed, although a class may have the same name; all of them may be."""
    path = tmp_path / "words.yaml"
    text = "classes:\n  A: Name\n\ndescriptions:\n  A: Long words,\n    on two lines.\n  A.b: Others.\n"
    path.write_text(remove_descriptions(text, ["A"]), encoding="utf-8")
    assert read_words(path) == Words(classes={"A": "Name"}, descriptions={"A.b": "Others."})
    path.write_text(remove_descriptions(text, ["A", "A.b"]), encoding="utf-8")
    assert read_words(path) == Words(classes={"A": "Name"})
