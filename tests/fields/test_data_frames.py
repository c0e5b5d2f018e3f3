"""Rows as data frames of pandas, polars and pyarrow, with natural column types; numbers of numpy in filters."""

import io
import sys
from importlib import import_module
from typing import Any

import pytest

from fireworks_gateway import ConfigurationError, Model
from fireworks_gateway._fields.paths import Path
from fireworks_gateway._fields.rows import Rows
from fireworks_gateway.catalogue import Snapshot
from fireworks_gateway.testing import FakeGateway
from tests.shared.sample_message import Sample

# Columns, with their types in pandas and in polars.
COLUMNS: list[tuple[Path, str, str]] = [
    (Model.name, "", "String"),
    (Model.kind, "", "String"),
    (Model.create_time, "datetime64[us, UTC]", "Datetime(time_unit='us', time_zone='UTC')"),
    (Model.context_length, "int64", "Int64"),
    (Model.supports_serverless, "bool", "Boolean"),
    (Model.deprecation_date, "", "String"),
    (Model.base_model_details.parameter_count, "int64", "Int64"),
    (Model.base_model_details.moe, "bool", "Boolean"),
]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, object]]:
    """Return the rows of the base models, which have details."""
    models = FakeGateway().client().models.list(filter="kind = HF_BASE_MODEL")
    return list(models.rows([path for path, *_ in COLUMNS]))


def test_columns_have_natural_types(rows: list[dict[str, object]]) -> None:
    """Times are in UTC, numbers and booleans are no objects, and a frame of polars converts back to the rows."""
    pandas, polars = import_module("pandas"), import_module("polars")
    dtypes = {name: str(dtype).replace("[ns", "[us") for name, dtype in pandas.DataFrame(iter(rows)).dtypes.items()}
    assert {str(path): dtype for path, dtype, _ in COLUMNS if dtype}.items() <= dtypes.items()
    frame: Any = polars.DataFrame(Rows(rows))
    assert [str(dtype) for dtype in frame.dtypes] == [dtype for *_, dtype in COLUMNS]
    assert frame.to_dicts() == rows


def test_every_field_survives_parquet() -> None:
    """All columns of all models convert to an Arrow table, to a file and back."""
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
    assert types["kind"] == "string"


LATE: list[dict[str, Any]] = [
    {"name": f"accounts/fireworks/models/m{number:03}", "novel": {"rank": 1}} for number in range(150)
]
LATE[140] |= {"contextLength": 8192, "kind": "EMBEDDING_MODEL"}
LATE[149]["baseModelDetails"] = {"parameterCount": "7"}
SIZE, RANK = "base_model_details.parameter_count", "unknown_fields.novel.rank"
DERIVED = ["model_id", "context_length", "is_chat_model", SIZE, RANK]
TYPES = ["String", "Int64", "Boolean", "Int64", "Int64"]


def test_a_column_may_have_its_first_value_late() -> None:
    """Polars and pyarrow need no option: all rows decide the type of a column."""
    polars: Any = import_module("polars")
    arrow: Any = import_module("pyarrow")
    pager = FakeGateway(LATE).client().models.list()
    snapshot = Snapshot.take(pager)
    for rows in (pager.rows(DERIVED), snapshot.rows(DERIVED)):
        assert [str(dtype) for dtype in polars.DataFrame(rows).dtypes] == TYPES
    for source in (pager, snapshot):
        assert polars.DataFrame(source)["context_length"].to_list() == [*[None] * 140, 8192, *[None] * 9]
        assert arrow.table(source).column_names == list(Model({}).to_row())
    assert arrow.Table.from_pylist(snapshot.rows()).num_rows == len(snapshot.rows()) == 150


def test_pyarrow_alone_reads_a_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without polars in the process, pyarrow makes the stream."""
    arrow: Any = import_module("pyarrow")
    monkeypatch.delitem(sys.modules, "polars", raising=False)
    table = arrow.table(Rows([{"a": None}, {"a": 1}]))
    assert table.to_pylist() == [{"a": None}, {"a": 1}]


def test_pandas_reads_rows_and_refuses_models() -> None:
    """It would make one column of objects of a pager or a snapshot; the error names the remedy."""
    pandas: Any = import_module("pandas")
    pager = FakeGateway(LATE).client().models.list()
    snapshot = Snapshot.take(pager)
    for source in (pager, snapshot):
        with pytest.raises(TypeError, match=r"Pass its rows\(\) to a data frame"):
            pandas.DataFrame(source)
        frame = pandas.DataFrame(source.rows(DERIVED))
        assert list(frame.columns) == DERIVED
        assert frame["model_id"].tolist() == [f"m{number:03}" for number in range(150)]


@pytest.mark.parametrize(
    ("kind", "value"), [("int64", 7), ("int32", 7), ("uint8", 7), ("float64", 0.5), ("float32", 0.5)]
)
def test_numbers_of_numpy_are_numbers(kind: str, value: float) -> None:
    """In filters they have the text of the Python number."""
    numpy: Any = import_module("numpy")
    number = getattr(numpy, kind)(value)
    assert str(Sample.number_map["k"] >= number) == f"number_map.k >= {value}"
    if isinstance(value, int):
        assert str(Sample.second_length.in_([number])) == "second_length = 7"
        assert (
            len(FakeGateway(20).client(max_retries=number).models.list(limit=number, page_size=number).to_list()) == 7
        )
    FakeGateway().client(timeout=number, deadline=number)
    with pytest.raises(ConfigurationError):
        _ = Sample.second_length == numpy.array([1, 2])
    assert str(Sample.flag == numpy.bool_(True)) == "flag = true"
