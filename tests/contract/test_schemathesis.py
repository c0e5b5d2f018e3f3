"""The fake gateway against schemathesis, which generates valid and invalid requests from the document."""

from pathlib import Path

import pytest

from fireworks_gateway.testing import FakeGateway
from tests.shared.documents import Content, published_document

from .document import with_nulls, with_refusals, with_values
from .findings import findings

pytestmark = pytest.mark.contract

DOCUMENT = with_nulls(published_document())
VALUES: dict[str, Content] = {
    "pageSize": {"minimum": 0, "examples": [0, 7, 1000]},
    "pageToken": {"enum": [""]},
    "filter": {"enum": ["", "supports_serverless = true", "kind = HF_BASE_MODEL AND context_length >= 8192"]},
    "orderBy": {"enum": ["", "name", "create_time desc, base_model_details.parameter_count"]},
    "readMask": {"enum": ["", "*", "name,base_model_details.parameter_count"]},
}
"""Valid values; in the document these parameters are any text."""


def test_any_request_gets_a_page_or_an_error(tmp_path: Path) -> None:
    """For any path and query: 4xx and 501 are google.rpc.Status, and there is no other status."""
    # The document allows any text as an account or a filter.
    gateway = FakeGateway()
    document = with_refusals(DOCUMENT, "4XX", "501")
    with gateway.serve() as url:
        found = findings(document, url, tmp_path, account_id=None, examples=200, without={"positive_data_acceptance"})
    assert not found.failures, found.log
    assert len(gateway.requests) > found.cases / 2 > 100


def test_valid_requests_are_accepted_and_invalid_ones_rejected(tmp_path: Path) -> None:
    """With the valid filters, orders and masks in the document: 200, 400, or 401 without a key."""
    gateway = FakeGateway()
    with gateway.serve() as url:
        found = findings(with_refusals(with_values(DOCUMENT, VALUES), "400", "401"), url, tmp_path, examples=200)
    assert not found.failures, found.log
    statuses = {FakeGateway().reply(request).status for request in gateway.requests}
    assert statuses >= {200, 400, 401}
