"""Open enums: values that the specification knows, values that it does not, and what they mean."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any, TypeVar

from ._generated import SPEC_VERSION, Code
from ._meanings import MEANINGS
from ._readers import Reader
from .errors import ConfigurationError

E = TypeVar("E", bound=StrEnum)

RPC_CODES = tuple(sorted(Code, key=lambda code: (code is Code.UNAUTHENTICATED, list(MEANINGS[Code]).index(code))))
"""The codes by their google.rpc number; the specification has them in that order but for UNAUTHENTICATED, the last."""


class Unrecognized(str):
    """An enum value that this version's specification lacks, as sent: a name, or a number as its digits.

    It is a string: equal to the string that was sent, hashable, and picklable.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Unrecognized({str.__repr__(self)})"


def open_enum(kind: type[E]) -> Reader[E | Unrecognized]:
    """Return the reader of an enum that may grow (AIP-180); what it does not know reads as `Unrecognized`."""
    known: dict[Any, E | Unrecognized] = {member.value: member for member in kind}

    def read(value: Any) -> E | Unrecognized:
        if type(value) is str or type(value) is int:
            return known.get(value) or Unrecognized(value)
        raise ValueError

    return Reader(read, f"a value of {kind.__name__}", _unset(kind), known=known)


def _unset(kind: type[StrEnum]) -> str | None:
    if kind in MEANINGS:
        return next(iter(MEANINGS[kind]))
    # Of an enum that a caller declares, only the name tells.
    return next((member.value for member in kind if member.value.endswith("UNSPECIFIED")), None)


def describe(value: StrEnum | Unrecognized) -> str:
    """Return what the specification says of an enum value, in its words.

    Of a value that the specification names without a word, only what its name says; of an `Unrecognized` one,
    that the specification lacks it.

    Raises:
        ConfigurationError: The value is of no enum of the specification.
    """
    if isinstance(value, Unrecognized):
        return f"Not in version {SPEC_VERSION} of the specification."
    try:
        return MEANINGS[type(value)][value.value]
    except KeyError:
        raise ConfigurationError(
            f"describe takes an enum value such as ModelKind.HF_BASE_MODEL, not {value!r}"
        ) from None


def parse(kind: type[E], text: str) -> E:
    """Return the member of an enum that a person means by `text`: any case; spaces and dashes as underscores.

    Raises:
        ConfigurationError: No member has that name; the message names those that are near.
    """
    given: object = text
    if kind not in MEANINGS or not isinstance(given, str):
        raise ConfigurationError(f"parse takes an enum such as ModelKind and a text, not {kind!r} and {text!r}")
    name = re.sub(r"[\W_]+", "_", text.strip()).upper()
    try:
        return kind(name)
    except ValueError:
        from difflib import get_close_matches  # Only a mistake needs it.

        names = list(MEANINGS[kind])
        near = get_close_matches(name, names, cutoff=0.5) or names
        raise ConfigurationError(f"{kind.__name__} has no value {text!r}; did you mean {', '.join(near)}?") from None


def http_status(code: Code) -> int:
    """Return the HTTP status that the specification maps a google.rpc code to, e.g. 499 for CANCELLED.

    Raises:
        ConfigurationError: The value is not a `Code`.
    """
    mapped = re.search(r"HTTP Mapping: (\d{3})", MEANINGS[Code][code] if type(code) is Code else "")
    if mapped is None:
        raise ConfigurationError(f"http_status takes a Code such as Code.NOT_FOUND, not {code!r}")
    return int(mapped[1])
