"""Find everything in models that the specification does not have."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple, get_args

from attrs import evolve, frozen

from .._fields.dates import DATE_PARTS, Date
from .._fields.fields import Message, MessageOf, fields_of
from .._fields.kinds import Reader, is_array, is_object
from .._model import Model
from .._openapi import SPEC_VERSION
from ..errors import ConfigurationError
from ._diff import shown
from ._snapshot import models_in

Kind = Literal["unknown_fields", "unknown_values", "unreadable"]


class Oddity(NamedTuple):
    """Something that the specification does not know: what kind of thing, at which path, and what was sent."""

    kind: Kind
    path: str
    value: Any

    @property
    def key(self) -> tuple[Kind, str, str]:
        """What tells it from others: of an enum its value too, of fields their path alone."""
        return self.kind, self.path, repr(self.value) if self.kind == "unknown_values" else ""


def oddities_of(reader: Reader[Any], value: Any, path: str = "") -> Iterator[Oddity]:
    """Return what is odd in a value; null is not, since a field that is null is unset."""
    if value is None or type(value) is reader.as_sent:
        return
    if reader.message is not None and is_object(value):
        yield from _in_parts(reader.message, value, f"{path}." if path else "")
    elif reader.items is not None and is_array(value):
        for each in value:
            yield from _in_item(reader.items, each, path)
    elif reader.values is not None and is_object(value):
        for key, each in value.items():
            yield from _in_item(reader.values, each, f"{path}.{key}")
    else:
        yield from _in_scalar(reader, value, path)


def _in_parts(message: type[Message], value: Mapping[str, Any], above: str) -> Iterator[Oddity]:
    known = _by_key(message)
    for key, each in value.items():
        if key not in known:
            yield Oddity("unknown_fields", above + key, each)
        # Asked here too, lest every field that is as it should be costs a generator.
        elif each is not None and type(each) is not known[key][1].as_sent:
            name, reader = known[key]
            yield from oddities_of(reader, each, above + name)


def _in_item(reader: Reader[Any], value: Any, path: str) -> Iterator[Oddity]:
    # A list or a map has nothing that null would leave unset.
    return iter([Oddity("unreadable", path, None)]) if value is None else oddities_of(reader, value, path)


def _in_scalar(reader: Reader[Any], value: Any, path: str) -> Iterator[Oddity]:
    try:
        reader.read(value)
    except (TypeError, ValueError, OverflowError):
        yield Oddity("unreadable", path, value)
        return
    if reader.known is not None and value not in reader.known:
        yield Oddity("unknown_values", path, value)
    if reader is Date:
        for part in value.keys() - set(DATE_PARTS):
            yield Oddity("unknown_fields", f"{path}.{part}", value[part])


@cache
def _by_key(message: type[Message]) -> Mapping[str, tuple[str, Reader[Any]]]:
    return {field.key: (name, field.reader) for name, field in fields_of(message).items()}


LARGEST = 1000
"""How many findings of a kind are kept, so that nothing that is sent can fill the memory; the others are counted."""

_MODEL = MessageOf(lambda: Model)


@frozen
class Finding:
    """Something that the specification does not know.

    Attributes:
        path: Where, e.g. base_model_details.moe; a field that the specification lacks has its JSON key.
        value: What was sent there, as JSON; of a field, in the first model that had it.
        model: The name of the first model that had it; empty where that has none.
        count: How many models had it.
    """

    path: str
    value: Any
    model: str
    count: int

    def __str__(self) -> str:
        models = "1 model" if self.count == 1 else f"{self.count:,} models"
        return f"{shown(self.path)}: {self.value!r:.80}, in {models}, first {shown(self.model) or 'one without a name'}"

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as plain data, for JSON."""
        return {"path": self.path, "value": copy.deepcopy(self.value), "model": self.model, "count": self.count}


@frozen
class Drift:
    """Where the service has moved on from the specification; false where it has not.

    Attributes:
        unknown_fields: The fields that the specification lacks, by path.
        unknown_values: The enum values that it lacks, by path and value.
        unreadable: The fields that hold what they cannot hold by it, by path.
        models: How many models were looked at.
        omitted: How many times something was found after a thousand different findings of its kind.
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
        return {
            "spec_version": self.spec_version,
            "models": self.models,
            "omitted": self.omitted,
            "unknown_fields": [each.to_dict() for each in self.unknown_fields],
            "unknown_values": [each.to_dict() for each in self.unknown_values],
            "unreadable": [each.to_dict() for each in self.unreadable],
        }


def drift(models: Iterable[Model]) -> Drift:
    """Return what in models the specification does not know, down to the messages in them.

    Args:
        models: A snapshot, a listing, or any models; they are looked at one by one, and none is kept.

    Raises:
        ConfigurationError: They, or one of them, are not models.
        GatewayError: The walk over a listing failed.
    """
    count = _Count()
    for model in models_in(models):
        if not isinstance(model, Model):
            message = f"models must contain models, such as client.models.list() returns, got {model!r:.80}"
            raise ConfigurationError(message, parameter="models")
        count.add(model)
    return count.drift()


class _Count:
    """What was found in the models so far."""

    def __init__(self) -> None:
        self._models = self._omitted = 0
        self._found: dict[Kind, dict[tuple[str, str], Finding]] = {kind: {} for kind in get_args(Kind)}

    def add(self, model: Model) -> None:
        self._models += 1
        name = model._payload.get("name")
        odd: dict[tuple[str, ...], Oddity] = {}
        for oddity in oddities_of(_MODEL, model._payload):
            odd.setdefault(oddity.key, oddity)  # What a model has several times, in a list's items, counts once.
        for oddity in odd.values():
            self._note(oddity, name if isinstance(name, str) else "")

    def _note(self, oddity: Oddity, model: str) -> None:
        found, key = self._found[oddity.kind], oddity.key[1:]
        if (known := found.get(key)) is not None:
            found[key] = evolve(known, count=known.count + 1)
        elif len(found) < LARGEST:
            found[key] = Finding(oddity.path, oddity.value, model, 1)
        else:
            self._omitted += 1

    def drift(self) -> Drift:
        return Drift(
            unknown_fields=self._sorted("unknown_fields"),
            unknown_values=self._sorted("unknown_values"),
            unreadable=self._sorted("unreadable"),
            models=self._models,
            omitted=self._omitted,
        )

    def _sorted(self, kind: Kind) -> tuple[Finding, ...]:
        found = self._found[kind]
        return tuple(found[key] for key in sorted(found))
