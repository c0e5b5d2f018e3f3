"""Parse filters (AIP-160) by recursive descent, with one method for each rule of the standard's grammar.

The grammar is https://google.aip.dev/assets/misc/ebnf-filtering.txt. It leaves the tokens open; they and these details
follow the standard's prose and examples:

* Whitespace may surround comparators, parentheses and commas.
* TEXT is not a keyword, does not start with a dash, and has no character of the grammar's operators. A bare RFC 3339
  timestamp is one TEXT, with its dots and colons.
* STRING is in double or single quotes, with the escapes of GoogleSQL.
* A negative number is an argument, `a = -30`. The grammar has MINUS before terms only.

The time is linear in the length of the text: no pattern backtracks, and each is tried a few times at each position.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import NoReturn, TypeAlias

from ..errors import ConfigurationError, FilterError
from ._literals import CHARACTER, KEYWORD, NAME, NEGATIVE, TIMESTAMP, WORD, is_negative, unquote
from ._matching import MAX_DEPTH
from ._tree import And, Comparison, Empty, Filter, Function, Leaf, Literal, Member, Not, Or, Sequence, String, Text

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
    "space": r"\s++(?!AND\s|[),])",
    "function": rf"({NAME}(?:\.{NAME})*+)\(\s*+",
    "negative": rf"{NEGATIVE}(?!{CHARACTER}|\.)",
    "text": rf"{TIMESTAMP}|{WORD}",
    "keyword": KEYWORD,
    "string": r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|' + r"'[^'\\]*+(?:\\.[^'\\]*+)*+'",
}
_NAMES: dict[str, str] = dict.fromkeys(("function", "negative", "text", "keyword", "string"), "a name or value")
_ORDER = ("a name or value", "NOT", '"."', '"("', "a comparator", "AND", "OR", '","', '")"', "the end")
_TOO_DEEP = f"a filter must nest at most {MAX_DEPTH} deep"
_SPACE = re.compile(r"\s++").match
_SURROGATE = re.compile("[\ud800-\udfff]").search
_FRAGMENT = re.compile(r"""[^\s.()<>=!:,"']+|.""", re.DOTALL).match

_Name: TypeAlias = tuple[str, bool]  # A name or value, and whether it was in quotes.


def parse(text: str) -> Filter:
    """Parse a filter; an empty text is `filters.Empty`. The `str()` of the result parses to an equal filter.

    Raises:
        FilterError: The text is not a filter, or nests deeper than `filters.MAX_DEPTH`.
    """
    if found := _SURROGATE(text):
        raise FilterError("a lone surrogate is not allowed", filter=text, position=found.start())
    return _Parser(text).filter()


class _Parser:
    """A text and the position in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.end = len(text.rstrip())
        self.position = min(len(text) - len(text.lstrip()), self.end)
        self.depth = 0
        self.furthest = self.position
        self.expected: set[str] = set()

    # filter: [expression]
    def filter(self) -> Filter:
        if self.position == self.end:
            return Empty()
        try:
            expression = self.expression()
        except (ConfigurationError, RecursionError):  # The tree, or the stack of the caller, is too deep.
            raise FilterError(_TOO_DEEP, filter=self.text, position=0) from None
        if self.position < self.end:
            self.note("the end")
            self.fail()
        return expression

    # expression: sequence {WS AND WS sequence}
    def expression(self) -> Filter:
        return self.join(And, self.sequence, "AND")

    # sequence: factor {WS factor}
    def sequence(self) -> Filter:
        return self.join(Sequence, self.factor, "space")

    # factor: term {WS OR WS term}
    def factor(self) -> Filter:
        return self.join(Or, self.term, "OR")

    # term: [(NOT WS | MINUS)] simple, simple: restriction | composite
    def term(self) -> Filter:
        start = self.position
        negation = self.take("NOT") or self.take("minus")
        composite = self.composite()
        simple = self.restriction() if composite is None else composite
        if negation is None:
            return simple
        # A minus negates "either mathematically or logically".
        if negation[0] == "-" and composite is None and isinstance(simple, Text) and is_negative(f"-{simple}"):
            return Text(f"-{simple}").at(self.text, start)
        return Not(simple)

    # composite: LPAREN expression RPAREN
    def composite(self) -> Filter | None:
        start = self.position
        if not self.take('"("'):
            return None
        self.open(start)
        expression = self.expression()
        self.close()
        return expression

    # restriction: comparable [comparator arg]
    def restriction(self) -> Leaf:
        start = self.position
        function = self.function()
        names = self.member() if function is None else []
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
            if (arg := rule()) is not None:
                return arg
        return _literal(self.member())

    # function: name {DOT name} LPAREN [argList] RPAREN
    def function(self) -> Function | None:
        start = self.position
        call = self.take("function")
        if call is None:
            return None
        self.open(start)
        args = [] if self.text.startswith(")", self.position) else [self.arg()]
        while args and self.take('","'):
            args.append(self.arg())
        self.close()
        return Function(call[1], tuple(args))

    # member: value {DOT field}
    def member(self) -> list[_Name]:
        names = [self.value() or self.fail()]
        while self.take('"."'):
            names.append(self.value() or self.field())
        return names

    # value: TEXT | STRING
    def value(self) -> _Name | None:
        start = self.position
        if text := self.take("text"):
            return text[0], False
        if string := self.take("string"):
            try:
                return unquote(string[0]), True
            except ValueError as error:
                message, offset = error.args
                raise FilterError(message, filter=self.text, position=start + offset) from None
        return None

    # field: value | keyword, of which `member` tries the value
    def field(self) -> _Name:
        keyword = self.take("keyword") or self.fail()
        return keyword[0], False

    # The methods below are not rules of the grammar.

    def join(self, kind: type[And | Or], rule: Callable[[], Filter], joint: str) -> Filter:
        parts = [rule()]
        while self.take(joint):
            parts.append(rule())
        return kind(tuple(parts)) if len(parts) > 1 else parts[0]

    def open(self, start: int) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FilterError(_TOO_DEEP, filter=self.text, position=start)

    def close(self) -> None:
        if not self.take('")"'):
            self.fail()
        self.depth -= 1

    def take(self, token: str) -> re.Match[str] | None:
        """Move past a token and return its match; return None if it is not next."""
        found = _pattern(token).match(self.text, self.position, self.end)
        if found is None:
            self.note(_NAMES.get(token, token))
            return None
        self.position = found.end()
        return found

    def note(self, token: str) -> None:
        """Record a token that was expected, if no parse went further, for the error."""
        space = _SPACE(self.text, self.position, self.end)
        position = space.end() if space else self.position
        if position > self.furthest:
            self.furthest, self.expected = position, set()
        if position == self.furthest:
            self.expected.add(token)

    def fail(self) -> NoReturn:
        """Raise the error at the furthest position that was reached."""
        position = self.furthest if self.furthest < self.end else len(self.text)
        fragment = _FRAGMENT(self.text, position)
        if fragment and fragment[0] in "\"'" and not _pattern("string").match(self.text, position):
            raise FilterError("the string is not terminated", filter=self.text, position=position)
        message = f"unexpected {fragment[0]:.80}" if fragment else "unexpected end of the filter"
        if self.text[position - 1 : position + 1] == "==":
            message = "unexpected =; write a single ="
        expected = tuple(token for token in _ORDER if token in self.expected)
        raise FilterError(message, filter=self.text, position=position, expected=expected)


@cache
def _pattern(token: str) -> re.Pattern[str]:
    return re.compile(_TOKENS[token], re.DOTALL)


def _literal(names: list[_Name]) -> Literal:
    """Return the names of a member as one literal: without a comparator after it, the dots are part of its text."""
    text = ".".join(name for name, _ in names)
    return String(text) if any(is_quoted for _, is_quoted in names) else Text(text)
