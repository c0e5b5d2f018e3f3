"""Tests of requests that no client of ours sends: each gets a response with a reason."""

import json
import socket

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway.testing import FakeGateway, Reply
from fireworks_gateway.testing._server import parse_request

MODELS = "/v1/accounts/fireworks/models"
KEY = ("Authorization", "Bearer fake-key")


def reply_to(target: str, method: str = "GET", headers: tuple[tuple[str, str], ...] = (KEY,)) -> Reply:
    """Return the reply to a request whose target no client has normalized."""
    path, _, query = target.partition("?")
    return FakeGateway(3).reply(parse_request(method, path, query, list(headers)))


def check_refusal(reply: Reply, status: int, code: int, message: str) -> None:
    """Check that a reply is a refusal in the service's form, with this message."""
    assert (reply.status, reply.headers["content-type"]) == (status, "application/json")
    body = json.loads(reply.body)
    assert body == {"code": code, "message": body["message"], "details": []}
    assert message in body["message"]
    assert ("www-authenticate" in reply.headers) == (status == 401)


NO_MODELS = ["/v1/accounts//models", "/v1/accounts/a%2Fb/models", "*", MODELS.upper(), f"/{MODELS}"]
SUFFIXED = [f"{MODELS}{end}" for end in ("/", "%0A", ":search")]
PATHS: list[tuple[str, int, int, str]] = [
    (f"{MODELS}%", 400, 3, "got '%'"),
    ("/v1/accounts/%f/models", 400, 3, "got '%f/'"),
    ("/v1/accounts/%ff%fe/models", 400, 3, "the path must be UTF-8"),
    ("/v1/accounts/%00/models", 403, 7, r"account '\x00' does not exist"),
    ("/v1/accounts/%25zz/models", 403, 7, "account '%zz' does not exist"),
    ("/v1/accounts/../models", 403, 7, "account '..' does not exist"),
    ("/v1/accounts/" + "a" * 40_000 + "/models", 403, 7, "does not exist"),
    *((path, 404, 5, "Not Found") for path in NO_MODELS + SUFFIXED),
]
QUERIES: list[tuple[str, str]] = [
    ("%zz=x", "the query must have two hexadecimal digits after %, got '%zz'"),
    ("filter=name=%22%ff%22", "the query must be UTF-8"),
    ("pageSize=1;filter=x", "separate its parameters with &"),
    ("filter=%00", "unexpected"),
    ("filter=" + "a" * 100_000, "a literal alone"),
    ("filter=" + "(" * 100_000, "nest at most"),
    ("filter=" + "timestamp(" * 9_000, "nest at most"),
    ("filter=" + "a." * 5_000 + "b=1", "there is no field a"),
    ("filter=context_length=" + "9" * 50_000, "context_length"),
    ("filter=%22%5Cud800%22=1", "there is no field \ud800"),
    ("filter=name%20=%20%22%5Cq%22", "unknown escape"),
    ("filter=context_length=1e999999999", "must be an integer"),
    ("filter=" + "a" * 100_001, "filter must have at most 100,000 characters, got 100,001"),
    ("orderBy=" + "a" * 10_001, "order_by must have at most 10,000 characters, got 10,001"),
    *(
        (f"orderBy={order}", "order_by must be fields such as")
        for order in ("," * 10_000, "a." * 5_000, "name" + "+" * 9_000 + "x")
    ),
    *(
        (f"pageSize={size}", f"page_size must be an integer of 32 bits, got {httpx.QueryParams(f'x={size}')['x']!r:.6}")
        for size in (
            *("", "abc", "%D9%A3", "5%0A", "+5", "1_0", "0x10", "1e2", "2147483648", "-2147483649"),
            *("9" * 100_000, "0" * 30 + "9" * 15),
        )
    ),
    ("pageSize=-2147483648", "must not be negative"),
    ("pageSize=1&page_size=1", "page_size must be given once"),
    ("filter=state=REDY", "got REDY; expected READY"),
    ("orderBy=created+desc", "no field created"),
    ("readMask=nam", "no field nam; did you mean name?"),
    ("pageToken=%00", "must be a token of this gateway"),
    ("pageToken=" + "W" * 60_000, "must be a token of this gateway"),
]


@pytest.mark.parametrize(("path", "status", "code", "message"), PATHS, ids=[path[:60] for path, *_ in PATHS])
def test_a_strange_path_is_refused(path: str, status: int, code: int, message: str) -> None:
    """The refusal has the code of grpc-gateway, where it is known."""
    check_refusal(reply_to(path), status, code, message)


@pytest.mark.parametrize(("query", "message"), QUERIES, ids=[query[:60] for query, _ in QUERIES])
def test_a_strange_query_is_refused(query: str, message: str) -> None:
    """The message has the parameter and the reason."""
    check_refusal(reply_to(f"{MODELS}?{query}"), 400, 3, message)


def test_a_long_address_may_come_in_parts() -> None:
    """A served gateway reads an address from several packets, and serves others meanwhile."""
    request = f"GET {MODELS}?x={'a' * 100_000} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer fake-key\r\n\r\n"
    with FakeGateway(3).serve() as url, httpx.Client(base_url=url, trust_env=False) as other:
        address = httpx.URL(url)
        with socket.create_connection((address.host, address.port), timeout=20) as connection:
            for start in range(0, len(request), 20_000):
                connection.sendall(request[start : start + 20_000].encode())
                assert other.get("/").status_code == 404
            assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_another_method_is_not_implemented(method: str) -> None:
    """A header or the type of a form does not make it a GET."""
    headers = (KEY, ("Content-Type", "application/x-www-form-urlencoded"), ("X-HTTP-Method-Override", "GET"))
    check_refusal(reply_to(MODELS, method), 501, 12, "Method Not Allowed")
    check_refusal(reply_to(MODELS, method, headers), 501, 12, "Method Not Allowed")


KEYS = {
    "none": [],
    "no scheme": ["fake-key"],
    "twice": ["Bearer fake-key"] * 2,
    "right first": ["Bearer fake-key", "Bearer other"],
    "right last": ["Bearer other", "Bearer fake-key"],
    "latin-1": ["Bearer \xff"],
    "two in one": ["Bearer fake-key fake-key"],
}


@pytest.mark.parametrize("keys", KEYS.values(), ids=KEYS)
def test_one_key_is_needed(keys: list[str]) -> None:
    """Two keys are refused in either order, since servers differ in which one counts."""
    headers = tuple(("Authorization", key) for key in keys)
    check_refusal(reply_to(MODELS, headers=headers), 401, 16, "API key")


LENIENT = [
    *("", "&&&", "=1", "x=%3B", "?pageSize=x", "pageSize=-0", "pageSize=%2B3", "pageSize=" + "0" * 30_000 + "7"),
    *("a=1&" * 5_000, "x=" + "a" * 60_000, "filter=name%3D%22" + "a" * 60_000 + "%22", "filter=name%3D%22%00%22"),
]


@pytest.mark.parametrize("query", LENIENT, ids=[query[:30] for query in LENIENT])
def test_odd_parameters_are_accepted(query: str) -> None:
    """Unknown and empty names, an escaped semicolon, leading zeros, and length alone do no harm."""
    reply = reply_to(f"{MODELS}?{query}")
    assert reply.status == 200
    assert json.loads(reply.body).keys() == {"models", "nextPageToken", "totalSize"}


STRANGE = st.text(st.sampled_from("%;&=+/?. 0aZ\"'()*-\x00\n\x7fé\u2028\U0001f386"), max_size=30)


@given(st.sampled_from(["", "/v1/accounts/", MODELS]), STRANGE, STRANGE)
def test_any_address_gets_a_response(start: str, path: str, query: str) -> None:
    """The response to any characters, escaped or not, is a page or a refusal with a reason."""
    for name in ("", "filter=", "orderBy=", "pageSize=", "pageToken="):
        reply = FakeGateway(1).reply(parse_request("GET", start + path, name + query, [KEY]))
        assert reply.status in {200, 400, 403, 404}
        assert json.loads(reply.body).get("message", "a page")


@given(st.integers(-(2**40), 2**40), st.sampled_from(["", "0", "000000000000000000000"]), st.booleans())
def test_a_page_size_is_an_int32_in_any_spelling(number: int, zeros: str, signed: bool) -> None:
    """Zeros and a plus sign make no difference; a number out of range or negative is refused."""
    sign = "-" if number < 0 else "%2B" if signed else ""
    reply = reply_to(f"{MODELS}?pageSize={sign}{zeros}{abs(number)}")
    assert (reply.status == 200) == (0 <= number < 2**31)
    assert (b"32 bits" in reply.body) == (not -(2**31) <= number < 2**31)
