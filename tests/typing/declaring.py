"""What type checkers make of a resource that users declare. Never run: `make types` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import ModuleType
from typing import assert_type

from fireworks_gateway import (
    AsyncGatewayClient,
    AsyncPager,
    Field,
    GatewayClient,
    ModelState,
    Pager,
    PartialDate,
    Unrecognized,
)
from fireworks_gateway.fields import (
    DateField,
    Flag,
    Message,
    MessageField,
    Reader,
    boolean,
    integer,
    integer64,
    list_of,
    map_of,
    number,
    open_enum,
    partial_date,
    string,
    timestamp,
    view_of,
)
from fireworks_gateway.filters import Filter


class Placement(Message):
    """Where a deployment runs."""

    region = Field("region", string, doc="Which region.")
    spare = Flag("spare", doc="Whether it may be taken away.")


class Deployment(Message):
    """A resource that the package does not have."""

    name = Field("name", string, doc="The resource name.")
    state: Field[ModelState | Unrecognized] = Field("state", open_enum(ModelState), doc="What it is doing.")
    create_time = Field("createTime", timestamp, doc="When it was created.")
    replica_count = Field("replicaCount", integer, doc="How many replicas it has.")
    token_count = Field("tokenCount", integer64, doc="How many tokens it has seen.")
    load = Field("load", number, doc="How busy it is, 0 to 1.")
    pinned = Field("pinned", boolean, doc="Whether it stays.")
    public = Flag("public", doc="Whether everybody may ask it.")
    end = DateField("end", doc="Until when it runs.")
    begin = Field("begin", partial_date, doc="Since when it runs.")
    placement = MessageField("placement", Placement, doc="Where it runs.")
    past: Field[tuple[Placement, ...]] = Field("past", list_of(view_of(Placement)), doc="Where it ran.")
    labels = Field("labels", map_of(string), doc="What it is called by whom.")


def shout(value: object) -> str:
    """Return a text in capitals, or raise ValueError, as a reader has to."""
    if isinstance(value, str):
        return value.upper()
    raise ValueError


class Shouted(Message):
    """A message with a field that is read in a way of one's own."""

    name = Field("name", Reader(shout, "a text to shout"), doc="The name, in capitals.")


def read(deployment: Deployment, shouted: Shouted) -> None:
    """On an instance a field is its value, or None."""
    assert_type(deployment.name, str | None)
    assert_type(deployment.state, ModelState | Unrecognized | None)
    assert_type(deployment.create_time, datetime | None)
    assert_type(deployment.replica_count, int | None)
    assert_type(deployment.token_count, int | None)
    assert_type(deployment.load, float | None)
    assert_type(deployment.pinned, bool | None)
    assert_type(deployment.public, bool | None)
    assert_type(deployment.end, PartialDate | None)
    assert_type(deployment.begin, PartialDate | None)
    assert_type(deployment.placement, Placement | None)
    assert_type(deployment.past, tuple[Placement, ...] | None)
    assert_type(deployment.labels, Mapping[str, str] | None)
    assert_type(shouted.name, str | None)


def ask() -> None:
    """On the class it is the name to ask by."""
    assert_type(Deployment.replica_count > 1, Filter)
    assert_type(Deployment.load >= 0.5, Filter)
    assert_type(Deployment.public & ~Deployment.placement.spare, Filter)
    assert_type(Deployment.placement.region == "here", Filter)
    assert_type(Deployment.labels["team"].startswith("a"), Filter)
    assert_type(Deployment.end.year > 2026, Filter)
    assert_type(Deployment.state.in_([ModelState.READY]), Filter)


def walk(client: GatewayClient, other: AsyncGatewayClient, endpoint: ModuleType) -> None:
    """A listing of them is one of any other kind."""
    pager = client.list(endpoint, item=Deployment, filter=Deployment.public, order_by=Deployment.load.desc())
    assert_type(pager, Pager[Deployment])
    assert_type([each.placement for each in pager], list[Placement | None])
    masked = other.list(endpoint, item=Deployment, read_mask=[Deployment.name, Deployment.placement.region])
    assert_type(masked, AsyncPager[Deployment])
