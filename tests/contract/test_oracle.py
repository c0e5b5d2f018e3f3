"""Every page of the fake gateway, checked against the published document by jsonschema-rs."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from fireworks_gateway.testing import FakeGateway, JsonStyle, Request, model_payload
from tests.shared.documents import published_document
from tests.shared.schema_values import payloads_of

from .document import closed, complete, messages_of, with_nulls, with_page_size
from .oracle import errors_in, oracle_of

pytestmark = pytest.mark.contract

DOCUMENT = published_document()
KEY = {"authorization": "Bearer fake-key"}
STRICT = complete(closed(with_nulls(DOCUMENT)))
"""The document with every property required, no other allowed, and nullable messages."""


def pages(gateway: FakeGateway, **parameters: str) -> Iterator[dict[str, Any]]:
    """Yield every page of a listing."""
    token = ""
    while True:
        query = tuple({**parameters, "pageToken": token}.items())
        reply = gateway.reply(Request("GET", "/v1/accounts/fireworks/models", query, KEY))
        assert (reply.status, reply.headers["content-type"]) == (200, "application/json"), reply.body
        page: dict[str, Any] = json.loads(reply.body)
        yield page
        if not (token := page.get("nextPageToken", "")):
            return


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"pageSize": "1"},
        {"pageSize": "1000"},
        {"readMask": "*"},
        {"readMask": "name,base_model_details.parameter_count,deprecation_date"},
        {"filter": "kind = HF_BASE_MODEL AND base_model_details.parameter_count > 0", "pageSize": "9"},
        {"filter": 'name = "accounts/fireworks/models/absent"'},
        {"orderBy": "create_time desc, name", "pageSize": "31"},
        {"filter": "context_length >= 8192", "orderBy": "deprecation_date.year desc", "pageSize": "13"},
    ],
    ids=str,
)
def test_every_page_of_the_catalogue_is_valid(parameters: dict[str, str]) -> None:
    """For any page size, filter and order, with every property of the document and no other."""
    oracle = oracle_of(with_page_size(STRICT, int(parameters.get("pageSize", "0"))))
    sent = list(pages(FakeGateway(), **parameters))
    assert [errors_in(oracle, page) for page in sent] == [[]] * len(sent)


def test_only_nulls_differ_from_the_published_document() -> None:
    """Every message may be null, and no other value needs the amendment."""
    oracle = oracle_of(complete(closed(DOCUMENT)))
    found: set[Any] = set()
    for page in (*pages(FakeGateway([model_payload()])), *pages(FakeGateway())):
        errors = list(oracle.iter_errors(page))
        assert all(error.instance is None for error in errors)
        found |= {error.instance_path[-1] for error in errors}
    assert found == messages_of(DOCUMENT).keys()


def test_pages_without_unset_fields_are_valid() -> None:
    """They have no null; the published document requires some properties, set or unset."""
    oracle = oracle_of(closed(DOCUMENT))
    for page in pages(FakeGateway(json_style=JsonStyle(unset=False))):
        assert all("is a required property" in error for error in errors_in(oracle, page))


@given(payloads_of("gatewayModel", whole_items=True))
def test_a_payload_with_any_fields_is_valid(fields: dict[str, Any]) -> None:
    """It has the given values, and every other field is printed unset, in messages too."""
    (page,) = pages(FakeGateway([model_payload(**fields)]))
    assert errors_in(oracle_of(complete(with_nulls(DOCUMENT))), page) == []  # A message without properties is open.
    (model,) = page["models"]
    for key, value in fields.items():
        assert value.items() <= model[key].items() if isinstance(value, dict) else model[key] == value
