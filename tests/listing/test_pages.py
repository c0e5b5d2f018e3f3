"""Decoding a page: the shapes of a listing, and the errors of everything else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fireworks_gateway import DecodeError, FieldError, Model, Page
from fireworks_gateway.testing import FakeGateway, faults


def fetch_page(listing: dict[str, Any], **options: Any) -> Page[Model]:
    """Return the page that a client decodes from a JSON object."""
    gateway = FakeGateway(faults=[faults.respond(200, json.dumps(listing).encode())])
    return next(gateway.client().models.list(**options).pages())


MALFORMED: list[tuple[dict[str, Any], str]] = [
    ({"models": {}}, "models is not a list"),
    ({"models": "x"}, "models is not a list"),
    ({"models": [], "nextPageToken": 5}, "not a string"),
    ({"models": [], "nextPageToken": {}}, "not a string"),
    ({"models": [], "nextPageToken": False}, "not a string"),
    ({"models": [], "nextPageToken": "\ud800"}, "cannot be sent back"),
    ({"models": [], "nextPageToken": "t" * 70_000}, "cannot be sent back, of 70,000 characters"),
    ({"models": [], "nextPageToken": "t" * 32_769}, "cannot be sent back, of 32,769 characters"),
    ({"models": [{}, None]}, "item 2 of 2 is not an object: None"),
    ({"models": [[]]}, "item 1 of 1"),
    ({"models": [5, {}, None]}, "item 1 of 3 is not an object: 5"),
    ({"code": 7, "message": "no"}, "not a listing: 'no'"),
    ({"error": "no"}, "not a listing: 'no'"),
    ({"deployments": []}, "not a listing: 'deployments'"),
    ({"deployments": [], "total": 0}, "not a listing: 'deployments, total'"),
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


def test_a_malformed_item_can_be_skipped() -> None:
    """The rest of the page is decoded, and the errors are in `problems`."""
    listing = {"models": [{"name": "a"}, 5, {"name": "b"}, None], "totalSize": 4}
    page = fetch_page(listing, on_malformed="skip")
    assert [model.name for model in page.items] == ["a", "b"]
    assert len(page.problems) == 2
    assert "item 2 of 4 is not an object: 5" in str(page.problems[0])


@pytest.mark.parametrize(("sent", "total_size"), [(297, 297), ("297", 297), (0, 0), (None, None)])
def test_a_total_size_is_a_number_or_text(sent: Any, total_size: int | None) -> None:
    """An int64 in ProtoJSON is either; null is absent."""
    assert fetch_page({"totalSize": sent}).total_size == total_size


def test_a_malformed_total_size_affects_only_itself() -> None:
    """The items are decoded, and the error is in `problems`."""
    page = fetch_page({"models": [{}], "totalSize": "many"})
    assert (len(page.items), page.total_size) == (1, None)
    assert isinstance(page.problems[0], FieldError)
