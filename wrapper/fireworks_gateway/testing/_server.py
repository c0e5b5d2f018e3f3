"""Serve a fake gateway: as an httpx transport in process, or over a loopback socket with its faults."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import struct
import sys
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from types import TracebackType
from urllib.parse import parse_qsl, unquote

import h11
import httpx
from attrs import define, evolve

from ._faults import Act, Fault, Step, fault_from, script_of, whole
from ._service import Answering, Reply, Request
from ._time import VirtualTime

_LOG = logging.getLogger("fireworks_gateway.testing")


class InProcess(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """An httpx transport, sync and async, that asks a function instead of a network, in virtual time."""

    def __init__(self, answer: Answering, time: VirtualTime) -> None:
        self._answer = answer
        self._time = time

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a sync client, unless its timeout passes first."""
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        asked = request_from(request.method, path, query, request.headers.multi_items())
        began = self._time.seconds
        reply = self._answer(asked)
        patience = request.extensions.get("timeout", {}).get("read")
        if patience is not None and self._time.seconds - began > patience:
            self._time.seconds = began + patience
            raise httpx.ReadTimeout(f"no answer within {patience:g} s", request=request)
        return httpx.Response(reply.status, headers=dict(reply.headers), stream=_Once(reply.body))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer an async client."""
        return self.handle_request(request)


class _Once(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that is let go when it is read, as one from a socket is: httpx keeps its responses in cycles."""

    def __init__(self, body: bytes) -> None:
        self._body = [body]

    def __iter__(self) -> Iterator[bytes]:
        while self._body:
            yield self._body.pop()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


def request_from(method: str, path: str, query: str, headers: list[tuple[str, str]]) -> Request:
    """Return a request from the parts that every server has: the path and the query still encoded."""
    pairs = tuple(parse_qsl(query, keep_blank_values=True))
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name.lower(), []).append(value)
    # As a recipient may join them (RFC 9110, section 5.3): two keys are then not one of them.
    joined = {name: ", ".join(each) for name, each in values.items()}
    return Request(method.upper(), unquote(path), pairs, joined, f"{path}?{query}" if query else path)


_LONGEST = 1 << 20
"""How many bytes the head of a request may have, as in Go's server, and how many are read at a time."""

# To linger for no time: closing such a socket resets the connection. Windows counts in shorts.
_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class FaultServer:
    """A server on loopback, in a with block whose value is its base URL, that fails as a script says.

        with FaultServer(FakeGateway().reply, [None, faults.truncated_body(), faults.stall()]) as url: ...

    Every request takes the next fault when all of it has been read, whichever connection it comes on; None, and the end
    of the script, stand for the right answer. Leaving the block ends every connection at once, and raises what `answer`
    or the script raised, if they did; the connection that met it was closed without an answer.

    Args:
        answer: What answers rightly, such as `FakeGateway.reply`. It is called for every request, unless a fault
            answers in its place, on the server's thread and one at a time.
        faults: The script; it may be endless, as that of `itertools.cycle` is.
        port: The port; any free one by default.
        ssl_context: What makes it speak TLS, with a certificate of the server's.

    Attributes:
        requests: What it was asked, in order.
        connections: How many connections it has accepted, those that failed in TLS or asked nothing too.
    """

    def __init__(
        self,
        answer: Callable[[Request], Reply],
        faults: Iterable[Fault | None] = (),
        *,
        port: int = 0,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._answer = answer
        self._script = script_of(faults)
        self._port = port
        self._ssl_context = ssl_context
        self._raised: list[BaseException] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.requests: list[Request] = []
        self.connections: int = 0

    def __enter__(self) -> str:
        self._running = self._serving()
        return self._running.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._running.__exit__(kind, error, traceback)

    @contextmanager
    def _serving(self) -> Generator[str]:
        # Named as TCP, which `socket.create_server` leaves open: asyncio turns Nagle's algorithm off only where it is,
        # and with it on every answer waits 40 ms for the client's delayed acknowledgement.
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", self._port))
            listener.listen(1024)
            listener.setblocking(False)
            loop, leaving = asyncio.SelectorEventLoop(), asyncio.Event()
            thread = Thread(target=self._run, args=(loop, listener, leaving), name="fault-server", daemon=True)
            thread.start()
            try:
                # It listens already, so a client that comes before the loop runs only waits.
                yield f"http{'s' if self._ssl_context else ''}://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                loop.call_soon_threadsafe(leaving.set)
                thread.join()
                if self._raised:
                    raise self._raised[0]

    def _run(self, loop: asyncio.AbstractEventLoop, listener: socket.socket, leaving: asyncio.Event) -> None:
        # Whatever connections are left when the runner ends, it cancels.
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(self._accepting(listener, leaving))

    async def _accepting(self, listener: socket.socket, leaving: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        # Not `start_server`, which knows nothing of a connection that fails in TLS.
        loop.add_reader(listener, self._accept, listener)
        await leaving.wait()
        loop.remove_reader(listener)

    def _accept(self, listener: socket.socket) -> None:
        try:
            accepted, _ = listener.accept()
        except OSError:
            return  # It has left already, or no descriptor is free, and then it is tried again.
        self.connections += 1
        task = asyncio.get_running_loop().create_task(self._converse(accepted))
        self._tasks.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._raised.append(error)

    async def _converse(self, accepted: socket.socket) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):  # The client has left.
            connection = await _connection_over(accepted, self._ssl_context)
            try:
                while await self._exchange(connection):
                    pass
                connection.writer.close()
                await connection.writer.wait_closed()
            finally:
                connection.writer.transport.abort()

    async def _exchange(self, connection: _Connection) -> bool:
        """Answer a request, and return whether another may follow."""
        try:
            request, kept = await _request_on(connection)
        except h11.RemoteProtocolError as error:
            headers = {"connection": "close", "content-type": "text/plain; charset=utf-8"}
            connection.writer.write(whole(Reply(error.error_status_hint, headers, str(error).encode())))
            return False
        self.requests.append(request)
        for step in self._steps(request):
            if not await connection.lasts_after(step):
                return False
        return kept

    def _steps(self, request: Request) -> Iterator[Step]:
        try:
            fault = fault_from(self._script)
            answer = fault.answer(request, self._answer)
            _LOG.info("%s %s %d", request.method, request.target, answer.status)
            # What follows a request of HEAD's is a head only (RFC 9110, 9.3.2).
            reply = evolve(answer, body=b"") if request.method == "HEAD" else answer
            yield from fault.on_wire(reply)
        except GeneratorExit:
            raise
        except BaseException as error:  # What pytest.fail raises is no Exception.
            self._raised.append(error)
            yield Act.CLOSE


@define
class _Connection:
    socket: socket.socket
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    unread: bytes = b""

    async def lasts_after(self, step: Step) -> bool:
        """Do a step, and return whether the connection lasts."""
        match step:
            case bytes():
                self.writer.write(step)
                await self.writer.drain()
                await asyncio.sleep(0)  # Draining gives way to nobody while the client reads fast enough.
            case Act.LISTEN:
                if not self.unread:
                    await self.reader.readexactly(1)
            case Act.STALL:
                while await self.reader.read(_LONGEST):
                    pass
            case Act.RESET:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
                self.writer.transport.abort()
            case Act.CLOSE:
                pass
            case _:
                await asyncio.sleep(step)
        return step not in (Act.STALL, Act.RESET, Act.CLOSE)


async def _connection_over(accepted: socket.socket, ssl_context: ssl.SSLContext | None) -> _Connection:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=_LONGEST)
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await loop.connect_accepted_socket(lambda: protocol, accepted, ssl=ssl_context)
    return _Connection(accepted, reader, asyncio.StreamWriter(transport, protocol, reader, loop))


async def _request_on(connection: _Connection) -> tuple[Request, bool]:
    """Return the next request, and whether the client keeps the connection after it.

    Raises:
        h11.RemoteProtocolError: It is not one.
        OSError: The client has left.
    """
    # One for each request: after bytes that break the protocol on purpose, h11 would refuse to go on.
    parser = h11.Connection(h11.SERVER, max_incomplete_event_size=_LONGEST)
    parser.receive_data(connection.unread or await _bytes_from(connection))
    asked: h11.Request | None = None
    while not isinstance(event := parser.next_event(), h11.EndOfMessage):
        if isinstance(event, h11.Request):
            asked = event
        if event is h11.NEED_DATA:
            if parser.they_are_waiting_for_100_continue:  # Until then, such a client keeps the body to itself.
                go_on = h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")
                connection.writer.write(parser.send(go_on) or b"")
            parser.receive_data(await _bytes_from(connection))
    connection.unread, _ = parser.trailing_data
    assert asked is not None  # h11 ends no message that it has not begun.
    headers = [(name.decode("ascii"), value.decode("latin-1")) for name, value in asked.headers]
    path, _, query = asked.target.decode("latin-1").partition("?")
    request = request_from(asked.method.decode("ascii"), path, query, headers)
    closing = "close" in request.headers.get("connection", "").lower()
    return request, asked.http_version == b"1.1" and not closing


async def _bytes_from(connection: _Connection) -> bytes:
    received = await connection.reader.read(_LONGEST)
    if not received:
        raise ConnectionResetError("the client has left")
    return received
