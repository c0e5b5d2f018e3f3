"""Tests of the fault server, as httpx sees it."""

import gc
import itertools
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

import httpx
import pytest
import trustme

from fireworks_gateway.testing import FakeGateway, FaultServer, Reply, Request, faults
from fireworks_gateway.testing.faults import Fault
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
    (wire.RESET_WITHIN, httpx.ReadError, ""),
    (wire.CLOSED_BEFORE, httpx.RemoteProtocolError, "without sending a response"),
    (wire.TRUNCATED_HEADERS, httpx.RemoteProtocolError, "without sending a response"),
    (faults.truncated_body(), httpx.RemoteProtocolError, f"received {len(HALF)} bytes, expected {len(BODY)}"),
    (wire.TRUNCATED_CHUNKS, httpx.RemoteProtocolError, "incomplete chunked read"),
    (wire.BAD_CHUNK, httpx.RemoteProtocolError, "illegal chunk header"),
    (faults.garbage(), httpx.RemoteProtocolError, "illegal status line"),
    (wire.ENDLESS_HEADERS, httpx.RemoteProtocolError, "too long"),
    (wire.SWITCHED_PROTOCOL, httpx.RemoteProtocolError, "UPGRADE"),
    (faults.bad_gzip(), httpx.DecodingError, "incorrect header check"),
    (wire.LONG_CONTENT_LENGTH, httpx.ReadTimeout, ""),
    (faults.stall(), httpx.ReadTimeout, ""),
    (wire.STALL_WITHIN, httpx.ReadTimeout, ""),
    (faults.delay(60.0), httpx.ReadTimeout, ""),
    (wire.dribble_headers(60.0), httpx.ReadTimeout, ""),
    (faults.dribbled_body(60.0), httpx.ReadTimeout, ""),
]
# The fault, the status and the bytes that httpx reads, and how many connections two requests then take.
READ: list[tuple[Fault, int, bytes, int]] = [
    (wire.CHUNKED, 200, BODY, 1),
    (wire.GZIPPED, 200, BODY, 1),
    (wire.UNFRAMED, 200, BODY, 2),
    (wire.interim(), 200, BODY, 1),
    (wire.interim(100), 200, BODY, 1),
    (faults.delay(0.01), 200, BODY, 1),
    (wire.dribble_headers(0.0), 200, BODY, 1),
    (faults.dribbled_body(0.0), 200, BODY, 1),
    (faults.truncated_json(), 200, HALF, 1),
    (wire.INVALID_UTF8, 200, BODY.replace(b'":"', b'":"\xff', 1), 1),
    (faults.respond(503, b"busy", {"retry-after": "2"}), 503, b"busy", 1),
    (faults.redirect("/elsewhere"), 302, b"", 1),
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
    for fault, error in [(wire.RESET_AFTER, httpx.ReadError), (wire.CLOSED_AFTER, httpx.RemoteProtocolError)]:
        server = FaultServer(ANSWER, [fault, faults.respond(418)])
        with server as url, client_of(url) as http:
            assert http.get(MODELS).content == BODY
            with pytest.raises(error):
                http.get(MODELS)
            assert (server.connections, len(server.requests)) == (1, 1)
            assert http.get(MODELS).status_code == 418
        assert (server.connections, len(server.requests)) == (2, 2)


def test_a_fault_is_taken_by_a_request_and_not_by_a_connection() -> None:
    """A connection without a whole request leaves the script unchanged."""
    server = FaultServer(ANSWER, [faults.respond(418)])
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


POST = b"POST / HTTP/1.1\r\nhost: localhost\r\n"
REFUSED = [
    b"\x16\x03\x01\x02\x00\x01\x00",
    b"GET / HTTP/2\r\n\r\n",
    b"GET /a b HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET /\xff HTTP/1.1\r\nhost: localhost\r\n\r\n",
    POST + b"no colon\r\n\r\n",
    *(POST + b"content-length: %b\r\n\r\n" % length for length in (b"many", b"-1", b"1_0", b"9" * 5000)),
    *(POST + b"transfer-encoding: chunked\r\n\r\n%b\r\n" % size for size in (b"size", b"-1")),
]


@pytest.mark.parametrize("sent", REFUSED, ids=[str(sent[-40:]) for sent in REFUSED])
def test_a_malformed_request_is_refused(sent: bytes) -> None:
    """The response is 400 with a close; the request is not recorded, and takes no fault."""
    server = FaultServer(ANSWER, [faults.respond(418)])
    with server as url:
        assert raw_response(url, sent).startswith(b"HTTP/1.1 400 ")
        assert server.requests == []
        with client_of(url) as http:
            assert http.get(MODELS).status_code == 418


def test_expect_100_continue_is_honoured() -> None:
    """The client sends its body after 100 Continue, and then gets the response."""
    with FaultServer(ANSWER) as url, connected(url) as connection:
        connection.sendall(POST + b"Expect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"body")
        assert connection.recv(65536).startswith(b"HTTP/1.1 404 ")


def test_a_request_beyond_the_limits_is_refused() -> None:
    """A head or body is refused at 1 MiB, before the client has sent it all; the next client is served."""
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    large: list[tuple[bytes, int]] = [
        (b"GET /" + b"x" * (1 << 22), 431),
        (POST + b"Content-Length: 1048577\r\n\r\n", 413),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 2, 413),
    ]
    with FaultServer(ANSWER) as url:
        for sent, status in large:
            # The client may still be sending a long request.
            with suppress(ConnectionError) if len(sent) > 1000 else nullcontext():
                assert raw_response(url, sent).startswith(b"HTTP/1.1 %d " % status)
        with client_of(url) as http:
            assert http.post(MODELS, content=b"x" * 0x100000).status_code == 501


LOOPBACK = ["localhost", "LOCALHOST.:8080", "gateway.localhost", "127.0.0.1:80", "127.9.9.9", "[::1]:80"]
FOREIGN = [
    *("evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "10.0.0.1", "0.0.0.0", "[2001:db8::1]"),
    *("localhost:80:80", ""),
]


def test_the_host_header_must_be_a_loopback_name() -> None:
    """Another site could resolve its own name to loopback (DNS rebinding); a server with a host accepts every name."""
    gateway = FakeGateway(1, faults=[None])
    with gateway.serve() as url, client_of(url) as http:
        for host in FOREIGN:
            refusal = http.get(MODELS, headers={"Host": host})
            assert (refusal.status_code, refusal.json()["code"], refusal.json()["details"]) == (403, 7, [])
            assert "serve with --host" in refusal.json()["message"]
        target = f"http://{FOREIGN[0]}{MODELS}".encode()  # The host of an absolute target counts, and Host does not.
        assert http.get(MODELS, extensions={"target": target}).status_code == 403
        assert gateway.requests == []
        assert [http.get(MODELS, headers={"Host": host}).status_code for host in LOOPBACK] == [200] * len(LOOPBACK)
        assert http.head(MODELS, headers={"Host": FOREIGN[0]}).status_code == 403
    with gateway.serve(host="127.0.0.1") as url, client_of(url) as http:
        assert {http.get(MODELS, headers={"Host": host}).status_code for host in LOOPBACK + FOREIGN} == {200}


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
    (b"GET http://LocalHost:80/a?b=c HTTP/1.1\r\nHost: example.com\r\n\r\n", "GET", "/a"),
    (b"GET https://127.0.0.1 HTTP/1.1\r\nHost: x\r\n\r\n", "GET", "/"),
    (b"M-SEARCH /%FF?%FF&&=&a HTTP/1.1\r\nHost: localhost\r\nX:\r\n\r\n", "M-SEARCH", "/\ufffd"),
    (b"GET /latin HTTP/1.1\r\nHost: localhost\r\nX: \xff\r\n\r\n", "GET", "/latin"),
    (b"GET /bare HTTP/1.1\nHost: localhost\n\n", "GET", "/bare"),
    (POST + b"Content-Length: 5\r\n\r\nGET /", "POST", "/"),
    (POST + b"Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nGET\r\n2\r\n /\r\n0\r\nX: y\r\n\r\n", "POST", "/"),
]


@pytest.mark.parametrize(("sent", "method", "path"), ODD, ids=[row[2] for row in ODD])
def test_odd_requests_get_a_response(sent: bytes, method: str, path: str) -> None:
    """Any method, target and body is accepted; the next request on the connection is read from the right byte."""
    server = FaultServer(lambda request: Reply(200, {}, request.path.encode()))
    with server as url:
        said = raw_response(url, sent + LAST)
    assert said.count(b"HTTP/1.1 200 OK\r\n") == 2
    assert said.endswith(b"/last")
    assert [(request.method, request.path) for request in server.requests] == [(method, path), ("GET", "/last")]


def test_a_connection_stays_open_by_default() -> None:
    """A client closes it by a header, or by HTTP/1.0, and later bytes are not read; a HEAD has no body."""
    server = FaultServer(ANSWER)
    with server as url:
        assert raw_response(url, LAST + LAST).count(b"HTTP/1.1 ") == 1
        old = LAST.replace(b"1.1", b"1.0").replace(b"Connection", b"X")
        assert raw_response(url, old + LAST).count(b"HTTP/1.1 ") == 1
        with client_of(url) as http:
            assert http.head(MODELS).content == b""
            assert http.get(MODELS).content == BODY
    assert (server.connections, len(server.requests)) == (3, 4)


def test_a_hundred_clients_at_once_share_the_script() -> None:
    """Each fault is taken once, on as many connections."""
    server = FaultServer(ANSWER, itertools.cycle([None, faults.respond(503), faults.reset_before(), wire.CHUNKED]))
    together = threading.Barrier(100)

    def seen(url: str) -> int:
        with client_of(url) as http:
            together.wait(60)
            try:
                return http.get(MODELS).status_code
            except httpx.ReadError:
                return 0

    with server as url, ThreadPoolExecutor(100) as pool:
        outcomes = Counter(pool.map(seen, [url] * 100))
    assert outcomes == {200: 50, 503: 25, 0: 25}
    assert (server.connections, len(server.requests)) == (100, 100)


LASTING: list[Fault] = [
    *(faults.stall(), wire.STALL_WITHIN, wire.LONG_CONTENT_LENGTH, faults.delay(60.0), wire.dribble_headers(60.0)),
    *(faults.dribbled_body(0.001), faults.endless(), faults.endless(60.0), wire.ENDLESS_HEADERS),
    *(wire.SWITCHED_PROTOCOL, wire.RESET_AFTER, wire.interim()),
]


def drain(connection: socket.socket) -> None:
    """Read from a connection until its end."""
    with suppress(ConnectionError):
        while connection.recv(65536):
            pass


@pytest.mark.parametrize("reading", [True, False], ids=["read", "unread"])
@pytest.mark.parametrize("fault", LASTING, ids=str)
def test_the_server_stops_at_once(fault: Fault, reading: bool) -> None:
    """It stops in the middle of any fault, whether the client reads or not; no thread, port or socket is left."""
    received = threading.Event()

    def answer(_: Request) -> Reply:
        received.set()
        return Reply(200, {}, b"x" * 100_000)

    before = set(threading.enumerate())
    server = FaultServer(answer, [fault])
    url = server.__enter__()
    with connected(url) as connection, ThreadPoolExecutor(1) as pool:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        end = pool.submit(drain, connection) if reading else None
        assert received.wait(10)
        began = time.monotonic()
        server.__exit__(None, None, None)
        assert time.monotonic() - began < 10
        (end or pool.submit(drain, connection)).result(10)
    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionRefusedError), connected(url):
        pass
    gc.collect()  # A socket that was left open is a ResourceWarning now.


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
    with FaultServer(ANSWER, port=httpx.URL(url).port or 0) as again, client_of(again) as http:
        assert again == url
        assert http.get(MODELS).content == BODY


def test_an_error_of_the_test_itself_is_raised() -> None:
    """An error of the handler, the script or your own fault is raised at the end of the block."""

    def fail(request: Request) -> Reply:
        pytest.fail(f"request for {request.path}")

    def steps(reply: Reply) -> Iterator[faults.WireStep]:
        yield b"HTTP/1.1 "
        raise ZeroDivisionError(reply.status)

    text: Any = "text"
    mistakes: list[tuple[Any, Any, type[BaseException]]] = [
        (fail, [], pytest.fail.Exception),
        (ANSWER, [Fault("raises()", steps)], ZeroDivisionError),
        (ANSWER, [Fault("is_text()", lambda _: [text])], TypeError),
        (ANSWER, (1 / number for number in [0]), ZeroDivisionError),
    ]
    for answer, script, error in mistakes:
        with pytest.raises(error):  # noqa: SIM117
            with FaultServer(answer, script) as url, client_of(url) as http:
                with pytest.raises(httpx.RemoteProtocolError):
                    http.get(MODELS)


def test_a_fault_prints_as_the_call_that_made_it() -> None:
    """It names a test, and faults of the same call are equal."""
    for fault in [faults.delay(2), faults.stall(), faults.redirect("/elsewhere"), faults.busy(3.5)]:
        assert eval(repr(fault), dict(vars(faults))) == fault
    assert faults.delay(2) != faults.delay(3)


AUTHORITY = trustme.CA()


@pytest.fixture
def server_side() -> ssl.SSLContext:
    """Return the context of a server with a certificate of that authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert("127.0.0.1").configure_cert(context)
    return context


def test_faults_are_the_same_in_tls(server_side: ssl.SSLContext) -> None:
    """A client that trusts the certificate sees them; the effect of a reset depends on its Python (gh-115627)."""
    trusting = ssl.create_default_context()
    AUTHORITY.configure_trust(trusting)
    script = [None, faults.reset_before(), faults.truncated_body(), wire.CHUNKED]
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
    """A client that does not speak TLS does not delay it either."""
    server = FaultServer(ANSWER, ssl_context=server_side)
    url = server.__enter__()
    with connected(url) as silent:
        with suppress(ConnectionError):
            raw_response(url, LAST)
        begun = time.monotonic()
        server.__exit__(None, None, None)
        assert time.monotonic() - begun < 10
        with suppress(ConnectionError):
            assert silent.recv(1) == b""
    assert server.requests == []
    gc.collect()
