"""Messages: views of JSON objects, and the fields that contain them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import Enum
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast, overload

from ..errors import ConfigurationError, FieldError, is_deep, quote_value
from ..filters._tree import Filter, Member
from .dates import PartialDate
from .fields import Declared, resolve
from .kinds import DECODE_ERRORS, Kind, MessageOf, ReadOnlyDict, dump_json

M = TypeVar("M", bound="Message")

if TYPE_CHECKING:
    # To type checkers `Model.status` is a message class, so the type of message classes declares these methods.

    class MessageType(type):
        """The type of a message class."""

        def is_set(cls) -> Filter:
            """Return the condition that the message is present, even if every field in it is unset."""
            ...

        def has(cls, name: str) -> Filter:
            """Return the condition that a field differs from its default; raises ConfigurationError if it is absent."""
            ...

else:
    MessageType = type


class Message(metaclass=MessageType):
    """A view of a JSON object that the service sent: access to a field decodes it, and the object is kept.

    Two messages are equal if their objects are equal. A message is false if every field in it has its default, which
    is how the service prints some unset messages.
    """

    __slots__ = ("_owner", "_payload")
    _fields: ClassVar[Mapping[str, Declared[Any]]] = MappingProxyType({})
    _generated: ClassVar[staticmethod[[], type[Any]]]
    _summary: ClassVar[tuple[str, ...]] = ()  # The columns in a notebook; the first fields if there are none.
    _derived: ClassVar[Mapping[str, Callable[..., object]]] = MappingProxyType({})
    """The columns of a row that are neither fields nor properties: functions of a message and the day `on`."""

    def __init_subclass__(cls, generated: Callable[[], type[Any]] | None = None) -> None:
        if generated is not None:
            cls._generated = staticmethod(generated)
        declared: dict[str, Any] = {k: v for k, v in vars(cls).items() if isinstance(v, Declared)}
        if declared:
            cls._fields = MappingProxyType({**cls._fields, **declared})

    def __init__(self, payload: dict[str, Any]) -> None:
        self._payload = payload
        # The message around this one, and the name of the field there, for errors.
        self._owner: tuple[Message, str] | None = None

    @property
    def payload(self) -> Mapping[str, Any]:
        """The JSON object as the service sent it, read-only; `to_dict` returns a copy."""
        return ReadOnlyDict(self._payload)

    @property
    def unknown_fields(self) -> Mapping[str, Any]:
        """The values of fields that this version's specification lacks, or that are not declared, by JSON key."""
        known = {field.key for field in self._fields.values()}
        return ReadOnlyDict({k: v for k, v in self._payload.items() if k not in known})

    def to_dict(self) -> dict[str, Any]:
        """Return a copy of the JSON object as sent; raises FieldError for a value nested deeper than 100 levels."""
        self._check_depth()
        return copy.deepcopy(self._payload)

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the JSON object as text, on one line or with `indent` spaces for each level.

        NaN and infinities become text, as in ProtoJSON, and the text is ASCII if UTF-8 cannot encode it. Raises like
        `to_dict`.
        """
        self._check_depth()
        return dump_json(self._payload, indent=indent)

    def _check_depth(self) -> None:
        for key, value in self._payload.items():
            if type(value) in (dict, list) and is_deep(value):
                message = f"{key} of {self!r} is nested too deep to be copied or written"
                raise FieldError(message, model=str(self._payload.get("name")), field=key, value=value)

    def _field_error(self, path: str, kind: Kind[Any], value: Any) -> FieldError:
        outer = self
        while outer._owner is not None:
            outer, part = outer._owner
            path = f"{part}.{path}"
        model = name if isinstance(name := outer._payload.get("name"), str) and name else f"a {type(outer).__name__}"
        shown = model if model.isprintable() else repr(model)  # The text goes to logs and terminals.
        text = f"{path} of {shown} must be {kind.expected}, got {quote_value(value)}"
        return FieldError(text, model=model, field=path, value=value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and type(self) is type(other) and self._payload == other._payload

    def __hash__(self) -> int:
        raise TypeError(f"a {type(self).__name__} is not hashable, because its JSON object is not")

    def __bool__(self) -> bool:
        return any(self._differs(key, value) for key, value in self._payload.items())

    def _differs(self, key: str, value: Any) -> bool:
        for field in self._fields.values():
            if field.key == key:
                try:
                    return not field.kind.is_default(value)
                except DECODE_ERRORS:
                    return True
        return bool(value)

    def _set_values(self) -> Iterator[tuple[str, Any]]:
        """Yield the decoded value of each field that differs from its default, then the unknown fields."""
        for name, field in self._fields.items():
            sent = self._payload.get(field.key)
            if sent is None or not self._differs(field.key, sent):
                continue
            try:
                yield name, getattr(self, name)
            except FieldError:
                yield name, sent
        if unknown := self.unknown_fields:
            yield "unknown_fields", unknown

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={_value_repr(value)}" for name, value in self._set_values())
        return f"{type(self).__name__}({shown})"

    def _repr_html_(self) -> str:
        from .rows import format_message  # Notebooks alone need it.

        return format_message(self)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        self._check_depth()
        return type(self), (self._payload,)


def _value_repr(value: Any) -> str:
    text = str(value) if isinstance(value, Enum | date | PartialDate) else quote_value(value)
    return text if len(text) < 200 else f"{text}…"


class MessageField(Declared[M]):
    """A field that contains a message: on an instance a view of it, on the class a name with the fields of the message.

    Attributes:
        key: The key in JSON.
        path: The name in filters, orders and masks.
        kind: The kind of value.
    """

    kind: MessageOf[M]  # pyright: ignore[reportIncompatibleVariableOverride]  # Set by the constructor alone.

    def __init__(self, key: str, message_type: Callable[[], type[M]], *, doc: str, path: str = "") -> None:
        super().__init__(key, MessageOf(message_type), doc=doc, path=path)

    @overload
    def __get__(self, message: None, owner: type[Message]) -> type[M]: ...
    @overload
    def __get__(self, message: Message, owner: type[Message]) -> M | None: ...
    def __get__(self, message: Message | None, owner: type[Message]) -> type[M] | M | None:
        if message is None:
            return cast("type[M]", self._name)
        value = message._payload.get(self.key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise message._field_error(self.path, self.kind, value)
        part = self.kind.message(value)
        part._owner = (message, self.path)
        return part

    @cached_property
    def _name(self) -> MessageName:
        return MessageName(self)


class MessageName:
    """The name of a field that contains a message, e.g. `Model.status`; its attributes are the message's fields."""

    def __init__(self, field: MessageField[Any]) -> None:
        self._path = field.path
        self._origin = field._origin
        self._kind = field.kind

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return resolve, self._origin

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if (declared := self._kind.message._fields.get(name)) is None:
            raise AttributeError(f"{self._path} has no field {name}", name=name, obj=self)
        start, names = self._origin
        field = declared.under(self._path, (start, (*names, name)))
        found = MessageName(field) if isinstance(field, MessageField) else field
        self.__dict__[name] = found
        return found

    def __dir__(self) -> list[str]:
        return ["has", "is_set", *self._kind.message._fields]

    def is_set(self) -> Filter:
        """Return the condition that the message is present, even if every field in it is unset."""
        return self._kind.presence(Member(tuple(self._path.split("."))))

    def has(self, name: str) -> Filter:
        """Return the condition that a field of the message differs from its default."""
        fields = self._kind.message._fields
        if name not in fields:
            raise ConfigurationError(f"{self} has no field {name!r:.200}; it has {', '.join(fields)}")
        condition: Filter = getattr(self, name).is_set()
        return condition

    def __eq__(self, other: object) -> bool:
        if self is not other:
            raise ConfigurationError(f"{self} cannot be compared as a whole; compare its fields, or use is_set()")
        return True

    def __hash__(self) -> int:
        return object.__hash__(self)

    def __bool__(self) -> bool:
        raise TypeError(f"{self} is the name of a field here; use is_set(), and combine conditions with &, | and ~")

    def __str__(self) -> str:
        return self._path

    def __repr__(self) -> str:
        return f"<field {self._path}>"


def fields_of(message: type[Message]) -> Mapping[str, Declared[Any]]:
    """Return the declared fields of a message class by name, in the specification's order."""
    return message._fields
