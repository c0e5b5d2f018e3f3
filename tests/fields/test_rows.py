"""Rows: flat, plain, in the order asked, and no less than the models say."""

from __future__ import annotations

import asyncio
import json
import logging
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import ConfigurationError, GatewayClient, Model, TransportError
from fireworks_gateway._fields.kinds import MessageOf
from fireworks_gateway._fields.messages import Message, fields_of
from fireworks_gateway._fields.paths import Path, column_steps, format_path
from fireworks_gateway.testing import FakeGateway, FaultServer, faults, model_payload

# The column that is asked for, the JSON key, what was sent there, the cell.
CELLS: list[tuple[str, str, Any, Any]] = [
    ("display_name", "displayName", "モデル", "モデル"),
    ("display_name", "displayName", "", ""),
    ("display_name", "displayName", None, None),
    ("context_length", "contextLength", "8192", 8192),
    ("contextLength", "contextLength", 0, 0),
    ("public", "public", False, False),
    ("kind", "kind", "HF_BASE_MODEL", "HF_BASE_MODEL"),
    ("kind", "kind", "HF_NEW_MODEL", "HF_NEW_MODEL"),
    ("kind", "kind", 17, "17"),
    ("create_time", "createTime", "2023-11-21T07:10:13+05:30", datetime(2023, 11, 21, 1, 40, 13, tzinfo=UTC)),
    ("deprecation_date", "deprecationDate", {"year": 2026, "month": 3, "day": 1}, "2026-03-01"),
    ("deprecation_date", "deprecationDate", {"year": 2026, "month": 3}, "2026-03"),
    ("deprecation_date", "deprecationDate", {"year": 0}, None),
    ("deprecation_date", "deprecationDate", None, None),
    ("deprecation_date.year", "deprecationDate", {"year": 2026, "month": 3}, 2026),
    ("deprecationDate.day", "deprecationDate", {"year": 2026, "month": 3}, 0),
    ("deprecation_date.year", "deprecationDate", None, None),
    ("baseModelDetails.parameterCount", "baseModelDetails", {"parameterCount": "8128000000"}, 8128000000),
    ("base_model_details.moe", "baseModelDetails", {}, None),
    ("base_model_details.moe", "baseModelDetails", None, None),
    ("base_model_details.huggingface_files", "baseModelDetails", {"huggingfaceFiles": ["a", "b"]}, ["a", "b"]),
    ("base_model_details.huggingface_files", "baseModelDetails", {"huggingfaceFiles": []}, []),
    ("deployed_model_refs", "deployedModelRefs", [], "[]"),
    ("deployed_model_refs", "deployedModelRefs", [{"name": "d", "x": 1}], '[{"name": "d", "x": 1}]'),
    ("default_sampling_params", "defaultSamplingParams", {"top_p": 0.5, "top_k": 5}, '{"top_k": 5.0, "top_p": 0.5}'),
    ("default_sampling_params", "defaultSamplingParams", {"a": "-Infinity"}, '{"a": "-Infinity"}'),
    ("default_sampling_params", "defaultSamplingParams", {"a": "NaN"}, '{"a": "NaN"}'),
    ("default_sampling_params", "defaultSamplingParams", {}, "{}"),
    ("default_sampling_params.top_p", "defaultSamplingParams", {"top_p": "1e-06"}, 1e-06),
    ("default_sampling_params.top_p", "defaultSamplingParams", {}, None),
    ("default_sampling_params.items", "defaultSamplingParams", {"items": 2}, 2.0),
    ("teft_details", "teftDetails", {}, "{}"),
    ("teft_details", "teftDetails", None, None),
]


@pytest.mark.parametrize(("column", "key", "sent", "cell"), CELLS)
def test_a_cell_is_plain(column: str, key: str, sent: Any, cell: Any) -> None:
    """Of exactly the type that data frames know, under the path as the specification spells it."""
    row = Model({key: sent}).to_row([column])
    assert row == {format_path(step.name for step in column_steps(Model, column)): cell}
    assert type(next(iter(row.values()))) is type(cell)


@pytest.mark.parametrize(
    ("sent", "cell"),
    [
        ("2023-11-21T07:10:13+05:30", "2023-11-21T01:40:13+00:00"),
        ("2023-11-21T01:40:13Z", "2023-11-21T01:40:13+00:00"),
        ("0001-01-01T00:00:00+05:30", "0001-01-01T00:00:00+05:30"),
        ("9999-12-31T23:00:00-05:30", "9999-12-31T23:00:00-05:30"),
    ],
)
def test_a_time_is_in_utc_where_utc_has_it(sent: str, cell: str) -> None:
    """A column of times has one offset; a time before the first year of UTC, or after the last, stays as it is."""
    assert str(Model({"createTime": sent}).to_row(["create_time"])["create_time"]) == cell.replace("T", " ")


def leaves(message: type[Message], above: str = "") -> list[str]:
    """Return the paths of all fields that hold no fields."""
    found: list[str] = []
    for name, field in fields_of(message).items():
        inner = field.kind.message if isinstance(field.kind, MessageOf) else None
        found += leaves(inner, f"{above}{name}.") if inner and fields_of(inner) else [f"{above}{name}"]
    return found


@pytest.mark.parametrize(
    "payload", [{}, model_payload(), model_payload(status={}, peftDetails={}, baseModelDetails={})]
)
def test_every_row_has_every_column(payload: dict[str, Any]) -> None:
    """By default all fields, those of messages in their place, whatever was sent."""
    assert list(Model(payload).to_row()) == leaves(Model)


def test_columns_come_in_the_order_asked() -> None:
    """Paths and fields in either spelling; a message is its parts; what is asked for twice comes once."""
    asked: list[Path] = [
        "status.message",
        Model.name,
        "baseModelDetails.moe",
        Model.status,
        Model.deprecation_date.year,
    ]
    row = Model({"name": "n", "status": {"code": "OK", "message": "Preparing"}}).to_row(asked)
    assert list(row.items()) == [
        ("status.message", "Preparing"),
        ("name", "n"),
        ("base_model_details.moe", None),
        ("status.code", "OK"),
        ("deprecation_date.year", None),
    ]


def test_what_cannot_be_read_costs_its_cell_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """One warning for a field, and one for a message however many columns it has."""
    model = Model(
        {"name": "n", "contextLength": "long", "baseModelDetails": "x", "status": {"code": [], "message": "m"}}
    )
    with caplog.at_level(logging.WARNING, "fireworks_gateway"):
        row = model.to_row()
    assert (row["name"], row["status.message"]) == ("n", "m")
    assert row["context_length"] is row["base_model_details.moe"] is row["status.code"] is None
    said = [record.getMessage().partition(" should")[0] for record in caplog.records]
    assert said == ["base_model_details of n", "status.code of n", "context_length of n"]


@pytest.mark.parametrize(
    ("columns", "complaint"),
    [
        (["name", "conext_length"], "did you mean context_length"),
        (["moe"], "did you mean base_model_details.moe?"),
        ("name", "columns must be a list"),
        (Model.name, "columns must be a list"),
        (Model.status, "columns must be a list"),
        (7, "columns must be a list"),
        ([], "columns must not be empty"),
        ([7], "paths or fields"),
        ([["name"]], "paths or fields"),
        ([Model], "paths or fields"),
    ],
)
def test_a_column_that_is_none_is_refused_at_the_call(columns: Any, complaint: str) -> None:
    """Before anything is sent, and with what is near."""
    gateway = FakeGateway()
    for asked in (Model({}).to_row, gateway.client().models.list().rows, gateway.async_client().models.list().rows):
        with pytest.raises(ConfigurationError) as raised:
            asked(columns)
        assert complaint in str(raised.value)
    assert gateway.requests == []


def test_a_listing_gives_the_rows_of_its_models() -> None:
    """Lazily, sync and async, with limit and prefetch as the listing has them."""
    gateway = FakeGateway()
    pager = gateway.client().models.list(page_size=50, limit=120)
    columns: list[Path] = ["name", Model.kind, "base_model_details.moe"]
    expected = [model.to_row(columns) for model in pager]

    async def rows() -> list[dict[str, object]]:
        listing = gateway.async_client().models.list(page_size=50, limit=120, prefetch=True)
        return [row async for row in listing.rows(columns)]

    assert list(pager.rows(columns)) == asyncio.run(rows()) == expected
    assert len(expected) == 120
    before = len(gateway.requests)
    assert next(pager.rows()) == next(iter(pager)).to_row()
    assert len(gateway.requests) == before + 2
    assert {name for request in gateway.requests for name, _ in request.query} == {"pageSize", "pageToken"}


def test_rows_go_on_after_an_error() -> None:
    """As models do: the iterator survives, and its bookmark is good for a listing of models and of rows."""
    gateway = FakeGateway(30)
    broken = [None, faults.reset_before(), None]
    with (
        FaultServer(gateway.reply, broken) as url,
        GatewayClient(base_url=url, api_key="fake-key", account_id="fireworks", max_retries=0) as client,
    ):
        pager = client.models.list(page_size=20)
        rows = pager.rows(["name"])
        taken = [next(rows) for _ in range(20)]
        with pytest.raises(TransportError) as raised:
            next(rows)
        bookmark = rows.bookmark
        assert raised.value.bookmark == bookmark
        rest = list(rows)
        assert list(pager.resume(rows.bookmark).rows()) == []
        assert list(pager.resume(bookmark).rows(["name"])) == rest
    assert [row["name"] for row in taken + rest] == [model.name for model in FakeGateway(30).client().models.list()]


any_value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
PLAIN = (str, int, float, bool, datetime, type(None))


@given(st.dictionaries(st.sampled_from([field.key for field in fields_of(Model).values()]), any_value))
def test_any_payload_has_a_row_of_plain_cells(payload: dict[str, Any]) -> None:
    """Every column is there, every cell is of a type that data frames know, and aware where it is a time."""
    row = Model(payload).to_row()
    assert list(row) == leaves(Model)
    for cell in row.values():
        cells = cell if isinstance(cell, list) else [cell]
        assert all(type(each) in PLAIN for each in cells)
        assert all(each.tzinfo is not None for each in cells if isinstance(each, datetime))


numbers = st.dictionaries(st.text(max_size=3), st.floats(allow_nan=False) | st.integers(-(2**53), 2**53), max_size=3)


@given(numbers, st.lists(st.dictionaries(st.text(max_size=3), numbers | st.text(max_size=3), max_size=3), max_size=3))
def test_cells_of_json_say_what_was_sent(parameters: dict[str, float], refs: list[dict[str, Any]]) -> None:
    """A map and a list of messages come back from their text."""
    row = Model({"defaultSamplingParams": parameters, "deployedModelRefs": refs}).to_row()
    finite = {key: value for key, value in parameters.items() if math.isfinite(value)}
    read = json.loads(str(row["default_sampling_params"]))
    assert {key: value for key, value in read.items() if not isinstance(value, str)} == finite
    assert read.keys() == parameters.keys()
    assert json.loads(str(row["deployed_model_refs"])) == refs
