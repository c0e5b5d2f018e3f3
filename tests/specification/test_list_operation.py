"""A list operation checks its parameters before anything is sent."""

import pickle
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from attrs import evolve

from fireworks_gateway import AsyncGatewayClient, BookmarkError, ConfigurationError, GatewayClient, ListOperation, Model
from fireworks_gateway.specification import LIST_MODELS, ModelFields
from fireworks_gateway.testing import FaultServer, Reply, Request

NOON = datetime(2026, 2, 14, 12, tzinfo=UTC)


def build(account_id: str, shape_id: str, *, since: datetime, kind: Any = None, page_token: str = "") -> dict[str, Any]:
    """Return a request, as a generated function does."""
    params = {"since": since.isoformat(), "kind": None if kind is None else kind.value, "pageToken": page_token or None}
    url = f"/v1/accounts/{quote(account_id, safe='')}/shapes/{quote(shape_id, safe='')}/versions"
    sent = {name: value for name, value in params.items() if value is not None}
    return {"method": "get", "url": url, "params": sent, "headers": {"X-Reason": "test"}}


LIST_VERSIONS: ListOperation[ModelFields] = ListOperation(
    "LIST_VERSIONS",
    path="/v1/accounts/{account_id}/shapes/{shape_id}/versions",
    items="versions",
    message=ModelFields,
    build=build,
    parameters={name: name for name in ("account_id", "shape_id", "since", "kind", "page_token")},
    in_path=("account_id", "shape_id"),
    required=("account_id", "shape_id", "since"),
)
VERSIONS = LIST_VERSIONS.with_parameters(shape_id="s", since=NOON)

REFUSED: list[tuple[ListOperation[Any], dict[str, Any], str]] = [
    (LIST_VERSIONS, {}, r"requires shape_id, since: pass list_versions\(shape_id=\.\.\.\) to list\(\)"),
    (VERSIONS, {"filter": "a = b"}, "filter must be a parameter of LIST_VERSIONS: account_id, shape_id"),
    (VERSIONS, {"page_size": 5}, "page_size must be a parameter"),
    (VERSIONS, {"order_by": "name", "read_mask": "name"}, "order_by must be a parameter"),
    (VERSIONS.with_parameters(kind="text"), {}, r"LIST_VERSIONS has a parameter that cannot be sent.*'kind': 'text'"),
    (VERSIONS, {"page_token": 5}, "page_token"),
    (VERSIONS, {"account_id": "a/b"}, "account"),
]


@pytest.mark.parametrize(("operation", "arguments", "expected"), REFUSED)
def test_a_parameter_that_cannot_be_sent_is_refused(
    operation: ListOperation[Any], arguments: dict[str, Any], expected: str
) -> None:
    """By the sync and the async client, at the call."""
    for client in (GatewayClient(api_key="k", account_id="a"), AsyncGatewayClient(api_key="k", account_id="a")):
        with pytest.raises(ConfigurationError, match=expected):
            client.list(operation, **arguments)


@pytest.mark.parametrize("segment", ["a/b", "..", ".", "", "None", "a?b", " ", None, 5])
def test_a_parent_is_one_segment_of_the_path(segment: Any) -> None:
    """Anything else would be another path; None means unset, and a parent must be set."""
    with pytest.raises(ConfigurationError, match="shape_id"):
        GatewayClient(api_key="k", account_id="a").list(LIST_VERSIONS.with_parameters(shape_id=segment, since=NOON))


@pytest.mark.parametrize("since", [datetime(2026, 2, 14), [NOON, datetime(2026, 2, 14)]])
def test_a_time_has_a_time_zone(since: Any) -> None:
    """Without one it is ambiguous."""
    with pytest.raises(ConfigurationError, match="since of LIST_VERSIONS must have a time zone"):
        LIST_VERSIONS.with_parameters(shape_id="s", since=since)


@pytest.mark.parametrize(
    ("operation", "name"), [(LIST_MODELS, "novel"), (LIST_VERSIONS, "page_token"), (VERSIONS, "x")]
)
def test_with_parameters_takes_extra_parameters(operation: ListOperation[Any], name: str) -> None:
    """The standard parameters are arguments of `client.list`."""
    message = rf"{name} is not an extra parameter of {operation.name}. Available: (no extra parameters|\w+)"
    with pytest.raises(ConfigurationError, match=message):
        operation.with_parameters(**{name: "x"})


def test_parameters_are_sent() -> None:
    """Path, query and headers; a parameter that is None, and the page size of an operation without one, are not."""
    server = FaultServer(versions)
    with server as url, GatewayClient(api_key="k", account_id="a", base_url=url) as client:
        items = client.list(VERSIONS.with_parameters(kind=None), account_id="accounts/b", limit=3).to_list()
    assert [item.name for item in items] == ["accounts/a/models/0", "accounts/a/models/1", "accounts/a/models/2"]
    first, second = server.requests
    assert first.path == "/v1/accounts/b/shapes/s/versions"
    assert first.query == (("since", "2026-02-14T12:00:00+00:00"),)
    assert dict(second.query) == {"since": "2026-02-14T12:00:00+00:00", "pageToken": "two"}
    assert first.headers["x-reason"] == "test"
    assert first.headers["authorization"] == "Bearer k"


def test_a_text_is_sent_for_a_standard_parameter_with_an_enum() -> None:
    """The generated function reads the value of an enum; the service may know more orders than the document."""
    operation = evolve(
        LIST_MODELS, build=lambda order_by_: {"orderBy": order_by_.value}, parameters={"order_by": "order_by_"}
    )
    assert operation.request({"order_by": "name desc"}) == {"orderBy": "name desc"}


def versions(request: Request) -> Reply:
    """Respond with two pages of two items."""
    start = 2 if "pageToken" in dict(request.query) else 0
    names = ", ".join(f'{{"name": "accounts/a/models/{number}"}}' for number in (start, start + 1))
    token = "" if start else ', "nextPageToken": "two"'
    return Reply(200, {"content-type": "application/json"}, f'{{"versions": [{names}]{token}}}'.encode())


def test_a_bookmark_is_of_its_operation_and_parameters() -> None:
    """It resumes the rest of its listing, and no other."""
    with FaultServer(versions) as url, GatewayClient(api_key="k", account_id="a", base_url=url) as client:
        pager = client.list(VERSIONS)
        items = iter(pager)
        before = [next(items), next(items), next(items)]
        assert [*before, *pager.resume(items.bookmark.to_json())] == pager.to_list()
        for other in (client.list(VERSIONS.with_parameters(shape_id="t")), client.models.list()):
            with pytest.raises(BookmarkError):
                other.resume(items.bookmark)


def test_an_operation_is_a_value() -> None:
    """It compares, has a hash, pickles, and reads its items as another class."""
    assert LIST_VERSIONS.with_parameters(shape_id="s", since=NOON) == VERSIONS
    assert hash(LIST_VERSIONS.with_parameters(shape_id="s", since=NOON)) == hash(VERSIONS)
    assert pickle.loads(pickle.dumps(VERSIONS)) == VERSIONS
    assert LIST_MODELS.of(Model).message is Model
    assert LIST_MODELS.of(Model) != LIST_MODELS
    assert repr(LIST_MODELS).startswith(f"ListOperation(name='LIST_MODELS', path='{LIST_MODELS.path}'")


def test_rows_are_of_any_message() -> None:
    """With the columns of the operation's own message."""
    with FaultServer(versions) as url, GatewayClient(api_key="k", account_id="a", base_url=url) as client:
        rows = list(client.list(VERSIONS).rows(["name", ModelFields.kind]))
    assert rows[0] == {"name": "accounts/a/models/0", "kind": None}
