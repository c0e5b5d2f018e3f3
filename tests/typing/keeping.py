"""Snapshots and their comparison with the right types. Never run: `make types` checks it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, assert_type

from fireworks_gateway import AsyncGatewayClient, GatewayClient, Model
from fireworks_gateway.catalogue import Change, Diff, Drift, FieldChange, Finding, Snapshot, SnapshotError, diff, drift


def mirror(client: GatewayClient, file: Path) -> Diff:
    """Save the catalogue, and compare it with the previous one."""
    before = Snapshot.load(file) if file.exists() else None
    try:
        now = Snapshot.take(client.models.list(), previous=before)
    except SnapshotError as error:
        assert_type(error.path, str)
        raise
    assert_type(now, Snapshot)
    now.save(file)
    assert_type(now.models, tuple[Model, ...])
    assert_type([model.name for model in now], list[str | None])
    return diff(before or (), now, ignore=[Model.update_time, Model.status, "unknown_fields"])


async def mirror_async(client: AsyncGatewayClient) -> None:
    """Take a snapshot asynchronously."""
    assert_type(await Snapshot.take_async(client.models.list()), Snapshot)


def report(found: Diff) -> None:
    """Read changes as data."""
    assert_type(found.added, tuple[Model, ...])
    for change in found.changed:
        assert_type(change, Change)
        for field in change.fields:
            assert_type(field, FieldChange)
            assert_type((field.path, field.before), tuple[str, Any])
    assert_type(found.to_dict(), dict[str, Any])


def count_drift(client: GatewayClient, kept: Snapshot) -> None:
    """Compute the drift of a listing and of a snapshot."""
    assert_type(drift(kept), Drift)
    found = drift(client.models.list())
    assert_type(found.unknown_values, tuple[Finding, ...])
