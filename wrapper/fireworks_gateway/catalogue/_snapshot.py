"""Snapshots of the catalogue. A snapshot is complete, unless `allow_partial` permits a partial one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast, get_origin, overload

from attrs import evolve, field, frozen

from .._fields import paths
from .._fields.check import check_filter
from .._fields.kinds import ReadOnlyDict
from .._fields.orders import sort_payloads
from .._fields.rows import FrameSource, Rows, format_code, format_items, row_builder
from .._http.retries import Clock
from .._listing.async_pager import AsyncPager
from .._listing.page import Page
from .._listing.pager import Pager
from .._listing.query import Condition, SortKey, format_filter, format_order
from .._model import Model
from .._openapi import SPEC_VERSION
from ..errors import (
    ConfigurationError,
    DecodeError,
    GatewayError,
    ModelNotFoundError,
    SnapshotError,
    StatusError,
    near_models,
)
from ..filters._tree import filter_of
from ._file import FilePath, read_snapshot, replace_file, write_snapshot

T = TypeVar("T")

logger = logging.getLogger("fireworks_gateway")

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


def require_id(model: Model) -> str:
    """Return the last segment of the name of a model, which identifies it in an account; raises like `require_name`."""
    return require_name(model).rpartition("/")[2]


def index_models(models: Iterable[Model], key: Callable[[Model], str] = require_name) -> dict[str, Model]:
    """Return models by name, or by another key.

    Raises:
        SnapshotError: A model has no name, or two models have the same key.
    """
    named: dict[str, Model] = {}
    for model in models:
        if (name := key(model)) in named:
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
    return tuple(model for _, model in sorted(index_models(models).items()))


def _read_only(query: Mapping[str, Any]) -> Mapping[str, Any]:
    return ReadOnlyDict(query)


def _to_utc(time: datetime) -> datetime:
    if time.utcoffset() is None:
        raise ConfigurationError(f"time must be a datetime with a time zone, got {time!r}", parameter="time")
    return time.astimezone(UTC)


@frozen(kw_only=True)
class Snapshot(FrameSource):
    """An account's models at one time, as a value: a collection by name.

    A name is that of a model, accounts/fireworks/models/qwen3-8b, or its ID in the account, qwen3-8b.

    Attributes:
        account_id: The account.
        models: The models, sorted by name.
        time: Start of the listing, in UTC.
        query: The parameters that were sent, by name: filter, order_by, read_mask, page_size.
        spec_version: The version of the specification that the package used.
        partial: True if models of the listing may be missing; `take` allows that with `allow_partial` only.
        stale: True if `fresh` returned it because the service failed, though it is older than requested.

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
    stale: bool = field(default=False, eq=False)
    _by_name: Mapping[str, Model] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {require_name(model): model for model in self.models})

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

    @classmethod
    def fresh(
        cls,
        pager: Pager[Model],
        path: FilePath,
        *,
        max_age: timedelta = timedelta(hours=1),
        clock: Clock | None = None,
    ) -> Snapshot:
        """Return the snapshot in a file if it is fresh; else take one, and replace the file.

        If the service fails, or lists nothing or less than half of the models, the snapshot in the file is returned all
        the same: it is `stale`, and a warning is logged with its `age`. Delete the file to accept a catalogue that has
        lost most of its models.

        Args:
            pager: The listing, e.g. `client.models.list()`; it is walked only if the file is too old.
            path: The file, as `save` writes it. It need not exist; a damaged file is replaced, and logged.
            max_age: The age up to which a snapshot is fresh; an hour by default.
            clock: Source of the time, for tests.

        Raises:
            ConfigurationError: The listing is incomplete, or the file has another account or filter.
            SnapshotError: The listing cannot be a snapshot, and the file has none.
            GatewayError: The walk failed and the file has no snapshot, or the service rejected the request.
            OSError: The file cannot be read or written.
        """
        last = _load_last(pager, path)
        now = (clock or Clock()).date()
        if last is not None and timedelta(0) <= now - last.time <= max_age:
            return last
        try:
            taken = cls.take(pager, previous=last, clock=clock)
        except GatewayError as error:
            return _stale(last, error, path, now)
        taken.save(path)
        return taken

    @classmethod
    async def fresh_async(
        cls,
        pager: AsyncPager[Model],
        path: FilePath,
        *,
        max_age: timedelta = timedelta(hours=1),
        clock: Clock | None = None,
    ) -> Snapshot:
        """Return the snapshot in a file if it is fresh; else take one; for arguments and errors see `fresh`."""
        last = _load_last(pager, path)
        now = (clock or Clock()).date()
        if last is not None and timedelta(0) <= now - last.time <= max_age:
            return last
        try:
            taken = await cls.take_async(pager, previous=last, clock=clock)
        except GatewayError as error:
            return _stale(last, error, path, now)
        taken.save(path)
        return taken

    @property
    def age(self) -> timedelta:
        """The time since the start of the listing."""
        return datetime.now(UTC) - self.time

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
        payloads = [model._payload for _, model in sorted(self._by_name.items())]
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

    def _repr_html_(self) -> str:
        stale = ", stale" if self.stale else ""
        title = f"{len(self):,} models of {self.account_id} on {self.time:%Y-%m-%d %H:%M} UTC{stale}"
        return f"<p>{format_code(title)}</p>{format_items(self.models)}"

    def __contains__(self, item: object) -> bool:
        """Return whether a model, or a model of a name, is in the snapshot."""
        return self._full_name(item) in self._by_name if isinstance(item, str) else item in self.models

    def _full_name(self, name: str) -> str:
        return name if "/" in name else f"accounts/{self.account_id}/models/{name}"

    def __getitem__(self, name: str) -> Model:
        """Return the model of a name.

        Raises:
            ModelNotFoundError: The snapshot has no such model; the error suggests similar ones.
        """
        if not isinstance(name, str):
            raise TypeError(f"a snapshot has models by name, got {name!r:.80}. Use snapshot.models for a position")
        full_name = self._full_name(name)
        if full_name not in self._by_name:
            place = f"the snapshot of {self.time:%Y-%m-%d}"
            raise ModelNotFoundError(full_name, near_models(full_name, self._by_name), place=place)
        return self._by_name[full_name]

    @overload
    def get(self, name: str) -> Model | None: ...
    @overload
    def get(self, name: str, default: T) -> Model | T: ...
    def get(self, name: str, default: T | None = None) -> Model | T | None:
        """Return the model of a name, or the default."""
        return self._by_name.get(self._full_name(name), default)

    def where(self, condition: Condition) -> Snapshot:
        """Return the snapshot of the models that match a condition, in the same order.

        Args:
            condition: A condition on fields, e.g. Model.supports_serverless & (Model.context_length > 8192), or its
                text, which is checked against the fields of a model. Fields outside the read mask of the snapshot are
                unset.

        Raises:
            FilterError: The text is not a filter, or names a field that a model lacks.
        """
        checked = check_filter(condition, Model) if isinstance(condition, str) else filter_of(condition)
        matches = checked.predicate()
        texts = [text for text in (self.query.get("filter"), format_filter(checked)) if text]
        joined = " AND ".join(f"({text})" for text in texts) if len(texts) > 1 else "".join(texts)
        return self._with([model for model in self.models if matches(model._payload)], filter=joined or None)

    def order_by(self, order_by: SortKey | Iterable[SortKey]) -> Snapshot:
        """Return the snapshot with its models in another order, which a file does not keep.

        Unset values come first, or last in a descending order.

        Args:
            order_by: A field, Model.create_time.desc(), a list of these, or text, 'create_time desc'.

        Raises:
            ConfigurationError: A field cannot be sorted by, or does not exist.
        """
        text = format_order(order_by) or ""
        try:
            payloads = sort_payloads((model._payload for model in self.models), text, Model)
        except ValueError as error:
            raise ConfigurationError(str(error), parameter="order_by") from None
        return self._with([self._by_name[each["name"]] for each in payloads], order_by=text)

    def _with(self, models: Iterable[Model], **query: Any) -> Snapshot:
        snapshot = evolve(self, models=models, query={**self.query, **query})
        object.__setattr__(snapshot, "models", tuple(models))
        return snapshot

    def rows(self, columns: Iterable[paths.Path] | None = None, *, on: date | None = None) -> Rows:
        """Return the models as flat dictionaries, for a data frame; `Model.to_row` documents columns and cells.

        Raises:
            ConfigurationError: There is no such column.
        """
        return Rows(map(row_builder(Model, columns, on), self.models))

    def __iter__(self) -> Iterator[Model]:
        return iter(self.models)

    def __len__(self) -> int:
        return len(self.models)


def _load_last(pager: Pager[Model] | AsyncPager[Model], path: FilePath) -> Snapshot | None:
    """Return the snapshot in a file; None if there is none, or one with another read mask."""
    last = None
    try:
        last = Snapshot.load(path) if Path(path).exists() else None
    except SnapshotError as error:
        logger.warning("%s; a new snapshot replaces it", error)
    _check_listing(pager, last, allow_partial=False)
    same_mask = last is not None and last.query.get("read_mask") == pager._query.parameters.get("read_mask")
    return last if same_mask else None


def _stale(last: Snapshot | None, error: GatewayError, path: FilePath, now: datetime) -> Snapshot:
    """Return the last snapshot as a stale one, or raise the error if it is no failure of the service."""
    rejected = isinstance(error, StatusError) and error.status_code < 500 and not error.retryable
    if last is None or rejected or isinstance(error, ConfigurationError):
        raise error
    logger.warning("%s; the snapshot in %s is used, which is %s old", error, path, now - last.time)
    return evolve(last, stale=True)


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
            message = f"previous must be a snapshot of the same listing, but {difference}. Use another one, or none"
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
