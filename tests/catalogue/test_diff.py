"""The difference between two catalogues: tables of equal and changed values, and laws."""

import json
import pickle
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import ConfigurationError, FieldError, Message, Model
from fireworks_gateway._fields.kinds import Kind, ListOf, MapOf, MessageOf
from fireworks_gateway._fields.messages import fields_of
from fireworks_gateway.catalogue import Change, Diff, FieldChange, Snapshot, SnapshotError, diff, drift
from fireworks_gateway.catalogue._diff import compare_values
from fireworks_gateway.testing import FakeGateway, model_payload
from tests.shared.sample_message import Sample

NAME = "accounts/fireworks/models/sample"
NOON = datetime(2026, 2, 14, 12, tzinfo=UTC)


def changes(before: dict[str, Any], after: dict[str, Any], **options: Any) -> list[tuple[str, Any, Any]]:
    """Return the changes of a sample, or those of a model with options: path, before and after."""
    if not options:
        compared = compare_values(MessageOf(lambda: Sample), before, after, frozenset())
        return [(each.path, each.before, each.after) for each in compared]
    found = diff([Model({"name": NAME, **before})], [Model({"name": NAME, **after})], **options)
    assert (found.added, found.removed, len(found), bool(found)) == ((), (), len(found.changed), len(found.changed) > 0)
    return [(each.path, each.before, each.after) for change in found.changed for each in change.fields]


def fields_with(kind: type[Kind[Any]]) -> list[str]:
    """Return the names of a model's fields of a kind."""
    return [name for name, field in fields_of(Model).items() if isinstance(field.kind, kind)]


# A field, and JSON values that are equal.
SAME: list[tuple[str, list[Any]]] = [
    ("displayName", [None, ""]),
    ("contextLength", [None, 0, "0", 0.0]),
    ("contextLength", [4096, "4096", 4096.0, "4.096e3"]),
    ("flag", [None, False]),
    ("kind", [None, "KIND_UNSPECIFIED"]),
    ("kind", [17, "17"]),
    ("createTime", ["2026-02-14T12:00:00Z", "2026-02-14T12:00:00.000000000Z", "2026-02-14T14:00:00+02:00"]),
    ("childList", [None, []]),
    ("childList", [[{"name": "d"}], [{"name": "d", "main": False, "state": "STATE_UNSPECIFIED"}]]),
    ("numberMap", [None, {}]),
    ("numberMap", [{"top_p": 0.5, "top_k": 0}, {"top_k": "0", "top_p": "0.5"}]),
    ("numberMap", [{"a": None, "b": "odd"}]),
    ("deprecationDate", [None, {}, {"year": 0, "month": 0, "day": 0}]),
    ("deprecationDate", [{"year": 2026, "month": 2}, {"year": "2026", "month": 2, "day": None}]),
    ("status", [None, {}, {"code": "OK", "message": ""}]),
    ("baseModelDetails", [{"parameterCount": "7"}, {"parameterCount": 7, "moe": False}]),
    ("part", [{"labels": ["a", "b"], "size": None}]),
    ("novel", [None]),
    ("novel", [1, 1.0]),
    ("novel", [{"a": [1, None], "b": True}, {"b": True, "a": [1, None]}]),
    ("novel", [float("nan"), float("nan")]),
]


@pytest.mark.parametrize(("key", "sent"), SAME)
def test_equal_values_are_no_change(key: str, sent: list[Any]) -> None:
    """If null is among them, an absent field is equal too."""
    ways: list[dict[str, Any]] = [{key: value} for value in sent] + [{}] * (sent[0] is None)
    assert [changes(one, other) for one in ways for other in ways] == [[]] * len(ways) ** 2


# JSON before and after, and the changes.
CHANGED: list[tuple[dict[str, Any], dict[str, Any], list[tuple[str, Any, Any]]]] = [
    ({}, {"contextLength": 1}, [("context_length", None, 1)]),
    ({"contextLength": 0}, {"contextLength": ""}, [("context_length", 0, "")]),
    ({"flag": True}, {"flag": 1}, [("flag", True, 1)]),
    ({"kind": "A"}, {"kind": "B"}, [("kind", "A", "B")]),
    ({"deprecationDate": {"year": 2026}}, {}, [("deprecation_date", {"year": 2026}, None)]),
    ({}, {"baseModelDetails": {"moe": True, "parameterCount": 0}}, [("base_model_details.moe", None, True)]),
    ({"status": {"code": "OK"}}, {"status": "gone"}, [("status", {"code": "OK"}, "gone")]),
    ({"status": {"novel": 0}}, {"status": {}}, [("status.unknown_fields.novel", 0, None)]),
    ({"part": {"labels": ["a", "b"]}}, {"part": {"labels": ["b", "a"]}}, [("part.labels", ["a", "b"], ["b", "a"])]),
    ({"novel": 1, "x": []}, {"novel": True}, [("unknown_fields.novel", 1, True), ("unknown_fields.x", [], None)]),
    ({"novel": {"a": 1}}, {"novel": {"b": 1}}, [("unknown_fields.novel", {"a": 1}, {"b": 1})]),
    ({"novel": [1]}, {"novel": [1, 2]}, [("unknown_fields.novel", [1], [1, 2])]),
    ({"novel": 1}, {"novel": float("nan")}, [("unknown_fields.novel", 1, pytest.approx(float("nan"), nan_ok=True))]),
    ({"numberMap": {"a": 1}}, {"numberMap": []}, [("number_map", {"a": 1}, [])]),
    ({"childList": None}, {"childList": [{}]}, [("child_list", None, [{}])]),
    ({"childList": [{}, 1]}, {"childList": [{"main": True}, 1]}, [("child_list", [{}, 1], [{"main": True}, 1])]),
    ({"contextLength": 10**30}, {"contextLength": 10**40}, [("context_length", 10**30, 10**40)]),
    ({"context_length": 1}, {}, [("unknown_fields.context_length", 1, None)]),
]


@pytest.mark.parametrize(("before", "after", "found"), CHANGED)
def test_different_values_are_a_change(
    before: dict[str, Any], after: dict[str, Any], found: list[tuple[str, Any, Any]]
) -> None:
    """With its path and both JSON values, in either direction."""
    assert changes(before, after) == found
    assert sorted(changes(after, before)) == sorted((path, new, old) for path, old, new in found)


# A map before and after, and the keys that changed.
MAPS: list[tuple[Any, Any, list[str]]] = [
    ({"top_k": 1, "top_p": 0.5}, {"top_p": 0.5, "min_p": 0}, ["top_k", "min_p"]),
    ({"a": 1}, {"a": 2}, ["a"]),
    ({"a": 0}, None, ["a"]),
    ({"a": 0}, {}, ["a"]),
    ({"a": None}, {}, ["a"]),
    ({"a": None, "b": 1}, {"a": 0, "b": 1}, ["a"]),
    ({"a": "odd", "b": 1, "c": 10**400}, {"a": "odd", "b": 2, "c": 10**400 + 1}, ["b", "c"]),
    ({"b": 1, "a": 1}, {"c": 1}, ["b", "a", "c"]),
]


@pytest.mark.parametrize(("before", "after", "keys"), MAPS)
def test_maps_are_compared_by_key(before: Any, after: Any, keys: list[str]) -> None:
    """A key with a default value, or null, differs from an absent key."""
    found = changes({"numberMap": before}, {"numberMap": after})
    one, other = before or {}, after or {}
    assert found == [(f"number_map.{key}", one.get(key), other.get(key)) for key in keys]
    assert len(changes({"numberMap": after}, {"numberMap": before})) == len(keys)


def test_a_key_of_a_map_can_be_ignored() -> None:
    """Its text is all that follows the path of the map."""
    for name in fields_with(MapOf):
        after = {fields_of(Model)[name].key: {"top.k": 1}}
        assert [path for path, _, _ in changes({}, after, ignore=["name"])] == [f"{name}.top.k"]
        assert changes({}, after, ignore=[f"{name}.top.k", f"{name}.top"]) == changes({}, after, ignore=[name]) == []


def test_deeply_nested_fields_are_compared() -> None:
    """As deep as the decoder allows."""
    deep = [json.loads("[" * 900 + last + "]" * 900) for last in ("1", "1", "2")]
    assert changes({"novel": deep[0]}, {"novel": deep[1]}) == []
    assert changes({"novel": deep[0]}, {"novel": deep[2]}) == [("unknown_fields.novel", deep[0], deep[2])]
    for _ in range(100_000):  # No Python writes so many levels.
        deep = [deep]
    models = [Model({"name": "a", "novel": deep})]
    for report in (diff(models, [Model({"name": "a"})]), drift(models), models[0].to_row(["unknown_fields.novel"])):
        assert "nested too deep" in str(report)


BEFORE = {
    "updateTime": "2026-01-01T00:00:00Z",
    "baseModelDetails": {"moe": True, "parameterCount": 1, "novel": 1},
    "novel": 1,
}
AFTER = {"deprecationDate": {"year": 2027}}
PATHS = [
    "base_model_details.moe",
    "base_model_details.parameter_count",
    "base_model_details.unknown_fields.novel",
    "update_time",
    "deprecation_date",
    "unknown_fields.novel",
]


@pytest.mark.parametrize(
    ("ignore", "gone"),
    [
        ([], set()),
        ([Model.update_time], {"update_time"}),
        (["updateTime"], {"update_time"}),
        ([Model.base_model_details], {path for path in PATHS if path.startswith("base_model_details")}),
        ([Model.base_model_details.moe, "baseModelDetails.parameterCount"], set(PATHS[:2])),
        ([Model.deprecation_date], {"deprecation_date"}),
        (["unknown_fields"], {"unknown_fields.novel"}),
        (["unknown_fields.novel", "unknown_fields.other"], {"unknown_fields.novel"}),
        (["base_model_details.unknown_fields"], {"base_model_details.unknown_fields.novel"}),
        (PATHS, set(PATHS)),
    ],
)
def test_ignored_fields_do_not_count(ignore: list[Any], gone: set[str]) -> None:
    """Nor do the fields inside. The path of any change can be ignored."""
    assert {path for path, _, _ in changes(BEFORE, AFTER, ignore=ignore)} == set(PATHS) - gone


@pytest.mark.parametrize(
    ("ignore", "reason"),
    [
        (["update_tim"], "did you mean update_time"),
        (["baseModelDetails.parametercount"], "did you mean base_model_details.parameter_count"),
        (["zzz"], "under unknown_fields"),
        (["name.first"], "has no fields"),
        *(([f"{name}.state"], f"{name} as a whole") for name in fields_with(ListOf)),
        ([Model.deprecation_date.year], "deprecation_date as a whole"),
        ([Model], "paths or fields"),
        ("update_time", "a list of fields"),
    ],
)
def test_an_invalid_path_to_ignore_is_rejected(ignore: Any, reason: str) -> None:
    """The message names similar paths."""
    with pytest.raises(ConfigurationError, match=reason):
        diff([], [], ignore=ignore)


def snapshot(*models: Model, **fields: Any) -> Snapshot:
    """Return a snapshot of models."""
    given: dict[str, Any] = {"account_id": "a", "time": NOON, "query": {"page_size": 200}, **fields}
    return Snapshot(models=models, **given)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"account_id": "b"}, "account_id"),
        ({"query": {"filter": "state = READY"}}, "filter is None and 'state = READY'"),
        ({"query": {"read_mask": "name"}}, "read_mask"),
        ({"partial": True}, "partial"),
    ],
)
def test_snapshots_of_different_listings_are_rejected(fields: dict[str, Any], reason: str) -> None:
    """Unless `across` is True."""
    one, other = snapshot(), snapshot(Model({"name": "x"}), **fields)
    for pair in ((one, other), (other, one)):
        with pytest.raises(ConfigurationError, match="across must be True"):
            diff(*pair)
    with pytest.raises(ConfigurationError, match=reason):
        diff(one, other)
    assert diff(one, other, across=True).added == other.models


def test_snapshots_may_differ_in_other_respects() -> None:
    """In order, page size, time and version; and a catalogue may be a snapshot, a listing or a list."""
    other = snapshot(query={"order_by": "kind", "page_size": 5}, time=datetime.now(UTC), spec_version="5")
    assert not diff(snapshot(), other)
    pager = FakeGateway(3).client().models.list()
    assert not diff(pager, Snapshot.take(pager))
    assert not diff(iter(pager), reversed(pager.to_list()))


@pytest.mark.parametrize("names", [[None], [""], [7], ["a", "a"]])
def test_models_need_unique_names(names: list[Any]) -> None:
    """The name identifies a model."""
    models = [Model({"name": name}) for name in names]
    for use in (lambda: diff(models, []), lambda: snapshot(*models)):
        with pytest.raises(SnapshotError):
            use()


def test_a_difference_is_text_data_and_a_pickle() -> None:
    """Control characters of a name are escaped in the text, and the data is a copy."""
    old = [Model({"name": "a"}), Model({"name": "b", "contextLength": 1}), Model({"name": "c"})]
    new = [Model({"name": "b", "contextLength": 2}), Model({"name": "c"}), Model({"name": "d\x1b[2J"})]
    found = diff(old, new)
    assert found == Diff((new[2],), (old[0],), (Change("b", old[1], new[0], (FieldChange("context_length", 1, 2),)),))
    assert str(found) == ("1 added, 1 removed, 1 changed\n+ 'd\\x1b[2J'\n- a\n~ b\n    context_length: 1 -> 2")
    assert json.loads(json.dumps(found.to_dict())) == {
        "added": [{"name": "d\x1b[2J"}],
        "removed": [{"name": "a"}],
        "changed": [{"name": "b", "fields": [{"path": "context_length", "before": 1, "after": 2}]}],
    }
    after = {"a": [2]}
    FieldChange("field", None, after).to_dict()["after"]["a"].clear()
    assert after == {"a": [2]}
    assert pickle.loads(pickle.dumps(found)) == found
    assert (len(found), len(Diff()), bool(Diff())) == (3, 0, False)


keys = st.sampled_from(
    "displayName contextLength supportsServerless kind createTime status code message baseModelDetails moe"
    " parameterCount state deprecationDate year month novel".split()
    + [field.key for field in fields_of(Model).values() if isinstance(field.kind, (ListOf, MapOf))]
)
scalars = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "0", "1", "OK", "2026-02-14T12:00:00Z"])
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=3))
catalogues = st.dictionaries(st.sampled_from("abcd"), st.dictionaries(keys, values, max_size=6)).map(
    lambda named: [Model({**payload, "name": name}) for name, payload in named.items()]
)


@given(catalogues)
def test_a_catalogue_equals_itself(models: list[Model]) -> None:
    """And its copy, and a copy with every default printed."""
    copies = [Model(json.loads(model.to_json())) for model in models]
    assert not diff(models, models)
    assert not diff(models, copies)
    printed = [Model({**model_payload(), **model.to_dict()}) for model in models]
    assert not diff(models, printed)


@given(catalogues, catalogues)
def test_a_difference_leads_from_old_to_new_and_back(old: list[Model], new: list[Model]) -> None:
    """Applied to the old catalogue it gives the new; in the other direction added is removed, and before is after."""
    found, back = diff(old, new), diff(new, old)
    made: dict[str | None, Model] = {model.name: model for model in old}
    made |= {model.name: model for model in (*found.added, *(change.new for change in found.changed))}
    for model in found.removed:
        del made[model.name]
    assert made.keys() == {model.name for model in new}
    assert not diff(made.values(), new)
    assert (found.added, found.removed) == (back.removed, back.added)
    assert rows(found) == sorted((name, path, after, before) for name, path, before, after in rows(back))


def rows(found: Diff) -> list[tuple[str, str, str, str]]:
    """Return the changed fields: model, path, and the values before and after as text."""
    changed = [(change.name, each) for change in found.changed for each in change.fields]
    return sorted((name, each.path, repr(each.before), repr(each.after)) for name, each in changed)


@given(catalogues, catalogues)
def test_every_field_that_reads_differently_is_a_change(old: list[Model], new: list[Model]) -> None:
    """Any other field has the same value in both models, or is unset or malformed in both."""
    stayed = {model.name: model for model in old}
    changed = {change.name: {each.path.split(".")[0] for each in change.fields} for change in diff(old, new).changed}
    for model in new:
        if model.name in stayed:
            for name in {*fields_of(Model)} - changed.get(model.name or "", set()):
                assert (reading(stayed[model.name], name) or None) == (reading(model, name) or None)


UNSET = {"KIND_UNSPECIFIED", "STATE_UNSPECIFIED", "OK"}


def reading(message: Message, name: str) -> Any:
    """Return the value of a field as plain data; None if it is unset, and JSON text if it is malformed."""
    try:
        return plain(getattr(message, name))
    except FieldError as error:
        return repr(error.value)


def plain(value: Any) -> Any:
    """Return a value as plain data."""
    if isinstance(value, Message):
        return {name: found for name in fields_of(type(value)) if (found := reading(value, name)) is not None}
    if isinstance(value, tuple):
        return [plain(each) for each in value] or None
    if isinstance(value, Mapping):
        return dict(value) or None
    return None if not value or value in UNSET else value
