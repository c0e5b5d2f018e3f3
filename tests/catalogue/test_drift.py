"""Where the service has moved on from the specification: what it sends that this version does not know."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from typing import Any
from weakref import WeakSet

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import SPEC_VERSION, FieldError, Model, TransportError, Unrecognized
from fireworks_gateway._fields.fields import Message, fields_of
from fireworks_gateway.catalogue import Drift, Finding, Snapshot, drift
from fireworks_gateway.catalogue._drift import MOST_FINDINGS
from fireworks_gateway.testing import FakeGateway
from tests.catalogue.test_diff import catalogues

# What a model has, and what of it is found: the kind, the path and the value.
FOUND: list[tuple[dict[str, Any], list[tuple[str, str, Any]]]] = [
    ({}, []),
    ({"kind": None, "status": None, "deployedModelRefs": [], "createTime": None}, []),
    ({"kind": "HF_BASE_MODEL", "contextLength": "8192", "deprecationDate": {"year": 2026}}, []),
    ({"novel": None}, [("unknown_fields", "novel", None)]),
    ({"novel": {"kind": "X"}}, [("unknown_fields", "novel", {"kind": "X"})]),
    ({"display_name": "a"}, [("unknown_fields", "display_name", "a")]),
    ({"kind": "NOVEL"}, [("unknown_values", "kind", "NOVEL")]),
    ({"kind": 17}, [("unknown_values", "kind", 17)]),
    ({"kind": ["NOVEL"]}, [("unreadable", "kind", ["NOVEL"])]),
    ({"contextLength": "many"}, [("unreadable", "context_length", "many")]),
    ({"createTime": "today"}, [("unreadable", "create_time", "today")]),
    ({"public": 1}, [("unreadable", "public", 1)]),
    ({"status": "OK"}, [("unreadable", "status", "OK")]),
    (
        {"status": {"code": "NOVEL", "message": 7}},
        [("unknown_values", "status.code", "NOVEL"), ("unreadable", "status.message", 7)],
    ),
    ({"teftDetails": {"novel": 0}}, [("unknown_fields", "teft_details.novel", 0)]),
    ({"deprecationDate": {"era": 1, "year": 2026}}, [("unknown_fields", "deprecation_date.era", 1)]),
    ({"deprecationDate": {"month": 13}}, [("unreadable", "deprecation_date", {"month": 13})]),
    ({"deprecationDate": {"year": 10**30}}, [("unreadable", "deprecation_date", {"year": 10**30})]),
    ({"defaultSamplingParams": {"k": 10**400}}, [("unreadable", "default_sampling_params.k", 10**400)]),
    ({"deployedModelRefs": {}}, [("unreadable", "deployed_model_refs", {})]),
    ({"deployedModelRefs": [{"name": "a"}, None]}, [("unreadable", "deployed_model_refs", None)]),
    (
        {"deployedModelRefs": [{"state": "NOVEL", "x": 1}, {"state": "NOVEL", "x": 2}, {"state": "OTHER"}, 3]},
        [
            ("unknown_fields", "deployed_model_refs.x", 1),
            ("unknown_values", "deployed_model_refs.state", "NOVEL"),
            ("unknown_values", "deployed_model_refs.state", "OTHER"),
            ("unreadable", "deployed_model_refs", 3),
        ],
    ),
    ({"peftDetails": {"targetModules": ["a", 1]}}, [("unreadable", "peft_details.target_modules", 1)]),
    (
        {"defaultSamplingParams": {"top_k": "x", "top_p": None, "min_p": 0}},
        [("unreadable", "default_sampling_params.top_k", "x"), ("unreadable", "default_sampling_params.top_p", None)],
    ),
]


def found_in(*models: Model) -> list[tuple[str, str, Any]]:
    """Return what drift finds, as rows of the table."""
    drifted = drift(models)
    kinds = ("unknown_fields", "unknown_values", "unreadable")
    found = [(kind, each.path, each.value) for kind in kinds for each in getattr(drifted, kind)]
    assert bool(drifted) is bool(found)
    return found


@pytest.mark.parametrize(("sent", "found"), FOUND)
def test_what_the_specification_does_not_know_is_found(sent: dict[str, Any], found: list[tuple[str, str, Any]]) -> None:
    """In the model, in its messages, and in the items of its lists."""
    assert found_in(Model({"name": "a", **sent})) == found


def test_models_are_counted_and_the_first_is_the_example() -> None:
    """Each model once, however often it has something; of an enum each value is found."""
    models = [
        Model({"name": "a", "kind": "X"}),
        Model({"kind": "Y", "novel": 1}),
        Model({"name": "c", "kind": "X", "novel": 2, "deployedModelRefs": [{"y": 1}, {"y": 2}]}),
    ]
    found = drift(models)
    assert found == Drift(
        unknown_fields=(Finding("deployed_model_refs.y", 1, "c", 1), Finding("novel", 1, "", 2)),
        unknown_values=(Finding("kind", "X", "a", 2), Finding("kind", "Y", "", 1)),
        models=3,
    )
    assert str(found).splitlines() == [
        f"3 models against specification {SPEC_VERSION}",
        "unknown field deployed_model_refs.y: 1, in 1 model, first c",
        "unknown field novel: 1, in 2 models, first one without a name",
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


def test_the_sample_does_not_drift_in_whatever_it_comes() -> None:
    """A listing, a snapshot, a list."""
    pager = FakeGateway(30).client().models.list()
    for models in (pager, Snapshot.take(pager), pager.to_list(), iter(pager)):
        assert drift(models) == Drift(models=30)


def test_a_stream_is_not_kept() -> None:
    """One model at a time, and a bounded number of findings, however many there are."""

    class Watched(Model):
        __slots__ = ("__weakref__",)

    alive: WeakSet[Watched] = WeakSet()
    most = 0

    def stream() -> Iterator[Watched]:
        nonlocal most
        for number in range(3 * MOST_FINDINGS):
            model = Watched({"name": f"{number}", "kind": f"K{number}", f"f{number}": 1, "novel": 1})
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


def test_what_fails_on_the_way_is_raised() -> None:
    """A walk's error comes as it is, and what is no model is refused."""

    def failing() -> Iterator[Model]:
        yield Model({})
        raise TransportError("it broke")

    with pytest.raises(TransportError):
        drift(failing())


@given(catalogues)
def test_drift_is_what_reading_finds(models: list[Model]) -> None:
    """What raises FieldError, what reads as Unrecognized and what is in `unknown_fields`, and nothing else."""
    for model in models:
        found = {(kind, path.split(".")[0]) for kind, path, _ in found_in(model)}
        assert found == {(kind, path.split(".")[0]) for kind, path in read_in(model)}


def read_in(message: Message, above: str = "") -> Iterator[tuple[str, str]]:
    """Return the kinds and paths of what reading a message finds."""
    yield from (("unknown_fields", above + key) for key in message.unknown_fields)
    for name, field in fields_of(type(message)).items():
        try:
            value = getattr(message, name)
        except FieldError:
            yield "unreadable", above + name
            # A list that cannot be read as a whole has items that can be looked at all the same.
            sent = message.payload[field.key]
            items = field.reader.items
            if isinstance(sent, list) and items is not None and items.message is not None:
                for each in sent:
                    if isinstance(each, dict):
                        yield from read_in(items.message(each), f"{above}{name}.")
            continue
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Unrecognized):
                yield "unknown_values", above + name
            elif isinstance(each, Message):
                yield from read_in(each, f"{above}{name}.")
        if name.endswith("_date") and value is not None:
            unknown = message.payload[field.key].keys() - {"year", "month", "day"}
            yield from (("unknown_fields", f"{above}{name}.{key}") for key in unknown)


@given(st.data())
def test_no_finding_hides_another(data: st.DataObject) -> None:
    """What is found in several models is what is found in each."""
    rows = data.draw(st.lists(st.sampled_from(FOUND), max_size=3))
    models = [Model({"name": f"{number}", **sent}) for number, (sent, _) in enumerate(rows)]
    paths = {(kind, path) for _, found in rows for kind, path, _ in found}
    assert {(kind, path) for kind, path, _ in found_in(*models)} == paths
