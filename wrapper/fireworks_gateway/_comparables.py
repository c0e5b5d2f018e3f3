"""What a restriction of the filter language (AIP-160) is made of: literals, members and functions."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from attrs import frozen

from ._comparisons import DEPTH
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
from .errors import ConfigurationError


class Unfit(ValueError):
    """A restriction that does not fit: the language, or what it is to filter."""

    def __init__(self, message: str, expected: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.expected = expected


class Node:
    """A part of a filter: immutable, equal by value, hashable, picklable, and nested no deeper than `DEPTH`."""

    __slots__ = ("_depth",)
    __match_args__: ClassVar[tuple[str, ...]] = ()
    is_part: ClassVar[bool] = True
    _depth: int

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
