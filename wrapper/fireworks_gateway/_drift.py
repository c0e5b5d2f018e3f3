"""What the service sends and the specification does not know: fields, enum values, and values of other types."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any, get_args

from attrs import evolve, frozen

from ._field_changes import shown
from ._fields import MessageOf
from ._models import Model
from ._oddities import Kind, Oddity, oddities_of
from ._openapi import SPEC_VERSION
from ._taking import models_in
from .errors import ConfigurationError

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
            raise ConfigurationError(f"drift takes models, such as client.models.list() gives; not {model!r:.80}")
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
