"""Decoding a page: the shapes of a listing, and the errors of everything else."""

import copy
import json
import pickle
from typing import Any

import httpx
import pytest

from fireworks_gateway import DecodeError, FieldError, Model, Page, RequestTimeoutError
from fireworks_gateway.specification import LIST_MODELS
from fireworks_gateway.testing import FakeGateway, VirtualTime, faults
from tests.client.driving import HTTP_CLIENTS, both_clients
from tests.shared.sample_message import Sample


def fetch_page(listing: dict[str, Any], **options: Any) -> Page[Model]:
    """Return the page that a client decodes from a JSON object."""
    gateway = FakeGateway(faults=[faults.respond(200, json.dumps(listing).encode())])
    return next(gateway.client().models.list(**options).pages())


MALFORMED: list[tuple[dict[str, Any], str]] = [
    ({"models": {}}, "models is not a list"),
    ({"models": [], "nextPageToken": 5}, "not a string"),
    ({"models": [], "nextPageToken": 0, "next_page_token": "x"}, "not a string"),
    ({"models": [], "nextPageToken": False}, "not a string"),
    ({"models": [], "nextPageToken": "\ud800"}, "cannot be sent back"),
    ({"models": [], "nextPageToken": "t" * 32_769}, "cannot be sent back, of 32,769 characters"),
    ({"models": [], "nextPageToken": "/" * 10_923}, "cannot be sent back, of 10,923 characters"),  # Percent-encoded.
    ({"models": [{}, None]}, "item 2 of 2 is not an object: None"),
    ({"models": [5, {}, None]}, "item 1 of 3 is not an object: 5"),
    ({"code": 7, "message": "no"}, "not a listing: 'no'"),
    ({"error": "no"}, "not a listing: 'no'"),
    ({"deployments": [], "total": 0}, "not a listing: 'deployments, total'"),
    ({"models": [{}], "has_more": True}, "not a listing: 'has_more'"),
    ({"data": [{}], "nextPageToken": ""}, "not a listing: 'data'"),
    ({"data": [{}], "next_page_token": ""}, "not a listing: 'data'"),
]


@pytest.mark.parametrize(("listing", "reason"), MALFORMED)
def test_another_object_is_a_decode_error(listing: dict[str, Any], reason: str) -> None:
    """An object of another shape is never read as an empty listing."""
    with pytest.raises(DecodeError, match=reason):
        fetch_page(listing)


@pytest.mark.parametrize("listing", [{}, {"models": None}, {"models": [], "nextPageToken": None}, {"totalSize": 0}])
def test_an_empty_listing_is_empty(listing: dict[str, Any]) -> None:
    """Absent, null and empty mean the same."""
    page = fetch_page(listing)
    assert (page.items, page.next_page_token, page.problems) == ((), "", ())


@pytest.mark.parametrize("key", ["nextPageToken", "next_page_token"])
def test_a_page_may_have_a_token_only(key: str) -> None:
    """A listing without its items is an empty page; ProtoJSON allows both spellings of a key."""
    page = fetch_page({key: "t" * 32_768}, page_token="this")
    assert (page.items, page.page_token, page.total_size) == ((), "this", None)
    assert page.next_page_token == "t" * 32_768
    assert page.response is not None
    assert page.response.status_code == 200


@pytest.mark.parametrize("token", ["nextPageToken", "next_page_token"])
def test_unknown_keys_beside_list_and_token_are_ignored(token: str) -> None:
    """A later version of the service may send more; the total size is an estimate, and judges nothing."""
    page = fetch_page({"models": [{}], token: "next", "totalSize": 9, "unreachable": ["x"]})
    assert (len(page.items), page.next_page_token, page.total_size) == (1, "next", 9)


PROTO: dict[str, Any] = {
    "name": "m",
    "display_name": "M",
    "context_length": 4096,
    "part": {"owner_name": "x", "size": "7"},
    "number_map": {"top_p": 0.5, "max_tokens": 3},
    "deprecation_date": {"year": 2026},
    "novel_field": 1,
}


@pytest.mark.parametrize("listing", [{"models": [{"name": "n"}, PROTO]}, {"models": [PROTO], "next_page_token": ""}])
def test_keys_in_proto_spelling_are_read(listing: dict[str, Any]) -> None:
    """ProtoJSON requires it of readers: in the listing, its items and messages inside; the keys of maps stay."""
    gateway = FakeGateway(faults=[faults.respond(200, json.dumps(listing).encode())])
    model = gateway.client().list(LIST_MODELS.of(Sample)).to_list()[-1]
    assert (model.display_name, model.context_length) == ("M", 4096)
    assert model.part is not None
    assert (model.part.owner_name, model.part.size) == ("x", 7)
    assert model.number_map == {"top_p": 0.5, "max_tokens": 3}
    assert dict(model.unknown_fields) == {"novel_field": 1}
    assert model.to_dict()["deprecationDate"] == {"year": 2026}


@pytest.mark.parametrize(("proto", "sent", "read"), [("a", "b", "b"), ("a", None, "a"), (None, "b", "b")])
def test_the_json_spelling_has_priority(proto: str | None, sent: str | None, read: str) -> None:
    """If both spellings are sent, in any order, and neither is null."""
    for keys in (["display_name", "displayName"], ["displayName", "display_name"]):
        item = {key: proto if "_" in key else sent for key in keys}
        page = fetch_page({"models": [item], "next_page_token": proto, "nextPageToken": sent})
        assert (page.items[0].display_name, page.next_page_token) == (read, read)


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize(
    "value",
    ["9" * 4301, "[" * 100_000 + "]" * 100_000, '{"a":[' * 50_000 + '"]\\""' + "]}" * 50_000],
    ids=["long", "list", "object"],
)
def test_an_excessive_value_costs_its_field_only(value: str, fast: bool, request: pytest.FixtureRequest) -> None:
    """Its field raises, and every other field and model is decoded; the page can be pickled and saved."""
    # Python 3.12 and later decode thousands of levels; at this depth all versions refuse.
    if not fast:
        request.getfixturevalue("without_fast")
    text = f'{{"models": [{{"name": "]}}", "contextLength": 8}}, {{"name": "b", "contextLength": {value}}}]}}'
    first, second = FakeGateway(faults=[faults.respond(200, text.encode())]).client().models.list()
    assert (first.name, first.context_length, second.name) == ("]}", 8, "b")
    with pytest.raises(FieldError) as raised:
        assert second.context_length
    assert pickle.loads(pickle.dumps(raised.value)) == raised.value
    assert pickle.loads(pickle.dumps(second)) == copy.deepcopy(second) == second
    assert json.loads(second.to_json()) == second.to_dict()


@pytest.mark.parametrize(
    "text", ["[" * 1_000_000, '{"a":' * 2000, "[" * 2000 + "]" * 1999, "[" * 2000 + '"' + "]" * 2000]
)
def test_an_incomplete_deep_body_is_a_decode_error(text: str) -> None:
    """Its values cannot be separated."""
    with pytest.raises(DecodeError):
        FakeGateway(faults=[faults.respond(200, text.encode())]).client().models.list().first()


def test_few_of_many_malformed_items_are_described() -> None:
    """Half a million malformed items cost 20 descriptions and a count."""
    page = fetch_page({"models": [{"name": "a"}, *[1] * 500_000]}, on_malformed="skip")
    assert len(page.items) == 1
    assert len(page.problems) == 21
    assert "with 499,980 further items" in str(page.problems[-1])


@pytest.mark.parametrize(("sent", "total_size"), [(297, 297), ("297", 297), (0, 0), (None, None)])
def test_a_total_size_is_a_number_or_text(sent: Any, total_size: int | None) -> None:
    """An int64 in ProtoJSON is either; null is absent."""
    assert fetch_page({"totalSize": sent}).total_size == total_size


def test_a_malformed_total_size_affects_only_itself() -> None:
    """The items are decoded, and the error is in `problems`."""
    page = fetch_page({"models": [{}], "totalSize": "many"})
    assert (len(page.items), page.total_size) == (1, None)
    assert isinstance(page.problems[0], FieldError)


@both_clients
@pytest.mark.parametrize("name", [None, "accounts/a/models/m"])
def test_endless_empty_pages_end_by_the_deadline_of_the_client(name: str | None, make_client: Any) -> None:
    """`first` and `models.get` need one item, so the deadline of one request limits theirs, after a refusal too."""
    time = VirtualTime()
    began = time.seconds

    def next_page(request: httpx.Request) -> httpx.Response:
        time.wait(1)
        if "filter" in request.url.params and time.seconds - began > 20:
            return httpx.Response(400)
        return httpx.Response(200, json={"models": [], "nextPageToken": f"{time.seconds}"})

    http = HTTP_CLIENTS[make_client](transport=httpx.MockTransport(next_page))
    models = make_client(api_key="k", account_id="a", clock=time.clock, deadline=30, http_client=http).models
    with pytest.raises(RequestTimeoutError):
        models.get(name) if name else models.list().first()
    assert 29 <= time.seconds - began <= 31
