"""What a restriction of the filter language (AIP-160) asks of one JSON object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._comparables import Function, Member, Node, String, Text, Unfit
from ._comparisons import Test, appears, equal_to, has, is_plain, opposite, ordered, value_at, values_at
from ._literals import Operand


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
