"""A bump from end to end: prepared in a separate folder, and put in place whole or not at all."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from attrs import evolve, frozen
from openapi_spec_validator import OpenAPIV31SpecValidator

from tools import generate
from tools.specification.texts import read_words, remove_descriptions
from tools.surface_changes import compare_surfaces
from tools.surfaces import PACKAGES, snapshot_text, surface

from .changes import wire_changes
from .documents import Document, document_at
from .generated_code import problems_of_code
from .operation_changes import operations_of
from .placing import put_in_place, staging
from .ratings import Rating, numbers_of
from .records import changelog_lines, source_page, version_after, with_entry, with_value
from .references import problems_of
from .refusals import Refused
from .reports import Report
from .second_opinions import Opinions, lint, opinions_of_griffe, opinions_on

SPECIFICATION = "openapi/gateway.yaml"
SOURCE = "openapi/SOURCE.md"
CONFIG = "generator-config.yaml"
GENERATED = "generated/fireworks_gateway_openapi"
WRAPPER = "wrapper/fireworks_gateway"
VERSION = f"{WRAPPER}/_version.py"
WORDS = "tools/specification/words.yaml"
SNAPSHOT = "docs/api.txt"
CHANGELOG, GUIDE = "CHANGELOG.md", "docs/guides/catalogue.md"


@frozen
class Staged:
    """The folders of a bump: `new` has the files to put in place, `tried` both packages as they would be."""

    root: Path
    folder: Path

    @property
    def new(self) -> Path:
        """The new files."""
        return self.folder / "new"

    @property
    def tried(self) -> Path:
        """Both packages as they would be."""
        return self.folder / "tried"

    def write(self, name: str, text: str) -> None:
        """Write a new file."""
        path = self.new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())

    def read_old(self, name: str) -> str:
        """Return the text of a current file with its line endings."""
        return (self.root / name).read_bytes().decode()


def bump(root: Path, specification: Path, *, in_place: bool, forced: bool) -> Report | None:
    """Report the consequences of moving to a document, and move if `in_place`. Return None for the current document.

    Raises:
        Refused: The document cannot be used; nothing was changed.
    """
    document = document_at(specification)
    current = document_at(root / SPECIFICATION)
    if current.content == document.content:
        return None
    if not forced:
        _check_version(current, document)
    _check_document(document)
    with _folder(root, in_place=in_place) as folder:
        staged = Staged(root, folder)
        report = _prepared(staged, current, document)
        if in_place:
            put_in_place(root, folder, _names_in(staged.new))
        return report


def _folder(root: Path, *, in_place: bool) -> AbstractContextManager[Path]:
    return staging(root) if in_place else _elsewhere()


@contextmanager
def _elsewhere() -> Generator[Path]:
    with tempfile.TemporaryDirectory(prefix="bump-report-") as folder:
        yield Path(folder)


def _names_in(new: Path) -> list[str]:
    files = [path.relative_to(new).as_posix() for path in sorted(new.rglob("*")) if path.is_file()]
    return [GENERATED, *(name for name in files if not name.startswith(f"{GENERATED}/"))]


def _check_version(current: Document, document: Document) -> None:
    old, new = numbers_of(current.version), numbers_of(document.version)
    if current.version == document.version:
        raise Refused(f"the document differs from ours under the same version, {document.version}", forcible=True)
    if old is None or new is None:
        raise Refused(f"version {document.version} cannot be compared with {current.version}", forcible=True)
    if new < old:
        raise Refused(f"version {document.version} is older than ours, {current.version}", forcible=True)


def _check_document(document: Document) -> None:
    for problem in problems_of(document):
        raise Refused(problem)
    try:
        error = next(iter(OpenAPIV31SpecValidator(document.content).iter_errors()), None)
    except Exception as problem:  # The validator raises many kinds of errors.
        raise Refused(f"the document is not valid: {type(problem).__name__}: {problem}") from problem
    if error is not None:
        place = "/".join(map(str, error.absolute_path))
        raise Refused(f"the document is not valid: at #/{place}: {error.message[:300]}")


def _prepared(staged: Staged, current: Document, document: Document) -> Report:
    staged.write(SPECIFICATION, document.text)
    staged.write(SOURCE, source_page(document, datetime.now(UTC).date()))
    linted = lint(staged.root, staged.new / SPECIFICATION)
    outcome = _generate(staged, document)
    _assemble(staged)
    report = _compared(staged, current, document, linted, outcome)
    version = version_after(report.old_version, staged.read_old(CHANGELOG), report.rating)
    staged.write(VERSION, with_value(staged.read_old(VERSION), "__version__", version))
    staged.write(CHANGELOG, with_entry(staged.read_old(CHANGELOG), _entries(report)))
    # A guide shows the version in the output of a program.
    shown = re.sub(rf"\bspecification {re.escape(current.version)}\b", _version_text(document), staged.read_old(GUIDE))
    staged.write(GUIDE, shown)
    return evolve(report, version=version)


def _version_text(document: Document) -> str:
    return "specification " + re.sub(r"[^\w.+-]", "_", document.version)


def _generate(staged: Staged, document: Document) -> generate.Outcome:
    try:
        pinned = generate.pinned_versions(generate.REQUIREMENTS.read_text("utf-8"))
        generate.fail_on(generate.version_problems(pinned, generate.installed_versions()))
        words = read_words(staged.root / WORDS)
        outcome = generate.generate(staged.new / SPECIFICATION, staged.root / CONFIG, staged.new, words)
    except generate.GenerationFailed as problem:
        raise Refused(str(problem)[-600:]) from problem
    if outcome.stale:
        staged.write(WORDS, remove_descriptions(staged.read_old(WORDS), outcome.stale))
    _check_code(staged.new / GENERATED, len(operations_of(document.content)) - len(outcome.omitted))
    return outcome


def _check_code(package: Path, operations: int) -> None:
    for problem in problems_of_code(package):
        raise Refused(problem)
    modules = [path for path in package.glob("api/*/*.py") if path.name != "__init__.py"]
    if len(modules) != operations:
        raise Refused(f"{operations} operations became {len(modules)} modules: two share a name")


def _assemble(staged: Staged) -> None:
    ignored = shutil.ignore_patterns("__pycache__", ".mypy_cache")
    shutil.copytree(staged.root / "wrapper", staged.tried / "wrapper", ignore=ignored)
    for name in ("generated", "wrapper"):
        shutil.copytree(staged.new / name, staged.tried / name, dirs_exist_ok=True)
    shutil.copy(staged.root / "pyproject.toml", staged.tried)


def _compared(staged: Staged, current: Document, document: Document, linted: str, outcome: generate.Outcome) -> Report:
    old_paths, new_paths = ([tree / "wrapper", tree / "generated"] for tree in (staged.root, staged.tried))
    after = surface(new_paths)
    staged.write(SNAPSHOT, snapshot_text(after))
    wire = wire_changes(current.content, document.content)
    heard = opinions_on(staged.root, staged.root / SPECIFICATION, staged.new / SPECIFICATION)
    missing = (linted, *heard.missing) if linted else heard.missing
    notes = [*outcome.omitted, *outcome.unlisted]
    if (staged.new / CONFIG).read_text(encoding="utf-8") != staged.read_old(CONFIG):
        notes.append("`generator-config.yaml` has other overrides of class names.")
    notes += [f"{WORDS}: {place} was deleted, as it {why}." for place, why in outcome.stale.items()]
    if document.was_json:
        notes.append("The document was JSON; the checked-in file is YAML with the same content.")
    return Report(
        old_specification=current.version,
        new_specification=document.version,
        old_version=_version_of(staged.read_old(VERSION)),
        wire=wire,
        python=compare_surfaces(surface(old_paths), after),
        opinions=Opinions((*heard.heard, *set(opinions_of_griffe(old_paths, new_paths, PACKAGES))), missing),
        misfits=_misfits(staged),
        notes=notes,
    )


def _version_of(source: str) -> str:
    return source.partition('__version__ = "')[2].partition('"')[0]


def _misfits(staged: Staged) -> list[str]:
    """Return the errors of mypy in the wrapper.

    Raises:
        Refused: The generated code itself has a type error.
    """
    command = [sys.executable, "-m", "mypy", "--config-file=pyproject.toml", "--no-pretty", "generated", "wrapper"]
    cache = staged.root / ".mypy_cache" / "bump"
    run = subprocess.run(
        [*command, f"--cache-dir={cache}", "--no-error-summary", "--hide-error-context"],
        cwd=staged.tried,
        capture_output=True,
        encoding="utf-8",
    )
    if run.returncode > 1:
        raise Refused(f"mypy cannot check the types: {run.stdout or run.stderr}"[:400])
    errors = [line for line in run.stdout.splitlines() if ": error: " in line]
    for line in errors:
        if line.startswith("generated/"):
            raise Refused(f"the generated code has a type error: {line}")
    return errors


def _entries(report: Report) -> dict[str, Sequence[str]]:
    changed = [(each.kind, each.name, each.rating) for each in report.python if each.rating > Rating.PATCH]
    old, new = report.old_specification, report.new_specification
    return {"Specification": [f"Gateway REST API {new}; {old} before."], **changelog_lines(changed)}
