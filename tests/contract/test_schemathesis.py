"""The served fake gateway against schemathesis, which makes up right and wrong requests from the document."""

from __future__ import annotations

from pathlib import Path

import pytest

from fireworks_gateway.testing import FakeGateway

from .document import Schema, operation_of, published, with_nulls, with_refusals, with_values
from .findings import findings

pytestmark = pytest.mark.contract

DOCUMENT = with_nulls(published())
VALUES: dict[str, Schema] = {
    "pageSize": {"minimum": 0, "examples": [0, 7, 1000]},
    "pageToken": {"enum": [""]},
    "filter": {"enum": ["", "supports_serverless = true", "kind = HF_BASE_MODEL AND context_length >= 8192"]},
    "orderBy": {"enum": ["", "name", "create_time desc, base_model_details.parameter_count"]},
    "readMask": {"enum": ["", "*", "name,base_model_details.parameter_count"]},
}
"""Values that mean something; to the document these parameters, each a little language, are any text."""


def test_any_request_gets_the_listing_or_a_reason(tmp_path: Path) -> None:
    """Whatever is in the path and in the query: 4xx and 501 are google.rpc.Status, and there is no other status.

    Left out is `positive_data_acceptance`: to the document any text is right as an account or a filter.
    """
    gateway = FakeGateway()
    with gateway.serve() as url:
        found = findings(
            with_refusals(DOCUMENT, "4XX", "501"),
            url,
            tmp_path,
            account_id=None,
            examples=300,
            without={"positive_data_acceptance"},
        )
    assert not found.failures, found.log
    assert len(gateway.requests) > found.cases / 2 > 100


def test_right_requests_are_accepted_and_wrong_ones_refused(tmp_path: Path) -> None:
    """Once it is known which filters, orders and masks mean something: right ones get 200, others 400, no key 401."""
    gateway = FakeGateway()
    with gateway.serve() as url:
        found = findings(with_refusals(with_values(DOCUMENT, VALUES), "400", "401"), url, tmp_path, examples=300)
    assert not found.failures, found.log
    statuses = {FakeGateway().reply(request).status for request in gateway.requests}
    assert statuses >= {200, 400, 401}


@pytest.mark.parametrize("key", [None, "wrong-key"])
def test_nothing_is_told_without_the_key(key: str | None, tmp_path: Path) -> None:
    """Every request gets 401, right or wrong in other respects; the document has no other response here.

    Left out is `positive_data_acceptance`, which no request without a key can please.
    """
    document = with_refusals(DOCUMENT, "401")
    del operation_of(document)["responses"]["200"]
    with FakeGateway().serve() as url:
        found = findings(document, url, tmp_path, key=key, without={"positive_data_acceptance"})
    assert not found.failures, found.log
    assert found.cases > 50
