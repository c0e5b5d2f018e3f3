"""Documents are read in each form, or refused with one line that gives the reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.bump.next_version import next_document, next_text, page_of
from tests.bump.simulated import Change
from tests.shared.documents import changed, operation, parameter, properties, schemas
from tools import generate
from tools.bump.documents import Document, as_yaml, content_of, document_at, document_from
from tools.bump.generated_code import problems_of_code
from tools.bump.references import problems_of
from tools.bump.refusals import Refused

TEXT = "openapi: 3.1.0\ninfo:\n  title: a\n  version: 5.10.0\npaths: {/a: {}}\n"


@pytest.mark.parametrize("title", ["# null", "# List Models", ""])
@pytest.mark.parametrize("marks", ["```", "````", "~~~~"])
def test_a_page_is_known_by_its_fence(title: str, marks: str) -> None:
    """The text between the fence lines is the document, byte for byte, under any title."""
    assert document_from(page_of(TEXT, title, marks), "page.md").text == TEXT


def test_a_page_of_json_equals_a_json_document() -> None:
    """JSON is converted to YAML in the same order."""
    text = json.dumps(next_document(), indent="\t", ensure_ascii=True)
    page = page_of(f"{text}\n").replace("````yaml", "````json")

    assert document_from(text, "a.json").content == next_document()
    assert document_from(text, "a.json").text == document_from(page, "a.md").text == as_yaml(next_document())


def test_a_byte_order_mark_and_carriage_returns_are_ignored(tmp_path: Path) -> None:
    """Files of other editors give the same document."""
    text = next_text().replace("\n", "\r\n").encode("utf-8-sig")
    (tmp_path / "a.yaml").write_bytes(text)
    assert document_at(tmp_path / "a.yaml").content == next_document()


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
))  # fmt: skip
@example({"0E0": None})
@example("1e3")
def test_json_survives_conversion_to_yaml(value: Any) -> None:
    """Any JSON value survives the conversion to YAML."""
    try:
        text = as_yaml({"x": value})
        text.encode()
    except UnicodeEncodeError:
        return  # Half of a pair is no text.
    assert content_of(text, "it") == {"x": value}


@pytest.mark.parametrize(
    "text",
    ["0E0", "-1e3", "1_000", "0o17", "0x1F", "010", "1:30", "2001-01-01", ".5", ".", "+.INF", ".nan",
     "y", "N", "Yes", "no", "ON", "off", "TRUE", "False", "~", "Null", "<<", "="],
)  # fmt: skip
def test_ambiguous_text_is_quoted(text: str) -> None:
    """Numbers, dates and words of either version of YAML are quoted, as keys and as values; other words are not."""
    assert as_yaml({text: text}) == f"'{text}': '{text}'\n"
    assert as_yaml({"none of it": "yesterday"}) == "none of it: yesterday\n"


UNREADABLE = {
    "empty": ("", "it is empty"),
    "blank": (" \n\n", "it is empty"),
    "an empty fence": (page_of(""), "the fence of it is empty"),
    "two fences": (page_of(TEXT) + page_of(TEXT), "it has 2 fences"),
    "a fence that is cut short": (page_of(TEXT).rstrip("`\n"), "never closed"),
    "a page without a fence": ("# List Models\n\nNothing here.\n", "not an OpenAPI document"),
    "prose": ("Nothing here.\n", "not an OpenAPI document"),
    "a list": ("- openapi: 3.1.0\n", "not an OpenAPI document"),
    "no OpenAPI": ("swagger: '2.0'\ninfo: {version: '9'}\n", "not an OpenAPI document"),
    "OpenAPI 3.0": (TEXT.replace("openapi: 3.1.0", "openapi: 3.0.3"), "is OpenAPI 3.0.3"),
    "OpenAPI 3.2": (TEXT.replace("openapi: 3.1.0", "openapi: 3.2.0"), "is OpenAPI 3.2.0"),
    "a version that is a number": (TEXT.replace("version: 5.10.0", "version: 5.10"), "no text `info.version`"),
    "no version": (TEXT.replace("version: 5.10.0", "x-version: 5"), "no text `info.version`"),
    "no paths": ("openapi: 3.1.0\ninfo: {title: a, version: '9'}\npaths: {}\n", "has no paths"),
    "duplicate keys": (TEXT + "info: {title: a, version: '9'}\n", "the key 'info' is in one mapping twice"),
    "duplicate keys in JSON": ('{"openapi": "3.1.0", "openapi": "3.1.0"}', "the key 'openapi' is in one object"),
    "broken YAML": ("openapi: 3.1.0\ninfo: [\n", "it is not YAML"),
    "broken JSON": ('{"openapi": ', "it is not JSON"),
    "two documents": ("openapi: 3.1.0\n---\nopenapi: 3.1.0\n", "it is not YAML"),
    "a tag that makes objects": ("openapi: !!python/object/apply:os.getcwd []\n", "it is not YAML"),
    "words that readers differ over": (f"{TEXT}x-mode: on\n", "read otherwise by YAML 1.1 and 1.2"),
    "an endless document": ("openapi: &a [*a]\n", "recursive"),
    "a document that swells": (
        "x0: &x0 [a,a,a,a,a,a,a,a,a,a]\n"
        + "".join(f"x{n}: &x{n} [{','.join([f'*x{n - 1}'] * 10)}]\n" for n in range(1, 9)),
        "repeats too much",
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_document_is_refused_in_one_line(name: str) -> None:
    """The line gives the reason."""
    text, why = UNREADABLE[name]

    with pytest.raises(Refused) as refusal:
        document_from(text, "it")

    assert why in str(refusal.value)
    assert "\n" not in str(refusal.value)


REFUSED: dict[str, tuple[Change, str]] = {
    "a dangling reference": (
        lambda d: properties(d)["state"].update({"$ref": "#/components/schemas/gone"}),
        "which the document lacks",
    ),
    "a reference to a file": (
        lambda d: properties(d)["state"].update({"$ref": "other.yaml#/a"}),
        "outside of the document",
    ),
    "a reference to itself": (
        lambda d: schemas(d).update(a={"$ref": "#/components/schemas/a"}),
        "which the document lacks",
    ),
    "values equal but for case": (lambda d: schemas(d)["ModelKind"]["enum"].append("Hf_Base_Model"), "one name"),
    "values equal but for a dash": (lambda d: schemas(d)["ModelKind"]["enum"].append("HF-BASE-MODEL"), "one name"),
    "code in a property's name": (lambda d: properties(d).update({'a"]; import os; x["': {"type": "string"}}), "code"),
    "code in an enum value": (lambda d: schemas(d)["ModelKind"]["enum"].append('A"\n    import os\n    B = "'), "code"),
    "code in a parameter": (lambda d: parameter(d, "filter").update(name='a"; import os; "'), "code"),
    "code in an operation's name": (lambda d: operation(d).update(operationId="a'''; import os"), "code"),
    "code in a tag": (lambda d: operation(d).update(tags=["a\\b"]), "code"),
    "code in a path": (lambda d: d["paths"].update({'/v1/"+exit()+"': {}}), "code"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_misleading_document_is_refused(name: str) -> None:
    """Each is reported in a sentence before any program reads the document."""
    change, why = REFUSED[name]

    assert any(why in problem for problem in problems_of(Document("", changed(change), "document.yaml")))


def test_the_next_document_is_not_refused() -> None:
    """It has new schemas, values and references."""
    assert list(problems_of(Document("", next_document(), "document.yaml"))) == []


@pytest.mark.parametrize(
    "smuggled",
    [
        "import os",
        "__import__('os').system('true')",
        "print('here')",
        "PLANTED = True",
        "class A:\n    print('here')",
        "def f():\n    return ().__class__.__bases__",
        "def f():\n    eval('1')",
        "from os.path import join",
        "for x in ():\n    pass",
        "x = (",
    ],
)
def test_code_that_no_template_writes_is_found(smuggled: str, tmp_path: Path) -> None:
    """Code that a document smuggled into a string is found in the generated module."""
    (tmp_path / "module.py").write_text(f'"""A module."""\n\n{smuggled}\n', encoding="utf-8")

    assert list(problems_of_code(tmp_path)) != []


def test_the_generated_package_has_code_of_templates_alone() -> None:
    """The check for smuggled code finds none in the checked-in package."""
    assert list(problems_of_code(generate.ROOT / generate.PACKAGE)) == []
