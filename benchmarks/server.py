"""A server of pages rendered beforehand, so that it is never what a client waits for.

`python -m benchmarks.server MODELS` prints its address and the sizes of its models as one line of JSON. From then on it
answers every line of its input with one that says what it did so far, and it serves until the input ends.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

from .pages import Pages, asked_by, rendered


class Connection(StreamRequestHandler):
    """A connection that is kept: one request after another, each answered by a page."""

    disable_nagle_algorithm = True
    server: Server

    def handle(self) -> None:
        """Answer until the client hangs up."""
        while request := self.rfile.readline():
            while self.rfile.readline().strip():
                pass
            asked = asked_by(request.split()[1].decode())
            body = self.server.pages.body(asked)
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            time.sleep(asked.latency)
            self.server.requests[asked.account] += 1
            self.wfile.write(head.encode() + body)


class Server(ThreadingTCPServer):
    """A server of pages on a free port of loopback, which counts the requests for each account."""

    daemon_threads = True

    def __init__(self, pages: Pages) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.pages = pages
        self.requests: Counter[str] = Counter()


def main() -> None:
    """Serve until the input ends, which it does when the program that started this one does."""
    models = int(sys.argv[1])
    pages = rendered(models)
    with Server(pages) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        sizes = {shape: pages.bytes_a_model(shape, models) for shape in pages.blocks}
        print(json.dumps({"url": f"http://127.0.0.1:{server.server_address[1]}", "bytes": sizes}), flush=True)
        for _ in sys.stdin:
            print(json.dumps({"requests": server.requests, "cpu": time.process_time()}), flush=True)
        server.shutdown()


if __name__ == "__main__":
    main()
