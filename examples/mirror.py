"""Mirror an account's catalogue to a file every night, and print the changes: `python mirror.py catalogue.jsonl`.

Set FIREWORKS_API_KEY and FIREWORKS_ACCOUNT_ID. The output is empty if nothing changed, so cron sends a mail only for
changes. The exit status is 0 if the file was updated, and 1 if it is unchanged because of an error.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fireworks_gateway import GatewayClient, GatewayError, Model
from fireworks_gateway.catalogue import Snapshot, diff, drift


def previous_snapshot(path: Path) -> Snapshot | None:
    """Return the snapshot of the last run, or None on the first run."""
    try:
        return Snapshot.load(path)
    except FileNotFoundError:
        return None


def mirror(path: Path, *, allow_empty: bool) -> None:
    """Update the file, and print the changes since it was written."""
    old = previous_snapshot(path)
    with GatewayClient() as client:
        new = Snapshot.take(client.models.list(deadline=600), previous=old, allow_empty=allow_empty)
    report = f"{len(new)} models of {new.account_id}" if old is None else diff(old, new, ignore=[Model.update_time])
    if report:
        print(report)
        if unknown := drift(new):  # Only beside changes: the same drift every night is no news.
            print(unknown)
    # Saved last: if printing fails, the next run prints the changes again.
    sys.stdout.flush()
    new.save(path)


def main() -> int:
    """Run the script; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path, help="the file; the first run creates it")
    parser.add_argument("--allow-empty", action="store_true", help="accept an empty catalogue")
    options = parser.parse_args()
    try:
        mirror(options.path, allow_empty=options.allow_empty)
    except (GatewayError, OSError) as error:
        print(f"The catalogue could not be mirrored; {options.path} is unchanged. {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
