"""A second reader of responses, with h11, zlib and json alone, which knows the pages that a client may return."""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import h11


class Sent(NamedTuple):
    """A page that the service sent: the names of its items, and the next page token."""

    names: tuple[str, ...]
    next_page_token: str


def read_page(sent: bytes, *, skip: bool) -> Sent | None:
    """Return the page of some bytes, or None if they are no complete page; `skip` drops items that are no objects."""
    body = _read_body(sent)
    page = None if body is None else _read_json(body)
    if not isinstance(page, dict):
        return None
    token = page.get("nextPageToken", page.get("next_page_token"))
    known = page.keys() <= {"models", "nextPageToken", "next_page_token", "totalSize", "total_size"}
    if not known and ("models" not in page or not page.keys() & {"nextPageToken", "next_page_token"}):
        return None
    items = page.get("models") or []
    if not isinstance(items, list) or not isinstance(token or "", str):
        return None
    if not skip and not all(isinstance(item, dict) for item in items):
        return None
    return Sent(tuple(name_of(item) for item in items if isinstance(item, dict)), token or "")


def name_of(item: Mapping[str, Any]) -> str:
    """Return the name of an item; excessive values differ between readers, so any other value is an empty name."""
    name = item.get("name")
    return name if isinstance(name, str) and name.startswith("accounts/") else ""


def _read_body(sent: bytes) -> bytes | None:
    parser = h11.Connection(h11.CLIENT, max_incomplete_event_size=100 * 1024)
    parser.send(h11.Request(method="GET", target="/", headers=[("host", "x")]))
    parser.send(h11.EndOfMessage())
    for part in (sent, b""):  # The second is the end of the connection.
        parser.receive_data(part)
    response, parts = None, list[bytes]()
    try:
        while not isinstance(event := parser.next_event(), h11.EndOfMessage):
            match event:
                case h11.Response(status_code=status) if 200 <= status < 300:
                    response = event
                case h11.Data(data=data):
                    parts.append(data)
                case h11.InformationalResponse(status_code=status) if status != 101:
                    pass
                case _:
                    return None
    except h11.RemoteProtocolError:
        return None
    headers = response.headers if response else []
    return _decompress(b"".join(parts), b", ".join(value for name, value in headers if name == b"content-encoding"))


def _decompress(body: bytes, encoding: bytes) -> bytes | None:
    encoding = encoding.strip().lower()
    if encoding in (b"", b"identity"):
        return body
    for bits in {b"gzip": [31], b"x-gzip": [31], b"deflate": [15, -15]}.get(encoding, []):
        parts, rest = list[bytes](), body
        with suppress(zlib.error):
            while rest and (not parts or rest.startswith(b"\x1f\x8b")):
                stream = zlib.decompressobj(bits)
                parts.append(stream.decompress(rest))
                rest = stream.unused_data if stream.eof else b"incomplete"
            if rest != b"incomplete":
                return b"".join(parts)
    return None


def _read_json(body: bytes) -> Any:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(6000)
    try:
        return json.loads(body, parse_int=lambda digits: digits if len(digits) > 4300 else int(digits))
    except (ValueError, RecursionError):
        return None
    finally:
        sys.setrecursionlimit(limit)


def is_chain(names: Sequence[str], pages: Mapping[str, Sequence[Sent]], page_token: str = "", skip: int = 0) -> bool:
    """Return whether names are those of whole pages, each named by the one before, from a token to an end.

    Args:
        names: The names that a walk returned.
        pages: The pages that were sent, by the token of their request.
        page_token: The token of the first of them.
        skip: The number of its names that were returned before.
    """
    for page in pages.get(page_token, ()):
        rest = page.names[skip:]
        if tuple(names[: len(rest)]) != rest:
            continue
        following, left = names[len(rest) :], max(0, skip - len(page.names))
        if not page.next_page_token:
            if not following:
                return True
        elif page.next_page_token == page_token:  # A cycle, after which this page is requested again.
            others = {page_token: [other for other in pages[page_token] if other is not page]}
            if is_chain(following, {**pages, **others}, page_token, max(skip, len(page.names))):
                return True
        elif is_chain(following, {**pages, page_token: []}, page.next_page_token, left):
            return True
    return False
