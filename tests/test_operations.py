"""Any list operation can be listed: found by what it takes and answers, in documents that we do not know."""

from __future__ import annotations

import asyncio
import copy
import pickle
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from fireworks_gateway import (
    AsyncGatewayClient,
    BookmarkError,
    ConfigurationError,
    FieldError,
    GatewayClient,
    Model,
    PartialDate,
    Unrecognized,
)
from fireworks_gateway._parameters import query_parameters_of
from fireworks_gateway._shapes import endpoint_of
from fireworks_gateway.catalogue import Snapshot
from fireworks_gateway.fields import Field, Message, integer64, open_enum, string, timestamp
from fireworks_gateway.testing import FakeGateway, FaultServer, Request
from fireworks_gateway_openapi.api.gateway import gateway_list_models

from .documents import (
    RESOURCES,
    SIZE,
    Generated,
    Service,
    document,
    expected_of,
    generated,
    items_of,
    resources,
    served,
    walked,
    walked_async,
)

NOON = datetime(2026, 2, 14, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    """A package of one list operation of every shape."""
    yield from generated(tmp_path_factory.mktemp("shapes"), "document_of_shapes", RESOURCES)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    """A package of three list operations."""
    yield from generated(tmp_path_factory.mktemp("three"), "document_of_three", resources(3))


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    """A package of operations that look like lists, with names that collide."""
    yield from generated(tmp_path_factory.mktemp("odd"), "document_of_odd", RESOURCES[:4], whole=odd_document())


def odd_document() -> dict[str, Any]:
    """Return a document whose first list has two lists in it, the second no page token, and so on."""
    made = document(RESOURCES[:4])
    two, tokenless, _, signed = (made["paths"][each.path]["get"] for each in RESOURCES[:4])
    two["parameters"].append({"name": "accountId", "in": "query", "schema": {"type": "string"}})
    # What is an object is spread over the query string, by whatever names it has.
    spread = {"type": "object", "properties": {"deep": {"type": "boolean"}}}
    two["parameters"].append({"name": "view", "in": "query", "schema": spread})
    del tokenless["parameters"][1]
    signed["parameters"].append({"name": "X-Reason", "in": "header", "required": True, "schema": {"type": "string"}})
    answers = [made["components"]["schemas"][f"gateway{each.operation}Response"] for each in RESOURCES[:4]]
    answers[0]["properties"]["accounts"] = answers[3]["properties"]["accounts"]
    answers[2]["properties"]["checkpoints"]["items"] = {"type": "string"}
    return made


@pytest.mark.parametrize("name", ["package", "shapes"])
def test_every_list_operation_is_walked(name: str, request: pytest.FixtureRequest) -> None:
    """Every item of each, in order, sync and async, whatever the operation lacks."""
    package: Generated = request.getfixturevalue(name)
    assert walked(package) == asyncio.run(walked_async(package)) == expected_of(package.listed)


def test_operations_that_are_no_list_are_refused(package: Generated) -> None:
    """Getting, making and deleting one, each told from listing by what it takes and answers."""
    client = GatewayClient(api_key="k", account_id="a")
    for each in package.listed:
        for verb, why in {"Get": "no nextPageToken", "Create": "it is a POST", "Delete": "it is a DELETE"}.items():
            with pytest.raises(ConfigurationError, match=why):
                client.list(package.endpoint(f"{verb}{each.item}"))


def asked(package: Generated, number: int, **arguments: Any) -> Request:
    """Return the first request of a listing of a resource by its number."""
    server = FaultServer(Service(package.listed).reply)
    with server as url, GatewayClient(api_key="k", account_id="a", base_url=url) as client:
        client.list(package.endpoint(package.listed[number].operation), **arguments).first()
    return server.requests[0]


@pytest.mark.parametrize(
    ("number", "arguments", "path", "query"),
    [
        (0, {}, "/v1/accounts/a/deployments", {"pageSize": "200"}),
        (0, {"account_id": "accounts/b", "limit": 3}, "/v1/accounts/b/deployments", {"pageSize": "3"}),
        (0, {"parameters": {"show_deleted": True}}, "", {"pageSize": "200", "showDeleted": "true"}),
        (0, {"parameters": {"showDeleted": False, "show_deleted": None}}, "", {"pageSize": "200"}),
        (1, {"parameters": {"start_time": NOON}}, "", {"pageSize": "200", "startTime": "2026-02-14T12:00:00+00:00"}),
        (1, {"parameters": {"states": ["READY"], "email": "a@b"}}, "", {"states": "READY", "email": "a@b"}),
        (2, {"parameters": {"rlor_trainer_job_id": "j"}}, "/v1/accounts/a/rlor_trainer_jobs/j/checkpoints", {}),
        (2, {"parameters": {"rlor_trainer_job_id": 7}}, "/v1/accounts/a/rlor_trainer_jobs/7/checkpoints", {}),
        (3, {"filter": "name = a", "order_by": "name"}, "/v1/accounts", {"filter": "name = a", "orderBy": "name"}),
        (8, {}, "/v1/accounts/a/quotas", {}),
        (9, {"parameters": {"type": "READY"}, "read_mask": "name"}, "", {"type": "READY", "readMask": "name"}),
    ],
)
def test_what_is_given_is_sent_under_the_documents_names(
    shapes: Generated, number: int, arguments: dict[str, Any], path: str, query: dict[str, str]
) -> None:
    """In the path or in the query string, as each operation has it; what it does not take is not sent by itself."""
    request = asked(shapes, number, **arguments)
    assert request.path == (path or request.path)
    assert query.items() <= dict(request.query).items()
    assert len(dict(request.query).keys() - query.keys() - {"pageSize"}) == 0
    assert ("pageSize" in dict(request.query)) == ("pageSize" in shapes.listed[number].parameters)


@pytest.mark.parametrize(
    ("number", "arguments", "told"),
    [
        (0, {"parameters": {"show_delete": True}}, "did you mean show_deleted"),
        (0, {"parameters": {"show_deleted": "yes"}}, "show_deleted takes True or False; not 'yes'"),
        (0, {"parameters": {"pageSize": 5}}, "page_size is an argument of its own"),
        (0, {"parameters": {"account_id": "b"}}, "account_id is an argument of its own"),
        (0, {"parameters": ["show_deleted"]}, "parameters is a mapping"),
        (1, {"parameters": {"start_time": "2026-02-14"}}, "start_time takes a datetime with a time zone"),
        (1, {"parameters": {"start_time": datetime(2026, 2, 14)}}, "a datetime with a time zone"),
        (1, {"parameters": {"states": "READY"}}, "a list, each item one of CREATING, READY, STATE_UNSPECIFIED"),
        (1, {"parameters": {"states": ["GONE"]}}, "each item one of"),
        (1, {"parameters": {"email": 5}}, "email takes text"),
        (1, {"parameters": {"email": "\ud800"}}, "text in the words of the service"),
        (2, {}, "asked of one rlor_trainer_job_id"),
        (2, {"parameters": {"rlor_trainer_job_id": "a/b"}}, "one part of a path"),
        (2, {"parameters": {"rlor_trainer_job_id": ".."}}, "one part of a path"),
        (2, {"parameters": {"rlor_trainer_job_id": True}}, "one part of a path"),
        (2, {"parameters": {"rlor_trainer_job_id": 1.5}}, "one part of a path"),
        (2, {"parameters": {"rlor_trainer_job_id": "j"}, "filter": "name = a"}, "takes no filter"),
        (3, {"account_id": "b"}, "takes no account_id"),
        (5, {"filter": "name = a"}, "takes no filter"),
        (8, {"page_size": 5}, "takes no page_size; did you mean page_token"),
        (9, {"parameters": {"type": "NEW"}}, "type takes one of CREATING, READY, STATE_UNSPECIFIED"),
        (0, {"item": Model}, "declared for another"),
        (0, {"item": Model.status}, "item is a Message class"),
        (0, {"item": dict}, "item is a Message class"),
        (0, {"page_token": 5}, "page_token is a token"),
    ],
)
def test_what_the_operation_does_not_take_is_refused_at_the_call(
    shapes: Generated, number: int, arguments: dict[str, Any], told: str
) -> None:
    """Sync and async, saying what is near, before anything is sent."""
    endpoint = shapes.endpoint(shapes.listed[number].operation)
    with pytest.raises(ConfigurationError, match=told):
        GatewayClient(api_key="k", account_id="a").list(endpoint, **arguments)
    with pytest.raises(ConfigurationError, match=told):
        AsyncGatewayClient(api_key="k", account_id="a").list(endpoint, **arguments)


def test_what_the_document_requires_is_asked_for(shapes: Generated) -> None:
    """By the name that it is given by; what need not be given is nothing, and the page token the walk's to say."""
    endpoint = endpoint_of(shapes.endpoint("ListDeployments"))
    assert endpoint is not None
    needy = endpoint._replace(needed=frozenset({endpoint.query["show_deleted"]}))
    with pytest.raises(ConfigurationError, match="needs show_deleted; give it"):
        query_parameters_of(needy, {})
    assert query_parameters_of(needy, {"show_deleted": False}) == query_parameters_of(endpoint, {"show_deleted": False})
    assert query_parameters_of(endpoint, {}) == dict.fromkeys(endpoint.query.keys() - {"page_token"})


@pytest.mark.parametrize(
    "module", [sys, "gateway_list_models", gateway_list_models.sync, None, []], ids=lambda value: type(value).__name__
)
def test_what_is_no_endpoint_module_is_refused(module: Any) -> None:
    """With an example of one."""
    with pytest.raises(ConfigurationError, match=r"gateway_list_models, and not of a function"):
        GatewayClient(api_key="k", account_id="a").list(module)


def test_an_item_without_a_declared_view_is_read_as_its_generated_class_says(shapes: Generated) -> None:
    """Every kind of value by the same rules as a model's; what the document lacks is kept."""
    with served(shapes) as client:
        item: Any = client.list(shapes.endpoint("ListDeployments")).first()
    state = shapes.model("GatewayState")
    assert (item.name, item.state, item.min_replicas, item.price) == ("deployments/0", state.READY, 2, 0.5)
    assert item.create_time == datetime(2026, 2, 14, 10, 20, 30, 123456, tzinfo=UTC)
    assert (item.token_count, item.expire_date) == ("9007199254740993", PartialDate(2027, 3))
    assert (item.labels, item.regions) == ({"team": "a"}, ("eu", "us"))
    assert item.history == (state.CREATING, "NEWER")
    assert isinstance(item.history[1], Unrecognized)
    assert (item.public, item.status.message, item.parent) == (True, "well", None)
    assert (item.children[0].state, item.by_name["twin"].name) == (state.CREATING, "twin")
    assert (item.anything, item.either, item.maybe) == ({"at": ["all"]}, 7, None)
    assert (item.type_, item.class_, item.h100_count) == ("t", "c", 8)
    assert (item.has_, item.payload_.payload) == (False, {"some": "thing"})
    assert item.payload["payload"] == {"some": "thing"}
    assert item.unknown_fields == {"novel": 1}


def test_what_has_no_type_is_asked_for_by_text(shapes: Generated) -> None:
    """The document does not say how a value of it would be written in a filter."""
    view: Any = type(first_of(shapes))
    with pytest.raises(ConfigurationError, match=r"anything takes no value from here.* give the filter as text; not 7"):
        assert view.anything == 7


def test_a_snapshot_is_of_models(shapes: Generated) -> None:
    """Another listing is refused before anything is sent, as it may lack an account, a mask, or names."""
    pager: Any = GatewayClient(api_key="k", account_id="a").list(shapes.endpoint("ListDeployments"))
    with pytest.raises(ConfigurationError, match=r"this takes Pager, such as client\.models\.list\(\) returns"):
        Snapshot.take(pager)


def test_a_derived_view_keeps_the_rules_of_views(shapes: Generated) -> None:
    """A bad value costs its field; on the class a field is its name on the wire; items copy, pickle and compare."""
    view: Any = type(first_of(shapes))
    odd = view({"name": "n", "minReplicas": "many", "state": 9, "parent": {"price": "dear"}})
    with pytest.raises(FieldError, match="min_replicas of n should be an integer"):
        _ = odd.min_replicas
    with pytest.raises(FieldError, match=r"parent\.price of n"):
        _ = odd.parent.price
    assert repr(odd.state) == "Unrecognized('9')"
    assert str((view.min_replicas > 1) & view.public) == "min_replicas > 1 AND public = true"
    assert str(view.type_ == "a") == 'type = "a"'
    assert str(view.parent.parent.has_) == "parent.parent.has"
    assert not view({"name": "", "state": "STATE_UNSPECIFIED", "labels": {}, "parent": None})
    assert pickle.loads(pickle.dumps(odd)) == copy.deepcopy(odd) == odd
    assert first_of(shapes) == first_of(shapes)


def first_of(package: Generated) -> Message:
    """Return the first deployment of a document."""
    with served(package) as client:
        item = client.list(package.endpoint("ListDeployments")).first()
    assert item is not None
    return item


def test_a_named_resource_is_a_few_declared_lines(shapes: Generated) -> None:
    """Declared fields are the item's, and say what the generated class cannot: that an int64 is a number."""

    class Deployment(Message, generated=shapes.model("GatewayDeployment")):
        name = Field("name", string, doc="The resource name.")
        state = Field("state", open_enum(shapes.model("GatewayState")), doc="What it is doing.")
        create_time = Field("createTime", timestamp, doc="When it was created.")
        token_count = Field("tokenCount", integer64, doc="How many tokens it has seen.")

    with served(shapes) as client:
        deployments = client.list(
            shapes.endpoint("ListDeployments"), item=Deployment, order_by=Deployment.create_time.desc()
        ).to_list()
    assert [type(each) for each in deployments] == [Deployment] * SIZE
    assert (deployments[1].name, deployments[0].token_count) == ("deployments/1", 9007199254740993)
    assert "minReplicas" in deployments[0].unknown_fields


def test_the_models_of_this_document_are_listed_the_same_way() -> None:
    """As models, since those are declared, from the same requests, and a bookmark of one is one of the other."""
    gateway = FakeGateway(5)
    client = gateway.client()
    assert [*client.list(gateway_list_models)] == [*client.models.list()]
    assert {type(item) for item in client.list(gateway_list_models)} == {Model}
    assert len({request.target for request in gateway.requests}) == 1
    assert client.list(gateway_list_models) == client.models.list()
    assert client.models.list().resume(iter(client.list(gateway_list_models)).bookmark).to_list()


def test_a_bookmark_is_of_its_operation_and_parameters(shapes: Generated) -> None:
    """It resumes the rest of its listing, and no other one."""
    with served(shapes) as client:
        endpoint = shapes.endpoint("ListAuditLogs")
        pager = client.list(endpoint, parameters={"start_time": NOON})
        items = iter(pager)
        before = [next(items), next(items), next(items)]
        assert [*before, *pager.resume(items.bookmark.to_json())] == pager.to_list()
        for other in (client.list(endpoint), client.list(shapes.endpoint("ListDeployments"))):
            with pytest.raises(BookmarkError):
                other.resume(items.bookmark)


def test_a_list_among_several_is_chosen_by_the_class_of_its_items(odd: Generated) -> None:
    """An answer with two lists of messages is refused until `item` says which, since nothing else can."""

    class Deployment(Message, generated=odd.model("GatewayDeployment")):
        name = Field("name", string, doc="The resource name.")

    endpoint = odd.endpoint("ListDeployments")
    with served(odd) as client:
        with pytest.raises(
            ConfigurationError, match="accounts of GatewayAccount, deployments of GatewayDeployment; say which"
        ):
            client.list(endpoint)
        names = [each.name for each in client.list(endpoint, item=Deployment)]
    assert names == [each["name"] for each in items_of(RESOURCES[0])]


@pytest.mark.parametrize(
    ("operation", "why"),
    [("ListAuditLogs", "no page_token"), ("ListCheckpoints", "list of messages"), ("ListAccounts", "needs x_reason")],
)
def test_what_only_looks_like_a_list_is_refused(odd: Generated, operation: str, why: str) -> None:
    """Without a page token to give, with a list of texts, with a header that nobody would send."""
    with pytest.raises(ConfigurationError, match=why):
        GatewayClient(api_key="k", account_id="a").list(odd.endpoint(operation))


def test_parameters_of_one_name_are_told_apart_by_their_places(odd: Generated) -> None:
    """The account in the path is `account_id`, the one in the query string is called as the generator calls it."""

    class Deployment(Message, generated=odd.model("GatewayDeployment")):
        name = Field("name", string, doc="The resource name.")

    client = GatewayClient(api_key="k", account_id="a")
    pager = client.list(odd.endpoint("ListDeployments"), item=Deployment, parameters={"account_id_query": "b"})
    sent = pager.query.request("")
    assert (sent["url"], sent["params"]["accountId"]) == ("/v1/accounts/a/deployments", "b")
