"""Serve a fake gateway from a shell, until it is interrupted: `python -m fireworks_gateway.testing --models 50`."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from collections.abc import Sequence
from threading import Event

from ._gateway import FakeGateway


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve as the command line says, and return the exit status."""
    asked = _parser().parse_args(arguments)
    gateway = FakeGateway(asked.models, account_id=asked.account_id, api_key=asked.api_key)
    logging.basicConfig(stream=sys.stderr, format="%(message)s")
    logging.getLogger("fireworks_gateway.testing").setLevel(logging.INFO)
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: stopped.set())
    try:
        with gateway.serve(host=asked.host, port=asked.port) as url:
            print(_greeting(gateway, url), flush=True)
            stopped.wait()
    except (OSError, OverflowError) as error:
        print(f"fireworks_gateway.testing cannot serve on port {asked.port}: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m fireworks_gateway.testing", description="Serve a fake gateway on loopback, until interrupted."
    )
    parser.add_argument("--models", type=_count, metavar="COUNT", help="how many models it lists (about 300)")
    parser.add_argument("--account-id", default="fireworks", help="the account that it knows (%(default)s)")
    parser.add_argument("--api-key", default="fake-key", help="the key that opens it (%(default)s)")
    parser.add_argument("--host", help="the address to listen on (127.0.0.1, for loopback names in Host only)")
    parser.add_argument("--port", type=int, default=0, help="the port (any free one)")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"a count is 0 or more, not {text!r}")
    return int(text)


def _greeting(gateway: FakeGateway, url: str) -> str:
    exports = "\n".join(f"    export {name}={value}" for name, value in gateway.environment(url).items())
    return f"A fake gateway listens at {url}. Stop it with Ctrl-C; point clients at it with:\n\n{exports}\n"


if __name__ == "__main__":
    sys.exit(main())
