"""Filters (AIP-160) as one immutable tree: written as text for the service, and evaluated on JSON objects here.

The nodes have the names of the standard's grammar, loosest first:

    Empty         nothing, which everything matches
    Expression    sequences joined by AND
    Sequence      factors side by side, which all have to match
    Factor        terms joined by OR
    Term          what NOT, or a minus, negates
    Restriction   a comparable, and a comparator with its argument; or a literal alone

A comparable is a `Member` (a path) or a `Function`, a literal a `Text` or a `String`. Filters are combined with `&`,
`|` and `~`; `str()` gives the text, which `aip160.parse` reads back as an equal filter; `matches` evaluates it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, NoReturn, cast

from attrs import frozen

from ._comparables import Function, Member, Node, String, Text, Unfit, argument_text, is_argument, unwrapped
from ._comparisons import DEPTH, Test, every, opposite, some
from ._conditions import condition_of
from ._literals import quoted
from .errors import ConfigurationError, FilterError

__all__ = [
    "COMPARATORS",
    "DEPTH",
    "Empty",
    "Expression",
    "Factor",
    "Filter",
    "Function",
    "Member",
    "Restriction",
    "Sequence",
    "String",
    "Term",
    "Text",
    "quoted",
]

COMPARATORS = ("<=", "<", ">=", ">", "!=", "=", ":")
"""The comparators; `:` is read as "has"."""


class Filter(Node):
    """A condition on JSON objects: `&`, `|` and `~` combine it, `str()` writes it, `matches` evaluates it."""

    __slots__ = ("_test",)
    _test: Test

    def matches(self, record: Mapping[str, Any]) -> bool:
        """Say whether a JSON object, as the service sends it, matches; its keys may be in camelCase or snake_case.

        Raises:
            FilterError: The filter calls a function that there is not, or compares with what is no literal.
        """
        try:
            test = self._test
        except AttributeError:
            test = self.test()
            self._set("_test", test)
        return test(record)

    def test(self) -> Test:
        """Return the function that `matches` calls, for many objects; it raises what `matches` would at once."""
        return self._tested(self._test_of)

    def _tested(self, leaf: Callable[[Restriction], Test]) -> Test:
        raise NotImplementedError

    def _test_of(self, restriction: Restriction) -> Test:
        try:
            return restriction.condition()
        except Unfit as error:
            raise self.refused(restriction, error) from None

    def refused(self, restriction: Restriction, error: Unfit) -> FilterError:
        """Return the error that points at one of the restrictions."""
        place = 0
        for node, text in self._pieces():
            if node is restriction:
                break
            place += len(text)
        return FilterError(str(error), filter=str(self), position=place, expected=error.expected)

    def mapped(self, leaf: Callable[[Restriction], Filter]) -> Filter:
        """Return the filter with something else for each of its restrictions."""
        return self._mapped(leaf)

    def _mapped(self, leaf: Callable[[Restriction], Filter]) -> Filter:
        raise NotImplementedError

    def _pieces(self) -> Iterator[tuple[Node | None, str]]:
        raise NotImplementedError

    def __str__(self) -> str:
        return "".join(text for _, text in self._pieces())

    def __and__(self, other: Filter) -> Filter:
        return _joined(Expression, self, other)

    def __or__(self, other: Filter) -> Filter:
        return _joined(Factor, self, other)

    def __invert__(self) -> Filter:
        return self.simple if isinstance(self, Term) else Term(self)

    # To type checkers None is no truth value; what never returns would be one to some of them.
    def __bool__(self) -> None:
        raise TypeError("a filter is neither true nor false; combine filters with &, | and ~, not with and, or and not")


class Empty(Filter):
    """The filter with nothing in it, which everything matches; it is no part of others."""

    __slots__ = ()
    is_part = False

    def _tested(self, leaf: Callable[[Restriction], Test]) -> Test:
        return every(())

    def _mapped(self, leaf: Callable[[Restriction], Filter]) -> Filter:
        return self

    def _pieces(self) -> Iterator[tuple[Node | None, str]]:
        return iter(())

    def __invert__(self) -> NoReturn:
        raise ConfigurationError("the language has no filter that nothing matches")


@frozen(eq=False, repr=False)
class _Composite(Filter):
    """Filters that are joined, two at least."""

    parts: tuple[Filter, ...]
    joint: ClassVar[str]
    _combined: ClassVar[Callable[[list[Test]], Test]]

    def __attrs_post_init__(self) -> None:
        self._set("parts", tuple(self.parts))
        if len(self.parts) < 2 or not all(_is_part(part) for part in self.parts):
            raise ConfigurationError(f"{type(self).__name__} takes two filters or more, none of them empty")
        self._set_depth(self.parts)

    def _tested(self, leaf: Callable[[Restriction], Test]) -> Test:
        return type(self)._combined([part._tested(leaf) for part in self.parts])

    def _mapped(self, leaf: Callable[[Restriction], Filter]) -> Filter:
        return type(self)(tuple(part._mapped(leaf) for part in self.parts))

    def _pieces(self) -> Iterator[tuple[Node | None, str]]:
        for number, part in enumerate(self.parts):
            if number:
                yield None, self.joint
            # Parentheses that the language does not ask for, but servers and readers with other habits do.
            yield from _grouped(part) if isinstance(part, _Composite) else part._pieces()


class Expression(_Composite):
    """Sequences joined by AND."""

    __slots__ = ()
    joint = " AND "
    _combined = every


class Sequence(_Composite):
    """Factors side by side; all have to match."""

    __slots__ = ()
    joint = " "
    _combined = every


class Factor(_Composite):
    """Terms joined by OR, which binds tighter than AND."""

    __slots__ = ()
    joint = " OR "
    _combined = some


@frozen(eq=False, repr=False)
class Term(Filter):
    """The negation of a simple expression."""

    simple: Filter

    def __attrs_post_init__(self) -> None:
        if not _is_part(self.simple):
            raise ConfigurationError("Term negates a filter that is not empty")
        self._set_depth((self.simple,))

    def _tested(self, leaf: Callable[[Restriction], Test]) -> Test:
        return opposite(self.simple._tested(leaf))

    def _mapped(self, leaf: Callable[[Restriction], Filter]) -> Filter:
        return Term(self.simple._mapped(leaf))

    def _pieces(self) -> Iterator[tuple[Node | None, str]]:
        yield None, "NOT "
        simple = isinstance(self.simple, Restriction) and not str(self.simple.comparable).startswith("-")
        yield from self.simple._pieces() if simple else _grouped(self.simple)


@frozen(eq=False, repr=False)
class Restriction(Filter):
    """A comparable, and a comparator with its argument; or a literal, or function, alone."""

    comparable: Member | Function | Text | String
    comparator: str | None = None
    arg: Text | String | Function | Filter | None = None

    def __attrs_post_init__(self) -> None:
        self._set("arg", unwrapped(self.arg))
        alone = self.comparator is None and self.arg is None
        compared = self.comparator in COMPARATORS and is_argument(self.arg)
        kinds = (Text, String, Function) if alone else (Member, Function)
        if not (alone or compared) or not isinstance(self.comparable, kinds):
            raise ConfigurationError("Restriction takes a member, a comparator and an argument; or a literal alone")
        self._set_depth((self.comparable,) if self.arg is None else (self.comparable, self.arg))

    def condition(self) -> Test:
        """Return the test of one object; `Unfit` is raised where there can be none."""
        return condition_of(self.comparable, self.comparator or "", self.arg)

    def _tested(self, leaf: Callable[[Restriction], Test]) -> Test:
        return leaf(self)

    def _mapped(self, leaf: Callable[[Restriction], Filter]) -> Filter:
        return leaf(self)

    def _pieces(self) -> Iterator[tuple[Node | None, str]]:
        yield self, str(self)

    def __str__(self) -> str:
        if self.arg is None:
            return str(self.comparable)
        comparator = ":" if self.comparator == ":" else f" {self.comparator} "
        return f"{self.comparable}{comparator}{argument_text(self.arg)}"


def _is_part(part: object) -> bool:
    return isinstance(part, Filter) and part.is_part


def _joined(kind: type[_Composite], left: Filter, right: object) -> Filter:
    """Return two filters joined, what is joined so already in one."""
    if not isinstance(right, Filter):
        return cast("Filter", NotImplemented)
    if isinstance(left, Empty) or isinstance(right, Empty):
        return Empty() if kind is Factor else right if isinstance(left, Empty) else left
    return kind(tuple(part for each in (left, right) for part in (each.parts if isinstance(each, kind) else (each,))))


def _grouped(part: Filter) -> Iterator[tuple[Node | None, str]]:
    yield None, "("
    yield from part._pieces()
    yield None, ")"
