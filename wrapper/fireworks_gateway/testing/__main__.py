"""Serve a fake gateway from a shell until it is interrupted: `python -m fireworks_gateway.testing --models 50`."""

import argparse
import logging
import signal
import sys
from collections.abc import Sequence
from threading import Event

from ._gateway import FakeGateway


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve with the options of a command line, and return the exit status."""
    options = _parse_options(arguments)
    gateway = FakeGateway(options.models, account_id=options.account_id, api_key=options.api_key)
    logging.basicConfig(stream=sys.stderr, format="%(message)s")
    logging.getLogger("fireworks_gateway.testing").setLevel(logging.INFO)
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: stopped.set())
    try:
        with gateway.serve(host=options.host, port=options.port) as url:
            exports = "\n".join(f"    export {name}={value}" for name, value in gateway.environment(url).items())
            print(f"A fake gateway listens at {url}. Stop it with Ctrl-C; point clients at it with:\n\n{exports}\n")
            sys.stdout.flush()
            stopped.wait()
    except (OSError, OverflowError, UnicodeError) as error:
        place = f"{options.host or '127.0.0.1'}, port {options.port}"
        print(f"fireworks_gateway.testing cannot serve on {place}: {error}", file=sys.stderr)
        return 1
    return 0


def _parse_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m fireworks_gateway.testing", description="Serve a fake gateway.")
    parser.add_argument("--models", type=_count, metavar="COUNT", help="number of models (about 300)")
    parser.add_argument("--account-id", default="fireworks", help="account that owns the models (%(default)s)")
    parser.add_argument("--api-key", default="fake-key", help="API key that it accepts (%(default)s)")
    parser.add_argument("--host", help="address to listen on (127.0.0.1, which accepts loopback names in Host only)")
    parser.add_argument("--port", type=int, default=0, help="port (any free one)")
    return parser.parse_args(arguments)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"must be 0 or more, got {text!r}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
