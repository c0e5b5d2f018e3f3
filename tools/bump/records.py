"""The records that a bump updates: the changelog, openapi/SOURCE.md, the version, and the reports in docs/bumps."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tools.specification.parsing import Refused

from .documents import Document
from .ratings import numbers_of

BUMPS = "docs/bumps"


def last_release(changelog: str) -> str | None:
    """Return the version of the newest release in a changelog."""
    found = re.search(r"(?m)^## \[?v?(\d+\.\d+\.\d+)\]?", changelog)
    return found[1] if found else None


def unreleased_report(root: Path, changelog: str) -> dict[str, Any] | None:
    """Return the report of a bump since the last release; all of these are compared with the same document."""
    released = numbers_of(last_release(changelog) or "0") or ()
    reports = [json.loads(path.read_text(encoding="utf-8")) for path in (root / BUMPS).glob("*.json")]
    return next((each for each in reports if (numbers_of(each["version"]) or ()) > released), None)


def replace_section(changelog: str, lines: Sequence[str]) -> str:
    """Return a changelog (Keep a Changelog) with these lines as *Specification* of the unreleased changes.

    They replace those of an earlier bump, as both are compared with the last release.
    """
    heading, section = "## Unreleased\n", "### Specification\n\n" + "\n".join(f"- {line}" for line in lines)
    if heading not in changelog:
        changelog = re.sub(r"(?m)^(?=## )|\Z", f"{heading}\n", changelog, count=1)
    before, _, rest = changelog.partition(heading)
    body, *tail = re.split(r"(?m)^(?=## |\[)", rest, maxsplit=1)
    body = re.sub(r"(?ms)^### Specification\n.*?(?=^### |\Z)", "", body).strip("\n")
    return "\n\n".join(part for part in (before + heading.strip(), section, body, *tail) if part).rstrip() + "\n"


def update_source(page: str, document: Document, first_seen: date) -> str:
    """Return the text of `openapi/SOURCE.md` for another document.

    The address stays, and so does the fence line if the document was read without a fence.

    Raises:
        Refused: The page lacks a row.
    """
    rows = {
        "Read from": _plain(document.source),
        "`openapi`": _plain(document.content["openapi"]),
        "`info.version`": _plain(document.version),
        "First seen on": first_seen.isoformat(),
        "sha256": f"`{hashlib.sha256(document.text.encode()).hexdigest()}`",
        "Lines": str(document.text.count("\n")),
        **({"Fence line": f"`{_plain(document.fence)}`"} if document.fence else {}),
    }
    for name, value in rows.items():
        page, count = re.subn(rf"(?m)^\| {name} \|.*", f"| {name} | {value} |", page)  # No value has a backslash.
        if count != 1:
            raise Refused(f"openapi/SOURCE.md must have one row {name}, got {count}: restore it")
    return page


def _plain(text: str) -> str:
    return re.sub(r"[^\w .,:/@+{}-]", "_", text)


def replace_value(source: str, name: str, value: str) -> str:
    """Return a module's source with another text assigned to a name.

    Raises:
        Refused: There is not exactly one such assignment.
    """
    changed, count = re.subn(rf'(?m)^{name} = "[^"]*"', lambda _: f'{name} = "{_plain(value)}"', source)
    if count != 1:
        raise Refused(f"a module must assign a text to {name} in one line, got {count}: correct it")
    return changed
