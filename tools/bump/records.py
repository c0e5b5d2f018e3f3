"""The records that a bump updates: the changelog, openapi/SOURCE.md and both versions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from .documents import Document
from .ratings import Rating, next_version, numbers_of
from .refusals import Refused

_SECTIONS = ("Specification", "Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")


def version_after(current: str, changelog: str, rating: Rating) -> str:
    """Return the version to release next.

    It follows the last release in the changelog. A version that was raised far enough since then stays, so two bumps
    before a release raise it once.
    """
    released = re.search(r"(?m)^## \[?v?(\d+\.\d+\.\d+)\]?", changelog)
    proposed = next_version(released[1] if released else current, rating)
    if rating is Rating.NONE:
        return current
    return max(current, proposed, key=lambda version: numbers_of(version) or ())


def with_entry(changelog: str, entries: Mapping[str, Sequence[str]]) -> str:
    """Return a changelog (Keep a Changelog) with entries under *Unreleased*, by section.

    *Specification* describes the document of the release: a new entry replaces that of an earlier bump.
    """
    if "\n## Unreleased" not in changelog and "\n## [Unreleased]" not in changelog:
        start = re.search(r"(?m)^## ", changelog)
        place = start.start() if start else len(changelog)
        changelog = f"{changelog[:place]}## Unreleased\n\n{changelog[place:]}"
    before, heading, rest = re.split(r"(?m)^(## \[?Unreleased\]?\n)", changelog, maxsplit=1)
    after = re.search(r"(?m)^(?:## |\[)", rest)
    body, tail = (rest[: after.start()], rest[after.start() :]) if after else (rest, "")
    lead, *parts = re.split(r"(?m)^### (.+)\n", body)
    sections = {name: text.strip("\n") for name, text in zip(parts[::2], parts[1::2], strict=True)}
    for name, lines in entries.items():
        text = "\n".join(f"- {line}" for line in lines)
        if lines and text not in sections.get(name, ""):
            sections[name] = text if name == "Specification" else f"{sections.get(name, '')}\n{text}".strip("\n")
    ordered = sorted(sections, key=lambda name: _SECTIONS.index(name) if name in _SECTIONS else len(_SECTIONS))
    written = "".join(f"### {name}\n\n{sections[name]}\n\n" for name in ordered)
    return f"{before}{heading}{lead.rstrip()}\n{written}{tail}".rstrip() + "\n"


def source_page(document: Document, today: date) -> str:
    """Return the text of `openapi/SOURCE.md` for a document."""
    digest = hashlib.sha256(document.text.encode()).hexdigest()
    lines = document.text.count("\n")
    how = (
        "It was published as JSON, and is kept as YAML with the same content in the same order; the sum is the YAML's."
        if document.was_json
        else "The file is the published text, byte for byte. In a page's Markdown form that is the text between the\n"
        "two lines of its only fence."
    )
    return f"""# Source of `gateway.yaml`

| | |
|---|---|
| Published by | Fireworks, in the API reference of its documentation (docs.fireworks.ai) |
| Read from | {_plain(document.source)} |
| `openapi` | {_plain(document.content["openapi"])} |
| `info.version` | {_plain(document.version)} |
| Recorded on | {today.isoformat()} |
| sha256 | `{digest}` |
| Lines | {lines} |

{how} Nothing was reordered or corrected, and nothing may be: `generator-config.yaml` configures the generated code.
`make bump` writes both files.

`.gitattributes` keeps git from changing the line endings. Verify the file:

    sha256sum openapi/gateway.yaml
"""


def _plain(text: str) -> str:
    return re.sub(r"[^\w .,:/@+-]", "_", text)


def with_value(source: str, name: str, value: str) -> str:
    """Return a module's source with another text assigned to a name.

    Raises:
        Refused: There is not exactly one such assignment.
    """
    shown = '"' + _plain(value) + '"'
    changed, count = re.subn(rf'(?m)^{name} = "[^"]*"', lambda _: f"{name} = {shown}", source)
    if count != 1:
        raise Refused(f"no single line assigns a text to {name}")
    return changed


def changelog_lines(changes: Iterable[tuple[str, str, Rating]]) -> dict[str, list[str]]:
    """Return the changelog's lines for changes of Python names, given as kind, name and rating."""
    lines: dict[str, list[str]] = {"Added": [], "Changed": [], "Removed": []}
    for kind, name, rating in changes:
        section = {"added": "Added", "removed": "Removed"}.get(kind, "Changed")
        breaking = " **Breaking.**" if rating is Rating.MAJOR else ""
        lines[section].append(f"`{name}`{'' if section != 'Changed' else f': {kind}'}.{breaking}")
    return lines
