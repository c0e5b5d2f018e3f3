"""Snapshots of the catalogue. A snapshot is complete, unless `allow_partial` permits a partial one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypeVar, cast, get_origin

from attrs import field, frozen

from .._fields.kinds import ReadOnlyDict
from .._http.retries import Clock
from .._listing.async_pager import AsyncPager
from .._listing.page import Page
from .._listing.pager import Pager
from .._model import Model
from .._openapi import SPEC_VERSION
from ..errors import ConfigurationError, DecodeError, SnapshotError
from ._file import FilePath, read_snapshot, replace_file, write_snapshot

T = TypeVar("T")

ListingKey: TypeAlias = tuple[str, Mapping[str, Any]]
"""An account ID and the parameters of a listing."""


def require_name(model: Model) -> str:
    """Return the name of a model, which identifies it in a catalogue.

    Raises:
        SnapshotError: The model has no name.
    """
    name = model._payload.get("name")
    if isinstance(name, str) and name:
        return name
    raise SnapshotError(f"a model in a catalogue must have a name, got {model!r:.200}")


def models_by_name(models: Iterable[Model]) -> dict[str, Model]:
    """Return models by name.

    Raises:
        SnapshotError: A model has no name, or two models have the same name.
    """
    named: dict[str, Model] = {}
    for model in models:
        if (name := require_name(model)) in named:
            raise SnapshotError(f"two models have the name {name!r}")
        named[name] = model
    return named


def describe_difference(one: ListingKey, other: ListingKey, parameters: Iterable[str]) -> str:
    """Describe the first difference between two listings in account or parameters; empty if there is no difference."""
    if one[0] != other[0]:
        return f"the accounts are {one[0]} and {other[0]}"
    for name in parameters:
        if (before := one[1].get(name)) != (after := other[1].get(name)):
            return f"{name} is {before!r} and {after!r}"
    return ""


def _sort_models(models: Iterable[Model]) -> tuple[Model, ...]:
    return tuple(model for _, model in sorted(models_by_name(models).items()))


def _read_only(query: Mapping[str, Any]) -> Mapping[str, Any]:
    return ReadOnlyDict(query)


def _to_utc(time: datetime) -> datetime:
    if time.utcoffset() is None:
        raise ConfigurationError(f"time must be a datetime with a time zone, got {time!r}", parameter="time")
    return time.astimezone(UTC)


@frozen(kw_only=True)
class Snapshot:
    """An account's models at one time, as a value.

    Attributes:
        account_id: The account.
        models: The models, sorted by name.
        time: Start of the listing, in UTC.
        query: The parameters that were sent, by name: filter, order_by, read_mask, page_size.
        spec_version: The version of the specification that the package used.
        partial: True if models of the listing may be missing; `take` allows that with `allow_partial` only.

    Raises:
        SnapshotError: A model has no name, or two models have the same name.
        ConfigurationError: The time has no time zone.
    """

    account_id: str
    models: tuple[Model, ...] = field(converter=_sort_models, repr=lambda models: f"<{len(models)} models>")
    time: datetime = field(converter=_to_utc)
    query: Mapping[str, Any] = field(factory=dict[str, Any], converter=_read_only, hash=False)
    spec_version: str = SPEC_VERSION
    partial: bool = False

    @classmethod
    def take(
        cls,
        pager: Pager[Model],
        *,
        previous: Snapshot | None = None,
        allow_empty: bool = False,
        allow_missing: bool = False,
        allow_partial: bool = False,
        on_page: Callable[[Page[Model]], object] | None = None,
        clock: Clock | None = None,
    ) -> Snapshot:
        """Walk a listing to its end and return its snapshot.

        If the catalogue changes during the walk, a model may be listed twice: the later one is kept.

        Args:
            pager: The listing, e.g. `client.models.list()`.
            previous: The previous snapshot, of the same account and filter. A complete listing that lacks more than
                half of its models raises an error, whose `snapshot` is the new one.
            allow_empty: Accept an empty listing.
            allow_missing: Accept a listing that lacks more than half of the previous models.
            allow_partial: Accept a listing that has a limit or a later start, or skips malformed items. The snapshot is
                then `partial`.
            on_page: Callback invoked with each page, e.g. to show progress.
            clock: Source of the time, for tests.

        Raises:
            ConfigurationError: The listing is incomplete, lacks names, or is not that of `previous`; nothing was sent.
            SnapshotError: Items were skipped, a model has no name, the listing is empty, or most models are missing.
            GatewayError: The walk failed; `error.bookmark` is its position.
        """
        _check_listing(pager, previous, allow_partial=allow_partial)
        time = (clock or Clock()).date()
        pages: list[Page[Model]] = []
        for page in pager.pages():
            pages.append(page)
            if on_page is not None:
                on_page(page)
        snapshot = _combine_pages(pages, pager, time, allow_partial=allow_partial)
        return _check_missing(snapshot, previous, allow_empty=allow_empty, allow_missing=allow_missing)

    @classmethod
    async def take_async(
        cls,
        pager: AsyncPager[Model],
        *,
        previous: Snapshot | None = None,
        allow_empty: bool = False,
        allow_missing: bool = False,
        allow_partial: bool = False,
        on_page: Callable[[Page[Model]], object] | None = None,
        clock: Clock | None = None,
    ) -> Snapshot:
        """Walk an async listing to its end and return its snapshot; for arguments and errors see `take`."""
        _check_listing(pager, previous, allow_partial=allow_partial)
        time = (clock or Clock()).date()
        pages: list[Page[Model]] = []
        async for page in pager.pages():
            pages.append(page)
            if on_page is not None:
                on_page(page)
        snapshot = _combine_pages(pages, pager, time, allow_partial=allow_partial)
        return _check_missing(snapshot, previous, allow_empty=allow_empty, allow_missing=allow_missing)

    def save(self, path: FilePath) -> None:
        """Write the snapshot to a file. After a failure the file has its previous content.

        The format is JSON Lines in UTF-8: a header, then one model a line as the service sent it, sorted by name. An
        existing file keeps its permissions; for a symbolic link, the file that it points to is replaced.

        Raises:
            SnapshotError: The path is not that of an ordinary file.
            OSError: The file cannot be written.
        """
        header = {
            "account_id": self.account_id,
            "query": dict(self.query),
            "spec_version": self.spec_version,
            "time": self.time.isoformat(),
            "partial": self.partial,
        }
        payloads = [model._payload for model in self.models]
        replace_file(path, lambda file: write_snapshot(file, header, payloads))

    @classmethod
    def load(cls, path: FilePath) -> Snapshot:
        """Read a snapshot that `save` wrote, and check it against its digest.

        Raises:
            SnapshotError: The file is incomplete, was changed, or is not a snapshot; the message names the line.
            OSError: The file cannot be opened, e.g. FileNotFoundError.
        """
        header, payloads = read_snapshot(path)
        try:
            return cls(
                account_id=_header_value(header, "account_id", str),
                models=tuple(map(Model, payloads)),
                time=datetime.fromisoformat(_header_value(header, "time", str)),
                query=_header_value(header, "query", dict[str, Any]),
                spec_version=_header_value(header, "spec_version", str),
                partial=_header_value(header, "partial", bool),
            )
        except ValueError as error:
            raise SnapshotError(f"the header of the snapshot is invalid: {error}", path=f"{path!s}", line=1) from None

    def __contains__(self, item: object) -> bool:
        """Return whether a model, or a model of a name, is in the snapshot."""
        if not isinstance(item, str):
            return item in self.models
        index = bisect_left(self.models, item, key=require_name)
        return index < len(self.models) and require_name(self.models[index]) == item

    def __iter__(self) -> Iterator[Model]:
        return iter(self.models)

    def __len__(self) -> int:
        return len(self.models)


def _header_value(header: Mapping[str, Any], key: str, kind: type[T]) -> T:
    value = header.get(key)
    if not isinstance(value, get_origin(kind) or kind):
        raise ValueError(f"{key} is {value!r:.80}")
    return cast("T", value)


def _check_listing(pager: Pager[Model] | AsyncPager[Model], previous: Snapshot | None, *, allow_partial: bool) -> None:
    if is_limited(pager) and not allow_partial:
        raise ConfigurationError(
            "pager must list the whole catalogue, got a listing with a limit or a later start. List without limit, "
            "page_token and resume, or pass allow_partial=True",
            parameter="pager",
        )
    query = pager._query.parameters
    mask: str = query.get("read_mask") or "*"
    if not {"name", "*"} & {path.strip() for path in mask.split(",")}:
        message = f"read_mask must contain name, which identifies a model in a snapshot, got {mask!r}"
        raise ConfigurationError(message, parameter="read_mask")
    if previous is not None:
        listings = (previous.account_id, previous.query), (query["account_id"], query)
        if difference := describe_difference(*listings, ["filter"]):
            message = f"previous must be a snapshot of the same listing, but {difference}; omit it"
            raise ConfigurationError(message, parameter="previous")


def is_limited(pager: Pager[Model] | AsyncPager[Model]) -> bool:
    return pager._limit is not None or bool(pager._start.page_token or pager._start.skip)


def _combine_pages(
    pages: list[Page[Model]],
    pager: Pager[Model] | AsyncPager[Model],
    time: datetime,
    *,
    allow_partial: bool,
) -> Snapshot:
    skipped = [problem for page in pages for problem in page.problems if isinstance(problem, DecodeError)]
    if skipped and not allow_partial:
        raise SnapshotError(
            f"the listing is incomplete: malformed items were skipped ({len(skipped)}). Retry later, or pass "
            f"allow_partial=True. The first: {skipped[0]}"
        )
    models = {require_name(model): model for page in pages for model in page.items}  # The later of two with one name.
    return Snapshot(
        account_id=pager._query.parameters["account_id"],
        models=tuple(models.values()),
        time=time,
        query={name: value for name, value in pager._query.parameters.items() if name != "account_id"},
        partial=is_limited(pager) or bool(skipped),
    )


def _check_missing(
    snapshot: Snapshot, previous: Snapshot | None, *, allow_empty: bool, allow_missing: bool
) -> Snapshot:
    """Return the snapshot, or raise an error if it is empty or lacks more than half of the previous models."""
    if not previous:
        return snapshot
    if not snapshot and not allow_empty:
        raise SnapshotError(
            f"the listing is empty, but the previous snapshot has {len(previous)} models. Retry later, or "
            "pass allow_empty=True if the catalogue is really empty",
            snapshot=snapshot,
        )
    names = {require_name(model) for model in snapshot}
    missing = sum(require_name(model) not in names for model in previous)
    if snapshot and not snapshot.partial and not allow_missing and 2 * missing > len(previous):
        raise SnapshotError(
            f"the listing lacks {missing} of the {len(previous)} models of the previous snapshot. Retry later, or pass "
            "allow_missing=True if they were removed; error.snapshot is the new snapshot",
            snapshot=snapshot,
        )
    return snapshot
