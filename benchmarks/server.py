"""A server of pages rendered beforehand, so that it is never what a client waits for.

`python -m benchmarks.server MODELS` prints its address and the sizes of its pages as one line of JSON, and serves until
its input ends. The account `all` has every model and the account `one-page` the first page of them, to warm up with; a
query with a read mask gets pages that hold the five fields of `MASKED` and no others.

Null messages are left out of the pages, because the generated code cannot read them and every client gets the same.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fireworks_gateway.testing._catalogue import sample_models

from .clients import PAGE_SIZE

MASKED = ("name", "kind", "contextLength", "supportsServerless", "baseModelDetails")

PageKey = tuple[str, bool, str]
"""Which page it is: its account, whether it is masked, and the token that it is asked by."""


def rendered(models: int) -> tuple[dict[PageKey, bytes], dict[str, int]]:
    """Return every page as bytes to send, and how many bytes of JSON there are, whole and masked."""
    whole = [_without_nulls(model) for model in sample_models(models)]
    pages: dict[PageKey, bytes] = {}
    sizes: dict[str, int] = {}
    for masked, listed in [(False, whole), (True, [_masked(model) for model in whole])]:
        bodies = list(_bodies(listed))
        sizes["masked" if masked else "whole"] = sum(map(len, bodies))
        for number, body in enumerate(bodies):
            pages["all", masked, _token(number)] = _response(body)
        only = {"models": listed[:PAGE_SIZE], "nextPageToken": "", "totalSize": min(models, PAGE_SIZE)}
        pages["one-page", masked, ""] = _response(json.dumps(only).encode())
    return pages, sizes


def _without_nulls(payload: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in payload.items() if value is not None}


def _masked(payload: dict[str, Any]) -> dict[str, Any]:
    kept = {key: payload[key] for key in MASKED}
    return kept | {"baseModelDetails": {"parameterCount": kept["baseModelDetails"]["parameterCount"]}}


def _bodies(models: list[dict[str, Any]]) -> Iterator[bytes]:
    starts = range(0, len(models), PAGE_SIZE)
    for number, start in enumerate(starts, 1):
        token = _token(number) if number < len(starts) else ""
        page = {"models": models[start : start + PAGE_SIZE], "nextPageToken": token, "totalSize": len(models)}
        yield json.dumps(page).encode()


def _token(number: int) -> str:
    return f"page-{number}" if number else ""


def _response(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Connection(StreamRequestHandler):
    """A connection that is kept: one request after another, each answered by a page."""

    disable_nagle_algorithm = True
    server: Server

    def handle(self) -> None:
        """Answer until the client hangs up."""
        while request := self.rfile.readline():
            while self.rfile.readline().strip():
                pass
            self.wfile.write(self.server.pages[_key(request.split()[1].decode())])


class Server(ThreadingTCPServer):
    """A server of pages on a free port of loopback."""

    daemon_threads = True

    def __init__(self, pages: dict[PageKey, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.pages = pages


def _key(target: str) -> PageKey:
    asked = urlsplit(target)
    account = asked.path.removeprefix("/v1/accounts/").removesuffix("/models")
    query = parse_qs(asked.query)
    return account, "readMask" in query, query.get("pageToken", [""])[0]


def main() -> None:
    """Serve until the input ends, which it does when the program that started this one does."""
    pages, sizes = rendered(int(sys.argv[1]))
    with Server(pages) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        print(json.dumps({"url": f"http://127.0.0.1:{server.server_address[1]}", "bytes": sizes}), flush=True)
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main()
