"""Open enums (AIP-180): decode known and unknown values, describe and parse them."""

from __future__ import annotations

import re
from enum import Enum
from typing import Any, TypeVar

from .._openapi import ENUM_TEXTS, SPEC_VERSION, Code
from ..errors import RPC_CODES, ConfigurationError, quote_value
from .kinds import Reader

E = TypeVar("E", bound=Enum)


class Unrecognized(str):
    """An enum value that this version's specification lacks, as sent: a name, or a number as its digits.

    It is a string: equal to the string that was sent, hashable, and picklable.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Unrecognized({str.__repr__(self)})"


def OpenEnum(kind: type[E], unset: str | int | None = None) -> Reader[E | Unrecognized]:
    """Return the reader of an enum that may grow (AIP-180); a value that it lacks reads as `Unrecognized`.

    Args:
        kind: The enum.
        unset: The value that the service prints for an unset field; None if the specification gives no default.
    """
    known: dict[Any, E | Unrecognized] = {member.value: member for member in kind}

    def read(value: Any) -> E | Unrecognized:
        if type(value) is str or type(value) is int:
            return known[value] if value in known else Unrecognized(value)
        raise ValueError

    return Reader(read, f"a value of {kind.__name__}", unset, known=known)


def describe(value: Enum | Unrecognized) -> str:
    """Return the description of an enum value: the specification's, or ours where it has none.

    An `Unrecognized` value is not in this version of the specification.

    Raises:
        ConfigurationError: The value is of no enum of the specification.
    """
    if isinstance(value, Unrecognized):
        return f"Not in version {SPEC_VERSION} of the specification."
    try:
        return ENUM_TEXTS[type(value)][value.value]
    except KeyError:
        message = f"value must be an enum value such as ModelKind.HF_BASE_MODEL, got {quote_value(value)}"
        raise ConfigurationError(message, parameter="value") from None


def parse_enum(kind: type[E], text: str) -> E:
    """Return the member of an enum that a person means by `text`: any case; spaces and dashes as underscores.

    Raises:
        ConfigurationError: No member has that name; the message names those that are near.
    """
    given: object = text
    if kind not in ENUM_TEXTS or not isinstance(given, str):
        raise ConfigurationError(f"kind must be an enum such as ModelKind, got {kind!r} for {text!r}", parameter="kind")
    members = {_normalized(str(value)): kind(value) for value in ENUM_TEXTS[kind]}
    name = _normalized(text)
    if name in members:
        return members[name]
    from difflib import get_close_matches  # Only a mistake needs it.

    near = [str(members[each].value) for each in get_close_matches(name, members, cutoff=0.5) or members]
    message = f"text must name a {kind.__name__}, got {text!r}; did you mean {', '.join(near)}?"
    raise ConfigurationError(message, parameter="text")


def _normalized(text: str) -> str:
    return re.sub(r"[\W_]+", "_", text.strip()).upper()


def http_status(code: Code) -> int:
    """Return the HTTP status of a google.rpc code, e.g. 499 for CANCELLED.

    Raises:
        ConfigurationError: The value is not a `Code` of google.rpc.
    """
    if type(code) is not Code or code not in RPC_CODES:  # Text that equals a code is not one.
        raise ConfigurationError(
            f"code must be a Code such as Code.NOT_FOUND, got {quote_value(code)}", parameter="code"
        )
    return RPC_CODES[code].http_status
