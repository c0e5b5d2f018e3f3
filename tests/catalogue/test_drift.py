"""Drift: everything that models have and the specification lacks."""

import json
import pickle
from collections.abc import Iterator
from typing import Any
from weakref import WeakSet

import pytest
from hypothesis import given

from fireworks_gateway import SPEC_VERSION, FieldError, Message, Model, Unrecognized
from fireworks_gateway._fields.kinds import ListOf, MessageOf
from fireworks_gateway._fields.messages import fields_of
from fireworks_gateway.catalogue import Drift, Finding, Snapshot, drift
from fireworks_gateway.catalogue._drift import MOST_FINDINGS, Occurrence, find_occurrences
from fireworks_gateway.testing import FakeGateway
from tests.catalogue.test_diff import catalogues
from tests.shared.sample_message import Sample

# The JSON of a model, and its findings: kind, path and value.
FOUND: list[tuple[dict[str, Any], list[tuple[str, str, Any]]]] = [
    ({}, []),
    ({"kind": None, "status": None, "childList": [], "createTime": None}, []),
    ({"novel": None}, [("unknown_fields", "novel", None)]),
    ({"display_name": "a"}, [("unknown_fields", "display_name", "a")]),
    ({"kind": "NOVEL"}, [("unknown_values", "kind", "NOVEL")]),
    ({"kind": ["NOVEL"]}, [("unreadable", "kind", ["NOVEL"])]),
    ({"contextLength": "many"}, [("unreadable", "context_length", "many")]),
    ({"flag": 1}, [("unreadable", "flag", 1)]),
    (
        {"status": {"code": "NOVEL", "message": 7}},
        [("unknown_values", "status.code", "NOVEL"), ("unreadable", "status.message", 7)],
    ),
    ({"nothing": {"novel": 0}}, [("unknown_fields", "nothing.novel", 0)]),
    ({"deprecationDate": {"era": 1, "year": 2026}}, [("unknown_fields", "deprecation_date.era", 1)]),
    ({"deprecationDate": {"year": 10**30}}, [("unreadable", "deprecation_date", {"year": 10**30})]),
    ({"numberMap": {"k": 10**400}}, [("unreadable", "number_map.k", 10**400)]),
    ({"childList": {}}, [("unreadable", "child_list", {})]),
    ({"childList": [{"name": "a"}, None]}, [("unreadable", "child_list", None)]),
    (
        {"childList": [{"state": "NOVEL", "x": 1}, {"state": "NOVEL", "x": 2}, {"state": "OTHER"}, 3]},
        [
            ("unknown_fields", "child_list.x", 1),
            ("unknown_values", "child_list.state", "NOVEL"),
            ("unknown_values", "child_list.state", "OTHER"),
            ("unreadable", "child_list", 3),
        ],
    ),
    ({"part": {"labels": ["a", 1]}}, [("unreadable", "part.labels", 1)]),
    (
        {"numberMap": {"top_k": "x", "top_p": None, "min_p": 0}},
        [("unreadable", "number_map.top_k", "x"), ("unreadable", "number_map.top_p", None)],
    ),
]


def found_in(*models: Model) -> list[tuple[str, str, Any]]:
    """Return the findings as rows of the table."""
    drifted = drift(models)
    kinds = ("unknown_fields", "unknown_values", "unreadable")
    found = [(kind, each.path, each.value) for kind in kinds for each in getattr(drifted, kind)]
    assert bool(drifted) is bool(found)
    return found


@pytest.mark.parametrize(("sent", "found"), FOUND)
def test_findings(sent: dict[str, Any], found: list[tuple[str, str, Any]]) -> None:
    """In the model, in its messages, and in the items of its lists."""
    first: dict[Any, Occurrence] = {}
    for each in find_occurrences(MessageOf(lambda: Sample), sent):
        first.setdefault(each.key, each)
    assert sorted(map(repr, found)) == sorted(repr((each.kind, each.path, each.value)) for each in first.values())
    keys = {field.key for name, field in fields_of(Sample).items() if name not in fields_of(Model)}
    if not sent.keys() & keys:
        assert found_in(Model({"name": "a", **sent})) == found


def test_a_finding_counts_models_and_names_the_first() -> None:
    """Each value of an enum is one finding."""
    models = [
        Model({"name": "a", "kind": "X"}),
        Model({"kind": "Y", "novel": 1}),
        Model({"name": "c", "kind": "X", "novel": 2, "status": {"y": 1}}),
    ]
    found = drift(models)
    assert found == Drift(
        unknown_fields=(Finding("novel", 1, "", 2), Finding("status.y", 1, "c", 1)),
        unknown_values=(Finding("kind", "X", "a", 2), Finding("kind", "Y", "", 1)),
        models=3,
    )
    assert str(found).splitlines() == [
        f"3 models against specification {SPEC_VERSION}",
        "unknown field novel: 1, in 2 models, first one without a name",
        "unknown field status.y: 1, in 1 model, first c",
        "unknown value kind: 'X', in 2 models, first a",
        "unknown value kind: 'Y', in 1 model, first one without a name",
    ]
    assert json.loads(json.dumps(found.to_dict()))["unknown_values"][0] == {
        "path": "kind",
        "value": "X",
        "model": "a",
        "count": 2,
    }
    assert pickle.loads(pickle.dumps(found)) == found


def test_a_model_counts_once() -> None:
    """Even with several list items."""
    for name, field in fields_of(Model).items():
        if isinstance(field.kind, ListOf) and isinstance(field.kind.items, MessageOf):
            model = Model({field.key: [{"y": 1}, {"y": 2}]})
            assert drift([model]).unknown_fields == (Finding(f"{name}.y", 1, "", 1),)


def test_the_sample_does_not_drift() -> None:
    """As a listing, a snapshot, a list and an iterator."""
    pager = FakeGateway(30).client().models.list()
    for models in (pager, Snapshot.take(pager), pager.to_list(), iter(pager)):
        assert drift(models) == Drift(models=30)


def test_memory_is_bounded() -> None:
    """Models are not kept, and findings are limited."""

    class Watched(Model):
        __slots__ = ("__weakref__",)

    alive: WeakSet[Watched] = WeakSet()
    most = 0

    def stream() -> Iterator[Watched]:
        nonlocal most
        for number in range(3 * MOST_FINDINGS):
            model = Watched({"name": f"{number}", "kind": f"K{number}", f"novel{number}": 1, "novel": 1})
            alive.add(model)
            most = max(most, len(alive))
            yield model
            del model

    found = drift(stream())
    assert most <= 2
    assert (len(found.unknown_values), len(found.unknown_fields)) == (MOST_FINDINGS, MOST_FINDINGS)
    assert found.omitted == (3 * MOST_FINDINGS - MOST_FINDINGS) + (3 * MOST_FINDINGS + 1 - MOST_FINDINGS)
    assert {each.count for each in found.unknown_fields if each.path == "novel"} == {3 * MOST_FINDINGS}
    assert str(found).endswith(f"and {found.omitted:,} more")


@given(catalogues)
def test_findings_are_those_of_reading_each_field(models: list[Model]) -> None:
    """Values that raise FieldError, values that are Unrecognized, and `unknown_fields`."""
    for model in models:
        found = {(kind, path.split(".")[0]) for kind, path, _ in found_in(model)}
        assert found == {(kind, path.split(".")[0]) for kind, path in read_in(model)}


def read_in(message: Message, above: str = "") -> Iterator[tuple[str, str]]:
    """Return the kinds and paths of the findings of reading a message."""
    yield from (("unknown_fields", above + key) for key in message.unknown_fields)
    for name, field in fields_of(type(message)).items():
        sent = message.payload.get(field.key)
        try:
            value = getattr(message, name)
        except FieldError:
            yield "unreadable", above + name
            item = field.kind.items if isinstance(field.kind, ListOf) else None
            if isinstance(item, MessageOf) and isinstance(sent, list):  # Its valid items have findings too.
                for each in (each for each in sent if isinstance(each, dict)):
                    yield from read_in(item.message(each), f"{above}{name}.")
            continue
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Unrecognized):
                yield "unknown_values", above + name
            elif isinstance(each, Message):
                yield from read_in(each, f"{above}{name}.")
        if name.endswith("_date") and isinstance(sent, dict):
            unknown = sent.keys() - {"year", "month", "day"}
            yield from (("unknown_fields", f"{above}{name}.{key}") for key in unknown)
