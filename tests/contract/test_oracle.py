"""Every page that the fake gateway sends, held to the published document by jsonschema-rs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from fireworks_gateway.testing import FakeGateway, JsonStyle, Request, model_payload

from .document import Schema, closed, complete, messages_of, published, with_nulls, with_page_size
from .oracle import complaints, oracle_of

pytestmark = pytest.mark.contract

DOCUMENT = published()
SCHEMAS: Schema = DOCUMENT["components"]["schemas"]
TARGET = "/v1/accounts/fireworks/models"
KEY = {"authorization": "Bearer fake-key"}


STRICT = complete(closed(with_nulls(DOCUMENT)))
"""The document with nothing missing, nothing added, and null where a message is unset."""


def pages(gateway: FakeGateway, **asked: str) -> Iterator[dict[str, Any]]:
    """Return every page of a listing as it is sent."""
    token = ""
    while True:
        query = tuple({**asked, "pageToken": token}.items())
        reply = gateway.reply(Request("GET", TARGET, query, KEY))
        assert (reply.status, reply.headers["content-type"]) == (200, "application/json"), reply.body
        page: dict[str, Any] = json.loads(reply.body)
        yield page
        if not (token := page.get("nextPageToken", "")):
            return


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 7),
        ({"pageSize": "1"}, 302),
        ({"pageSize": "7"}, 44),
        ({"pageSize": "200"}, 2),
        ({"pageSize": "1000"}, 2),
        ({"readMask": "*"}, 7),
        ({"filter": "supports_serverless = true"}, 1),
        ({"filter": "kind = HF_PEFT_ADDON AND peft_details.r > 0", "pageSize": "9"}, None),
        ({"filter": 'name = "accounts/fireworks/models/absent"'}, 1),
        ({"orderBy": "create_time desc, name", "pageSize": "31"}, 10),
        ({"filter": "context_length >= 8192", "orderBy": "deprecation_date.year desc", "pageSize": "13"}, None),
    ],
    ids=str,
)
def test_every_page_of_the_catalogue_is_as_the_document_says(asked: dict[str, str], count: int | None) -> None:
    """Whatever the page size, the filter and the order, with every property that the document has and no other."""
    oracle = oracle_of(with_page_size(STRICT, int(asked.get("pageSize", "0"))))
    sent = list(pages(FakeGateway(), **asked))
    assert [complaints(oracle, page) for page in sent] == [[]] * len(sent)
    assert count in (None, len(sent))


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        ("name", {"name"}),
        ("name,base_model_details.parameter_count", {"name", "baseModelDetails"}),
        ("name,create_time,deprecation_date", {"name", "createTime", "deprecationDate"}),
    ],
)
def test_a_masked_page_is_as_the_document_says(mask: str, expected: set[str]) -> None:
    """Masked fields may be missing or unset, fields have their types, and selected fields are present."""
    oracle = oracle_of(closed(with_nulls(DOCUMENT)))
    for page in pages(FakeGateway(), readMask=mask):
        assert complaints(oracle, page) == []
        assert all(expected <= model.keys() for model in page["models"])


def test_null_is_all_that_the_document_does_not_allow() -> None:
    """Without the one amendment the oracle complains of nulls alone; every message may be one, so all need it."""
    oracle = oracle_of(complete(closed(DOCUMENT)))
    (page,) = pages(FakeGateway([model_payload()]))
    errors = list(oracle.iter_errors(page))
    assert all(error.instance is None for error in errors)
    assert {error.instance_path[-1] for error in errors} == messages_of(DOCUMENT).keys()
    for page in pages(FakeGateway()):
        errors = list(oracle.iter_errors(page))
        assert all(error.instance is None for error in errors)
        assert {error.instance_path[-1] for error in errors} <= messages_of(DOCUMENT).keys()


@pytest.mark.parametrize("digits", [0, 3, 6, 9])
def test_times_of_any_precision_are_as_the_document_says(digits: int) -> None:
    """RFC 3339 has as many digits after the point as there are."""
    for page in pages(FakeGateway(json_style=JsonStyle(fraction_digits=digits))):
        assert complaints(oracle_of(STRICT), page) == []


def test_left_out_is_what_the_document_allows_to_be() -> None:
    """Where what is unset is left out there is no null; but the document demands some properties, as set or unset."""
    oracle = oracle_of(closed(DOCUMENT))
    for page in pages(FakeGateway(json_style=JsonStyle(unset=False))):
        assert all("is a required property" in complaint for complaint in complaints(oracle, page))


def values_of(schema: Schema) -> SearchStrategy[Any]:
    """Return values of a property; a message's are given in part, as `model_payload` takes them."""
    if "$ref" in schema:
        return values_of(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    match schema:
        case {"enum": names}:
            return st.sampled_from(names)
        case {"type": "array", "items": items}:
            return st.lists(whole(items), max_size=3)
        case {"properties": properties}:
            return st.fixed_dictionaries({}, optional={key: values_of(value) for key, value in properties.items()})
        case {"additionalProperties": values}:
            return st.dictionaries(st.text(), values_of(values), max_size=3)
        case {"format": "int64"}:
            return st.integers(-(2**63), 2**63 - 1).map(str)
        case {"format": "date-time"}:
            return st.datetimes().map(lambda moment: f"{moment.isoformat()}Z")
        case {"type": kind}:
            return {
                "string": st.text(),
                "boolean": st.booleans(),
                "integer": st.integers(-(2**31), 2**31 - 1),
                "number": st.floats(width=32, allow_nan=False, allow_infinity=False),
                "object": st.just({}),
            }[kind]
        case _:
            raise AssertionError(f"no values are known of {schema}")


def whole(schema: Schema) -> SearchStrategy[Any]:
    """Return values of an item of a list; messages in lists are sent as they are given, so theirs are complete."""
    target = SCHEMAS[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if "properties" not in target:
        return values_of(target)
    return st.fixed_dictionaries({key: values_of(value) for key, value in target["properties"].items()})


@given(values_of(SCHEMAS["gatewayModel"]))
def test_whatever_is_set_the_rest_is_printed_as_the_document_says(fields: dict[str, Any]) -> None:
    """A payload of one's own has all that it was given, and what it was not given is printed unset, down to parts."""
    (page,) = pages(FakeGateway([model_payload(**fields)]))
    assert complaints(oracle_of(STRICT), page) == []
    (model,) = page["models"]
    for key, value in fields.items():
        assert value.items() <= model[key].items() if isinstance(value, dict) else model[key] == value
