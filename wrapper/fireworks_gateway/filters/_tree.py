"""Filters (AIP-160) as an immutable tree: build them, combine them, format them as text and evaluate them.

The nodes, from the loosest binding to the tightest:

    Empty         the filter without conditions; it matches everything
    And           filters joined by AND
    Sequence      filters side by side, an And without the word
    Or            filters joined by OR
    Not           a negation, by NOT or a minus
    Comparison    a member or function, a comparator and an argument

A `Text` or `String` alone is a filter too, and so is a `Function`. A `Member` is a path of names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, NoReturn, Protocol, Self, TypeAlias, TypeVar, cast

from attrs import frozen

from ..errors import ConfigurationError, FilterError
from ._literals import (
    Operand,
    is_field,
    is_function_name,
    is_negative,
    is_plain_text,
    is_word,
    literal_operand,
    parse_duration,
    parse_timestamp,
    quote,
)
from ._matching import (
    MAX_DEPTH,
    Predicate,
    all_of,
    any_of,
    equality,
    membership,
    negate,
    ordering,
    search,
    value_predicate,
    values_predicate,
)

COMPARATORS = ("<=", "<", ">=", ">", "!=", "=", ":")
"""The comparators; `:` is read as "has"."""

T = TypeVar("T")


class LeafError(ValueError):
    """An error in one leaf of a filter, without its position: `Filter.map_leaves` adds it, as a `FilterError`."""

    def __init__(self, message: str, expected: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.expected = expected


class Node:
    """A part of a filter: immutable, equal by value, hashable, picklable, and nested at most `MAX_DEPTH` deep."""

    __slots__ = ("_depth", "_source")
    __match_args__: ClassVar[tuple[str, ...]] = ()
    _depth: int
    _source: tuple[str, int]

    def __attrs_post_init__(self) -> None:
        self._set_depth(())

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _set_depth(self, children: tuple[Node, ...]) -> None:
        depth = 1 + max((child._depth for child in children), default=0)
        if depth > MAX_DEPTH:
            raise ConfigurationError(f"a filter must nest at most {MAX_DEPTH} deep")
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


@frozen(eq=False, repr=False)
class Member(Node):
    """A path of field names and map keys."""

    path: tuple[str, ...]

    def __attrs_post_init__(self) -> None:
        self._set("path", tuple(self.path))
        if not self.path:
            raise ConfigurationError("path must have at least one name")
        self._set_depth(())

    def __str__(self) -> str:
        first, *rest = self.path
        names = [name if is_field(name) else quote(name) for name in rest]
        return ".".join([first if is_word(first) else quote(first), *names])


class HasPayload(Protocol):
    """A message with the JSON object that it was decoded from."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """The JSON object."""
        ...


class Filter(Node):
    """A condition on JSON objects: `&`, `|` and `~` combine it, `str()` formats it, `matches` evaluates it."""

    __slots__ = ("_matches",)
    _matches: Predicate

    def matches(self, record: Mapping[str, Any] | HasPayload) -> bool:
        """Return whether a message, or a JSON object with keys in camelCase or snake_case, matches.

        A field is compared as its JSON value; an absent field is unset.

        Raises:
            FilterError: The filter calls an unknown function, or compares with another comparison.
        """
        try:
            predicate = self._matches
        except AttributeError:
            predicate = self.predicate()
            self._set("_matches", predicate)
        return predicate(getattr(record, "payload", record))

    def predicate(self) -> Predicate:
        """Return the function that `matches` calls on a JSON object; it saves time on many objects.

        Raises:
            FilterError: As for `matches`.
        """
        return self._predicate(self._with_position(lambda leaf: leaf.condition()))

    def map_leaves(self, function: Callable[[Leaf], Filter]) -> Filter:
        """Return the filter with each leaf replaced by the result of a function.

        Raises:
            FilterError: The function raised a `LeafError`. The position is that of the leaf.
        """
        return self._map(self._with_position(function))

    def map_literals(self, function: Callable[[Literal], Filter]) -> Filter:
        """Return the argument of a comparison with each literal replaced by the result of a function.

        Raises:
            LeafError: The argument contains a comparison.
        """
        return self._map(_literals_only(function))

    def _predicate(self, function: Callable[[Leaf], Predicate]) -> Predicate:
        raise NotImplementedError

    def _map(self, function: Callable[[Leaf], Filter]) -> Filter:
        raise NotImplementedError

    def _pieces(self) -> Iterator[tuple[Node | None, str]]:
        raise NotImplementedError

    def _with_position(self, function: Callable[[Leaf], T]) -> Callable[[Leaf], T]:
        def call(leaf: Leaf) -> T:
            try:
                return function(leaf)
            except LeafError as error:
                text, position = getattr(leaf, "_source", None) or (str(self), self._position(leaf))
                raise FilterError(str(error), filter=text, position=position, expected=error.expected) from None

        return call

    def _position(self, leaf: Leaf) -> int:
        position = 0
        for node, piece in self._pieces():
            if node is leaf:
                break
            position += len(piece)
        return position

    def __str__(self) -> str:
        return "".join(text for _, text in self._pieces())

    def __and__(self, other: Filter) -> Filter:
        return _join(And, self, other)

    def __or__(self, other: Filter) -> Filter:
        return _join(Or, self, other)

    def __invert__(self) -> Filter:
        return self.part if isinstance(self, Not) else Not(self)

    # To type checkers None is no truth value; what never returns would be one to some of them.
    def __bool__(self) -> None:
        raise TypeError("a filter has no truth value; combine filters with &, | and ~ instead of and, or and not")


class Empty(Filter):
    """The filter without conditions, which matches everything. It cannot be a part of another filter."""

    __slots__ = ()

    def _predicate(self, function: Callable[[Leaf], Predicate]) -> Predicate:
        return all_of(())

    def _map(self, function: Callable[[Leaf], Filter]) -> Filter:
        return self

    def _pieces(self) -> Iterator[tuple[Node | None, str]]:
        return iter(())

    def __invert__(self) -> NoReturn:
        raise ConfigurationError("the empty filter cannot be negated: no filter matches nothing")


@frozen(eq=False, repr=False)
class _Composite(Filter):
    parts: tuple[Filter, ...]
    joint: ClassVar[str]
    _combine: ClassVar[Callable[[list[Predicate]], Predicate]]

    def __attrs_post_init__(self) -> None:
        self._set("parts", tuple(self.parts))
        if len(self.parts) < 2 or any(isinstance(part, Empty) for part in self.parts):
            raise ConfigurationError("parts must be at least two filters that are not empty")
        self._set_depth(self.parts)

    def _predicate(self, function: Callable[[Leaf], Predicate]) -> Predicate:
        return type(self)._combine([part._predicate(function) for part in self.parts])

    def _map(self, function: Callable[[Leaf], Filter]) -> Filter:
        return type(self)(tuple(part._map(function) for part in self.parts))

    def _pieces(self) -> Iterator[tuple[Node | None, str]]:
        for number, part in enumerate(self.parts):
            if number:
                yield None, self.joint
            # Parentheses that AIP-160 does not need, but servers and readers with other habits do.
            yield from _grouped(part) if isinstance(part, _Composite) else part._pieces()


class And(_Composite):
    """Filters joined by AND."""

    __slots__ = ()
    joint = " AND "
    _combine = all_of


class Sequence(And):
    """Filters side by side; all have to match, as in an `And`."""

    __slots__ = ()
    joint = " "


class Or(_Composite):
    """Filters joined by OR, which binds tighter than AND."""

    __slots__ = ()
    joint = " OR "
    _combine = any_of


@frozen(eq=False, repr=False)
class Not(Filter):
    """The negation of a filter."""

    part: Filter

    def __attrs_post_init__(self) -> None:
        if isinstance(self.part, Empty):
            raise ConfigurationError("part must be a filter that is not empty")
        self._set_depth((self.part,))

    def _predicate(self, function: Callable[[Leaf], Predicate]) -> Predicate:
        return negate(self.part._predicate(function))

    def _map(self, function: Callable[[Leaf], Filter]) -> Filter:
        return Not(self.part._map(function))

    def _pieces(self) -> Iterator[tuple[Node | None, str]]:
        yield None, "NOT "
        is_simple = isinstance(self.part, Leaf) and not str(self.part).startswith("-")
        yield from self.part._pieces() if is_simple else _grouped(self.part)


class Leaf(Filter):
    """A comparison, or a literal alone."""

    __slots__ = ()

    def condition(self) -> Predicate:
        """Return the predicate of JSON objects, or raise `LeafError`."""
        raise NotImplementedError

    def at(self, text: str, position: int) -> Self:
        """Record the text that the leaf was parsed from, and its position there, for errors."""
        self._set("_source", (text, position))
        return self

    def _predicate(self, function: Callable[[Leaf], Predicate]) -> Predicate:
        return function(self)

    def _map(self, function: Callable[[Leaf], Filter]) -> Filter:
        return function(self)

    def _pieces(self) -> Iterator[tuple[Node | None, str]]:
        yield self, str(self)


@frozen(eq=False, repr=False)
class _Value(Leaf):
    value: str

    def operand(self) -> Operand:
        """Return the literal in the form that values are compared with."""
        return literal_operand(self.value, is_quoted=isinstance(self, String))

    def condition(self) -> Predicate:
        """Return the search for the literal in the values of a JSON object."""
        return search(self.value, is_quoted=isinstance(self, String))


class Text(_Value):
    """A literal without quotes: a number, true, an enum's name, a timestamp, or a word."""

    __slots__ = ()

    def __attrs_post_init__(self) -> None:
        if not (is_plain_text(self.value) or is_negative(self.value)):
            raise ConfigurationError(f"{self.value!r:.80} must be a String: a filter needs quotes around it")
        self._set_depth(())

    def __str__(self) -> str:
        return self.value


class String(_Value):
    """A literal in quotes: a text, in which `*` is a wildcard for `=` and `!=`."""

    __slots__ = ()

    def __str__(self) -> str:
        return quote(self.value)


@frozen(eq=False, repr=False)
class Function(Leaf):
    """A function call. Filters with functions other than `timestamp` and `duration` parse, but do not evaluate."""

    name: str
    args: tuple[Filter, ...] = ()

    def __attrs_post_init__(self) -> None:
        self._set("args", tuple(self.args))
        if not is_function_name(self.name):
            raise ConfigurationError(f"name must be names joined by dots, got {self.name!r:.80}")
        if any(isinstance(arg, Empty) for arg in self.args):
            raise ConfigurationError("args must be filters that are not empty")
        self._set_depth(self.args)

    def operand(self) -> Operand:
        """Return the function's value in the form that values are compared with, or raise `LeafError`."""
        parse_argument = {"timestamp": parse_timestamp, "duration": parse_duration}.get(self.name)
        if parse_argument is None:
            advice = "; NOT must be followed by a space" if self.name == "NOT" else ""
            raise LeafError(f"there is no function {self.name:.80}{advice}")
        argument = self.args[0].value if len(self.args) == 1 and isinstance(self.args[0], _Value) else ""
        if (value := parse_argument(argument)) is None:
            form = "an RFC 3339 timestamp" if self.name == "timestamp" else 'a duration such as "1.5s"'
            raise LeafError(f"the argument of {self.name} must be {form}")
        return Operand(None, is_quoted=True, typed=((parse_argument, value),))

    def condition(self) -> NoReturn:
        """Raise the error of a function without a comparator before it."""
        self.operand()
        raise LeafError(f"{self.name} is allowed only to the right of a comparator")

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(_argument_text, self.args))})"


Literal: TypeAlias = Text | String | Function
"""A literal, or a function in its place."""


@frozen(eq=False, repr=False)
class Comparison(Leaf):
    """A member or function, a comparator, and an argument: a literal, or literals joined by AND, OR and NOT."""

    comparable: Member | Function
    comparator: str
    arg: Filter

    def __attrs_post_init__(self) -> None:
        if self.comparator not in COMPARATORS:
            raise ConfigurationError(f"comparator must be one of {' '.join(COMPARATORS)}, got {self.comparator!r}")
        if isinstance(self.arg, Empty):
            raise ConfigurationError("arg must be a filter that is not empty")
        self._set_depth((self.comparable, self.arg))

    def condition(self) -> Predicate:
        """Return the predicate of JSON objects, or raise `LeafError`."""
        if isinstance(self.comparable, Function):
            return self.comparable.condition()
        path, comparator = self.comparable.path, self.comparator
        if comparator == ":":
            return values_predicate(path, self._argument(membership))
        if comparator in ("=", "!="):
            equal = self._argument(lambda operand: equality(operand, wildcards=True))
            return value_predicate(path, equal if comparator == "=" else negate(equal))
        return value_predicate(path, self._argument(lambda operand: ordering(operand, comparator)))

    def _argument(self, test: Callable[[Operand], Predicate]) -> Predicate:
        """Return the predicate of a value that the argument makes of a predicate for each literal."""
        return self.arg._predicate(_literals_only(lambda literal: test(literal.operand())))

    def __str__(self) -> str:
        comparator = ":" if self.comparator == ":" else f" {self.comparator} "
        return f"{self.comparable}{comparator}{_argument_text(self.arg)}"


def _literals_only(function: Callable[[Literal], T]) -> Callable[[Leaf], T]:
    def call(leaf: Leaf) -> T:
        if isinstance(leaf, Comparison):
            raise LeafError(f"only literals are allowed to the right of a comparator, got {leaf!s:.80}")
        return function(cast("Literal", leaf))

    return call


def _argument_text(arg: Filter) -> str:
    return f"({arg})" if isinstance(arg, _Composite | Not | Comparison) else str(arg)


def _grouped(part: Filter) -> Iterator[tuple[Node | None, str]]:
    yield None, "("
    yield from part._pieces()
    yield None, ")"


def _join(kind: type[_Composite], left: Filter, right: object) -> Filter:
    """Return two filters joined by AND or OR; parts that are joined by the same word become one level."""
    if not isinstance(right, Filter):
        return cast("Filter", NotImplemented)
    if isinstance(left, Empty) or isinstance(right, Empty):
        return Empty() if kind is Or else right if isinstance(left, Empty) else left
    return kind(tuple(part for each in (left, right) for part in (each.parts if type(each) is kind else (each,))))
