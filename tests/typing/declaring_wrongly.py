"""What type checkers refuse of resources that users declare. Never run; `asking_wrongly.py` says what the marks are."""

# pyright: reportUnnecessaryTypeIgnoreComment=true, reportUnusedExpression=false, reportUnusedCoroutine=false
# ruff: noqa: B015, F841

from __future__ import annotations

from types import ModuleType

from fireworks_gateway import AsyncGatewayClient, Field, GatewayClient, Model, Pager, PEFTDetails
from fireworks_gateway.catalogue import Snapshot, diff, drift
from fireworks_gateway.fields import Flag, Message, MessageField, Reader, integer, list_of, string
from fireworks_gateway.testing import FakeGateway, faults


class Wrong(Message):
    """Fields that cannot be."""

    name = Field("name", string)  # type: ignore[call-arg]  # ty: ignore[missing-argument]
    size = Field("size", int, doc="")  # type: ignore[arg-type, var-annotated]  # ty: ignore[invalid-argument-type]
    count: Field[str] = Field("count", integer, doc="")  # type: ignore[arg-type]  # ty: ignore[invalid-assignment]
    sizes = Field("sizes", list_of(int), doc="")  # type: ignore[arg-type, var-annotated]  # ty: ignore[invalid-argument-type]
    flag = Flag("flag", integer, doc="")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    part = MessageField("part", int, doc="")  # type: ignore[type-var]  # ty: ignore[invalid-argument-type]
    read = Field("read", Reader(len), doc="")  # type: ignore[call-arg]  # ty: ignore[missing-argument]


def walk(client: GatewayClient, other: AsyncGatewayClient, endpoint: ModuleType) -> None:
    """What a listing of anything does not take."""
    client.list(endpoint, show_deleted=True)  # type: ignore[call-overload]  # not ty
    client.list(endpoint, item=int)  # type: ignore[type-var]  # ty: ignore[no-matching-overload]
    client.list(endpoint, item=PEFTDetails({}))  # type: ignore[call-overload]  # ty: ignore[no-matching-overload]
    client.list("models")  # type: ignore[call-overload]  # ty: ignore[invalid-argument-type]
    pager: Pager[PEFTDetails] = other.list(endpoint, item=PEFTDetails)  # type: ignore[assignment]  # ty: ignore[invalid-assignment]
    models: Pager[Model] = client.list(endpoint, item=PEFTDetails)  # type: ignore[arg-type]  # ty: ignore[invalid-assignment]
    PEFTDetails({}).r = 5  # type: ignore[assignment]  # ty: ignore[invalid-assignment]
    PEFTDetails([])  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    PEFTDetails.r > "5"  # type: ignore[operator]  # ty: ignore[unsupported-operator]


def keep(client: GatewayClient, other: AsyncGatewayClient, kept: Snapshot) -> None:
    """What makes no snapshot, and what cannot be compared."""
    Snapshot.take(client.models.list().to_list())  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    Snapshot.take(other.models.list())  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    Snapshot.take_async(client.models.list())  # type: ignore[arg-type, unused-coroutine]  # ty: ignore[invalid-argument-type, unused-awaitable]
    kept.models = ()  # type: ignore[misc]  # ty: ignore[invalid-assignment]
    kept.save(5)  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    diff(kept)  # type: ignore[call-arg]  # ty: ignore[missing-argument]
    diff(kept, "file.jsonl")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    diff(kept, kept, ignore=[5])  # type: ignore[list-item]  # ty: ignore[invalid-argument-type]
    drift(other.models.list())  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]


def fake() -> None:
    """What a fake gateway does not take."""
    FakeGateway("models")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    FakeGateway(faults=faults.busy())  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
    FakeGateway(faults=["busy"])  # type: ignore[list-item]  # ty: ignore[invalid-argument-type]
    FakeGateway().client(retries=5)  # type: ignore[call-arg]  # not ty
    FakeGateway().put("accounts/a/models/b")  # type: ignore[arg-type]  # ty: ignore[invalid-argument-type]
