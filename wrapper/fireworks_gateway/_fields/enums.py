"""Open enums (AIP-180): decode known and unknown values, describe and parse them."""

import re
from contextlib import suppress
from enum import Enum
from typing import Any, TypeVar

from .._openapi import ENUM_TEXTS, SPEC_VERSION, Code
from ..errors import RPC_CODES, ConfigurationError, did_you_mean, near_names, parameter_error, quote_value
from ..filters._tree import LeafError, Literal, Text
from .kinds import Kind, Quoted

E = TypeVar("E", bound=Enum)


class Unrecognized(str):
    """An enum value that this version's specification lacks, as sent: a name, or a number as its digits.

    It is a string: equal to the string that was sent, hashable, and picklable.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Unrecognized({str.__repr__(self)})"


class OpenEnum(Kind[E | Unrecognized]):
    """An enum that may grow (AIP-180); a value that it lacks is decoded as `Unrecognized`."""

    ordered = False

    def __init__(self, enum: type[E], unset: str | int | None = None) -> None:
        self.enum: type[E] = enum
        self.expected: str = f"a value of {enum.__name__}"
        self.unset: Any = unset
        self.members: dict[Any, E] = {member.value: member for member in enum}
        self.known = self.members

    @property
    def type_name(self) -> str:
        return self.enum.__name__.removeprefix("Gateway")

    def decode(self, value: Any) -> E | Unrecognized:
        if type(value) is str or type(value) is int:
            return self.members[value] if value in self.members else Unrecognized(value)
        raise ValueError

    def cell(self, value: E | Unrecognized) -> object:
        return str(value.value if isinstance(value, Enum) else value)

    def literal(self, subject: object, value: object) -> Literal:
        # Equal is not enough: a member of another enum may have the same value.
        if isinstance(value, self.enum):
            return Text(str(value.value))
        if isinstance(value, Unrecognized):
            with suppress(ConfigurationError):  # Not every text can be a literal.
                return Text(str(value))
        named = self.members.get(value) if isinstance(value, str) else None
        example = f"{self.enum.__name__}.{(named or next(iter(self.enum))).name}"
        expected = f"{self.expected} such as {example}, or an Unrecognized"
        raise LeafError(f"{subject} must be {expected}, got {quote_value(value)}")

    def _normalize_literal(self, literal: Text | Quoted) -> Literal | None:
        return literal if literal.value in map(str, self.members) else None

    def _suggestions(self, literal: Literal) -> tuple[str, ...]:
        return near_names(str(getattr(literal, "value", "")).upper(), map(str, self.members))


def describe(value: Enum | Unrecognized) -> str:
    """Return the description of an enum value: from the specification, or from this package if it lacks one.

    Raises:
        ConfigurationError: The value belongs to no enum of the specification.
    """
    if isinstance(value, Unrecognized):
        return f"Not in version {SPEC_VERSION} of the specification."
    try:
        return ENUM_TEXTS[type(value)][value.value]
    except KeyError:
        problem = f"must be an enum value such as ModelKind.HF_BASE_MODEL, got {quote_value(value)}"
        raise parameter_error("value", problem) from None


def parse_enum(kind: type[E], text: str) -> E:
    """Return the member of an enum by its name in any case, with spaces or dashes for underscores.

    Raises:
        ConfigurationError: No member has that name; the error suggests similar ones.
    """
    if kind not in ENUM_TEXTS:
        raise parameter_error("kind", f"must be an enum such as ModelKind, got {kind!r}")
    members = {_normalize(str(value)): kind(value) for value in ENUM_TEXTS[kind]}
    name = _normalize(text)
    if name in members:
        return members[name]
    near = [str(members[each].value) for each in near_names(name, members, cutoff=0.5) or members]
    raise parameter_error("text", f"must name a {kind.__name__}, got {text!r}{did_you_mean(near)}")


def _normalize(text: str) -> str:
    return re.sub(r"[\W_]+", "_", text.strip()).upper()


def http_status(code: Code) -> int:
    """Return the HTTP status of a google.rpc code, e.g. 499; raises ConfigurationError for any other value."""
    if type(code) is not Code or code not in RPC_CODES:  # A text can be equal to a code.
        raise parameter_error("code", f"must be a Code such as Code.NOT_FOUND, got {quote_value(code)}")
    return RPC_CODES[code].http_status
