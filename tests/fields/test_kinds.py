"""Values of fields: kinds, enums, dates and names."""

import operator
import pickle
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fireworks_gateway import (
    SPEC_VERSION,
    AccountName,
    Code,
    ConfigurationError,
    ModelKind,
    ModelName,
    ModelState,
    PartialDate,
    Unrecognized,
    describe,
    http_status,
    parse_enum,
)
from fireworks_gateway._fields.dates import Date, Timestamp
from fireworks_gateway._fields.enums import OpenEnum
from fireworks_gateway._fields.kinds import Boolean, Integer, Integer64, Kind, ListOf, MapOf, Number, String
from fireworks_gateway._openapi import ENUM_TEXTS
from fireworks_gateway.errors import RPC_CODES
from fireworks_gateway.filters._literals import TIMESTAMP


class Phase(StrEnum):
    """An enum of a caller, with a default value."""

    FIRST = "FIRST"
    NONE = "PHASE_UNSPECIFIED"


# fmt: off
NO_NUMBERS = ["", "x", "1_000", " 5", "\u0663", True, [], {}]
NO_INTEGERS = [*NO_NUMBERS, "1.5", 12.5, "1e400", "NaN"]
# Values that mean "unset", values that mean "set", and unreadable ones.
KINDS: list[tuple[Kind[Any], list[Any], list[Any], list[Any]]] = [
    (String(), [None, ""], ["x", " "], [5, True, [], {}]),
    (Boolean(), [None, False], [True], [0, 1, "true", "", [], {}]),
    (Integer(), [None, 0, "0", 0.0], [1, "-1"], NO_INTEGERS),
    (Integer64(), [None, 0, "0", "-0"], [1, "-1"], NO_INTEGERS),
    (Number(), [None, 0, 0.0, "0.0"], [1, -1, 0.5, "1e-3"], [*NO_NUMBERS, "nan"]),
    (ListOf(String()), [None, []], [["x"], [""]], ["x", {}, 5, [5], ["x", None]]),
    (MapOf(String()), [None, {}], [{"x": ""}], [[], "x", 5, {"x": 5}, {"x": "y", "z": None}]),
    (MapOf(Number()), [None, {}], [{"x": 0}], [{"x": True}, {"x": "high"}]),
    (OpenEnum(ModelKind, "KIND_UNSPECIFIED"), [None, "KIND_UNSPECIFIED"], ["HF_BASE_MODEL", "X"], [True, 1.5, [], {}]),
    (OpenEnum(Phase, "PHASE_UNSPECIFIED"), [None, "PHASE_UNSPECIFIED"], ["FIRST", "NEW"], [True]),
    (OpenEnum(Phase), [None], ["FIRST", "PHASE_UNSPECIFIED"], [True]),
    (Timestamp(), [None], ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z"], [
        5, [], "", "yesterday", "2025-01-01", "2025-01-01T00:00:00", "2025-01-01 00:00:00Z", "2025-13-01T00:00:00Z",
        "2025-02-30T01:40:13Z", "2025-01-01T00:00:00.1234567890Z", "0000-01-01T00:00:00Z", "\u0662025-01-01T00:00:00Z",
    ]),
    (Date(), [None, {}, {"year": 0, "month": 0}], [{"year": 2025}, {"month": 2, "day": 29}], [
        "2025-01-01", 5, [], {"day": 1}, {"year": "x"}, {"year": -1}, {"year": 2025, "month": 13},
        {"year": 2025, "month": 2, "day": 30},
    ]),
]
# fmt: on


@pytest.mark.parametrize(("kind", "unset", "present", "unreadable"), KINDS)
def test_a_kind_knows_its_defaults(
    kind: Kind[Any], unset: list[Any], present: list[Any], unreadable: list[Any]
) -> None:
    """Every spelling of the default is unset, other values are set, and values of another kind raise ValueError."""
    assert [kind.is_default(each) for each in [*unset, *present]] == [True] * len(unset) + [False] * len(present)
    for each in unreadable:
        with pytest.raises(ValueError):
            kind.decode(each)


def test_lists_and_maps_are_immutable() -> None:
    """A list is decoded to a tuple, and a map to a dictionary without changes."""
    assert ListOf(Integer()).decode(["1", 2]) == (1, 2)
    read: Any = MapOf(Integer()).decode({"a": "1"})
    changes = {*dir(dict)} - {*dir(MappingProxyType), "fromkeys"}
    assert {"pop", "update", "__setitem__"} <= changes
    for name in ("__ior__", *changes):
        with pytest.raises(TypeError, match="read-only"):
            getattr(read, name)({}, {})
    assert read == {"a": 1}


def test_an_unrecognized_value_is_a_string() -> None:
    """It compares, hashes, prints and pickles like the string that was sent."""
    value = Unrecognized("HF_NEW_MODEL")
    assert value == f"{value}" == "HF_NEW_MODEL"
    assert "HF_NEW_MODEL" in {value}
    assert repr(value) == "Unrecognized('HF_NEW_MODEL')"
    assert type(pickle.loads(pickle.dumps(value))) is Unrecognized
    decoded = [OpenEnum(Phase).decode(each) for each in ("FIRST", "THIRD", 7)]
    assert decoded == [Phase.FIRST, "THIRD", "7"]
    assert list(map(type, decoded)) == [Phase, Unrecognized, Unrecognized]


def test_describe_returns_the_text_of_the_specification() -> None:
    """An unknown value is described as unknown, and a plain string is refused."""
    assert describe(ModelKind.HF_BASE_MODEL) == ENUM_TEXTS[ModelKind]["HF_BASE_MODEL"] != ""
    assert describe(Unrecognized("X")) == f"Not in version {SPEC_VERSION} of the specification."
    with pytest.raises(ConfigurationError, match=r"ModelKind\.HF_BASE_MODEL"):
        describe("HF_BASE_MODEL")  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["hf peft addon", "HF_PEFT_ADDON", "Hf-Peft-Addon", " hf  peft  addon "])
def test_parse_enum_ignores_case_and_separators(text: str) -> None:
    """Any case, spaces and dashes are accepted."""
    assert parse_enum(ModelKind, text) is ModelKind.HF_PEFT_ADDON


def test_parse_enum_suggests_names() -> None:
    """An error suggests the nearest names, or all names; a class other than an enum of the package is refused."""
    with pytest.raises(ConfigurationError, match=r"'hf peft adon'; did you mean HF_PEFT_ADDON"):
        parse_enum(ModelKind, "hf peft adon")
    with pytest.raises(ConfigurationError, match=r"READY.*UPLOADING|UPLOADING.*READY"):
        parse_enum(ModelState, "?")
    other: Any = Phase
    with pytest.raises(ConfigurationError, match="kind must be an enum"):
        parse_enum(other, "FIRST")


def test_codes_have_their_http_status() -> None:
    """The specification maps each code to a status; other values are refused."""
    assert (http_status(Code.OK), http_status(Code.CANCELLED), http_status(Code.NOT_FOUND)) == (200, 499, 404)
    assert {http_status(code) for code in RPC_CODES} == {200, 499, 500, 400, 504, 404, 409, 403, 401, 429, 501, 503}
    others: list[Any] = [ModelKind.HF_BASE_MODEL, "NOT_FOUND"]
    for other in others:
        with pytest.raises(ConfigurationError, match=r"Code\.NOT_FOUND"):
            http_status(other)


DATES = [
    (PartialDate(2025, 11, 3), "2025-11-03", date(2025, 11, 3), date(2025, 11, 3)),
    (PartialDate(2024, 2), "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    (PartialDate(2025), "2025", date(2025, 1, 1), date(2025, 12, 31)),
    (PartialDate(9999, 12), "9999-12", date(9999, 12, 1), date(9999, 12, 31)),
]


@pytest.mark.parametrize(("partial", "text", "earliest", "latest"), DATES)
def test_a_date_has_an_earliest_and_latest_day(partial: PartialDate, text: str, earliest: date, latest: date) -> None:
    """The missing parts range over all their values."""
    assert str(partial) == text
    assert (partial.earliest(), partial.latest()) == (earliest, latest)


def test_a_date_without_a_year_has_no_days() -> None:
    """The error has the date; 29 February is a date in some year."""
    anniversary = PartialDate(month=2, day=29)
    assert str(anniversary) == "--02-29"
    for days in (anniversary.earliest, anniversary.latest):
        with pytest.raises(ValueError, match=r"^--02-29 has no year"):
            days()
    with pytest.raises(ValueError, match=r"^- has no year"):
        PartialDate().earliest()
    for partial in (anniversary, PartialDate(2025, 2)):
        with pytest.raises(ValueError, match=rf"^{partial} lacks a part"):
            partial.to_date()


TIMES = ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.123456Z", "2026-01-31T12:00:00.123456789+05:30", "2026-W05-1T12Z"]
EDITS = st.tuples(st.integers(0, 36), st.integers(0, 1), st.text("0129-+:.,TZW \u0663", max_size=1))


@given(st.sampled_from(TIMES), st.lists(EDITS, max_size=4))
@example("2026-01-31T12:00:00.123456,9Z", [])  # `fromisoformat` accepts these.
@example("2026-01-31T12:00:00,123456Z", [])
@example("2026-01-31 12:00:00Z", [])
@example("2026-01-31T12:00:00.1234Z\0Z", [])
def test_timestamps_are_those_of_the_pattern(text: str, edits: list[tuple[int, int, str]]) -> None:
    """The usual shapes, which are tested first, accept no other text and change no value."""
    for place, removed, added in edits:
        text = text[:place] + added + text[place + removed :]
    try:
        expected = datetime.fromisoformat(text) if re.fullmatch(TIMESTAMP, text) else None
    except ValueError:  # A month 13.
        expected = None
    try:
        assert Timestamp().decode(text) == expected
    except ValueError:
        assert expected is None


@given(st.dates(), st.dates())
def test_a_full_date_compares_with_dates(one: date, other: date) -> None:
    """On either side, as a date does: order, equality, hash and difference."""
    partial, another = (PartialDate(day.year, day.month, day.day) for day in (one, other))
    assert partial.to_date() == partial.earliest() == partial.latest() == one
    for compare in (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge):
        assert compare(partial, other) == compare(one, other)
        assert compare(other, partial) == compare(other, one)
        assert compare(partial, another) == compare(one, other)
    assert partial - other == partial - another == one - other
    assert other - partial == other - one
    assert {partial, one} == {one}
    assert partial.isoformat() == one.isoformat()
    assert one == date.min or partial - timedelta(days=1) == one - timedelta(days=1)


@pytest.mark.parametrize("compare", [operator.eq, operator.lt, operator.ge, operator.sub])
def test_a_date_without_a_part_does_not_compare_with_a_date(compare: Callable[[Any, Any], object]) -> None:
    """The error gives advice, and so does that of a time."""
    for one, other in [(PartialDate(2026, 3), date(2026, 3, 1)), (date(2026, 3, 1), PartialDate(2026))]:
        with pytest.raises(ValueError, match=r"lacks a part; earliest\(\) and latest\(\)"):
            compare(one, other)
    with pytest.raises(TypeError, match="Use the date of the time"):
        compare(PartialDate(2026, 3, 1), datetime(2026, 3, 1))
    assert PartialDate(2026, 3).isoformat() == "2026-03"
    with pytest.raises(ValueError, match="has no year"):
        PartialDate(month=3).isoformat()


@given(st.lists(st.builds(PartialDate, st.integers(0, 9999), st.integers(1, 12), st.integers(0, 28))))
def test_dates_are_ordered_and_hashed_by_their_parts(dates: list[PartialDate]) -> None:
    """Dates sort by year, month and day; equal dates have equal hashes."""
    assert [(d.year, d.month, d.day) for d in sorted(dates)] == sorted((d.year, d.month, d.day) for d in dates)
    assert len(set(dates)) == len({(d.year, d.month, d.day) for d in dates})


@pytest.mark.parametrize("parts", [(2025, 13), (2025, 2, 30), (2025, 0, 5), (0, 0, 5), (10_000,), (-1,), (0, 2, 30)])
def test_an_impossible_date_is_refused(parts: tuple[int, ...]) -> None:
    """Parts outside their ranges raise ValueError."""
    with pytest.raises(ValueError):
        PartialDate(*parts)


BAD_IDS = ["", ".", "..", "a/b", "None", "a b", "a\n", "a?b", "a#b", "a%2Fb", 'a"b', "accounts/", "accounts/a/b", "a/"]


@pytest.mark.parametrize("text", [*BAD_IDS, "{account_id}", "//no host/accounts/a"])
def test_an_invalid_account_is_refused(text: str) -> None:
    """No text can change the path of a request."""
    with pytest.raises(ConfigurationError):
        AccountName.parse(text)


@pytest.mark.parametrize("value", [5, None, b"a", "", "a/b"])
def test_an_invalid_id_is_refused_with_an_example(value: Any) -> None:
    """The error has an example of an account or a model."""
    with pytest.raises(ConfigurationError, match=r"account_id must be one segment of a path, such as my-account"):
        AccountName(value)
    with pytest.raises(ConfigurationError, match=r"model_id must be one segment of a path, such as my-model"):
        ModelName("a", value)


NAME = "accounts/fireworks/models/llama-v3p1-8b"


def test_a_name_is_parsed_in_every_spelling() -> None:
    """An id, a name and a full name (AIP-122) are equal, and print as the name."""
    for text in ("fireworks", "accounts/fireworks", "//api.fireworks.ai/accounts/fireworks"):
        assert AccountName.parse(text) == AccountName("fireworks")
        assert str(AccountName.parse(text)) == "accounts/fireworks"
    assert str(ModelName.parse(NAME)) == str(ModelName.parse(f"//api.fireworks.ai/{NAME}")) == NAME
    assert ModelName.parse(NAME) == ModelName("fireworks", "llama-v3p1-8b")


@pytest.mark.parametrize("text", ["", "x", "accounts/a/models/", "/accounts/a/models/b", "accounts/a/deployments/b"])
def test_an_invalid_model_name_is_refused(text: str) -> None:
    """The error describes a valid name."""
    with pytest.raises(ConfigurationError, match="must be"):
        ModelName.parse(text)
