"""The operators of fields: build filters (AIP-160) and orders (AIP-132) from Python values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from math import isfinite
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeAlias, TypeVar, cast, overload

from attrs import frozen

from ..errors import ConfigurationError
from ..filters._literals import Exact
from ..filters._tree import And, Comparison, Filter, Function, Literal, Member, Or, String, Text
from . import kinds
from .dates import DATE_PARTS, Date, PartialDate, Timestamp
from .enums import Unrecognized
from .kinds import Reader


def literal_of(value: object, reader: Reader[Any], path: str) -> Literal:
    """Return a value as the literal that a field is compared with, in the words that the service was seen to take.

    Raises:
        ConfigurationError: The value is not of the field's type.
    """
    if value is None:
        raise ConfigurationError(f"{path} is never compared with None; is_set() asks whether it has a value")
    if reader.known is not None:
        taken, literal = _enum_taken(value, reader.known, reader.expected), _enum_literal(value, reader.known)
    else:
        taken, written = next(((taken, written) for known, taken, written in _WRITTEN if known is reader), _BY_TEXT)
        literal = written(value)
    if literal is None:
        raise ConfigurationError(f"{path} takes {taken}; not {_shown(value)}")
    return literal


def text_of(value: object, what: str) -> str:
    """Return a text that goes into a filter, where it stands for itself alone.

    Raises:
        ConfigurationError: It is no text, or has half a surrogate pair in it, which no request can hold.
    """
    if isinstance(value, str) and _is_whole(value):
        return Exact(value)
    raise ConfigurationError(f"{what} takes a text; not {_shown(value)}")


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= each <= "\udfff" for each in text)


def _shown(value: object) -> str:
    try:
        return f"{value!r:.200}"
    except ValueError:  # An integer of thousands of digits has no repr.
        return "a number so long"


def _string_literal(value: object) -> Literal | None:
    return String(Exact(value)) if isinstance(value, str) and _is_whole(value) else None


def _boolean_literal(value: object) -> Literal | None:
    return Text(str(value).lower()) if isinstance(value, bool) else None


def _integer_literal(value: object) -> Literal | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63
    return Text(f"{value:d}") if fits else None


def _number_literal(value: object) -> Literal | None:
    return Text(repr(float(value))) if isinstance(value, float) and isfinite(value) else _integer_literal(value)


def _timestamp_literal(value: object) -> Literal | None:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        return None
    try:
        text = value.astimezone(UTC).isoformat()
    except OverflowError:  # Within hours of the first or last year.
        return None
    return Function("timestamp", (String(f"{text.removesuffix('+00:00')}Z"),))


def _day_literal(value: object) -> Literal | None:
    if not isinstance(value, date) or isinstance(value, datetime):
        return None
    return String(Exact(value.isoformat()))


def _no_literal(_: object) -> Literal | None:
    return None


def _enum_literal(value: object, known: Mapping[Any, Any]) -> Literal | None:
    if isinstance(value, Unrecognized):
        try:
            return Text(str(value))
        except ConfigurationError:
            return None
    # Equal is not enough: a member of another enum may be spelt the same.
    is_member = isinstance(value, Enum) and any(value is member for member in known.values())
    return Text(str(cast("Enum", value).value)) if is_member else None


def _enum_taken(value: object, known: Mapping[Any, Any], expected: str) -> str:
    example = (known.get(value) if isinstance(value, str) else None) or next(iter(known.values()))
    name = f"{type(example).__name__}.{example.name}"
    return f"{expected} such as {name}, or an Unrecognized for what the specification lacks"


_WHOLE_NUMBER = "a whole number of 64 bits"
_WRITTEN = (
    (kinds.String, "a text", _string_literal),
    (kinds.Boolean, "True or False", _boolean_literal),
    (kinds.Integer, _WHOLE_NUMBER, _integer_literal),
    (kinds.Integer64, _WHOLE_NUMBER, _integer_literal),
    (kinds.Number, "a finite number", _number_literal),
    (kinds.Day, "a date", _day_literal),
    (Timestamp, "a datetime with a time zone, such as datetime(2026, 1, 31, tzinfo=UTC)", _timestamp_literal),
)
"""What a field takes, in words, and how it is written; by how the field is read."""
_BY_TEXT = (
    "no value from here, as the specification does not say what it is; give the filter as text",
    _no_literal,
)


@frozen
class Order:
    """One term of an order; `str()` is its text: "create_time desc".

    Attributes:
        paths: What is ordered by, the first first: one field, or the parts of a date.
        descending: Whether the greatest comes first.
    """

    paths: tuple[str, ...]
    descending: bool = False

    def __str__(self) -> str:
        # Ascending is what a bare name means; the standard has no word for it.
        return ",".join(f"{path} desc" if self.descending else path for path in self.paths)


def order_of(path: str, reader: Reader[Any], *, descending: bool) -> Order:
    """Return the term that orders by a field; a date is ordered by its parts, since the standard orders no messages.

    Raises:
        ConfigurationError: The field has no order: it is a list, a map or a message.
    """
    if reader.items is not None or reader.values is not None or reader.message is not None:
        raise ConfigurationError(f"{path} has no order; order by a field that is a single value")
    paths = tuple(f"{path}.{part}" for part in DATE_PARTS) if reader is Date else (path,)
    return Order(paths, descending)


Names: TypeAlias = tuple[str, ...]


def compared(names: Names, reader: Reader[Any], comparator: str, value: object) -> Filter:
    """Return the condition that a field stands to a value as a comparator says; what is unset never does (AIP-160).

    Raises:
        ConfigurationError: The field cannot be compared so, or not with such a value.
    """
    path = str(Member(names))
    if value is not None:
        _refuse_comparator(path, reader, comparator)
    if reader is Date and value is not None:
        return _dated(names, comparator, _partial(path, value))
    literal = literal_of(value, reader, path)
    if isinstance(literal, String) and "*" in literal.value and comparator in ("=", "!="):
        return _literally(Member(names), comparator, literal)
    return Comparison(Member(names), comparator, literal)


def among(names: Names, reader: Reader[Any], values: Iterable[object]) -> Filter:
    """Return the condition that a field equals one of some values.

    Raises:
        ConfigurationError: There are none, or one is not of the field's type.
    """
    path = str(Member(names))
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ConfigurationError(f"{path}.in_ takes a list of values; not {values!r:.200}")
    equal = tuple(dict.fromkeys(compared(names, reader, "=", value) for value in values))
    if not equal:
        raise ConfigurationError(f"{path}.in_ of no values matches nothing, which needs no request and has no filter")
    return equal[0] if len(equal) == 1 else Or(equal)


def present(names: Names, reader: Reader[Any]) -> Filter:
    """Return the condition that a field is set: differs from its default, or is there, where it is a message."""
    if reader is kinds.Boolean:
        return Comparison(Member(names), "=", Text("true"))
    if isinstance(reader.unset, (str, int)) and reader.unset != "":  # The service prints it for an unset field.
        return Comparison(Member(names), "!=", Text(str(reader.unset)))
    return Comparison(Member(names), ":", Text("*" if reader.message is None else Exact("*")))


def having(names: Names, reader: Reader[Any], value: object) -> Filter:
    """Return the condition that a list has an item, or a map a key.

    Raises:
        ConfigurationError: The field is neither, or the value cannot be in it.
    """
    path = str(Member(names))
    if reader.items is not None and reader.items.message is not None:
        raise ConfigurationError(f"{path} is a list of messages; ask for one by text, such as '{path}.name:\"x\"'")
    if reader.values is not None:
        literal: Literal = String(text_of(value, f"{path}.has"))
    elif reader.items is not None:
        literal = literal_of(value, reader.items, path)
    else:
        raise ConfigurationError(f"{path} is {reader.expected}, and has no items or keys; compare it, or use is_set()")
    if literal == String("*"):
        raise ConfigurationError(f'"*" after a colon is anything at all; {path}.is_set() asks for that')
    return Comparison(Member(names), ":", literal)


def fitting(names: Names, reader: Reader[Any], text: str, *, at_end: bool) -> Filter:
    """Return the condition that a text begins, or ends, with another.

    Raises:
        ConfigurationError: The field is no text, or what is to be there is empty or has a `*` in it.
    """
    path = str(Member(names))
    if reader is not kinds.String:
        raise ConfigurationError(f"{path} is {reader.expected}, and has no beginning or end as texts have")
    wanted = text_of(text, path)
    if not wanted or "*" in wanted:
        what = 'a text without "*", which the language takes for any text,' if wanted else "some text"
        raise ConfigurationError(f"{path} begins and ends with {what} when asked; test what comes instead")
    return Comparison(Member(names), "=", String(f"*{wanted}" if at_end else f"{wanted}*"))


def _refuse_comparator(path: str, reader: Reader[Any], comparator: str) -> None:
    if reader.items is not None or reader.values is not None or reader.message is not None:
        raise ConfigurationError(f"{path} as a whole cannot be compared; ask has() or is_set()")
    if comparator not in ("=", "!=") and (reader is kinds.Boolean or reader.known is not None):
        raise ConfigurationError(f"{path} has no order; compare it with == and !=")


def _literally(member: Member, comparator: str, literal: String) -> Filter:
    """Return the comparison with a text that has a `*`: a wildcard to `=`, and only itself where texts are ordered."""
    if comparator == "=":
        return And((Comparison(member, ">=", literal), Comparison(member, "<=", literal)))
    return Or((Comparison(member, "<", literal), Comparison(member, ">", literal)))


def _partial(path: str, value: object) -> PartialDate:
    if isinstance(value, PartialDate):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return PartialDate(value.year, value.month, value.day)
    raise ConfigurationError(
        f"{path} takes a date or a PartialDate, and its year, month and day numbers; not {value!r}"
    )


def _dated(names: Names, comparator: str, value: PartialDate) -> Filter:
    """Return the comparison with a date, part by part: the language compares no messages."""
    parts = [(Member((*names, part)), Text(str(getattr(value, part)))) for part in DATE_PARTS]
    if comparator in ("=", "!="):
        joined = And if comparator == "=" else Or
        return joined(tuple(Comparison(member, comparator, literal) for member, literal in parts))
    member, literal = parts.pop()
    condition: Filter = Comparison(member, comparator, literal)
    for member, literal in reversed(parts):
        same = Comparison(member, "=", literal)
        condition = Comparison(member, comparator[0], literal) | (same & condition)
    return condition


T = TypeVar("T")
V = TypeVar("V")
Orderable: TypeAlias = "Askable[int] | Askable[float] | Askable[str] | Askable[datetime] | Askable[PartialDate]"
"""What has an order in the language: of enums and flags the standard advises against one."""


class Askable(Generic[T]):
    """A field as a name to ask by: comparing it gives a filter, and its `str()` is its path.

    Every operator and method raises `ConfigurationError` for what the field or the language cannot be asked: a value
    of another type, None, an order of what has none. A field that is unset, or is in a message that is, fits no
    comparison, `!=` included (AIP-160); `~` is plain negation, so it does fit that of a comparison.
    """

    path: str
    reader: Reader[T]

    @property
    def _names(self) -> Names:
        return tuple(self.path.split("."))

    def __eq__(self, value: T) -> Filter:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        return compared(self._names, self.reader, "=", value)

    def __ne__(self, value: T) -> Filter:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        return compared(self._names, self.reader, "!=", value)

    # A field is a key of dictionaries by what it is, not by what it equals.
    def __hash__(self) -> int:
        return object.__hash__(self)

    def __lt__(self: Orderable, value: T) -> Filter:
        return compared(self._names, self.reader, "<", value)

    def __le__(self: Orderable, value: T) -> Filter:
        return compared(self._names, self.reader, "<=", value)

    def __gt__(self: Orderable, value: T) -> Filter:
        return compared(self._names, self.reader, ">", value)

    def __ge__(self: Orderable, value: T) -> Filter:
        return compared(self._names, self.reader, ">=", value)

    def in_(self, values: Iterable[T]) -> Filter:
        """Return the condition that the field equals one of some values, one at least."""
        return among(self._names, self.reader, values)

    def is_set(self) -> Filter:
        """Return the condition that the field differs from its default; of a date, that there is one."""
        return present(self._names, self.reader)

    @overload
    def has(self: Askable[tuple[V, ...]], value: V) -> Filter: ...
    @overload
    def has(self: Askable[Mapping[str, V]], value: str) -> Filter: ...
    def has(self: Askable[Any], value: Any) -> Filter:
        """Return the condition that a list has an item, or a map a key."""
        return having(self._names, self.reader, value)

    def startswith(self: Askable[str], text: str) -> Filter:
        """Return the condition that a text begins with another, which has no `*` in it."""
        return fitting(self._names, self.reader, text, at_end=False)

    def endswith(self: Askable[str], text: str) -> Filter:
        """Return the condition that a text ends with another, which has no `*` in it."""
        return fitting(self._names, self.reader, text, at_end=True)

    def asc(self) -> Order:
        """Return the order by this field, the least first."""
        return self._order(descending=False)

    def desc(self) -> Order:
        """Return the order by this field, the greatest first."""
        return self._order(descending=True)

    def _order(self, *, descending: bool) -> Order:
        return order_of(self.path, self.reader, descending=descending)

    # To type checkers None is no truth value; what never returns would be one to some of them.
    def __bool__(self) -> None:
        raise TypeError(
            f"{self.path} here is the name of a field, not its value; read it from an instance, or combine conditions"
            " with &, | and ~, not with and, or and not"
        )

    def __contains__(self, value: NoReturn) -> NoReturn:
        raise TypeError(f"{self.path} here is the name of a field; ask with in_() or has(), not with in")

    # What has items by key would else be looped over by number.
    __iter__ = None

    if not TYPE_CHECKING:  # Type checkers refuse these because they are not there.

        def __rand__(self, other):
            return filter_of(self)

        __ror__ = __rand__

    def __str__(self) -> str:
        return self.path

    def __repr__(self) -> str:
        return f"<field {self.path}>"


class AskableBool(Askable[bool]):
    """A flag as a name to ask by: it is itself the condition that it is true."""

    @property
    def _condition(self) -> Filter:
        return Comparison(Member(self._names), "=", Text("true"))

    def __and__(self, other: Filter | AskableBool) -> Filter:
        return self._condition & filter_of(other)

    def __rand__(self, other: Filter) -> Filter:
        return filter_of(other) & self._condition

    def __or__(self, other: Filter | AskableBool) -> Filter:
        return self._condition | filter_of(other)

    def __ror__(self, other: Filter) -> Filter:
        return filter_of(other) | self._condition

    def __invert__(self) -> Filter:
        return ~self._condition


class AskableDate(Askable[PartialDate]):
    """A date as a name to ask by: compared part by part, with a part that is unknown as 0, before every other."""

    def __eq__(self, value: PartialDate | date) -> Filter:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        return compared(self._names, self.reader, "=", value)

    def __ne__(self, value: PartialDate | date) -> Filter:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        return compared(self._names, self.reader, "!=", value)

    def __hash__(self) -> int:
        return object.__hash__(self)

    def __lt__(self, value: PartialDate | date) -> Filter:
        return compared(self._names, self.reader, "<", value)

    def __le__(self, value: PartialDate | date) -> Filter:
        return compared(self._names, self.reader, "<=", value)

    def __gt__(self, value: PartialDate | date) -> Filter:
        return compared(self._names, self.reader, ">", value)

    def __ge__(self, value: PartialDate | date) -> Filter:
        return compared(self._names, self.reader, ">=", value)

    def in_(self, values: Iterable[PartialDate | date]) -> Filter:
        """Return the condition that the date is one of some, one at least."""
        return among(self._names, self.reader, values)


def filter_of(condition: Filter | AskableBool) -> Filter:
    """Return a condition as a filter; a flag is one that it is true.

    Raises:
        TypeError: It is neither, as when a comparison beside `&` has no parentheses.
    """
    if isinstance(condition, AskableBool):
        return condition._condition
    if isinstance(condition, Filter):
        return condition
    raise TypeError(
        f"& and | join conditions, and {condition!r:.200} is none; put comparisons in parentheses:"
        " Model.supports_tools & (Model.context_length > 8192)"
    )


class AskableEntry(Askable[V]):
    """What a map has for a key, as a name to ask by; the key may be any text."""

    key: str
    _map: Askable[Mapping[str, V]]

    @property
    def _names(self) -> Names:
        return (*self._map._names, self.key)

    def is_set(self) -> Filter:
        """Return the condition that the map has the key, whatever for."""
        return self._map.has(self.key)

    def _order(self, *, descending: bool) -> NoReturn:
        raise ConfigurationError(f"{self.path} gives no order: a listing is ordered by fields (AIP-132), not by keys")


def entry_of(field: Askable[Mapping[str, V]], key: str) -> tuple[Names, Reader[V]]:
    """Return the names that lead to what a map has for a key, and how it is read.

    Raises:
        ConfigurationError: The field is no map, or the key no text.
    """
    if field.reader.values is None:
        raise ConfigurationError(f"{field} is {field.reader.expected}, and has no keys")
    return (*field._names, text_of(key, f"{field}[...]")), field.reader.values
