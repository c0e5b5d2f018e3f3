"""Tests of pages and page tokens in the fake gateway (AIP-158)."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fireworks_gateway.testing import FakeGateway, Request, faults
from fireworks_gateway.testing._service import Parameters, Place, Refusal, parse_token

GATEWAY = FakeGateway(210)


def page(gateway: FakeGateway, **query: object) -> dict[str, Any]:
    """Return the JSON object that a gateway sends for a query; an error has a code."""
    pairs = tuple((name, str(value)) for name, value in query.items())
    reply = gateway.reply(Request("GET", "/v1/accounts/fireworks/models", pairs, {"authorization": "Bearer fake-key"}))
    body: dict[str, Any] = json.loads(reply.body)
    assert (reply.status == 200) == ("models" in body)
    return body


def test_a_page_has_a_default_and_a_largest_size() -> None:
    """No page size and 0 mean the default; a larger size than the largest is no error."""
    assert page(GATEWAY) == page(GATEWAY, page_size=0) == page(GATEWAY, page_size=50)
    assert page(GATEWAY, page_size=2**31 - 1) == page(GATEWAY, page_size=200)


@pytest.mark.parametrize("size", range(1, 8))
def test_only_an_empty_token_is_the_end(size: int) -> None:
    """The last page may have any number of models; an empty listing has one page."""
    gateway, token, counts = FakeGateway(6), "", list[int]()
    while token or not counts:
        answer = page(gateway, page_size=size, page_token=token)
        counts.append(len(answer["models"]))
        token = answer["nextPageToken"]
    assert counts == [min(size, 6 - start) for start in range(0, 6, size)]
    assert page(FakeGateway(0)) == {"models": [], "nextPageToken": "", "totalSize": 0}


def test_the_page_size_may_change_on_the_way() -> None:
    """Each page begins at the end of the one before: pages of 10, 20 and 30 models begin at 0, 10 and 30."""
    token, found = "", list[dict[str, Any]]()
    for size in (10, 20, 30):
        answer = page(GATEWAY, page_size=size, page_token=token)
        found += answer["models"]
        token = answer["nextPageToken"]
    assert found == page(GATEWAY, page_size=60)["models"]


@pytest.mark.parametrize("changed", [{"filter": "state = READY"}, {"order_by": "kind"}, {"read_mask": "name"}], ids=str)
def test_other_parameters_may_not_change(changed: dict[str, str]) -> None:
    """A token is refused with any other parameter than its own, in either direction."""
    for before, after in [({}, changed), (changed, {})]:
        token = page(GATEWAY, page_size=1, **before)["nextPageToken"]
        refused = page(GATEWAY, page_size=1, page_token=token, **after)
        assert (refused["code"], "other parameters" in refused["message"]) == (3, True)


def test_a_token_of_another_account_is_refused() -> None:
    """The account is bound like the other parameters."""
    token = page(GATEWAY, page_size=1)["nextPageToken"]
    assert parse_token(Parameters(page_token=token), "fireworks") == Place(1)
    with pytest.raises(Refusal) as refused:
        parse_token(Parameters(page_token=token), "other")
    assert "other parameters" in refused.value.message


def test_page_numbers_as_tokens() -> None:
    """A walk is complete; with another page size in its middle it skips models, as the real service probably does."""
    gateway = FakeGateway(60, page_numbers=True)
    whole = gateway.client().models.list().to_list()
    pager = gateway.client().models.list(page_size=20)
    assert pager.to_list() == whole
    assert [each.page_token for each in pager.pages()] == ["", "2", "3"]
    assert gateway.client().models.list(page_size=30, page_token="2").to_list() == whole[30:]
    assert page(FakeGateway(60), page_token="2")["code"] == 3


def test_page_numbers_with_faults() -> None:
    """The tokens of faults stay opaque, and the walk is complete."""
    script = [faults.empty_page(), faults.short_page(7), None]
    gateway = FakeGateway(60, page_numbers=True, faults=script)
    assert gateway.client().models.list(page_size=20).to_list() == FakeGateway(60).client().models.list().to_list()


def test_a_token_needs_no_escape() -> None:
    """It has the characters of a query, and its text is opaque."""
    for size in (7, 12, 123):  # Of each length modulo 3, so that some would be padded.
        token = page(GATEWAY, page_size=size)["nextPageToken"]
        assert re.fullmatch(r"[\w-]+", token, re.ASCII)
        assert not token.isdigit()
        assert len(page(GATEWAY, page_size=200, page_token=token)["models"]) == min(200, 210 - size)


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
@example(token=encoded("[" + "9" * 40_000 + ', "x"]'))
@example(token=encoded("[1e999, 2]"))
@example(token=encoded('[-1, ""]'))
@example(token=encoded('{"a": 1, "b": 2}'))
def test_a_malformed_page_token_is_refused(token: str) -> None:
    """The characters do not matter, nor the JSON in it."""
    refused = page(GATEWAY, pageToken=token)
    assert refused["code"] == 3
    assert "page_token" in refused["message"]


MISCOPIED: dict[str, Callable[[str], str]] = {
    "padded": lambda token: f"{token}=",
    "with a character that base64 skips": lambda token: f"{token[:3]}!{token[3:]}",
    "with a space that JSON skips": lambda token: encoded(f" {decoded(token)}"),
    "true for 1": lambda token: encoded(decoded(token).replace("[1,", "[true,")),
    "before the first": lambda token: encoded(decoded(token).replace("[1,", "[-1,")),
    "cut": lambda token: token[:-1],
}


@pytest.mark.parametrize("miscopied", MISCOPIED.values(), ids=MISCOPIED)
def test_a_changed_page_token_is_refused(miscopied: Callable[[str], str]) -> None:
    """Only an exact copy is accepted."""
    token = page(GATEWAY, pageSize=1)["nextPageToken"]
    assert miscopied(token) != token
    assert "models" in page(GATEWAY, pageSize=1, pageToken=token)
    assert page(GATEWAY, pageSize=1, pageToken=miscopied(token))["code"] == 3
