"""Filters (AIP-160) as an immutable tree: written as text for the service, and evaluated on JSON objects.

The nodes have the names of the standard's grammar, loosest first:

    Empty         nothing, which everything matches
    Expression    sequences joined by AND
    Sequence      factors side by side, which all have to match
    Factor        terms joined by OR
    Term          the negation of a filter, by NOT or a minus
    Restriction   a comparable, and a comparator with its argument; or a literal alone

A comparable is a `Member` (a path) or a `Function`, a literal a `Text` or a `String`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, NoReturn, Protocol, Self, cast

from attrs import frozen

from ..errors import ConfigurationError, FilterError
from ._literals import (
    Operand,
    instant_of,
    is_field,
    is_function_name,
    is_negative,
    is_plain_text,
    is_word,
    period_of,
    quoted,
)
from ._matching import (
    DEPTH,
    Test,
    appears,
    equal_to,
    every,
    has,
    is_plain,
    opposite,
    ordered,
    some,
    value_at,
    values_at,
)


class Unfit(ValueError):
    """A restriction that does not fit: the language, or what it is to filter."""

    def __init__(self, message: str, expected: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.expected = expected


class Node:
    """A part of a filter: immutable, equal by value, hashable, picklable, and nested no deeper than `DEPTH`."""

    __slots__ = ("_depth", "_parsed")
    __match_args__: ClassVar[tuple[str, ...]] = ()
    is_part: ClassVar[bool] = True
    _depth: int
    _parsed: tuple[str, int]

    def __attrs_post_init__(self) -> None:
        self._set_depth(())

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _set_depth(self, parts: tuple[Node, ...]) -> None:
        depth = 1 + max((part._depth for part in parts), default=0)
        if depth > DEPTH:
            raise ConfigurationError(f"a filter nests at most {DEPTH} deep")
        self._set("_depth", depth)

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__match_args__)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self), *self._values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._values()))})"

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        return type(self), self._values()


def unwrapped(arg: Any) -> Any:
    """Return an argument without the parentheses that say nothing: `(1)` is `1`."""
    while getattr(arg, "comparator", "") is None:  # A literal, or function, alone is a restriction too.
        arg = arg.comparable
    return arg


def is_argument(arg: object) -> bool:
    """Say whether something can stand to the right of a comparator, or in a function's parentheses."""
    return isinstance(arg, Node) and arg.is_part and not isinstance(arg, Member)


def argument_text(arg: Node) -> str:
    """Return an argument as text; what is no literal and no function stands in parentheses."""
    return str(arg) if isinstance(arg, (Text, String, Function)) else f"({arg})"


@frozen(eq=False, repr=False)
class _Literal(Node):
    value: str

    def operand(self) -> Operand:
        """Return what a value is compared with."""
        return Operand(self.value, is_quoted=isinstance(self, String))


class Text(_Literal):
    """A literal without quotes: a number, true, an enum's name, a timestamp, or a word."""

    __slots__ = ()

    def __attrs_post_init__(self) -> None:
        if not (is_plain_text(self.value) or is_negative(self.value)):
            raise ConfigurationError(f"{self.value!r} needs quotes in a filter: make it a String")
        self._set_depth(())

    def __str__(self) -> str:
        return self.value


class String(_Literal):
    """A literal in quotes: a text, in which `*` is a wildcard for `=` and `!=`."""

    __slots__ = ()

    def __str__(self) -> str:
        return quoted(self.value)


@frozen(eq=False, repr=False)
class Member(Node):
    """A path of field names and map keys."""

    path: tuple[str, ...]

    def __attrs_post_init__(self) -> None:
        self._set("path", tuple(self.path))
        if not self.path:
            raise ConfigurationError("Member takes the names of a path, one at least")
        self._set_depth(())

    def __str__(self) -> str:
        first, *rest = self.path
        names = [name if is_field(name) else quoted(name) for name in rest]
        return ".".join([first if is_word(first) else quoted(first), *names])


@frozen(eq=False, repr=False)
class Function(Node):
    """A function called with arguments; `timestamp` and `duration` are those that there are."""

    name: str
    args: tuple[Node, ...] = ()

    def __attrs_post_init__(self) -> None:
        self._set("args", tuple(map(unwrapped, self.args)))
        if not is_function_name(self.name) or not all(map(is_argument, self.args)):
            raise ConfigurationError("Function takes a name, and literals, functions or filters as arguments")
        self._set_depth(self.args)

    def operand(self) -> Operand:
        """Return what a value is compared with."""
        read = {"timestamp": instant_of, "duration": period_of}.get(self.name)
        if read is None:
            advice = ", and NOT is followed by a space" if self.name == "NOT" else ""
            raise Unfit(f"there is no function {self.name}{advice}")
        given = self.args[0].value if len(self.args) == 1 and isinstance(self.args[0], (Text, String)) else ""
        if (value := read(given)) is None:
            form = "an RFC 3339 timestamp" if read is instant_of else 'a duration such as "1.5s"'
            raise Unfit(f"{self.name} takes {form}")
        return Operand.only(read, value)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(argument_text, self.args))})"


def condition_of(comparable: Member | Function | Text | String, comparator: str, arg: Node | None) -> Test:
    """Return the test of one object by a restriction, or raise `Unfit`."""
    if isinstance(comparable, Function):
        comparable.operand()  # It knows what is wrong with any other.
        raise Unfit(f"{comparable.name} belongs to the right of a comparator")
    if not isinstance(comparable, Member):
        return appears(comparable.operand())
    path = comparable.path
    if comparator == ":":
        return _found(values_at(path), _argument_test(arg, has))
    if comparator in ("=", "!="):
        test = _argument_test(arg, lambda operand: equal_to(operand, wild=True))
        return _plain(value_at(path), test if comparator == "=" else opposite(test))
    return _plain(value_at(path), _argument_test(arg, lambda operand: ordered(operand, comparator)))


def _argument_test(arg: Any, of: Callable[[Operand], Callable[[Any], bool]]) -> Test:
    """Return the test of a value by an argument: by a literal, or by literals that are joined and negated."""
    if isinstance(arg, (Text, String, Function)):
        return of(arg.operand())

    def literal(restriction: Any) -> Test:
        if restriction.arg is not None:
            raise Unfit("to the right of a comparator stand only literals")
        return of(restriction.comparable.operand())

    tested: Test = arg._tested(literal)
    return tested


def _plain(value_of: Callable[[Any], Any], test: Test) -> Test:
    """Return the test of the value in an object; what is unset fails it, whatever the comparator (AIP-160)."""

    def plain(record: Any) -> bool:
        value = value_of(record)
        return is_plain(value) and test(value)

    return plain


def _found(values_of: Callable[[Any], list[Any]], test: Test) -> Test:
    def found(record: Any) -> bool:
        values = values_of(record)
        return bool(values) and test(values)

    return found


COMPARATORS = ("<=", "<", ">=", ">", "!=", "=", ":")
"""The comparators; `:` is read as "has"."""


class HasPayload(Protocol):
    """A message: it keeps the JSON object that it was made from."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """The JSON object."""
        ...


class Filter(Node):
    """A condition on JSON objects: `&`, `|` and `~` combine it, `str()` writes it, `matches` evaluates it."""

    __slots__ = ("_test",)
    _test: Test

    def matches(self, record: Mapping[str, Any] | HasPayload) -> bool:
        """Return whether a message, or a JSON object with keys in camelCase or snake_case, matches.

        A field is compared as the value that it has in JSON; a field that is absent is unset.

        Raises:
            FilterError: The filter calls a function that there is not, or compares with what is no literal.
        """
        try:
            test = self._test
        except AttributeError:
            test = self.test()
            self._set("_test", test)
        return test(getattr(record, "payload", record))

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
        """Return the error that points at one of the restrictions: in the text that was parsed, if it was."""
        parsed = restriction.parsed_at()
        text, place = parsed if parsed is not None else (str(self), 0)
        for node, piece in () if parsed is not None else self._pieces():
            if node is restriction:
                break
            place += len(piece)
        return FilterError(str(error), filter=text, position=place, expected=error.expected)

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

    def at(self, text: str, place: int) -> Restriction:
        """Remember the place in the text that the restriction was parsed from, for errors."""
        self._set("_parsed", (text, place))
        return self

    def parsed_at(self) -> tuple[str, int] | None:
        """Return the text that the restriction was parsed from, and its place there; None if it was not parsed."""
        return getattr(self, "_parsed", None)

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
