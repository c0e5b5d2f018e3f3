"""Documents are read in each form, or refused with one line that gives the reason."""

import json
import math
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.bump.next_version import next_document, next_text, page_of
from tests.bump.simulated import Change
from tests.shared.documents import Content, amend, operation, properties
from tools.bump.documents import MAX_BYTES, ROUTE, Document, dump_yaml, parse_document, read_document
from tools.bump.validity import check
from tools.specification.parsing import Refused, content_of

TEXT = "openapi: 3.1.0\ninfo:\n  title: a\n  version: 5.10.0\npaths: {/a: {}}\n"


@pytest.mark.parametrize("title", ["# null", "# List Models", ""])
@pytest.mark.parametrize("marks", ["```", "````", "~~~~"])
def test_a_page_is_known_by_its_fence(title: str, marks: str) -> None:
    """The text between the fence lines is the document, byte for byte, under any title."""
    assert parse_document(page_of(TEXT, title, marks), "page.md").text == TEXT


def test_a_page_of_json_equals_a_json_document() -> None:
    """JSON is converted to YAML in the same order."""
    text = json.dumps(next_document(), indent="\t", ensure_ascii=True)
    page = page_of(f"{text}\n").replace("````yaml", "````json")

    assert parse_document(text, "a.json").content == next_document()
    assert parse_document(text, "a.json").text == parse_document(page, "a.md").text == dump_yaml(next_document())


def test_a_byte_order_mark_and_carriage_returns_are_ignored(tmp_path: Path) -> None:
    """Files of other editors give the same document."""
    text = next_text().replace("\n", "\r\n").encode("utf-8-sig")
    (tmp_path / "a.yaml").write_bytes(text)
    assert read_document(tmp_path / "a.yaml").content == next_document()


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
))  # fmt: skip
@example({text: text for text in "0E0 -1e3 0o17 0x1F 2001-01-01 .5 +.INF .nan TRUE ~ Null << =".split()})
def test_json_survives_conversion_to_yaml(value: Any) -> None:
    """Text that looks like a number, a date or a word of YAML stays text."""
    try:
        text = dump_yaml({"x": value})
        text.encode()
    except UnicodeEncodeError:
        return  # Half of a pair is no text.
    assert content_of(text, "it") == {"x": value}


@pytest.mark.parametrize("line", [f"json {ROUTE}", "json"])
def test_an_example_beside_the_document_is_no_document(line: str) -> None:
    """The fence line with the route of List Models marks the document, before or behind other fences."""
    example, page = f"```{line.replace(ROUTE, 'get /v1/other')}\n{{}}\n```\n\n", page_of(TEXT)

    for both in (example + page, page + example):
        document = parse_document(both, "page.md")
        assert (document.text, document.fence) == (TEXT, f"yaml {ROUTE}")


UNREADABLE = {
    "blank": (" \n\n", "it is empty"),
    "an empty fence": (page_of(""), "the fence of it is empty"),
    "two fences": (page_of(TEXT) + page_of(TEXT), "it has 2 fences of YAML or JSON, in lines 8, 22"),
    "a fence that is cut short": (page_of(TEXT).rstrip("`\n"), "the fence in line 8 is opened and never closed"),
    "an indented fence": (
        page_of(TEXT).replace("````", "  ````"),
        "the fence in line 8 is indented: remove the spaces",
    ),
    "an indented page": (f"* {page_of(TEXT)}".replace("\n", "\n  "), "the fence in line 8 is indented"),
    "a quoted page": (f"> {page_of(TEXT)}".replace("\n", "\n> "), "the fence in line 8 is indented"),
    "an indented fence in a broken document": (f"{TEXT}x: [\n y: |\n  ```yaml\n", "it is not YAML: line 7"),
    "a page without a fence": ("# List Models\n\nNothing here.\n", "is no OpenAPI document"),
    "prose": ("Nothing here.\n", "is no OpenAPI document"),
    "a list": ("- openapi: 3.1.0\n", "is no OpenAPI document"),
    "no OpenAPI": ("swagger: '2.0'\ninfo: {version: '9'}\n", "is no OpenAPI document"),
    "OpenAPI 3.0": (TEXT.replace("openapi: 3.1.0", "openapi: 3.0.3"), "got 3.0.3"),
    "a version that is a number": (TEXT.replace("version: 5.10.0", "version: 5.10"), "no text `info.version`"),
    "no paths": ("openapi: 3.1.0\ninfo: {title: a, version: '9'}\npaths: {}\n", "has no paths"),
    "duplicate keys": (TEXT + "info: {title: a, version: '9'}\n", 'line 6: found duplicate key "info"'),
    "duplicate keys in JSON": ('{"openapi": "3.1.0", "openapi": "3.1.0"}', "the key 'openapi' is in one object"),
    "broken YAML": ("openapi: 3.1.0\ninfo: [\n", "it is not YAML: line 3"),
    "broken JSON": ('{"openapi": ', "it is not JSON"),
    "two documents": ("openapi: 3.1.0\n---\nopenapi: 3.1.0\n", "it is not YAML"),
    "a tag that makes objects": ("openapi: !!python/object/apply:os.getcwd []\n", "it is not YAML"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_document_is_refused_in_one_line(name: str) -> None:
    """The line gives the reason."""
    text, why = UNREADABLE[name]

    with pytest.raises(Refused) as refusal:
        parse_document(text, "it")

    assert why in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_only_a_file_of_moderate_size_is_read(tmp_path: Path) -> None:
    """Addresses, folders, pipes and files that would take minutes are refused at once."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large.md").write_bytes(b" " * (MAX_BYTES + 1))
    (tmp_path / "latin.md").write_bytes("é".encode("latin-1"))
    refused = {
        "https://docs.example/page.md": "got the address",
        str(tmp_path): "must be a file",
        str(tmp_path / "pipe"): "must be a file",
        str(tmp_path / "absent"): "must be a file",
        str(tmp_path / "large.md"): "at most 5 MB, got 5.0",
        str(tmp_path / "latin.md"): "cannot be read",
    }
    for path, why in refused.items():
        with pytest.raises(Refused, match=why):
            read_document(path)


def with_property(**schema: Any) -> Change:
    """Return a change that adds a property."""
    return lambda d: properties(d).update(x=schema)


def endless(document: Content) -> None:
    """Repeat a list in a list, as YAML's aliases do."""
    node: Any = []
    for _ in range(9):
        node = [node] * 10
    document["x-long"] = node


REFUSED: dict[str, tuple[Change, str]] = {
    "half a surrogate pair": (with_property(title="\ud800"), "properties/x/title' has '\\ud800'"),
    "half a surrogate pair in a name": (lambda d: properties(d).update({"\udfff": {}}), "half of a surrogate pair"),
    "no number": (with_property(type="number", default=math.nan), "must be a finite number, got nan"),
    "a boolean schema": (lambda d: properties(d).update(x=True), "gatewayModel/properties/x: "),
    "boolean items": (with_property(type="array", items=True), "got True: write {} for any value"),
    "a schema of no value": (lambda d: properties(d).update(x=False), "got False: remove it, because no value fits"),
    "an unknown type": (with_property(type="truth"), "properties/x/type: "),
    "a status that is a number": (lambda d: operation(d).update(responses={200: {}}), "responses has the key 200"),
    "a reference to a file": (with_property(**{"$ref": "other.yaml#/a"}), "outside of the document"),
    "an encoded reference": (with_property(**{"$ref": "#/components/schemas/a%20b"}), "encoded"),
    "another encoded reference": (with_property(**{"$ref": "#/components/schemas/a~1b"}), "encoded"),
    "values equal but for case": (with_property(type="string", enum=["A_B", "a_b"]), "one name"),
    "a value twice": (with_property(type="string", enum=["A", "A"]), "has 'A' and 'A'"),
    "values equal but for a dash": (with_property(type="string", enum=["A_B", "A-B"]), "one name"),
    "20,000 values": (with_property(type="string", enum=[f"V{n}" for n in range(20_000)]), "got 20,000"),
    "an endless document": (endless, "without end"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_misleading_document_is_refused(name: str) -> None:
    """Each is reported in a line with the place, before any code is made of the document."""
    change, why = REFUSED[name]

    with pytest.raises(Refused) as refusal:
        check(Document("", amend(change), "document.yaml"))

    assert why in str(refusal.value)
    assert str(refusal.value).isascii()


def test_values_that_the_generator_numbers_are_accepted() -> None:
    """The name of a value that begins with no letter is its position."""
    check(Document("", amend(with_property(type="string", enum=["1", "-1", "+1", "_a", ""])), "document.yaml"))


def test_any_value_in_an_example_is_accepted() -> None:
    """References in it are data, and the next document is accepted too."""
    example = {"$ref": "elsewhere", "enum": ["a", "A"]}
    check(Document("", amend(with_property(type="string", example=example)), "document.yaml"))
    check(Document("", next_document(), "document.yaml"))
