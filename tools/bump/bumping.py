"""A bump from end to end: made and tried in a copy of the repository, and put in place whole or not at all."""

from __future__ import annotations

import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from attrs import evolve
from openapi_python_client.strings import snake_case

from tools import generate
from tools.specification.parsing import MissingClass, Refused
from tools.specification.texts import Words, read_words, remove_descriptions
from tools.surface_changes import compare_surfaces
from tools.surfaces import GENERATED, PUBLIC, snapshot_text, surface

from .documents import Document, parse_document, read_document
from .ratings import numbers_of, version_after
from .records import BUMPS, last_release, replace_section, replace_value, unreleased_report, update_source
from .reports import Report
from .trial import Tree, check_clean, git
from .validity import check
from .wire import host_changes, wire_changes
from .wording import wording_changes

SPECIFICATION = "openapi/gateway.yaml"
SOURCE = "openapi/SOURCE.md"
VERSION = "wrapper/fireworks_gateway/_version.py"
CLIENT = "wrapper/fireworks_gateway/_client.py"
WORDS = "tools/specification/words.yaml"


def bump(root: Path, specification: str | Path, *, in_place: bool, forced: bool, kept: bool) -> Report | None:
    """Report the consequences of moving to a document, and move if `in_place`. Return None for the current document.

    Args:
        root: The repository.
        specification: The document.
        in_place: Put the new tree in place, if hand-written code fits it.
        forced: Accept an older version.
        kept: Put the new tree in place even if hand-written code does not fit it.

    Raises:
        Refused: The document cannot be used; nothing was changed.
    """
    document, current = read_document(specification), read_document(root / SPECIFICATION)
    if document.content == current.content:
        return None
    if not forced:
        _check_version(current, document)
    check(document)
    if in_place:
        check_clean(root, Path(specification))
    with tempfile.TemporaryDirectory(prefix="bump-") as folder:
        tree = Tree.of(root, Path(folder).resolve() / "new")
        report = _update_tree(tree, current, document)
        report = evolve(report, trial=tree.try_out())
        name = re.sub(r"[^\w.+-]", "_", document.version)[:80]
        tree.write(f"{BUMPS}/{name}.md", report.as_markdown())
        tree.write(f"{BUMPS}/{name}.json", report.as_json())
        if in_place and (kept or not report.trial.problems):
            tree.put_in_place()
    return report


def _check_version(current: Document, document: Document) -> None:
    old, new = numbers_of(current.version), numbers_of(document.version)
    if old is None or new is None:
        raise Refused(f"version {document.version} cannot be compared with {current.version}; --force accepts it")
    if new < old:
        raise Refused(f"version {document.version} is older than ours, {current.version}; --force accepts it")


def _update_tree(tree: Tree, current: Document, document: Document) -> Report:
    changelog = tree.read("CHANGELOG.md")
    base, report = _base(tree, current, changelog)
    old = Tree(tree.origin, tree.origin)
    if base.content != current.content:
        old = Tree.of(tree.origin, tree.root.with_name("released"))
        _generate(old, base)
    notes = _generate(tree, document)
    report = evolve(complete_report(report, base, document, old, tree), notes=notes)
    report = evolve(report, version=version_after(report.previous_version, _version(tree), report.rating))
    tree.write(VERSION, replace_value(tree.read(VERSION), "__version__", report.version))
    tree.write("CHANGELOG.md", replace_section(changelog, report.changelog_lines()))
    tree.write("docs/api.txt", snapshot_text(surface([tree.root / "wrapper", tree.root / "generated"])))
    tree.write(SOURCE, update_source(tree.read(SOURCE), document, datetime.now(UTC).date()))
    return report


def complete_report(report: Report, base: Document, document: Document, old: Tree, new: Tree) -> Report:
    """Complete a report with the differences of two documents, and of the packages in two trees."""
    paths = [[tree.root / "wrapper", tree.root / "generated"] for tree in (old, new)]
    public, generated = (
        compare_surfaces(*(surface(each, package) for each in paths)) for package in (PUBLIC, GENERATED)
    )
    wire, missing = wire_changes(new.origin, old.root / SPECIFICATION, new.root / SPECIFICATION)
    schemas = ((base.content.get("components") or {}).get("schemas") or {}).values()
    return evolve(
        report,
        specification=(base.version, document.version),
        public=public,
        generated=generated,
        wire=[*host_changes(base, document), *wire],
        wording=list(wording_changes(base.content, document.content)),
        keys={snake_case(key): key for each in schemas for key in each.get("properties") or ()},
        missing=missing,
    )


def _base(tree: Tree, current: Document, changelog: str) -> tuple[Document, Report]:
    """Return the document of the last release, and the report to complete.

    Without a release it is the document before the first bump.
    """
    if earlier := unreleased_report(tree.root, changelog):
        document = parse_document(git(tree.origin, "cat-file", "blob", earlier["base"]), "the released document")
        return document, Report(earlier["base"], ("", ""), earlier["previous_version"])
    blob = git(tree.origin, "rev-parse", f"HEAD:{SPECIFICATION}").strip()
    return current, Report(blob, ("", ""), last_release(changelog) or _version(tree))


def _version(tree: Tree) -> str:
    return tree.read(VERSION).partition('__version__ = "')[2].partition('"')[0]


def _generate(tree: Tree, document: Document) -> list[str]:
    """Write everything that a document determines, and return remarks for the report."""
    tree.write(SPECIFICATION, document.text)
    words, fresh = read_words(tree.root / WORDS), tree.root.with_name(f"{tree.root.name}-generated")
    while True:
        try:
            outcome = generate.generate(tree.root / SPECIFICATION, tree.root / generate.CONFIG.name, fresh, words)
            break
        except MissingClass as gone:  # The types of the new tree show each use of the class.
            words = evolve(words, classes={key: name for key, name in words.classes.items() if key != gone.name})
            tree.write(WORDS, re.sub(rf"(?m)^  {gone.name}: .*\n", "", tree.read(WORDS), count=1))
        except Refused as problem:
            raise Refused(f"{str(problem)[:600]}{_find_uses(tree, str(problem), words)}") from problem
    generate.put_in_place(fresh, tree.root)
    if outcome.stale:
        tree.write(WORDS, remove_descriptions(tree.read(WORDS), outcome.stale))
    stale = [f"{WORDS}: {place} was deleted, as it {why}." for place, why in outcome.stale.items()]
    silent = [f"Describe these places in {WORDS}: {', '.join(outcome.silent)}."] * bool(outcome.silent)
    return [*silent, *outcome.remarks, *stale]


def _find_uses(tree: Tree, problem: str, words: Words) -> str:
    """Return the first place in hand-written code of each parameter that a message names."""
    sent = {name for operation in words.operations.values() for name in operation["parameters"]} - {"account_id"}
    lines = tree.read(CLIENT).splitlines()
    numbers = {name: next((at for at, line in enumerate(lines, 1) if name in line), 0) for name in sent}
    places = [f"{CLIENT}:{numbers[name]}" for name in sorted(sent) if re.search(rf"\b{name}\b", problem)]
    return f" ({', '.join(places)})" if places else ""
