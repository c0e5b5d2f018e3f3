"""Decode timestamps (RFC 3339), and dates with unknown parts (google.type.Date)."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from attrs import field, frozen

from ..filters._literals import TIMESTAMP
from .kinds import Integer, Reader, is_object

_is_timestamp = re.compile(TIMESTAMP).fullmatch

_A_LEAP_YEAR = 2000

DATE_PARTS = ("year", "month", "day")
"""The parts of a google.type.Date, in the order in which they are compared."""


def _read_timestamp(value: Any) -> datetime:
    if isinstance(value, str) and _is_timestamp(value):
        return datetime.fromisoformat(value)  # It cuts what is beyond microseconds, as is wanted.
    raise ValueError


Timestamp: Reader[datetime] = Reader(_read_timestamp, "an RFC 3339 timestamp")


@frozen(order=True)
class PartialDate:
    """A date of which parts may be unknown, as google.type.Date has it.

    A full date, a year and a month, a year, or a month and a day (an anniversary). Dates are ordered part by part
    and an unknown part comes first. A date without any part is what an unset one reads as, and is false.

    Attributes:
        year: 1 to 9999, or 0 for unknown.
        month: 1 to 12, or 0 for unknown.
        day: 1 to 31 as the month allows, or 0 for unknown.

    Raises:
        ValueError: There is no such date.
    """

    year: int = field(default=0)
    month: int = field(default=0)
    day: int = field(default=0)

    def __attrs_post_init__(self) -> None:
        if self.day and not self.month:
            raise ValueError("a date with a day has a month")
        date(self.year or _A_LEAP_YEAR, self.month or 1, self.day or 1)

    def __bool__(self) -> bool:
        return bool(self.year or self.month or self.day)

    def __str__(self) -> str:
        parts = [f"{self.year:04}" if self.year else "-", f"{self.month:02}", f"{self.day:02}"]
        return "-".join(parts[: 3 if self.day else 2 if self.month else 1])

    def to_date(self) -> date:
        """Return the date, when all of it is known.

        Raises:
            ValueError: A part is unknown; `earliest` and `latest` say between which days the date lies.
        """
        if self.year and self.month and self.day:
            return date(self.year, self.month, self.day)
        raise ValueError(f"{self} lacks a part; earliest() and latest() give the days that it can mean")

    def earliest(self) -> date:
        """Return the first day that the date can mean.

        Raises:
            ValueError: The year is unknown.
        """
        if not self.year:
            raise ValueError(f"{self} has no year")
        return date(self.year, self.month or 1, self.day or 1)

    def latest(self) -> date:
        """Return the last day that the date can mean.

        Raises:
            ValueError: The year is unknown.
        """
        from dateutil.relativedelta import relativedelta  # Slow to import, and needed by few.

        # An absolute day of 31 becomes the month's last.
        return self.earliest() + relativedelta(month=self.month or 12, day=self.day or 31)


def _read_date(value: Any) -> PartialDate:
    if is_object(value):
        return PartialDate(*(Integer.read(value.get(part) or 0) for part in DATE_PARTS))
    raise ValueError


Date: Reader[PartialDate] = Reader(_read_date, "a date of year, month and day")
