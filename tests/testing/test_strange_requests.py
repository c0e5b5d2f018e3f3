"""Tests of requests that no client of ours sends: each gets a response with a reason."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Iterator
from typing import NamedTuple

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway.testing import FakeGateway
from fireworks_gateway.testing._server import request_from

MODELS = "/v1/accounts/fireworks/models"
KEY = ("Authorization", "Bearer fake-key")
PATIENCE = 20.0
"""For how many seconds an answer may keep a client waiting."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Serve a gateway and return its port."""
    with FakeGateway(3).serve() as url:
        yield httpx.URL(url).port or 0


class Answer(NamedTuple):
    """A response from a socket, until the server closed the connection."""

    status: int
    content_type: str
    body: bytes


def answer_to(
    port: int, target: str, method: str = "GET", headers: tuple[tuple[str, str], ...] = (KEY,), body: bytes = b""
) -> Answer:
    """Return the response to raw bytes, which no client normalizes."""
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers]
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        while part := connection.recv(1 << 16):
            received += part
    head, _, content = received.partition(b"\r\n\r\n")
    status, *named = head.decode("latin-1").split("\r\n")
    types = [line.partition(":")[2].strip() for line in named if line.lower().startswith("content-type:")]
    return Answer(int(status.split()[1]), types[0], content)


def token(text: str) -> str:
    """Return a page token with any text in it."""
    return base64.urlsafe_b64encode(text.encode()).decode()


PAGE_SIZE = "page_size must be an integer of 32 bits, got "

ADDRESSES: list[tuple[str, int, int, str]] = [
    ("/v1/accounts/%zz/models", 400, 3, "hexadecimal digits after %, got '%zz'"),
    ("/v1/accounts/fireworks/models%", 400, 3, "got '%'"),
    ("/v1/accounts/%f/models", 400, 3, "got '%f/'"),
    ("/v1/accounts/%ff%fe/models", 400, 3, "the path must be UTF-8"),
    ("/v1/accounts/%00/models", 403, 7, r"account '\x00' does not exist"),
    ("/v1/accounts/a%0Ab/models", 403, 7, r"account 'a\nb' does not exist"),
    ("/v1/accounts/%25zz/models", 403, 7, "account '%zz' does not exist"),
    ("/v1/accounts/../models", 403, 7, "account '..' does not exist"),
    ("/v1/accounts/" + "a" * 40_000 + "/models", 403, 7, "does not exist"),
    ("/v1/accounts/a%2Fb/models", 404, 5, "Not Found"),
    (f"/{MODELS}", 404, 5, "Not Found"),
    (f"{MODELS}/", 404, 5, "Not Found"),
    (f"{MODELS}%0A", 404, 5, "Not Found"),
    (f"{MODELS}:search", 404, 5, "Not Found"),
    (MODELS.upper(), 404, 5, "Not Found"),
    ("*", 404, 5, "Not Found"),
    (f"{MODELS}?filter=%zz", 400, 3, "the query must have two hexadecimal digits after %, got '%zz'"),
    (f"{MODELS}?%zz=x", 400, 3, "the query must have two hexadecimal digits after %, got '%zz'"),
    (f"{MODELS}?filter=%", 400, 3, "got '%'"),
    (f"{MODELS}?filter=name=%22%ff%22", 400, 3, "the query must be UTF-8"),
    (f"{MODELS}?pageSize=1;filter=x", 400, 3, "separate its parameters with &"),
    (f"{MODELS}?pageSize=1&a;b", 400, 3, "separate its parameters with &"),
    (f"{MODELS}?filter=%00", 400, 3, "unexpected"),
    (f"{MODELS}?filter=" + "a" * 100_000, 400, 3, "a literal alone"),
    (f"{MODELS}?filter=" + "(" * 100_000, 400, 3, "nest at most"),
    (f"{MODELS}?filter=" + "(" * 20_000 + "public=true" + ")" * 20_000, 400, 3, "nest at most"),
    (f"{MODELS}?filter=" + "timestamp(" * 9_000, 400, 3, "nest at most"),
    (f"{MODELS}?filter=" + "-" * 50_000 + "public", 400, 3, "unexpected"),
    (f"{MODELS}?filter=" + "a." * 5_000 + "b=1", 400, 3, "there is no field a"),
    (f"{MODELS}?filter=context_length=" + "9" * 50_000, 400, 3, "context_length"),
    (f"{MODELS}?filter=%22%5Cud800%22=1", 400, 3, "there is no field \ud800"),
    (f"{MODELS}?filter=status.%22%5Cudfff%22=1", 400, 3, "there is no field status.\udfff"),
    (f"{MODELS}?filter=default_sampling_params.%22%5Cud800%22=x", 400, 3, "must be a number"),
    (f"{MODELS}?filter=name%20=%20%22%5Cq%22", 400, 3, "unknown escape"),
    (f"{MODELS}?filter=context_length=1e999999999", 400, 3, "must be an integer"),
    (f"{MODELS}?filter=" + "a" * 100_001, 400, 3, "filter must have at most 100,000 characters, got 100,001"),
    (f"{MODELS}?orderBy=" + "a" * 10_001, 400, 3, "order_by must have at most 10,000 characters, got 10,001"),
    (f"{MODELS}?orderBy=" + "," * 10_000, 400, 3, "order_by must be fields such as"),
    (f"{MODELS}?orderBy=" + "a." * 5_000, 400, 3, "order_by must be fields such as"),
    (f"{MODELS}?orderBy=name" + "+" * 9_000 + "x", 400, 3, "order_by must be fields such as"),
    (f"{MODELS}?pageSize", 400, 3, f"{PAGE_SIZE}''"),
    (f"{MODELS}?pageSize=abc", 400, 3, f"{PAGE_SIZE}'abc'"),
    (f"{MODELS}?pageSize=%D9%A3", 400, 3, f"{PAGE_SIZE}'٣'"),
    (f"{MODELS}?pageSize=5%0A", 400, 3, f"{PAGE_SIZE}'5\\n'"),
    (f"{MODELS}?pageSize=+5", 400, 3, f"{PAGE_SIZE}' 5'"),
    (f"{MODELS}?pageSize=1_0", 400, 3, f"{PAGE_SIZE}'1_0'"),
    (f"{MODELS}?pageSize=0x10", 400, 3, f"{PAGE_SIZE}'0x10'"),
    (f"{MODELS}?pageSize=1e2", 400, 3, f"{PAGE_SIZE}'1e2'"),
    (f"{MODELS}?pageSize=2147483648", 400, 3, f"{PAGE_SIZE}'2147483648'"),
    (f"{MODELS}?pageSize=-2147483649", 400, 3, f"{PAGE_SIZE}'-2147483649'"),
    (f"{MODELS}?pageSize=" + "9" * 100_000, 400, 3, f"{PAGE_SIZE}'999"),
    (f"{MODELS}?pageSize=" + "0" * 30 + "9" * 15, 400, 3, f"{PAGE_SIZE}'000"),
    (f"{MODELS}?pageSize=-2147483648", 400, 3, "must not be negative"),
    (f"{MODELS}?pageSize=1&page_size=1", 400, 3, "page_size must be given once"),
    (f"{MODELS}?pageToken=" + token("[" * 40_000), 400, 3, "must be a token of this gateway"),
    (f"{MODELS}?pageToken=" + token("[" + "9" * 40_000 + ', "x"]'), 400, 3, "must be a token of this gateway"),
    (f"{MODELS}?pageToken=" + token("[1e999, 2]"), 400, 3, "must be a token of this gateway"),
    (f"{MODELS}?pageToken=" + token('{"1": 2, "3": 4}'), 400, 3, "must be a token of this gateway"),
    (f"{MODELS}?pageToken=" + token("[-5, 2]"), 400, 3, "must be a token of this gateway"),
    (f"{MODELS}?pageToken=%00", 400, 3, "must be a token of this gateway"),
    (f"{MODELS}?pageToken=" + "W" * 60_000, 400, 3, "must be a token of this gateway"),
]


def check_refusal(answer: Answer, status: int, code: int, message: str) -> None:
    """Check that a response is a refusal in the service's form, with this message."""
    assert (answer.status, answer.content_type) == (status, "application/json")
    said = json.loads(answer.body)
    assert said == {"code": code, "message": said["message"], "details": []}
    assert message in said["message"]


@pytest.mark.parametrize(
    ("target", "status", "code", "message"), ADDRESSES, ids=[target[:60] for target, *_ in ADDRESSES]
)
def test_a_strange_address_is_refused_with_a_reason(
    port: int, target: str, status: int, code: int, message: str
) -> None:
    """With a code, as grpc-gateway refuses it where that is known."""
    check_refusal(answer_to(port, target), status, code, message)


OTHER_METHODS = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]


def test_a_long_address_may_come_in_parts(port: int) -> None:
    """Its packets make no difference."""
    request = f"GET {MODELS}?x={'a' * 100_000} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer fake-key\r\n\r\n"
    parts = [request[at : at + 20_000].encode() for at in range(0, len(request), 20_000)]
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in parts:
            connection.sendall(part)
            with httpx.Client() as other:  # Which is answered after the part has been read.
                assert other.get(f"http://127.0.0.1:{port}/").status_code == 404
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("method", OTHER_METHODS)
def test_another_method_is_not_implemented(port: int, method: str) -> None:
    """With and without a body; neither a header nor a form makes it a GET."""
    length, form = ("Content-Length", "10"), ("Content-Type", "application/x-www-form-urlencoded")
    check_refusal(answer_to(port, MODELS, method), 501, 12, "Method Not Allowed")
    overridden = (KEY, length, form, ("X-HTTP-Method-Override", "GET"))
    check_refusal(answer_to(port, MODELS, method, overridden, b"pageSize=1"), 501, 12, "Method Not Allowed")


@pytest.mark.parametrize(
    "headers",
    [
        (KEY, KEY),
        (KEY, ("Authorization", "Bearer other")),
        (("Authorization", "Bearer other"), KEY),
        (("Authorization", "Bearer \xff"),),
        (("Authorization", ""),),
        (("Authorization", "Bearer fake-key fake-key"),),
        (("Authorization", "Bearer " + "a" * 50_000),),
    ],
    ids=["twice", "right first", "right last", "latin-1", "empty", "two in one", "long"],
)
def test_one_key_is_needed(port: int, headers: tuple[tuple[str, str], ...]) -> None:
    """Two keys are refused in either order, since servers differ in which one counts."""
    check_refusal(answer_to(port, MODELS, headers=headers), 401, 16, "API key")


LENIENT = [
    "?",
    "?&&&",
    "?=1",
    "?x=%3B",
    "??pageSize=x",
    "?pageSize=-0",
    "?pageSize=%2B3",
    "?pageSize=" + "0" * 30_000 + "7",
    "?" + "a=1&" * 5_000,
    "?x=" + "a" * 60_000,
    "?filter=name%3D%22" + "a" * 60_000 + "%22",
    "?filter=name%3D%22%00%22",
]


@pytest.mark.parametrize("query", LENIENT, ids=[query[:30] for query in LENIENT])
def test_odd_parameters_are_accepted(port: int, query: str) -> None:
    """Unknown and empty names, an escaped semicolon, leading zeros, and length alone do no harm."""
    answer = answer_to(port, MODELS + query)
    assert answer.status == 200
    assert json.loads(answer.body).keys() == {"models", "nextPageToken", "totalSize"}


STRANGE = st.text(st.sampled_from("%;&=+/?. 0aZ\"'()*-\x00\n\x7fé\u2028\U0001f386"), max_size=30)


@given(st.sampled_from(["", "/v1/accounts/", f"{MODELS}"]), STRANGE, STRANGE)
def test_no_address_is_too_strange(start: str, path: str, query: str) -> None:
    """The response to any characters, escaped or not, is a page or a refusal with a reason."""
    for name in ("", "filter=", "orderBy=", "pageSize=", "pageToken="):
        reply = FakeGateway(1).reply(request_from("GET", start + path, name + query, [KEY]))
        assert reply.status in {200, 400, 403, 404}
        assert json.loads(reply.body).get("message", "a page")


@given(st.integers(-(2**40), 2**40), st.sampled_from(["", "0", "000000000000000000000"]), st.booleans())
def test_a_page_size_is_an_int32_in_any_spelling(number: int, zeros: str, signed: bool) -> None:
    """Zeros and a plus sign make no difference; a number out of range or negative is refused."""
    sign = "-" if number < 0 else "%2B" if signed else ""
    reply = FakeGateway(1).reply(request_from("GET", MODELS, f"pageSize={sign}{zeros}{abs(number)}", [KEY]))
    assert (reply.status == 200) == (0 <= number < 2**31)
    assert (b"32 bits" in reply.body) == (not -(2**31) <= number < 2**31)
