"""Rows make data frames: with pandas, polars and pyarrow as they are, columns have the types one would give them."""

from __future__ import annotations

import io
from importlib import import_module
from typing import Any

import pytest

from fireworks_gateway import Model
from fireworks_gateway._fields.paths import Path
from fireworks_gateway.testing import FakeGateway

COLUMNS: list[Path] = [
    Model.name,
    Model.kind,
    Model.create_time,
    Model.context_length,
    Model.public,
    Model.deprecation_date,
    Model.base_model_details.parameter_count,
    Model.base_model_details.moe,
    Model.base_model_details.huggingface_files,
    "default_sampling_params",
    "default_sampling_params.top_p",
]
BASE_MODELS = "kind = HF_BASE_MODEL"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, object]]:
    """Return the rows of the base models, which have details."""
    return list(FakeGateway().client().models.list(filter=BASE_MODELS).rows(COLUMNS))


def test_pandas_makes_a_frame(rows: list[dict[str, object]]) -> None:
    """Times are times in UTC, numbers and truth values no objects, and what is absent is missing."""
    pandas: Any = import_module("pandas")
    frame = pandas.DataFrame(iter(rows))
    dtypes = {name: str(dtype) for name, dtype in frame.dtypes.items()}
    assert dtypes["create_time"] in ("datetime64[us, UTC]", "datetime64[ns, UTC]")
    assert dtypes["context_length"] == dtypes["base_model_details.parameter_count"] == "int64"
    assert dtypes["public"] == dtypes["base_model_details.moe"] == "bool"
    assert dtypes["default_sampling_params.top_p"] == "float64"
    assert frame["deprecation_date"].isna().sum() == sum(row["deprecation_date"] is None for row in rows) > 0
    assert frame["name"].tolist() == [row["name"] for row in rows]


def test_polars_makes_a_frame(rows: list[dict[str, object]]) -> None:
    """With a type for each column, and the rows come back."""
    polars: Any = import_module("polars")
    frame = polars.DataFrame(rows, infer_schema_length=None)
    assert [str(dtype) for dtype in frame.dtypes] == [
        "String",
        "String",
        "Datetime(time_unit='us', time_zone='UTC')",
        "Int64",
        "Boolean",
        "String",
        "Int64",
        "Boolean",
        "List(String)",
        "String",
        "Float64",
    ]
    assert frame.to_dicts() == rows


def test_every_field_survives_parquet() -> None:
    """All columns of all models, through an Arrow table into a file and back."""
    arrow: Any = import_module("pyarrow")
    parquet: Any = import_module("pyarrow.parquet")
    rows = list(FakeGateway().client().models.list().rows())
    file = io.BytesIO()
    parquet.write_table(arrow.Table.from_pylist(rows), file)
    table = parquet.read_table(file)
    assert table.to_pylist() == rows
    types = {field.name: str(field.type) for field in table.schema}
    assert types["create_time"] == "timestamp[us, tz=UTC]"
    assert types["context_length"] == types["base_model_details.parameter_count"] == "int64"
    assert types["base_model_details.huggingface_files"].startswith("list<")
    assert types["default_sampling_params"] == types["deployed_model_refs"] == types["kind"] == "string"
