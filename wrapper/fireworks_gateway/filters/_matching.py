"""Predicates of JSON objects: find and compare values as AIP-160 defines it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import ge, gt, le, lt
from typing import Any

from ._literals import Exact, Operand, literal_operand, wildcard_predicate

MAX_DEPTH = 64
"""The limit of nesting in a filter, and of the depth to which values are searched."""

Predicate = Callable[[Any], bool]

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def combine(predicates: Sequence[Predicate], *, decisive: bool) -> Predicate:
    """Return the conjunction of predicates (`decisive` is False) or their disjunction (`decisive` is True)."""

    def predicate(value: Any) -> bool:
        for each in predicates:
            if each(value) is decisive:
                return decisive
        return not decisive

    return predicate


def negate(predicate: Predicate) -> Predicate:
    """Return the negation of a predicate."""
    return lambda value: not predicate(value)


def spellings(name: str) -> tuple[str, ...]:
    """Return the keys that a name can refer to: the name itself, then a field in camelCase and in snake_case."""
    if isinstance(name, Exact):
        return (name,)
    camel = re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)
    snake = re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", name)
    return tuple(dict.fromkeys((name, camel, snake)))


def value_predicate(path: tuple[str, ...], test: Predicate) -> Predicate:
    """Return the predicate of an object whose value at a path passes a test.

    The path crosses no list. An unset value, a list and an object fail with every comparator (AIP-160).
    """
    names = [spellings(name) for name in path]

    def predicate(record: Any) -> bool:
        value = _find_value(names, record)
        return isinstance(value, (str, int, float)) and test(value)

    return predicate


def values_predicate(path: tuple[str, ...], test: Predicate) -> Predicate:
    """Return the predicate of an object that tests the list of its values at a path, which may cross lists."""
    names = [spellings(name) for name in path]

    def predicate(record: Any) -> bool:
        values = [record]
        for keys in names:
            found = [_get_value(keys, item) for value in values for item in values_in(value)]
            values = [value for value in found if value is not None]
        return bool(values) and test(values)

    return predicate


def _find_value(names: list[tuple[str, ...]], value: Any) -> Any:
    for keys in names:
        value = _get_value(keys, value)
    return value


def _get_value(keys: tuple[str, ...], value: Any) -> Any:
    if type(value) is dict or isinstance(value, Mapping):  # Testing the type first saves half of the time.
        for key in keys:
            if key in value:
                return value[key]  # pyright: ignore[reportUnknownVariableType]
    return None


def values_in(value: Any, *, objects: bool = False) -> Iterator[Any]:
    """Yield the items of a list and of the lists in it, or a value itself; with `objects`, the values in objects."""
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        deeper: list[Any] = []
        for each in level:
            if isinstance(each, (list, tuple)):
                deeper.extend(each)  # pyright: ignore[reportUnknownArgumentType]
            elif objects and isinstance(each, Mapping):
                deeper.extend(each.values())  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
            else:
                yield each
        if not deeper:
            return
        level = deeper


def equality(operand: Operand, *, wildcards: bool = True) -> Predicate:
    """Return the predicate of a value that equals an operand, read as the type of the value."""
    text, is_quoted, number, typed = operand
    matches_pattern = wildcard_predicate(text) if wildcards and is_quoted and text and "*" in text else None

    def predicate(value: Any) -> bool:
        if isinstance(value, str):
            if value == text or (matches_pattern is not None and matches_pattern(value)):
                return True
            return bool(typed) and any(parser(value) == expected for parser, expected in typed)
        if isinstance(value, bool):
            return text == ("true" if value else "false") and not is_quoted
        return number is not None and isinstance(value, (int, float)) and value == number

    return predicate


def ordering(operand: Operand, comparator: str) -> Predicate:
    """Return the predicate of a value that is less or greater than an operand, read as the type of the value."""
    compare = _ORDERS[comparator]
    text, _, number, typed = operand

    def predicate(value: Any) -> bool:
        if isinstance(value, str):
            for parser, limit in typed:
                if (parsed := parser(value)) is not None:
                    return compare(parsed, limit)
            return text is not None and compare(value, text)
        if number is None or isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        return compare(value, number)

    return predicate


def membership(operand: Operand) -> Predicate:
    """Return the predicate of a list of values: one of them equals the operand, or contains it as an item or a key.

    The operand `*` matches a value that differs from its default.
    """
    text = operand.text
    if text == "*":
        return bool if isinstance(text, Exact) else any
    keys = () if text is None else spellings(text)
    equal = equality(operand, wildcards=False)

    def predicate(values: Any) -> bool:
        return any(
            _get_value(keys, item) is not None if isinstance(item, Mapping) else equal(item)
            for value in values
            for item in values_in(value)
        )

    return predicate


def search(text: str, *, is_quoted: bool) -> Predicate:
    """Return the predicate of an object that contains a literal, or has a true field of that name."""
    is_pattern = is_quoted and "*" in text
    names = [spellings(name) for name in text.split(".")]
    # Without a field the type of the literal is unknown, so quotes make no difference.
    equal = equality(literal_operand(text, is_quoted=is_pattern))

    def predicate(record: Any) -> bool:
        named = _find_value(names, record)
        return (bool(named) if len(names) > 1 else named is True) or any(
            text in value if isinstance(value, str) and not is_pattern else equal(value)
            for value in values_in(record, objects=True)
            if not isinstance(value, bool)
        )

    return predicate
