"""Misuse list operations and their results; type checkers refuse it. Never run; `asking_wrongly.py` says what the marks are."""

# pyright: reportUnnecessaryTypeIgnoreComment=true, reportUnusedExpression=false, reportUnusedCoroutine=false
# ruff: noqa: B015, B018, E501, F841

import fireworks_gateway
from fireworks_gateway import AsyncGatewayClient, GatewayClient, Model, Pager
from fireworks_gateway.catalogue import Snapshot, diff, drift
from fireworks_gateway.specification import LIST_MODELS, ModelFields, Status
from fireworks_gateway.testing import FakeGateway, faults


def walk(client: GatewayClient, other: AsyncGatewayClient) -> None:
    """Expect another message, or pass unknown parameters."""
    client.list(LIST_MODELS, show_deleted=True)  # type: ignore[call-arg]  # ty: ignore[unknown-argument]
    client.list("models")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    client.list(LIST_MODELS.of(int))  # type: ignore[type-var]  # ty: ignore[invalid-argument-type]
    client.list(LIST_MODELS, page_size="5")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    pager: Pager[ModelFields] = other.list(LIST_MODELS)  # type: ignore[assignment]  # ty: ignore[invalid-assignment]
    models: Pager[Model] = client.list(LIST_MODELS)  # type: ignore[arg-type]  # ty: ignore[invalid-assignment]
    fireworks_gateway.BaseModelDetails  # type: ignore[attr-defined]  # ty: ignore[missing-attribute]
    Status({}).message = "x"  # type: ignore[assignment]  # ty: ignore[invalid-assignment]
    Status([])  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    Status.message > 5  # type: ignore[operator]  # ty: ignore[unsupported-operator]


def keep(client: GatewayClient, other: AsyncGatewayClient, kept: Snapshot) -> None:
    """Pass arguments that are neither a listing nor a snapshot."""
    Snapshot.take(client.models.list().to_list())  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    Snapshot.take(other.models.list())  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    Snapshot.take_async(client.models.list())  # type: ignore[arg-type, unused-coroutine]  # ty: ignore[invalid-argument-type, unused-awaitable]
    kept.models = ()  # type: ignore[misc]  # ty: ignore[invalid-assignment]
    diff(kept)  # type: ignore[call-arg]  # ty: ignore[missing-argument]
    diff(kept, "file.jsonl")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    drift(other.models.list())  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]


def fake() -> None:
    """Wrong arguments of a fake gateway."""
    FakeGateway("models")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    FakeGateway(faults=faults.busy())  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    FakeGateway(faults=["busy"])  # type: ignore[list-item]  # ty: ignore[invalid-argument-type]
    FakeGateway().client(retries=5)  # type: ignore[call-arg]  # not ty
