"""Each operation of a document becomes a ListOperation, or a line gives the reason."""

import copy
import re
from typing import Any

import pytest

from tests.specification.trees import modules_of, object_of, reference, small, with_list_operation
from tools.specification.modules import Modules
from tools.specification.texts import Words, read_words

WORDS = Words(operations=read_words().operations)
THING, OTHER, TEXT = reference("gatewayThing"), reference("gatewayStatus"), {"type": "string"}
THINGS: dict[str, Any] = {"type": "array", "items": THING}
TOKEN: dict[str, Any] = {"name": "pageToken", "in": "query", "schema": TEXT}
PAGE = object_of(things=THINGS, nextPageToken=TEXT)


def modules_with(*, page: Any = PAGE, path: str = "/v1/things", **operation: Any) -> Modules:
    """Return the modules of a document with List Models and an operation that lists things."""
    document = with_list_operation(small(), "things", THING, **copy.deepcopy(operation))
    document["components"]["schemas"]["gatewayThing"] = object_of(a=TEXT)
    added = document["paths"].pop("/v1/things")
    document["paths"][path] = added
    if "responses" not in operation:
        added["get"]["responses"]["200"]["content"]["application/json"]["schema"] = page
    return modules_of(document, WORDS)


def operation_in(modules: Modules) -> str:
    """Return the definition of the second operation on one line; empty if there is none."""
    found = re.search(r"(?ms)^LIST_THINGS: .*?^\)", modules.specification)
    return " ".join(found[0].split()) if found else ""


def parameter(name: str, where: str = "query", *, required: bool = False, **schema: Any) -> dict[str, Any]:
    """Return a parameter."""
    return {"name": name, "in": where, "required": required, "schema": schema or {"type": "string"}}


LISTED: dict[str, tuple[dict[str, Any], str]] = {
    "an operation without extra parameters": ({}, "parameters={'page_token': 'page_token'}"),
    "a name in path and query": (
        {"path": "/v1/{thing_id}/things", "parameters": [TOKEN, parameter("thing_id"),
                                                         parameter("thing_id", "path", required=True)]},
        "'thing_id_path': 'thing_id_path', 'page_token': 'page_token', 'thing_id_query': 'thing_id_query'",
    ),
    "a header that is called like a standard parameter": (
        {"parameters": [TOKEN, parameter("filter"), parameter("Filter", "header")]},
        "'filter': 'filter_query', 'filter_header': 'filter_header'",
    ),
    "a default response": (
        {"responses": {"default": {"description": "d", "content": {"application/json": {"schema": PAGE}}}}},
        "items='things'",
    ),
    "a page that may be null": ({"page": {"anyOf": [PAGE, {"type": "null"}]}}, "items='things'"),
    "a list that may be null": (
        {"page": object_of(things={"anyOf": [THINGS, {"type": "null"}]})},
        "items='things'",
    ),
    "the second of two lists": (
        {"page": object_of(warnings={"type": "array", "items": OTHER}, **PAGE["properties"])},
        "items='things'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", LISTED)
def test_a_list_operation_is_written(what: str) -> None:
    """With the names of the generated function for its parameters."""
    arguments, expected = LISTED[what]
    modules = modules_with(**arguments)
    assert expected.replace("'", '"') in operation_in(modules).replace("'", '"')
    assert modules.unlisted == []


UNLISTED: dict[str, tuple[dict[str, Any], str]] = {
    "a list of texts": (
        {"page": object_of(things={"type": "array", "items": TEXT})},
        "returns no list of messages",
    ),
    "a required page token": ({"parameters": [{**TOKEN, "required": True}]}, "requires a page token"),
    "a body": (
        {"requestBody": {"content": {"application/json": {"schema": {"type": "object", "title": "Body"}}}}},
        "takes a body",
    ),
    "a parameter that the generated function hides": (
        {"parameters": [TOKEN, parameter("params")]},
        "has a parameter params",
    ),
}


@pytest.mark.parametrize("what", UNLISTED)
def test_an_operation_that_cannot_be_walked_is_reported(what: str) -> None:
    """The rest of the document is still written."""
    arguments, reason = UNLISTED[what]
    modules = modules_with(**arguments)
    assert operation_in(modules) == ""
    [line] = modules.unlisted
    assert line.startswith(f"GET /v1/things {reason}")


def test_operations_that_list_the_same_key_have_separate_names() -> None:
    """The shortest path has the plain name; a generated module may be called like one of ours."""
    document = with_list_operation(small(), "things", THING)
    document["components"]["schemas"]["gatewayThing"] = object_of(a=TEXT)
    longer = copy.deepcopy(document["paths"]["/v1/things"])
    longer["get"]["operationId"] = "models"
    document["paths"] = {"/v1/more/things": longer, **document["paths"]}
    modules = modules_of(document, WORDS)
    constants = re.findall(r"(?m)^(\w+): ListOperation", modules.specification)
    assert set(constants) == {"LIST_MODELS", "LIST_THINGS", "LIST_MODELS_2"}
    assert len(re.findall(r"(?m)^ *from .* import .*\bmodels\b", modules.openapi)) == 1


@pytest.mark.parametrize(
    ("servers", "address"),
    [
        ([{"url": "https://api.fireworks.ai"}], "https://api.fireworks.ai"),
        (
            [{"url": "https://{region}.fireworks.ai", "variables": {"region": {"default": "us"}}}],
            "https://us.fireworks.ai",
        ),
        ([{"url": "https://{region}.fireworks.ai"}], ""),
        ([{"url": "/v1"}], ""),
        ([], ""),
    ],
)
def test_the_default_address_is_that_of_the_first_server(servers: list[Any], address: str) -> None:
    """With the defaults of its variables; a relative one, or a variable without a default, names no server."""
    document = {**small(), "servers": servers}
    modules = modules_of(document, WORDS)
    assert f'DEFAULT_BASE_URL = "{address}"\n' in modules.openapi


def test_a_property_that_the_generator_drops_is_reported() -> None:
    """The generator reads no `allOf` inside an `allOf`, in a message or in the page."""
    nested = {"allOf": [object_of(dropped={"type": "array", "items": OTHER})]}
    items = {"allOf": [nested, object_of(kept=TEXT)]}
    page = {**object_of(things={"type": "array", "items": items}), "allOf": [nested]}
    modules = modules_with(page=page)
    [line] = modules.unlisted
    assert ".dropped is not a field: the generator does not read a nested allOf" in line
    assert "kept: Field[str]" in modules.specification


def test_an_enum_of_numbers_keeps_its_default() -> None:
    """As a number, since it is compared with what was sent."""
    item = object_of(number={"type": "integer", "enum": [0, 1], "default": 0})
    page = object_of(things={"type": "array", "items": item})
    assert re.search(r"OpenEnum\(\w+, 0\)", modules_with(page=page).specification)
