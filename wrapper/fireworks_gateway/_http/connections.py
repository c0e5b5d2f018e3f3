"""Limit the time of connections, repair their pool, and adapt clients of httpx2, whose classes differ from httpx.

This is the one module with private names of httpx and httpcore. `DeadlineBackend` limits each network step of a sync
connection to the remaining time; httpcore has backends for that, which httpx does not pass through. The module is
imported when a client sends over a network, because httpcore is slow to import.
"""

import os
import selectors
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from errno import EINPROGRESS, EWOULDBLOCK
from functools import partial
from math import inf
from threading import Lock
from time import monotonic
from typing import Any, cast

import httpcore
import httpx
from httpcore._backends.sync import SyncStream

from .deadline import cancellation, remaining_time, shut_down

_CONNECT_STEP = 0.05  # The seconds after which a connecting thread looks whether its client is closed.


def limit_connections(client: httpx.Client) -> httpx.Client:
    """Return the client, with all its connections, including those through proxies, limited by `limit_time`."""
    for transport in (client._transport, *client._mounts.values()):
        if isinstance(transport, httpx.HTTPTransport):
            transport._pool._network_backend = DeadlineBackend()
            # An interrupt in a method of httpcore's lock would leave it locked for ever; this one has none in Python.
            transport._pool._optional_thread_lock = cast("Any", Lock())
    return client


def find_pool(client: httpx.Client | httpx.AsyncClient, request: httpx.Request) -> Any:
    """Return the pool of httpcore for a request; None for a mock, and for other transports of the caller."""
    pool = getattr(getattr(client, "adapted", client)._transport_for_url(request.url), "_pool", None)
    return pool if hasattr(pool, "_optional_thread_lock") else None  # That of httpcore2 has it too.


def has_connections(client: httpx.Client | httpx.AsyncClient, request: httpx.Request) -> bool:
    """Return whether the pool for a request has connections."""
    pool = find_pool(client, request)
    return pool is not None and bool(pool._connections)


def has_surplus(client: httpx.Client | httpx.AsyncClient, request: httpx.Request) -> bool:
    """Return whether bytes follow the response of a request, which would be read as the response of the next one."""
    pool = find_pool(client, request)
    if pool is None:
        return False
    with pool._optional_thread_lock:
        connection = next((each.connection for each in pool._requests if _is_same(each, request)), None)
    while (inner := getattr(connection, "_connection", None)) is not None:  # That of a proxy contains another.
        connection = inner
    state = getattr(connection, "_h11_state", None)
    if state is None or not state.trailing_data[0]:
        return False
    state.send_failed()  # Otherwise httpcore marks the connection as idle, and may reuse it in another thread.
    return True


def release(client: httpx.Client, request: httpx.Request) -> None:
    """Free the connections that an incomplete request leaves in the pool."""
    # After an interrupt a connection may only seem idle, because h11 is not.
    for connection in _drop_connections(client, request, keep_idle=False):
        with suppress(Exception):
            connection.close()


async def async_release(client: httpx.AsyncClient, request: httpx.Request) -> None:
    """Free the connections that an incomplete request leaves in the pool."""
    import anyio

    with anyio.CancelScope(shield=True):
        for connection in _drop_connections(client, request, keep_idle=True):
            with suppress(Exception):
                await connection.aclose()


def _drop_connections(
    client: httpx.Client | httpx.AsyncClient, request: httpx.Request, *, keep_idle: bool
) -> list[Any]:
    # A request that is cancelled at the wrong moment stays in the queue of httpcore, and its connection in the pool,
    # until no connection is left (encode/httpcore#1093).
    pool = find_pool(client, request)
    if pool is None:
        return []
    with pool._optional_thread_lock:
        pool._requests[:] = [each for each in pool._requests if not _is_same(each, request)]
        used = {id(each.connection) for each in pool._requests}
        dropped = [each for each in pool._connections if id(each) not in used and not (keep_idle and each.is_idle())]
        pool._connections[:] = [each for each in pool._connections if each not in dropped]
        return [*dropped, *pool._assign_requests_to_connections()]


def _is_same(queued: Any, request: httpx.Request) -> bool:
    return queued.request.extensions is request.extensions  # httpx passes on the same dictionary.


def _limit(timeout: float | None, error: type[Exception]) -> float | None:
    """Return a timeout within the remaining time; raise the error after the deadline or a cancellation."""
    if (cancelling := cancellation.get()) is not None and cancelling.cancelled:
        raise httpcore.ReadTimeout("the request was cancelled")  # A failure to connect would be retried.
    remaining = remaining_time.get()
    if remaining is None:
        return timeout
    seconds = remaining()
    if seconds <= 0:
        raise error("the deadline has passed")
    return seconds if timeout is None else min(timeout, seconds)


def _connect(host: str, port: int, timeout: float | None, local_address: str | None) -> socket.socket:
    # Like socket.create_connection, which neither the end of the deadline nor closing the client would end.
    failure = OSError(f"{host} has no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM):
        with ExitStack() as stack:
            try:
                sock = stack.enter_context(socket.socket(family, kind, protocol))
                if local_address is not None:
                    sock.bind((local_address, 0))
                _connect_socket(sock, address, timeout)
                stack.pop_all()
                return sock
            except OSError as error:
                failure = error
    raise failure


def _connect_socket(sock: socket.socket, address: Any, timeout: float | None) -> None:
    end = monotonic() + (inf if timeout is None else timeout)
    sock.setblocking(False)
    code = sock.connect_ex(address)
    if code in (EINPROGRESS, EWOULDBLOCK):
        with selectors.DefaultSelector() as selector:
            selector.register(sock, selectors.EVENT_WRITE)
            while not selector.select(min(_limit(end - monotonic(), httpcore.ConnectTimeout) or 0, _CONNECT_STEP)):
                if monotonic() >= end:
                    raise TimeoutError("timed out")
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, os.strerror(code))


def _receive(sock: ssl.SSLSocket, size: int) -> bytes:
    sock.settimeout(_limit(sock.gettimeout(), TimeoutError))
    return ssl.SSLSocket.recv(sock, size)


class DeadlineStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        cancelling = cancellation.get()
        if cancelling is None:
            return self._stream.read(max_bytes, _limit(timeout, httpcore.ReadTimeout))
        try:
            with cancelling.watch(self._stream.get_extra_info("socket")):
                return self._stream.read(max_bytes, _limit(timeout, httpcore.ReadTimeout))
        finally:
            _limit(timeout, httpcore.ReadTimeout)  # It raises once the request is cancelled.

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _limit(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        if (sock := self._stream.get_extra_info("socket")) is not None:
            shut_down(sock)
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            timeout = _limit(timeout, httpcore.ConnectTimeout)
        except httpcore.TimeoutException:
            self.close()  # httpcore forgets a stream whose TLS fails.
            raise
        if isinstance(sock := self._stream.get_extra_info("socket"), ssl.SSLSocket):
            # Through an https proxy, httpcore reads a TLS record in steps, of which each has the whole timeout.
            sock.recv = partial(_receive, sock)  # type: ignore[method-assign]
        return DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class DeadlineBackend(httpcore.NetworkBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            sock = _connect(host, port, timeout, local_address)
            for option in cast("Iterable[Any]", socket_options or ()):
                sock.setsockopt(*option)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        return DeadlineStream(SyncStream(sock))


def adapt_client(client: Any) -> Any:
    """Return a client of httpx that sends with one of httpx2; another is returned unchanged."""
    httpx2 = sys.modules.get("httpx2")  # A program that has a client of it has imported it.
    if httpx2 is not None and isinstance(client, httpx2.Client):
        return AdaptedClient(client)
    return AsyncAdaptedClient(client) if httpx2 is not None and isinstance(client, httpx2.AsyncClient) else client


class _Adapted:
    def __init__(self, client: Any) -> None:
        send = partial(_async_send if isinstance(self, httpx.AsyncClient) else _send, client)
        super().__init__(transport=httpx.MockTransport(send), trust_env=False)  # type: ignore[call-arg]
        self.adapted = client

    @property
    def is_closed(self) -> bool:
        """True once the given client is closed."""
        return bool(self.adapted.is_closed)


class AdaptedClient(_Adapted, httpx.Client):
    """A client of httpx that sends with a client of httpx2."""


class AsyncAdaptedClient(_Adapted, httpx.AsyncClient):
    """An async client of httpx that sends with a client of httpx2."""


def _send(client: Any, request: httpx.Request) -> httpx.Response:
    with _convert_errors(request):
        response = client.send(_convert_request(request), stream=True, auth=None, follow_redirects=False)
    return _convert_response(response, _Stream(response, request))


async def _async_send(client: Any, request: httpx.Request) -> httpx.Response:
    with _convert_errors(request):
        response = await client.send(_convert_request(request), stream=True, auth=None, follow_redirects=False)
    return _convert_response(response, _Stream(response, request))


class _Stream(httpx.SyncByteStream, httpx.AsyncByteStream):
    def __init__(self, response: Any, request: httpx.Request) -> None:
        self._response = response
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        with _convert_errors(self._request):
            yield from self._response.stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _convert_errors(self._request):
            async for chunk in self._response.stream:
                yield chunk

    def close(self) -> None:
        self._response.close()

    async def aclose(self) -> None:
        await self._response.aclose()


def _convert_request(request: httpx.Request) -> Any:
    foreign = sys.modules["httpx2"].Request(
        request.method, str(request.url), headers=request.headers.raw, content=request.content
    )
    foreign.extensions = request.extensions  # The same dictionary identifies the request in the pool.
    return foreign


def _convert_response(response: Any, stream: Any) -> httpx.Response:
    if not response.is_stream_consumed:
        return httpx.Response(
            response.status_code, headers=response.headers.raw, stream=stream, extensions=response.extensions
        )
    # A hook or a mocking library has read and decompressed the body.
    headers = [(name, value) for name, value in response.headers.raw if name.lower() != b"content-encoding"]
    extensions = {name: value for name, value in response.extensions.items() if name != "network_stream"}
    return httpx.Response(response.status_code, headers=headers, content=response.content, extensions=extensions)


@contextmanager
def _convert_errors(request: httpx.Request) -> Generator[None]:
    """Raise an error of httpx2 as the error of httpx that has its name."""
    httpx2 = sys.modules["httpx2"]
    try:
        yield
    except httpx2.HTTPStatusError as failure:  # A hook of the caller has raised it.
        if failure.request.extensions is not request.extensions:
            raise
        response = _convert_response(failure.response, httpx.ByteStream(b""))
        raise httpx.HTTPStatusError(str(failure), request=request, response=response) from failure
    except httpx2.RequestError as failure:
        names = [kind.__name__ for kind in type(failure).__mro__]
        kind = next(getattr(httpx, name) for name in names if hasattr(httpx, name))
        raise kind(str(failure), request=request) from failure
