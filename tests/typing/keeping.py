"""Snapshots and their comparison with the right types. Never run: `make types` checks it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, assert_type

from fireworks_gateway import AsyncGatewayClient, GatewayClient, Model
from fireworks_gateway.catalogue import (
    Change,
    CheckFinding,
    Diff,
    Drift,
    FieldChange,
    Finding,
    Mention,
    Snapshot,
    SnapshotError,
    check,
    diff,
    drift,
    names_in,
)


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


def check_names(client: GatewayClient, kept: Snapshot, text: str) -> list[str]:
    """Check the names in a text, and names as strings."""
    names = names_in(text, file="app.py")
    assert_type(names, list[Mention])
    found = check(names, kept)
    assert_type(found, list[CheckFinding])
    assert_type([each.name.line for each in found], list[int])
    return [str(each) for each in check(["deepseek-v3"], client.models.list(), within=timedelta(weeks=8))]
