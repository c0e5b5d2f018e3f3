"""Find everything in models that the specification lacks."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple, get_args

from attrs import asdict, evolve, frozen

from .._fields.dates import DATE_PARTS, Date
from .._fields.kinds import DECODE_ERRORS, Kind, ListOf, MapOf, MessageOf
from .._fields.messages import Message, fields_of
from .._model import Model
from .._openapi import SPEC_VERSION
from ..errors import quote_value
from ._diff import MODEL, quote_unprintable

OccurrenceKind = Literal["unknown_fields", "unknown_values", "unreadable"]


class Occurrence(NamedTuple):
    """A path at which a model has something that the specification lacks, and the JSON value there."""

    kind: OccurrenceKind
    path: str
    value: Any

    @property
    def key(self) -> tuple[OccurrenceKind, str, str]:
        """The identity of the finding: kind and path, and for an unknown enum value the value."""
        return self.kind, self.path, repr(self.value) if self.kind == "unknown_values" else ""


def find_occurrences(kind: Kind[Any], value: Any, path: str = "") -> Iterator[Occurrence]:
    """Return everything in a value that the specification lacks; null means unset, so it is never reported."""
    if value is None or type(value) is kind.sent_as:
        return
    if isinstance(kind, MessageOf) and isinstance(value, dict):
        yield from _find_in_message(kind.message, value, f"{path}." if path else "")
    elif isinstance(kind, ListOf) and isinstance(value, list):
        for each in value:
            yield from _find_in_item(kind.items, each, path)
    elif isinstance(kind, MapOf) and isinstance(value, dict):
        for key, each in value.items():
            yield from _find_in_item(kind.values, each, f"{path}.{key}")
    else:
        yield from _find_in_scalar(kind, value, path)


def _find_in_message(message: type[Message], value: Mapping[str, Any], above: str) -> Iterator[Occurrence]:
    known = _fields_by_key(message)
    for key, each in value.items():
        if key not in known:
            yield Occurrence("unknown_fields", above + key, each)
        # Checked here too, to save a generator for each valid field.
        elif each is not None and type(each) is not known[key][1].sent_as:
            name, kind = known[key]
            yield from find_occurrences(kind, each, above + name)


def _find_in_item(kind: Kind[Any], value: Any, path: str) -> Iterator[Occurrence]:
    # In a list or a map null does not mean unset.
    return iter([Occurrence("unreadable", path, None)]) if value is None else find_occurrences(kind, value, path)


def _find_in_scalar(kind: Kind[Any], value: Any, path: str) -> Iterator[Occurrence]:
    try:
        kind.decode(value)
    except DECODE_ERRORS:
        yield Occurrence("unreadable", path, value)
        return
    if kind.known is not None and value not in kind.known:
        yield Occurrence("unknown_values", path, value)
    if isinstance(kind, Date):
        for part in value.keys() - set(DATE_PARTS):
            yield Occurrence("unknown_fields", f"{path}.{part}", value[part])


@cache
def _fields_by_key(message: type[Message]) -> Mapping[str, tuple[str, Kind[Any]]]:
    return {field.key: (name, field.kind) for name, field in fields_of(message).items()}


MOST_FINDINGS = 1000  # Number of findings of a kind that are kept, to bound the memory; the others are counted.


@frozen
class Finding:
    """Something that the specification lacks.

    Attributes:
        path: The field, e.g. base_model_details.moe; an unknown field has its JSON key.
        value: The JSON value in the first model.
        model: The name of the first model; empty if it has no name.
        count: Number of models.
    """

    path: str
    value: Any
    model: str
    count: int

    def __str__(self) -> str:
        models = "1 model" if self.count == 1 else f"{self.count:,} models"
        first = quote_unprintable(self.model) or "one without a name"
        return f"{quote_unprintable(self.path)}: {quote_value(self.value, 80)}, in {models}, first {first}"

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as plain data, for JSON."""
        return asdict(self)


@frozen
class Drift:
    """Everything that the service sent and the specification lacks; false if there is no finding.

    Attributes:
        unknown_fields: Fields that the specification lacks, sorted by path.
        unknown_values: Enum values that it lacks, sorted by path and value.
        unreadable: Fields whose values cannot be decoded, sorted by path.
        models: Number of models.
        omitted: Number of occurrences that are not counted, because their kind has a thousand findings already.
        spec_version: The version of the specification.
    """

    unknown_fields: tuple[Finding, ...] = ()
    unknown_values: tuple[Finding, ...] = ()
    unreadable: tuple[Finding, ...] = ()
    models: int = 0
    omitted: int = 0
    spec_version: str = SPEC_VERSION

    def __bool__(self) -> bool:
        return bool(self.unknown_fields or self.unknown_values or self.unreadable)

    def __str__(self) -> str:
        lines = [f"{self.models:,} models against specification {self.spec_version}"]
        lines += [f"unknown field {each}" for each in self.unknown_fields]
        lines += [f"unknown value {each}" for each in self.unknown_values]
        lines += [f"unreadable {each}" for each in self.unreadable]
        return "\n".join([*lines, f"and {self.omitted:,} more"] if self.omitted else lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the drift as plain data, for JSON."""
        return asdict(self)


def drift(models: Iterable[Model]) -> Drift:
    """Return everything in models, and in the messages inside, that the specification lacks.

    Args:
        models: A snapshot, a listing, or any models, which are read one by one.

    Raises:
        GatewayError: The walk over a listing failed.
    """
    found: dict[OccurrenceKind, dict[tuple[str, str], Finding]] = {kind: {} for kind in get_args(OccurrenceKind)}
    count = omitted = 0
    for count, model in enumerate(models, 1):  # noqa: B007
        name = model._payload.get("name")
        # Several items of a list count once, with the value of the first.
        distinct = {each.key: each for each in reversed([*find_occurrences(MODEL, model._payload)])}
        for occurrence in distinct.values():
            findings, key = found[occurrence.kind], occurrence.key[1:]
            if (known := findings.get(key)) is not None:
                findings[key] = evolve(known, count=known.count + 1)
            elif len(findings) < MOST_FINDINGS:
                findings[key] = Finding(occurrence.path, occurrence.value, name if isinstance(name, str) else "", 1)
            else:
                omitted += 1
    unknown_fields, unknown_values, unreadable = (
        tuple(each for _, each in sorted(findings.items())) for findings in found.values()
    )
    return Drift(unknown_fields, unknown_values, unreadable, count, omitted)
