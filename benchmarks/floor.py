"""The least work of a listing: a bare socket and msgspec. It follows no redirect, and handles no error."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import msgspec  # type: ignore[import-not-found, unused-ignore]  # In its own environment only.

Details: Any = msgspec.defstruct("Details", [("parameterCount", str)])
Model: Any = msgspec.defstruct(
    "Model",
    [("name", str), ("kind", str), ("contextLength", int), ("supportsServerless", bool), ("baseModelDetails", Details)],
)
Page: Any = msgspec.defstruct("Page", [("models", list[Model]), ("nextPageToken", str)])
AnyPage: Any = msgspec.defstruct("AnyPage", [("models", list[Any]), ("nextPageToken", str)])
"""A page with every field of its models."""


class Listing:
    """Listings over one connection."""

    def __init__(self, url: str, key: str, page_size: int, page: Any) -> None:
        host = urlsplit(url)
        self._socket = socket.create_connection((host.hostname, host.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._tail = f" HTTP/1.1\r\nHost: {host.netloc}\r\nAuthorization: Bearer {key}\r\n\r\n"
        self._page_size = page_size
        self._buffer = bytearray(1 << 20)
        self._decode = msgspec.json.Decoder(page).decode

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def models(self, account: str) -> Iterator[Any]:
        """List the models of an account."""
        token = "0"
        while token:
            target = f"/v1/accounts/{account}/models?pageSize={self._page_size}&pageToken={token}"
            self._socket.sendall(f"GET {target}{self._tail}".encode())
            page = self._decode(self._body())
            yield from page.models
            token = page.nextPageToken

    @staticmethod
    def values(model: Any) -> tuple[Any, ...]:
        """Return the five values of a model."""
        details = model.baseModelDetails
        return model.name, model.kind, model.contextLength, model.supportsServerless, details.parameterCount

    def _body(self) -> memoryview:
        buffer = memoryview(self._buffer)
        got = self._socket.recv_into(buffer)
        while (start := self._buffer.find(b"\r\n\r\n", 0, got) + 4) < 4:
            got += self._socket.recv_into(buffer[got:])
        length = int(bytes(self._buffer[:start]).partition(b"Content-Length: ")[2].split()[0])
        while got < start + length:
            got += self._socket.recv_into(buffer[got:])
        return buffer[start : start + length]
