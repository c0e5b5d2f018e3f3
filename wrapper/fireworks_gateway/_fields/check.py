"""Check a filter against the fields of a message and their types, as the service does."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias, cast

from ..filters._literals import Exact, is_number, parse_number, parse_timestamp
from ..filters._parser import parse
from ..filters._tree import Comparison, Filter, Function, Leaf, LeafError, Literal, Member, String, Text
from . import kinds
from .dates import Date, Timestamp
from .fields import Message, MessageOf
from .kinds import Reader
from .operators import present
from .paths import PathError, Step, near, step_under

_Path: TypeAlias = tuple[str, ...]


class _Place(NamedTuple):
    """Where a path leads: its canonical spelling, what is there, what it is in, and whether a list is on the way."""

    path: _Path
    reader: Reader[Any]
    parent: Reader[Any]
    through_list: bool

    def __str__(self) -> str:
        return ".".join(self.path)


_PRESENT = {Text("*"), String("*")}

# A word in lower case, or another language's sign, is a literal like any other.
_MEANT = {"and": "AND", "&&": "AND", "or": "OR", "||": "OR", "not": "NOT"}


def check_filter(filter: Filter | str, message: type[Message]) -> Filter:
    """Return a filter as it is meant for a message, whose fields and types it fits.

    In the result, names are in snake_case, a flag alone is one that is true, presence is what it means for the type of
    the field, and a number that a text field is compared with is a text.

    Args:
        filter: The filter, or its text.
        message: The message class, e.g. `Model`.

    Raises:
        FilterError: The text is not a filter, or the service would refuse it: the message lacks a field, a value is not
            of the field's type, or a comparator does not apply. Its `filter` is the text of the parsed filter.
    """
    tree = parse(filter) if isinstance(filter, str) else filter
    root = MessageOf(lambda: message)

    return tree.map_leaves(lambda leaf: _typed(leaf, root))


def _typed(leaf: Leaf, root: Reader[Any]) -> Filter:
    if isinstance(leaf, Text | String):
        return _flag(leaf.value, root)
    if not isinstance(leaf, Comparison) or isinstance(leaf.comparable, Function):
        leaf.condition()  # It knows what is wrong with that.
    comparison = cast("Comparison", leaf)
    place = _place_of(cast("Member", comparison.comparable).path, root, has=comparison.comparator == ":")
    if comparison.comparator == ":":
        return _having(place, comparison.arg)
    _refuse_comparator(comparison.comparator, place)
    arg = comparison.arg.map_literals(lambda literal: _value(literal, place))
    return Comparison(Member(place.path), comparison.comparator, arg)


def _flag(text: str, root: Reader[Any]) -> Filter:
    """Return the condition that a name alone is: of a field that is true or false, that it is true."""
    try:
        place = _place_of(tuple(text.split(".")), root, has=False)
    except LeafError:
        meant = tuple(filter(None, [_MEANT.get(text.lower())]))
        raise LeafError("a literal alone could be in any field; say in which, and how it compares", meant) from None
    if place.reader is not kinds.Boolean:
        raise LeafError(f"{place} alone is true of nothing; say how it compares")
    return Comparison(Member(place.path), "=", Text("true"))


def _place_of(path: _Path, root: Reader[Any], *, has: bool) -> _Place:
    place = _Place((), root, root, through_list=False)
    for name in path:
        reader, through_list = place.reader, place.through_list
        if reader.items is not None and has:
            reader, through_list = reader.items, True
        step = _under(name, reader, place.path)
        place = _Place((*place.path, _name_of(step, reader)), step.reader, reader, through_list)
    return place


def _name_of(step: Step, parent: Reader[Any]) -> str:
    return step.name if parent.values is None else Exact(step.name)


def _under(name: str, reader: Reader[Any], path: _Path) -> Step:
    if reader.items is not None:
        raise LeafError(f'{".".join(path)} is a list, through which "." leads only with ":"')
    try:
        return step_under(name, reader, path)
    except PathError as error:
        raise LeafError(str(error), error.near) from None


def _refuse_comparator(comparator: str, place: _Place) -> None:
    reader = place.reader
    if reader.message or reader.items or reader.values or reader is Date:
        part = f"{place}.year" if reader is Date else f"{place}:*"
        raise LeafError(f"{place} as a whole cannot be compared", (part,))
    if comparator not in ("=", "!=") and (reader is kinds.Boolean or reader.known is not None):
        raise LeafError(f"{place} has no order", ("=", "!="))


def _value(literal: Literal, place: _Place, reader: Reader[Any] | None = None) -> Literal:
    """Return a literal as one of a field's type, or of its items'."""
    reader = reader or place.reader
    if isinstance(literal, Function):
        literal.operand()  # It knows what is wrong with that.
        if literal.name == "timestamp" and reader is Timestamp:
            return literal
    elif reader is kinds.String:
        # A bare * is no wildcard, which it would be in quotes.
        return literal if "*" in literal.value else String(Exact(literal.value))
    elif reader.known is not None:
        if literal.value in map(str, reader.known):
            return literal
        meant = near(literal.value.upper(), tuple(str(each) for each in reader.known.values()))
        raise LeafError(f"{literal!s:.80} is not {reader.expected}, which {place} takes", meant)
    elif reader is Timestamp:
        if parse_timestamp(literal.value) is not None:
            return literal
        raise LeafError(f"{literal!s:.80} is not {reader.expected} such as 2026-01-31T00:00:00Z, which {place} takes")
    elif reader in (kinds.Bytes, kinds.Json, kinds.JsonObject):  # The specification does not define their literals.
        return literal
    elif reader is kinds.Day and _is_day(literal.value):
        return String(Exact(literal.value))
    elif isinstance(literal, Text) and _is_of(literal.value, reader):
        return literal
    raise LeafError(f"{literal!s:.80} is not {reader.expected}, which {place} takes")


def _is_day(text: str) -> bool:
    try:
        return bool(kinds.Day.read(text))
    except ValueError:
        return False


def _is_of(text: str, reader: Reader[Any]) -> bool:
    if reader is kinds.Boolean:
        return text in ("true", "false")
    if reader is kinds.Integer or reader is kinds.Integer64:
        value = parse_number(text)
        return isinstance(value, int) and -(2**63) <= value < 2**63
    return reader is kinds.Number and bool(is_number(text))


def _having(place: _Place, arg: Filter) -> Filter:
    reader = place.reader
    if arg in _PRESENT:
        return _present(place)
    if reader.message is not None or reader is Date:
        return arg.map_literals(lambda literal: _present(_within(place, literal)))
    if reader.values is not None:
        return Comparison(Member(place.path), ":", arg.map_literals(lambda literal: _exact(_key(literal))))
    alone = len(place.path) == 1 and reader.items is None and reader is not kinds.String
    if alone or reader is Timestamp or (reader.items and reader.items.message):
        raise LeafError(f'{place}:* is all that ":" can ask of {place}', (f"{place}:*",))
    return Comparison(Member(place.path), ":", arg.map_literals(lambda literal: _value(literal, place, reader.items)))


def _within(place: _Place, literal: Literal) -> _Place:
    step = _under(_key(literal).value, place.reader, place.path)
    return _Place((*place.path, step.name), step.reader, place.reader, place.through_list)


def _key(literal: Literal) -> Text | String:
    if isinstance(literal, Function):
        raise LeafError(f"{literal!s:.80} is not a name")
    return literal


def _exact(literal: Text | String) -> Text | String:
    return type(literal)(Exact(literal.value))


def _present(place: _Place) -> Filter:
    """Return the filter for what is present: of a map, a key; of a message, a field that differs from its default."""
    *above, name = place.path
    if place.parent.values is not None and name != "*" and above:
        return Comparison(Member(tuple(above)), ":", String(name))
    if not place.through_list:
        return present(place.path, place.reader)
    return Comparison(Member(place.path), ":", Text("*" if place.reader.message is None else Exact("*")))
