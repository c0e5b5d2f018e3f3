"""Defects planted in the fake gateway, and the tools that find them: the other tests of this folder can fail."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fireworks_gateway.testing import FakeGateway, FaultServer, Reply, Request
from tests.shared import wire
from tests.shared.documents import published_document

from .conftest import Changing
from .document import closed, complete, with_nulls, with_page_size, with_refusals, with_values
from .findings import findings
from .oracle import errors_in, oracle_of
from .prism import Prism
from .test_schemathesis import VALUES

pytestmark = pytest.mark.contract

DOCUMENT = with_nulls(published_document())
HEADERS = {"authorization": "Bearer fake-key"}
TEXT = {"content-type": "text/plain"}
PATH = "/v1/accounts/fireworks/models"
SIZE = 3
"""Page size of the requests of the oracle and Prism."""

Handler = Callable[[Request], Reply]
Plant = Callable[[Handler], Handler]


class Defect(NamedTuple):
    """A defect of a gateway, and the expected report of each tool; None if the tool cannot find it."""

    title: str
    plant: Plant
    oracle: str | None = None
    prism: str | None = None


def in_page(change: Callable[[Any], object]) -> Plant:
    """Return a defect that changes every page."""

    def plant(answer: Handler) -> Handler:
        def changed_reply(request: Request) -> Reply:
            reply = answer(request)
            if reply.status != 200:
                return reply
            page = json.loads(reply.body)
            change(page)
            return Reply(200, reply.headers, json.dumps(page).encode())

        return changed_reply

    return plant


def in_models(**fields: Any) -> Plant:
    """Return a defect that sets properties of every model."""
    return in_page(lambda page: [model.update(fields) for model in page["models"]])


def first_page(_: Request) -> Reply:
    """Return the response to a request with the key and no parameters."""
    return FakeGateway().reply(Request("GET", PATH, (), HEADERS))


def has(name: str) -> Callable[[Request], bool]:
    """Return a condition: a request has a value for a parameter."""
    return lambda request: bool(dict(request.query).get(name))


def refusal(status: int, body: object) -> Callable[[Request], Reply]:
    """Return a response with a status and a body, for any request."""
    return lambda request: Reply(status, {"content-type": "application/json"}, json.dumps(body).encode())


def status(code: int) -> dict[str, Any]:
    """Return a google.rpc.Status."""
    return {"code": code, "message": "no", "details": []}


DEFECTS = [
    Defect("a string for a number", in_models(contextLength="8192"), "contextLength", "contextLength"),
    Defect("a number for a string", in_models(importedFrom=7), "importedFrom", "importedFrom must"),
    Defect("a new enum value", in_models(state="RETIRED"), "state", "allowed values"),
    Defect("an enum's number", in_models(kind=1), "kind", "must be string"),
    Defect("a date as text", in_models(deprecationDate="2026-01-01"), "deprecationDate", "object"),
    Defect("a null string", in_models(displayName=None), "displayName", "displayName"),
    Defect("a number as token", in_page(lambda page: page.update(nextPageToken=5)), "nextPageToken", "string"),
    Defect("a null item", in_page(lambda page: page["models"].append(None)), "models.3", "models.3"),
    Defect("no list of models", in_page(lambda page: page.pop("models")), '"models" is a required'),
    Defect("no envelope", in_page(lambda page: page.clear() or page.update(data=[])), "'data' was unexpected"),
    Defect("an unknown property", in_models(context_length=5), "'context_length' was unexpected"),
    Defect("an absent property", in_page(lambda page: page["models"][0].pop("kind")), '"kind" is a required'),
    Defect("a number beyond int32", in_models(contextLength=2**31), "maximum of 2147483647"),
    Defect("a time without a zone", in_models(createTime="2026-01-01T00:00:00"), "createTime"),
    Defect("an ignored page size", lambda answer: first_page, "more than 3 items"),
]
# The condition of a response in place of the right one, that response, and the report of schemathesis about it.
RESPONSES: list[tuple[Callable[[Request], bool], Callable[[Request], Reply], str]] = [
    (lambda request: "authorization" not in request.headers, first_page, "IgnoredAuth"),
    (lambda request: not dict(request.query).get("pageSize", "0").isdecimal(), first_page, "AcceptedNegativeData"),
    (has("pageToken"), refusal(400, {"error": "no"}), "JsonSchemaError"),
    (has("orderBy"), refusal(500, status(13)), "ServerError"),
    (has("readMask"), refusal(422, {}), "UndefinedStatusCode"),
    (has("filter"), refusal(400, status(3)), "RejectedPositiveData"),
    (lambda request: True, lambda request: Reply(200, TEXT, first_page(request).body), "UndefinedContentType"),
]


def found_by(tool: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a mark that runs a test with each defect that a tool must find."""
    found = [defect for defect in DEFECTS if getattr(defect, tool) is not None]
    return pytest.mark.parametrize("defect", found, ids=[defect.title for defect in found])


def test_schemathesis_finds_defects(tmp_path: Path) -> None:
    """Violations of the document, a missing check of the key, and wrong refusals are found."""

    def answer(request: Request) -> Reply:
        return next(respond(request) for condition, respond, _ in RESPONSES if condition(request))

    document = with_refusals(with_values(DOCUMENT, VALUES), "400", "401")
    with FaultServer(answer) as url:
        found = findings(document, url, tmp_path, examples=100, phases="fuzzing")
    assert found.failures >= {report for *_, report in RESPONSES}, found.log


def test_schemathesis_finds_a_connection_that_ends(tmp_path: Path) -> None:
    """Every connection ends before its response."""
    with FaultServer(FakeGateway().reply, itertools.repeat(wire.CLOSED_BEFORE)) as url:
        found = findings(DOCUMENT, url, tmp_path, examples=5, phases="fuzzing")
    assert found.failures == {"Network Error"}, found.log


@found_by("oracle")
def test_the_oracle_finds_a_defect(defect: Defect) -> None:
    """Violations of the document in ProtoJSON are found."""
    request = Request("GET", PATH, (("pageSize", str(SIZE)),), HEADERS)
    oracle = oracle_of(with_page_size(complete(closed(DOCUMENT)), SIZE))
    assert errors_in(oracle, json.loads(FakeGateway().reply(request).body)) == []
    found = errors_in(oracle, json.loads(defect.plant(FakeGateway().reply)(request).body))
    assert defect.oracle is not None
    assert any(defect.oracle in error for error in found), found


@found_by("prism")
def test_prism_finds_a_defect(defect: Defect, changing: Changing, between: Prism) -> None:
    """Violations of the document are found, and the right response is accepted."""
    changing.answer = FakeGateway().reply
    assert between.get(HEADERS, pageSize=str(SIZE)).status_code == 200
    changing.answer = defect.plant(FakeGateway().reply)
    found = between.get(HEADERS, pageSize=str(SIZE))
    assert found.status_code == 500
    assert defect.prism is not None
    assert any(defect.prism in each["message"] for each in found.json()["validation"]), found.text
