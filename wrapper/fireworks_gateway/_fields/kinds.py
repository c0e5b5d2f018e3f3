"""Kinds of JSON values, one class each: decode (ProtoJSON), write in a filter (AIP-160), flatten for a data frame."""

import base64
import copy
import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cached_property, partial
from math import isfinite
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, NoReturn, TypeAlias, TypeVar

from ..errors import quote_value
from ..filters import _tree
from ..filters._literals import Exact, is_number, parse_number
from ..filters._tree import And, Comparison, Filter, Function, LeafError, Literal, Member, Or, Text

if TYPE_CHECKING:
    from .messages import Message

T = TypeVar("T")
V = TypeVar("V")
M = TypeVar("M", bound="Message")
Quoted: TypeAlias = _tree.String  # `String` is a kind here.

DECODE_ERRORS = (TypeError, ValueError, OverflowError)  # Raised by `Kind.decode` for a value of another kind.

# Compiled on first use: most listings have no such number, and each import would pay.
_is_whole = partial(re.fullmatch, r"-?[0-9]+")
_is_number = partial(re.fullmatch, r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?|NaN|-?Infinity")


class ReadOnlyDict(dict[str, V], Generic[V]):
    """A dictionary that refuses changes; it pickles and becomes JSON as any other. A copy by `dict` can be changed."""

    __slots__ = ()

    def _refuse(self, *arguments: Any, **values: Any) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} is read-only. Change a copy: dict(value)")

    __setitem__ = __delitem__ = __ior__ = _refuse  # pyright: ignore[reportAssignmentType]
    clear = pop = popitem = setdefault = update = _refuse  # pyright: ignore[reportAssignmentType]

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self), (dict(self),)


class Step(NamedTuple):
    """One step down a path: to a field of a message, a part of a date, a value of a map or an item of a list."""

    name: str  # In filters, orders and masks.
    key: str  # In JSON.
    kind: "Kind[Any]"
    attribute: str | None  # In Python, such as `type_` for the name type; None for a key of a map.

    def read(self, container: Any) -> Any:
        """Return the decoded value in a message, a date or a map."""
        return container.get(self.key) if self.attribute is None else getattr(container, self.attribute)


class Kind(Generic[T]):
    """A kind of JSON value.

    Methods that build or check a part of a filter raise `LeafError` for a comparison that the kind does not support.
    """

    _type_name: str
    expected: str  # A noun phrase for the JSON values, for errors: "an integer".
    accepts: str  # A noun phrase for the Python values in comparisons, for errors.
    unset: Any = None  # The JSON value that the service prints for an unset field.
    sent_as: type[T] | None = None  # The type of JSON values that need no decoding; None if each value does.
    known: Mapping[Any, T] | None = (
        None  # Decoded values by JSON value, for a lookup before `decode`: those of an enum.
    )
    ordered = True  # `<`, `<=`, `>` and `>=` apply.
    anything: str = "*"  # The literal after `:` that matches every value of the kind.

    @property
    def type_name(self) -> str:
        """The name of the type, for listings of fields: "integer"."""
        return self._type_name

    def decode(self, value: Any) -> T:
        """Return the Python value of a JSON value; raises one of `DECODE_ERRORS` for another kind of value."""
        if self.sent_as is not None and isinstance(value, self.sent_as):
            return value
        raise ValueError

    def is_default(self, value: Any) -> bool:
        """Return whether a JSON value decodes to the value of an unset field."""
        if value is None:
            return True
        decoded = self.decode(value)
        return not decoded or (self.unset is not None and decoded == self.decode(self.unset))

    def cell(self, value: T) -> object:
        """Return a decoded value as a cell of a data frame: text, a number, a truth value or an aware datetime."""
        return value

    @cached_property
    def children(self) -> tuple[Step, ...]:
        """The named fields of a value."""
        return ()

    def step(self, name: str | None) -> Step | None:
        """Return the step to a field by its name in any spelling, or to each element if the name is None."""
        return next((each for each in self.children if name in (each.name, each.key, each.attribute)), None)

    def literal(self, subject: object, value: object) -> Literal:
        """Return the literal of a Python value, for a comparison; the error names the subject."""
        if (literal := self._build_literal(value)) is None:
            raise LeafError(f"{subject} must be {self.accepts}, got {quote_value(value)}")
        return literal

    def _build_literal(self, value: object) -> Literal | None:
        """Return the literal of a Python value; None if the kind does not accept the value."""
        return None

    def check_literal(self, member: Member, literal: Literal) -> Literal:
        """Return a literal from the text of a filter in the normal form of the kind."""
        if isinstance(literal, Function):
            literal.operand()  # It raises an error about an unknown function or argument.
        elif (normalized := self._normalize_literal(literal)) is not None:
            return normalized
        raise LeafError(f"{member} must be {self.expected}, got {literal!s:.80}", self._suggestions(literal))

    def _normalize_literal(self, literal: Text | Quoted) -> Literal | None:
        """Return a literal in the normal form of the kind; None if the kind does not accept it."""
        return None

    def _suggestions(self, literal: Literal) -> tuple[str, ...]:
        return ()

    def check_item(self, member: Member, literal: Literal) -> Literal:
        """Return a literal after `:` in the normal form of the kind."""
        if len(member.path) == 1:
            raise LeafError(f'":" tests only whether {member} is set', (f"{member}:*",))
        return self.check_literal(member, literal)

    def check_comparator(self, member: Member, comparator: str) -> None:
        """Raise `LeafError` for a comparator that does not apply."""
        if not self.ordered and comparator not in ("=", "!="):
            raise LeafError(f"{member} has no order; it can only be equal or unequal to a value", ("=", "!="))

    def condition(self, member: Member) -> Filter:
        """Return the condition of a field without a comparison: its value is true."""
        raise LeafError(f"{member} alone is not a condition; compare it with a value")

    def compare(self, member: Member, comparator: str, value: object) -> Filter:
        """Return the comparison of a field with a Python value."""
        self.check_comparator(member, comparator)
        return Comparison(member, comparator, self.literal(member, value))

    def presence(self, member: Member, *, in_list: bool = False) -> Filter:
        """Return the condition that a field is set; where its path leads through a list, only `:` applies."""
        if isinstance(self.unset, (str, int)) and self.unset != "" and not in_list:
            return Comparison(member, "!=", Text(str(self.unset)))
        return Comparison(member, ":", Text(self.anything))

    def contains(self, member: Member, value: object) -> Filter:
        """Return the condition that a list has an item, or a map a key."""
        raise LeafError(f"{member} is {self.expected} and has no items or keys; compare it, or test whether it is set")

    def match(self, member: Member, text: object, pattern: str) -> Filter:
        """Return the condition that a text matches a pattern such as `{}*`."""
        raise LeafError(f"{member} is {self.expected}; only a string has a beginning and an end")

    def order_paths(self, path: str) -> tuple[str, ...]:
        """Return the paths to order by."""
        return (path,)


def text_literal(subject: object, value: object) -> Quoted:
    """Return a text as a literal without wildcards."""
    if isinstance(value, str) and not re.search("[\ud800-\udfff]", value):  # A URL cannot represent half a pair.
        return Quoted(Exact(value))
    raise LeafError(f"{subject} must be a string, got {quote_value(value)}")


class String(Kind[str]):
    """A text."""

    _type_name = "string"
    expected = "a string"
    accepts = "a string"
    unset = ""
    sent_as = str

    def literal(self, subject: object, value: object) -> Quoted:
        return text_literal(subject, value)

    def _normalize_literal(self, literal: Text | Quoted) -> Literal:
        # A bare * is not a wildcard; in quotes it would be one.
        return literal if "*" in literal.value else Quoted(Exact(literal.value))

    def check_item(self, member: Member, literal: Literal) -> Literal:
        return self.check_literal(member, literal)

    def compare(self, member: Member, comparator: str, value: object) -> Filter:
        literal = self.literal(member, value)
        if "*" not in literal.value or comparator not in ("=", "!="):
            return Comparison(member, comparator, literal)
        # A * is a wildcard to = and !=, and an ordinary character where texts are ordered.
        if comparator == "=":
            return And((Comparison(member, ">=", literal), Comparison(member, "<=", literal)))
        return Or((Comparison(member, "<", literal), Comparison(member, ">", literal)))

    def match(self, member: Member, text: object, pattern: str) -> Filter:
        part = text_literal(member, text).value
        if not part or "*" in part:
            raise LeafError(f'a beginning or end of {member} must not be empty or contain "*", got {part!r}')
        return Comparison(member, "=", Quoted(pattern.format(part)))


class Boolean(Kind[bool]):
    """True or false."""

    _type_name = "boolean"
    expected = "true or false"
    accepts = "True or False"
    unset = False
    sent_as = bool
    ordered = False

    def _build_literal(self, value: object) -> Literal | None:
        return Text(str(value).lower()) if isinstance(value, bool) else None

    def _normalize_literal(self, literal: Text | Quoted) -> Literal | None:
        return literal if isinstance(literal, Text) and literal.value in ("true", "false") else None

    def condition(self, member: Member) -> Filter:
        return Comparison(member, "=", Text("true"))

    def presence(self, member: Member, *, in_list: bool = False) -> Filter:
        return super().presence(member, in_list=True) if in_list else self.condition(member)


class Number(Kind[float]):
    """A number."""

    _type_name = "number"
    expected = "a number"
    accepts = "a finite number"
    unset = 0

    def decode(self, value: Any) -> float:
        if isinstance(value, str) and not _is_number(value):
            raise ValueError
        if isinstance(value, (int, float, str)) and not isinstance(value, bool):
            return float(value)
        raise ValueError

    def _build_literal(self, value: object) -> Literal | None:
        if isinstance(value, float):
            return Text(repr(float(value))) if isfinite(value) else None
        return _integer_literal(value)

    def _normalize_literal(self, literal: Text | Quoted) -> Literal | None:
        return literal if isinstance(literal, Text) and is_number(literal.value) else None


def _integer_literal(value: object) -> Literal | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63
    return Text(f"{value:d}") if fits else None


class Integer(Kind[int]):
    """An integer, written in JSON as a number."""

    _type_name = "integer"
    expected = "an integer"
    accepts = "a 64-bit integer"
    unset: Any = 0
    sent_as: type[int] | None = int

    def decode(self, value: Any) -> int:
        if type(value) is int:
            return value
        if type(value) is str and ((value.isdigit() and value.isascii()) or _is_whole(value)):
            return int(value)  # Exact beyond 2**53, where a float is not.
        number = Number().decode(value)  # ProtoJSON takes 12.0 and "1e3" too, as long as the number is whole.
        if number.is_integer():
            return int(number)
        raise ValueError

    def _build_literal(self, value: object) -> Literal | None:
        return _integer_literal(value)

    def _normalize_literal(self, literal: Text | Quoted) -> Literal | None:
        number = parse_number(literal.value) if isinstance(literal, Text) else None
        return literal if isinstance(number, int) and -(2**63) <= number < 2**63 else None


class Integer64(Integer):
    """A 64-bit integer, written in JSON as a string."""

    expected = "an integer, as a string or a number"
    unset = "0"
    sent_as = None


class Day(Kind[date]):
    """A calendar date in ISO 8601."""

    _type_name = "calendar date"
    expected = "a date such as 2026-01-31"
    accepts = "a date"

    def decode(self, value: Any) -> date:
        if isinstance(value, str) and len(value) == len("2026-01-31"):
            return date.fromisoformat(value)
        raise ValueError

    def cell(self, value: date) -> object:
        return value.isoformat()

    def _build_literal(self, value: object) -> Literal | None:
        if not isinstance(value, date) or isinstance(value, datetime):
            return None
        return Quoted(Exact(value.isoformat()))

    def _normalize_literal(self, literal: Text | Quoted) -> Literal | None:
        try:
            self.decode(literal.value)
        except ValueError:
            return None
        return Quoted(Exact(literal.value))


class _Opaque(Kind[T]):
    """A kind whose literals the specification does not define."""

    def literal(self, subject: object, value: object) -> Literal:
        raise LeafError(f"the specification defines no literals for {subject}; write the filter as text")

    def _normalize_literal(self, literal: Text | Quoted) -> Literal:
        return literal


class Bytes(_Opaque[bytes]):
    """Bytes in base64."""

    _type_name = "bytes"
    expected = "bytes in base64"
    unset = ""

    def decode(self, value: Any) -> bytes:
        if not isinstance(value, str):
            raise ValueError
        # ProtoJSON accepts both alphabets of base64, with or without padding.
        text = value.rstrip("=").replace("-", "+").replace("_", "/")
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)

    def cell(self, value: bytes) -> object:
        return base64.b64encode(value).decode()


class Json(_Opaque[Any]):
    """Any JSON value."""

    _type_name = "any JSON value"
    expected = "any JSON value"

    def decode(self, value: Any) -> Any:
        return copy.deepcopy(value)

    def cell(self, value: Any) -> object:
        return json_text(value)


class JsonObject(Json):
    """A JSON object of any content; the value is a read-only mapping."""

    _type_name = "object"
    expected = "an object"

    def __init__(self) -> None:
        self.unset: Any = {}

    def decode(self, value: Any) -> Mapping[str, Any]:
        if isinstance(value, dict):
            return ReadOnlyDict(copy.deepcopy(value))
        raise ValueError


def json_text(value: object) -> str:
    """Return a decoded value as JSON text with sorted keys."""
    return dump_json(value, sort_keys=True, default=_json_form)


def _json_form(value: Any) -> object:
    """Return the JSON form of a decoded value that has no equivalent in JSON."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, date):
        return value.isoformat()
    return dict(value.payload) if hasattr(value, "payload") else str(value)


def dump_json(value: object, **layout: Any) -> str:
    """Return data as JSON text that every reader accepts.

    NaN and infinities are text, as in ProtoJSON. With half a surrogate pair, which UTF-8 lacks, the text is ASCII.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, **layout)
    except ValueError:
        value = json.loads(json.dumps(value, **layout), parse_constant=str)
        text = json.dumps(value, ensure_ascii=False, **layout)
    return json.dumps(value, **layout) if re.search("[\ud800-\udfff]", text) else text


class _Container(Kind[T]):
    """A kind whose values contain others; the filter language does not compare them as a whole."""

    def check_comparator(self, member: Member, comparator: str) -> None:
        advice = "compare a part of it, or test whether it is set"
        raise LeafError(f"{member} cannot be compared as a whole; {advice}", (f"{member}:*",))

    def order_paths(self, path: str) -> tuple[str, ...]:
        raise LeafError(f"{path} has no order; order by a field with a single value")

    def cell(self, value: T) -> object:
        return json_text(value)


class ListOf(_Container[tuple[T, ...]]):
    """A JSON array with `items` of one kind; the value is a tuple."""

    def __init__(self, items: Kind[T]) -> None:
        self.items: Kind[T] = items
        self.expected: str = f"a list, each item {items.expected}"
        self.unset: Any = []

    @property
    def type_name(self) -> str:
        return f"list of {self.items.type_name}"

    def decode(self, value: Any) -> tuple[T, ...]:
        if isinstance(value, list):
            return tuple(map(self.items.decode, value))
        raise ValueError

    def cell(self, value: tuple[T, ...]) -> object:
        if isinstance(self.items, MessageOf):
            return super().cell(value)
        return [self.items.cell(item) for item in value]

    def step(self, name: str | None) -> Step | None:
        return None if name is not None else Step("*", "*", self.items, None)

    def contains(self, member: Member, value: object) -> Filter:
        if isinstance(self.items, MessageOf):
            raise LeafError(f"{member} is a list of messages; write the filter as text, such as '{member}.name:\"x\"'")
        return _has_item(member, self.items.literal(f"an item of {member}", value))

    def check_item(self, member: Member, literal: Literal) -> Literal:
        return self.items.check_literal(member, literal)


class MapOf(_Container[Mapping[str, T]]):
    """A JSON object used as a map, with `values` of one kind; the value is a read-only mapping."""

    def __init__(self, values: Kind[T]) -> None:
        self.values: Kind[T] = values
        self.expected: str = f"an object, each value {values.expected}"
        self.unset: Any = {}

    @property
    def type_name(self) -> str:
        return f"map to {self.values.type_name}"

    def decode(self, value: Any) -> Mapping[str, T]:
        if isinstance(value, dict):
            return ReadOnlyDict({key: self.values.decode(each) for key, each in value.items()})
        raise ValueError

    def step(self, name: str | None) -> Step:
        return Step("*" if name is None else Exact(name), "*" if name is None else name, self.values, None)

    def contains(self, member: Member, value: object) -> Filter:
        return _has_item(member, text_literal(f"a key of {member}", value))

    def check_item(self, member: Member, literal: Literal) -> Literal:
        name = require_name(literal)
        return type(name)(Exact(name.value))


def _has_item(member: Member, literal: Literal) -> Filter:
    if literal == Quoted("*"):
        raise LeafError(f'"*" matches any content of {member}; use is_set()')
    return Comparison(member, ":", literal)


def require_name(literal: Literal) -> Text | Quoted:
    """Return a literal that is a name; raises LeafError for a function."""
    if isinstance(literal, Function):
        raise LeafError(f"{literal!s:.80} is not a name")
    return literal


class MessageOf(_Container[M]):
    """A JSON object that is a message. A function returns its class, so that classes can refer to each other."""

    expected = "an object"
    anything: str = Exact("*")  # It matches a message without any set field too.

    def __init__(self, message_type: Callable[[], type[M]]) -> None:
        self._message_type = message_type

    @cached_property
    def message(self) -> type[M]:
        """The class of the message."""
        return self._message_type()

    @property
    def type_name(self) -> str:
        return self.message.__name__

    @cached_property
    def children(self) -> tuple[Step, ...]:
        fields = self.message._fields
        return tuple(Step(field.path, field.key, field.kind, name) for name, field in fields.items())

    def decode(self, value: Any) -> M:
        if isinstance(value, dict):
            return self.message(value)
        raise ValueError
