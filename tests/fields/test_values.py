"""Enums, dates and names: the values that models are made of."""

from __future__ import annotations

import pickle
from collections.abc import MutableMapping
from datetime import date
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import (
    SPEC_VERSION,
    AccountName,
    Code,
    ConfigurationError,
    ModelKind,
    ModelName,
    PartialDate,
    Unrecognized,
    describe,
    http_status,
    parse_enum,
)
from fireworks_gateway._fields.dates import Date, Timestamp
from fireworks_gateway._fields.enums import OpenEnum
from fireworks_gateway._fields.kinds import Boolean, Integer, Integer64, Kind, ListOf, MapOf, Number, String
from fireworks_gateway.specification import DeploymentPrecision


class Phase(StrEnum):
    """An enum that a caller declares, and that says which of its values means none."""

    FIRST = "FIRST"
    NONE = "PHASE_UNSPECIFIED"


class Closed(StrEnum):
    """One that does not."""

    FIRST = "FIRST"


DEFAULTS: list[tuple[Kind[Any], list[Any], list[Any]]] = [
    (String(), [None, ""], ["x", " "]),
    (Boolean(), [None, False], [True]),
    (Integer(), [None, 0, "0", 0.0], [1, "-1"]),
    (Integer64(), [None, 0, "0", "-0"], [1, "-1"]),
    (Number(), [None, 0, 0.0, "0.0"], [1, -1, 0.5, "1e-3"]),
    (ListOf(String()), [None, []], [["x"], [""]]),
    (MapOf(String()), [None, {}], [{"x": ""}]),
    (OpenEnum(ModelKind, "KIND_UNSPECIFIED"), [None, "KIND_UNSPECIFIED"], ["HF_BASE_MODEL", "NEW"]),
    (OpenEnum(Phase, "PHASE_UNSPECIFIED"), [None, "PHASE_UNSPECIFIED"], ["FIRST", "NEW"]),
    (OpenEnum(Closed), [None], ["FIRST"]),
    (Timestamp(), [None], ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z"]),
    (Date(), [None, {}, {"year": 0, "month": 0}], [{"year": 2025}, {"month": 2, "day": 29}]),
]


@pytest.mark.parametrize(("kind", "default", "set_"), DEFAULTS, ids=lambda given: getattr(given, "expected", ""))
def test_what_an_unset_field_reads_as_is_its_default(kind: Kind[Any], default: list[Any], set_: list[Any]) -> None:
    """In each of its spellings, and nothing else is."""
    assert [kind.is_default(each) for each in default] == [True] * len(default)
    assert [kind.is_default(each) for each in set_] == [False] * len(set_)


UNREADABLE: list[tuple[Kind[Any], list[Any]]] = [
    (String(), [5, True, [], {}]),
    (Boolean(), [0, 1, "true", "", [], {}]),
    (Integer(), ["", "x", "1.5", 1.5, True, "NaN", "1_000", " 1", "\u0663", [], {}]),
    (Integer64(), ["", "x", "1.5", 1.5, True, "NaN", "1_000", " 1", "\u0663", [], {}]),
    (Number(), ["", "x", True, "nan", "1_000", " 1", "\u0663", [], {}]),
    (ListOf(String()), ["x", {}, 5, [5], ["x", None]]),
    (MapOf(String()), [[], "x", 5, {"x": 5}, {"x": "y", "z": None}]),
    (OpenEnum(ModelKind), [True, 1.0, [], {}]),
    (
        Timestamp(),
        [5, "", "2025-01-01", "2025-01-01T00:00:00", "2025-13-01T00:00:00Z", "\u0662025-01-01T00:00:00Z", []],
    ),
    (Date(), ["2025-01-01", 5, [], {"day": 5}, {"year": "x"}, {"year": 2025, "month": 13}]),
]


@pytest.mark.parametrize(("kind", "sent"), UNREADABLE, ids=lambda given: getattr(given, "expected", ""))
def test_what_is_of_another_kind_cannot_be_read(kind: Kind[Any], sent: list[Any]) -> None:
    """With a ValueError, whatever it is, so that one field is lost and not the page."""
    for each in sent:
        with pytest.raises(ValueError):
            kind.decode(each)


def test_what_is_read_of_lists_and_maps_cannot_be_written_to() -> None:
    """A tuple, and a mapping that is read only."""
    assert ListOf(Integer()).decode(["1", 2]) == (1, 2)
    read = MapOf(Integer()).decode({"a": "1"})
    assert (dict(read), isinstance(read, MutableMapping)) == ({"a": 1}, False)


@pytest.mark.parametrize("sent", [2**53 + 1, -(2**53) - 1, str(2**53 + 1), str(-(2**53) - 1)])
def test_a_whole_number_is_exact_where_a_float_is_not(sent: Any) -> None:
    """As a number and as a string, on both sides of 0."""
    assert Integer().decode(sent) == Integer64().decode(sent) == int(sent)


@pytest.mark.parametrize("sent", [12.0, "12.0", "1.2e1", "12"])
def test_a_whole_number_is_an_int_however_it_is_written(sent: Any) -> None:
    """As ProtoJSON takes it."""
    assert repr(Integer().decode(sent)) == "12"


def test_an_unrecognized_value_is_the_string_that_was_sent() -> None:
    """It is equal to it, hashes as it, prints as it, and pickles."""
    value = Unrecognized("HF_NEW_MODEL")
    assert value == "HF_NEW_MODEL"
    assert "HF_NEW_MODEL" in {value}
    assert f"{value}" == "HF_NEW_MODEL"
    assert repr(value) == "Unrecognized('HF_NEW_MODEL')"
    assert type(pickle.loads(pickle.dumps(value))) is Unrecognized


def test_values_are_described() -> None:
    """In the specification's words; or that it has none."""
    assert describe(ModelKind.HF_BASE_MODEL) == "An LLM base model."
    assert describe(Unrecognized("X")) == f"Not in version {SPEC_VERSION} of the specification."
    with pytest.raises(ConfigurationError, match=r"ModelKind\.HF_BASE_MODEL"):
        describe("HF_BASE_MODEL")  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["hf peft addon", "HF_PEFT_ADDON", "Hf-Peft-Addon", " hf  peft  addon "])
def test_a_value_is_what_a_person_means(text: str) -> None:
    """Any case, spaces or dashes."""
    assert parse_enum(ModelKind, text) is ModelKind.HF_PEFT_ADDON


def test_what_nobody_means_names_what_is_near() -> None:
    """A misspelling is answered by the names that are near, nonsense by all of them."""
    with pytest.raises(ConfigurationError, match=r"'hf peft adon'; did you mean HF_PEFT_ADDON"):
        parse_enum(ModelKind, "hf peft adon")
    with pytest.raises(ConfigurationError, match=r"FP16.*BF16"):
        parse_enum(DeploymentPrecision, "?")


def test_only_enums_of_the_specification_are_parsed() -> None:
    """Another class raises an error that names the parameter."""
    other: Any = Phase
    with pytest.raises(ConfigurationError, match="kind must be an enum"):
        parse_enum(other, "FIRST")


def test_codes_have_their_http_status() -> None:
    """As the specification maps them."""
    assert (http_status(Code.OK), http_status(Code.CANCELLED), http_status(Code.NOT_FOUND)) == (200, 499, 404)
    assert {http_status(code) for code in Code} == {200, 499, 500, 400, 504, 404, 409, 403, 401, 429, 501, 503}
    with pytest.raises(ConfigurationError, match=r"Code\.NOT_FOUND"):
        http_status(ModelKind.HF_BASE_MODEL)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match=r"Code\.NOT_FOUND"):
        http_status("NOT_FOUND")  # type: ignore[arg-type]


def test_an_enum_is_read_by_name_and_grows() -> None:
    """A name that it lacks, and a number, are kept as they were sent."""
    kind = OpenEnum(Phase)
    assert kind.decode("FIRST") is Phase.FIRST
    assert [(type(read), read) for read in map(kind.decode, ["THIRD", 7])] == [
        (Unrecognized, "THIRD"),
        (Unrecognized, "7"),
    ]


DATES = [
    (PartialDate(2025, 11, 3), "2025-11-03", date(2025, 11, 3), date(2025, 11, 3)),
    (PartialDate(2024, 2), "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    (PartialDate(2025, 2), "2025-02", date(2025, 2, 1), date(2025, 2, 28)),
    (PartialDate(2025), "2025", date(2025, 1, 1), date(2025, 12, 31)),
    (PartialDate(9999, 12), "9999-12", date(9999, 12, 1), date(9999, 12, 31)),
]


@pytest.mark.parametrize(("partial", "text", "earliest", "latest"), DATES)
def test_a_date_lies_between_its_earliest_and_latest_day(
    partial: PartialDate, text: str, earliest: date, latest: date
) -> None:
    """The missing parts range over all their values."""
    assert str(partial) == text
    assert (partial.earliest(), partial.latest()) == (earliest, latest)


def test_an_anniversary_has_no_days() -> None:
    """Without a year there is no day to give; 29 February is a date all the same."""
    anniversary = PartialDate(month=2, day=29)
    assert str(anniversary) == "--02-29"
    for days in (anniversary.earliest, anniversary.latest):
        with pytest.raises(ValueError, match=r"^--02-29 has no year"):
            days()
    with pytest.raises(ValueError, match=r"^- has no year"):
        PartialDate().earliest()
    with pytest.raises(ValueError, match=r"^--02-29 lacks a part"):
        anniversary.to_date()
    with pytest.raises(ValueError, match="2025-02 lacks a part"):
        PartialDate(2025, 2).to_date()


@given(st.dates())
def test_a_full_date_is_a_date(day: date) -> None:
    """And the other way round."""
    partial = PartialDate(day.year, day.month, day.day)
    assert partial.to_date() == partial.earliest() == partial.latest() == day
    assert str(partial) == str(day)


@given(st.lists(st.builds(PartialDate, st.integers(0, 9999), st.integers(1, 12), st.integers(0, 28))))
def test_dates_are_ordered_and_hashed_by_their_parts(dates: list[PartialDate]) -> None:
    """Sorting is sorting by year, month and day; equal dates are one in a set."""
    assert [(d.year, d.month, d.day) for d in sorted(dates)] == sorted((d.year, d.month, d.day) for d in dates)
    assert len(set(dates)) == len({(d.year, d.month, d.day) for d in dates})


def test_no_part_at_all_is_false() -> None:
    """A date that is unset reads so, and no other."""
    assert not PartialDate()
    assert all([PartialDate(2025), PartialDate(month=2), PartialDate(2025, 2, 1), PartialDate(month=2, day=29)])


@pytest.mark.parametrize("parts", [(2025, 13), (2025, 2, 30), (2025, 0, 5), (0, 0, 5), (10_000,), (-1,), (0, 2, 30)])
def test_there_is_no_such_date(parts: tuple[int, ...]) -> None:
    """Impossible parts are refused."""
    with pytest.raises(ValueError):
        PartialDate(*parts)


BAD_IDS = ["", ".", "..", "a/b", "None", "a b", "a\n", "a?b", "a#b", "a%2Fb", 'a"b', "accounts/", "accounts/a/b", "a/"]


@pytest.mark.parametrize("text", [*BAD_IDS, "{account_id}", "//no host/accounts/a"])
def test_what_is_no_account_id_is_refused(text: str) -> None:
    """Nothing that would ask another path than the account's."""
    with pytest.raises(ConfigurationError):
        AccountName.parse(text)


@pytest.mark.parametrize("value", [5, None, b"a", "", "a/b"])
def test_what_cannot_be_an_id_is_refused_with_an_example(value: Any) -> None:
    """Of what is named: an account, or a model."""
    with pytest.raises(ConfigurationError, match=r"account_id must be one segment of a path, such as my-account"):
        AccountName(value)
    with pytest.raises(ConfigurationError, match=r"model_id must be one segment of a path, such as my-model"):
        ModelName("a", value)


@pytest.mark.parametrize("text", ["fireworks", "accounts/fireworks", "//api.fireworks.ai/accounts/fireworks"])
def test_an_account_in_every_spelling(text: str) -> None:
    """The id, the name, and the full name (AIP-122)."""
    assert AccountName.parse(text) == AccountName("fireworks")
    assert str(AccountName.parse(text)) == "accounts/fireworks"


def test_a_model_name_in_both_spellings() -> None:
    """A name, and a full name, print as a name."""
    name = "accounts/fireworks/models/llama-v3p1-8b"
    assert str(ModelName.parse(name)) == str(ModelName.parse(f"//api.fireworks.ai/{name}")) == name
    assert ModelName.parse(name) == ModelName("fireworks", "llama-v3p1-8b")


@pytest.mark.parametrize(
    "text",
    ["", "x", "models/x", "accounts/a/models/", "accounts//models/x", "/accounts/a/models/b", "accounts/a/models/b/",
     "accounts/a/deployments/b", "accounts/a/models/.."],
)  # fmt: skip
def test_what_is_no_model_name_is_refused(text: str) -> None:
    """The error says what one looks like."""
    with pytest.raises(ConfigurationError, match="must be"):
        ModelName.parse(text)
