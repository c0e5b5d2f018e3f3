"""Taking a snapshot: the whole catalogue, or an error and no snapshot."""

import asyncio
import json
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from fireworks_gateway import (
    SPEC_VERSION,
    Bookmark,
    ConfigurationError,
    Model,
    Page,
    PageTokenError,
    PermissionDeniedError,
)
from fireworks_gateway.catalogue import Snapshot, SnapshotError
from fireworks_gateway.errors import GatewayError
from fireworks_gateway.testing import FakeGateway, faults
from fireworks_gateway.testing.faults import Fault
from fireworks_gateway.types import Clock

NOON = datetime(2026, 2, 14, 12, tzinfo=UTC)
CLOCK = Clock(date=lambda: NOON)


def payload(number: int, **fields: Any) -> dict[str, Any]:
    """Return a model whose name has a number."""
    return {"name": f"accounts/fireworks/models/m{number:03}", **fields}


def model(number: int, **fields: Any) -> Model:
    """Return the model of a payload."""
    return Model(payload(number, **fields))


def page(*items: Any, token: str = "", **fields: Any) -> Fault:
    """Return a response with a page."""
    return faults.respond(200, json.dumps({"models": items, "nextPageToken": token, **fields}).encode())


EMPTY = (page(),)
FULL = (page(payload(3), payload(1), token="a"), page(token="b"), page(payload(2)))


Take = Callable[..., Snapshot]


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def take(request: pytest.FixtureRequest) -> Take:
    """Return a function that takes the snapshot of a listing with some pages."""

    def take(pages: tuple[Fault, ...], listing: dict[str, Any] | None = None, **options: Any) -> Snapshot:
        gateway = FakeGateway(faults=pages)
        if request.param:
            pager = gateway.async_client().models.list(**(listing or {}))
            return asyncio.run(Snapshot.take_async(pager, clock=CLOCK, **options))
        return Snapshot.take(gateway.client().models.list(**(listing or {})), clock=CLOCK, **options)

    return take


def test_a_snapshot_is_the_whole_listing(take: Take) -> None:
    """Every page, empty ones included, with the models sorted by name and the parameters that were sent."""
    snapshot = take(FULL, {"filter": "state = READY"})
    assert snapshot == Snapshot(
        account_id="fireworks",
        models=(model(1), model(2), model(3)),
        time=NOON,
        query={"filter": "state = READY", "page_size": 200},
    )
    assert (len(snapshot), [*snapshot]) == (3, [model(1), model(2), model(3)])
    assert (snapshot.spec_version, snapshot.partial) == (SPEC_VERSION, False)


def test_each_page_is_passed_to_a_callback(take: Take) -> None:
    """In order, empty pages included."""
    pages: list[Page[Model]] = []
    take(FULL, on_page=pages.append)
    assert [page.items for page in pages] == [(model(3), model(1)), (), (model(2),)]


@pytest.mark.parametrize(
    ("last", "error", "repeated"),
    [(faults.refuse("PERMISSION_DENIED"), PermissionDeniedError, ""), (page(token="a"), PageTokenError, "a")],
    ids=["a failure", "a repeated token"],
)
def test_a_failed_walk_raises_its_error(take: Take, last: Fault, error: type[GatewayError], repeated: str) -> None:
    """With its bookmark."""
    with pytest.raises(error) as raised:
        take((FULL[0], last))
    assert raised.value.bookmark is not None
    fingerprint = raised.value.bookmark.query
    assert raised.value.bookmark == Bookmark("a", 0, 2, repeated, fingerprint)


@pytest.mark.parametrize("listing", [{"limit": 5}, {"limit": 0}, {"page_token": "z"}])
def test_a_partial_listing_is_rejected(take: Take, listing: dict[str, Any]) -> None:
    """Before a request, unless it is allowed; the snapshot is then partial."""
    with pytest.raises(ConfigurationError, match="allow_partial"):
        take((), listing)
    assert take(FULL, listing, allow_partial=True).partial


def test_a_resumed_listing_is_partial_after_its_start() -> None:
    """A bookmark of the first item omits nothing."""
    pager = FakeGateway(3).client().models.list()
    items = iter(pager)
    assert not Snapshot.take(pager.resume(items.bookmark)).partial
    next(items)
    with pytest.raises(ConfigurationError, match="allow_partial"):
        Snapshot.take(pager.resume(items.bookmark))


def test_a_listing_with_skipped_items_is_incomplete(take: Take) -> None:
    """It raises with their number and the first, unless it is allowed; a malformed total size omits nothing."""
    one = (page(payload(1), 5),)
    several = (page("x", token="a"), page(5, payload(1)))
    skip = {"on_malformed": "skip"}
    with pytest.raises(SnapshotError, match=r"skipped \(1\).* item 2 of 2 is not an object"):
        take(one, skip)
    with pytest.raises(SnapshotError, match=r"skipped \(2\).* The first: .*: 'x'"):
        take(several, skip)
    assert take(one, skip, allow_partial=True).partial
    assert take(several, skip, allow_partial=True).models == (model(1),)
    assert not take((page(payload(1), totalSize="many"),)).partial


def test_a_listing_that_lacks_most_models_is_rejected(take: Take) -> None:
    """Unless it is allowed or partial; half of the models may go, and an empty listing may follow an empty one."""
    previous = take(FULL)
    few = (page(payload(2)),)
    with pytest.raises(SnapshotError, match="lacks 2 of the 3 models") as raised:
        take(few, previous=previous)
    assert raised.value.snapshot == take(few)
    assert pickle.loads(pickle.dumps(raised.value)) == raised.value
    assert len(take(few, previous=previous, allow_missing=True)) == 1
    assert len(take(few, {"limit": 1}, previous=previous, allow_partial=True)) == 1
    assert len(take((page(payload(1), payload(2), payload(7)),), previous=previous)) == 3
    with pytest.raises(SnapshotError, match="is empty, but the previous snapshot has 3 models"):
        take(EMPTY, previous=previous)
    empty = take(EMPTY, previous=previous, allow_empty=True)
    assert len(empty) == len(take(EMPTY, previous=empty)) == len(take(EMPTY)) == 0


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"account_id": "mine"}, "account_id is 'fireworks' and 'mine'"),
        ({"filter": "state = READY"}, "filter is None and 'state = READY'"),
    ],
)
def test_the_previous_snapshot_is_of_the_same_listing(take: Take, other: dict[str, Any], reason: str) -> None:
    """Of the same account and filter; order, mask and page size may differ."""
    previous = take(FULL)
    with pytest.raises(ConfigurationError, match=f"{reason}. Use another"):
        take((), other, previous=previous)
    assert len(take(FULL, {"order_by": "kind", "read_mask": "name", "page_size": 7}, previous=previous)) == 3


def test_the_later_of_two_models_with_one_name_is_kept(take: Take) -> None:
    """It was read later, so it is newer."""
    pages = page(payload(1), payload(2, public=False), token="a"), page(payload(2, public=True))
    assert take(pages).models == (model(1), model(2, public=True))


def test_a_mask_must_contain_the_name(take: Take) -> None:
    """An empty mask means every field; others are rejected before a request."""
    for mask in ("kind, name", "*", ""):
        assert take(FULL, {"read_mask": mask}).query["read_mask"] == mask
    for mask in ("kind", "names,kind"):
        with pytest.raises(ConfigurationError, match="read_mask must contain name"):
            take((), {"read_mask": mask})


def test_a_snapshot_is_a_value() -> None:
    """Immutable, hashable, picklable, with its time in UTC and a short repr."""
    zone = timezone(timedelta(hours=2))
    given = {"filter": "state = READY"}
    snapshot = Snapshot(account_id="a", models=(model(2), model(1)), time=NOON.astimezone(zone), query=given)
    given["filter"] = "another"
    assert (snapshot.time.tzinfo, snapshot.query["filter"]) == (UTC, "state = READY")
    again = pickle.loads(pickle.dumps(snapshot))
    assert (again, hash(again), len({again, snapshot})) == (snapshot, hash(snapshot), 1)
    assert json.loads(json.dumps(snapshot.query)) == snapshot.query
    assert "<2 models>" in repr(snapshot)
    with pytest.raises(TypeError):
        snapshot.query["filter"] = "x"  # type: ignore[index]
    with pytest.raises(AttributeError):
        snapshot.partial = True  # type: ignore[misc]
