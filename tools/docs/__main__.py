"""`python -m tools.docs` builds the site in build/docs; `--refresh` renews outputs and pictures."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from .pictures import PICTURES, picture_of
from .replay import replay_page
from .site import ROOT, build, text_of, written

TARGET = ROOT / "build" / "docs"


def refresh() -> None:
    """Write every page with the output of its programs, and the pictures."""
    for path in written():
        with tempfile.TemporaryDirectory() as folder:
            try:
                new = replay_page(text_of(path), Path(folder))
            except Exception as problem:
                sys.exit(f"{path}: {type(problem).__name__}: {problem}")
        if new != text_of(path):
            (ROOT / path).write_text(new, encoding="utf-8")
            print(f"{path} changed")
    (ROOT / "docs" / "pictures").mkdir(exist_ok=True)
    for name in PICTURES:
        (ROOT / "docs" / "pictures" / name).write_text(picture_of(name), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Build, or refresh; return the exit status."""
    if arguments == ["--refresh"]:
        refresh()
        return 0
    broken = build(TARGET)
    for line in broken:
        print(line, file=sys.stderr)
    print(f"{TARGET.relative_to(ROOT)}/index.html")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
