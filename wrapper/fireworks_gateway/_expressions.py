"""What can be asked of a field with Python's operators: conditions (AIP-160) and orders (AIP-132).

A field gets its operators here, and everything that they decide is decided in `_questions` and `_orders`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeAlias, TypeVar, overload

from ._arguments import text_of
from ._comparables import Member, Text
from ._dates import PartialDate
from ._orders import Order, order_of
from ._questions import Names, among, compared, fitting, having, present
from ._readers import Reader
from ._spelling import missing
from .errors import ConfigurationError
from .filters import Filter, Restriction

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

        def __getattr__(self, name):
            raise missing("a field" if name == "path" else self.path, name, dir(type(self)))

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
        return Restriction(Member(self._names), "=", Text("true"))

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
