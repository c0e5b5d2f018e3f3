"""Serve a fake gateway: as an httpx transport in process, or over a socket with its faults."""

import asyncio
import logging
import re
import socket
import ssl
import struct
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from http.client import responses
from ipaddress import ip_address
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, unquote

import h11
import httpx
from attrs import define, evolve

from .._http.settings import is_loopback_address
from .._openapi import Code
from ._script import Act, Fault, Script, VirtualTime, WireStep
from ._service import Handler, Refusal, Reply, Request, refusal_reply

_LOG = logging.getLogger("fireworks_gateway.testing")


class InProcess(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """An httpx transport, sync and async, that calls a function instead of a network, in virtual time."""

    def __init__(self, handler: Handler, time: VirtualTime) -> None:
        self._handler = handler
        self._time = time

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response for a sync client, or raise the client's timeout."""
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        began = self._time.seconds
        try:
            reply = self._handler(parse_request(request.method, path, query, request.headers.multi_items()))
        except (TypeError, ValueError) as error:  # A mistake in the script; clients do not wrap an AssertionError.
            raise AssertionError(str(error)) from error
        timeout = request.extensions.get("timeout", {}).get("read")
        if timeout is not None and self._time.seconds - began > timeout:
            self._time.seconds = began + timeout
            raise httpx.ReadTimeout(f"no response within {timeout:g} s", request=request)
        return httpx.Response(reply.status, headers=dict(reply.headers), stream=httpx.ByteStream(reply.body))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response for an async client."""
        return self.handle_request(request)


def parse_request(method: str, path: str, query: str, headers: list[tuple[str, str]]) -> Request:
    """Return a request from its parts; its path and query are still encoded."""
    pairs = tuple(parse_qsl(query, keep_blank_values=True))
    # It joins repeated ones (RFC 9110, section 5.3): two keys then differ from each of the two.
    joined = dict(httpx.Headers(headers, encoding="utf-8"))
    return Request(method.upper(), unquote(path), pairs, joined, f"{path}?{query}" if query else path)


_LARGEST_PART = 1 << 20  # Bytes of the head of a request, as in Go's server, of its body, and of one read.

# To linger for no time: closing such a socket resets the connection. Windows counts in shorts.
_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class FaultServer:
    """A server with scripted faults; the value of its with block is its base URL.

        with FaultServer(FakeGateway().reply, [None, faults.truncated_body(), faults.stall()]) as url: ...

    Each request takes the next fault after it was read completely, on any connection. Leaving the block closes all
    connections, and raises the error of `answer` or of the script, if any.

    Args:
        answer: Returns the normal reply, e.g. `FakeGateway.reply`. Called on the server's thread, one at a time.
        faults: The script; it may be endless, such as `itertools.cycle`.
        host: The address to listen on, such as "0.0.0.0". Default: 127.0.0.1, which refuses requests whose Host header
            is not a loopback name or address, so that web pages cannot reach it (DNS rebinding).
        port: The port. Default: any free one.
        ssl_context: A context with the server's certificate, to serve TLS.

    Attributes:
        requests: The requests received, in order.
        connections: The number of connections accepted, including those that failed in TLS or sent no request.
    """

    def __init__(
        self,
        answer: Callable[[Request], Reply],
        faults: Iterable[Fault | None] = (),
        *,
        host: str | None = None,
        port: int = 0,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._answer = answer
        self._script = Script(faults)
        self._host = host
        self._port = port
        self._ssl_context = ssl_context
        self._raised: list[BaseException] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.requests: list[Request] = []
        self.connections: int = 0

    def __enter__(self) -> str:
        self._running = self._serve()
        return self._running.__enter__()

    def __exit__(self, *raised: Any) -> None:
        self._running.__exit__(*raised)

    @contextmanager
    def _serve(self) -> Generator[str]:
        host = self._host or "127.0.0.1"
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # asyncio disables Nagle's algorithm only if the protocol is named. With it every response would wait 40 ms for
        # the client's delayed acknowledgement.
        with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, self._port))
            listener.listen(1024)
            listener.setblocking(False)
            address, port, *_ = listener.getsockname()
            loop, leaving = asyncio.SelectorEventLoop(), asyncio.Event()
            thread = Thread(target=self._run, args=(loop, listener, leaving), name="fault-server", daemon=True)
            thread.start()
            try:
                # It listens already, so a client that comes before the loop runs only waits.
                yield f"{'https' if self._ssl_context else 'http'}://{_reachable(host, address)}:{port}"
            finally:
                loop.call_soon_threadsafe(leaving.set)
                thread.join()
                if self._raised:
                    raise self._raised[0]

    def _run(self, loop: asyncio.AbstractEventLoop, listener: socket.socket, leaving: asyncio.Event) -> None:
        # The runner cancels the remaining connections.
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            # `start_server` does not report a connection that fails in TLS.
            loop.add_reader(listener, self._accept, listener)
            runner.run(leaving.wait())
            loop.remove_reader(listener)

    def _accept(self, listener: socket.socket) -> None:
        try:
            accepted, _ = listener.accept()
        except OSError:
            return  # The client is gone, or no descriptor is free; the reader then calls again.
        self.connections += 1
        task = asyncio.get_running_loop().create_task(self._converse(accepted))
        self._tasks.add(task)
        task.add_done_callback(self._end_conversation)

    def _end_conversation(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._raised.append(error)

    async def _converse(self, accepted: socket.socket) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):  # The client has left.
            connection = await _open_connection(accepted, self._ssl_context)
            try:
                while await self._exchange(connection):
                    pass
                connection.writer.close()
                await connection.writer.wait_closed()
            finally:
                connection.writer.transport.abort()

    async def _exchange(self, connection: "_Connection") -> bool:
        """Respond to a request, and return whether another may follow."""
        # One for each request: after bytes that break the protocol on purpose, h11 would refuse to go on.
        parser = h11.Connection(h11.SERVER, max_incomplete_event_size=_LARGEST_PART)
        try:
            request = await _read_request(connection, parser)
        except h11.RemoteProtocolError as error:
            headers = {"connection": "close", "content-type": "text/plain; charset=utf-8"}
            reply = Reply(error.error_status_hint, headers, str(error).encode())
            connection.writer.write(frame_response(parser, reply))
            return False
        for step in self._steps(request, parser):
            if not await connection.perform_step(step):
                return False
        if parser.our_state is h11.MUST_CLOSE or parser.their_http_version != b"1.1":
            return False
        return "close" not in request.headers.get("connection", "").lower()

    def _steps(self, request: Request, parser: h11.Connection) -> Iterator[WireStep]:
        if self._host is None and not _is_loopback(host := request.headers.get("host", "localhost")):
            message = f"Host must be a loopback name or address, got {host!r:.80}. To allow others, serve with --host"
            refusal = Refusal(Code.PERMISSION_DENIED, f"{message} or serve(host=...).")
            yield frame_response(parser, _fit_method(refusal_reply(refusal), request.method))
            return
        self.requests.append(request)
        try:
            fault = self._script.next_fault()
            reply = fault.reply(request, self._answer)
            _LOG.info("%s %s %d", request.method, request.target, reply.status)
            if fault.seconds:
                yield fault.seconds
            reply = _fit_method(reply, request.method)
            yield from fault.steps(reply) if fault.steps else [frame_response(parser, reply)]
        except GeneratorExit:
            raise
        except BaseException as error:  # pytest.fail raises no Exception.
            self._raised.append(error)
            yield Act.CLOSE


def _fit_method(reply: Reply, method: str) -> Reply:
    """Return a reply without a body if the method is HEAD (RFC 9110, section 9.3.2)."""
    return evolve(reply, body=b"") if method == "HEAD" else reply


def frame_response(parser: h11.Connection, reply: Reply) -> bytes:
    """Return the bytes of a response to the request that a parser has read, if HTTP allows its headers."""
    body = b"" if reply.status in (204, 304) else reply.body
    headers = [*reply.headers.items(), *([("content-length", str(len(body)))] if reply.status != 204 else [])]
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    response = h11.Response(status_code=reply.status, headers=encoded, reason=responses.get(reply.status, "").encode())
    parts = [parser.send(response), parser.send(h11.Data(data=body)), parser.send(h11.EndOfMessage())]
    return b"".join(part or b"" for part in parts)


def _is_loopback(host: str) -> bool:
    """Return whether a Host header names this machine, with or without a port."""
    match = _HOST(host)
    name = (match[1] or match[2]).lower().rstrip(".") if match else ""
    return name == "localhost" or name.endswith(".localhost") or is_loopback_address(name)


_ABSOLUTE = re.compile(r"https?://([^/?#]+)([/?].*)?", re.IGNORECASE).fullmatch
_HOST = re.compile(r"(?:\[([^\]]+)\]|([^:\[\]]+))(?::[0-9]*)?").fullmatch


def _reachable(host: str, address: str) -> str:
    """Return the host of a URL that reaches a host's address from this machine."""
    if ip_address(address).is_unspecified:
        host = "::1" if ":" in address else "127.0.0.1"
    return f"[{host}]" if ":" in host else host


@define
class _Connection:
    socket: socket.socket
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    unread: bytes = b""

    async def read(self) -> bytes:
        """Return the next bytes."""
        received, self.unread = self.unread, b""
        if received := received or await self.reader.read(_LARGEST_PART):
            return received
        raise ConnectionResetError("the client has left")

    async def perform_step(self, step: WireStep) -> bool:
        """Perform a step, and return whether the connection lasts."""
        match step:
            case bytes():
                self.writer.write(step)
                await self.writer.drain()
                await asyncio.sleep(0)  # `drain` does not yield to other tasks while the client reads fast enough.
            case Act.LISTEN:
                if not self.unread:
                    await self.reader.readexactly(1)
            case Act.STALL:
                while await self.reader.read(_LARGEST_PART):
                    pass
            case Act.RESET:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
                self.writer.transport.abort()
            case Act.CLOSE:
                pass
            case _:
                await asyncio.sleep(step)
        return step not in (Act.STALL, Act.RESET, Act.CLOSE)


async def _open_connection(accepted: socket.socket, ssl_context: ssl.SSLContext | None) -> _Connection:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=_LARGEST_PART)
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await loop.connect_accepted_socket(lambda: protocol, accepted, ssl=ssl_context)
    return _Connection(accepted, reader, asyncio.StreamWriter(transport, protocol, reader, loop))


async def _read_request(connection: _Connection, parser: h11.Connection) -> Request:
    """Return the next request, whose body is dropped; raises RemoteProtocolError if it is none, or too large."""
    parser.receive_data(await connection.read())
    head: h11.Request | None = None
    length = received = 0
    while not isinstance(event := parser.next_event(), h11.EndOfMessage):
        if isinstance(event, h11.Request):
            head = event
            length = int(dict(event.headers).get(b"content-length", b"0"))
        elif isinstance(event, h11.Data):
            received += len(event.data)
        if max(length, received) > _LARGEST_PART:
            raise h11.RemoteProtocolError(f"the body must have at most {_LARGEST_PART:,} bytes", error_status_hint=413)
        if event is h11.NEED_DATA:
            if parser.they_are_waiting_for_100_continue:  # Such a client sends the body only after this response.
                go_on = h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")
                connection.writer.write(parser.send(go_on) or b"")
            parser.receive_data(await connection.read())
    connection.unread, _ = parser.trailing_data
    assert head is not None  # h11 ends no message that it has not begun.
    headers = [(name.decode("ascii"), value.decode("latin-1")) for name, value in head.headers]
    target = head.target.decode("latin-1")
    if absolute := _ABSOLUTE(target):  # Its host counts, and the header does not (RFC 9112, section 3.2.2).
        headers = [("host", absolute[1]), *(pair for pair in headers if pair[0].lower() != "host")]
        target = absolute[2] or "/"
    path, _, query = target.partition("?")
    return parse_request(head.method.decode("ascii"), path, query, headers)
