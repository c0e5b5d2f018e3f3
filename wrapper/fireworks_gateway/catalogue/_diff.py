"""Compare two catalogues field by field."""

from collections.abc import Iterable, Iterator
from math import isnan
from typing import Any, Literal, TypeAlias

from attrs import asdict, evolve, field, frozen

from .._fields.dates import Date
from .._fields.kinds import DECODE_ERRORS, Kind, ListOf, MapOf, MessageOf
from .._fields.messages import Message, fields_of
from .._fields.paths import Path, PathError, find_steps, path_text
from .._fields.rows import MOST_ROWS, UNKNOWN, format_code, format_table
from .._model import Model
from ..errors import did_you_mean, parameter_error, quote_value
from ._snapshot import Snapshot, describe_difference, index_models, require_id, require_name

Ignored: TypeAlias = frozenset[str]

MODEL: Kind[Model] = MessageOf(lambda: Model)


@frozen
class FieldChange:
    """A field whose value changed.

    Attributes:
        path: The field, e.g. base_model_details.moe; unknown_fields.novel for a field that the specification lacks.
        before: The old value as JSON; None if it was null or absent.
        after: The new value as JSON; None if it is null or absent.
    """

    path: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{quote_unprintable(self.path)}: {quote_value(self.before, 80)} -> {quote_value(self.after, 80)}"

    def to_dict(self) -> dict[str, Any]:
        """Return the change as plain data, for JSON."""
        return asdict(self)


def quote_unprintable(text: str) -> str:
    """Return a text for a line of a report: quoted and with escapes if it has characters that do not print."""
    return text if text.isprintable() else repr(text)


def compare_values(kind: Kind[Any], before: Any, after: Any, ignored: Ignored, path: str = "") -> Iterator[FieldChange]:
    """Return the changes between two JSON values of a kind: of a message by field, of a map by key."""
    if same_json(before, after):
        return
    if isinstance(kind, MessageOf) and _are_objects(before, after):
        yield from _compare_messages(kind.message, before or {}, after or {}, ignored, f"{path}." if path else "")
    elif isinstance(kind, MapOf) and _are_objects(before, after):
        yield from _compare_maps(kind.values, before or {}, after or {}, ignored, f"{path}.")
    elif not _same_value(kind, before, after):
        yield FieldChange(path, before, after)


def _are_objects(*values: Any) -> bool:
    return all(value is None or isinstance(value, dict) for value in values)


def _compare_messages(
    message: type[Message], before: dict[str, Any], after: dict[str, Any], ignored: Ignored, above: str
) -> Iterator[FieldChange]:
    fields = fields_of(message)
    for name, each in fields.items():
        if (path := above + name) not in ignored:
            yield from compare_values(each.kind, before.get(each.key), after.get(each.key), ignored, path)
    if (unknown := above + UNKNOWN) in ignored:
        return
    known = {each.key for each in fields.values()}
    for key in [key for key in before | after if key not in known]:
        path, one, other = f"{unknown}.{key}", before.get(key), after.get(key)
        if path not in ignored and not same_json(one, other):
            yield FieldChange(path, one, other)


def _compare_maps(
    values: Kind[Any], before: dict[str, Any], after: dict[str, Any], ignored: Ignored, above: str
) -> Iterator[FieldChange]:
    for key in before | after:
        path, one, other = above + key, before.get(key), after.get(key)
        # In a map a key with a default value differs from an absent key.
        both = key in before and key in after
        same = both and (one is other if one is None or other is None else _same_value(values, one, other))
        if path not in ignored and not same:
            yield FieldChange(path, one, other)


def _same_value(kind: Kind[Any], one: Any, other: Any) -> bool:
    try:
        if kind.is_default(one) and kind.is_default(other):
            return True
        one_read, other_read = kind.decode(one), kind.decode(other)
    except DECODE_ERRORS:
        return same_json(one, other)
    if not isinstance(kind, ListOf):
        return bool(one_read == other_read)
    if len(one) != len(other):
        return False
    return not any(any(compare_values(kind.items, *pair, frozenset())) for pair in zip(one, other, strict=True))


def same_json(one: Any, other: Any) -> bool:
    """Return whether two JSON values are equal at any depth: 1 equals 1.0 but not true, NaN equals NaN."""
    pending = [(one, other)]
    while pending:
        one, other = pending.pop()
        if isinstance(one, dict) and isinstance(other, dict):
            if one.keys() != other.keys():
                return False
            pending += [(value, other[key]) for key, value in one.items()]
        elif isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                return False
            pending += zip(one, other, strict=True)
        elif not _same_scalar(one, other):
            return False
    return True


def _same_scalar(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float) and isnan(one) and isnan(other):
        return True
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def _ignored_path(path: Path) -> str:
    text = path_text(path)
    if text is None:
        raise parameter_error("ignore", f"must contain paths or fields such as Model.update_time, got {path!r}")
    names = text.split(".")
    kind: Kind[Any] = MODEL
    for number, name in enumerate(names):
        if isinstance(kind, MapOf) or (isinstance(kind, MessageOf) and name == UNKNOWN):
            break  # The rest is a key, which may contain dots.
        if isinstance(kind, (ListOf, Date)):
            raise parameter_error("ignore", f"must contain {'.'.join(names[:number])} as a whole, got {path}")
        try:
            step = find_steps(MODEL, names[: number + 1])[-1]
        except PathError as error:
            near = did_you_mean(error.near) or f"; other fields are under {UNKNOWN}"
            raise parameter_error("ignore", f"must contain fields of the specification: {error}{near}") from None
        names[number], kind = step.name, step.kind
    return ".".join(names)


@frozen
class Change:
    """A model that is in both catalogues, with the fields that changed.

    Attributes:
        name: The name of the model, or its ID in a comparison by ID.
        old: The model in the old catalogue.
        new: The model in the new catalogue.
        fields: The changes, in the order of the specification; fields that it lacks come last.
    """

    name: str
    old: Model = field(repr=False)
    new: Model = field(repr=False)
    fields: tuple[FieldChange, ...]

    def __str__(self) -> str:
        return "".join([quote_unprintable(self.name), *(f"\n    {each}" for each in self.fields)])

    def to_dict(self) -> dict[str, Any]:
        """Return the change as plain data, for JSON: the name and the changed fields."""
        return {"name": self.name, "fields": [each.to_dict() for each in self.fields]}


@frozen(repr=False)
class Diff:
    """The difference between two catalogues. Its length is the number of models that differ.

    Attributes:
        added: Models in the new catalogue only, sorted by name.
        removed: Models in the old catalogue only, sorted by name.
        changed: Models with changed fields, sorted by name.
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
        added = [f"+ {quote_unprintable(require_name(model))}" for model in self.added]
        removed = [f"- {quote_unprintable(require_name(model))}" for model in self.removed]
        return "\n".join([counts, *added, *removed, *(f"~ {change}" for change in self.changed)])

    def __repr__(self) -> str:
        return f"<Diff: {len(self.added)} added, {len(self.removed)} removed, {len(self.changed)} changed>"

    def _repr_html_(self) -> str:
        rows = [("added", require_name(model), "") for model in self.added]
        rows += [("removed", require_name(model), "") for model in self.removed]
        left = max(0, MOST_ROWS - len(rows))
        rows += [("changed", each.name, "; ".join(map(str, each.fields))) for each in self.changed[:left]]
        return f"<p>{format_code(repr(self)[1:-1])}</p>{format_table(['', 'model', 'changes'], rows, len(self))}"

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as plain data, for JSON: models as the service sent them, and changes by field."""
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
    by: Literal["name", "model_id"] = "name",
) -> Diff:
    """Return the difference between two catalogues, each a snapshot, a listing, or models in any order.

    Fields are compared by value. Absent, null and the default that the service prints for an unset field are equal, as
    are two spellings of a time or an int64. Messages are compared by field, maps by key, lists and dates as a whole.
    Fields that the specification lacks, and values that cannot be decoded, are compared as JSON.

    Args:
        old: The old catalogue.
        new: The new catalogue.
        ignore: Fields to ignore, e.g. [Model.update_time]; a message includes all its fields. `unknown_fields` means
            every field that the specification lacks, `unknown_fields.novel` one of them.
        across: Compare snapshots even if they are partial, or differ in account, filter or read mask.
        by: The key of a model: its name, or its ID. By ID, the account may differ, and the name is ignored.

    Raises:
        ConfigurationError: There is no such field to ignore, or the snapshots are of different listings.
        SnapshotError: A model has no name, or two models of a catalogue have the same name or ID.
    """
    if isinstance(old, Snapshot) and isinstance(new, Snapshot) and not across:
        _check_comparable(old, evolve(new, account_id=old.account_id) if by == "model_id" else new)
    if isinstance(ignore, str):
        raise parameter_error("ignore", f"must be a list of fields such as [Model.update_time], got {ignore!r}")
    if by not in ("name", "model_id"):
        raise parameter_error("by", f'must be "name" or "model_id", got {by!r:.80}')
    key = require_name if by == "name" else require_id
    ignored: Ignored = frozenset(map(_ignored_path, ignore))
    if by == "model_id":
        ignored |= {"name"}
    before, after = index_models(old, key), index_models(new, key)
    changes = [
        Change(name, before[name], after[name], fields)
        for name in sorted(before.keys() & after.keys())
        if (fields := tuple(compare_values(MODEL, before[name]._payload, after[name]._payload, ignored)))
    ]
    return Diff(
        added=tuple(after[name] for name in sorted(after.keys() - before.keys())),
        removed=tuple(before[name] for name in sorted(before.keys() - after.keys())),
        changed=tuple(changes),
    )


def _check_comparable(old: Snapshot, new: Snapshot) -> None:
    if old.partial or new.partial:
        raise parameter_error("across", "must be True to compare a partial snapshot, which may lack models")
    # Order and page size do not change which models are listed.
    if difference := describe_difference(old._listing, new._listing, ["account_id", "filter", "read_mask"]):
        raise parameter_error("across", f"must be True to compare different listings: {difference}")
