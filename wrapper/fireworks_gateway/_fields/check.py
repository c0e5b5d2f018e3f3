"""Check a filter against the fields of a message and their types, as the service does."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias, cast

from ..filters._parser import parse
from ..filters._tree import Comparison, Filter, Function, Leaf, LeafError, Literal, Member, String, Text
from .kinds import Kind, ListOf, MessageOf, require_name_literal
from .messages import Message
from .paths import PathError, find_steps

_Path: TypeAlias = tuple[str, ...]


class _Place(NamedTuple):
    """The field at a path.

    Attributes:
        member: The path in snake_case.
        kind: The kind of value.
        is_key: True if the last name is a key of a map.
        in_list: True if the path leads through a list.
    """

    member: Member
    kind: Kind[Any]
    is_key: bool
    in_list: bool


_PRESENT = {Text("*"), String("*")}

# Other spellings of an operator, which parse as literals, and the operator to suggest.
_OPERATORS = {"and": "AND", "&&": "AND", "or": "OR", "||": "OR", "not": "NOT"}


def check_filter(filter: Filter | str, message: type[Message]) -> Filter:
    """Check a filter against the fields of a message, and return it in a normal form.

    In the result, names are in snake_case, and a boolean without a comparison is compared with true. Literals and
    presence (`:*`) have the normal form of the field's kind.

    Args:
        filter: The filter, or its text.
        message: The message class, e.g. `Model`.

    Raises:
        FilterError: The text is not a filter, or the service would refuse it: the message lacks a field, a value is not
            of the field's type, or a comparator does not apply. Its `filter` is the text of the parsed filter.
    """
    tree = parse(filter) if isinstance(filter, str) else filter
    root = MessageOf(lambda: message)
    return tree.map_leaves(lambda leaf: _check_leaf(leaf, root))


def _check_leaf(leaf: Leaf, root: Kind[Any]) -> Filter:
    if isinstance(leaf, (Text, String)):
        return _condition_of_name(leaf.value, root)
    if not isinstance(leaf, Comparison) or isinstance(leaf.comparable, Function):
        leaf.condition()  # It raises the error about the function.
    comparison = cast("Comparison", leaf)
    path, comparator = cast("Member", comparison.comparable).path, comparison.comparator
    if comparator == ":":
        return _check_has(_find_place(path, root, through_lists=True), comparison.arg)
    member, kind, *_ = _find_place(path, root)
    kind.check_comparator(member, comparator)
    return Comparison(member, comparator, comparison.arg.map_literals(lambda each: kind.check_literal(member, each)))


def _condition_of_name(text: str, root: Kind[Any]) -> Filter:
    """Return the condition that a boolean field is true, from its name alone."""
    try:
        place = _find_place(tuple(text.split(".")), root)
    except LeafError:
        operators = tuple(filter(None, [_OPERATORS.get(text.lower())]))
        raise LeafError("a literal alone could be in any field; compare a field with it", operators) from None
    return place.kind.condition(place.member)


def _find_place(path: _Path, root: Kind[Any], *, through_lists: bool = False) -> _Place:
    try:
        steps = find_steps(root, path, through_lists=through_lists)
    except PathError as error:
        advice = '; only ":" searches a list' if isinstance(error.kind, ListOf) else ""
        raise LeafError(f"{error}{advice}", error.near) from None
    in_list = any(isinstance(step.kind, ListOf) for step in steps[:-1])
    return _Place(Member(tuple(step.name for step in steps)), steps[-1].kind, steps[-1].attribute is None, in_list)


def _check_has(place: _Place, arg: Filter) -> Filter:
    member, kind, *_ = place
    if arg in _PRESENT:
        return _presence(place)
    if kind.children:
        return arg.map_literals(lambda literal: _presence(_inner_place(place, literal)))
    return Comparison(member, ":", arg.map_literals(lambda literal: kind.check_item(member, literal)))


def _inner_place(place: _Place, literal: Literal) -> _Place:
    inner = _find_place((require_name_literal(literal).value,), place.kind)
    return inner._replace(member=Member((*place.member.path, *inner.member.path)), in_list=place.in_list)


def _presence(place: _Place) -> Filter:
    *above, name = place.member.path
    if place.is_key and name != "*" and above:
        return Comparison(Member(tuple(above)), ":", String(name))
    return place.kind.presence(place.member, in_list=place.in_list)
