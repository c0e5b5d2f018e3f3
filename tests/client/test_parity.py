"""Sync and async twins have the same code, except for async words."""

import ast
import inspect
import re
from collections.abc import Callable
from types import ModuleType

import pytest

from fireworks_gateway import _client
from fireworks_gateway._http import transport
from fireworks_gateway._listing import async_pager, pager

MODULES = [(_client, _client), (pager, async_pager), (transport, transport)]
"""The modules of the sync code, each with that of its async twins."""

OWN = {"AsyncPrefetch", "make_async_http_client"}
"""A page ahead is on a thread for the sync pager, and a task for the async one; only sync network steps need limits."""

ASYNC_WORDS: list[tuple[str, str | Callable[[re.Match[str]], str]]] = [
    (r"Awaitable\[(Page\[\w+\])\]", r"\1"),
    (r"\b(async |await |async(?=contextmanager))", ""),
    (r"(?<![a-z])Async|StopAsync(?=Iteration)", lambda match: match[0].removesuffix("Async")),
    (r"\basync_|(?<=_)async_", ""),
    (r"\ba(?=iter_bytes|close|iter\b|next\b)", ""),
    (r"__a(?=iter__|next__|enter__|exit__)", "__"),
]


def defined(module: ModuleType) -> dict[str, type | Callable[..., object]]:
    """Return the classes and functions of a module by name."""
    return {name: value for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__}


TWINS = [
    (defined(module)[re.sub("Async|async_", "", name)], twin)
    for module, twins in MODULES
    for name, twin in defined(twins).items()
    if re.search("Async|async_", name) and name not in OWN
]


def code_without_async_words(source: str) -> str:
    """Return code without comments, docstrings and async words."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    code = ast.unparse(tree)
    for word, instead in ASYNC_WORDS:
        code = re.sub(word, instead, code)
    return code


@pytest.mark.parametrize(("sync", "twin"), TWINS, ids=lambda kind: kind.__name__)
def test_twins_have_the_same_code(sync: type, twin: type) -> None:
    """A docstring may refer to that of the twin."""
    assert code_without_async_words(inspect.getsource(twin)) == code_without_async_words(inspect.getsource(sync))


def test_the_twins_are_found() -> None:
    """In each module."""
    names = {twin.__name__ for _, twin in TWINS}
    assert names >= {"AsyncGatewayClient", "AsyncModels", "AsyncPager", "AsyncItems", "AsyncPages", "AsyncTransport"}
