"""Timestamps (RFC 3339), and dates with unknown parts (google.type.Date)."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial, total_ordering
from typing import Any, overload

from attrs import frozen

from ..errors import quote_value
from ..filters._literals import TIMESTAMP, parse_timestamp
from ..filters._tree import And, Comparison, Filter, Function, LeafError, Literal, Member, Or, Text
from .kinds import Integer, Kind, Quoted, Step

_is_timestamp = partial(re.fullmatch, TIMESTAMP)
_LEAP_YEAR = 2000
_PART = Integer()

DATE_PARTS = ("year", "month", "day")  # The parts of a google.type.Date, in the order in which they are compared.


class Timestamp(Kind[datetime]):
    """A timestamp of RFC 3339, cut to microseconds."""

    _type_name = "timestamp"
    expected = "an RFC 3339 timestamp such as 2026-01-31T00:00:00Z"
    accepts = "a datetime with a time zone, such as datetime(2026, 1, 31, tzinfo=UTC)"

    def decode(self, value: Any) -> datetime:
        if not isinstance(value, str):
            raise ValueError
        # The usual shapes save the pattern; `fromisoformat` checks their digits, but only up to the sixth or a NUL.
        marks, length = value[4:20:3], len(value)
        is_whole = marks == "--T::Z" and length == 20
        has_fraction = marks == "--T::." and value[-1] == "Z" and 21 < length < 28 and "\0" not in value
        if is_whole or has_fraction or _is_timestamp(value):
            return datetime.fromisoformat(value)
        raise ValueError

    def cell(self, value: datetime) -> object:
        # Data frames make a column of timestamps only from equal offsets.
        try:
            return value.astimezone(UTC)
        except OverflowError:  # A local time of year 1 or 9999 that UTC does not have.
            return value

    def _build_literal(self, value: object) -> Literal | None:
        if not isinstance(value, datetime) or value.utcoffset() is None:
            return None
        try:
            text = value.astimezone(UTC).isoformat()
        except OverflowError:
            return None
        return Function("timestamp", (Quoted(f"{text.removesuffix('+00:00')}Z"),))

    def check_literal(self, member: Member, literal: Literal) -> Literal:
        if isinstance(literal, Function) and literal.name == "timestamp":
            literal.operand()  # It raises an error about an invalid argument.
            return literal
        return super().check_literal(member, literal)

    def _normalize_literal(self, literal: Text | Quoted) -> Literal | None:
        return None if parse_timestamp(literal.value) is None else literal

    def check_item(self, member: Member, literal: Literal) -> Literal:
        raise LeafError(f'":" tests only whether {member} is set', (f"{member}:*",))


@total_ordering
@frozen(eq=False)
class PartialDate:
    """A date whose parts may be unknown (google.type.Date).

    A full date, a year and a month, a year, or a month and a day (an anniversary). Dates are ordered part by part,
    with an unknown part first. A date without parts is falsy; it is the value of an unset field.

    A full date compares with a `date`, and `-` returns the difference to one. If a part is unknown, both raise
    `ValueError`; `earliest` and `latest` give the limits of the date.

    Attributes:
        year: 1 to 9999, or 0 for unknown.
        month: 1 to 12, or 0 for unknown.
        day: 1 to 31 as the month allows, or 0 for unknown.

    Raises:
        ValueError: The date does not exist.
    """

    year: int = 0
    month: int = 0
    day: int = 0

    def __attrs_post_init__(self) -> None:
        if self.day and not self.month:
            raise ValueError("a date with a day must have a month")
        date(self.year or _LEAP_YEAR, self.month or 1, self.day or 1)

    def __bool__(self) -> bool:
        return bool(self.year or self.month or self.day)

    @property
    def _parts(self) -> tuple[int, int, int]:
        return self.year, self.month, self.day

    def __eq__(self, other: object) -> bool:
        if isinstance(other, date):
            return self._date_beside(other) == other
        return self._parts == other._parts if isinstance(other, PartialDate) else NotImplemented

    def __lt__(self, other: "PartialDate | date") -> bool:
        if isinstance(other, PartialDate):
            return self._parts < other._parts
        return self._date_beside(other) < other

    def __hash__(self) -> int:
        return hash(self.to_date() if all(self._parts) else self._parts)  # Equal to that of an equal date.

    def _date_beside(self, other: object) -> date:
        if isinstance(other, datetime):
            raise TypeError(f"{self} is a date and {other} has a time. Use the date of the time, in UTC")
        return self.to_date()

    @overload
    def __sub__(self, other: timedelta) -> date: ...
    @overload
    def __sub__(self, other: "PartialDate | date") -> timedelta: ...
    def __sub__(self, other: "PartialDate | date | timedelta") -> timedelta | date:
        day = self._date_beside(other)
        return day - (other.to_date() if isinstance(other, PartialDate) else other)

    def __rsub__(self, other: date) -> timedelta:
        return other - self._date_beside(other)

    def __str__(self) -> str:
        parts = [f"{self.year:04}" if self.year else "-", f"{self.month:02}", f"{self.day:02}"]
        return "-".join(parts[: 3 if self.day else 2 if self.month else 1])

    def isoformat(self) -> str:
        """Return the date in ISO 8601, such as 2026-03-01, 2026-03 or 2026; raises ValueError without a year."""
        self.earliest()  # It raises the error.
        return str(self)

    def to_date(self) -> date:
        """Return the date; raises ValueError if a part is unknown."""
        if self.year and self.month and self.day:
            return date(self.year, self.month, self.day)
        raise ValueError(f"{self} lacks a part; earliest() and latest() give its limits")

    def earliest(self) -> date:
        """Return the first day that the date can mean; raises ValueError without a year."""
        if not self.year:
            raise ValueError(f"{self} has no year")
        return date(self.year, self.month or 1, self.day or 1)

    def latest(self) -> date:
        """Return the last day that the date can mean; raises ValueError without a year."""
        from dateutil.relativedelta import relativedelta  # Slow to import, and rarely needed.

        # An absolute day of 31 becomes the month's last.
        return self.earliest() + relativedelta(month=self.month or 12, day=self.day or 31)


class Date(Kind[PartialDate]):
    """A date of year, month and day, each of which may be unknown (google.type.Date)."""

    _type_name = "date"
    expected = "a date of year, month and day"
    accepts = "a date or a PartialDate"

    @cached_property
    def children(self) -> tuple[Step, ...]:
        return tuple(Step(part, part, _PART, part) for part in DATE_PARTS)

    def decode(self, value: Any) -> PartialDate:
        if isinstance(value, dict):
            return PartialDate(*[_PART.decode(value.get(part) or 0) for part in DATE_PARTS])
        raise ValueError

    def cell(self, value: PartialDate) -> object:
        return str(value) if value else None

    def order_paths(self, path: str) -> tuple[str, ...]:
        return tuple(f"{path}.{part}" for part in DATE_PARTS)  # The standard does not order messages.

    def check_comparator(self, member: Member, comparator: str) -> None:
        raise LeafError(f"{member} cannot be compared as a whole; compare its parts", (f"{member}.year",))

    def compare(self, member: Member, comparator: str, value: object) -> Filter:
        """Return the comparison part by part, because the language does not compare messages."""
        if not isinstance(value, (PartialDate, date)) or isinstance(value, datetime):
            raise LeafError(f"{member} must be {self.accepts}, got {quote_value(value)}")
        parts = [(Member((*member.path, part)), Text(str(getattr(value, part)))) for part in DATE_PARTS]
        if comparator in ("=", "!="):
            joined = And if comparator == "=" else Or
            return joined(tuple(Comparison(part, comparator, literal) for part, literal in parts))
        part, literal = parts.pop()
        condition: Filter = Comparison(part, comparator, literal)
        for part, literal in reversed(parts):
            same = Comparison(part, "=", literal)
            condition = Comparison(part, comparator[0], literal) | (same & condition)
        return condition
