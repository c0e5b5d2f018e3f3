"""What changed between two catalogues: models that came and went, and fields of those that stayed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import field, frozen

from ._field_changes import FieldChange, changes_of, ignored_path, shown
from ._fields import Field, MessageOf
from ._message_types import MessageType
from ._models import Model
from ._paths import Path
from ._snapshots import Snapshot, by_name, what_differs
from ._taking import name_of
from .errors import ConfigurationError

_MODEL = MessageOf(lambda: Model)


@frozen
class Change:
    """A model that stayed, and what changed of it.

    Attributes:
        name: Which model.
        old: The model as it was.
        new: The model as it is.
        fields: The fields that changed, in the specification's order; then those that it lacks.
    """

    name: str
    old: Model = field(repr=False)
    new: Model = field(repr=False)
    fields: tuple[FieldChange, ...]

    def __str__(self) -> str:
        return "".join([shown(self.name), *(f"\n    {each}" for each in self.fields)])

    def to_dict(self) -> dict[str, Any]:
        """Return the change as plain data, for JSON: the name, and the fields that changed."""
        return {"name": self.name, "fields": [each.to_dict() for each in self.fields]}


@frozen
class Diff:
    """What changed between two catalogues: as long as models are concerned, and false where none is.

    Attributes:
        added: The models that are new, by name.
        removed: The models that are gone, by name.
        changed: The models of which fields changed, by name.
    """

    added: tuple[Model, ...] = ()
    removed: tuple[Model, ...] = ()
    changed: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return len(self) > 0

    def __len__(self) -> int:
        return len(self.added) + len(self.removed) + len(self.changed)

    def __str__(self) -> str:
        counts = f"{len(self.added)} added, {len(self.removed)} removed, {len(self.changed)} changed"
        added = [f"+ {shown(name_of(model))}" for model in self.added]
        removed = [f"- {shown(name_of(model))}" for model in self.removed]
        return "\n".join([counts, *added, *removed, *(f"~ {change}" for change in self.changed)])

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as plain data, for JSON: models as they were sent, changes field by field."""
        return {
            "added": [model.to_dict() for model in self.added],
            "removed": [model.to_dict() for model in self.removed],
            "changed": [change.to_dict() for change in self.changed],
        }


def diff(
    old: Snapshot | Iterable[Model],
    new: Snapshot | Iterable[Model],
    *,
    ignore: Iterable[Path] = (),
    across: bool = False,
) -> Diff:
    """Return what changed from one catalogue to another, each a snapshot, a listing, or models in any order.

    Fields are compared as they read: nothing, null and what the service prints for an unset field are the same, as are
    a timestamp with other digits or another offset, and an int64 as text or as a number. Messages are compared by
    their parts, maps by their keys, lists and dates as a whole. What the specification lacks, and what cannot be
    read, is compared as JSON.

    Args:
        old: The catalogue as it was.
        new: The catalogue as it is.
        ignore: Fields that do not count, e.g. [Model.update_time]; of a message, all that is in it. `unknown_fields`
            is all that the specification lacks, `unknown_fields.novel` one of it.
        across: Whether snapshots are compared that are partial, or of different accounts, filters or read masks.

    Raises:
        ConfigurationError: There is no such field to ignore, or the snapshots are not of the same listing.
        SnapshotError: A model has no name, or another's.
    """
    if isinstance(old, Snapshot) and isinstance(new, Snapshot) and not across:
        _check_comparable(old, new)
    ignored = frozenset(ignored_path(each, Model) for each in _listed(ignore))
    before, after = by_name(old), by_name(new)
    changes = [
        Change(name, before[name], after[name], fields)
        for name in sorted(before.keys() & after.keys())
        if (fields := tuple(changes_of(_MODEL, before[name]._payload, after[name]._payload, ignored)))
    ]
    return Diff(
        added=tuple(after[name] for name in sorted(after.keys() - before.keys())),
        removed=tuple(before[name] for name in sorted(before.keys() - after.keys())),
        changed=tuple(changes),
    )


def _check_comparable(old: Snapshot, new: Snapshot) -> None:
    told = "say across=True to compare them all the same"
    if old.partial or new.partial:
        raise ConfigurationError(f"a partial snapshot lacks models that are not gone; {told}")
    # The order and the size of pages say nothing of what is there.
    was, listed = (old.account_id, old.query), (new.account_id, new.query)
    if difference := what_differs(was, listed, ["filter", "read_mask"]):
        raise ConfigurationError(f"these are of different listings: {difference}; {told}")


def _listed(ignore: object) -> list[object]:
    if isinstance(ignore, (str, Field, MessageType)) or not isinstance(ignore, Iterable):
        raise ConfigurationError(f"ignore is a list of fields such as [Model.update_time]; not {ignore!r}")
    return [*ignore]
