"""What a message class is on another class: the name of the field that holds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ._expressions import Askable
from ._questions import present
from ._readers import Reader
from ._spelling import missing
from .errors import ConfigurationError
from .filters import Filter


class MessageType(type):
    """What lets a message class stand for the field that holds it: `str(Model.status)` is its path."""

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

    if not TYPE_CHECKING:  # To type checkers every name would be an attribute.

        def __getattr__(cls, name):
            asked = ("has", "is_set") if cls._path else ()
            raise missing(cls._path or cls.__name__, name, (*dir(cls), *asked))
