"""Defects planted in the fake gateway, and who finds them: the proofs beside this file can fail."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fireworks_gateway.testing import FakeGateway, FaultServer, Reply, Request
from fireworks_gateway.testing._service import Handler
from tests.shared import wire

from .document import closed, complete, published, with_nulls, with_page_size, with_refusals, with_values, written
from .findings import findings
from .oracle import complaints, oracle_of
from .prism import Prism, checking
from .test_schemathesis import VALUES

pytestmark = pytest.mark.contract

DOCUMENT = with_nulls(published())
KEY = {"Authorization": "Bearer fake-key"}
SIZE = 3
"""How many models the oracle and Prism ask for."""


class Defect(NamedTuple):
    """A defect of a gateway, and the expected report of each tool; None if the tool cannot find it."""

    title: str
    planted: Callable[[Handler], Handler]
    schemathesis: str | None
    oracle: str | None
    prism: str | None


def in_page(change: Callable[[Any], object]) -> Callable[[Handler], Handler]:
    """Return what makes a gateway change every page."""

    def planted(answer: Handler) -> Handler:
        def answering(request: Request) -> Reply:
            reply = answer(request)
            if reply.status != 200:
                return reply
            page = json.loads(reply.body)
            change(page)
            return Reply(200, reply.headers, json.dumps(page).encode())

        return answering

    return planted


def in_models(**fields: Any) -> Callable[[Handler], Handler]:
    """Return what makes a gateway set properties of every model."""
    return in_page(lambda page: [model.update(fields) for model in page["models"]])


def instead(when: Callable[[Request], bool], other: Callable[[Request], Reply]) -> Callable[[Handler], Handler]:
    """Return what makes a gateway give some requests another answer."""
    return lambda answer: lambda request: other(request) if when(request) else answer(request)


def asked_rightly(request: Request) -> Reply:
    """Return the answer to a request that has the key and no parameters, whatever it has."""
    headers = {"authorization": KEY["Authorization"]}
    return FakeGateway().reply(Request("GET", "/v1/accounts/fireworks/models", (), headers))


def has(name: str) -> Callable[[Request], bool]:
    """Return what tells whether a request that has the key has a parameter, with some value."""
    return lambda request: bool(dict(request.query).get(name)) and "authorization" in request.headers


def refused_as(status: int, body: object) -> Callable[[Request], Reply]:
    """Return what answers any request with a status and a body."""
    return lambda request: Reply(status, {"content-type": "application/json"}, json.dumps(body).encode())


def is_page(request: Request) -> bool:
    """Say whether a request asks for no more than a page."""
    return not request.query or {name for name, _ in request.query} == {"pageSize"}


DEFECTS = [
    Defect(
        "a string for a number", in_models(contextLength="8192"), "JsonSchemaError", "contextLength", "contextLength"
    ),
    Defect("a number for a string", in_models(cluster=7), None, "cluster", "cluster must be string"),
    Defect("a new enum value", in_models(state="RETIRED"), "JsonSchemaError", "state", "allowed values"),
    Defect("an enum's number", in_models(kind=1), None, "kind", "must be string"),
    Defect("a date as text", in_models(deprecationDate="2026-01-01"), None, "deprecationDate", "object"),
    Defect("a null string", in_models(displayName=None), None, "displayName", "displayName"),
    Defect(
        "a token that is a number",
        in_page(lambda p: p.update(nextPageToken=5)),
        "JsonSchemaError",
        "nextPageToken",
        "string",
    ),
    Defect("an item that is null", in_page(lambda p: p["models"].append(None)), None, "models.3", "models.3"),
    Defect("no list of models", in_page(lambda p: p.pop("models")), None, '"models" is a required', None),
    Defect(
        "a list without its envelope",
        in_page(lambda p: p.clear() or p.update(data=[])),
        None,
        "'data' was unexpected",
        None,
    ),
    Defect("a property that there is not", in_models(context_length=5), None, "'context_length' was unexpected", None),
    Defect(
        "a property left out", in_page(lambda p: p["models"][0].pop("cluster")), None, '"cluster" is a required', None
    ),
    Defect("a number beyond int32", in_models(contextLength=2**31), None, "maximum of 2147483647", None),
    Defect("a time without a zone", in_models(createTime="2026-01-01T00:00:00"), None, "createTime", None),
    Defect("no heed of the page size", instead(is_page, asked_rightly), None, "more than 3 items", None),
    Defect("no heed of the key", instead(lambda r: True, asked_rightly), "IgnoredAuth", None, None),
    Defect(
        "a page size that is no number", instead(has("pageSize"), asked_rightly), "AcceptedNegativeData", None, None
    ),
    Defect(
        "a filter refused",
        instead(has("filter"), refused_as(400, {"code": 3, "message": "no", "details": []})),
        "RejectedPositiveData",
        None,
        None,
    ),
    Defect(
        "a filter that it fails on",
        instead(has("filter"), refused_as(500, {"code": 13, "message": "no", "details": []})),
        "ServerError",
        None,
        None,
    ),
    Defect("a status of its own", instead(has("filter"), refused_as(422, {})), "UndefinedStatusCode", None, None),
    Defect(
        "a refusal in another form",
        instead(has("pageToken"), refused_as(400, {"error": "no"})),
        "JsonSchemaError",
        None,
        None,
    ),
    Defect(
        "a page called text",
        lambda answer: lambda r: Reply(200, {"content-type": "text/plain"}, answer(r).body),
        "UndefinedContentType",
        None,
        None,
    ),
]


def found_by(tool: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return the mark that runs a test with each defect that a tool is to find."""
    found = [defect for defect in DEFECTS if getattr(defect, tool) is not None]
    return pytest.mark.parametrize("defect", found, ids=[defect.title for defect in found])


@found_by("schemathesis")
def test_schemathesis_finds(defect: Defect, tmp_path: Path) -> None:
    """Violations of the document, a missing check of the key, and wrong refusals are found."""
    document = with_refusals(with_values(DOCUMENT, VALUES), "400", "401")
    with FaultServer(defect.planted(FakeGateway().reply)) as url:
        found = findings(document, url, tmp_path, examples=20, phases="fuzzing")
    assert defect.schemathesis in found.failures, found.log


def test_schemathesis_finds_a_connection_that_ends(tmp_path: Path) -> None:
    """Without an answer, to every request."""
    with FaultServer(FakeGateway().reply, itertools.repeat(wire.closed_before())) as url:
        found = findings(DOCUMENT, url, tmp_path, examples=5, phases="fuzzing")
    assert found.failures == {"Network Error"}, found.log


@found_by("oracle")
def test_the_oracle_finds(defect: Defect) -> None:
    """Violations of the document in ProtoJSON are found."""
    query = (("pageSize", str(SIZE)),)
    request = Request("GET", "/v1/accounts/fireworks/models", query, {"authorization": KEY["Authorization"]})
    oracle = oracle_of(with_page_size(complete(closed(DOCUMENT)), SIZE))
    assert complaints(oracle, json.loads(FakeGateway().reply(request).body)) == []
    found = complaints(oracle, json.loads(defect.planted(FakeGateway().reply)(request).body))
    assert defect.oracle is not None
    assert any(defect.oracle in complaint for complaint in found), found


class Changing:
    """A gateway whose defect is another in every test, so that one Prism does for all."""

    def __init__(self) -> None:
        self.answer: Handler = FakeGateway().reply

    def __call__(self, request: Request) -> Reply:
        """Answer as is right or wrong just now."""
        return self.answer(request)


@pytest.fixture(scope="module")
def changing() -> Changing:
    """A gateway without a defect yet."""
    return Changing()


@pytest.fixture(scope="module")
def between(changing: Changing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prism]:
    """A Prism before that gateway."""
    with FaultServer(changing) as url, checking(url, written(DOCUMENT, tmp_path_factory.mktemp("document"))) as prism:
        yield prism


@found_by("prism")
def test_prism_finds(defect: Defect, changing: Changing, between: Prism) -> None:
    """Violations of the document are found, and the right response is accepted."""
    changing.answer = FakeGateway().reply
    assert between.answer(KEY, pageSize=str(SIZE)).status_code == 200
    changing.answer = defect.planted(FakeGateway().reply)
    found = between.answer(KEY, pageSize=str(SIZE))
    assert found.status_code == 500
    assert defect.prism is not None
    assert any(defect.prism in each["message"] for each in found.json()["validation"]), found.text
