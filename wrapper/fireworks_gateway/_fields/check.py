"""Check a filter against the fields of a message and their types, as the service does."""

from typing import Any, cast

from ..filters._parser import parse
from ..filters._tree import Comparison, Filter, Function, Leaf, LeafError, Member, String, Text
from .kinds import Kind, ListOf, MessageOf, Step, require_name
from .messages import Message
from .paths import PathError, find_steps

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
        return _check_has(_find_steps(path, root, through_lists=True), comparison.arg)
    steps = _find_steps(path, root)
    member, kind = _member(steps), steps[-1].kind
    kind.check_comparator(member, comparator)
    return Comparison(member, comparator, comparison.arg.map_literals(lambda each: kind.check_literal(member, each)))


def _condition_of_name(text: str, root: Kind[Any]) -> Filter:
    """Return the condition that a boolean field is true, from its name alone."""
    try:
        steps = _find_steps(tuple(text.split(".")), root)
    except LeafError:
        operators = tuple(filter(None, [_OPERATORS.get(text.lower())]))
        raise LeafError("a literal alone could be in any field; compare a field with it", operators) from None
    return steps[-1].kind.condition(_member(steps))


def _find_steps(path: tuple[str, ...], kind: Kind[Any], *, through_lists: bool = False) -> list[Step]:
    try:
        return find_steps(kind, path, through_lists=through_lists)
    except PathError as error:
        advice = '; only ":" searches a list' if isinstance(error.kind, ListOf) else ""
        raise LeafError(f"{error}{advice}", error.near) from None


def _member(steps: list[Step]) -> Member:
    return Member(tuple(step.name for step in steps))


def _check_has(steps: list[Step], arg: Filter) -> Filter:
    member, kind = _member(steps), steps[-1].kind
    if arg in _PRESENT:
        return _presence(steps)
    if kind.children:
        return arg.map_literals(lambda name: _presence([*steps, *_find_steps((require_name(name).value,), kind)]))
    return Comparison(member, ":", arg.map_literals(lambda literal: kind.check_item(member, literal)))


def _presence(steps: list[Step]) -> Filter:
    *above, step = steps
    if step.attribute is None and step.name != "*" and above:  # A key of a map.
        return Comparison(_member(above), ":", String(step.name))
    return step.kind.presence(_member(steps), in_list=any(isinstance(each.kind, ListOf) for each in above))
