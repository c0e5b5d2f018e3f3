"""Rows: flat dictionaries of the values of models."""

import asyncio
import logging
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fireworks_gateway import ConfigurationError, Model
from fireworks_gateway._fields.messages import fields_of
from fireworks_gateway._fields.paths import Path, column_steps, format_path
from fireworks_gateway.catalogue import diff
from fireworks_gateway.testing import FakeGateway, model_payload
from tests.shared.field_paths import field_paths
from tests.shared.json_values import JSON_VALUES
from tests.shared.sample_message import Sample, sample_payload
from tests.shared.sent_requests import query_of

# fmt: off
# The column, the JSON key, and values there with their cells.
CELLS: list[tuple[str, str, list[tuple[Any, Any]]]] = [
    ("display_name", "displayName", [("モデル", "モデル"), ("", ""), (None, None)]),
    ("context_length", "contextLength", [("8192", 8192)]),
    ("contextLength", "contextLength", [(0, 0)]),
    ("flag", "flag", [(False, False)]),
    ("kind", "kind", [("HF_BASE_MODEL", "HF_BASE_MODEL"), ("HF_NEW_MODEL", "HF_NEW_MODEL"), (17, "17")]),
    ("create_time", "createTime", [("2023-11-21T07:10:13+05:30", datetime(2023, 11, 21, 1, 40, 13, tzinfo=UTC))]),
    ("deprecation_date", "deprecationDate", [
        ({"year": 2026, "month": 3, "day": 1}, "2026-03-01"), ({"year": 2026, "month": 3}, "2026-03"),
        ({"year": 0}, None), (None, None),
    ]),
    ("deprecation_date.year", "deprecationDate", [({"year": 2026, "month": 3}, 2026), (None, None)]),
    ("baseModelDetails.parameterCount", "baseModelDetails", [({"parameterCount": "8128000000"}, 8128000000)]),
    ("base_model_details.moe", "baseModelDetails", [({}, None), (None, None)]),
    ("text_list", "textList", [(["a", "b"], ["a", "b"]), ([], [])]),
    ("child_list", "childList", [([], "[]"), ([{"name": "d", "x": 1}], '[{"name": "d", "x": 1}]')]),
    ("number_map", "numberMap", [
        ({"top_p": 0.5, "top_k": 5}, '{"top_k": 5.0, "top_p": 0.5}'), ({"a": "NaN"}, '{"a": "NaN"}'),
    ]),
    ("number_map.top_p", "numberMap", [({"top_p": "1e-06"}, 1e-06), ({}, None)]),
    ("number_map.items", "numberMap", [({"items": 2}, 2.0)]),
    ("nothing", "nothing", [({}, "{}"), (None, None)]),
]
# fmt: on


@pytest.mark.parametrize(
    ("column", "key", "sent", "cell"), [(column, key, *row) for column, key, rows in CELLS for row in rows]
)
def test_a_cell_is_plain(column: str, key: str, sent: Any, cell: Any) -> None:
    """A cell has a type that data frames know, under its path in snake_case."""
    row = Sample({key: sent}).to_row([column])
    assert row == {format_path(step.name for step in column_steps(Sample, column)): cell}
    assert type(next(iter(row.values()))) is type(cell)


@pytest.mark.parametrize("time", ["0001-01-01 00:00:00+05:30", "9999-12-31 23:00:00-05:30"])
def test_a_time_outside_the_years_of_utc_keeps_its_offset(time: str) -> None:
    """Every other time is converted to UTC, so that a column has one offset."""
    assert str(Sample({"createTime": time.replace(" ", "T")}).to_row(["create_time"])["create_time"]) == time


def test_columns_keep_their_order() -> None:
    """Columns are paths and fields in either spelling; a message expands to its parts; duplicates are dropped."""
    columns: list[Path] = [
        "part.owner_name", Sample.name, "baseModelDetails.moe", Sample.part, Sample.deprecation_date.year
    ]  # fmt: skip
    row = Sample({"name": "n", "part": {"size": 5, "ownerName": "x"}}).to_row(columns)
    assert " ".join(row) == "part.owner_name name base_model_details.moe part.size part.labels deprecation_date.year"
    assert list(row.values()) == ["x", "n", None, 5, None, None]


def test_an_unreadable_value_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """An unreadable value gives None and one warning, for a message with several columns too."""
    model = Sample(
        {"name": "n", "contextLength": "long", "baseModelDetails": "x", "status": {"code": [], "message": "m"}}
    )
    with caplog.at_level(logging.WARNING, "fireworks_gateway"):
        row = model.to_row()
    assert (row["name"], row["status.message"]) == ("n", "m")
    assert row["context_length"] is row["base_model_details.moe"] is row["status.code"] is None
    warnings = sorted(record.getMessage().partition(" must")[0] for record in caplog.records)
    assert warnings == ["base_model_details of n", "context_length of n", "status.code of n"]


REFUSED: list[tuple[Any, str]] = [
    (["name", "conext_length"], "did you mean context_length"),
    (["servng"], "did you mean serving?"),
    (["region"], "a field that the specification lacks is unknown_fields.NAME"),
    ("name", "columns must be a list"),
    (Sample.name, "columns must be a list"),
    (Sample.status, "columns must be a list"),
    ([], "columns must not be empty"),
    ([Sample], "paths or fields"),
]


@pytest.mark.parametrize(("columns", "complaint"), REFUSED)
def test_an_unknown_column_is_refused(columns: Any, complaint: str) -> None:
    """The call raises before a request is sent, and suggests near names."""
    gateway = FakeGateway()
    for rows in (Sample({}).to_row, gateway.client().models.list().rows, gateway.async_client().models.list().rows):
        with pytest.raises(ConfigurationError) as raised:
            rows(columns)
        assert complaint in str(raised.value)
    assert gateway.requests == []


def test_a_listing_returns_rows() -> None:
    """Rows are fetched lazily, sync and async, with the limit and prefetch of the listing."""
    gateway = FakeGateway()
    pager = gateway.client().models.list(page_size=50, limit=120)
    columns: list[Path] = ["name", Sample.kind, "base_model_details.moe"]
    expected = [model.to_row(columns) for model in pager]

    async def rows() -> list[dict[str, object]]:
        listing = gateway.async_client().models.list(page_size=50, limit=120, prefetch=True)
        return [row async for row in listing.rows(columns)]

    assert list(pager.rows(columns)) == asyncio.run(rows()) == expected
    assert len(expected) == 120
    before = len(gateway.requests)
    assert next(pager.rows()) == next(iter(pager)).to_row()
    assert len(gateway.requests) == before + 2
    assert {name for request in gateway.requests for name in query_of(request)} == {"page_size", "page_token"}


PATHS = [path.snake for path in field_paths(Sample)]
LEAVES = [path for path in PATHS if not any(other.startswith(f"{path}.") for other in PATHS)]
PLAIN = (str, int, float, bool, datetime, type(None))


DERIVED: list[tuple[str, Any]] = [
    ("model_id", "m"),
    ("account_id", "a"),
    ("resource_name", "accounts/a/models/m"),
    ("is_base_model", True),
    ("serving", "ENDED"),
    ("days_left", -1),
    ("unknown_fields", '{"a.b": 1, "novel": {"key": ["x"]}}'),
    ("unknown_fields.novel", '{"key": ["x"]}'),
    ("unknown_fields.novel.key", ["x"]),
    ("unknown_fields.a.b", 1),
    ("unknown_fields.absent.key", None),
    ("base_model_details.unknown_fields.fancy", 2.5),
    ("status.unknown_fields.fancy", None),
]
DERIVED_FROM = Model(
    {
        "name": "accounts/a/models/m",
        "kind": "HF_BASE_MODEL",
        "deprecationDate": {"year": 2026, "month": 3, "day": 1},
        "baseModelDetails": {"fancy": 2.5},
        "novel": {"key": ["x"]},
        "a.b": 1,
    }
)


@pytest.mark.parametrize(("column", "cell"), DERIVED)
def test_a_column_may_be_no_field(column: str, cell: object) -> None:
    """Properties, the serving status on a day, and unknown fields by the path that `diff` prints."""
    assert DERIVED_FROM.to_row([column, "name"], on=date(2026, 3, 2)) == {column: cell, "name": "accounts/a/models/m"}


def test_the_paths_of_a_difference_are_columns() -> None:
    """Every changed field has a cell, whether the specification has it or not."""
    changes = diff([Model({"name": "accounts/a/models/m"})], [DERIVED_FROM]).changed[0].fields
    row = DERIVED_FROM.to_row([each.path for each in changes])
    assert [each.path for each in changes] == list(row)
    assert all(row.values())


def test_a_property_that_raises_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Its cell is None, as that of a malformed field."""
    assert Model({"name": "mine"}).to_row(["model_id"]) == {"model_id": None}
    assert "the row has None there" in caplog.text


@given(st.dictionaries(st.sampled_from([field.key for field in fields_of(Sample).values()]), JSON_VALUES))
@example({})
@example(model_payload())
@example(sample_payload(status={}, part={}, baseModelDetails={}))
def test_any_payload_has_a_row_of_plain_cells(payload: dict[str, Any]) -> None:
    """A row has every column, every cell has a type that data frames know, and times have a zone."""
    row = Sample(payload).to_row()
    assert list(row) == LEAVES
    waiting = [*row.values()]
    for cell in waiting:
        assert type(cell) in {*PLAIN, list}
        assert not isinstance(cell, datetime) or cell.tzinfo is not None
        waiting += cell if isinstance(cell, list) else []
