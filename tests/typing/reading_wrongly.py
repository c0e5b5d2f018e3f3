"""Programs that read and have type errors. Never run; `asking_wrongly.py` explains the marks."""

# pyright: reportUnnecessaryTypeIgnoreComment=true, reportUnusedExpression=false, reportUnusedCoroutine=false
# ruff: noqa: B018, F841

from datetime import date

from fireworks_gateway import GatewayClient, Model, ModelKind, PartialDate
from fireworks_gateway.specification import Status


def assign(model: Model) -> None:
    """Change a model, which is read-only."""
    model.name = "x"  # type: ignore[assignment]  # ty: ignore[invalid-assignment]
    model.base_model_details = None  # type: ignore[assignment]  # ty: ignore[invalid-assignment]
    model.payload["name"] = "x"  # type: ignore[index]  # ty: ignore[invalid-assignment]
    model.is_base_model = True  # type: ignore[misc]  # ty: ignore[invalid-assignment]
    Model({}).colour = "red"  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]


def read(model: Model) -> None:
    """Optional values, other types, and missing attributes."""
    print(model.nonsense)  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]
    print(model.context_length + 1)  # type: ignore[operator]  # ty: ignore[unsupported-operator]
    print(model.base_model_details.moe)  # type: ignore[union-attr]  # ty: ignore[missing-union-attribute]
    model.name.upper()  # type: ignore[union-attr]  # ty: ignore[missing-union-attribute]
    kind: ModelKind | None = model.kind  # type: ignore[assignment]  # ty: ignore[invalid-assignment]
    day: date | None = model.deprecation_date  # type: ignore[assignment]  # ty: ignore[invalid-assignment]
    details: Status | None = model.base_model_details  # type: ignore[assignment]  # ty: ignore[invalid-assignment]
    model.serving_status(on="2026-01-01")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    model.serving_status().calable  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]
    model.to_row(columns=[5])  # type: ignore[list-item]  # ty: ignore[invalid-argument-type]
    PartialDate("2026")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    if model.serving_status():  # pyright: ignore[reportGeneralTypeIssues]  # ty: ignore[unsupported-bool-conversion]  # not mypy
        print(model)


def walk(client: GatewayClient) -> None:
    """Pass unknown or wrong arguments."""
    client.models.list(filtre="x")  # type: ignore[call-arg]  # ty: ignore[unknown-argument]
    client.models.list(page_size="7")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    client.models.list("fireworks")  # type: ignore[call-arg]  # ty: ignore[too-many-positional-arguments]
    client.models.list(read_mask=[5])  # type: ignore[list-item]  # ty: ignore[invalid-argument-type]
    client.models.list(read_mask=Model.name)  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    client.models.list(on_malformed="ignore")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    client.models.get(5)  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    client.models.list()[0]  # type: ignore[index]  # ty: ignore[not-subscriptable]
    len(client.models.list())  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    client.models.list().rows("name", "kind")  # type: ignore[call-arg]  # ty: ignore[too-many-positional-arguments]
    GatewayClient("key")  # type: ignore[call-arg]  # ty: ignore[too-many-positional-arguments]
