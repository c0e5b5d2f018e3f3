"""Serve pages of models from memory, so that no client waits for the server.

The name of an account describes its listing: `first-20000` has the first 20,000 models, `first-4000-in-50ms` responds
after 50 ms, and `first-20000-printing-unset` prints fields outside a read mask as unset. Any read mask selects the
fields of `MASK`. Null messages are omitted, because the generated code cannot decode them.

`python -m benchmarks.server MODELS` prints its address and the sizes of its models as one line of JSON. For each line
of its input it then prints its number of requests. It ends with its input.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qs, urlsplit

from fireworks_gateway.testing._payloads import sample_models
from fireworks_gateway.testing._queries import compile_mask

BLOCK = 50
"""Models in a rendered block, and on a page by default, as the service has it."""

MASK = ("name", "kind", "contextLength", "supportsServerless", "baseModelDetails")

Shape = Literal["whole", "masked", "unset"]
"""All fields; those of `MASK`; those of `MASK` with the others printed as unset."""

_ACCOUNT = re.compile(r"/v1/accounts/(first-(\d+)(?:-in-(\d+)ms)?(-printing-unset)?)/models")


class Request(NamedTuple):
    """A request for up to `size` models after the first `start` ones; the response takes `latency` seconds."""

    account: str
    models: int
    latency: float
    shape: Shape
    start: int
    size: int


def parse_target(target: str) -> Request:
    """Parse the target of a request.

    Raises:
        ValueError: It is not a listing of an account, or its page is not a number of whole blocks.
    """
    parts = urlsplit(target)
    if (account := _ACCOUNT.fullmatch(parts.path)) is None:
        raise ValueError(f"nothing is served at {parts.path}")
    query = parse_qs(parts.query)
    size = int(query.get("pageSize", ["0"])[0]) or BLOCK
    if size % BLOCK:
        raise ValueError(f"the page size must be a multiple of 50, got {size}")
    shape: Shape = "whole" if "readMask" not in query else "unset" if account[4] else "masked"
    start = int(query.get("pageToken", ["0"])[0])
    return Request(account[1], int(account[2]), int(account[3] or 0) / 1e3, shape, start, size)


class Pages(NamedTuple):
    """Blocks of models as JSON, for each shape."""

    blocks: Mapping[Shape, Sequence[bytes]]

    def body(self, request: Request) -> bytes:
        """Return the body of a response."""
        end = min(request.start + request.size, request.models)
        blocks = self.blocks[request.shape][request.start // BLOCK : -(-end // BLOCK)]
        token = str(end) if end < request.models else ""
        tail = f'], "nextPageToken": "{token}", "totalSize": {request.models}}}'
        return b'{"models": [' + b", ".join(blocks) + tail.encode()

    def bytes_per_model(self, shape: Shape, models: int) -> float:
        """Return the mean size of the first models as JSON."""
        return sum(map(len, self.blocks[shape][: models // BLOCK])) / models


def render_pages(models: int) -> Pages:
    """Render the first models of the sample, a multiple of 50, in each shape."""
    whole = [{key: value for key, value in model.items() if value is not None} for model in sample_models(models)]
    unset = map(compile_mask(",".join([*MASK[:-1], "baseModelDetails.parameterCount"])), whole)
    return Pages({"whole": _blocks(whole), "masked": _blocks(map(_mask, whole)), "unset": _blocks(unset)})


def _mask(payload: dict[str, Any]) -> dict[str, Any]:
    kept = {key: payload[key] for key in MASK}
    return kept | {"baseModelDetails": {"parameterCount": kept["baseModelDetails"]["parameterCount"]}}


def _blocks(models: Iterable[dict[str, Any]]) -> list[bytes]:
    texts = [json.dumps(model) for model in models]
    return [", ".join(texts[start : start + BLOCK]).encode() for start in range(0, len(texts), BLOCK)]


class Connection(StreamRequestHandler):
    """A connection with one request after another."""

    disable_nagle_algorithm = True
    server: Server

    def handle(self) -> None:
        """Respond until the client disconnects."""
        while line := self.rfile.readline():
            while self.rfile.readline().strip():
                pass
            request = parse_target(line.split()[1].decode())
            body = self.server.pages.body(request)
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            time.sleep(request.latency)
            self.server.requests[request.account] += 1
            self.wfile.write(head.encode() + body)


class Server(ThreadingTCPServer):
    """A server of pages on a free port of loopback, which counts the requests for each account."""

    daemon_threads = True

    def __init__(self, pages: Pages) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.pages = pages
        self.requests: Counter[str] = Counter()


def main() -> None:
    """Serve until the input ends."""
    models = int(sys.argv[1])
    pages = render_pages(models)
    with Server(pages) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        sizes = {shape: pages.bytes_per_model(shape, models) for shape in pages.blocks}
        print(json.dumps({"url": f"http://127.0.0.1:{server.server_address[1]}", "bytes": sizes}), flush=True)
        for _ in sys.stdin:
            print(json.dumps(server.requests), flush=True)
        server.shutdown()


if __name__ == "__main__":
    main()
