"""Defects planted in the fake gateway, and the tools that find them: the other tests of this folder can fail."""

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fireworks_gateway.testing import FakeGateway, FaultServer, Reply, Request
from tests.shared import wire
from tests.shared.documents import published

from .document import closed, complete, with_nulls, with_page_size, with_refusals, with_values, write
from .findings import findings
from .oracle import errors_in, oracle_of
from .prism import Prism, proxy
from .test_schemathesis import VALUES

pytestmark = pytest.mark.contract

DOCUMENT = with_nulls(published())
KEY = {"Authorization": "Bearer fake-key"}
HEADERS = {"authorization": "Bearer fake-key"}
PATH = "/v1/accounts/fireworks/models"
SIZE = 3
"""Page size of the requests of the oracle and Prism."""

TEXT = {"content-type": "text/plain"}
BODY = "JsonSchemaError"
"""The report of schemathesis about a body that violates its schema."""

Handler = Callable[[Request], Reply]
Plant = Callable[[Handler], Handler]


class Defect(NamedTuple):
    """A defect of a gateway, and the expected report of each tool; None if the tool cannot find it."""

    title: str
    plant: Plant
    schemathesis: str | None = None
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


def instead(condition: Callable[[Request], bool], other: Callable[[Request], Reply]) -> Plant:
    """Return a defect that gives some requests another response."""
    return lambda answer: lambda request: other(request) if condition(request) else answer(request)


def first_page(_: Request) -> Reply:
    """Return the response to a request with the key and no parameters."""
    return FakeGateway().reply(Request("GET", PATH, (), HEADERS))


def has(name: str) -> Callable[[Request], bool]:
    """Return a condition: a request with the key has a value for a parameter."""
    return lambda request: bool(dict(request.query).get(name)) and "authorization" in request.headers


def refusal(status: int, body: object) -> Callable[[Request], Reply]:
    """Return a response with a status and a body, for any request."""
    return lambda request: Reply(status, {"content-type": "application/json"}, json.dumps(body).encode())


def is_page(request: Request) -> bool:
    """Return whether a request has no parameter but a page size."""
    return not request.query or {name for name, _ in request.query} == {"pageSize"}


def status(code: int) -> dict[str, Any]:
    """Return a google.rpc.Status."""
    return {"code": code, "message": "no", "details": []}


DEFECTS = [
    Defect("a string for a number", in_models(contextLength="8192"), BODY, "contextLength", "contextLength"),
    Defect("a number for a string", in_models(importedFrom=7), None, "importedFrom", "importedFrom must"),
    Defect("a new enum value", in_models(state="RETIRED"), BODY, "state", "allowed values"),
    Defect("an enum's number", in_models(kind=1), None, "kind", "must be string"),
    Defect("a date as text", in_models(deprecationDate="2026-01-01"), None, "deprecationDate", "object"),
    Defect("a null string", in_models(displayName=None), None, "displayName", "displayName"),
    Defect("a number as token", in_page(lambda page: page.update(nextPageToken=5)), BODY, "nextPageToken", "string"),
    Defect("a null item", in_page(lambda page: page["models"].append(None)), None, "models.3", "models.3"),
    Defect("no list of models", in_page(lambda page: page.pop("models")), None, '"models" is a required'),
    Defect("no envelope", in_page(lambda page: page.clear() or page.update(data=[])), None, "'data' was unexpected"),
    Defect("an unknown property", in_models(context_length=5), None, "'context_length' was unexpected"),
    Defect("an absent property", in_page(lambda page: page["models"][0].pop("kind")), None, '"kind" is a required'),
    Defect("a number beyond int32", in_models(contextLength=2**31), None, "maximum of 2147483647"),
    Defect("a time without a zone", in_models(createTime="2026-01-01T00:00:00"), None, "createTime"),
    Defect("an ignored page size", instead(is_page, first_page), None, "more than 3 items"),
    Defect("an ignored key", instead(lambda request: True, first_page), "IgnoredAuth"),
    Defect("a page size that is no number", instead(has("pageSize"), first_page), "AcceptedNegativeData"),
    Defect("a filter refused", instead(has("filter"), refusal(400, status(3))), "RejectedPositiveData"),
    Defect("a filter with status 500", instead(has("filter"), refusal(500, status(13))), "ServerError"),
    Defect("an undocumented status", instead(has("filter"), refusal(422, {})), "UndefinedStatusCode"),
    Defect("a refusal in another form", instead(has("pageToken"), refusal(400, {"error": "no"})), BODY),
    Defect("a page of text", lambda answer: lambda each: Reply(200, TEXT, answer(each).body), "UndefinedContentType"),
]


def found_by(tool: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a mark that runs a test with each defect that a tool must find."""
    found = [defect for defect in DEFECTS if getattr(defect, tool) is not None]
    return pytest.mark.parametrize("defect", found, ids=[defect.title for defect in found])


@found_by("schemathesis")
def test_schemathesis_finds_a_defect(defect: Defect, tmp_path: Path) -> None:
    """Violations of the document, a missing check of the key, and wrong refusals are found."""
    document = with_refusals(with_values(DOCUMENT, VALUES), "400", "401")
    with FaultServer(defect.plant(FakeGateway().reply)) as url:
        found = findings(document, url, tmp_path, examples=20, phases="fuzzing")
    assert defect.schemathesis in found.failures, found.log


def test_schemathesis_finds_a_connection_that_ends(tmp_path: Path) -> None:
    """Every connection ends before its response."""
    with FaultServer(FakeGateway().reply, itertools.repeat(wire.CLOSED_BEFORE)) as url:
        found = findings(DOCUMENT, url, tmp_path, examples=5, phases="fuzzing")
    assert found.failures == {"Network Error"}, found.log


@found_by("oracle")
def test_the_oracle_finds_a_defect(defect: Defect) -> None:
    """Violations of the document in ProtoJSON are found."""
    query = (("pageSize", str(SIZE)),)
    request = Request("GET", PATH, query, HEADERS)
    oracle = oracle_of(with_page_size(complete(closed(DOCUMENT)), SIZE))
    assert errors_in(oracle, json.loads(FakeGateway().reply(request).body)) == []
    found = errors_in(oracle, json.loads(defect.plant(FakeGateway().reply)(request).body))
    assert defect.oracle is not None
    assert any(defect.oracle in error for error in found), found


class Changing:
    """A gateway with a replaceable handler, so that all tests use one Prism."""

    def __init__(self) -> None:
        self.answer: Handler = FakeGateway().reply

    def __call__(self, request: Request) -> Reply:
        """Return the response of the handler."""
        return self.answer(request)


@pytest.fixture(scope="module")
def changing() -> Changing:
    """A gateway without a defect yet."""
    return Changing()


@pytest.fixture(scope="module")
def between(changing: Changing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prism]:
    """A Prism between that gateway and a client."""
    with FaultServer(changing) as url, proxy(url, write(DOCUMENT, tmp_path_factory.mktemp("document"))) as prism:
        yield prism


@found_by("prism")
def test_prism_finds_a_defect(defect: Defect, changing: Changing, between: Prism) -> None:
    """Violations of the document are found, and the right response is accepted."""
    changing.answer = FakeGateway().reply
    assert between.get(KEY, pageSize=str(SIZE)).status_code == 200
    changing.answer = defect.plant(FakeGateway().reply)
    found = between.get(KEY, pageSize=str(SIZE))
    assert found.status_code == 500
    assert defect.prism is not None
    assert any(defect.prism in each["message"] for each in found.json()["validation"]), found.text
