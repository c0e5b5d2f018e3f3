"""Tests of the fault server, as httpx sees it."""

from __future__ import annotations

import gc
import itertools
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from fireworks_gateway.testing import FakeGateway, FaultServer, Reply, Request, faults
from fireworks_gateway.testing.faults import Act, Fault
from tests.shared import wire

KEY = {"Authorization": "Bearer fake-key"}
MODELS = "/v1/accounts/fireworks/models"
ANSWER = FakeGateway(2).reply
BODY = ANSWER(Request("GET", MODELS, (), {"authorization": KEY["Authorization"]})).body
HALF = BODY[: len(BODY) // 2]
# Made once: it is most of what a client costs.
TLS = ssl.create_default_context()
# Short where it is to run out, which it does only in reading.
SHORT = httpx.Timeout(10, read=0.1)
LONG = httpx.Timeout(10)


def client_of(url: str, timeout: httpx.Timeout = LONG) -> httpx.Client:
    """Return a plain httpx client of a server."""
    return httpx.Client(base_url=url, headers=KEY, timeout=timeout, verify=TLS, trust_env=False)


# The fault, what httpx raises, and what it says.
BROKEN: list[tuple[Fault, type[Exception], str]] = [
    (faults.reset_before(), httpx.ReadError, ""),
    (wire.reset_within(), httpx.ReadError, ""),
    (wire.closed_before(), httpx.RemoteProtocolError, "without sending a response"),
    (wire.truncated_headers(), httpx.RemoteProtocolError, "without sending a response"),
    (faults.truncated_body(), httpx.RemoteProtocolError, f"received {len(HALF)} bytes, expected {len(BODY)}"),
    (wire.truncated_chunks(), httpx.RemoteProtocolError, "incomplete chunked read"),
    (wire.bad_chunk(), httpx.RemoteProtocolError, "illegal chunk header"),
    (faults.garbage(), httpx.RemoteProtocolError, "illegal status line"),
    (wire.endless_headers(), httpx.RemoteProtocolError, "too long"),
    (wire.switched_protocol(), httpx.RemoteProtocolError, "UPGRADE"),
    (faults.bad_gzip(), httpx.DecodingError, "incorrect header check"),
    (wire.long_content_length(), httpx.ReadTimeout, ""),
    (faults.stall(), httpx.ReadTimeout, ""),
    (wire.stall_within(), httpx.ReadTimeout, ""),
    (faults.late(60.0), httpx.ReadTimeout, ""),
    (wire.dribbled_headers(60.0), httpx.ReadTimeout, ""),
    (faults.dribbled_body(60.0), httpx.ReadTimeout, ""),
]
# The fault, the status and the bytes that httpx reads, and how many connections two requests then take.
READ: list[tuple[Fault, int, bytes, int]] = [
    (wire.chunked(), 200, BODY, 1),
    (wire.gzipped(), 200, BODY, 1),
    (wire.unframed(), 200, BODY, 2),
    (wire.interim(), 200, BODY, 1),
    (wire.interim(100), 200, BODY, 1),
    (faults.late(0.01), 200, BODY, 1),
    (wire.dribbled_headers(0.0), 200, BODY, 1),
    (faults.dribbled_body(0.0), 200, BODY, 1),
    (faults.truncated_json(), 200, HALF, 1),
    (wire.invalid_utf8(), 200, BODY.replace(b'":"', b'":"\xff', 1), 1),
    (faults.answered(503, b"busy", {"retry-after": "2"}), 503, b"busy", 1),
    (faults.redirected("/elsewhere"), 302, b"", 1),
]


@pytest.mark.parametrize(("fault", "error", "message"), BROKEN, ids=[str(row[0]) for row in BROKEN])
def test_a_broken_response_is_an_error_of_httpx(fault: Fault, error: type[Exception], message: str) -> None:
    """The next request succeeds, on another connection."""
    server = FaultServer(ANSWER, [fault])
    timeout = SHORT if error is httpx.ReadTimeout else LONG
    with server as url, client_of(url, timeout) as http:
        with pytest.raises(error, match=message or None) as raised:
            http.get(MODELS)
        assert type(raised.value) is error
        http.timeout = LONG
        assert http.get(MODELS).content == BODY
    assert (server.connections, len(server.requests)) == (2, 2)


@pytest.mark.parametrize(("fault", "status", "body", "connections"), READ, ids=[str(row[0]) for row in READ])
def test_a_whole_response_is_read(fault: Fault, status: int, body: bytes, connections: int) -> None:
    """Its bytes are decoded, and the connection is used again if possible."""
    server = FaultServer(ANSWER, [fault])
    with server as url, client_of(url) as http:
        response = http.get(MODELS)
        assert (response.status_code, response.content) == (status, body)
        assert http.get(MODELS).content == BODY
    assert (server.connections, len(server.requests)) == (connections, 2)


def test_a_kept_connection_fails_on_its_next_request() -> None:
    """The first response is right; the next request gets no response, takes no fault, and is not recorded."""
    for fault, error in [(wire.reset_after(), httpx.ReadError), (wire.closed_after(), httpx.RemoteProtocolError)]:
        server = FaultServer(ANSWER, [fault, faults.answered(418)])
        with server as url, client_of(url) as http:
            assert http.get(MODELS).content == BODY
            with pytest.raises(error):
                http.get(MODELS)
            assert (server.connections, len(server.requests)) == (1, 1)
            assert http.get(MODELS).status_code == 418
        assert (server.connections, len(server.requests)) == (2, 2)


def test_an_endless_body_goes_on() -> None:
    """The right body comes first, and then white space."""
    with FaultServer(ANSWER, [faults.endless()]) as url, client_of(url) as http:
        read = b""
        with http.stream("GET", MODELS) as response:
            parts = response.iter_bytes()
            while len(read) < 1_000_000:
                read += next(parts)
        assert read.rstrip() == BODY


def test_a_fault_is_taken_by_a_request_and_not_by_a_connection() -> None:
    """A connection without a whole request leaves the script unchanged."""
    server = FaultServer(ANSWER, [faults.answered(418)])
    with server as url, connected(url) as idle, connected(url) as slow, client_of(url) as http:
        slow.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\n\r\n1234")
        assert http.get(MODELS).status_code == 418
        slow.sendall(b"5")
        assert slow.recv(len(b"HTTP/1.1 404")) == b"HTTP/1.1 404"
        assert idle.fileno() >= 0
    assert server.connections == 3
    assert [request.path for request in server.requests] == [MODELS, "/"]


@contextmanager
def connected(url: str) -> Generator[socket.socket]:
    """Connect to a server, and send nothing yet."""
    address = httpx.URL(url)
    with socket.create_connection((address.host, address.port), timeout=10) as connection:
        yield connection


def raw_response(url: str, sent: bytes) -> bytes:
    """Return all bytes that a server sends in response to some bytes, until it closes."""
    with connected(url) as connection:
        connection.sendall(sent)
        return b"".join(iter(lambda: connection.recv(65536), b""))


REFUSED = [
    b"\x16\x03\x01\x02\x00\x01\x00",
    b"GET / HTTP/2\r\n\r\n",
    b"GET /a b HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET /\xff HTTP/1.1\r\nhost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nhost: localhost\r\nno colon\r\n\r\n",
    b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: many\r\n\r\n",
    b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1_0\r\n\r\n",
    b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: " + b"9" * 5000 + b"\r\n\r\n",
    b"POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nsize\r\n",
    b"POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n",
]


@pytest.mark.parametrize("sent", REFUSED, ids=[str(sent[:80]) for sent in REFUSED])
def test_a_malformed_request_is_refused(sent: bytes) -> None:
    """With 400 and a close; it is not recorded, and takes no fault."""
    server = FaultServer(ANSWER, [faults.answered(418)])
    with server as url:
        assert raw_response(url, sent).startswith(b"HTTP/1.1 400 ")
        assert server.requests == []
        with client_of(url) as http:
            assert http.get(MODELS).status_code == 418


def test_expect_100_continue_is_honoured() -> None:
    """The client sends its body after 100 Continue, and then gets the response."""
    with FaultServer(ANSWER) as url, connected(url) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nhost: localhost\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"body")
        assert connection.recv(65536).startswith(b"HTTP/1.1 404 ")


def test_a_line_without_an_end_is_refused() -> None:
    """At 1 MiB of headers; the next client is served."""
    with FaultServer(ANSWER) as url:
        with suppress(ConnectionError):  # It may still be talking.
            assert raw_response(url, b"GET /" + b"x" * (1 << 22)).startswith(b"HTTP/1.1 431 ")
        with client_of(url) as http:
            assert http.get(MODELS).content == BODY


def test_a_body_beyond_the_limit_is_refused() -> None:
    """By its announced length or by its chunks, before the client has sent it all."""
    start = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    with FaultServer(ANSWER) as url:
        assert raw_response(url, start + b"Content-Length: 1048577\r\n\r\n").startswith(b"HTTP/1.1 413 ")
        with suppress(ConnectionError):  # It may still be sending.
            assert raw_response(url, start + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 2).startswith(
                b"HTTP/1.1 413 "
            )
        with client_of(url) as http:
            assert http.post(MODELS, content=b"x" * 0x100000).status_code == 501


HOSTS: list[tuple[str, bool]] = [
    ("localhost", True),
    ("LOCALHOST.:8080", True),
    ("gateway.localhost", True),
    ("127.0.0.1:80", True),
    ("127.9.9.9", True),
    ("[::1]:80", True),
    ("evil.example", False),
    ("localhost.evil.example", False),
    ("127.0.0.1.evil.example:80", False),
    ("10.0.0.1", False),
    ("0.0.0.0", False),
    ("[2001:db8::1]", False),
    ("localhost:80:80", False),
    ("", False),
]


@pytest.mark.parametrize(("host", "allowed"), HOSTS, ids=[row[0] for row in HOSTS])
def test_the_host_header_must_be_a_loopback_name(host: str, allowed: bool) -> None:
    """Another site could resolve its own name to loopback (DNS rebinding); a server with a host accepts every name."""
    gateway = FakeGateway(1, faults=[None])
    with gateway.serve() as url, client_of(url) as http:
        response = http.get(MODELS, headers={"Host": host})
        assert http.head(MODELS, headers={"Host": host}).status_code == (501 if allowed else 403)
    assert (response.status_code, len(gateway.requests)) == ((200, 2) if allowed else (403, 0))
    if not allowed:
        refusal = response.json()
        assert (refusal["code"], refusal["details"]) == (7, [])
        assert "serve with --host" in refusal["message"]
    with gateway.serve(host="127.0.0.1") as url, client_of(url) as http:
        assert http.get(MODELS, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(("host", "reachable"), [("0.0.0.0", "127.0.0.1"), ("localhost", "localhost"), ("::", "[::1]")])
def test_a_server_listens_on_its_host(host: str, reachable: str) -> None:
    """Its URL reaches it from this machine."""
    try:
        with FaultServer(ANSWER, host=host) as url, client_of(url) as http:
            assert httpx.URL(url).netloc.rpartition(b":")[0].decode() == reachable
            assert http.get(MODELS).content == BODY
    except OSError as error:
        if ":" not in host:
            raise
        pytest.skip(f"no IPv6: {error}")


LAST = b"GET /last HTTP/1.1\r\nHost: localhost\r\nConnection: Close\r\n\r\n"
ODD: list[tuple[bytes, str, str]] = [
    (b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", "OPTIONS", "*"),
    (b"GET http://example.com/a?b=c HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET", "http://example.com/a"),
    (b"M-SEARCH /%FF?%FF&&=&a HTTP/1.1\r\nHost: localhost\r\nX:\r\n\r\n", "M-SEARCH", "/\ufffd"),
    (b"GET /latin HTTP/1.1\r\nHost: localhost\r\nX: \xff\r\n\r\n", "GET", "/latin"),
    (b"GET /bare HTTP/1.1\nHost: localhost\n\n", "GET", "/bare"),
    (b"POST /sized HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nGET /", "POST", "/sized"),
    (
        (
            b"POST /chunked HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"3;x=y\r\nGET\r\n2\r\n /\r\n0\r\nX: y\r\n\r\n"
        ),
        "POST",
        "/chunked",
    ),
]


@pytest.mark.parametrize(("sent", "method", "path"), ODD, ids=[row[2] for row in ODD])
def test_odd_requests_get_a_response(sent: bytes, method: str, path: str) -> None:
    """Any method, target and body; the next request on the connection is read from the right byte."""
    server = FaultServer(lambda request: Reply(200, {}, request.path.encode()))
    with server as url:
        said = raw_response(url, sent + LAST)
    assert said.count(b"HTTP/1.1 200 OK\r\n") == 2
    assert said.endswith(b"/last")
    assert [(request.method, request.path) for request in server.requests] == [(method, path), ("GET", "/last")]


def test_a_connection_stays_open_by_default() -> None:
    """A client closes it by a header, or by HTTP/1.0; later bytes are not read."""
    server = FaultServer(ANSWER)
    with server as url:
        assert raw_response(url, LAST + LAST).count(b"HTTP/1.1 ") == 1
        old = LAST.replace(b"1.1", b"1.0").replace(b"Connection", b"X")
        assert raw_response(url, old + LAST).count(b"HTTP/1.1 ") == 1
    assert (server.connections, len(server.requests)) == (2, 2)


def test_the_response_to_head_has_no_body() -> None:
    """So the connection stays usable."""
    server = FaultServer(lambda _: Reply(200, {}, b"body"))
    with server as url, client_of(url) as http:
        assert http.head("/").content == b""
        assert http.get("/").content == b"body"
    assert server.connections == 1


def test_a_hundred_clients_at_once_share_the_script() -> None:
    """Each fault is taken once, on as many connections."""
    server = FaultServer(ANSWER, itertools.cycle([None, faults.answered(503), faults.reset_before(), wire.chunked()]))
    together = threading.Barrier(100)

    def seen(url: str) -> int:
        with client_of(url) as http:
            together.wait(10)
            try:
                return http.get(MODELS).status_code
            except httpx.ReadError:
                return 0

    with server as url, ThreadPoolExecutor(100) as pool:
        outcomes = Counter(pool.map(seen, [url] * 100))
    assert outcomes == {200: 50, 503: 25, 0: 25}
    assert (server.connections, len(server.requests)) == (100, 100)


LASTING: list[Fault] = [
    faults.stall(),
    wire.stall_within(),
    wire.long_content_length(),
    faults.late(60.0),
    wire.dribbled_headers(60.0),
    faults.dribbled_body(0.001),
    faults.endless(),
    faults.endless(60.0),
    wire.endless_headers(),
    wire.switched_protocol(),
    wire.reset_after(),
    wire.interim(),
]


@pytest.mark.parametrize("reading", [True, False], ids=["read", "unread"])
@pytest.mark.parametrize("fault", LASTING, ids=str)
def test_the_server_stops_at_once(fault: Fault, reading: bool) -> None:
    """In the middle of any fault, whether the client reads or not; no thread, port or socket is left."""
    asked = threading.Event()

    def answer(_: Request) -> Reply:
        asked.set()
        return Reply(200, {}, b"x" * 100_000)

    with connected_until_closed(FaultServer(answer, [fault]), reading=reading) as (server, url):
        assert asked.wait(10)
        begun = time.monotonic()
        server.__exit__(None, None, None)
        assert time.monotonic() - begun < 1
    assert not [thread for thread in threading.enumerate() if thread.name == "fault-server"]
    with pytest.raises(ConnectionRefusedError), connected(url):
        pass
    gc.collect()  # A socket that was left open is a ResourceWarning now.


@contextmanager
def connected_until_closed(server: FaultServer, *, reading: bool) -> Generator[tuple[FaultServer, str]]:
    """Send a request to a server that the caller stops, and check that it closes the connection."""
    url = server.__enter__()

    def read(connection: socket.socket) -> None:
        with suppress(ConnectionError):
            while connection.recv(65536):
                pass

    with connected(url) as connection, ThreadPoolExecutor(1) as reader:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        if reading:
            end = reader.submit(read, connection)
            yield server, url
        else:
            yield server, url
            end = reader.submit(read, connection)
        end.result(10)


def test_a_client_may_leave() -> None:
    """Its connection is gone from the server too, and the next client is served."""
    server = FaultServer(ANSWER, [faults.stall(), faults.endless()])
    with server as url:
        for _ in range(2):
            with client_of(url, SHORT) as http, suppress(httpx.ReadTimeout), http.stream("GET", MODELS) as response:
                assert next(response.iter_bytes())
        with client_of(url) as http:
            assert http.get(MODELS).content == BODY
    assert server.connections == 3


def test_a_server_may_come_back_on_its_port() -> None:
    """The connections of the old one are gone."""
    with FaultServer(ANSWER) as url, client_of(url) as http:
        assert http.get(MODELS).content == BODY
    port = httpx.URL(url).port
    assert port is not None
    with FaultServer(ANSWER, port=port) as again, client_of(again) as http:
        assert again == url
        assert http.get(MODELS).content == BODY


def test_an_error_of_the_handler_fails_the_test() -> None:
    """It is raised at the end of the block; the client sees a closed connection."""

    def answer(request: Request) -> Reply:
        pytest.fail(f"asked for {request.path}")

    with pytest.raises(pytest.fail.Exception, match="asked for /x"):  # noqa: SIM117
        with FaultServer(answer) as url, client_of(url) as http:
            with pytest.raises(httpx.RemoteProtocolError):
                http.get("/x")


def test_an_error_of_the_script_fails_the_test() -> None:
    """A mistake in it, or in your own fault, does not look like a fault."""

    def steps(reply: Reply) -> Iterator[faults.Step]:
        yield b"HTTP/1.1 "
        raise ZeroDivisionError(reply.status)

    text: Any = "text"
    mistakes: list[tuple[Any, type[Exception]]] = [
        ([Fault("raises()", steps)], ZeroDivisionError),
        ([Fault("is_text()", lambda _: [text])], TypeError),
        ((1 / number for number in [0]), ZeroDivisionError),
    ]
    for script, error in mistakes:
        with pytest.raises(error):  # noqa: SIM117
            with FaultServer(ANSWER, script) as url, client_of(url) as http:
                with pytest.raises(httpx.RemoteProtocolError):
                    http.get(MODELS)


def test_your_own_fault_is_a_line() -> None:
    """Bytes, pauses and acts, in order."""
    head = b"HTTP/1.1 418 I'm a teapot\r\ncontent-length: 3\r\n\r\n"
    teapot = Fault("teapot()", lambda reply: [head, 0.01, b"%d" % reply.status, Act.CLOSE])
    with FaultServer(lambda _: Reply(200, {}, b""), [teapot]) as url:
        assert raw_response(url, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n") == head + b"200"


def test_a_fault_prints_as_the_call_that_made_it() -> None:
    """It names a test, and faults of the same call are equal."""
    for fault in [faults.late(2), faults.stall(), faults.redirected("/elsewhere"), faults.busy(3.5)]:
        assert eval(repr(fault), dict(vars(faults))) == fault
    assert faults.late(2) != faults.late(3)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    made = tmp_path_factory.mktemp("certificate") / "server.pem"
    key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
    name = "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        ["openssl", "req", "-x509", *key.split(), *name.split(), "-keyout", made, "-out", made],
        check=True,
        capture_output=True,
    )
    return made


@pytest.fixture
def server_side(certificate: Path) -> ssl.SSLContext:
    """A context with which a server serves TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_certificate_that_is_not_trusted_is_no_connection(server_side: ssl.SSLContext) -> None:
    """The connection counts, and there is no request."""
    server = FaultServer(ANSWER, ssl_context=server_side)
    with server as url, client_of(url) as http:
        assert url.startswith("https://")
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            http.get(MODELS)
    assert (server.connections, server.requests) == (1, [])


def test_faults_are_the_same_in_tls(server_side: ssl.SSLContext, certificate: Path) -> None:
    """For a client that trusts the certificate; the effect of a reset depends on its Python (gh-115627)."""
    trusting = ssl.create_default_context(cafile=str(certificate))
    script = [None, faults.reset_before(), faults.truncated_body(), wire.chunked()]
    server = FaultServer(ANSWER, script, ssl_context=server_side)
    with server as url, httpx.Client(verify=trusting, base_url=url, headers=KEY, timeout=LONG) as http:
        assert http.get(MODELS).content == BODY
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            http.get(MODELS)
        with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
            http.get(MODELS)
        assert http.get(MODELS).content == BODY
    assert (server.connections, len(server.requests)) == (3, 4)


def test_a_silent_client_in_tls_does_not_delay_the_stop(server_side: ssl.SSLContext) -> None:
    """Nor does a client that does not speak TLS."""
    server = FaultServer(ANSWER, ssl_context=server_side)
    url = server.__enter__()
    with connected(url) as silent:
        with suppress(ConnectionError):
            raw_response(url, LAST)
        begun = time.monotonic()
        server.__exit__(None, None, None)
        assert time.monotonic() - begun < 1
        with suppress(ConnectionError):
            assert silent.recv(1) == b""
    assert server.requests == []
    gc.collect()
