"""An independent reference for the filter parser: lark with the grammar of AIP-160, and the tree that it derives."""

from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, cast

from lark import Lark, Token, Transformer

from fireworks_gateway.filters import And, Comparison, Empty, Filter, Function, Member, Not, Or, Sequence, String, Text
from fireworks_gateway.filters._literals import CHARACTER, TIMESTAMP, is_negative, unquote
from fireworks_gateway.filters._tree import Node

_Member: TypeAlias = list[Token]
"""The tokens of a member: a path to the left of a comparator, otherwise a literal."""


class _Tree(Transformer[Token, Filter]):
    """The nodes for the rules, from the leaves up and without recursion."""

    def filter(self, children: list[Filter | None]) -> Filter:
        return Empty() if not children or children[0] is None else children[0]

    def expression(self, children: list[Any]) -> Filter:
        return And(tuple(children[::2])) if len(children) > 1 else children[0]

    def sequence(self, children: list[Any]) -> Filter:
        return Sequence(tuple(children[::2])) if len(children) > 1 else children[0]

    def factor(self, children: list[Any]) -> Filter:
        return Or(tuple(children[::2])) if len(children) > 1 else children[0]

    def term(self, children: list[Any]) -> Filter:
        *negation, simple = children
        inner = simple[0] if isinstance(simple, tuple) else simple
        if not negation:
            return cast("Filter", inner)
        if negation[0].type == "MINUS":
            return _negative(inner, in_parentheses=isinstance(simple, tuple))
        return Not(inner)

    def composite(self, children: list[Any]) -> Any:
        return (children[1],)

    def restriction(self, children: list[Any]) -> Filter:
        comparable, *compared = children
        if not compared:
            return cast("Filter", _literal(comparable))
        if isinstance(comparable, list):
            comparable = Member(_texts(cast("_Member", comparable)))
        return Comparison(comparable, compared[0].strip(), compared[1])

    def member(self, children: list[Token]) -> _Member:
        return children[::2]

    def function(self, children: list[Any]) -> Function:
        return Function(str(children[0]), tuple(children[2] or ()))

    def arg_list(self, children: list[Any]) -> list[Any]:
        return children[::2]

    def arg(self, children: list[Any]) -> Node:
        inner = children[0][0] if isinstance(children[0], tuple) else children[0]
        return cast("Node", _literal(inner))


def _texts(tokens: _Member) -> tuple[str, ...]:
    return tuple(unquote(token) if token.type == "STRING" else str(token) for token in tokens)


def _literal(given: Any) -> Any:
    """Return a member as a literal, with its dots."""
    if isinstance(given, Token):
        return Text(str(given))
    if isinstance(given, list):
        tokens = cast("_Member", given)
        text = ".".join(_texts(tokens))
        return String(text) if any(token.type == "STRING" for token in tokens) else Text(text)
    return given


def _negative(simple: Filter, *, in_parentheses: bool) -> Filter:
    """Return the negation of a filter by a minus, "either mathematically or logically"."""
    if not in_parentheses and isinstance(simple, Text) and is_negative(f"-{simple.value}"):
        return Text(f"-{simple.value}")
    return Not(simple)


@cache
def _parser() -> Any:
    text = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    grammar = text.replace("<C>", CHARACTER).replace("<TIMESTAMP>", TIMESTAMP)
    return Lark(grammar, start="filter", parser="lalr", lexer="contextual", transformer=_Tree())


def parse_by_grammar(text: str) -> Filter:
    """Return the filter that the grammar derives from a text, or raise."""
    return cast("Filter", _parser().parse(text))
