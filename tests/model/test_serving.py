"""The serving status: its truth table, and laws."""

import pickle
import re
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import ConfigurationError, Model, ServingStatus, _serving
from fireworks_gateway._serving import End, decide_status
from tests.shared.json_values import JSON_VALUES

DAY = date(2026, 11, 21)
DECISION = Path(__file__).parents[2] / "docs" / "decisions" / "0010-serving-status.md"
ABSENT: Any = object()
AHEAD, BEHIND = timezone(timedelta(hours=5)), timezone(timedelta(hours=-5))


def when(year: int = 0, month: int = 0, day: int = 0) -> dict[str, int]:
    """Return a date as the service prints it."""
    return {"year": year, "month": month, "day": day}


# state, supportsServerless, deprecationDate; then the state of the status, callable and days_left.
ROWS: list[tuple[Any, Any, Any, str, bool | None, int | None]] = [
    ("READY", True, None, "AVAILABLE", True, None),
    ("READY", True, when(), "AVAILABLE", True, None),
    ("READY", True, when(2026, 12, 31), "ENDING", True, 40),
    ("READY", True, when(2026, 11, 21), "ENDING", None, 0),
    ("READY", True, when(2026, 11, 20), "ENDED", False, -1),
    ("READY", True, when(2027), "ENDING", True, None),
    ("READY", True, when(2026), "ENDING", None, None),
    ("READY", True, when(2025), "ENDED", False, None),
    ("READY", True, when(2026, 12), "ENDING", True, None),
    ("READY", True, when(2026, 11), "ENDING", None, None),
    ("READY", True, when(2026, 10), "ENDED", False, None),
    ("READY", True, when(0, 12, 31), "UNKNOWN", None, None),
    ("READY", True, "2026-12-31", "UNKNOWN", None, None),
    ("READY", True, when(2026, 13, 1), "UNKNOWN", None, None),
    ("READY", True, ABSENT, "UNKNOWN", None, None),
    ("READY", False, None, "NOT_SERVERLESS", False, None),
    ("READY", False, when(2026, 12, 31), "NOT_SERVERLESS", False, 40),
    ("READY", ABSENT, None, "UNKNOWN", None, None),
    ("READY", "true", None, "UNKNOWN", None, None),
    ("READY", ABSENT, when(2026, 12, 31), "UNKNOWN", None, 40),
    ("UPLOADING", False, None, "NOT_READY", False, None),
    ("UPLOADING", ABSENT, ABSENT, "NOT_READY", False, None),
    ("STATE_UNSPECIFIED", True, None, "UNKNOWN", None, None),
    ("RESTING", True, None, "UNKNOWN", None, None),
    (6, True, None, "UNKNOWN", None, None),
    (None, True, None, "UNKNOWN", None, None),
    (ABSENT, ABSENT, ABSENT, "UNKNOWN", None, None),
]


def model_of(state: Any, serverless: Any, end: Any, **other: Any) -> Model:
    """Return a model with these fields."""
    sent = {"state": state, "supportsServerless": serverless, "deprecationDate": end, **other}
    return Model({key: value for key, value in sent.items() if value is not ABSENT})


@pytest.mark.parametrize(("state", "serverless", "end", "expected", "is_callable", "days_left"), ROWS)
def test_status_of_fields(
    state: Any, serverless: Any, end: Any, expected: str, is_callable: bool | None, days_left: int | None
) -> None:
    """Each row of the table, on one day."""
    status = model_of(state, serverless, end).serving_status(on=DAY)
    assert (status.state, status.callable, status.days_left) == (expected, is_callable, days_left)
    assert status.callable is is_callable


def rows_of(text: str) -> list[list[str]]:
    """Return the cells of the rows of the table in a text."""
    lines = re.findall(r"^\|(.*)\|$", text, re.MULTILINE)
    return [[cell.strip() for cell in line.split("|")] for line in lines[2:]]


WORDS = {True: "yes", False: "no", None: "unknown"}
STATES = {True: "READY", False: "UPLOADING", None: "unknown"}
FLAGS = {True: "true", False: "false", None: "unknown"}


@pytest.mark.parametrize(("end", "ready", "serverless"), list(product(End, STATES, FLAGS)))
def test_the_code_is_the_documented_table(end: End, ready: bool | None, serverless: bool | None) -> None:
    """For every combination, the first matching row of the docstring applies."""
    case = [end.value, STATES[ready], FLAGS[serverless]]
    rows = rows_of(_serving.__doc__ or "")
    first = next(row for row in rows if all(cell in ("any", given) for cell, given in zip(row, case, strict=False)))
    state, is_callable = decide_status(end, ready, serverless)
    assert first[3:] == [state, WORDS[is_callable]]


def test_the_decision_has_the_same_table() -> None:
    """As the docstring."""
    assert rows_of(DECISION.read_text(encoding="utf-8")) == rows_of(_serving.__doc__ or "")


SERVED = "state is READY, supports_serverless is true and deprecation_date is"
REASONS = [
    (("READY", True, None), f"{SERVED} not set"),
    (("READY", True, when(2026, 12, 31)), f"{SERVED} 2026-12-31 (in 40 days)"),
    (
        ("READY", True, when(2026, 11, 20)),
        "deprecation_date is 2026-11-20 (1 day ago) and supports_serverless is still true",
    ),
    (("READY", True, when(2026, 11, 21)), f"{SERVED} 2026-11-21 (the day itself, so it may have ended already)"),
    (("READY", True, when(2026)), f"{SERVED} 2026 (it may be past, today, or ahead)"),
    (("READY", False, when(2026, 10)), "deprecation_date is 2026-10 (it is past)"),
    (("READY", False, None), "state is READY and supports_serverless is false"),
    (("READY", True, when(0, 12, 31)), "deprecation_date is --12-31 (it has no year)"),
    (("STATE_UNSPECIFIED", False, None), "state is STATE_UNSPECIFIED (as if a read_mask omits it)"),
    (("RESTING", True, ABSENT), "state is RESTING (the specification lacks it) and deprecation_date was not sent"),
    (("READY", "yes", None), "supports_serverless cannot be decoded ('yes' was sent)"),
    (("READY", None, None), "supports_serverless is null"),
]


@pytest.mark.parametrize(("sent", "text"), REASONS)
def test_the_reason_names_the_deciding_fields(sent: tuple[Any, Any, Any], text: str) -> None:
    """`str()` is the state and the reason."""
    status = model_of(*sent).serving_status(on=DAY)
    assert str(status) == f"{status.state}: {status.reason}"
    assert status.reason.partition(", since ")[2] == text


@pytest.mark.parametrize(
    ("sent", "mentioned"),
    [
        ({"code": "INTERNAL"}, True),
        (None, False),
        ({}, False),
        ({"code": "OK", "message": "Preparing"}, False),
        ({"code": []}, False),
        ("broken", False),
    ],
)
def test_a_failed_operation_is_mentioned_only(sent: Any, mentioned: bool) -> None:
    """The service prints INTERNAL for models that are callable."""
    plain = model_of("READY", True, None).serving_status(on=DAY)
    status = model_of("READY", True, None, status=sent).serving_status(on=DAY)
    assert (status.state, status.callable) == (plain.state, plain.callable)
    assert ("status.code is" in status.reason) is mentioned


def test_a_day_is_a_day_in_utc() -> None:
    """An evening in the west is the next day in UTC, a morning in the east the day before."""
    model = model_of("READY", True, when(2026, 11, 22))
    west, east = timezone(timedelta(hours=-8)), timezone(timedelta(hours=9))
    assert model.serving_status(on=datetime(2026, 11, 21, 20, tzinfo=west)).days_left == 0
    assert model.serving_status(on=datetime(2026, 11, 22, 8, tzinfo=east)).days_left == 1


def test_today_is_the_default() -> None:
    """In UTC; computed before and after, in case the day ends in between."""
    model = model_of("READY", True, when(2999, 1, 1))
    before = model.serving_status(on=datetime.now(UTC))
    assert model.serving_status() in (before, model.serving_status(on=datetime.now(UTC)))


@pytest.mark.parametrize(
    ("on", "message"),
    [
        (datetime(2026, 11, 21), "a date, or a datetime with a time zone"),
        (datetime.min.replace(tzinfo=AHEAD), "on must be a valid date in UTC"),
        (datetime.max.replace(tzinfo=BEHIND), "on must be a valid date in UTC"),
    ],
)
def test_a_time_without_a_day_in_utc_is_rejected(on: datetime, message: str) -> None:
    """It has no time zone, or is hours before the first day or after the last one."""
    with pytest.raises(ConfigurationError, match=message):
        Model({}).serving_status(on=on)


def test_a_status_is_a_value_without_a_truth_value() -> None:
    """Equal, hashable, picklable and frozen; `if model.serving_status():` raises."""
    status = model_of("READY", True, None).serving_status(on=DAY)
    assert pickle.loads(pickle.dumps(status)) == status
    assert len({status, model_of("READY", True, None).serving_status(on=DAY)}) == 1
    assert status.state is ServingStatus.State.AVAILABLE
    with pytest.raises(TypeError, match=r"\.callable"):
        bool(status)
    with pytest.raises(AttributeError):
        status.callable = False  # type: ignore[misc]


days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
ends = st.none() | st.builds(
    lambda day, parts: when(*[day.year, day.month, day.day][:parts]), days, st.integers(0, 3)
)  # fmt: skip
models = st.builds(
    model_of,
    st.sampled_from(["READY", "READY", "UPLOADING", "STATE_UNSPECIFIED", "RESTING", 3.5, None, ABSENT]),
    st.sampled_from([True, True, False, None, "true", ABSENT]),
    ends | st.sampled_from([when(0, 2, 29), "soon", ABSENT]),
)


@given(models, days)
def test_one_day_later(model: Model, day: date) -> None:
    """`days_left` is one less, the state stays or becomes ENDED, and `callable` goes from True over None to False."""
    before, after = (model.serving_status(on=each) for each in (day, day + timedelta(days=1)))
    assert after.days_left == (None if before.days_left is None else before.days_left - 1)
    assert after.state in (before.state, ServingStatus.State.ENDED)
    order = [True, None, False]
    assert order.index(after.callable) >= order.index(before.callable)


any_value = JSON_VALUES | st.dictionaries(st.sampled_from(["code", "year"]), JSON_VALUES)
UNKNOWN_VALUES = {
    "state": [ABSENT, None, "STATE_UNSPECIFIED", "RESTING", 1, [], True],
    "supportsServerless": [ABSENT, None, "true", 1, {}],
    "deprecationDate": [ABSENT, "2999-01-01", when(0, 1, 1), when(2026, 14), [], 0, False, ""],
}


@given(st.sampled_from([(key, value) for key, values in UNKNOWN_VALUES.items() for value in values]), days, ends)
def test_an_unknown_field_is_never_callable(unknown: tuple[str, Any], day: date, end: Any) -> None:
    """For each of the three fields, `callable` is False or None."""
    key, value = unknown
    sent = {"state": "READY", "supportsServerless": True, "deprecationDate": end, key: value}
    model = Model({name: sent_value for name, sent_value in sent.items() if sent_value is not ABSENT})
    assert model.serving_status(on=day).callable is not True


@given(any_value, any_value, any_value, any_value, days)
def test_any_json_has_a_status(state: Any, serverless: Any, end: Any, status: Any, day: date) -> None:
    """No value raises, and only READY and serverless models are callable."""
    status_on_day = model_of(state, serverless, end, status=status).serving_status(on=day)
    assert status_on_day.reason
    assert (status_on_day.callable is None) >= (status_on_day.state is ServingStatus.State.UNKNOWN)
    assert status_on_day.callable is not True or (state == "READY" and serverless is True)
