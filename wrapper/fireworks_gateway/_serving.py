"""Whether a model can be called now, and until when: a truth table over what the service says of it.

The answer is the first row that holds. A field is unknown where it was not sent, cannot be read, or holds a value that
says nothing. The date is "open" on every day that it can mean, of a full date on one, and "none" where null was sent.

| deprecation_date | state     | supports_serverless | answer         | callable |
|------------------|-----------|---------------------|----------------|----------|
| past             | any       | any                 | ENDED          | no       |
| any              | UPLOADING | any                 | NOT_READY      | no       |
| any              | READY     | false               | NOT_SERVERLESS | no       |
| none             | READY     | true                | AVAILABLE      | yes      |
| ahead            | READY     | true                | ENDING         | yes      |
| open             | READY     | true                | ENDING         | unknown  |
| any              | any       | any                 | UNKNOWN        | unknown  |
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum, StrEnum
from typing import Any

from attrs import frozen

from ._fields.enums import Unrecognized
from ._fields.fields import Message, fields_of
from ._openapi import Code, ModelState
from .errors import ConfigurationError, FieldError


@frozen
class ServingStatus:
    """Whether a model can be called without a deployment of one's own, and until when.

    Attributes:
        state: The answer in a word.
        reason: The answer as a sentence, which names the fields that it rests on.
        days_left: How many whole days the deprecation date is ahead: 0 on the day itself, less than 0 after it. None
            where there is none, or only a year or month is known of it.
        callable: Whether serverless inference can be asked of the model; None where that is unknown, which is not no.
    """

    class State(StrEnum):
        """The answer in a word.

        AVAILABLE: serverless, with no end announced. ENDING: serverless until a date that is announced. ENDED: past
        that date, whatever the other fields say. NOT_SERVERLESS: ready, but only on a deployment of one's own.
        NOT_READY: still being uploaded. UNKNOWN: a field that it rests on is unknown.
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

    # To type checkers None is no truth value; what never returns would be one to some of them.
    def __bool__(self) -> None:
        raise TypeError(
            "a serving status is neither true nor false; ask its .callable, of which None is unknown, or its .state"
        )


class End(Enum):
    """Where a day stands to the end that is announced for a serverless deployment."""

    NONE = "none"
    AHEAD = "ahead"
    OPEN = "open"
    PAST = "past"
    UNKNOWN = "unknown"


_State = ServingStatus.State

_WORDS = {
    _State.AVAILABLE: "serverless with no end announced",
    _State.ENDING: "serverless until the date that is announced",
    _State.ENDED: "no longer serverless",
    _State.NOT_SERVERLESS: "callable only on a deployment of one's own",
    _State.NOT_READY: "still being uploaded",
    _State.UNKNOWN: "not to be told",
}


def answer_to(end: End, ready: bool | None, serverless: bool | None) -> tuple[ServingStatus.State, bool | None]:
    """Return the answer, and whether the model is callable: the table of this module. None is unknown."""
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


def serving_status_on(day: date, model: Message) -> ServingStatus:
    """Return the serving status that a model has on a day, by what was sent of it; it never raises."""
    ready, state_clause = _ready(model)
    serverless, flag_clause = _value(model, "supports_serverless")
    end, days_left, date_clause = _end(model, day)
    state, is_callable = answer_to(end, ready, serverless)
    clauses = {state_clause: ready is None, flag_clause: serverless is None, date_clause: end is End.UNKNOWN}
    rests_on: list[str] = {
        _State.ENDED: [date_clause, *(["supports_serverless is still true"] if serverless else [])],
        _State.NOT_SERVERLESS: [state_clause, flag_clause],
        _State.NOT_READY: [state_clause],
        _State.UNKNOWN: [clause for clause, is_unknown in clauses.items() if is_unknown],
    }.get(state, list(clauses))
    reason = f"{_WORDS[state]}, since {_listed(rests_on)}{_failure(model)}"
    return ServingStatus(state, reason, days_left, is_callable)


def day_of(on: date | None) -> date:
    """Return the day, in UTC, that a question is about: today where none is given.

    Raises:
        ConfigurationError: It is no date, or a datetime without an offset, which is on no certain day.
    """
    if on is None:
        return datetime.now(UTC).date()
    given: object = on
    if isinstance(given, datetime) and given.utcoffset() is not None:
        try:
            return given.astimezone(UTC).date()
        except OverflowError:
            raise ConfigurationError(f"on must be a valid date in UTC, got {given}", parameter="on") from None
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    raise ConfigurationError(f"on must be a date, or a datetime with a time zone, got {given!r:.80}", parameter="on")


def _value(message: Message, name: str) -> tuple[Any, str]:
    """Return a field's value, None where it is unknown, and a clause that tells it."""
    try:
        value = getattr(message, name)
    except FieldError as error:
        return None, f"{name} cannot be read ({error.value!r:.80} was sent)"
    if value is None:
        was_sent = fields_of(type(message))[name].key in message.payload
        return None, f"{name} is null" if was_sent else f"{name} was not sent"
    return value, f"{name} is {str(value).lower() if isinstance(value, bool) else value}"


def _ready(model: Message) -> tuple[bool | None, str]:
    value, clause = _value(model, "state")
    if isinstance(value, Unrecognized):
        clause += " (the specification lacks it)"
    elif value is ModelState.STATE_UNSPECIFIED:
        clause += " (as where a read_mask leaves it out)"
    known: Mapping[Any, bool] = {ModelState.READY: True, ModelState.UPLOADING: False}
    return known.get(value), clause


def _end(model: Message, day: date) -> tuple[End, int | None, str]:
    """Return where the day stands to the announced end, how many days are left if certain, and a clause."""
    value, clause = _value(model, "deprecation_date")
    if value is None and model.payload.get("deprecationDate", "") is not None:
        return End.UNKNOWN, None, clause
    if not value:  # Null is how the service prints that there is none.
        return End.NONE, None, "deprecation_date is not set"
    if not value.year:
        return End.UNKNOWN, None, f"{clause} (it has no year)"
    end = End.AHEAD if day < value.earliest() else End.PAST if day > value.latest() else End.OPEN
    if not value.day:
        where = "it may be past, today, or ahead" if end is End.OPEN else f"it is {end.value}"
        return end, None, f"{clause} ({where})"
    days_left = (value.to_date() - day).days
    return end, days_left, f"{clause} ({_distance(days_left)})"


def _listed(clauses: list[str]) -> str:
    *before, last = clauses
    return f"{', '.join(before)} and {last}" if before else last


def _distance(days_left: int) -> str:
    if days_left == 0:
        return "the day itself, so it may be down already"
    days = f"{abs(days_left)} day{'s' * (abs(days_left) > 1)}"
    return f"in {days}" if days_left > 0 else f"{days} ago"


def _failure(model: Message) -> str:
    """Return what to add when the last operation failed, which decides nothing: the model is what it was before."""
    status, _ = _value(model, "status")
    code, clause = (None, "") if status is None else _value(status, "code")
    return "" if code in (None, Code.OK) else f" (status.{clause}: the last operation on it failed)"
