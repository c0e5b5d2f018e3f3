"""Configuration of Sphinx, which builds the documentation site from the Markdown pages and the docstrings."""

from __future__ import annotations

import importlib
import inspect
import re
import shutil
import sys
from enum import Enum, EnumType
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer

from fireworks_gateway import __version__, describe

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference"
MODULES = [
    f"fireworks_gateway{name}"
    for name in ("", ".catalogue", ".errors", ".filters", ".specification", ".testing", ".testing.faults", ".types")
]

# Texts of the document may have any character; those that Sphinx would interpret are escaped.
_MARKUP = re.compile(
    r"(?P<program>(?<=\n\n) {4}.*(?:\n+ {4}.*)*)|`(?P<code>[^`\s](?:[^`]*[^`\s])?)`"
    r"|\\|\A(?:[^\w\s]|\w+(?=[.)]\s))|(?<=\S)[*|`]|[*|`](?=\S)|(?<=\S)_(?![^\W_])|::$",
    re.MULTILINE,
)
_OPTIONS = "   :members:\n   :inherited-members: str, tuple, dict, Exception\n"

project = "fireworks-gateway"
version = release = __version__
root_doc = "docs/index"
include_patterns = ["docs/**", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "openapi/SOURCE.md"]

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
autodoc_member_order = "bysource"
autosummary_generate = False
default_role = "py:obj"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
maximum_signature_line_length = 120  # A longer one has a line for each parameter.

# The names in a table are long, so that each has one page. A word in backticks may be a field of several messages.
suppress_warnings = ["autosummary.import_cycle", "ref.python"]
html_theme = "furo"
pygments_dark_style = "github-dark"
html_show_copyright = False
html_title = f"fireworks-gateway {version}"
html_copy_source = False
html_static_path = ["site.css"]
html_css_files = ["site.css"]


def write_reference() -> None:
    """Write a page for each module, and one for each of its public objects that no module before it has."""
    shutil.rmtree(REFERENCE, ignore_errors=True)
    REFERENCE.mkdir()
    written: dict[int, str] = {}
    for name in MODULES:
        module = importlib.import_module(name)
        pages = []
        for each in filter(lambda each: not each.startswith("__"), module.__all__):
            value, page = getattr(module, each), f"{name}.{each}"
            if isinstance(value, EnumType):
                value.__name__ = each  # autodoc describes a class by another name as an alias.
            if page not in MODULES and page == written.setdefault(id(value), page):
                _write(page, each, f".. auto{_kind(value)}:: {page}\n{_options(value)}")
            pages.append(page if page in MODULES else written[id(value)])
        table = "".join(f"   ~{page}\n" for page in pages)
        _write(name, name, f".. automodule:: {name}\n\n.. autosummary::\n   :nosignatures:\n\n{table}")


def _options(value: object) -> str:
    if not isinstance(value, type):
        return ""
    # autodoc would describe an attribute as an alias if the class has another class in its place.
    other = [name for name in value.__annotations__ if isinstance(getattr(value, name, None), type)]
    attributes = "".join(f"\n   .. autoattribute:: {value.__name__}.{name}\n      :no-value:\n" for name in other)
    return f"{_OPTIONS}   :exclude-members: {', '.join(other)}\n{attributes}" if other else _OPTIONS


def _kind(value: object) -> str:
    if isinstance(value, type):
        return "exception" if issubclass(value, BaseException) else "class"
    return "function" if inspect.isroutine(value) else "data"


def _write(name: str, title: str, content: str) -> None:
    # Pages of objects are left out of the navigation, which would be too long; the table of their module has them.
    text = f"{'' if name in MODULES else ':orphan:'}\n\n{title}\n{'=' * len(title)}\n\n{content}\n"
    (REFERENCE / f"{name}.rst").write_text(text, encoding="utf-8")


def read_page(app: Sphinx, page: str, source: list[str]) -> None:
    """Begin the index with the README, and fold the decision records into the navigation below their list."""
    if page == root_doc:
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        source[0] = re.sub(r"\]\((?!https?:)", "](../", readme) + source[0]
    elif page == "docs/decisions/README":
        source[0] += "\n:::{toctree}\n:hidden:\n:glob:\n\n[0-9]*\n:::\n"


def read_docstring(app: Sphinx, kind: str, name: str, value: object, options: object, lines: list[str]) -> None:
    """Turn the Markdown of a docstring into reStructuredText; type aliases and generated enums get one."""
    if kind == "data":
        lines[:] = _alias_docstring(name.rpartition(".")[2])
    elif isinstance(value, EnumType) and not any(lines):
        members: list[Enum] = list(value)
        lines[:] = ["An enum of the specification.", "", *(f"* `{each.name}`: {describe(each)}" for each in members)]
    text = _MARKUP.sub(_restructured, "\n".join(lines))
    lines[:] = re.sub(r"^(\S.*)\n\n(?=    )", r"\1\n\n::\n\n", text, flags=re.MULTILINE).split("\n")
    # Or else the words before a colon would become the type. A table shows the first line of data.
    if kind in {"attribute", "property"}:
        lines[:0] = ["..", ""]
    elif kind == "data":
        lines[:1] = lines[0].replace(": ", ":\n", 1).split("\n")


def read_signature(
    app: Sphinx, kind: str, name: str, value: object, options: object, signature: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    """Replace defaults that have no literal, such as functions, by dots; Sphinx cannot parse their representations."""
    return signature and re.sub(r"= <(?:[^<>]|<[^<>]*>)*>", "= ...", signature), returns


def _restructured(markup: re.Match[str]) -> str:
    if code := markup["code"]:
        mark = "`" if code.isidentifier() else "``"  # A name becomes a link if it has a page.
        return f"\\ {mark}{code}{mark}\\ "
    return markup[0] if markup["program"] else f"\\{markup[0]}\\ "


def _alias_docstring(name: str) -> list[str]:
    for module in [module for module in sys.modules if module.startswith("fireworks_gateway.")]:
        if docstring := ModuleAnalyzer.for_module(module).find_attr_docs().get(("", name)):
            return docstring
    return []


def write_entrance(app: Sphinx, failure: Exception | None) -> None:
    """Let the address of the site lead to the index, which is a page in a folder."""
    (Path(app.outdir) / "index.html").write_text(
        '<meta http-equiv="refresh" content="0; url=docs/index.html">', encoding="utf-8"
    )


def setup(app: Sphinx) -> None:
    """Write the reference, and connect the functions above."""
    write_reference()
    app.connect("build-finished", write_entrance)
    app.connect("source-read", read_page)
    app.connect("autodoc-process-signature", read_signature)
    app.connect("autodoc-process-docstring", read_docstring, priority=400)  # Before the sections are read.
