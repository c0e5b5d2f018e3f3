"""Move to another version of the published specification, or report the consequences.

The last line printed is the rating for users of the wrapper: `major`, `minor`, `patch`, `none`, or `refused: ` and the
reason. The exit status is 0 for a rating, 3 if nothing changed, 1 if the document was refused, 2 for wrong arguments.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys

from tools.generate import ROOT
from tools.specification.parsing import Refused

from .bumping import bump

RATED, REFUSED, UNCHANGED = 0, 1, 3
REPORT = ROOT / "build" / "bump-report.md"


def main(arguments: list[str] | None = None) -> int:
    """Bump to a document, or report its consequences, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.bump", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("document", help="a YAML or JSON document, or a published page with one")
    parser.add_argument("--report", action="store_true", help="write the report and change nothing else")
    parser.add_argument("--force", action="store_true", help="accept an older version")
    parser.add_argument("--keep", action="store_true", help="leave the new tree even if hand-written code does not fit")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        report = bump(ROOT, options.document, in_place=not options.report, forced=options.force, kept=options.keep)
    except KeyboardInterrupt:
        return _refuse("interrupted")
    except Exception as problem:  # Its traceback would be no help to the maintainer.
        return _refuse(str(problem) if isinstance(problem, Refused) else f"{type(problem).__name__}: {problem}")
    if report is None:
        _write("Nothing changed.\n", json.dumps({"rating": "none", "version": None}))
        print("none")
        return UNCHANGED
    _write(report.as_markdown(), report.as_json())
    print("".join(f"{line}\n" for line in report.trial.problems), end="")
    if report.trial.problems and not (options.keep or options.report):
        first, more = report.trial.problems[0], len(report.trial.problems) - 1
        others = f" and {more} more" * (more > 0)
        print(f"refused: hand-written code does not fit the document: {first}{others}. Mend it, or finish after --keep")
        return REFUSED
    print(f"specification {' -> '.join(report.specification)}; the generated package: {report.generated_rating}")
    print(f"version {report.previous_version} -> {report.version}; the report is {REPORT.relative_to(ROOT)}")
    print(report.rating)
    return RATED


def _refuse(why: str) -> int:
    why = " ".join(why.split())
    _write(f"# The specification was not bumped\n\nRefused: `{why.replace('`', chr(39))}`\n\nNothing was changed.\n",
           json.dumps({"rating": "refused", "why": why, "version": None}))  # fmt: skip
    print(f"refused: {why}")
    return REFUSED


def _write(markdown: str, json_text: str) -> None:
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(markdown, encoding="utf-8")
    REPORT.with_suffix(".json").write_text(json_text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
