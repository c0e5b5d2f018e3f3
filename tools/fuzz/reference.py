"""A second reader of responses, with h11, zlib and json alone: the pages that a client may return."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple

import h11


class Sent(NamedTuple):
    """A page that the service sent: the names of its items, and the next page token."""

    names: tuple[str, ...]
    next_page_token: str


def read_page(sent: bytes, *, skip: bool) -> Sent | None:
    """Return the page of some bytes, or None without a complete page; `skip` drops items that are not objects."""
    page = _read_json(_read_body(sent))
    if not isinstance(page, dict):
        return None
    token = page.get("nextPageToken") or page.get("next_page_token")
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


def _read_body(sent: bytes) -> bytes:
    """Return the body of a complete response with a successful status, or nothing."""
    parser, body = h11.Connection(h11.CLIENT, max_incomplete_event_size=100 * 1024), b""
    parser.send(h11.Request(method="GET", target="/", headers=[("host", "x")]))
    parser.send(h11.EndOfMessage())
    for part in (sent, b""):  # The second is the end of the connection.
        parser.receive_data(part)
    with suppress(h11.RemoteProtocolError):
        while not isinstance(event := parser.next_event(), h11.EndOfMessage):
            if isinstance(event, h11.Data):
                body += event.data
            elif not isinstance(event, h11.Response | h11.InformationalResponse) or event.status_code in (101, *FAILED):
                return b""
        return body
    return b""


FAILED = range(300, 1000)
_READERS: list[Callable[[bytes], bytes]] = [
    bytes,
    gzip.decompress,
    zlib.decompress,
    partial(zlib.decompress, wbits=-15),
]


def _read_json(body: bytes) -> Any:
    """Return the JSON in a body that may be compressed, whatever its headers are."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(6000)
    try:
        for decompress in _READERS:
            with suppress(ValueError, RecursionError, OSError, EOFError, zlib.error):
                return json.loads(decompress(body), parse_int=str)
    finally:
        sys.setrecursionlimit(limit)
    return None


def is_chain(names: Sequence[str], pages: Mapping[str, Sequence[Sent]], page_token: str = "") -> bool:
    """Return whether names are those of whole pages, each named by the one before, from a token to an end."""
    for page in pages.get(page_token, ()):
        count = len(page.names)
        if tuple(names[:count]) == page.names:
            others = {**pages, page_token: ()}
            if is_chain(names[count:], others, page.next_page_token) if page.next_page_token else not names[count:]:
                return True
    return False
