"""Fields of messages: a value on an instance, on the class a name for filters (AIP-160) and orders (AIP-132)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import reduce
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Self, TypeAlias, TypeVar, cast, overload

from attrs import frozen

from ..errors import ConfigurationError, plain_number
from ..filters._matching import Predicate
from ..filters._tree import Filter, Leaf, LeafError, Member, Or, filter_of
from .dates import Date, PartialDate
from .kinds import DECODE_ERRORS, Boolean, Integer, Kind, MapOf, text_literal

if TYPE_CHECKING:
    from .messages import Message

T = TypeVar("T")
V = TypeVar("V")
R = TypeVar("R")
Orderable: TypeAlias = "Field[int] | Field[float] | Field[str] | Field[datetime] | Field[PartialDate]"
"""Fields with an order; the standard advises against an order of enums and booleans."""


@frozen
class Order:
    """One term of an order; `str()` is its text: "create_time desc".

    Attributes:
        paths: The paths to order by: one field, or the parts of a date.
        descending: True if the greatest value comes first.
    """

    paths: tuple[str, ...]
    descending: bool = False

    def __str__(self) -> str:
        # A bare name is ascending; the standard has no word for it.
        return ",".join(f"{path} desc" if self.descending else path for path in self.paths)


def build_part(build: Callable[..., R], *args: Any, **options: Any) -> R:
    """Call a method of a kind that builds a part of a query, and raise its error as a ConfigurationError."""
    try:
        return build(*args, **options)
    except LeafError as error:
        raise ConfigurationError(str(error)) from None


Origin: TypeAlias = tuple[object, tuple[str, ...]]
"""A class or field that can be pickled, and the attributes that lead from it to another field."""


def resolve(start: object, names: tuple[str, ...]) -> Any:
    """Return the field at an origin."""
    return reduce(getattr, names, start)


class Declared(Generic[T]):
    """The declaration of a field, or of an inner message, in a message class."""

    def __init__(self, key: str, kind: Kind[T], *, doc: str, path: str = "") -> None:
        self.key = key
        self.path: str = path
        self._origin: Origin = (type(self), ())
        self.kind: Kind[T] = kind
        self.__doc__ = doc

    def __set_name__(self, owner: type, name: str) -> None:
        self.path = self.path or name
        self._origin = owner, (name,)

    def __set__(self, message: Message, value: NoReturn) -> NoReturn:
        raise AttributeError(f"{self.path} is read-only")

    def under(self, path: str, origin: Origin) -> Self:
        """Return the declaration for a message that is at a path."""
        declared = object.__new__(type(self))
        vars(declared).update(vars(self), path=f"{path}.{self.path}", _origin=origin)
        return declared


class Field(Declared[T]):
    """A field of a message: a value on an instance, a name on the class.

    On an instance the value is None if the field is absent or null. A value of another kind raises `FieldError`.

    On the class, compare the field to build a filter: `Model.context_length >= 32_768`. `str()` is its path. Each
    operator and method raises `ConfigurationError` for a value of another type, for None, and for an operation that
    the kind of the field does not support. An unset field matches no comparison, `!=` included (AIP-160); `~` is plain
    negation, so an unset field matches the negation of a comparison.

    Attributes:
        key: The key in JSON, e.g. contextLength.
        path: The name in filters, orders and masks, e.g. base_model_details.moe (AIP-161).
        kind: The kind of value.
    """

    def __init__(self, key: str, kind: Kind[T], *, doc: str, path: str = "") -> None:
        super().__init__(key, kind, doc=doc, path=path)
        # One attribute instead of four, because each access reads it.
        self._decoding = key, kind.sent_as, kind.known, kind.decode

    @overload
    def __get__(self, message: None, owner: type[Message]) -> Self: ...
    @overload
    def __get__(self, message: Message, owner: type[Message]) -> T | None: ...
    @overload  # For mypy, which looks up a field that is an attribute of a field.
    def __get__(self, message: Field[Any], owner: type[Any]) -> Self: ...
    def __get__(self, message: Any, owner: type[Any]) -> Any:
        if message is None:
            return self
        key, sent_as, known, decode = self._decoding
        value = message._payload.get(key)
        if value is None or type(value) is sent_as:
            return value
        try:
            if known is not None and value in known:
                return known[value]
            return decode(value)
        except DECODE_ERRORS as error:
            raise message._field_error(self.path, self.kind, value) from error

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return resolve, self._origin

    @property
    def _member(self) -> Member:
        return Member(tuple(self.path.split(".")))

    def _compare(self, comparator: str, value: object) -> Filter:
        if value is None:
            raise ConfigurationError(f"{self} cannot be compared with None; use is_set()")
        return build_part(self.kind.compare, self._member, comparator, plain_number(value))

    def __eq__(self, value: T) -> Filter:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        return self._compare("=", value)

    def __ne__(self, value: T) -> Filter:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        return self._compare("!=", value)

    # By identity, because `==` builds a filter.
    def __hash__(self) -> int:
        return object.__hash__(self)

    def __lt__(self: Orderable, value: T) -> Filter:
        return self._compare("<", value)

    def __le__(self: Orderable, value: T) -> Filter:
        return self._compare("<=", value)

    def __gt__(self: Orderable, value: T) -> Filter:
        return self._compare(">", value)

    def __ge__(self: Orderable, value: T) -> Filter:
        return self._compare(">=", value)

    def in_(self, values: Iterable[T]) -> Filter:
        """Return the condition that the field equals one of the values; at least one is required."""
        if isinstance(values, str) or not isinstance(values, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigurationError(f"the values of {self}.in_ must be a list, got {values!r:.200}")
        equal = tuple(dict.fromkeys(self._compare("=", value) for value in values))
        if not equal:
            raise ConfigurationError(f"the values of {self}.in_ must not be empty")
        return equal[0] if len(equal) == 1 else Or(equal)

    def is_set(self) -> Filter:
        """Return the condition that the field differs from its default, or that a date, list or map is not empty."""
        return build_part(self.kind.presence, self._member)

    @overload
    def has(self: Field[tuple[V, ...]], value: V) -> Filter: ...
    @overload
    def has(self: Field[Mapping[str, V]], value: str) -> Filter: ...
    def has(self: Field[Any], value: Any) -> Filter:
        """Return the condition that a list has an item, or a map a key."""
        return build_part(self.kind.contains, self._member, plain_number(value))

    def startswith(self: Field[str], text: str) -> Filter:
        """Return the condition that a string begins with a text, which must not contain `*`."""
        return build_part(self.kind.match, self._member, text, "{}*")

    def endswith(self: Field[str], text: str) -> Filter:
        """Return the condition that a string ends with a text, which must not contain `*`."""
        return build_part(self.kind.match, self._member, text, "*{}")

    def asc(self) -> Order:
        """Return the order by this field, the least value first."""
        return Order(self._order_paths())

    def desc(self) -> Order:
        """Return the order by this field, the greatest value first."""
        return Order(self._order_paths(), descending=True)

    def _order_paths(self) -> tuple[str, ...]:
        return build_part(self.kind.order_paths, self.path)

    def __getitem__(self: Field[Mapping[str, V]], key: str) -> Field[V]:
        if not isinstance(self.kind, MapOf):
            raise ConfigurationError(f"{self} is {self.kind.expected} and has no keys")
        return Entry(self, key, cast("Kind[V]", self.kind.values))

    # Returns None, since type checkers reject None as a truth value, and some of them accept NoReturn.
    def __bool__(self) -> None:
        advice = "read its value from an instance. Combine conditions with &, | and ~ instead of and, or and not"
        raise TypeError(f"{self.path} is the name of a field here; {advice}")

    def __contains__(self, value: NoReturn) -> NoReturn:
        raise TypeError(f"{self.path} is the name of a field here; use in_() or has() instead of in")

    # Python would otherwise iterate by `__getitem__`.
    __iter__ = None

    if not TYPE_CHECKING:  # Type checkers refuse these because they are absent.

        def __rand__(self, other):
            return filter_of(other)  # It raises the error: a filter on the left does not get here.

        __ror__ = __rand__

    def __str__(self) -> str:
        return self.path

    def __repr__(self) -> str:
        return f"<field {self.path}>"


class Entry(Field[V]):
    """The value of a map at a key; any text may be a key."""

    def __init__(self, field: Field[Mapping[str, V]], key: str, kind: Kind[V]) -> None:
        self._map = field
        self._names = (*field._member.path, build_part(text_literal, f"a key of {field}", key).value)
        super().__init__(key, kind, doc=f"The value of {field} for {key}.", path=str(Member(self._names)))

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return operator.getitem, (self._map, self.key)

    @property
    def _member(self) -> Member:
        return Member(self._names)

    def is_set(self) -> Filter:
        """Return the condition that the map has the key, with any value."""
        return self._map.has(self.key)

    def _order_paths(self) -> NoReturn:
        raise ConfigurationError(f"{self.path} has no order; order by a field (AIP-132)")


class BoolField(Field[bool], Filter):  # type: ignore[misc]  # A comparison is not a bool.
    """A boolean field; on the class, also the condition that its value is true."""

    def __init__(self, key: str, *, doc: str, path: str = "") -> None:
        super().__init__(key, Boolean(), doc=doc, path=path)

    @property
    def _condition(self) -> Filter:
        return self.kind.condition(self._member)

    def _predicate(self, function: Callable[[Leaf], Predicate]) -> Predicate:
        return self._condition._predicate(function)

    def _map(self, function: Callable[[Leaf], Filter]) -> Filter:
        return self._condition._map(function)


class DateField(Field[PartialDate]):
    """A field whose value is a `PartialDate`, compared part by part; an unknown part is 0."""

    def __init__(self, key: str, *, doc: str, path: str = "") -> None:
        super().__init__(key, Date(), doc=doc, path=path)

    if TYPE_CHECKING:  # Comparisons accept a date too.

        def __eq__(self, value: PartialDate | date) -> Filter: ...  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        def __ne__(self, value: PartialDate | date) -> Filter: ...  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        def __hash__(self) -> int: ...
        def __lt__(self, value: PartialDate | date) -> Filter: ...
        def __le__(self, value: PartialDate | date) -> Filter: ...
        def __gt__(self, value: PartialDate | date) -> Filter: ...
        def __ge__(self, value: PartialDate | date) -> Filter: ...
        def in_(self, values: Iterable[PartialDate | date]) -> Filter: ...

    @property
    def year(self) -> Field[int]:
        """The year, 1 to 9999, or 0 if unknown."""
        return self._part("year")

    @property
    def month(self) -> Field[int]:
        """The month, 1 to 12, or 0 if unknown."""
        return self._part("month")

    @property
    def day(self) -> Field[int]:
        """The day, 1 to 31, or 0 if unknown."""
        return self._part("day")

    def _part(self, name: str) -> Field[int]:
        part = Field(name, Integer(), doc=getattr(DateField, name).__doc__, path=f"{self.path}.{name}")
        part._origin = self, (name,)
        return part
