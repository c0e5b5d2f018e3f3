"""The spellings of a key that are removed from displayed text, and all else that is kept."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from fireworks_gateway import GatewayClient, StatusError
from fireworks_gateway._http.settings import Key
from fireworks_gateway.testing import FakeGateway, FaultServer, faults
from tests.client.driving import both_clients
from tests.shared.sent_requests import query_of

KEYS = ["fw_3ZabcdEFGH12345678", "a/b+c=d.e~f-g:'h\"1", "0123456789abcdef" * 40, "secret\\key\\0123456"]

SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "repr": repr,
    "JSON": json.dumps,
    "JSON twice": lambda key: json.dumps(json.dumps(key)),
    "JSON with a slash": lambda key: json.dumps(key).replace("/", "\\/"),
    "JSON escapes": lambda key: "".join(f"\\u{ord(each):04X}" for each in key),
    "JSON escapes twice": lambda key: "".join(f"\\\\u{ord(each):04x}" for each in key),
    "repr of bytes": lambda key: "".join(f"\\x{ord(each):02x}" for each in key),
    "percent": lambda key: quote(key, safe=""),
    "percent twice": lambda key: quote(quote(key, safe=""), safe=""),
    "percent of all": lambda key: "%" + key.encode().hex("%"),
    "NUL": "\0".join,
    "repr of NUL": lambda key: repr("\0".join(key)),
    "JSON of NUL": lambda key: json.dumps("\0".join(key)),
    "UTF-32": lambda key: key.encode("utf-32-be").decode(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("key", KEYS, ids=lambda key: key[:10])
def test_a_key_is_removed_in_any_spelling(key: str, spelling: str) -> None:
    """Each time, and nothing beside it."""
    found = SPELLINGS[spelling](key)
    shown = Key(key).redact(f"100%25 <{found}> \\n <{found}> x")
    assert shown.count("<API key>") == 2
    assert shown.startswith("100%25 <")
    assert shown.endswith("> x")
    assert len(shown) <= len("100%25 <<API key>> \\n <<API key>> x") + 4 * 4 + 6  # Quotes, and the NUL around it.


@pytest.mark.parametrize("text", ["", "abc", "100%25 \\u0041 \\ \0", "fw_3ZabcdEFGH1234567", "%" * 30, "\\" * 30])
def test_other_text_is_kept(text: str) -> None:
    """Escapes included."""
    assert Key(KEYS[0]).redact(text) == text


def test_a_short_key_and_a_word_are_kept() -> None:
    """A key of 15 characters; one without a digit as a part of a word."""
    assert Key("token").redact("the token token-2 k") == "the token token-2 k"
    assert Key("0123456789abcde").redact("a 0123456789abcde") == "a 0123456789abcde"
    assert Key("0123456789abcdef").redact("a 0123456789abcdef") == "a <API key>"
    word = "internationalization"
    assert Key(word).redact(f"{word}s {word} %20{word}, {word}_2") == f"{word}s <API key> %20<API key>, {word}_2"


@both_clients
@pytest.mark.parametrize("key", ["k", "token", "fw_0123456789abcdef"])
def test_a_key_in_the_data_changes_nothing(make_client: Any, key: str) -> None:
    """Neither names, tokens and headers of pages nor the request for the next page."""
    body = b'{"models": [{"name": "accounts/a/models/%b"}], "nextPageToken": "%b-2"}' % (key.encode(), key.encode())
    script = [faults.respond(200, each, {"X-Echo": key}) for each in (body, b'{"models": []}')]
    with (
        (server := FaultServer(FakeGateway(3, api_key=key).reply, script)) as url,
        make_client(base_url=url, api_key=key, account_id="a") as client,
    ):
        pages = list(client.models.list().pages())
    assert [page.next_page_token for page in pages] == [f"{key}-2", ""]
    assert [page.response.headers["x-echo"] for page in pages] == [key, key]
    assert pages[0].items[0].name == f"accounts/a/models/{key}"
    assert query_of(server.requests[1])["page_token"] == f"{key}-2"


def error_of(key: str, response: httpx.Response) -> StatusError:
    """Return the error of a response to a client with a key."""
    http = httpx.Client(transport=httpx.MockTransport(lambda _: response))
    with pytest.raises(StatusError) as raised:
        GatewayClient(api_key=key, account_id="a", http_client=http).models.list().first()
    return raised.value


def test_an_error_keeps_texts_that_contain_a_short_key() -> None:
    """The message, the details, the request ID and the headers; a long key leaves names of JSON as they are."""
    body = {"code": 7, "message": "the token", "details": [{"token": "token-2"}]}
    error = error_of("token", httpx.Response(403, json=body, headers={"X-Request-Id": "token-77"}))
    assert (error.message, error.details, error.request_id) == ("the token", ({"token": "token-2"},), "token-77")
    assert error.response is not None
    assert error.response.headers["x-request-id"] == "token-77"


def test_a_key_that_is_a_code_does_not_decide() -> None:
    """The class of an error is found before the key is removed."""
    code = "FAILED_PRECONDITION"
    assert error_of(code, httpx.Response(418, json={"code": code})).code == code


def test_a_text_is_cut_after_the_key_is_removed() -> None:
    """A long key, in a long spelling, leaves no beginning."""
    key = "0123456789abcdef" * 200
    for encoded in (key, json.dumps(SPELLINGS["JSON escapes"](key))):
        error = error_of(key, httpx.Response(400, text="x" * 400 + encoded))
        assert error.message.strip('x"') == error.body.strip('x"') == "<API key>"
