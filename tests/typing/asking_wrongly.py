"""What type checkers refuse to be asked. Never run: were a line accepted, its ignore would be unused, and refused.

Everything can be compared with `==`, so a comparison with a value of another type is refused only where it is used: it
is a `bool`, and no filter.
"""

# A `type: ignore` is for both checkers, and each is to need it.
# pyright: reportUnnecessaryTypeIgnoreComment=true, reportUnusedExpression=false
# ruff: noqa: B015, B018, E711

from __future__ import annotations

from datetime import date

from fireworks_gateway import GatewayClient, Model, ModelKind, ModelState


def compare() -> None:
    """Values of another type, and orders of what has none."""
    Model.context_length >= "128000"  # type: ignore[operator]
    Model.context_length > 1.5  # type: ignore[operator]
    Model.context_length > None  # type: ignore[operator]
    Model.name < 5  # type: ignore[operator]
    Model.create_time > date(2026, 1, 1)  # type: ignore[operator]
    Model.create_time > "2026-01-01T00:00:00Z"  # type: ignore[operator]
    Model.deprecation_date < "2026-01-01"  # type: ignore[operator]
    Model.deprecation_date < 2026  # type: ignore[operator]
    Model.default_sampling_params["temperature"] > "hot"  # type: ignore[operator]
    Model.kind < ModelKind.HF_BASE_MODEL  # type: ignore[operator]
    Model.public > False  # type: ignore[operator]
    Model.base_model_details > 1  # type: ignore[operator]
    Model.default_sampling_params > 1  # type: ignore[operator]


def ask() -> None:
    """Methods that the field has no use for."""
    Model.kind.in_([ModelState.READY])  # type: ignore[list-item]
    Model.context_length.in_(["1"])  # type: ignore[list-item]
    Model.context_length.startswith("1")  # type: ignore[misc]
    Model.kind.startswith("HF_")  # type: ignore[misc]
    Model.name.has("x")  # type: ignore[misc]
    Model.base_model_details.huggingface_files.has(5)  # type: ignore[arg-type]
    Model.name["x"]  # type: ignore[misc]
    Model.default_sampling_params[0]  # type: ignore[index]
    Model.base_model_details.desc()  # type: ignore[attr-defined]
    Model.base_model_details.has(5)  # type: ignore[arg-type]
    Model.kindd  # type: ignore[attr-defined]
    Model.kind.isset()  # type: ignore[attr-defined]
    Model.status.codee  # type: ignore[attr-defined]
    Model({}).kindd  # type: ignore[attr-defined]


def combine() -> None:
    """What is no condition."""
    Model.supports_serverless & Model.context_length  # type: ignore[operator]
    Model.supports_serverless & "public = true"  # type: ignore[operator]
    ~Model.context_length  # type: ignore[operator]
    (Model.context_length > 1) & Model.name  # type: ignore[operator]
    (Model.context_length > 1) & Model.context_length > 5  # type: ignore[operator]
    Model.public & (Model.context_length == "5")  # type: ignore[operator]


def list_models(client: GatewayClient) -> None:
    """Fields that are no condition, and comparisons that are none."""
    client.models.list(filter=Model.context_length)  # type: ignore[arg-type]
    client.models.list(filter=Model.kind == "HF_BASE_MODEL")  # type: ignore[arg-type]
    client.models.list(filter=Model.name != None)  # type: ignore[arg-type]
    client.models.list(filter=Model.base_model_details)  # type: ignore[arg-type]
    client.models.list(order_by=Model.base_model_details)  # type: ignore[arg-type]
    client.models.list(order_by=[Model.context_length > 1])  # type: ignore[list-item]
