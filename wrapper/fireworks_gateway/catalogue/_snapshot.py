"""Snapshots of the catalogue. A snapshot is complete, unless `allow_partial` permits a partial one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

from attrs import evolve, field, frozen

from .._fields import paths
from .._fields.check import check_filter
from .._fields.kinds import ReadOnlyDict
from .._fields.orders import sort_payloads
from .._fields.rows import FrameSource, Rows, format_code, format_items, row_builder
from .._http.retries import Clock
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
    parameter_error,
)
from ..filters._tree import filter_of
from ._file import FilePath, read_snapshot, replace_file, write_snapshot

if TYPE_CHECKING:  # They import httpx, which a saved snapshot does not need.
    from .._listing.async_pager import AsyncPager
    from .._listing.page import Page
    from .._listing.pager import Pager
    from .._listing.query import Condition, SortKey

T = TypeVar("T")

logger = logging.getLogger("fireworks_gateway")


def _read_only(query: Mapping[str, Any]) -> Mapping[str, Any]:
    # Type checkers read the type of the argument from a function, but not from the class.
    return ReadOnlyDict(query)


_HEADER = {"account_id": str, "query": dict, "spec_version": str, "time": str, "partial": bool}
"""The fields of a snapshot in the header of its file, with the type of their JSON."""


def require_name(model: Model) -> str:
    """Return the name of a model, which identifies it in a catalogue."""
    name = model._payload.get("name")
    if isinstance(name, str) and name:
        return name
    raise SnapshotError(f"a model in a catalogue must have a name, got {model!r:.200}")


def require_id(model: Model) -> str:
    """Return the last segment of the name of a model, which identifies it in an account."""
    return require_name(model).rpartition("/")[2]


def index_models(models: Iterable[Model], key: Callable[[Model], str] = require_name) -> dict[str, Model]:
    """Return models by name, or by another key."""
    named: dict[str, Model] = {}
    for model in models:
        if (name := key(model)) in named:
            raise SnapshotError(f"two models have the name {name!r}")
        named[name] = model
    return named


def describe_difference(one: Mapping[str, Any], other: Mapping[str, Any], parameters: Iterable[str]) -> str:
    """Describe the first difference between the parameters of two listings; empty if there is no difference."""
    for name in parameters:
        if (before := one.get(name)) != (after := other.get(name)):
            return f"{name} is {before!r} and {after!r}"
    return ""


def _sort_models(models: Iterable[Model]) -> tuple[Model, ...]:
    return tuple(model for _, model in sorted(index_models(models).items()))


def _to_utc(time: datetime) -> datetime:
    if time.utcoffset() is None:
        raise parameter_error("time", f"must be a datetime with a time zone, got {time!r}")
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
        partial: True if models of the listing may be missing, which only `allow_partial` permits.
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
        object.__setattr__(self, "_by_name", index_models(self.models))

    @property
    def _listing(self) -> Mapping[str, Any]:
        return {**self.query, "account_id": self.account_id}

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
        """Walk a listing to its end and return its snapshot. Of a model that is listed twice, the later one is kept.

        Args:
            pager: The listing, e.g. `client.models.list()`.
            previous: The previous snapshot, of the same account and filter. A complete listing that lacks more than
                half of its models raises an error, whose `snapshot` is the new one.
            allow_empty: Accept an empty listing after a previous snapshot with models.
            allow_missing: Accept a listing that lacks more than half of the previous models.
            allow_partial: Accept a listing with a limit, a later start or skipped items; the snapshot is `partial`.
            on_page: Callback invoked with each page, e.g. to show progress.
            clock: Source of the time, for tests.

        Raises:
            ConfigurationError: The listing is incomplete, lacks names, or is not that of `previous`; nothing was sent.
            SnapshotError: Items were skipped, a model has no name, or all or most of the previous models are missing.
            GatewayError: The walk failed; `error.bookmark` is its position.
        """
        taking = _Taking(pager, previous, allow_empty, allow_missing, allow_partial, (clock or Clock()).date())
        for page in pager.pages():
            taking.pages.append(page)
            if on_page is not None:
                on_page(page)
        return taking.finish()

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
        taking = _Taking(pager, previous, allow_empty, allow_missing, allow_partial, (clock or Clock()).date())
        async for page in pager.pages():
            taking.pages.append(page)
            if on_page is not None:
                on_page(page)
        return taking.finish()

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

        If the service fails, or lists nothing or less than half of the models, the snapshot in the file is returned as
        a `stale` one, with a logged warning. Delete the file to accept a catalogue that has lost most of its models.

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
            return _use_stale(last, error, path, now)
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
            return _use_stale(last, error, path, now)
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
        header = {name: getattr(self, name) for name in _HEADER}
        header |= {"query": dict(self.query), "time": self.time.isoformat()}
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
            for name, kind in _HEADER.items():
                if not isinstance(header.get(name), kind):
                    raise ValueError(f"{name} is {header.get(name)!r:.80}")
            fields = {name: header[name] for name in _HEADER}
            fields["time"] = datetime.fromisoformat(header["time"])
            return cls(models=tuple(map(Model, payloads)), **fields)
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
                text, which is checked. Fields outside the read mask of the snapshot are unset.

        Raises:
            FilterError: The text is not a filter, or names a field that a model lacks.
        """
        from .._listing.query import format_filter

        checked = check_filter(condition, Model) if isinstance(condition, str) else filter_of(condition)
        matches = checked.predicate()
        texts = [text for text in (self.query.get("filter"), format_filter(checked)) if text]
        joined = " AND ".join(f"({text})" for text in texts) if len(texts) > 1 else "".join(texts)
        return self._with([model for model in self.models if matches(model._payload)], filter=joined or None)

    def order_by(self, order_by: SortKey | Iterable[SortKey]) -> Snapshot:
        """Return the snapshot with its models in another order, which a file does not keep. Unset values are the least.

        Args:
            order_by: A field, Model.create_time.desc(), a list of these, or text, 'create_time desc'.

        Raises:
            ConfigurationError: A field cannot be sorted by, or does not exist.
        """
        from .._listing.query import format_order

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
        """Return the models as rows for a data frame, with the columns, cells and errors of `Model.to_row`."""
        return Rows(map(row_builder(Model, columns, on), self.models))

    def __iter__(self) -> Iterator[Model]:
        return iter(self.models)

    def __len__(self) -> int:
        return len(self.models)


def _load_last(pager: Pager[Model] | AsyncPager[Model], path: FilePath) -> Snapshot | None:
    """Return the snapshot in a file; None without a file, or for another read mask or a damaged file."""
    last = None
    try:
        last = Snapshot.load(path) if Path(path).exists() else None
    except SnapshotError as error:
        logger.warning("%s; a new snapshot replaces it", error)
    _check_listing(pager, last, allow_partial=False)
    same_mask = last is not None and last.query.get("read_mask") == pager._query.parameters.get("read_mask")
    return last if same_mask else None


def _use_stale(last: Snapshot | None, error: GatewayError, path: FilePath, now: datetime) -> Snapshot:
    """Return the last snapshot as a stale one, or raise an error that is not a failure of the service."""
    rejected = isinstance(error, StatusError) and error.status_code < 500 and not error.retryable
    if last is None or rejected or isinstance(error, ConfigurationError):
        raise error
    logger.warning("%s; the snapshot in %s is used, which is %s old", error, path, now - last.time)
    return evolve(last, stale=True)


def _check_listing(pager: Pager[Model] | AsyncPager[Model], previous: Snapshot | None, *, allow_partial: bool) -> None:
    if is_limited(pager) and not allow_partial:
        constraint = "must list the whole catalogue, got a listing with a limit or a later start"
        remedy = "List without limit, page_token and resume, or pass allow_partial=True"
        raise parameter_error("pager", f"{constraint}. {remedy}")
    query = pager._query.parameters
    mask: str = query.get("read_mask") or "*"
    if not {"name", "*"} & {path.strip() for path in mask.split(",")}:
        raise parameter_error("read_mask", f"must contain name, which identifies a model in a snapshot, got {mask!r}")
    if previous is not None and (difference := describe_difference(previous._listing, query, ["account_id", "filter"])):
        problem = f"must be a snapshot of the same listing, but {difference}. Use another one, or none"
        raise parameter_error("previous", problem)


def is_limited(pager: Pager[Model] | AsyncPager[Model]) -> bool:
    """Return whether a listing has a limit or a later start."""
    return pager._limit is not None or bool(pager._start.page_token or pager._start.skip)


@frozen
class _Taking:
    """A snapshot that is being taken, and its pages so far."""

    pager: Pager[Model] | AsyncPager[Model]
    previous: Snapshot | None
    allow_empty: bool
    allow_missing: bool
    allow_partial: bool
    time: datetime
    pages: list[Page[Model]] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        _check_listing(self.pager, self.previous, allow_partial=self.allow_partial)

    def finish(self) -> Snapshot:
        """Return the snapshot of all pages; raise an error if models were skipped, or are missing."""
        skipped = [problem for page in self.pages for problem in page.problems if isinstance(problem, DecodeError)]
        if skipped and not self.allow_partial:
            problem = f"the listing is incomplete: malformed items were skipped ({len(skipped)})"
            raise SnapshotError(f"{problem}. Retry later, or pass allow_partial=True. The first: {skipped[0]}")
        models = {require_name(model): model for page in self.pages for model in page.items}  # The later of two.
        query = self.pager._query.parameters
        snapshot = Snapshot(
            account_id=query["account_id"],
            models=tuple(models.values()),
            time=self.time,
            query={name: value for name, value in query.items() if name != "account_id"},
            partial=is_limited(self.pager) or bool(skipped),
        )
        if self.previous:
            self._check_missing(snapshot, self.previous)
        return snapshot

    def _check_missing(self, snapshot: Snapshot, previous: Snapshot) -> None:
        if not snapshot and not self.allow_empty:
            problem = f"the listing is empty, but the previous snapshot has {len(previous)} models"
            remedy = "Retry later, or pass allow_empty=True if the catalogue is really empty"
            raise SnapshotError(f"{problem}. {remedy}", snapshot=snapshot)
        missing = len(previous._by_name.keys() - snapshot._by_name.keys())
        if snapshot and not snapshot.partial and not self.allow_missing and 2 * missing > len(previous):
            problem = f"the listing lacks {missing} of the {len(previous)} models of the previous snapshot"
            remedy = "Retry later, or pass allow_missing=True if they were removed; error.snapshot is the new snapshot"
            raise SnapshotError(f"{problem}. {remedy}", snapshot=snapshot)
