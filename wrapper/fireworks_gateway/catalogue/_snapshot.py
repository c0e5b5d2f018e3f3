"""A snapshot of the catalogue, and the checks that a listing is complete."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar, cast, get_origin

from attrs import field, frozen

from .._http.retries import Clock
from .._listing.async_pager import AsyncPager
from .._listing.page import Page
from .._listing.pager import Pager
from .._listing.query import Query
from .._model import Model
from .._openapi import SPEC_VERSION
from ..errors import ConfigurationError, DecodeError, SnapshotError
from ..specification import LIST_MODELS
from . import _file as files
from ._file import FilePath, replace


def models_in(models: Iterable[Model]) -> Iterable[Model]:
    """Return models to loop over.

    Raises:
        ConfigurationError: They are none, such as a snapshot's path, or a listing to walk with `async for`.
    """
    given: object = models
    if isinstance(given, (str, bytes, os.PathLike)):
        message = f"models must be a snapshot or models, got {given!r}. Load a file with Snapshot.load"
        raise ConfigurationError(message, parameter="models")
    if isinstance(given, AsyncPager):
        message = "models must be a snapshot or models, got an async listing. Take a snapshot with Snapshot.take_async"
        raise ConfigurationError(message, parameter="models")
    if not isinstance(given, Iterable):
        message = f"models must be a snapshot, a listing or models, got {given!r:.80}"
        raise ConfigurationError(message, parameter="models")
    return models


def name_of(model: object) -> str:
    """Return the name that tells a model from others.

    Raises:
        SnapshotError: It has none, or is no model.
    """
    name = model._payload.get("name") if isinstance(model, Model) else None
    if isinstance(name, str) and name:
        return name
    raise SnapshotError(f"models are told apart by their names, and this is none that has one: {model!r:.200}")


class Taking:
    """A listing on its way to be a snapshot, page by page.

    Attributes:
        query: What is listed.
        time: When the taking began.

    Raises:
        ConfigurationError: The listing cannot give the whole catalogue, or the names of its models.
    """

    def __init__(
        self,
        pager: Pager[Model] | AsyncPager[Model],
        *,
        known: int,
        allow_empty: bool,
        allow_partial: bool,
        clock: Clock | None,
    ) -> None:
        self._within = _starts_or_ends_within(pager)
        if self._within and not allow_partial:
            raise ConfigurationError(
                "pager must list the whole catalogue, got a listing with a limit or a later start. List without limit, "
                "page_token and resume, or pass allow_partial=True",
                parameter="pager",
            )
        _check_mask(pager.query)
        self.query = pager.query
        self.time: datetime = (clock or Clock()).date()
        self._known, self._allow_empty, self._allow_partial = known, allow_empty, allow_partial
        self._models: dict[str, Model] = {}
        self._lost: list[DecodeError] = []

    @property
    def partial(self) -> bool:
        """Whether models may be missing from what has come."""
        return self._within or bool(self._lost)

    def add(self, page: Page[Model]) -> None:
        """Take the models of the next page; of two that have one name the later, which is the newer one.

        Raises:
            SnapshotError: A model has no name.
        """
        self._models.update((name_of(model), model) for model in page.items)
        self._lost += [problem for problem in page.problems if isinstance(problem, DecodeError)]

    def models(self) -> tuple[Model, ...]:
        """Return the models of the listing, which is at its end.

        Raises:
            SnapshotError: They are not to be taken for the whole of it.
        """
        if self._lost and not self._allow_partial:
            raise SnapshotError(
                f"items of the listing were skipped ({len(self._lost)}), so the rest is not the whole catalogue; ask "
                f"again later, or allow_partial. The first: {self._lost[0]}"
            )
        if not self._models and self._known and not self._allow_empty:
            raise SnapshotError(
                f"the listing came back empty, and the previous snapshot has {self._known} models; ask again later, or "
                "allow_empty if all of them are really gone"
            )
        return tuple(self._models.values())


def _starts_or_ends_within(pager: Pager[Any] | AsyncPager[Any]) -> bool:
    return pager.limit is not None or bool(pager.start.page_token or pager.start.skip)


def _check_mask(query: Query[Any]) -> None:
    mask: str | None = query.parameters.get("read_mask")
    if mask and not {"name", "*"} & {path.strip() for path in mask.split(",")}:
        message = f"read_mask must contain name, which identifies a model in a snapshot, got {mask!r}"
        raise ConfigurationError(message, parameter="read_mask")


T = TypeVar("T")
Listed: TypeAlias = tuple[str, Mapping[str, Any]]
"""What is listed: the account's id, and the parameters."""


def by_name(models: Iterable[Model]) -> dict[str, Model]:
    """Return models by their names.

    Raises:
        ConfigurationError: They are not models to loop over.
        SnapshotError: One has no name, or another's.
    """
    named: dict[str, Model] = {}
    for model in models_in(models):
        if (name := name_of(model)) in named:
            raise SnapshotError(f"two models are named {name!r}")
        named[name] = model
    return named


def _sorted(models: Iterable[Model]) -> tuple[Model, ...]:
    return tuple(model for _, model in sorted(by_name(models).items()))


def _frozen(query: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(query))


def _utc(time: object) -> datetime:
    if isinstance(time, datetime) and time.utcoffset() is not None:
        return time.astimezone(UTC)
    raise ConfigurationError(f"time must be a datetime with a time zone, got {time!r}", parameter="time")


@frozen(kw_only=True)
class Snapshot:
    """An account's models at one time: a value, in the order of their names.

    Attributes:
        account_id: Whose models.
        models: The models, by name.
        time: When the listing was begun, in UTC.
        query: The parameters that were sent with it, by name: filter, order_by, read_mask, page_size.
        spec_version: The version of the specification that the package knew.
        partial: Whether models of the listing may be missing, which `take` was told to allow.

    Raises:
        SnapshotError: A model has no name, or another's.
        ConfigurationError: The time has no offset.
    """

    account_id: str
    models: tuple[Model, ...] = field(converter=_sorted, repr=lambda models: f"<{len(models)} models>")
    time: datetime = field(converter=_utc)
    query: Mapping[str, Any] = field(factory=dict[str, Any], converter=_frozen, hash=False)
    spec_version: str = SPEC_VERSION
    partial: bool = False

    @classmethod
    def take(
        cls,
        pager: Pager[Model],
        *,
        previous: Snapshot | None = None,
        allow_empty: bool = False,
        allow_partial: bool = False,
        clock: Clock | None = None,
    ) -> Snapshot:
        """Return the snapshot of a listing, which is walked to its end.

        A model that comes twice, since the catalogue may change under the walk, is kept as it came last.

        Args:
            pager: The listing, e.g. `client.models.list()`.
            previous: The snapshot before, of the same account and filter; where it had models, a listing without any
                is not believed.
            allow_empty: Whether it is believed all the same.
            allow_partial: Whether the listing may have a limit, start in its middle, or skip items that cannot be
                read; the snapshot is then `partial`.
            clock: What time it is; for tests.

        Raises:
            ConfigurationError: The listing cannot give the whole catalogue, or not the names, or is not the one that
                `previous` is of; nothing was sent.
            SnapshotError: What came is not to be taken for the whole catalogue.
            GatewayError: The walk failed; `error.bookmark` says where it stood.
        """
        _check(pager, Pager, previous)
        known = len(previous) if previous is not None else 0
        taking = Taking(pager, known=known, allow_empty=allow_empty, allow_partial=allow_partial, clock=clock)
        for page in pager.pages():
            taking.add(page)
        return _taken(taking)

    @classmethod
    async def take_async(
        cls,
        pager: AsyncPager[Model],
        *,
        previous: Snapshot | None = None,
        allow_empty: bool = False,
        allow_partial: bool = False,
        clock: Clock | None = None,
    ) -> Snapshot:
        """Return the snapshot of a listing, which is walked to its end.

        A model that comes twice, since the catalogue may change under the walk, is kept as it came last.

        Args:
            pager: The listing, e.g. `client.models.list()`.
            previous: The snapshot before, of the same account and filter; where it had models, a listing without any
                is not believed.
            allow_empty: Whether it is believed all the same.
            allow_partial: Whether the listing may have a limit, start in its middle, or skip items that cannot be
                read; the snapshot is then `partial`.
            clock: What time it is; for tests.

        Raises:
            ConfigurationError: The listing cannot give the whole catalogue, or not the names, or is not the one that
                `previous` is of; nothing was sent.
            SnapshotError: What came is not to be taken for the whole catalogue.
            GatewayError: The walk failed; `error.bookmark` says where it stood.
        """
        _check(pager, AsyncPager, previous)
        known = len(previous) if previous is not None else 0
        taking = Taking(pager, known=known, allow_empty=allow_empty, allow_partial=allow_partial, clock=clock)
        async for page in pager.pages():
            taking.add(page)
        return _taken(taking)

    def save(self, path: FilePath) -> None:
        """Write the snapshot to a file, which holds either all of it or, after any failure, what it held before.

        The file is JSON Lines in UTF-8: a header, then a model a line as it was sent, by name. An existing file keeps
        its permissions, and a link leads where it led.

        Raises:
            SnapshotError: What is there is not an ordinary file.
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
        replace(path, lambda file: files.write(file, header, payloads))

    @classmethod
    def load(cls, path: FilePath) -> Snapshot:
        """Return the snapshot that `save` wrote to a file, of which every byte is checked against a digest.

        Raises:
            SnapshotError: The file is not whole, was changed, or is of another kind; the message says what is wrong.
            OSError: It cannot be opened; FileNotFoundError where there is none.
        """
        header, payloads = files.read(path)
        try:
            return cls(
                account_id=_typed(header, "account_id", str),
                models=tuple(map(Model, payloads)),
                time=datetime.fromisoformat(_typed(header, "time", str)),
                query=_typed(header, "query", dict[str, Any]),
                spec_version=_typed(header, "spec_version", str),
                partial=_typed(header, "partial", bool),
            )
        except ValueError as error:
            raise SnapshotError(f"the header is not a snapshot's: {error}", path=f"{path!s}", line=1) from None

    def __iter__(self) -> Iterator[Model]:
        return iter(self.models)

    def __len__(self) -> int:
        return len(self.models)

    def __reduce__(self) -> tuple[Any, ...]:
        rest = {"time": self.time, "query": dict(self.query), "spec_version": self.spec_version}
        return _restored, ({"account_id": self.account_id, "models": self.models, "partial": self.partial, **rest},)


def _restored(fields: dict[str, Any]) -> Snapshot:
    return Snapshot(**fields)  # A read-only mapping does not pickle, so the query was a dict on its way.


def _check(pager: object, kind: type[Pager[Model] | AsyncPager[Model]], previous: object) -> None:
    if not isinstance(pager, kind) or pager.query.operation.path != LIST_MODELS.path:
        message = f"pager must be a {kind.__name__}, such as client.models.list() returns, got {pager!r:.80}"
        raise ConfigurationError(message, parameter="pager")
    if previous is None:
        return
    if not isinstance(previous, Snapshot):
        message = f"previous must be a Snapshot or None, got {previous!r:.80}"
        raise ConfigurationError(message, parameter="previous")
    was, listed = (previous.account_id, previous.query), (pager.query.parameters["account_id"], pager.query.parameters)
    if difference := what_differs(was, listed, ["filter"]):
        message = f"previous must be a snapshot of the same listing, but {difference}; omit it"
        raise ConfigurationError(message, parameter="previous")


def what_differs(one: Listed, other: Listed, parameters: Iterable[str]) -> str:
    """Return in what of account and parameters two listings differ, as a clause; nothing if in none of these."""
    if one[0] != other[0]:
        return f"the accounts are {one[0]} and {other[0]}"
    for name in parameters:
        if (before := one[1].get(name)) != (after := other[1].get(name)):
            return f"{name} is {before!r} and {after!r}"
    return ""


def _taken(taking: Taking) -> Snapshot:
    sent = dict(taking.query.parameters)
    return Snapshot(
        account_id=sent.pop("account_id"),
        models=taking.models(),
        time=taking.time,
        query=sent,
        partial=taking.partial,
    )


def _typed(header: Mapping[str, Any], key: str, kind: type[T]) -> T:
    value = header.get(key)
    if not isinstance(value, get_origin(kind) or kind):
        raise ValueError(f"its {key} is {value!r:.80}")
    return cast("T", value)
