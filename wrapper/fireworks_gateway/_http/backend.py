"""Sync connections that ask before each read, write and handshake how much time is left.

httpcore takes a network backend for such a purpose, and httpx does not hand one through, so two of httpx's private
names are here. It is imported when a client is made, as httpx imports httpcore, because it is not light.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import httpcore
import httpx

from .deadline import time_left


def bounded(client: httpx.Client) -> httpx.Client:
    """Return the client, its connections bounded by `within`, those through a proxy included."""
    for transport in (client._transport, *client._mounts.values()):
        if isinstance(transport, httpx.HTTPTransport):
            transport._pool._network_backend = BoundedBackend(transport._pool._network_backend)
    return client


def _shorter(timeout: float | None, late: type[Exception]) -> float | None:
    left = time_left.get()
    if left is None:
        return timeout
    seconds = left()
    if seconds <= 0:
        raise late("the deadline has passed")
    return seconds if timeout is None else min(timeout, seconds)


class BoundedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _shorter(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _shorter(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        # A thread that waits in a read is not woken when another closes its socket, but is when it is shut down. Past
        # TLS, which must not be touched while that thread uses it.
        sock = self._stream.get_extra_info("socket")
        if sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return BoundedStream(
            self._stream.start_tls(ssl_context, server_hostname, _shorter(timeout, httpcore.ConnectTimeout))
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class BoundedBackend(httpcore.NetworkBackend):
    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        timeout = _shorter(timeout, httpcore.ConnectTimeout)
        return BoundedStream(self._backend.connect_tcp(host, port, timeout, local_address, socket_options))

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None
    ) -> httpcore.NetworkStream:
        timeout = _shorter(timeout, httpcore.ConnectTimeout)
        return BoundedStream(self._backend.connect_unix_socket(path, timeout, socket_options))

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)
