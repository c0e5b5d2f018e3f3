"""The changelog, the version and the source of the document after a bump."""

import json
from datetime import date
from pathlib import Path

import pytest

from tools.bump.bumping import SOURCE
from tools.bump.documents import Document
from tools.bump.records import BUMPS, replace_section, replace_value, unreleased_report, update_source
from tools.generate import ROOT
from tools.specification.parsing import Refused

CHANGELOG = """# Changelog

## Unreleased

### Specification

- One.
- Another line.

### Added

- A thing.

## [0.1.0] - 2026-01-01

### Specification

- The first.
"""


def test_a_bump_replaces_the_section_of_an_unreleased_bump() -> None:
    """Both are compared with the last release; all other lines stay."""
    written = replace_section(CHANGELOG, ["Two."])

    assert written == CHANGELOG.replace("- One.\n- Another line.\n", "- Two.\n")
    assert replace_section(written, ["Two."]) == written


def test_a_changelog_without_unreleased_gets_it() -> None:
    """After a release the next bump opens the section above it."""
    released = "# Changelog\n\n## [0.1.0] - 2026-01-01\n\n- All of it.\n"

    expected = released.replace("## [0", "## Unreleased\n\n### Specification\n\n- Two.\n\n## [0")
    assert replace_section(released, ["Two."]) == expected


def test_a_version_is_assigned_in_one_line() -> None:
    """Only the value changes, and no text can become code."""
    assert replace_value('"""Doc."""\n\nV = "1"\n', "V", "2.0") == '"""Doc."""\n\nV = "2.0"\n'
    assert replace_value('V = "1"\n', "V", '"; import os; "') == 'V = "__ import os_ _"\n'
    with pytest.raises(Refused, match="must assign a text to V in one line"):
        replace_value("W = 1\n", "V", "2")


@pytest.mark.parametrize(
    ("released", "found"), [("", True), ("## 0.1.0", True), ("## 0.2.0", False), ("## [0.3.0] - 2026-02-02", False)]
)
def test_bumps_are_compared_with_the_last_release(tmp_path: Path, released: str, found: bool) -> None:
    """The report of an unreleased bump names the document to compare with."""
    (tmp_path / BUMPS).mkdir(parents=True)
    (tmp_path / BUMPS / "5.9.0.json").write_text(json.dumps({"version": "0.2.0"}), encoding="utf-8")

    report = unreleased_report(tmp_path, f"# Changelog\n\n## Unreleased\n\n{released}\n")

    assert (report is not None) == found


def test_the_source_page_keeps_the_address() -> None:
    """A bump writes the other rows; without a fence it keeps the fence line of the page. Texts are no Markup."""
    page = (ROOT / SOURCE).read_text(encoding="utf-8")
    content = {"openapi": "3.1.0", "info": {"version": "5|<b>"}}

    first = update_source(page, Document("a\n", content, "the fence of p.md", "yaml get /v1/{a}"), date(2027, 1, 2))
    second = update_source(first, Document("b\n", content, "b.yaml"), date(2027, 2, 3))

    address = next(line for line in page.splitlines() if line.startswith("| Address | <https://"))
    rows = (address, "| Fence line | `yaml get /v1/{a}` |", "| `info.version` | 5__b_ |")
    for text, day in ((first, "2027-01-02"), (second, "2027-02-03")):
        assert {*rows, f"| First seen on | {day} |"} <= {*text.splitlines()}
    with pytest.raises(Refused, match="must have one row Lines, got 0"):
        update_source(page.replace("| Lines |", ""), Document("a\n", content, "a"), date(2027, 1, 2))
