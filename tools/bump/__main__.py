"""Move to another version of the published specification, or report the consequences.

The last line printed is the rating: `major`, `minor`, `patch`, `none`, or `refused: ` and the reason. The exit status
is 0 for a rating, 3 if nothing changed, 1 if the document was refused, and 2 for wrong arguments.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from typing import NoReturn

from tools.generate import ROOT

from .bumping import bump
from .refusals import Refused
from .reports import Report, as_json, as_markdown, refusal_as_json, refusal_as_markdown, unchanged_as_json

RATED, REFUSED, UNCHANGED = 0, 1, 3
REPORT = ROOT / "build" / "bump-report.md"


def main(arguments: list[str] | None = None) -> int:
    """Do what the arguments say, and return the exit status."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        report = bump(ROOT, options.document, in_place=not options.report, forced=options.force)
    except Refused as refusal:
        advice = "; --force overrides this" if refusal.forcible else ""
        return _refused(f"{refusal}{advice}")
    except KeyboardInterrupt:
        return _refused("interrupted")
    except Exception as problem:  # After any error nothing was put in place.
        return _refused(f"{type(problem).__name__}: {problem}")
    if report is None:
        _write("Nothing changed.\n", unchanged_as_json())
        print("none")
        return UNCHANGED
    _write(as_markdown(report), as_json(report))
    _print_summary(report)
    return RATED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.bump", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("document", type=Path, help="a YAML or JSON document, or a published page with one")
    parser.add_argument("--report", action="store_true", help="write the report and change nothing else")
    parser.add_argument("--force", action="store_true", help="accept an older version, or other content under the same")
    return parser


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _refused(why: str) -> int:
    why = " ".join(why.split())
    _write(refusal_as_markdown(why), refusal_as_json(why))
    print(f"refused: {why}")
    return REFUSED


def _write(markdown: str, json: str) -> None:
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(markdown, encoding="utf-8")
    REPORT.with_suffix(".json").write_text(json, encoding="utf-8")


def _print_summary(report: Report) -> None:
    for missing in report.opinions.missing:
        print(missing)
    print(f"specification {report.old_specification} -> {report.new_specification}, wire {len(report.wire)} changes, "
          f"Python {len(report.python)}; {len(report.misfits)} lines by hand to change")  # fmt: skip
    print(f"version {report.old_version} -> {report.version}; the report is {REPORT.relative_to(ROOT)}")
    print(report.rating)


if __name__ == "__main__":
    sys.exit(main())
