"""Serving status: can a model be called now, and until when? A truth table over three fields.

The first matching row applies. A field is unknown if it is absent, cannot be decoded, or has an unspecified value or
one that the specification lacks. The date is "none" if it is null. It is "open" on each day that it may mean: a full
date on that day, a month on each of its days.

| deprecation_date | state     | supports_serverless | status         | callable |
|------------------|-----------|---------------------|----------------|----------|
| past             | any       | any                 | ENDED          | no       |
| any              | UPLOADING | any                 | NOT_READY      | no       |
| any              | READY     | false               | NOT_SERVERLESS | no       |
| none             | READY     | true                | AVAILABLE      | yes      |
| ahead            | READY     | true                | ENDING         | yes      |
| open             | READY     | true                | ENDING         | unknown  |
| any              | any       | any                 | UNKNOWN        | unknown  |
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum, StrEnum
from typing import Any

from attrs import frozen

from ._fields.enums import Unrecognized
from ._fields.messages import Message, fields_of
from ._openapi import Code, ModelState
from .errors import FieldError, parameter_error


@frozen
class ServingStatus:
    """Availability of a model for serverless inference, without a deployment.

    Attributes:
        state: The status as one word.
        reason: The status as a sentence with the fields that decide it.
        days_left: Whole days until the deprecation date: 0 on the day itself, negative after it. None without a date,
            or if the date lacks its day.
        callable: True if the model can be called, False if it cannot, None if that is unknown.
    """

    class State(StrEnum):
        """The status as one word.

        AVAILABLE: serverless, with no end announced. ENDING: serverless until an announced date. ENDED: past that date,
        regardless of the other fields. NOT_SERVERLESS: ready, but callable only on your own deployment. NOT_READY:
        still uploading. UNKNOWN: a field that decides the status is unknown.
        """

        AVAILABLE = "AVAILABLE"
        ENDING = "ENDING"
        ENDED = "ENDED"
        NOT_SERVERLESS = "NOT_SERVERLESS"
        NOT_READY = "NOT_READY"
        UNKNOWN = "UNKNOWN"

    state: State
    reason: str
    days_left: int | None
    callable: bool | None

    def __str__(self) -> str:
        return f"{self.state}: {self.reason}"

    def _repr_html_(self) -> str:
        from html import escape  # Notebooks alone need it.

        colours = {"AVAILABLE": "green", "ENDING": "darkorange", "ENDED": "red"}
        style = f"color: {colours.get(self.state, 'gray')}"
        return f'<b style="{style}">{self.state}</b> {escape(self.reason)}'

    # Returns None, since type checkers reject None as a truth value, and some of them accept NoReturn.
    def __bool__(self) -> None:
        raise TypeError("a serving status has no truth value. Compare its .callable (None is unknown) or its .state")


class End(Enum):
    """Position of the announced end of serverless inference, relative to a day."""

    NONE = "none"
    AHEAD = "ahead"
    OPEN = "open"
    PAST = "past"
    UNKNOWN = "unknown"


_State = ServingStatus.State

_DESCRIPTIONS = {
    _State.AVAILABLE: "serverless with no end announced",
    _State.ENDING: "serverless until the announced date",
    _State.ENDED: "no longer serverless",
    _State.NOT_SERVERLESS: "callable only on your own deployment",
    _State.NOT_READY: "still uploading",
    _State.UNKNOWN: "unknown",
}


def decide_status(end: End, ready: bool | None, serverless: bool | None) -> tuple[ServingStatus.State, bool | None]:
    """Return the state and `callable` by the table of this module. None is unknown."""
    match end, ready, serverless:
        case End.PAST, _, _:
            return _State.ENDED, False
        case _, False, _:
            return _State.NOT_READY, False
        case _, True, False:
            return _State.NOT_SERVERLESS, False
        case End.NONE, True, True:
            return _State.AVAILABLE, True
        case End.AHEAD, True, True:
            return _State.ENDING, True
        case End.OPEN, True, True:
            return _State.ENDING, None
        case _:
            return _State.UNKNOWN, None


def compute_serving_status(day: date, model: Message) -> ServingStatus:
    """Return the serving status of a model on a day. No field value makes it raise."""
    ready, state_clause = _readiness(model)
    serverless, flag_clause = _describe_field(model, "supports_serverless")
    end, days_left, date_clause = _announced_end(model, day)
    state, is_callable = decide_status(end, ready, serverless)
    clauses = {state_clause: ready is None, flag_clause: serverless is None, date_clause: end is End.UNKNOWN}
    deciding: list[str] = {
        _State.ENDED: [date_clause, *(["supports_serverless is still true"] if serverless else [])],
        _State.NOT_SERVERLESS: [state_clause, flag_clause],
        _State.NOT_READY: [state_clause],
        _State.UNKNOWN: [clause for clause, is_unknown in clauses.items() if is_unknown],
    }.get(state, list(clauses))
    *others, last = deciding
    since = f"{', '.join(others)} and {last}" if others else last
    reason = f"{_DESCRIPTIONS[state]}, since {since}{_describe_failure(model)}"
    return ServingStatus(state, reason, days_left, is_callable)


def utc_day(on: date | None) -> date:
    """Return the day in UTC of a date or datetime, or today; raises ConfigurationError if it has none."""
    if on is None:
        return datetime.now(UTC).date()
    if not isinstance(on, datetime):
        return on
    if on.utcoffset() is None:
        raise parameter_error("on", f"must be a date, or a datetime with a time zone, got {on!r}")
    try:
        return on.astimezone(UTC).date()
    except OverflowError:
        raise parameter_error("on", f"must be a valid date in UTC, got {on}") from None


def _describe_field(message: Message, name: str) -> tuple[Any, str]:
    """Return the value of a field, or None if it is unknown, and a clause that describes it."""
    try:
        value = getattr(message, name)
    except FieldError as error:
        return None, f"{name} cannot be decoded ({error.value!r:.80} was sent)"
    if value is None:
        was_sent = fields_of(type(message))[name].key in message.payload
        return None, f"{name} is null" if was_sent else f"{name} was not sent"
    return value, f"{name} is {str(value).lower() if isinstance(value, bool) else value}"


def _readiness(model: Message) -> tuple[bool | None, str]:
    value, clause = _describe_field(model, "state")
    if isinstance(value, Unrecognized):
        clause += " (the specification lacks it)"
    elif value is ModelState.STATE_UNSPECIFIED:
        clause += " (as if a read_mask omits it)"
    known: Mapping[Any, bool] = {ModelState.READY: True, ModelState.UPLOADING: False}
    return known.get(value), clause


def _announced_end(model: Message, day: date) -> tuple[End, int | None, str]:
    """Return the position of the announced end, the days left if known, and a clause that describes it."""
    value, clause = _describe_field(model, "deprecation_date")
    if value is None and model.payload.get("deprecationDate", "") is not None:
        return End.UNKNOWN, None, clause
    if not value:  # The service prints null for a model without a date.
        return End.NONE, None, "deprecation_date is not set"
    if not value.year:
        return End.UNKNOWN, None, f"{clause} (it has no year)"
    end = End.AHEAD if day < value.earliest() else End.PAST if day > value.latest() else End.OPEN
    if not value.day:
        position = "it may be past, today, or ahead" if end is End.OPEN else f"it is {end.value}"
        return end, None, f"{clause} ({position})"
    days_left = (value.to_date() - day).days
    return end, days_left, f"{clause} ({_describe_distance(days_left)})"


def _describe_distance(days_left: int) -> str:
    if days_left == 0:
        return "the day itself, so it may have ended already"
    days = f"{abs(days_left)} day{'s' * (abs(days_left) > 1)}"
    return f"in {days}" if days_left > 0 else f"{days} ago"


def _describe_failure(model: Message) -> str:
    """Return a remark if the last operation failed. It does not affect the status: the model is as it was before."""
    status, _ = _describe_field(model, "status")
    code, clause = (None, "") if status is None else _describe_field(status, "code")
    return "" if code in (None, Code.OK) else f" (status.{clause}: the last operation on it failed)"
