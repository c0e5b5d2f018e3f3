"""Read an OpenAPI document from YAML, JSON or a page of the documentation."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

from attrs import frozen
from ruamel.yaml import YAML

from tools.specification.parsing import Refused, content_of

Content = dict[str, Any]

MAX_BYTES = 5_000_000  # The whole document of the service has 550 kB, which the generator reads in seconds.
ROUTE = "get /v1/accounts/{account_id}/models"
"""The operation in the fence line of the page of List Models."""

_FENCE = re.compile(
    r"^(`{3,}|~{3,})[ \t]*((?:ya?ml|json)\b[^\n]*)\n(.*?)(?:^\1[`~]*\s*?$|(?P<unclosed>\Z))",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
# Before the document begins: texts in it may have fences.
_INDENTED = re.compile(
    r"(?:(?![\"']?openapi\b).*\n)*?[ \t>*-]+(?P<fence>`{3,}|~{3,})[ \t]*(?:ya?ml|json)\b", re.IGNORECASE
)


@frozen
class Document:
    """An OpenAPI document.

    Attributes:
        text: The text to check in: the published YAML byte for byte, or a JSON document's content as YAML.
        content: The parsed document.
        source: The name of the file, and the form of the document in it.
        fence: The fence line of the page; empty without one.
    """

    text: str
    content: Content
    source: str
    fence: str = ""

    @property
    def version(self) -> str:
        """The `info.version`."""
        return str(self.content["info"]["version"])


def read_document(path: str | Path) -> Document:
    """Return the document in a file.

    Raises:
        Refused: The file cannot be read, has no document or several, or the document is not OpenAPI 3.1.
    """
    if re.match(r"\w+://", str(path)):
        raise Refused(f"SPEC must be a file, got the address {path}: download it, and name the file")
    if not (file := Path(path)).is_file():
        raise Refused(f"SPEC must be a file, got {path}: save the page or the document in one")
    if (size := file.stat().st_size) > MAX_BYTES:
        raise Refused(f"{file.name} must have at most 5 MB, got {size / 1e6:.1f}: shorten its descriptions")
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file.name} cannot be read: {error}. Save it as UTF-8") from error
    return parse_document(text, file.name)


def parse_document(text: str, name: str) -> Document:
    """Return the document in a text: YAML, JSON, or a page with one in a fence."""
    fence, page = "", text
    if fences := list(_FENCE.finditer(page)):
        fence, text = _choose_fence(fences, page, name)
        name = f"the fence of {name}"
    is_json = text.lstrip()[:1] == "{"
    try:
        content = _check_openapi(_content_of_json(text, name) if is_json else content_of(text, name), name)
    except Refused as problem:
        if indented := _INDENTED.match(page):
            line = page.count("\n", 0, indented.start("fence")) + 1
            raise Refused(f"the fence in line {line} is indented: remove the spaces or marks before it") from problem
        raise
    if is_json:
        return Document(dump_yaml(content), content, f"{name}, JSON that is kept as YAML", fence)
    return Document(text, content, name, fence)


def _choose_fence(fences: list[re.Match[str]], page: str, name: str) -> tuple[str, str]:
    """Return the line and the text of the fence with the document: of several, the one whose line names a route."""
    numbers = [str(page.count("\n", 0, each.start()) + 1) for each in fences]
    if fences[-1]["unclosed"] is not None:
        raise Refused(f"the fence in line {numbers[-1]} is opened and never closed: save the whole page")
    for mark in (ROUTE, " /"):
        fences = [each for each in fences if mark in each[2].lower()] or fences
    if len(fences) > 1:
        lines = ", ".join(numbers)
        raise Refused(f"{name} has {len(numbers)} fences of YAML or JSON, in lines {lines}: keep the document's")
    return fences[0][2].strip(), fences[0][3]


def _content_of_json(text: str, name: str) -> Any:
    def pairs(found: list[tuple[str, Any]]) -> Content:
        keys = [key for key, _ in found]
        if len(set(keys)) < len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise Refused(f"the key {twice!r} is in one object of {name} twice: keep one")
        return dict(found)

    try:
        return json.loads(text, object_pairs_hook=pairs)
    except (ValueError, RecursionError) as error:
        raise Refused(f"{name} is not JSON: {error}. Correct it, or save it again") from error


def dump_yaml(content: Any) -> str:
    """Return a JSON document's content as YAML, in the same order."""
    text = _dump(content, as_ascii=False)
    # A few characters, such as U+0085, are line breaks in YAML.
    return text if content_of(text, "the document") == content else _dump(content, as_ascii=True)


def _dump(content: Any, *, as_ascii: bool) -> str:
    yaml, written = YAML(typ="safe", pure=True), io.StringIO()
    yaml.default_flow_style, yaml.width, yaml.allow_unicode = False, 110, not as_ascii
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # It is a switch without a type.
    yaml.dump(content, written)
    return written.getvalue()


def _check_openapi(content: Any, name: str) -> Content:
    again = "save the page of List Models"
    if content is None:
        raise Refused(f"{name} is empty: {again}")
    if not isinstance(content, dict) or not isinstance(openapi := content.get("openapi"), str):
        raise Refused(f"{name} is no OpenAPI document, nor a page with one in a fence: {again}")
    if not re.fullmatch(r"3\.1\.\d+", openapi):
        raise Refused(f"{name} must be OpenAPI 3.1, which the generator supports, got {openapi}: {again}")
    if not isinstance(info := content.get("info"), dict) or not isinstance(info.get("version"), str):
        raise Refused(f"{name} has no text `info.version`: put a number in quotes")
    if not isinstance(content.get("paths"), dict) or not content["paths"]:
        raise Refused(f"{name} has no paths, so there is nothing to generate: {again}")
    return content
