"""Find and compare values in JSON objects as AIP-160 defines it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ._literals import Exact, Operand, wildcard_predicate

MAX_DEPTH = 64
"""How deep a filter may nest; values are searched as deep, and no deeper."""

Predicate = Callable[[Any], bool]


def all_of(tests: Sequence[Predicate]) -> Predicate:
    """Return the test that all the tests pass."""

    def test(value: Any) -> bool:
        for each in tests:  # noqa: SIM110 (a generator would double what a match takes)
            if not each(value):
                return False
        return True

    return test


def any_of(tests: Sequence[Predicate]) -> Predicate:
    """Return the test that one of the tests passes."""

    def test(value: Any) -> bool:
        for each in tests:  # noqa: SIM110
            if each(value):
                return True
        return False

    return test


def negate(test: Predicate) -> Predicate:
    """Return the test that a test fails."""
    return lambda value: not test(value)


def spellings(name: str) -> tuple[str, ...]:
    """Return the keys that a name in a filter stands for: itself, and a field in camelCase and snake_case too."""
    if isinstance(name, Exact):
        return (name,)
    camel = re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)
    snake = re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", name)
    return tuple(dict.fromkeys((name, camel, snake)))


def _value_under(keys: tuple[str, ...], value: Any) -> Any:
    if isinstance(value, Mapping):
        for key in keys:
            if key in value:
                return value[key]  # pyright: ignore[reportUnknownVariableType]
    return None


def value_getter(path: tuple[str, ...]) -> Callable[[Any], Any]:
    """Return what finds the value at a path that crosses no list, or None: nothing is there, or null is."""
    names = [spellings(name) for name in path]
    only = names[0]

    def top(record: Any) -> Any:
        for key in only:
            if key in record:
                return record[key]
        return None

    def deep(record: Any) -> Any:
        value = record
        for keys in names:
            value = _value_under(keys, value)
        return value

    return top if len(names) == 1 else deep


def values_getter(path: tuple[str, ...]) -> Callable[[Any], list[Any]]:
    """Return what finds every value at a path, through lists too; null is none."""
    names = [spellings(name) for name in path]

    def found(record: Any) -> list[Any]:
        values = [record]
        for keys in names:
            under = [_value_under(keys, item) for value in values for item in items_of(value)]
            values = [value for value in under if value is not None]
        return values

    return found


def items_of(value: Any) -> Iterator[Any]:
    """Yield the items of a list, and of the lists in it; a value that is none is its own item."""
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        lists: list[Any] = [each for each in level if isinstance(each, (list, tuple))]
        yield from (each for each in level if not isinstance(each, (list, tuple)))
        if not lists:
            return
        level = [item for each in lists for item in each]  # pyright: ignore[reportUnknownVariableType]


def equality(operand: Operand, *, wildcards: bool) -> Predicate:
    """Return the test that a value equals an operand, read as the value's own type."""
    text, number, readings = operand.text, operand.number, operand.readings
    fits = wildcard_predicate(operand.text) if wildcards and operand.wild and operand.text is not None else None

    def equal(value: Any) -> bool:
        if isinstance(value, str):
            if value == text or (fits is not None and fits(value)):
                return True
            return bool(readings) and any(read(value) == wanted for read, wanted in readings)
        if isinstance(value, bool):
            return text == ("true" if value else "false") and not operand.is_quoted
        return number is not None and isinstance(value, (int, float)) and value == number

    return equal


def ordering(operand: Operand, comparator: str) -> Predicate:
    """Return the test that a value stands to an operand as `<`, `<=`, `>` or `>=` says."""
    text, number, readings = operand.text, operand.number, operand.readings
    less, same = comparator[0] == "<", comparator[1:] == "="

    def stands(value: Any, wanted: Any) -> bool:
        return (value < wanted if less else value > wanted) or (same and value == wanted)

    def test(value: Any) -> bool:
        if isinstance(value, str):
            for read, wanted in readings:
                if (meant := read(value)) is not None:
                    return stands(meant, wanted)
            return text is not None and stands(value, text)
        if number is None or isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        return stands(value, number)

    return test


def is_scalar(value: Any) -> bool:
    """Say whether a value can be compared: there is one, and it is neither a list nor an object."""
    return value is not None and not isinstance(value, (list, tuple, Mapping))


def has(operand: Operand) -> Callable[[list[Any]], bool]:
    """Return the test that one of the values found has an operand; has `*`: is present, or differs from its default."""
    if operand.text == "*":
        return bool if isinstance(operand.text, Exact) else any
    keys = () if operand.text is None else spellings(operand.text)
    equal = equality(operand, wildcards=False)

    def test(found: list[Any]) -> bool:
        for value in found:
            for item in items_of(value):
                if _value_under(keys, item) is not None if isinstance(item, Mapping) else equal(item):
                    return True
        return False

    return test


def search(operand: Operand) -> Predicate:
    """Return the test that a literal appears in one of an object's values, or names a field that holds."""
    text = operand.text or ""
    path = tuple(text.split("."))
    named = value_getter(path)
    # No field says here what a literal is, so quotes do not either.
    equal = equality(operand if operand.wild else Operand(text, is_quoted=False), wildcards=True)

    def test(record: Any) -> bool:
        value = named(record)
        if value is True or (len(path) > 1 and value):
            return True
        return any(
            text in each if isinstance(each, str) and not operand.wild else equal(each) for each in _values_in(record)
        )

    return test


def _values_in(record: Any) -> Iterator[Any]:
    level = [record]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            if isinstance(value, Mapping):
                below.extend(value.values())  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
            elif isinstance(value, (list, tuple)):
                below.extend(value)  # pyright: ignore[reportUnknownArgumentType]
            elif value is not None and not isinstance(value, bool):
                yield value
        level = below
