"""The filter language (AIP-160): `parse` reads a filter, `matches` evaluates one, `check` holds one against a model.

This needs lark: pip install 'fireworks-gateway[testing]'.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

try:
    from lark import UnexpectedInput
except ModuleNotFoundError as _error:
    raise ModuleNotFoundError(
        "fireworks_gateway.aip160 needs lark: pip install 'fireworks-gateway[testing]'", name=_error.name
    ) from _error

from ._checks import checked
from ._fields import Message
from ._grammar import Misplaced, accepted_in, derived, place_in
from .errors import ConfigurationError, FilterError
from .filters import DEPTH, Filter

__all__ = ["FilterError", "check", "matches", "parse"]

_WORDS = {
    "TEXT": "a name or value",
    "STRING": "a name or value",
    "NEGATIVE": "a name or value",
    "KEYWORD": "a name or value",
    "NOT": "NOT",
    "DOT": '"."',
    "LPAREN": '"("',
    "LESS_EQUALS": "a comparator",
    "HAS": "a comparator",
    "AND": "AND",
    "OR": "OR",
    "COMMA": '","',
    "RPAREN": '")"',
    "$END": "the end",
}
"""What the grammar's tokens are to a person; of those that always come together, one."""

_PARENTHESES = re.compile(r""""[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*'|[()]""", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]").search
_SHOWN = re.compile(r"""[^\s.()<>=!:,"']+|.""", re.DOTALL).match


def parse(text: str) -> Filter:
    """Return the filter that a text is; its `str()` parses to an equal one, and an empty text to `filters.Empty`.

    Raises:
        FilterError: The text is no filter, or nests deeper than `filters.DEPTH`.
    """
    if not isinstance(text, str):
        raise TypeError(f"a filter is a text, not {type(text).__name__}")
    _refuse_at_sight(text)
    try:
        return derived(text)
    except Misplaced as error:
        raise FilterError(error.args[0], filter=text, position=error.args[1]) from None
    except ConfigurationError as error:
        raise FilterError(error.message, filter=text, position=0) from None
    except UnexpectedInput as error:
        raise _unexpected(text, error) from None


def _refuse_at_sight(text: str) -> None:
    """Raise for what would be refused late, or read deep: half characters, and parentheses within parentheses."""
    if not text.isascii() and (found := _SURROGATE(text)):
        raise FilterError("this is half a character", filter=text, position=found.start())
    depth = 0
    for found in _PARENTHESES.finditer(text):
        depth += (found[0] == "(") - (found[0] == ")")
        if depth > DEPTH:
            raise FilterError(f"a filter nests at most {DEPTH} deep", filter=text, position=found.start())


def _unexpected(text: str, error: UnexpectedInput) -> FilterError:
    position = place_in(text, error)
    found = _SHOWN(text, position)
    if found and found[0] in "\"'" and not _PARENTHESES.match(text, position):
        return FilterError("the string that begins here has no end", filter=text, position=position)
    names = accepted_in(text)
    expected = tuple(dict.fromkeys(word for name, word in _WORDS.items() if name in names))
    what = f"this does not belong here: {found[0]:.40}" if found else "the filter ends too early"
    return FilterError(what, filter=text, position=position, expected=expected)


def matches(text: str, mapping: Mapping[str, Any]) -> bool:
    """Say whether a JSON object matches a filter; fields may be written in snake_case or camelCase on both sides.

    The filter is not held against any schema, so values are compared as what they are in the object, and a field that
    the object lacks is unset. For many objects, `parse` once and call `Filter.matches`.

    Raises:
        FilterError: The text is no filter, or calls a function that there is not.
    """
    return _parsed(text).matches(mapping)


_parsed = lru_cache(maxsize=64)(parse)


def check(filter: Filter | str, model: type[Message]) -> Filter:
    """Return a filter as it is meant for a model, whose fields and their types it fits.

    Names are in snake_case in it, a flag alone is one that is true, presence is what presence means for the field's
    type, and a number that a text field is compared with is a text.

    Raises:
        FilterError: A field that the model lacks, a value that is not of the field's type, a comparator that is not
            for it, or a literal alone: what a server answers INVALID_ARGUMENT to. Its `filter` is the text of the
            parsed filter.
    """
    return checked(parse(filter) if isinstance(filter, str) else filter, model)
