"""The grammar of AIP-160, and how what it derives becomes a tree of `filters`."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Any, TypeAlias, cast

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken

from ._comparables import Function, Member, Node, String, Text
from ._literals import CHARACTER, TIMESTAMP, is_negative, unquoted
from .filters import Empty, Expression, Factor, Filter, Restriction, Sequence, Term

# To be read beside https://google.aip.dev/assets/misc/ebnf-filtering.txt, rule by rule. It differs in five places, so
# that one token of lookahead is enough, or where the standard leaves the tokens open:
# * WS is spelt out there. Here the tokens hold the whitespace around them that the standard asks for (AND, OR, NOT), or
#   that its prose and examples allow (comparators, parentheses, commas), so WS is what is left: between two factors.
# * The name of a function is one token, since otherwise only its parenthesis, any number of names later, would tell it
#   from a member. It may consist of keywords, as in the standard: NOT(a) calls a function.
# * A negative number is an argument (NEGATIVE). The standard has MINUS before terms only, and everybody writes a = -30.
# * TEXT is no keyword, begins with no dash, and holds no character that has a meaning of its own. A timestamp is TEXT
#   as a whole, its dots and colons included, since the prose has timestamps bare.
# * STRING is in double or single quotes, with the escapes of GoogleSQL.
GRAMMAR = r"""
filter: [expression]

expression: sequence (AND sequence)*

sequence: factor (WS factor)*

factor: term (OR term)*

term: (NOT | MINUS)? simple

?simple: restriction
    | composite

restriction: comparable (comparator arg)?

?comparable: member
    | function

member: value (DOT field)*

function: FUNCTION_NAME LPAREN [arg_list] RPAREN

?comparator: LESS_EQUALS
    | LESS_THAN
    | GREATER_EQUALS
    | GREATER_THAN
    | NOT_EQUALS
    | EQUALS
    | HAS

composite: LPAREN expression RPAREN

?value: TEXT
    | STRING

?field: value
    | KEYWORD

arg_list: arg (COMMA arg)*

arg: comparable
    | composite
    | NEGATIVE

AND.2: /\s+AND\s+/
OR.2: /\s+OR\s+/
NOT.2: /NOT\s+/
MINUS: "-"
DOT: "."
LPAREN: /\(\s*/
RPAREN.2: /\s*\)/
COMMA.2: /\s*,\s*/
LESS_EQUALS.3: /\s*<=\s*/
LESS_THAN.2: /\s*<\s*/
GREATER_EQUALS.3: /\s*>=\s*/
GREATER_THAN.2: /\s*>\s*/
NOT_EQUALS.2: /\s*!=\s*/
EQUALS.2: /\s*=\s*/
HAS.2: /\s*:\s*/
WS: /\s+/
EDGE.4: /\A\s+|\s+\Z/
%ignore EDGE

KEYWORD.2: /(AND|OR|NOT)(?!<C>)/
FUNCTION_NAME.3: /(?!-)<C>+(\.(?!-)<C>+)*(?=\()/
NEGATIVE.2: /-[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?s?(?!<C>|\.)/
TEXT: /<TIMESTAMP>|(?!(AND|OR|NOT)(?!<C>))(?!-)<C>+/
STRING: /"[^"\\]*(\\.[^"\\]*)*"|'[^'\\]*(\\.[^'\\]*)*'/s
"""

_Member: TypeAlias = list[Token]
"""A member before it is known whether it is a path, on the left, or a literal, alone or on the right."""


class _Tree(Transformer[Token, Filter]):
    """Makes a node of each rule, from the leaves up, so that nothing here is as deep as the text nests."""

    def filter(self, children: list[Filter | None]) -> Filter:
        return Empty() if not children or children[0] is None else children[0]

    def expression(self, children: list[Any]) -> Filter:
        return Expression(tuple(children[::2])) if len(children) > 1 else children[0]

    def sequence(self, children: list[Any]) -> Filter:
        return Sequence(tuple(children[::2])) if len(children) > 1 else children[0]

    def factor(self, children: list[Any]) -> Filter:
        return Factor(tuple(children[::2])) if len(children) > 1 else children[0]

    def term(self, children: list[Any]) -> Filter:
        *negation, simple = children
        if not negation:
            return cast("Filter", simple)
        return _negative(simple) if negation[0].type == "MINUS" else Term(simple)

    def composite(self, children: list[Any]) -> Filter:
        return cast("Filter", children[1])

    def restriction(self, children: list[Any]) -> Restriction:
        comparable, *compared = children
        if not compared:
            return Restriction(_literal(comparable))
        if isinstance(comparable, list):
            comparable = Member(_texts(cast("_Member", comparable)))
        return Restriction(comparable, compared[0].strip(), compared[1])

    def member(self, children: list[Token]) -> _Member:
        return children[::2]

    def function(self, children: list[Any]) -> Function:
        return Function(str(children[0]), tuple(children[2] or ()))

    def arg_list(self, children: list[Any]) -> list[Any]:
        return children[::2]

    def arg(self, children: list[Any]) -> Node:
        return cast("Node", _literal(children[0]))


def _texts(tokens: _Member) -> tuple[str, ...]:
    return tuple(_text(token) if token.type == "STRING" else str(token) for token in tokens)


def _text(string: Token) -> str:
    try:
        return unquoted(string)
    except ValueError as error:
        raise Misplaced(error.args[0], (string.start_pos or 0) + error.args[1]) from None


def _literal(given: Any) -> Any:
    """Return the literal that a member is where no comparator follows it: dots are part of it."""
    if isinstance(given, Token):
        return Text(str(given))
    if isinstance(given, list):
        tokens = cast("_Member", given)
        text = ".".join(_texts(tokens))
        return String(text) if any(token.type == "STRING" for token in tokens) else Text(text)
    return given


def _negative(simple: Filter) -> Filter:
    """Return what a minus makes of a filter: its negation, "either mathematically or logically"."""
    if isinstance(simple, Restriction) and isinstance(simple.comparable, Text) and simple.arg is None:
        text = f"-{simple.comparable.value}"
        if is_negative(text):
            return Restriction(Text(text))
    return Term(simple)


class Misplaced(ValueError):
    """Something wrong at a position of the text; its `args` are what, and where."""


@cache
def _parser() -> Any:
    grammar = GRAMMAR.replace("<C>", CHARACTER).replace("<TIMESTAMP>", TIMESTAMP)
    return Lark(grammar, start="filter", parser="lalr", lexer="contextual", transformer=_Tree())


def derived(text: str) -> Filter:
    """Return the filter that a text is, or raise what lark does, `Misplaced`, or ConfigurationError for its depth."""
    return cast("Filter", _parser().parse(text))


def place_in(text: str, error: UnexpectedInput) -> int:
    """Return where a text fails, which may be its end."""
    at_end = isinstance(error, UnexpectedToken) and cast("Any", error).token.type == "$END"
    start = len(text) if at_end else error.pos_in_stream
    return len(text) - len(text[start:].lstrip())


def accepted_in(text: str) -> set[str]:
    """Return the tokens that may stand where a text fails; the error itself has some that could not be completed."""
    parsing = _parser().parse_interactive(text)
    with suppress(UnexpectedInput):
        parsing.exhaust_lexer()
    return cast("set[str]", parsing.accepts())
