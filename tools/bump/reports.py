"""The report of a bump, as Markdown for people and as JSON for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from attrs import asdict, field, frozen

from tools.surface_changes import SurfaceChange

from .changes import Change
from .ratings import Rating
from .second_opinions import Opinion, Opinions


@frozen
class Report:
    """The consequences of moving to a document.

    Attributes:
        old_specification: The version of the current document.
        new_specification: The version of the new document.
        old_version: The current version of the package.
        version: The version to release.
        wire: Changes between the documents.
        python: Changes of public names in both packages.
        opinions: Reports of other programs.
        misfits: Type errors of the wrapper with the new generated code.
        notes: Other sentences for the reader.
    """

    old_specification: str
    new_specification: str
    old_version: str
    version: str = ""
    wire: Sequence[Change] = ()
    python: Sequence[SurfaceChange] = ()
    opinions: Opinions = field(factory=Opinions)
    misfits: Sequence[str] = ()
    notes: Sequence[str] = ()

    @property
    def rating(self) -> Rating:
        """The largest rating of wire, Python and other programs.

        It is at least a patch: another document is another `SPEC_VERSION`.
        """
        wire, python = ([change.rating for change in changes] for changes in (self.wire, self.python))
        return max([Rating.PATCH, *wire, *python, self.opinions.rating])


def as_json(report: Report) -> str:
    """Return the report for programs."""
    content = {
        "rating": str(report.rating),
        "version": report.version,
        "previous_version": report.old_version,
        "specification": {"old": report.old_specification, "new": report.new_specification},
        "wire": [_plain(change) for change in report.wire],
        "python": [_plain(change) for change in report.python],
        "wrapper": {"misfits": list(report.misfits)},
        "opinions": [_plain(each) for each in report.opinions.heard],
        "missing": list(report.opinions.missing),
        "notes": list(report.notes),
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def refusal_as_json(why: str) -> str:
    """Return the report of a refusal for programs."""
    return _empty(rating="refused", why=why)


def unchanged_as_json() -> str:
    """Return the report, for programs, of a document that is the current one."""
    return _empty(rating="none")


def _empty(**fields: str) -> str:
    nothing: dict[str, Any] = {"wire": [], "python": [], "wrapper": {"misfits": []}}
    return json.dumps({**fields, "version": None, **nothing}, indent=2, ensure_ascii=False) + "\n"


def refusal_as_markdown(why: str) -> str:
    """Return the report of a refusal for people."""
    return f"# The specification was not bumped\n\nRefused: {_cell(why)}\n\nNothing was changed.\n"


def _plain(value: Change | SurfaceChange | Opinion) -> dict[str, Any]:
    return {key: str(each) if isinstance(each, Rating) else each for key, each in asdict(value).items()}


def as_markdown(report: Report) -> str:
    """Return the report for people."""
    parts = [
        f"# Specification {_cell(report.old_specification)} → {_cell(report.new_specification)}: {report.rating}",
        _paragraph(report),
        "## On the wire",
        _changes_table((change.kind, change.where, change) for change in report.wire),
        "## In Python",
        _changes_table((change.kind, change.name, change) for change in report.python),
        "## Changes of the wrapper",
        _wrapper_part(report),
        "## Reports of other programs",
        _opinions_part(report.opinions),
        "## Version",
        _version_part(report),
    ]
    if report.notes:
        parts += ["## Notes", "\n".join(f"* {_cell(note)}" for note in report.notes)]
    return "\n\n".join(parts) + "\n"


def _paragraph(report: Report) -> str:
    wire = [change for change in report.wire if change.rating is Rating.MAJOR]
    python = [change for change in report.python if change.rating is Rating.MAJOR]
    breaks = (
        f"{_count(len(wire), 'change')} on the wire and {_count(len(python), 'change')} of Python names can break a "
        "program; each is listed with the code that it affects and the remedy."
        if wire or python
        else "No change that was found can break a program that uses the public names."
    )
    missing = (
        f" {_count(len(report.opinions.missing), 'comparison')} could not be made, so the rating is major."
        if report.opinions.missing
        else ""
    )
    work = (
        f" Before it can be released, {_count(len(report.misfits), 'line')} of the wrapper written by hand must change."
        if report.misfits
        else " The wrapper needs no change by hand."
    )
    return (
        f"The Gateway REST API moved from {_cell(report.old_specification)} to {_cell(report.new_specification)}: "
        f"{_count(len(report.wire), 'change')} on the wire, {len(report.python)} in Python. "
        f"It is a **{report.rating}** release, {report.old_version} → **{report.version}**. {breaks}{missing}{work}"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _changes_table(rows: Iterable[tuple[str, str, Change | SurfaceChange]]) -> str:
    lines = [
        f"| {each.rating} | {_cell(kind)} | {_code(where)} | {_code(each.old)} | {_code(each.new)} "
        f"| {_cell(each.affected)} | {_cell(each.advice)} |"
        for kind, where, each in rows
    ]
    head = ["| Rating | Change | Place | Old | New | Affected | Remedy |", "|---|---|---|---|---|---|---|"]
    return "\n".join([*head, *lines]) if lines else "Nothing changed."


def _cell(text: str) -> str:
    return re.sub(r"([|\\`*_<>\[\]])", r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    text = " ".join(text.split()).replace("|", "\\|")
    marks = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    return f"{marks} {text} {marks}" if "`" in text else f"`{text}`" if text else ""


def _wrapper_part(report: Report) -> str:
    if not report.misfits:
        return "Nothing."
    return "mypy reports these lines, which use something that the document dropped:\n\n" + _block(
        "\n".join(report.misfits)
    )


def _block(text: str) -> str:
    marks = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`+", text))])
    return f"{marks}python\n{text}\n{marks}"


def _opinions_part(opinions: Opinions) -> str:
    lines = [f"* **{_cell(each)}.** The rating is major without it." for each in opinions.missing]
    for each in opinions.heard:
        if each.rating is Rating.MAJOR or each.overruled:
            why = f" Overruled: {_cell(each.overruled)}." if each.overruled else ""
            lines.append(
                f"* {each.tool} rates {each.rating} ({_cell(each.rule)}) {_code(each.where)}: {_cell(each.text)}.{why}"
            )
    return "\n".join(lines) or "None raises the rating."


def _version_part(report: Report) -> str:
    early = report.version.startswith("0.")
    rule = " Before 1.0 a major change raises the second number, any other the third." if early else ""
    return f"{report.old_version} → **{report.version}**, by Semantic Versioning.{rule}"
