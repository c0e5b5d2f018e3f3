"""Build the documentation as a site: pages in Markdown, the reference from docstrings, and linked files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from . import pages

ROOT = Path(__file__).parents[2]

GUIDES = """
    tutorial pagination filtering reading errors serving catalogue checking async concurrency testing command-line
    operations from-fireworks-ai
""".split()

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "": ("README.md",),
    "Guides": tuple(f"docs/guides/{guide}.md" for guide in GUIDES),
    "Keeping up": ("docs/pinning.md", "docs/bumping.md", "CHANGELOG.md", "SECURITY.md"),
    "Inside": ("docs/architecture.md", "docs/benchmarks.md", "CONTRIBUTING.md", "openapi/SOURCE.md"),
    "Bumps": tuple(sorted(f"docs/bumps/{path.name}" for path in (ROOT / "docs/bumps").glob("*.md"))),
    "Decisions": tuple(sorted(f"docs/decisions/{path.name}" for path in (ROOT / "docs/decisions").glob("*.md"))),
}
"""The pages of the site in the order of its navigation; the reference follows the first section."""

MODULES = [f"fireworks_gateway{name}" for name in ("", ".catalogue", ".testing")]
"""The modules of the reference, with those in their `__all__`."""

REFERENCE = "docs/reference/fireworks_gateway.html"


def text_of(path: str) -> str:
    """Return the text of a file of the repository."""
    return (ROOT / path).read_text(encoding="utf-8")


def written() -> list[str]:
    """Return every existing page, in the order of the navigation."""
    return [path for paths in SECTIONS.values() for path in paths if (ROOT / path).exists()]


def written_site() -> dict[str, str]:
    """Return the HTML of every page in Markdown, by its address."""
    titles = {
        section: {path: pages.title_of(text_of(path)) for path in paths if path in written()}
        for section, paths in SECTIONS.items()
    }
    titles[""][REFERENCE] = "API reference"
    return {pages.address_of(path): pages.page_of(path, text_of(path), titles) for path in written()}


def files_shown() -> set[str]:
    """Return the files, other than pages, that pages link to or show."""
    return {file for path in written() for file, _ in pages.linked_from(path, text_of(path))} - set(written())


def build(target: Path) -> list[str]:
    """Build the site anew in a folder, and return a line for each broken link."""
    shutil.rmtree(target, ignore_errors=True)
    _write_reference(target / pages.address_of(REFERENCE).partition("/")[0])
    for address, page in written_site().items():
        _put(target / address, page)
    _put(target / "style.css", pages.STYLE)
    for file in filter(lambda file: (ROOT / file).is_file(), files_shown()):
        copy = target / pages.address_of(file)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, copy)
    site = {path.relative_to(target).as_posix(): path for path in target.rglob("*") if path.is_file()}
    html = {address: path.read_text(encoding="utf-8") for address, path in site.items() if address.endswith(".html")}
    return pages.broken_links(html, set(site) | set(_folders(site)))


def _write_reference(target: Path) -> None:
    import pdoc.render

    templates = Path(__file__).parent / "templates"
    pdoc.render.configure(docformat="google", show_source=False, template_directory=templates)
    pdoc.pdoc(*MODULES, output_directory=target)


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _folders(addresses: Mapping[str, Path]) -> Iterator[str]:
    return (str(parent) for address in addresses for parent in Path(address).parents)
