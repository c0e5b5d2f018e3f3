"""Bodies over real sockets: compression and size are limited, and an error status matters more than its body."""

import gzip
from itertools import repeat

import httpx
import pytest
from attrs import evolve

from fireworks_gateway import DecodeError, PermissionDeniedError
from fireworks_gateway.testing import FaultServer, Reply, faults
from fireworks_gateway.testing.faults import Fault
from tests.http.test_sockets import GATEWAY, MODELS, Walk, both, walk
from tests.shared import wire

BOMB = gzip.compress(bytes(17 * 2**20))


def compressed(*headers: str, body: bytes | None = None) -> Fault:
    """Compress the right body once for each word of the header, or send another body."""

    def change(reply: Reply) -> Reply:
        sent = reply.body
        for _ in headers:
            sent = gzip.compress(sent)
        return evolve(reply, headers={**reply.headers, "content-encoding": ", ".join(headers)}, body=body or sent)

    return wire.change_reply(f"compressed{headers}", change)


def in_members(reply: Reply) -> Reply:
    """Return a reply in several gzip members, as a proxy compresses that forwards parts (RFC 1952)."""
    parts = [gzip.compress(reply.body[at : at + 100]) for at in range(0, len(reply.body), 100)]
    return evolve(reply, headers={**reply.headers, "content-encoding": "x-gzip"}, body=b"".join(parts))


@both
@pytest.mark.parametrize("headers", [("gzip", "gzip"), ("gzip",) * 3, ("br",), ("zstd",)], ids=str)
def test_an_encoding_that_was_not_requested_is_refused(headers: tuple[str, ...], walking: Walk) -> None:
    """The error names it, and nothing is decompressed."""
    with (server := FaultServer(GATEWAY.reply, repeat(compressed(*headers)))) as url:
        with pytest.raises(DecodeError, match=rf"Content-Encoding '{', '.join(headers)}' was not requested"):
            walking(url)
        assert len(server.requests) == 1


def test_a_given_client_decompresses_no_stacked_encodings() -> None:
    """All of them would be decompressed at once, so that 286 bytes could fill the memory."""
    with (
        FaultServer(GATEWAY.reply, repeat(compressed("gzip", "gzip"))) as url,
        httpx.Client() as http,
        pytest.raises(DecodeError, match="was not requested"),
    ):
        walk(url, http_client=http)


@both
def test_a_body_is_decompressed_up_to_the_limit(walking: Walk) -> None:
    """Seventeen kilobytes that decompress to 17 MiB are too large, and are not requested again."""
    with (server := FaultServer(GATEWAY.reply, repeat(compressed("gzip", body=BOMB)))) as url:
        with pytest.raises(DecodeError, match="too large") as raised:
            walking(url)
        assert (len(server.requests), raised.value.bookmark is not None) == (1, True)


@both
def test_gzip_of_several_members_is_decompressed(walking: Walk) -> None:
    """The whole body, and not its first member; also with a given client."""
    with FaultServer(GATEWAY.reply, repeat(wire.change_reply("in_members()", in_members))) as url:
        assert walking(url) == MODELS
        with httpx.Client() as http:
            assert walk(url, http_client=http) == MODELS


def test_a_mocked_response_is_decompressed() -> None:
    """A transport without a network may have read its response."""

    def respond(request: httpx.Request) -> httpx.Response:
        reply = in_members(Reply(200, {}, b'{"models": [{"name": "accounts/a/models/%b"}]}' % (b"m" * 300)))
        return httpx.Response(200, headers=dict(reply.headers), content=reply.body)

    (model,) = walk("https://gateway.example", http_client=httpx.Client(transport=httpx.MockTransport(respond)))
    assert model.model_id == "m" * 300


@both
@pytest.mark.parametrize("encoding", ["br", "gzip", "gzip, gzip"])
@pytest.mark.parametrize("body", [b"no", BOMB], ids=["plain", "bomb"])
def test_an_error_status_matters_more_than_its_body(encoding: str, body: bytes, walking: Walk) -> None:
    """An unreadable body does not hide the status."""
    fault = faults.respond(403, body, {"content-encoding": encoding})
    with FaultServer(GATEWAY.reply, [fault]) as url, pytest.raises(PermissionDeniedError):
        walking(url)
