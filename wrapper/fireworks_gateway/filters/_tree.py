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

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, ClassVar, NoReturn, Protocol, Self, TypeAlias, TypeVar, cast

from attrs import field, frozen

from ..errors import ConfigurationError, FilterError
from . import _literals, _matching
from ._literals import Operand, quote
from ._matching import MAX_DEPTH, Predicate

COMPARATORS = ("<=", "<", ">=", ">", "!=", "=", ":")
"""The comparators; `:` is read as "has"."""

_FUNCTIONS: dict[str, tuple[Callable[[str], object], str]] = {
    "timestamp": (_literals.parse_timestamp, "an RFC 3339 timestamp"),
    "duration": (_literals.parse_duration, 'a duration such as "1.5s"'),
}

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

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _set_depth(self, *children: Node) -> None:
        if any(isinstance(child, Empty) for child in children):
            raise ConfigurationError(f"the parts of {type(self).__name__} must not be empty filters")
        depth = 1 + max((getattr(child, "_depth", 1) for child in children), default=0)
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
        if not self.path:
            raise ConfigurationError("path must have at least one name")

    def __str__(self) -> str:
        first, *rest = self.path
        names = [name if _literals.is_field(name) else quote(name) for name in rest]
        return ".".join([first if _literals.is_word(first) else quote(first), *names])


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

    def __repr__(self) -> str:
        return f"<filter {self}>"

    def _repr_html_(self) -> str:
        from html import escape  # Notebooks alone need it.

        return f"<code>{escape(str(self))}</code>"

    @property
    def _condition(self) -> Filter:
        """The filter itself, or for a boolean field the comparison that it means."""
        return self

    def matches(self, record: Mapping[str, Any] | HasPayload) -> bool:
        """Return whether a message, or a JSON object with keys in camelCase or snake_case, matches.

        A field is compared as its JSON value; an absent field is unset.

        Raises:
            FilterError: The filter calls an unknown function, or compares with another comparison.
        """
        if not hasattr(self, "_matches"):
            self._set("_matches", self.predicate())
        return self._matches(getattr(record, "payload", record))

    def predicate(self) -> Predicate:
        """Return the function that `matches` calls on a JSON object; it saves time on many. Raises like `matches`."""
        return self._predicate(self._with_position(lambda leaf: leaf.condition()))

    def map_leaves(self, function: Callable[[Leaf], Filter]) -> Filter:
        """Return the filter with each leaf replaced by the result of a function.

        Raises:
            FilterError: The function raised a `LeafError`. The position is that of the leaf.
        """
        return self._map(self._with_position(function))

    def map_literals(self, function: Callable[[Literal], Filter]) -> Filter:
        """Return an argument with each literal replaced by a function's result; raises LeafError for a comparison."""
        return self._map(_literals_only(function))

    def _predicate(self, function: Callable[[Leaf], Predicate]) -> Predicate:
        raise NotImplementedError

    def _map(self, function: Callable[[Leaf], Filter]) -> Filter:
        raise NotImplementedError

    def _with_position(self, function: Callable[[Leaf], T]) -> Callable[[Leaf], T]:
        def call(leaf: Leaf) -> T:
            try:
                return function(leaf)
            except LeafError as error:
                text, position = getattr(leaf, "_source", None) or self._find_source(leaf)
                raise FilterError(str(error), filter=text, position=position, expected=error.expected) from None

        return call

    def _find_source(self, leaf: Leaf) -> tuple[str, int]:
        """Return the text of a filter that was not parsed, and the position of a leaf in it."""
        text = str(self)
        mark = String("\0" * (len(text) + 1))  # Longer than any part of the text.
        marked = self._map(lambda each: mark if each is leaf else each)
        return text, str(marked).index(str(mark))

    def __and__(self, other: Filter) -> Filter:
        return _join(And, self, other)

    def __or__(self, other: Filter) -> Filter:
        return _join(Or, self, other)

    def __invert__(self) -> Filter:
        return self.part if isinstance(self, Not) else Not(self)

    # Returns None, since type checkers reject None as a truth value, and some of them accept NoReturn.
    def __bool__(self) -> None:
        raise TypeError("a filter has no truth value; combine filters with &, | and ~ instead of and, or and not")


class Empty(Filter):
    """The filter without conditions, which matches everything. It cannot be a part of another filter."""

    __slots__ = ()

    def _predicate(self, function: Callable[[Leaf], Predicate]) -> Predicate:
        return lambda _: True

    def _map(self, function: Callable[[Leaf], Filter]) -> Filter:
        return self

    def __str__(self) -> str:
        return ""


def filter_of(condition: Filter) -> Filter:
    """Return a filter, or a boolean field as a filter; raises TypeError for any other object."""
    if isinstance(condition, Filter):
        return condition._condition
    example = "Model.supports_serverless & (Model.context_length > 8192)"
    raise TypeError(f"& and | must join conditions, got {condition!r:.200}; put comparisons in parentheses: {example}")


def _filters_of(conditions: Iterable[Filter]) -> tuple[Filter, ...]:
    return tuple(map(filter_of, conditions))


@frozen(eq=False, repr=False)
class _Composite(Filter):
    parts: tuple[Filter, ...] = field(converter=_filters_of)
    joint: ClassVar[str]
    decisive: ClassVar[bool]

    def __attrs_post_init__(self) -> None:
        if len(self.parts) < 2:
            raise ConfigurationError(f"the parts of {type(self).__name__} must be two filters or more")
        self._set_depth(*self.parts)

    def _predicate(self, function: Callable[[Leaf], Predicate]) -> Predicate:
        return _matching.combine([part._predicate(function) for part in self.parts], decisive=self.decisive)

    def _map(self, function: Callable[[Leaf], Filter]) -> Filter:
        return type(self)(tuple(part._map(function) for part in self.parts))

    def __str__(self) -> str:
        # Redundant in AIP-160, but some servers and readers expect another precedence of AND and OR.
        return self.joint.join(f"({part})" if isinstance(part, _Composite) else str(part) for part in self.parts)


class And(_Composite):
    """Filters joined by AND."""

    __slots__ = ()
    joint = " AND "
    decisive = False


class Sequence(And):
    """Filters side by side; all have to match, as in an `And`."""

    __slots__ = ()
    joint = " "


class Or(_Composite):
    """Filters joined by OR, which binds tighter than AND."""

    __slots__ = ()
    joint = " OR "
    decisive = True


@frozen(eq=False, repr=False)
class Not(Filter):
    """The negation of a filter."""

    part: Filter = field(converter=filter_of)

    def __attrs_post_init__(self) -> None:
        self._set_depth(self.part)

    def _predicate(self, function: Callable[[Leaf], Predicate]) -> Predicate:
        return _matching.negate(self.part._predicate(function))

    def _map(self, function: Callable[[Leaf], Filter]) -> Filter:
        return Not(self.part._map(function))

    def __str__(self) -> str:
        text = str(self.part)
        return f"NOT {text}" if isinstance(self.part, Leaf) and not text.startswith("-") else f"NOT ({text})"


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


@frozen(eq=False, repr=False)
class _Value(Leaf):
    value: str
    is_quoted: ClassVar[bool]

    def __attrs_post_init__(self) -> None:
        if not (self.is_quoted or _literals.is_plain_text(self.value) or _literals.is_negative(self.value)):
            raise ConfigurationError(f"{self.value!r:.80} must be a String, because its characters need quotes")

    def operand(self) -> Operand:
        """Return the literal in the form that values are compared with."""
        return _literals.literal_operand(self.value, is_quoted=self.is_quoted)

    def condition(self) -> Predicate:
        """Return the search for the literal in the values of a JSON object."""
        return _matching.search(self.value, is_quoted=self.is_quoted)

    def __str__(self) -> str:
        return quote(self.value) if self.is_quoted else self.value


class Text(_Value):
    """A literal without quotes: a number, true, an enum's name, a timestamp, or a word."""

    __slots__ = ()
    is_quoted = False


class String(_Value):
    """A literal in quotes: a text, in which `*` is a wildcard for `=` and `!=`."""

    __slots__ = ()
    is_quoted = True


@frozen(eq=False, repr=False)
class Function(Leaf):
    """A function call. Only `timestamp` and `duration` can be evaluated; others can only be parsed."""

    name: str
    args: tuple[Filter, ...] = ()

    def __attrs_post_init__(self) -> None:
        if not _literals.is_function_name(self.name):
            raise ConfigurationError(f"name must be names joined by dots, got {self.name!r:.80}")
        self._set_depth(*self.args)

    def operand(self) -> Operand:
        """Return the function's value in the form that values are compared with, or raise `LeafError`."""
        if self.name not in _FUNCTIONS:
            advice = "; NOT must be followed by a space" if self.name == "NOT" else ""
            raise LeafError(f"there is no function {self.name:.80}{advice}")
        parser, form = _FUNCTIONS[self.name]
        argument = self.args[0].value if len(self.args) == 1 and isinstance(self.args[0], _Value) else ""
        if (value := parser(argument)) is None:
            raise LeafError(f"the argument of {self.name} must be {form}")
        return Operand(None, is_quoted=True, typed=((parser, value),))

    def condition(self) -> NoReturn:
        """Raise the error of a function without a comparator before it."""
        self.operand()
        raise LeafError(f"{self.name} is allowed only to the right of a comparator")

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(_argument_text, self.args))})"


Literal: TypeAlias = Text | String | Function  # A literal, or a function in its place.


@frozen(eq=False, repr=False)
class Comparison(Leaf):
    """A member or function, a comparator, and an argument: a literal, or literals joined by AND, OR and NOT."""

    comparable: Member | Function
    comparator: str
    arg: Filter

    def __attrs_post_init__(self) -> None:
        if self.comparator not in COMPARATORS:
            raise ConfigurationError(f"comparator must be one of {' '.join(COMPARATORS)}, got {self.comparator!r}")
        self._set_depth(self.comparable, self.arg)

    def condition(self) -> Predicate:
        """Return the predicate of JSON objects, or raise `LeafError`."""
        if isinstance(self.comparable, Function):
            return self.comparable.condition()
        path, comparator = self.comparable.path, self.comparator
        tests = {":": _matching.membership, "=": _matching.equality, "!=": _matching.equality}
        test = tests.get(comparator) or partial(_matching.ordering, comparator=comparator)
        argument = self.arg._predicate(_literals_only(lambda literal: test(literal.operand())))
        if comparator == ":":
            return _matching.values_predicate(path, argument)
        return _matching.value_predicate(path, _matching.negate(argument) if comparator == "!=" else argument)

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


def _join(kind: type[_Composite], left: Filter, right: Filter) -> Filter:
    """Return two filters joined by AND or OR; parts that are joined by the same word become one level."""
    given = (filter_of(left), filter_of(right))
    filters = [each for each in given if not isinstance(each, Empty)]
    if len(filters) < 2:
        return filters[0] if filters and kind is And else Empty()
    return kind(tuple(part for each in filters for part in (each.parts if type(each) is kind else (each,))))
