"""A snapshot as a collection of models by name, and the snapshot in a file while it is fresh."""

import asyncio
import copy
import logging
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fireworks_gateway import (
    ConfigurationError,
    GatewayError,
    Model,
    ModelNotFoundError,
    StatusError,
    UnauthenticatedError,
)
from fireworks_gateway.catalogue import Snapshot, SnapshotError, diff
from fireworks_gateway.errors import FilterError
from fireworks_gateway.filters import parse
from fireworks_gateway.testing import FakeGateway, faults
from fireworks_gateway.testing.faults import Fault
from fireworks_gateway.types import Clock

HOME = "accounts/fireworks/models/"
PAYLOADS: list[dict[str, Any]] = [
    {"name": f"{HOME}alpha", "contextLength": 8192, "supportsServerless": True, "region": "eu"},
    {"name": f"{HOME}beta", "contextLength": 4096},
    {"name": f"{HOME}gamma", "supportsServerless": True},
]
NOON = datetime(2026, 2, 14, 12, tzinfo=UTC)
SNAPSHOT = Snapshot(account_id="fireworks", models=tuple(map(Model, PAYLOADS)), time=NOON, query={"page_size": 200})


def names(snapshot: Snapshot) -> str:
    """Return the IDs of the models, in order."""
    return " ".join(str(model.model_id) for model in snapshot)


@pytest.mark.parametrize("name", ["beta", f"{HOME}beta"])
def test_a_model_is_found_by_name_or_id(name: str) -> None:
    """By `in`, by index and by `get`; an equal model is in it, too."""
    assert name in SNAPSHOT
    assert Model(PAYLOADS[1]) in SNAPSHOT
    assert not any(other in SNAPSHOT for other in ("", 5, f"{name}a"))
    assert SNAPSHOT[name] is SNAPSHOT.get(name) is SNAPSHOT.models[1]


def test_an_absent_model_is_an_error_with_near_names() -> None:
    """`get` returns the default instead."""
    assert "betta" not in SNAPSHOT
    assert (SNAPSHOT.get("betta"), SNAPSHOT.get("accounts/other/models/beta", 1)) == (None, 1)
    with pytest.raises(ModelNotFoundError, match=r"in the snapshot of 2026-02-14; did you mean beta\?") as raised:
        SNAPSHOT["betta"]
    error = raised.value
    assert (error.name, error.near) == (f"{HOME}betta", (f"{HOME}beta",))
    assert pickle.loads(pickle.dumps(error)) == error


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Model.supports_serverless, "alpha gamma"),
        (Model.supports_serverless & (Model.context_length > 4096), "alpha"),
        ("supportsServerless", "alpha gamma"),
        ("context_length = 4096", "beta"),
        (parse("region = eu"), "alpha"),
    ],
)
def test_where_selects(condition: Any, expected: str) -> None:
    """The result is a snapshot of a filtered listing; its own filter is kept."""
    part = SNAPSHOT.where(condition)
    assert names(part) == expected
    assert (bool(part.query["filter"]), SNAPSHOT.query.get("filter")) == (True, None)
    assert names(part.where('NOT name = "*alpha"')) == expected.replace("alpha", "").strip()
    assert part.where("name:alpha").query["filter"] == f'({part.query["filter"]}) AND (name:"alpha")'
    with pytest.raises(FilterError, match="context_length"):
        SNAPSHOT.where("conext_length > 1")


def test_order_by_sorts(tmp_path: Path) -> None:
    """Unset values come first; `where`, rows and a pickle keep the order, but a file is sorted by name."""
    ordered = SNAPSHOT.order_by(Model.context_length.desc())
    assert names(ordered) == names(SNAPSHOT.order_by("contextLength desc")) == "alpha beta gamma"
    assert names(SNAPSHOT.order_by([Model.context_length])) == "gamma beta alpha"
    ordered = SNAPSHOT.order_by(Model.name.desc())
    assert names(ordered.where(Model.supports_serverless)) == "gamma alpha"
    assert ordered["beta"] is SNAPSHOT["beta"]
    assert names(pickle.loads(pickle.dumps(ordered))) == names(copy.deepcopy(ordered)) == "gamma beta alpha"
    assert [row["context_length"] for row in ordered.rows(["context_length"])] == [None, 4096, 8192]
    ordered.save(tmp_path / "file")
    assert Snapshot.load(tmp_path / "file").models == SNAPSHOT.models
    for wrong in ("nothing", "status", "name down"):
        with pytest.raises(ConfigurationError, match="order_by"):
            SNAPSHOT.order_by(wrong)


def test_two_accounts_are_compared_by_id() -> None:
    """Neither the accounts nor the names count as a difference."""
    other = Snapshot(
        account_id="mine",
        models=tuple(Model({**each, "name": each["name"].replace("fireworks", "mine")}) for each in PAYLOADS[1:]),
        time=NOON,
    )
    changes = diff(SNAPSHOT, other, by="model_id")
    assert str(changes) == f"0 added, 1 removed, 0 changed\n- {HOME}alpha"
    changed = diff([Model({"name": "accounts/a/models/x", "contextLength": 1})], other.models[:1], by="model_id")
    assert (len(changed.added), len(changed.removed)) == (1, 1)
    longer = diff([Model({"name": "accounts/a/models/beta", "contextLength": 1})], other.models[:1], by="model_id")
    assert str(longer).split("\n")[1:] == ["~ beta", "    context_length: 1 -> 4096"]
    with pytest.raises(ConfigurationError, match="account_id is 'fireworks' and 'mine'"):
        diff(SNAPSHOT, other)
    with pytest.raises(SnapshotError, match="two models"):
        diff([SNAPSHOT["beta"], other["beta"]], [], by="model_id")
    with pytest.raises(ConfigurationError, match="by must be"):
        diff([], [], by="id")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


Fresh = Callable[..., Snapshot]
FAILURE = faults.refuse("UNAVAILABLE")
HOUR = timedelta(hours=1)


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def fresh(request: pytest.FixtureRequest) -> Fresh:
    """Return a function that returns the fresh snapshot after some hours, from a gateway with faults."""

    def take(path: Path, *pages: Fault | None, models: int = 4, hours: float = 0, **listing: Any) -> Snapshot:
        options: dict[str, Any] = {"max_age": HOUR, "clock": Clock(date=lambda: NOON + hours * HOUR)}
        gateway = FakeGateway(models, faults=pages)
        if request.param:
            pager = gateway.async_client(max_retries=0).models.list(**listing)
            return asyncio.run(Snapshot.fresh_async(pager, path, **options))
        return Snapshot.fresh(gateway.client(max_retries=0).models.list(**listing), path, **options)

    return take


def test_a_fresh_snapshot_needs_no_request(fresh: Fresh, tmp_path: Path) -> None:
    """Up to the maximum age; then it is replaced, and so is one from the future."""
    file = tmp_path / "models.jsonl"
    first = fresh(file)
    assert fresh(file, FAILURE, hours=1) == first == Snapshot.load(file)
    assert len(fresh(file, models=5, hours=1.1)) == len(Snapshot.load(file)) == 5
    assert len(fresh(file, models=6)) == 6


@pytest.mark.parametrize("fault", [FAILURE, faults.truncated_json(), faults.respond(200, b"<html>")])
def test_a_failure_of_the_service_gives_the_last_snapshot(
    fresh: Fresh, fault: Fault, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is stale, a warning has its age, and the file stays; without a file the error is raised."""
    file = tmp_path / "models.jsonl"
    with pytest.raises(GatewayError):
        fresh(file, fault)
    first = fresh(file)
    with caplog.at_level(logging.WARNING, "fireworks_gateway"):
        stale = fresh(file, fault, hours=30)
    assert (stale, stale.stale, first.stale) == (first, True, False)
    assert "models.jsonl is used, which is 1 day, 6:00:00 old" in caplog.text
    assert Snapshot.load(file) == first
    assert stale.age > timedelta(0)


def test_a_rejected_request_is_an_error_but_an_empty_listing_a_failure(fresh: Fresh, tmp_path: Path) -> None:
    """An invalid key would otherwise hide behind old models; the last snapshot is the last good one."""
    fresh(tmp_path / "f")
    assert fresh(tmp_path / "f", models=0, hours=2).stale
    with pytest.raises(UnauthenticatedError):
        fresh(tmp_path / "f", faults.refuse("UNAUTHENTICATED"), hours=2)
    with pytest.raises(StatusError):
        fresh(tmp_path / "f", faults.refuse("INVALID_ARGUMENT"), hours=2)


def test_a_file_that_does_not_fit(fresh: Fresh, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A damaged file and one with another mask are replaced; one of another listing, or a limit, is an error."""
    file = tmp_path / "f"
    file.write_text("{")
    assert len(fresh(file)) == 4
    assert "a new snapshot replaces it" in caplog.text
    assert fresh(file, read_mask="name").query["read_mask"] == "name"
    with pytest.raises(ConfigurationError, match="filter"):
        fresh(file, filter="state = READY")
    with pytest.raises(ConfigurationError, match="limit"):
        fresh(file, limit=2)
    assert len(Snapshot.load(file)) == 4
