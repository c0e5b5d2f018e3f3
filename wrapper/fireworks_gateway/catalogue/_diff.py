"""Compare two snapshots, or two models, field by field."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from attrs import field, frozen

from .._fields.dates import Date
from .._fields.fields import Field, Message, MessageOf, MessageType, fields_of
from .._fields.kinds import Reader, is_array, is_object
from .._fields.paths import Path, PathError, Step, step_under, text_of
from .._model import Model
from ..errors import ConfigurationError
from ._snapshot import Snapshot, by_name, name_of, what_differs

Ignored: TypeAlias = frozenset[str]

UNKNOWN = "unknown_fields"
"""In a path, what a field that the specification lacks is under; it is read there, too."""


@frozen
class FieldChange:
    """A field that reads otherwise than before.

    Attributes:
        path: Which field, e.g. base_model_details.moe; unknown_fields.novel for one that the specification lacks.
        before: What was sent, as JSON; None where that was null or nothing.
        after: What is sent now, likewise.
    """

    path: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{shown(self.path)}: {self.before!r:.80} -> {self.after!r:.80}"

    def to_dict(self) -> dict[str, Any]:
        """Return the change as plain data, for JSON."""
        return {"path": self.path, "before": copy.deepcopy(self.before), "after": copy.deepcopy(self.after)}


def shown(text: str) -> str:
    """Return a text as a line of a report can have it: in quotes and with escapes where it would do more than print."""
    return text if text.isprintable() else repr(text)


def changes_of(reader: Reader[Any], before: Any, after: Any, ignored: Ignored, path: str = "") -> Iterator[FieldChange]:
    """Return what reads otherwise in two JSON values that a reader reads: a message by its parts, a map by its keys."""
    if same_json(before, after):
        return
    if reader.message is not None and _are_objects(before, after):
        yield from _parts(reader.message, before or {}, after or {}, ignored, f"{path}." if path else "")
    elif reader.values is not None and _are_objects(before, after):
        yield from _entries(reader.values, before or {}, after or {}, ignored, f"{path}.")
    elif not _reads_same(reader, before, after):
        yield FieldChange(path, before, after)


def _are_objects(*values: Any) -> bool:
    return all(value is None or is_object(value) for value in values)


def _parts(
    message: type[Message], before: dict[str, Any], after: dict[str, Any], ignored: Ignored, above: str
) -> Iterator[FieldChange]:
    fields = fields_of(message)
    for name, each in fields.items():
        if (path := above + name) not in ignored:
            yield from changes_of(each.reader, before.get(each.key), after.get(each.key), ignored, path)
    if (unknown := above + UNKNOWN) in ignored:
        return
    known = {each.key for each in fields.values()}
    for key in [key for key in before | after if key not in known]:
        path, one, other = f"{unknown}.{key}", before.get(key), after.get(key)
        if path not in ignored and not same_json(one, other):
            yield FieldChange(path, one, other)


def _entries(
    values: Reader[Any], before: dict[str, Any], after: dict[str, Any], ignored: Ignored, above: str
) -> Iterator[FieldChange]:
    for key in before | after:
        path, one, other = above + key, before.get(key), after.get(key)
        # In a map a key that is there says something, even with a default.
        both = key in before and key in after
        same = both and (one is other if one is None or other is None else _reads_same(values, one, other))
        if path not in ignored and not same:
            yield FieldChange(path, one, other)


def _reads_same(reader: Reader[Any], one: Any, other: Any) -> bool:
    try:
        if reader.is_default(one) and reader.is_default(other):
            return True
        one_read, other_read = reader.read(one), reader.read(other)
    except (TypeError, ValueError, OverflowError):
        return same_json(one, other)
    if (items := reader.items) is None:
        return bool(one_read == other_read)
    if len(one) != len(other):
        return False
    return not any(any(changes_of(items, *pair, frozenset())) for pair in zip(one, other, strict=True))


def same_json(one: Any, other: Any) -> bool:
    """Say whether two JSON values are the same, however deep: 1 is 1.0, and is not true; NaN is NaN."""
    pending = [(one, other)]
    while pending:
        one, other = pending.pop()
        if is_object(one) and is_object(other):
            if one.keys() != other.keys():
                return False
            pending += [(value, other[key]) for key, value in one.items()]
        elif is_array(one) and is_array(other):
            if len(one) != len(other):
                return False
            pending += zip(one, other, strict=True)
        elif isinstance(one, bool) is not isinstance(other, bool) or (one != other and (one == one or other == other)):
            return False
    return True


def ignored_path(asked: object, message: type[Message]) -> str:
    """Return the path of a field to ignore in a message, given as its path or as the field itself.

    Raises:
        ConfigurationError: The specification has no such field; the message names those that are near.
    """
    if (text := text_of(asked)) is None:
        text = f"ignore must contain paths or fields such as Model.update_time, got {asked!r}"
        raise ConfigurationError(text, parameter="ignore")
    names = text.split(".")
    done: tuple[str, ...] = ()
    reader: Reader[Any] = MessageOf(lambda: message)
    for number, name in enumerate(names):
        if reader.values is not None or (reader.message is not None and name == UNKNOWN):
            return ".".join((*done, *names[number:]))
        if reader.items is not None or reader is Date:
            text = f"ignore must contain {'.'.join(done)} as a whole, got {asked}"
            raise ConfigurationError(text, parameter="ignore")
        step = _step(name, reader, done)
        reader, done = step.reader, (*done, step.name)
    return ".".join(done)


def _step(name: str, reader: Reader[Any], above: tuple[str, ...]) -> Step:
    try:
        return step_under(name, reader, above)
    except PathError as error:
        hint = f"did you mean {' or '.join(error.near)}?" if error.near else f"what it lacks is under {UNKNOWN}"
        message = f"ignore must contain fields of the specification: {error}; {hint}"
        raise ConfigurationError(message, parameter="ignore") from None


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
    if old.partial or new.partial:
        message = "across must be True to compare a partial snapshot, which may lack models that exist"
        raise ConfigurationError(message, parameter="across")
    # The order and the size of pages say nothing of what is there.
    was, listed = (old.account_id, old.query), (new.account_id, new.query)
    if difference := what_differs(was, listed, ["filter", "read_mask"]):
        message = f"across must be True to compare different listings: {difference}"
        raise ConfigurationError(message, parameter="across")


def _listed(ignore: object) -> list[object]:
    if isinstance(ignore, (str, Field, MessageType)) or not isinstance(ignore, Iterable):
        message = f"ignore must be a list of fields such as [Model.update_time], got {ignore!r}"
        raise ConfigurationError(message, parameter="ignore")
    return [*ignore]
