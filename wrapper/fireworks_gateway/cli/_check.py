"""The command `models check`: are the models that files name still served?"""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import typer
from attrs import evolve, frozen
from typer import Argument, Option

from fireworks_gateway import AccountName, ConfigurationError, Model, errors
from fireworks_gateway.catalogue import CheckFinding, Snapshot, SnapshotError, check

from ._files import RECORDS, Scan
from ._list import last_day
from ._options import AccountOption, Exit, GlobalOptions, OnOption, Texts, format_option, split_commas, today
from ._output import format_count, print_json
from ._screen import escape_unprintable, track_pages, write, write_message

PUBLIC_ACCOUNT = "fireworks"  # The account of the public catalogue.

READ_MASK = ("name", "state", "supports_serverless", "deprecation_date")
LEVELS = ("error", "warning", "note", "ok")
CODES = """
    ended not-ready unknown ending not-serverless unsure template placeholder no-model account deployment unused-ignore
""".split()

FailOn: TypeAlias = Literal["error", "warning", "never"]
CheckFormat: TypeAlias = Literal["text", "json", "github"]

_PROVIDER = "fireworks(?:_ai|-ai)?"
_KINDS = "models|routers|deployedModels|deployments"
_is_full_name = re.compile(rf"(?:{_PROVIDER}(?:/|::?|\.))?accounts/[^/]+/(?:{_KINDS})/[^/]+(?:#.*)?").fullmatch
_is_short_name = re.compile(rf"{_PROVIDER}(?:/|::?)[^/:]+|[A-Za-z0-9][\w.-]*").fullmatch
_has_suffix = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}$").search


@frozen
class Catalogue:
    """The models that names are checked against, and their origin: `service`, `demo` or `snapshot`."""

    models: Snapshot | list[Model]
    accounts: list[str]
    time: datetime
    source: str

    def __str__(self) -> str:
        if not self.models:
            return "no catalogue, since no model is named"
        days = max(0, (datetime.now(UTC) - self.time).days)
        age = f"{format_count(days, 'day')} old" if days else "taken today"
        age = {"demo": "sample data", "service": "listed now"}.get(self.source, age)
        return f"{len(self.models):,} models of {' and '.join(self.accounts)}, {age}"


def load_catalogue(file: Path, max_age: str) -> Catalogue:
    """Return the catalogue in a snapshot, which must be whole; an old one is reported."""
    taken = Snapshot.load(file)
    check([], taken)
    if not taken:
        raise ConfigurationError(f"{file}: the snapshot has no models, so every name would be unknown")
    found = Catalogue(taken, [taken.account_id], taken.time, "snapshot")
    if last_day(max_age, taken.time.date(), option="--max-age") < today():
        write_message(escape_unprintable(f"{file}: the snapshot has {found}. Take a new one."))
    return found


def fetch_catalogue(options: GlobalOptions, names: Sequence[str], own: str | None, on: date | None) -> Catalogue:
    """Return the catalogue of the public account, and of one's own if a name is in it; neither may be empty."""
    time, models = datetime.now(UTC), list[Model]()
    own = AccountName.parse(own).account_id if own and not options.demo else PUBLIC_ACCOUNT
    accounts = [PUBLIC_ACCOUNT]
    if own != PUBLIC_ACCOUNT and any(f"accounts/{own}/models/" in name for name in names):
        accounts.append(own)
    with options.client(PUBLIC_ACCOUNT, on=on) as client:
        # Most commits name no model, so that a hook rarely sends a request.
        for account in accounts if names or options.demo else ():
            pages = track_pages(client.models.list(account_id=account, read_mask=READ_MASK).pages())
            listed = [model for page in pages for model in page.items]
            if not listed:
                raise SnapshotError(f"the listing of {account} is empty, so every name would be unknown. Retry later.")
            models += listed
    return Catalogue(models, accounts, time, "demo" if options.demo else "service")


def sort_targets(targets: Sequence[str], paths: Sequence[str]) -> tuple[list[str], list[Path]]:
    """Return the names and the paths among arguments, followed by paths that must exist."""
    names = [text for text in targets if _is_name(text)]
    found = [text for text in targets if not _is_name(text)] + [*paths]
    for text in found:
        if not os.path.lexists(text):
            raise ConfigurationError(f"{text}: there is no such file")
    if not names and not found:
        raise ConfigurationError("NAME or PATH is missing: name models, files or folders, such as .")
    return names, [*map(Path, found)]


def _is_name(text: str) -> bool:
    """Return whether an argument names a model; one that could be a path too is a path if it exists."""
    exists = os.path.lexists(text)
    if _is_full_name(text):
        return not (exists and _has_suffix(text))
    return not exists and not _has_suffix(text) and _is_short_name(text) is not None


def check_models(
    context: typer.Context,
    targets: Annotated[Texts, Argument(metavar="[NAME|PATH]...", help="Models, files and folders to check.")] = None,
    paths: Annotated[Texts, Option("--in", metavar="PATH", help="Path that looks like a name; repeatable.")] = None,
    within: Annotated[str, Option(metavar="SPAN", help="Warn of ends within this span, e.g. 60d or 12w.")] = "30d",
    on: OnOption = None,
    snapshot: Annotated[Path | None, Option(metavar="FILE", help="Snapshot to check against, offline.")] = None,
    max_age: Annotated[str, Option(metavar="SPAN", help="Report a snapshot older than this.")] = "14d",
    exclude: Annotated[Texts, Option(metavar="GLOB", help="Files or folders to leave out; repeatable.")] = None,
    ignore: Annotated[Texts, Option(metavar="CODES", help="Findings to ignore, e.g. not-serverless.")] = None,
    all_files: Annotated[bool, Option("--all-files", help="Include lock files, logs, change logs etc.")] = False,
    fail_on: Annotated[
        FailOn, Option(metavar="LEVEL", help="Lowest level that fails: error, warning, never.")
    ] = "error",
    output: Annotated[CheckFormat, format_option(CheckFormat)] = "text",
    verbose: Annotated[bool, Option("--verbose", "-v", help="Show notes, too.")] = False,
    account_id: AccountOption = None,
) -> None:
    """Check that the models named in files are still served; exit with 1 if one is not.

    A folder means the files that git lists. The names are looked up in the public catalogue, and in that of your
    account if a file names it.
    """
    options: GlobalOptions = context.obj
    day = on or today()
    names, files = sort_targets(targets or (), paths or ())
    last = last_day(within, day)
    ignored = {*split_commas(ignore)}
    if unknown := sorted(ignored - {*CODES}):
        near = errors.did_you_mean(errors.near_names(unknown[0], CODES)) or f"; available: {', '.join(CODES)}"
        raise ConfigurationError(f"--ignore must be a code of a finding, got {unknown[0]!r}{near}")
    scan = Scan([*(exclude or ()), *(() if all_files else RECORDS)])
    scan.add_all(files)
    wanted = [*names, *scan.names]
    if snapshot is not None:
        catalogue = load_catalogue(snapshot, max_age)
    else:
        catalogue = fetch_catalogue(options, wanted, account_id or options.account_id, on)
    found = [*check(wanted, catalogue.models, on=day, within=last - day), *scan.unused]
    report = Report(day, (last - day).days, catalogue, scan, [each for each in found if each.code not in ignored])
    with suppress(BrokenPipeError):  # The exit status matters to a script that closes the pipe.
        report.print(output, verbose=verbose)
    if any(report.counts[level] for level in LEVELS[: ("never", "error", "warning").index(fail_on)]):
        raise typer.Exit(Exit.CHECK_FAILED)


class Report:
    """The findings of a check."""

    def __init__(self, day: date, within: int, catalogue: Catalogue, scan: Scan, found: Iterable[CheckFinding]) -> None:
        self.day, self.within, self.catalogue, self.scan = day, within, catalogue, scan
        self.findings = [
            evolve(each, level="warning") if each.level == "error" and each.name.file in scan.tests else each
            for each in sorted(found, key=lambda each: (each.name.file, each.name.line, each.name.column))
        ]
        self.counts = Counter[str](each.level for each in self.findings)

    def print(self, output: str, *, verbose: bool) -> None:
        """Print the findings in a format: notes only if `verbose`; all findings about names given as arguments."""
        levels = LEVELS[: 3 if verbose else 2]
        shown = [each for each in self.findings if each.level in levels or not each.name.file]
        if output == "json":
            print_json(self.to_dict(shown))
            return
        groups: dict[tuple[str, str, str], list[CheckFinding]] = {}
        for each in shown:
            groups.setdefault((each.name.file, each.name, each.code), []).append(each)
        write("".join(_format_line(first, len(more)) for first, *more in groups.values()))
        if output == "github":
            write("".join(_annotations(first for first, *_ in groups.values())))
        write_message(escape_unprintable(str(self)))

    def to_dict(self, shown: Iterable[CheckFinding]) -> dict[str, Any]:
        """Return the check with the findings to show as plain data, for JSON."""
        return {
            "on": str(self.day),
            "within_days": self.within,
            "catalogue": {
                "time": self.catalogue.time.isoformat(timespec="seconds").replace("+00:00", "Z"),
                "count": len(self.catalogue.models),
                "accounts": self.catalogue.accounts,
                "source": self.catalogue.source,
            },
            "files": self.scan.files,
            "not_read": [*self.scan.not_read],
            "counts": {level: self.counts[level] for level in LEVELS},
            "findings": [_finding_to_dict(each) for each in shown],
        }

    def __str__(self) -> str:
        counts = ", ".join(format_count(self.counts[level], level) for level in LEVELS[:3])
        notes = Counter(each.code for each in self.findings if each.level == "note")
        detail = f" ({', '.join(f'{number} {code}' for code, number in notes.most_common())})" if notes else ""
        reasons = Counter(self.scan.not_read.values())
        unread = "".join(f"; {number} not read: {reason}" for reason, number in reasons.most_common())
        given, files = sum(not each.name.file for each in self.findings), self.scan.files
        checked = [format_count(given, "name")] if given else []
        checked += [format_count(files, "file")] if files or not given else []
        names = f"{counts}{detail}, {self.counts['ok']} ok{unread}"
        return f"{' and '.join(checked)} checked against {self.catalogue}: {names}"


def _finding_to_dict(finding: CheckFinding) -> dict[str, Any]:
    name = finding.name
    place = {key: getattr(name, key) if name.file else None for key in ("file", "line", "column", "end_column")}
    return {**place, "level": finding.level, "code": finding.code, "name": str(name), "message": finding.message}


def _format_line(finding: CheckFinding, more: int) -> str:
    name = finding.name
    # A line that starts with two colons is a command to GitHub.
    place = f"{re.sub('^::', './::', name.file)}:{name.line}:{name.column}: " if name.file else ""
    others = f" (and {more:,} more in this file)" if more else ""
    return escape_unprintable(f"{place}{finding}{others}") + "\n"


_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def _annotations(findings: Iterable[CheckFinding]) -> Iterator[str]:
    """Yield an annotation for each name, errors first, because GitHub shows ten of a level."""
    first: dict[str, CheckFinding] = {}
    for finding in sorted(findings, key=lambda each: LEVELS.index(each.level)):
        if finding.name.file:
            first.setdefault(str(finding.name), finding)
    for name, finding in first.items():
        place = {"file": _workspace_path(finding.name.file), "line": finding.name.line}
        place |= {"col": finding.name.column, "endColumn": finding.name.end_column}
        place |= {"title": f"Fireworks model: {finding.code}"}
        properties = ",".join(f"{key}={str(value).translate(_PROPERTY)}" for key, value in place.items())
        command = "notice" if finding.level == "note" else finding.level
        message = f"{name}: {finding.message}".translate(_DATA)
        yield escape_unprintable(f"::{command} {properties}::{message}") + "\n"


def _workspace_path(file: str) -> str:
    """Return a path as GitHub resolves it: from the checked-out repository, not from a folder in it."""
    with suppress(KeyError, ValueError):
        absolute = Path(os.path.normpath(Path(file).absolute()))
        return absolute.relative_to(os.environ["GITHUB_WORKSPACE"]).as_posix()
    return file
