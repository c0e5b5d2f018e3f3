"""Taking a snapshot: the whole catalogue, or an error and no snapshot."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from fireworks_gateway import (
    SPEC_VERSION,
    AsyncPager,
    Bookmark,
    ConfigurationError,
    DecodeError,
    Model,
    Page,
    Pager,
    PageTokenError,
    TransportError,
)
from fireworks_gateway._http.retries import Clock
from fireworks_gateway.catalogue import Snapshot, SnapshotError
from fireworks_gateway.errors import GatewayError
from fireworks_gateway.testing import FakeGateway

NOON = datetime(2026, 2, 14, 12, tzinfo=UTC)
CLOCK = Clock(date=lambda: NOON)
QUERY = FakeGateway().client().models.list()._query
WHOLE: dict[str, Any] = {"query": QUERY}
Pages = dict[str, Page[Model] | GatewayError]


def model(number: int, **fields: Any) -> Model:
    """Return a model of a name that a number gives."""
    return Model({"name": f"accounts/fireworks/models/m{number:03}", **fields})


def page(*models: Model, following: str = "", **fields: Any) -> Page[Model]:
    """Return a page of models."""
    return Page(models, next_page_token=following, **fields)


def take(pages: Pages, *, pager: dict[str, Any] | None = None, **options: Any) -> Snapshot:
    """Take the snapshot of a listing of such pages, by their tokens."""

    def fetch(page_token: str) -> Page[Model]:
        if isinstance(found := pages[page_token], GatewayError):
            raise found
        return found

    listing: Pager[Model] = Pager(lambda: fetch, **(pager or WHOLE))
    return Snapshot.take(listing, clock=CLOCK, **options)


def take_async(pages: Pages, *, pager: dict[str, Any] | None = None, **options: Any) -> Snapshot:
    """Take it with the async twin."""

    async def fetch(page_token: str) -> Page[Model]:
        if isinstance(found := pages[page_token], GatewayError):
            raise found
        return found

    listing: AsyncPager[Model] = AsyncPager(lambda: fetch, **(pager or WHOLE))
    return asyncio.run(Snapshot.take_async(listing, clock=CLOCK, **options))


both = pytest.mark.parametrize("take", [take, take_async])
Take = Callable[..., Snapshot]

EMPTY: Pages = {"": page()}
FULL: Pages = {"": page(model(3), model(1), following="a"), "a": page(following="b"), "b": page(model(2))}


@both
def test_a_snapshot_is_the_whole_listing(take: Take) -> None:
    """Every page, past empty ones; models in the order of their names; when, whose and by what it was asked."""
    query = FakeGateway().client().models.list(filter="public = true")._query
    snapshot = take(FULL, pager={"query": query})
    assert snapshot == Snapshot(
        account_id="fireworks",
        models=(model(1), model(2), model(3)),
        time=NOON,
        query={"filter": "public = true", "page_size": 200},
    )
    assert (len(snapshot), [*snapshot]) == (3, [model(1), model(2), model(3)])
    assert (snapshot.spec_version, snapshot.partial) == (SPEC_VERSION, False)


def test_a_client_gives_snapshots_sync_and_async() -> None:
    """Both of the same gateway hold the same models."""
    gateway = FakeGateway()

    async def taken() -> Snapshot:
        async with gateway.async_client() as client:
            return await Snapshot.take_async(client.models.list(prefetch=True), clock=CLOCK)

    snapshot = Snapshot.take(gateway.client().models.list(prefetch=True), clock=CLOCK)
    assert snapshot == asyncio.run(taken())
    assert len(snapshot) == 302


def test_a_snapshot_knows_when_it_was_begun() -> None:
    """Between the call and its end, in UTC."""
    before = datetime.now(UTC)
    snapshot = Snapshot.take(FakeGateway(1).client().models.list())
    assert before <= snapshot.time <= datetime.now(UTC)
    assert snapshot.time.tzinfo is UTC


@both
@pytest.mark.parametrize(
    ("last", "bookmark"),
    [
        (TransportError("it broke"), Bookmark("a", 0, 2, query=QUERY.fingerprint)),
        (page(following="a"), Bookmark("a", 0, 2, "a", QUERY.fingerprint)),
    ],
    ids=["a failure", "a circle"],
)
def test_a_walk_that_fails_gives_no_snapshot(take: Take, last: Any, bookmark: Bookmark) -> None:
    """Its error comes as it is, with its bookmark."""
    with pytest.raises((TransportError, PageTokenError)) as caught:
        take(FULL | {"a": last})
    assert caught.value.bookmark == bookmark


@both
@pytest.mark.parametrize("pager", [{"limit": 5}, {"limit": 0}, {"start": Bookmark("b")}, {"start": Bookmark(skip=1)}])
def test_a_part_is_refused_before_anything_is_sent(take: Take, pager: dict[str, Any]) -> None:
    """A limit and a start in the middle, unless they are allowed; and the snapshot says that it is partial."""
    with pytest.raises(ConfigurationError, match="allow_partial"):
        take({}, pager=WHOLE | pager)
    assert take(FULL, pager=WHOLE | pager, allow_partial=True).partial


def test_a_listing_resumed_from_its_start_is_whole() -> None:
    """A bookmark at the first item of the first page leaves nothing out."""
    pager = FakeGateway(3).client().models.list()
    assert not Snapshot.take(pager.resume(iter(pager).bookmark)).partial


@both
def test_skipped_items_are_no_whole_catalogue(take: Take) -> None:
    """`on_malformed="skip"` loses items, so it is refused; a total that cannot be read loses none."""
    lossy: Pages = {"": page(model(1), problems=(DecodeError("not an object"),))}
    with pytest.raises(SnapshotError, match=r"skipped \(1\).* not an object"):
        take(lossy)
    assert take(lossy, allow_partial=True).partial
    two = DecodeError("the one"), DecodeError("the other")
    with pytest.raises(SnapshotError, match=r"skipped \(2\).* The first: the one"):
        take({"": page(problems=two[:1], following="a"), "a": page(model(1), problems=two[1:])})
    assert take({"": page(problems=two, following="a"), "a": page(model(1))}, allow_partial=True).partial
    assert not take({"": page(model(1), problems=(GatewayError("totalSize"),))}).partial


@both
def test_a_catalogue_that_is_suddenly_empty_is_not_believed(take: Take) -> None:
    """Where the snapshot before had models; unless it is allowed, was empty too, or there was none."""
    previous = take(FULL)
    with pytest.raises(SnapshotError, match="3 models"):
        take(EMPTY, previous=previous)
    empty = take(EMPTY, previous=previous, allow_empty=True)
    assert len(empty) == len(take(EMPTY, previous=empty)) == len(take(EMPTY)) == 0


@both
@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"account_id": "mine"}, "accounts are fireworks and mine"),
        ({"account_id": "fireworks", "filter": "public = true"}, "filter is None and 'public = true'"),
    ],
)
def test_the_snapshot_before_is_of_the_same_listing(take: Take, other: dict[str, Any], reason: str) -> None:
    """Another account, or filter, says nothing of whether this one may be empty; an order and a mask do not matter."""
    previous = take(FULL)
    with pytest.raises(ConfigurationError, match=f"{reason}; omit it"):
        take({}, pager={"query": FakeGateway().client().models.list(**other)._query}, previous=previous)
    same = FakeGateway().client().models.list(order_by="kind", read_mask="name", page_size=7)._query
    assert len(take(FULL, pager={"query": same}, previous=previous)) == 3


@both
def test_of_a_model_that_comes_twice_the_later_is_kept(take: Take) -> None:
    """It was read later, so it is the newer."""
    pages: Pages = {"": page(model(1), model(2, public=False), following="a"), "a": page(model(2, public=True))}
    assert take(pages).models == (model(1), model(2, public=True))


@both
@pytest.mark.parametrize("payload", [{}, {"name": ""}, {"name": None}, {"name": 7}])
def test_a_model_without_a_name_is_refused(take: Take, payload: dict[str, Any]) -> None:
    """Nothing would tell it from another."""
    with pytest.raises(SnapshotError, match="must have a name"):
        take({"": page(Model(payload))})


@both
@pytest.mark.parametrize(("mask", "fits"), [("kind", False), ("names,kind", False), ("kind, name", True), ("*", True)])
def test_a_mask_has_to_have_the_name(take: Take, mask: str, fits: bool) -> None:
    """It is refused before anything is sent."""
    pager = {"query": FakeGateway().client().models.list(read_mask=mask)._query}
    if fits:
        assert take(FULL, pager=pager).query["read_mask"] == mask
    else:
        with pytest.raises(ConfigurationError, match="read_mask must contain name"):
            take({}, pager=pager)


def test_a_snapshot_is_a_value() -> None:
    """Immutable, hashable, picklable, with its time in UTC; a shown one is short."""
    zone = timezone(timedelta(hours=2))
    given = {"filter": "public = true"}
    snapshot = Snapshot(account_id="a", models=[model(2), model(1)], time=NOON.astimezone(zone), query=given)
    given["filter"] = "another"
    assert (snapshot.time.tzinfo, snapshot.query["filter"]) == (UTC, "public = true")
    again = pickle.loads(pickle.dumps(snapshot))
    assert (again, hash(again), len({again, snapshot})) == (snapshot, hash(snapshot), 1)
    assert "<2 models>" in repr(snapshot)
    with pytest.raises(TypeError):
        snapshot.query["filter"] = "x"  # type: ignore[index]
    with pytest.raises(AttributeError):
        snapshot.partial = True  # type: ignore[misc]


def test_a_snapshot_of_what_cannot_be_one_is_refused() -> None:
    """Two models of one name, and a time that could be any."""
    with pytest.raises(SnapshotError, match="two models have the name"):
        Snapshot(account_id="a", models=(model(1), model(1)), time=NOON)
    with pytest.raises(ConfigurationError, match="time zone"):
        Snapshot(account_id="a", models=(), time=NOON.replace(tzinfo=None))
