"""Tests of pages and page tokens in the fake gateway (AIP-158)."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fireworks_gateway.testing import FakeGateway, Request
from fireworks_gateway.testing._service import Parameters, Place, Refusal, parse_token

GATEWAY = FakeGateway(7)


def page(gateway: FakeGateway, **query: object) -> dict[str, Any]:
    """Return the JSON object that a gateway sends for a query; an error has a code."""
    asked = tuple((name, str(value)) for name, value in query.items())
    headers = {"authorization": "Bearer fake-key"}
    reply = gateway.reply(Request("GET", "/v1/accounts/fireworks/models", asked, headers))
    body: dict[str, Any] = json.loads(reply.body)
    assert (reply.status == 200) == ("models" in body)
    return body


def test_no_page_size_and_zero_mean_the_default() -> None:
    """Neither is an error."""
    gateway = FakeGateway(60)
    assert page(gateway) == page(gateway, page_size=0) == page(gateway, page_size=50)


def test_a_page_size_above_the_largest_is_the_largest() -> None:
    """It is no error either."""
    gateway = FakeGateway(210)
    assert page(gateway, page_size=2**31 - 1) == page(gateway, page_size=200)


@pytest.mark.parametrize("size", [-1, -(2**31)])
def test_a_negative_page_size_is_refused(size: int) -> None:
    """With INVALID_ARGUMENT, on any page."""
    gateway = FakeGateway(2)
    token = page(gateway, page_size=1)["nextPageToken"]
    assert page(gateway, page_size=size)["code"] == page(gateway, page_size=size, page_token=token)["code"] == 3


@pytest.mark.parametrize("size", range(1, 8))
def test_only_an_empty_token_is_the_end(size: int) -> None:
    """However full the last page is; an empty listing has one page."""
    gateway, token, counts = FakeGateway(6), "", list[int]()
    while token or not counts:
        answer = page(gateway, page_size=size, page_token=token)
        counts.append(len(answer["models"]))
        token = answer["nextPageToken"]
    assert counts == [min(size, 6 - start) for start in range(0, 6, size)]
    assert page(FakeGateway(0)) == {"models": [], "nextPageToken": "", "totalSize": 0}


def test_the_page_size_may_change_on_the_way() -> None:
    """Each page begins at the end of the one before: pages of 10, 20 and 30 models begin at 0, 10 and 30."""
    gateway, token, offsets = FakeGateway(100), "", list[int]()
    names = [model["name"] for model in page(gateway, page_size=200)["models"]]
    for size in (10, 20, 30):
        answer = page(gateway, page_size=size, page_token=token)
        offsets.append(names.index(answer["models"][0]["name"]))
        token = answer["nextPageToken"]
    assert offsets == [0, 10, 30]


@pytest.mark.parametrize("changed", [{"filter": "public = true"}, {"order_by": "kind"}, {"read_mask": "name"}], ids=str)
def test_other_parameters_may_not_change(changed: dict[str, str]) -> None:
    """A token is refused with any other parameter than its own, in either direction."""
    gateway = FakeGateway(50)
    for before, after in [({}, changed), (changed, {})]:
        token = page(gateway, page_size=1, **before)["nextPageToken"]
        refused = page(gateway, page_size=1, page_token=token, **after)
        assert (refused["code"], "other parameters" in refused["message"]) == (3, True)


def test_a_token_of_another_account_is_refused() -> None:
    """The account is bound like the other parameters."""
    token = page(FakeGateway(50), page_size=1)["nextPageToken"]
    assert parse_token(Parameters(page_token=token), "fireworks") == Place(1)
    with pytest.raises(Refusal) as refused:
        parse_token(Parameters(page_token=token), "other")
    assert "other parameters" in refused.value.message


def test_a_token_can_stand_in_an_address() -> None:
    """It needs no escape, and its text is opaque."""
    for size in (7, 12, 123):  # Of each length modulo 3, so that some would be padded.
        token = page(FakeGateway(150), page_size=size)["nextPageToken"]
        assert re.fullmatch(r"[\w-]+", token, re.ASCII)
        assert not token.isdigit()
        assert len(page(FakeGateway(150), page_size=200, page_token=token)["models"]) == 150 - size


def test_the_total_counts_matches() -> None:
    """On every page."""
    gateway, query = FakeGateway(), {"filter": "supports_serverless = true", "page_size": 15}
    first = page(gateway, **query)
    second = page(gateway, **query, page_token=first["nextPageToken"])
    assert first["totalSize"] == second["totalSize"] == len(first["models"]) + len(second["models"])


def encoded(text: str) -> str:
    """Return the page token of a text."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decoded(token: str) -> str:
    """Return the text of a page token."""
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()


@given(token=st.text(min_size=1) | st.text('[]{},:.eE-+09nulrfats" \\', min_size=1).map(encoded))
@example(token="invalid")
@example(token="\ud800")
@example(token=encoded("[" * 100_000))
@example(token=encoded("9" * 5_000))
@example(token=encoded('[-1, ""]'))
@example(token=encoded('{"a": 1, "b": 2}'))
def test_a_malformed_page_token_is_refused(token: str) -> None:
    """Whatever its characters, and whatever JSON is in it."""
    refused = page(GATEWAY, pageToken=token)
    assert refused["code"] == 3
    assert "page_token" in refused["message"]


MISCOPIED: dict[str, Callable[[str], str]] = {
    "padded": lambda token: f"{token}=",
    "with what base64 skips": lambda token: f"{token[:3]}!{token[3:]}",
    "with what JSON skips": lambda token: encoded(f" {decoded(token)}"),
    "true for 1": lambda token: encoded(decoded(token).replace("[1,", "[true,")),
    "before the first": lambda token: encoded(decoded(token).replace("[1,", "[-1,")),
    "cut": lambda token: token[:-1],
}


@pytest.mark.parametrize("miscopied", MISCOPIED.values(), ids=MISCOPIED)
def test_a_page_token_is_good_only_as_it_was_given(miscopied: Callable[[str], str]) -> None:
    """A changed token is refused."""
    token = page(GATEWAY, pageSize=1)["nextPageToken"]
    assert miscopied(token) != token
    assert "models" in page(GATEWAY, pageSize=1, pageToken=token)
    assert page(GATEWAY, pageSize=1, pageToken=miscopied(token))["code"] == 3


def test_a_page_token_may_lead_to_the_first_model() -> None:
    """Like that of an empty page at the start."""
    token = page(GATEWAY, pageSize=1)["nextPageToken"]
    first = encoded(decoded(token).replace("[1,", "[0,"))
    assert page(GATEWAY, pageSize=1, pageToken=first)["models"] == page(GATEWAY, pageSize=1)["models"]
