"""What makes a listing a whole catalogue: every decision of taking a snapshot, without the walk."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ._async_pagination import AsyncPager
from ._clock import Clock
from ._models import Model
from ._pages import Page
from ._pagination import Pager
from ._queries import Query
from .errors import ConfigurationError, DecodeError, SnapshotError


def models_in(models: Iterable[Model]) -> Iterable[Model]:
    """Return models to loop over.

    Raises:
        ConfigurationError: They are none, such as a snapshot's path, or a listing to walk with `async for`.
    """
    given: object = models
    if isinstance(given, (str, bytes, os.PathLike)):
        raise ConfigurationError(f"this takes a snapshot or models; Snapshot.load gives those of a file; not {given!r}")
    if isinstance(given, AsyncPager):
        raise ConfigurationError("this takes a snapshot or models; Snapshot.take_async gives those of an async listing")
    if not isinstance(given, Iterable):
        raise ConfigurationError(f"this takes a snapshot, a listing or models; not {given!r:.80}")
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
                "this listing has a limit or starts in its middle, so it is not the whole catalogue; list anew without "
                "limit, page_token and resume, or allow_partial"
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
        raise ConfigurationError(f"a snapshot tells models apart by their names; add name to the read_mask {mask!r}")
