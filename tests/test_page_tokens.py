"""Page tokens of the fake gateway: opaque to whoever gets one, and good only as they were given."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fireworks_gateway.testing import FakeGateway, Request

GATEWAY = FakeGateway(7)


def answer_to(**query: str) -> tuple[int, dict[str, Any]]:
    """Return the status and the JSON object with which the gateway answers a query."""
    headers = {"authorization": "Bearer fake-key"}
    reply = GATEWAY.reply(Request("GET", "/v1/accounts/fireworks/models", tuple(query.items()), headers))
    return reply.status, json.loads(reply.body)


def encoded(text: str) -> str:
    """Return what a page token with that text in it would be."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decoded(token: str) -> str:
    """Return the text that is in a page token."""
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()


@given(token=st.text(min_size=1) | st.text('[]{},:.eE-+09nulrfats" \\', min_size=1).map(encoded))
@example(token="invalid")
@example(token="\ud800")
@example(token=encoded("[" * 100_000))
@example(token=encoded("9" * 5_000))
@example(token=encoded('[-1, ""]'))
@example(token=encoded('{"a": 1, "b": 2}'))
def test_what_is_no_page_token_is_refused(token: str) -> None:
    """Whatever it is, and whatever JSON is in it."""
    status, body = answer_to(pageToken=token)
    assert (status, body["code"]) == (400, 3)
    assert "page_token" in body["message"]


MISCOPIED: dict[str, Callable[[str], str]] = {
    "padded": lambda token: f"{token}=",
    "with what base64 skips": lambda token: f"{token[:3]}!{token[3:]}",
    "with what JSON skips": lambda token: encoded(f" {decoded(token)}"),
    "true for 1": lambda token: encoded(decoded(token).replace("[1,", "[true,")),
    "cut": lambda token: token[:-1],
}


@pytest.mark.parametrize("miscopied", MISCOPIED.values(), ids=MISCOPIED)
def test_a_page_token_is_good_only_as_it_was_given(miscopied: Callable[[str], str]) -> None:
    """A client that changes one finds out."""
    token = answer_to(pageSize="1")[1]["nextPageToken"]
    assert miscopied(token) != token
    assert answer_to(pageSize="1", pageToken=token)[0] == 200
    assert answer_to(pageSize="1", pageToken=miscopied(token))[0] == 400
