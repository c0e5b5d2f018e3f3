"""Mirror an account's catalogue to a file every night, and say what changed: `python mirror.py catalogue.jsonl`.

FIREWORKS_API_KEY opens the service, FIREWORKS_ACCOUNT_ID says whose models. What changed since the last run goes to the
output, so that cron sends a mail on the nights on which there is something in it. The exit status is 0 when the file
holds the catalogue of now, and 1 when that could not be had: the file is then as it was.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fireworks_gateway import GatewayClient, GatewayError, Model
from fireworks_gateway.catalogue import Snapshot, diff, drift


def snapshot_in(path: Path) -> Snapshot | None:
    """Return the snapshot of the last run, or None on the first."""
    try:
        return Snapshot.load(path)
    except FileNotFoundError:
        return None


def mirror(path: Path, *, allow_empty: bool) -> None:
    """Bring the file up to date, and print what changed since it was written."""
    old = snapshot_in(path)
    with GatewayClient() as client:
        new = Snapshot.take(client.models.list(deadline=600), previous=old, allow_empty=allow_empty)
    if old is None:
        print(f"{len(new)} models of {new.account_id}")
    elif changes := diff(old, new, ignore=[Model.update_time]):
        print(changes)
    if unknown := drift(new):
        print(unknown)
    # Last, so that what could not be told is told again on the next night.
    sys.stdout.flush()
    new.save(path)


def main() -> int:
    """Mirror; return the exit status."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("path", type=Path, help="the file, which need not be there on the first night")
    options.add_argument("--allow-empty", action="store_true", help="believe that every model is gone")
    given = options.parse_args()
    try:
        mirror(given.path, allow_empty=given.allow_empty)
    except (GatewayError, OSError) as error:
        print(f"The catalogue could not be mirrored, and {given.path} is as it was. {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
