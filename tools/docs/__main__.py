"""`python -m tools.docs` renews the outputs and pictures of the documentation."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from .pictures import PICTURES, picture_of
from .replay import PageError, replay_page

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "openapi" / "SOURCE.md"]
)
"""Every page of the documentation, as a path in the repository."""


def refresh() -> None:
    """Write every page with the output of its programs, and the pictures."""
    for page in PAGES:
        path = ROOT / page
        text = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            try:
                new = replay_page(text, Path(folder))
            except PageError as problem:
                sys.exit(f"{page}: {problem}")
        if new != text:
            path.write_text(new, encoding="utf-8")
            print(f"{page} changed")
    for name in PICTURES:
        (ROOT / "docs" / "pictures" / name).write_text(picture_of(name), encoding="utf-8")


if __name__ == "__main__":
    refresh()
