"""Turn a Markdown page of the repository into HTML: anchors of headings, targets of links."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterator, Mapping
from html import escape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import PurePosixPath
from string import Template
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

STYLE = """
body { font: 16px/1.55 system-ui, sans-serif; margin: 0; display: flex; color: #1d2530 }
nav { flex: 0 0 15rem; padding: 1.5rem; background: #f3f5f8; min-height: 100vh; font-size: .92rem }
nav h2 { font-size: .8rem; text-transform: uppercase; color: #5b6675; margin: 1.4rem 0 .3rem }
nav a { display: block; padding: .1rem 0 }
main { padding: 1.5rem 2.5rem; max-width: 56rem; min-width: 0 }
a { color: #0b57b0; text-decoration: none } a:hover { text-decoration: underline }
pre { background: #f3f5f8; padding: .8rem 1rem; overflow-x: auto; line-height: 1.4; border-radius: 4px }
code, pre { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .87em }
table { border-collapse: collapse } th, td { border: 1px solid #d4dae2; padding: .3rem .6rem; text-align: left }
img { max-width: 100% }
@media (max-width: 50rem) { body { display: block } nav { min-height: 0 } }
"""

_PAGE = Template("""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>$title</title>
<link rel="stylesheet" href="$style">
<nav>$navigation</nav>
<main>
$body</main>
""")


def address_of(path: str) -> str:
    """Return the address in the site of a file in `docs` or at the root; README.md is the index."""
    if path == "README.md":
        return "index.html"
    inside = path.removeprefix("docs/")
    return f"{inside.removesuffix('.md')}.html" if path.endswith(".md") else inside


def title_of(text: str) -> str:
    """Return the heading that a page begins with, as plain text."""
    return next(iter(headings_in(text)), "").replace("`", "")


def headings_in(text: str) -> Iterator[str]:
    """Return the headings of a page, as they are written."""
    tokens = _markdown().parse(text)
    return (after.content for token, after in pairwise(tokens) if token.type == "heading_open")


def anchors_in(text: str) -> list[str]:
    """Return the anchors of a page's headings, as code hosts make them: a name that comes again gets a number."""
    seen: dict[str, int] = {}
    anchors: list[str] = []
    for heading in headings_in(text):
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        count = seen[anchor] = seen.get(anchor, -1) + 1
        anchors.append(f"{anchor}-{count}" if count else anchor)
    return anchors


def linked_from(path: str, text: str) -> Iterator[tuple[str, str]]:
    """Return every file of the repository that a page leads to or shows, with the anchor, empty where there is none."""
    for token in _tokens_in(_markdown().parse(text)):
        target = token.attrGet("href" if token.type == "link_open" else "src")
        if isinstance(target, str) and not _is_outside(target):
            file, _, anchor = unquote(target).partition("#")
            yield (_beside(path, file) if file else path), anchor


def page_of(path: str, text: str, sections: Mapping[str, Mapping[str, str]]) -> str:
    """Return the HTML of a page; `sections` are the titles of the navigation's pages by path, by section."""
    markdown = _markdown()
    tokens = markdown.parse(text)
    anchors = iter(anchors_in(text))
    for token in tokens:
        if token.type == "heading_open":
            token.attrSet("id", next(anchors))
    for token in _tokens_in(tokens):
        name = "href" if token.type == "link_open" else "src"
        target = token.attrGet(name)
        if isinstance(target, str) and not _is_outside(target) and not target.startswith("#"):
            file, hash_sign, anchor = target.partition("#")
            token.attrSet(name, _from(path, address_of(_beside(path, file))) + hash_sign + anchor)
    return _PAGE.substitute(
        title=escape(title_of(text)),
        style=_from(path, "style.css"),
        navigation=_navigation(path, sections),
        body=markdown.renderer.render(tokens, markdown.options, {}),
    )


def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _tokens_in(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        for each in (token, *(token.children or ())):
            if each.type in {"link_open", "image"}:
                yield each


def _navigation(path: str, sections: Mapping[str, Mapping[str, str]]) -> str:
    lines: list[str] = []
    for section, titles in sections.items():
        lines.append(f"<h2>{escape(section)}</h2>" if section else "")
        lines += (f'<a href="{_from(path, address_of(each))}">{escape(title)}</a>' for each, title in titles.items())
    return "\n".join(lines)


def _is_outside(target: str) -> bool:
    return re.match(r"[a-z]+:", target) is not None


def _beside(path: str, file: str) -> str:
    return os.path.normpath(PurePosixPath(path).parent / file)


def _from(path: str, address: str) -> str:
    return os.path.relpath(address, PurePosixPath(address_of(path)).parent)


class Targets(HTMLParser):
    """The links and anchors of a page of HTML.

    Attributes:
        links: The targets of links, pictures and styles.
        anchors: The ids.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the link and the anchor of a tag."""
        given = dict(attrs)
        self.anchors |= {value for name in ("id", "name") if (value := given.get(name))}
        if (target := given.get("href") or given.get("src")) and tag in {"a", "img", "link", "script"}:
            self.links.append(target)


def broken_links(pages: Mapping[str, str], others: set[str]) -> list[str]:
    """Return a line for each broken link of a site, given its pages by address and its other files."""
    targets = {address: Targets(html) for address, html in pages.items()}
    broken: list[str] = []
    for address, page in targets.items():
        for link in filter(lambda link: not _is_outside(link), page.links):
            file, _, anchor = unquote(link).partition("#")
            there = os.path.normpath(PurePosixPath(address).parent / file.partition("?")[0]) if file else address
            if there not in targets and there not in others:
                broken.append(f"{address}: there is no {there}")
            elif anchor and there in targets and anchor not in targets[there].anchors:
                broken.append(f"{address}: {there} has no #{anchor}")
    return broken
