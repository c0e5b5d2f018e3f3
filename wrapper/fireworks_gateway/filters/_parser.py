"""Parse filters (AIP-160) by recursive descent, one method for each rule of the standard's grammar.

Read it beside https://google.aip.dev/assets/misc/ebnf-filtering.txt. The tokens, which the grammar leaves open,
and four details follow the standard's prose and examples:

* Whitespace may surround comparators, parentheses and commas.
* TEXT is no keyword, does not start with a dash, and has no character with a meaning of its own. A bare RFC 3339
  timestamp is one TEXT, with its dots and colons.
* STRING is in double or single quotes, with the escapes of GoogleSQL.
* A negative number is an argument, `a = -30`. The grammar has MINUS before terms only.

The time is linear in the length of the text: no pattern backtracks, and each is tried a few times at each place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NoReturn, TypeAlias, TypeVar

from ..errors import ConfigurationError, FilterError
from ._literals import CHARACTER, TIMESTAMP, is_negative, unquote
from ._matching import MAX_DEPTH
from ._tree import (
    And,
    Comparison,
    Empty,
    Filter,
    Function,
    Leaf,
    Member,
    Node,
    Not,
    Or,
    Sequence,
    String,
    Text,
)

_KEYWORD = rf"(?:AND|OR|NOT)(?!{CHARACTER})"
_NAME = rf"(?!-){CHARACTER}++"
_TOKENS = {
    "AND": r"\s++AND\s++",
    "OR": r"\s++OR\s++",
    "NOT": r"NOT\s++",
    "minus": "-",
    '"."': r"\.",
    '"("': r"\(\s*+",
    '")"': r"\s*+\)",
    '","': r"\s*+,\s*+",
    "a comparator": r"\s*+(<=|>=|!=|<|>|=|:)\s*+",
    "space": r"\s++",
    "function": rf"({_NAME}(?:\.{_NAME})*+)\(\s*+",
    "negative": rf"-[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?s?(?!{CHARACTER}|\.)",
    "text": rf"{TIMESTAMP}|(?!{_KEYWORD}){_NAME}",
    "keyword": _KEYWORD,
    "string": r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|' + r"'[^'\\]*+(?:\\.[^'\\]*+)*+'",
}
_WORDS: dict[str, str] = dict.fromkeys(("function", "negative", "text", "keyword", "string"), "a name or value")
_ORDER = ("a name or value", "NOT", '"."', '"("', "a comparator", "AND", "OR", '","', '")"', "the end")
_SURROGATE = re.compile("[\ud800-\udfff]").search
_SHOWN = re.compile(r"""[^\s.()<>=!:,"']+|.""", re.DOTALL).match

N = TypeVar("N", bound=Node)
_Name: TypeAlias = tuple[str, bool]
"""A name or value as it was written, and whether it was in quotes."""


def parse(text: str) -> Filter:
    """Return the filter that a text is; its `str()` parses to an equal one, and an empty text to `filters.Empty`.

    Raises:
        FilterError: The text is not a filter, or nests deeper than `filters.MAX_DEPTH`.
    """
    if not isinstance(text, str):
        raise TypeError(f"a filter is a text, not {type(text).__name__}")
    if not text.isascii() and (found := _SURROGATE(text)):
        raise FilterError("this is half a character", filter=text, position=found.start())
    return _Parser(text).filter()


class _Parser:
    """A text, and the place that parsing has reached in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.end = len(text.rstrip())
        self.place = min(len(text) - len(text.lstrip()), self.end)
        self.depth = 0
        self.furthest = self.place
        self.expected: set[str] = set()

    # filter: [expression]
    def filter(self) -> Filter:
        if self.place == self.end:
            return Empty()
        try:
            found = self.expression()
        except ConfigurationError as error:  # The tree is too deep.
            raise FilterError(error.message, filter=self.text, position=0) from None
        if self.place < self.end:
            self.note("the end")
            self.fail()
        return found

    # expression: sequence {WS AND WS sequence}
    def expression(self) -> Filter:
        parts = self.joined(self.sequence, "AND")
        return And(tuple(parts)) if len(parts) > 1 else parts[0]

    # sequence: factor {WS factor}
    def sequence(self) -> Filter:
        parts = [self.factor()]
        while not any(self.is_next(closing) for closing in ("AND", '")"', '","')) and self.take("space"):
            parts.append(self.factor())
        return Sequence(tuple(parts)) if len(parts) > 1 else parts[0]

    # factor: term {WS OR WS term}
    def factor(self) -> Filter:
        parts = self.joined(self.term, "OR")
        return Or(tuple(parts)) if len(parts) > 1 else parts[0]

    # term: [(NOT WS | MINUS)] simple
    def term(self) -> Filter:
        if self.take("NOT"):
            return Not(self.simple())
        if self.take("minus"):
            return self.negative()
        return self.simple()

    def negative(self) -> Filter:
        """Return the negation that a minus is, "either mathematically or logically"."""
        start = self.place - 1
        composite = self.composite()
        if composite is not None:
            return Not(composite)
        restriction = self.restriction()
        if isinstance(restriction, Text) and is_negative(number := f"-{restriction.value}"):
            return Text(number).at(self.text, start)
        return Not(restriction)

    # simple: restriction | composite
    def simple(self) -> Filter:
        composite = self.composite()
        return self.restriction() if composite is None else composite

    # composite: LPAREN expression RPAREN
    def composite(self) -> Filter | None:
        start = self.place
        if not self.take('"("'):
            return None
        self.nest(start)
        inner = self.expression()
        self.close()
        return inner

    # restriction: comparable [comparator arg]
    def restriction(self) -> Leaf:
        start = self.place
        function = self.function()
        names = [] if function is not None else self.member()
        comparator = self.take("a comparator")
        if comparator is None:
            literal = _literal(names) if function is None else function
            return literal.at(self.text, start)
        comparable = Member(tuple(name for name, _ in names)) if function is None else function
        return Comparison(comparable, comparator[1], self.arg()).at(self.text, start)

    # arg: comparable | composite
    def arg(self) -> Filter:
        if number := self.take("negative"):
            return Text(number[0])
        for rule in (self.composite, self.function):
            if (found := rule()) is not None:
                return found
        return _literal(self.member())

    # function: name {DOT name} LPAREN [argList] RPAREN
    def function(self) -> Function | None:
        start = self.place
        called = self.take("function")
        if called is None:
            return None
        self.nest(start)
        if self.is_next('")"'):
            arguments = list[Filter]()
        else:
            arguments = self.joined(self.arg, '","')
        self.close()
        return Function(called[1], tuple(arguments))

    # member: value {DOT field}
    def member(self) -> list[_Name]:
        names = [self.value() or self.fail()]
        while self.take('"."'):
            names.append(self.value() or self.field())
        return names

    # value: TEXT | STRING
    def value(self) -> _Name | None:
        start = self.place
        if found := self.take("text"):
            return found[0], False
        if found := self.take("string"):
            try:
                return unquote(found[0]), True
            except ValueError as error:
                raise FilterError(error.args[0], filter=self.text, position=start + error.args[1]) from None
        return None

    # field: value | keyword
    def field(self) -> _Name:
        keyword = self.take("keyword") or self.fail()
        return keyword[0], False

    # Below the rules.

    def joined(self, part: Callable[[], N], joint: str) -> list[N]:
        """Return the parts that a token joins, one at least."""
        parts = [part()]
        while self.take(joint):
            parts.append(part())
        return parts

    def nest(self, start: int) -> None:
        """Count parentheses within parentheses."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FilterError(f"a filter must nest at most {MAX_DEPTH} deep", filter=self.text, position=start)

    def close(self) -> None:
        """Go past a closing parenthesis."""
        if not self.take('")"'):
            self.fail()
        self.depth -= 1

    def is_next(self, token: str) -> bool:
        """Return whether a token is next."""
        return _pattern(token).match(self.text, self.place, self.end) is not None

    def take(self, token: str) -> re.Match[str] | None:
        """Go past a token if it is next."""
        found = _pattern(token).match(self.text, self.place, self.end)
        if found is None:
            self.note(_WORDS.get(token, token))
            return None
        self.place = found.end()
        return found

    def note(self, word: str) -> None:
        """Remember what could have been at the furthest place, for the error."""
        space = _pattern("space").match(self.text, self.place, self.end)
        place = space.end() if space else self.place
        if place > self.furthest:
            self.furthest, self.expected = place, set()
        if place == self.furthest:
            self.expected.add(word)

    def fail(self) -> NoReturn:
        """Raise the error of the furthest place that was reached.

        Raises:
            FilterError: Always.
        """
        place = self.furthest if self.furthest < self.end else len(self.text)
        found = _SHOWN(self.text, place)
        if found and found[0] in "\"'" and not _pattern("string").match(self.text, place):
            raise FilterError("the string that begins here has no end", filter=self.text, position=place)
        what = f"this does not belong here: {found[0]:.40}" if found else "the filter ends too early"
        expected = tuple(word for word in _ORDER if word in self.expected)
        raise FilterError(what, filter=self.text, position=place, expected=expected)


@cache
def _pattern(token: str) -> re.Pattern[str]:
    return re.compile(_TOKENS[token], re.DOTALL)


def _literal(names: list[_Name]) -> Text | String:
    """Return the literal that a member is if no comparator follows: its dots are part of it."""
    text = ".".join(name for name, _ in names)
    return String(text) if any(in_quotes for _, in_quotes in names) else Text(text)
