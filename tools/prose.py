"""Find the worst patterns of prose in code and documents: a minimum check of plain English.

The patterns: a clause used as a noun at the start of a docstring, heading, comment or description of a parameter, and a
negation tacked on behind a semicolon.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (".github", "benchmarks", "docs", "examples", "openapi", "tests", "tools", "wrapper")
GENERATED = ("wrapper/fireworks_gateway/_openapi.py", "wrapper/fireworks_gateway/specification.py", "docs/bumps/")

# Questions are allowed, and so is "Where it is absent, ...".
_CLAUSE = r"(?:What|Who|Whether|Where(?![^.\n]*?,\s))\b(?![^.\n]*\?)[^\n]*"
_OPENING = re.compile(rf"\A\s*{_CLAUSE}")
_DESCRIPTION = re.compile(rf"\n +\*{{0,2}}\w+: {_CLAUSE}")
_HEADING = re.compile(rf"^#+ +{_CLAUSE}", re.MULTILINE)
_NEGATION = re.compile(r"[^\n]*;[\s#]+not\s+\w+")
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def findings(name: str, text: str) -> list[tuple[int, str]]:
    """Return the line and the phrase of each pattern in a file, Python or Markdown by its name."""
    return sorted(set(_in_python(text) if name.endswith(".py") else _in_markdown(text)))


def _in_markdown(text: str) -> Iterator[tuple[int, str]]:
    yield from _matches(1, _CODE.sub(lambda code: re.sub(r"[^\n]", "_", code[0]), text), _HEADING, _NEGATION)


def _in_python(text: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(docstring))):
                yield from _matches(node.lineno, docstring, _OPENING, _DESCRIPTION)
            case ast.Constant(value=str(string)):
                yield from _matches(node.lineno, string, _NEGATION)
            case _:
                pass
    last = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            line, words = token.start[0], token.string.lstrip("#: ")
            # The second line of a comment begins in the middle of a sentence.
            yield from _matches(line, words, *([] if line == last + 1 else [_OPENING]), _NEGATION)
            last = line


def _matches(line: int, text: str, *patterns: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    for pattern in patterns:
        for found in pattern.finditer(text):
            yield line + text.count("\n", 0, found.end()), " ".join(found[0].split())


def main() -> None:
    """Print the findings, and exit with status 1 if there are any."""
    paths = [*ROOT.glob("*.md"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.*"))]
    names = {path.relative_to(ROOT).as_posix() for path in paths if path.suffix in {".md", ".py"}}
    found = [
        f"{name}:{line}: {phrase}\n"
        for name in sorted(names)
        if not name.startswith(GENERATED)
        for line, phrase in findings(name, (ROOT / name).read_text(encoding="utf-8"))
    ]
    print("".join(found), end="")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
