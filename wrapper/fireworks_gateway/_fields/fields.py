"""Messages and their fields: on an instance a field is its value, on the class it builds queries."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, Generic, NoReturn, Self, TypeVar, cast, overload

from ..errors import ConfigurationError, FieldError, value_text
from ..filters._tree import Filter, Member
from .dates import Date, PartialDate
from .kinds import Boolean, Integer, Reader, is_object
from .operators import Askable, AskableBool, AskableDate, AskableEntry, entry_of, present


class MessageType(type):
    """Let a message class represent the field that holds it: `str(Model.status)` is its path."""

    _path: str = ""
    _fields: Mapping[str, Any]

    def is_set(cls) -> Filter:
        """Return the condition that there is such a message, one of defaults alone included.

        Raises:
            ConfigurationError: The class stands for no field.
        """
        cls._refuse_whole()
        return present(tuple(cls._path.split(".")), Reader(cls, "an object", message_type=lambda: cls))

    def has(cls, name: str) -> Filter:
        """Return the condition that a field of the message, by its name, differs from its default.

        Raises:
            ConfigurationError: The class stands for no field, or has no such field.
        """
        cls._refuse_whole()
        if name not in tuple(cls._fields):
            raise ConfigurationError(f"{cls} has no field {name!r:.200}; it has {', '.join(cls._fields) or 'none'}")
        field: Askable[Any] | MessageType = getattr(cls, name)
        return field.is_set()

    def _refuse_whole(cls) -> None:
        if not cls._path:
            raise ConfigurationError(f"{cls.__name__} is all of what is listed; ask of its fields")

    def __eq__(cls, other: object) -> bool:
        if cls._path and cls is not other:
            raise ConfigurationError(f"{cls} as a whole cannot be compared; compare its fields, or use is_set()")
        return cls is other

    def __hash__(cls) -> int:
        return type.__hash__(cls)

    def __bool__(cls) -> bool:
        if cls._path:
            raise TypeError(f"{cls} here is the name of a field, not its value; use is_set(), and &, | and ~")
        return True

    def __str__(cls) -> str:
        return cls._path or super().__str__()

    def __repr__(cls) -> str:
        return f"<field {cls._path}>" if cls._path else super().__repr__()


T = TypeVar("T")
V = TypeVar("V")
M = TypeVar("M", bound="Message")
F = TypeVar("F", bound="Field[Any]")


class Field(Askable[T]):
    """A field of a message: its value on an instance, its name on the class.

    On an instance it is None where nothing or null was sent, and raises `FieldError` where what was sent cannot be
    read. On the class it is this object, to filter, order and mask by: `Model.context_length >= 32_768` is a filter.

    Attributes:
        key: The name in JSON, e.g. contextLength.
        path: The name in filters, orders and masks, e.g. base_model_details.moe (AIP-161).
        reader: How the value is read, and what the service prints when it is unset.
    """

    def __init__(self, key: str, reader: Reader[T], *, doc: str, path: str = "") -> None:
        self.key = key
        self.path: str = path
        self.reader: Reader[T] = reader
        self.__doc__ = doc
        # Together, since to ask a field for an attribute is slow: it has a `__getattr__`.
        self._reading = key, reader.as_sent, reader.known, reader.read

    def __set_name__(self, owner: type, name: str) -> None:
        self.path = self.path or name

    @overload
    def __get__(self, message: None, owner: type[Message]) -> Self: ...
    @overload
    def __get__(self, message: Message, owner: type[Message]) -> T | None: ...
    @overload  # mypy asks this of a field that has fields.
    def __get__(self, message: Field[Any], owner: type[Any]) -> Self: ...
    def __get__(self, message: Any, owner: type[Any]) -> Any:
        if message is None:
            return _under(owner._path, self) if owner._path else self
        key, as_sent, known, read = self._reading
        value = message._payload.get(key)
        if value is None or type(value) is as_sent:
            return value
        try:
            if known is not None and value in known:
                return known[value]
            return read(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise self._error(message, value) from error

    def __set__(self, message: Message, value: NoReturn) -> NoReturn:
        raise AttributeError(f"{self.path} is read-only: a {type(message).__name__} shows what the service sent")

    def __getitem__(self: Field[Mapping[str, V]], key: str) -> Field[V]:
        return Entry(self, key)

    def _error(self, message: Message, value: Any) -> FieldError:
        path, outer = self.path, message
        while outer._owner is not None:
            outer, part = outer._owner
            path = f"{part}.{path}"
        model = name if isinstance(name := outer._payload.get("name"), str) and name else f"a {type(outer).__name__}"
        shown = model if model.isprintable() else repr(model)  # The text goes to logs and terminals.
        text = f"{path} of {shown} should be {self.reader.expected}; the service sent {value_text(value)}"
        return FieldError(text, model=model, field=path, value=value)


class Entry(AskableEntry[V], Field[V]):
    """What a map has for a key, to ask by."""

    def __init__(self, field: Field[Mapping[str, V]], key: str) -> None:
        names, reader = entry_of(field, key)
        super().__init__(names[-1], reader, doc=f"What {field} has for {key}.", path=str(Member(names)))
        self._map = field


class BoolField(AskableBool, Field[bool]):
    """A field that is true or false; on the class it is the condition that it is true."""

    def __init__(self, key: str, reader: Reader[bool] = Boolean, *, doc: str, path: str = "") -> None:
        super().__init__(key, reader, doc=doc, path=path)


class DateField(AskableDate, Field[PartialDate]):
    """A field that is a date of which parts may be unknown; on the class its parts can be asked for too."""

    def __init__(self, key: str, reader: Reader[PartialDate] = Date, *, doc: str, path: str = "") -> None:
        super().__init__(key, reader, doc=doc, path=path)

    @property
    def year(self) -> Field[int]:
        """The year, 1 to 9999, or 0 where it is unknown."""
        return self._part("year")

    @property
    def month(self) -> Field[int]:
        """The month, 1 to 12, or 0 where it is unknown."""
        return self._part("month")

    @property
    def day(self) -> Field[int]:
        """The day, 1 to 31, or 0 where it is unknown."""
        return self._part("day")

    def _part(self, name: str) -> Field[int]:
        return Field(name, Integer, doc=getattr(DateField, name).__doc__, path=f"{self.path}.{name}")


class MessageField(Generic[M]):
    """A field that is a message: a view of it on an instance, its fields' names on the class."""

    def __init__(self, key: str, message_type: Callable[[], type[M]], *, doc: str, path: str = "") -> None:
        self.key = key
        self.path: str = path
        self.message_type: Callable[[], type[M]] = cache(message_type)
        self.__doc__ = doc
        self._field = Field(key, MessageOf(self.message_type), doc=doc, path=path)
        self.reader: Reader[M] = self._field.reader

    def __set_name__(self, owner: type, name: str) -> None:
        self._field.__set_name__(owner, name)
        self.path = self._field.path

    @overload
    def __get__(self, message: None, owner: type[Message]) -> type[M]: ...
    @overload
    def __get__(self, message: Message, owner: type[Message]) -> M | None: ...
    def __get__(self, message: Message | None, owner: type[Message]) -> type[M] | M | None:
        if message is None:
            return _at(f"{owner._path}.{self.path}".lstrip("."), self.message_type())
        value = message._payload.get(self.key)
        if type(value) is dict:
            part = self.message_type()(value)  # pyright: ignore[reportUnknownArgumentType]
            part._owner = (message, self.path)
            return part
        return self._field.__get__(message, owner)

    def __set__(self, message: Message, value: NoReturn) -> NoReturn:
        self._field.__set__(message, value)


class Message(metaclass=MessageType):
    """A view of a JSON object that the service sent: fields are read when asked for, and what was sent is kept.

    Two messages are equal when they show equal objects. A message is false when nothing in it differs from what an
    unset one reads as, which is how the service prints some unset messages.
    """

    __slots__ = ("_owner", "_payload")
    _path: ClassVar[str] = ""
    _fields: ClassVar[Mapping[str, Field[Any] | MessageField[Any]]] = {}
    _generated: ClassVar[type[Any] | None] = None

    def __init_subclass__(cls, generated: type[Any] | None = None) -> None:
        if generated is not None:
            cls._generated = generated
        declared: dict[str, Any] = {k: v for k, v in vars(cls).items() if isinstance(v, (Field, MessageField))}
        if declared:
            cls._fields = MappingProxyType({**cls._fields, **declared})

    def __init__(self, payload: dict[str, Any]) -> None:
        self._payload = payload
        # The message that this one is a part of, and as what: for an error to say where it is.
        self._owner: tuple[Message, str] | None = None

    @property
    def payload(self) -> Mapping[str, Any]:
        """The JSON object as the service sent it; `to_dict` gives a copy to change."""
        return MappingProxyType(self._payload)

    @property
    def unknown_fields(self) -> Mapping[str, Any]:
        """What was sent in fields that this version's specification lacks, or that are not declared, by JSON key."""
        known = {field.key for field in self._fields.values()}
        return MappingProxyType({k: v for k, v in self._payload.items() if k not in known})

    def to_dict(self) -> dict[str, Any]:
        """Return a copy of the JSON object as the service sent it."""
        return copy.deepcopy(self._payload)

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the JSON object as the service sent it, as text; `indent` spaces a level, one line by default."""
        return json.dumps(self._payload, ensure_ascii=False, indent=indent)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and type(self) is type(other) and self._payload == other._payload

    def __hash__(self) -> int:
        raise TypeError(f"a {type(self).__name__} has no hash, as a JSON object has none; a Model has, by its name")

    def __bool__(self) -> bool:
        return any(self._differs(key, value) for key, value in self._payload.items())

    def _differs(self, key: str, value: Any) -> bool:
        for field in self._fields.values():
            if field.key == key:
                try:
                    return not field.reader.is_default(value)
                except (TypeError, ValueError, OverflowError):
                    return True
        return bool(value)

    def __repr__(self) -> str:
        shown = ", ".join(f"{k}={v!r}" for k, v in self._payload.items() if self._differs(k, v))
        return f"{type(self).__name__}({shown})"

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self), (self._payload,)


def MessageOf(message_type: Callable[[], type[M]]) -> Reader[M]:
    """Return the reader of a JSON object as a message; `message_type` returns its class."""

    def read(value: Any) -> M:
        if is_object(value):
            return message_type()(value)
        raise ValueError

    return Reader(read, "an object", message_type=message_type)


def fields_of(message: type[Message]) -> Mapping[str, Field[Any] | MessageField[Any]]:
    """Return the declared fields of a message class by name, in the specification's order."""
    return message._fields


@cache
def _under(path: str, field: F) -> F:
    return type(field)(field.key, field.reader, doc=field.__doc__ or "", path=f"{path}.{field.path}")


@cache
def _at(path: str, message: type[M]) -> type[M]:
    view = MessageType(message.__name__, (message,), {"__slots__": (), "_path": path, "__init__": _refuse})
    return cast("type[M]", view)


def _refuse(self: Message, payload: object) -> NoReturn:
    raise TypeError(f"{type(self)} names a field and holds no value")
