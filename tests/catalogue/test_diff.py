"""What changed between two catalogues, by what is read, and the laws of that."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import ConfigurationError, FieldError, Model
from fireworks_gateway._fields.dates import Date
from fireworks_gateway._fields.fields import Message, fields_of
from fireworks_gateway._fields.kinds import Integer, ListOf, MapOf, Number, Reader
from fireworks_gateway.catalogue import Change, Diff, FieldChange, Snapshot, SnapshotError, diff
from fireworks_gateway.catalogue._diff import compare_values
from fireworks_gateway.testing import FakeGateway, model_payload

NAME = "accounts/fireworks/models/sample"
NOON = datetime(2026, 2, 14, 12, tzinfo=UTC)


def changes(before: dict[str, Any], after: dict[str, Any], **options: Any) -> list[tuple[str, Any, Any]]:
    """Return what changed of a model: path, before and after."""
    found = diff([Model({"name": NAME, **before})], [Model({"name": NAME, **after})], **options)
    assert (found.added, found.removed, len(found), bool(found)) == ((), (), len(found.changed), len(found.changed) > 0)
    return [(each.path, each.before, each.after) for change in found.changed for each in change.fields]


# Field by field what is sent, all of which reads the same.
SAME: list[tuple[str, list[Any]]] = [
    ("displayName", [None, ""]),
    ("contextLength", [None, 0, "0", 0.0]),
    ("contextLength", [4096, "4096", 4096.0, "4.096e3"]),
    ("public", [None, False]),
    ("kind", [None, "KIND_UNSPECIFIED"]),
    ("kind", ["NOVEL"]),
    ("kind", [17, "17"]),
    ("createTime", ["2026-02-14T12:00:00Z", "2026-02-14T12:00:00.000000000Z", "2026-02-14T14:00:00+02:00"]),
    ("deployedModelRefs", [None, []]),
    ("deployedModelRefs", [[{"name": "d"}], [{"name": "d", "default": False, "state": "STATE_UNSPECIFIED"}]]),
    ("defaultSamplingParams", [None, {}]),
    ("defaultSamplingParams", [{"top_p": 0.5, "top_k": 50}, {"top_k": "50", "top_p": "0.5"}]),
    ("deprecationDate", [None, {}, {"year": 0, "month": 0, "day": 0}]),
    ("deprecationDate", [{"year": 2026, "month": 2}, {"year": "2026", "month": 2, "day": None}]),
    ("status", [None, {}, {"code": "OK", "message": ""}]),
    ("baseModelDetails", [{"parameterCount": "7"}, {"parameterCount": 7, "moe": False, "worldSize": None}]),
    ("baseModelDetails", [{"huggingfaceFiles": ["a", "b"]}]),
    ("novel", [None]),
    ("novel", [1, 1.0]),
    ("novel", [{"a": [1, None], "b": True}, {"b": True, "a": [1, None]}]),
    ("novel", [float("nan"), float("nan")]),
]


@pytest.mark.parametrize(("key", "sent"), SAME)
def test_what_reads_the_same_is_the_same(key: str, sent: list[Any]) -> None:
    """Each way of sending it, and not sending it where it is unset."""
    ways: list[dict[str, Any]] = [{key: value} for value in sent] + [{}] * (sent[0] is None)
    assert [changes(one, other) for one in ways for other in ways] == [[]] * len(ways) ** 2


# What is sent before and after, and the changes that it is.
CHANGED: list[tuple[dict[str, Any], dict[str, Any], list[tuple[str, Any, Any]]]] = [
    ({}, {"contextLength": 1}, [("context_length", None, 1)]),
    ({"contextLength": 1}, {"contextLength": "many"}, [("context_length", 1, "many")]),
    ({"contextLength": 0}, {"contextLength": ""}, [("context_length", 0, "")]),
    ({"public": True}, {"public": 1}, [("public", True, 1)]),
    ({"public": False}, {"public": 0}, [("public", False, 0)]),
    ({"kind": "A"}, {"kind": "B"}, [("kind", "A", "B")]),
    ({"updateTime": "2026-01-01T00:00:00Z"}, {"updateTime": None}, [("update_time", "2026-01-01T00:00:00Z", None)]),
    ({"deprecationDate": {"year": 2026}}, {}, [("deprecation_date", {"year": 2026}, None)]),
    ({}, {"baseModelDetails": {"moe": True, "worldSize": 0}}, [("base_model_details.moe", None, True)]),
    ({"status": {"code": "OK"}}, {"status": "gone"}, [("status", {"code": "OK"}, "gone")]),
    ({"status": {"novel": 0}}, {"status": {}}, [("status.unknown_fields.novel", 0, None)]),
    (
        {"defaultSamplingParams": {"top_k": 1, "top_p": 0.5}},
        {"defaultSamplingParams": {"top_p": 0.5, "min_p": 0}},
        [("default_sampling_params.top_k", 1, None), ("default_sampling_params.min_p", None, 0)],
    ),
    ({"defaultSamplingParams": {}}, {"defaultSamplingParams": 3}, [("default_sampling_params", {}, 3)]),
    (
        {"deployedModelRefs": [{"name": "a"}]},
        {"deployedModelRefs": [{"name": "a", "default": True}]},
        [("deployed_model_refs", [{"name": "a"}], [{"name": "a", "default": True}])],
    ),
    (
        {"deployedModelRefs": [{"name": "a"}, {}]},
        {"deployedModelRefs": [{"name": "a"}]},
        [("deployed_model_refs", [{"name": "a"}, {}], [{"name": "a"}])],
    ),
    (
        {"peftDetails": {"targetModules": ["a", "b"]}},
        {"peftDetails": {"targetModules": ["b", "a"]}},
        [("peft_details.target_modules", ["a", "b"], ["b", "a"])],
    ),
    (
        {"novel": 1, "other": []},
        {"novel": True},
        [("unknown_fields.novel", 1, True), ("unknown_fields.other", [], None)],
    ),
    ({"novel": {"a": 1}}, {"novel": {"b": 1}}, [("unknown_fields.novel", {"a": 1}, {"b": 1})]),
    ({"novel": [1]}, {"novel": [1, 2]}, [("unknown_fields.novel", [1], [1, 2])]),
    ({"novel": 1}, {"novel": float("nan")}, [("unknown_fields.novel", 1, pytest.approx(float("nan"), nan_ok=True))]),
    ({"context_length": 1}, {}, [("unknown_fields.context_length", 1, None)]),
]


@pytest.mark.parametrize(("before", "after", "found"), CHANGED)
def test_what_reads_otherwise_is_a_change(
    before: dict[str, Any], after: dict[str, Any], found: list[tuple[str, Any, Any]]
) -> None:
    """By its path, with what was sent; and the other way round, the other way round."""
    assert changes(before, after) == found
    assert sorted(changes(after, before)) == sorted((path, new, old) for path, old, new in found)


# Two values of a field that holds a map, a list, a number or a date, and what changed between them.
BY_KIND: list[tuple[Reader[Any], Any, Any, list[str]]] = [
    (MapOf(Integer), {"a": 1, "b": 0}, {"a": "1", "b": "0"}, []),
    (MapOf(Integer), {"a": 1}, {"a": 2}, ["field.a"]),
    (MapOf(Integer), {"a": 0}, {}, ["field.a"]),
    (MapOf(Integer), {}, {"a": 0}, ["field.a"]),
    (MapOf(Integer), {"a": 0}, None, ["field.a"]),
    (MapOf(Integer), {"a": None}, {}, ["field.a"]),
    (MapOf(Integer), {"a": None}, {"a": 0}, ["field.a"]),
    (MapOf(Integer), {"a": 0}, {"a": None}, ["field.a"]),
    (MapOf(Integer), {"a": None, "b": 1}, {"a": None, "b": 2}, ["field.b"]),
    (MapOf(Integer), {"a": "odd", "b": 1}, {"a": "odd", "b": 2}, ["field.b"]),
    (MapOf(Integer), {"a": "odd"}, {"a": "strange"}, ["field.a"]),
    (MapOf(Integer), {"b": 1, "a": 1}, {"c": 1}, ["field.b", "field.a", "field.c"]),
    (MapOf(Integer), {"a": 1}, [], ["field"]),
    (ListOf(Integer), [1, "2"], ["1", 2.0], []),
    (ListOf(Integer), [1, 2], [2, 1], ["field"]),
    (ListOf(Integer), [1, 2], [1], ["field"]),
    (ListOf(Integer), [1], [1, 2], ["field"]),
    (ListOf(Integer), None, [0], ["field"]),
    (ListOf(Integer), [1, 2], [1, 3], ["field"]),
    (ListOf(Integer), [1, "odd"], [1, "strange"], ["field"]),
    (Number, 10**400, 10**400 + 1, ["field"]),
    (Number, "NaN", float("nan"), ["field"]),
    (Date, {"year": 2025, "day": 0}, {"year": "2025"}, []),
    (Date, {"year": 10**30}, {"year": 10**40}, ["field"]),
]


@pytest.mark.parametrize(("reader", "before", "after", "paths"), BY_KIND)
def test_what_compare_values_each_kind(reader: Reader[Any], before: Any, after: Any, paths: list[str]) -> None:
    """A key that is there says something; lists are compared as a whole; what cannot be read is compared as JSON."""
    assert [change.path for change in compare_values(reader, before, after, frozenset(), "field")] == paths
    assert {change.path for change in compare_values(reader, after, before, frozenset(), "field")} == set(paths)
    assert not [*compare_values(reader, before, copy.deepcopy(before), frozenset(), "field")]


def test_a_change_as_data_shares_nothing_with_the_models() -> None:
    """Writing into it changes no model."""
    change = FieldChange("field", {"a": [1]}, {"a": [2]})
    plain = change.to_dict()
    plain["before"]["a"].clear()
    plain["after"]["a"].clear()
    assert (change.before, change.after) == ({"a": [1]}, {"a": [2]})


def test_a_field_that_is_nested_without_end_costs_nothing_else() -> None:
    """As deep as JSON can be read at all."""
    deep = [json.loads("[" * 900 + last + "]" * 900) for last in ("1", "1", "2")]
    assert changes({"novel": deep[0]}, {"novel": deep[1]}) == []
    assert changes({"novel": deep[0]}, {"novel": deep[2]}) == [("unknown_fields.novel", deep[0], deep[2])]


BEFORE = {
    "updateTime": "2026-01-01T00:00:00Z",
    "baseModelDetails": {"moe": True, "tunable": True, "novel": 1},
    "novel": 1,
}
AFTER = {"defaultSamplingParams": {"top.k": 1}}
PATHS = [
    "base_model_details.moe",
    "base_model_details.tunable",
    "base_model_details.unknown_fields.novel",
    "update_time",
    "default_sampling_params.top.k",
    "unknown_fields.novel",
]


@pytest.mark.parametrize(
    ("ignore", "gone"),
    [
        ([], set()),
        ([Model.update_time], {"update_time"}),
        (["updateTime"], {"update_time"}),
        ([Model.base_model_details], {path for path in PATHS if path.startswith("base_model_details")}),
        ([Model.base_model_details.moe, "baseModelDetails.tunable"], set(PATHS[:2])),
        ([Model.default_sampling_params], {"default_sampling_params.top.k"}),
        (["default_sampling_params.top.k", "default_sampling_params.top"], {"default_sampling_params.top.k"}),
        (["unknown_fields"], {"unknown_fields.novel"}),
        (["unknown_fields.novel", "unknown_fields.other"], {"unknown_fields.novel"}),
        (["base_model_details.unknown_fields"], {"base_model_details.unknown_fields.novel"}),
        (PATHS, set(PATHS)),
    ],
)
def test_ignored_fields_do_not_count(ignore: list[Any], gone: set[str]) -> None:
    """Neither they nor what is in them; the path of any change can be ignored."""
    assert {path for path, _, _ in changes(BEFORE, AFTER, ignore=ignore)} == set(PATHS) - gone


@pytest.mark.parametrize(
    ("ignore", "reason"),
    [
        (["update_tim"], "did you mean update_time"),
        (["base_model_details.mo"], "did you mean base_model_details.moe"),
        (["baseModelDetails.worldsize"], "did you mean base_model_details.world_size"),
        (["zzz"], "under unknown_fields"),
        ([""], "no field"),
        (["name.first"], "has no fields"),
        (["deployed_model_refs.state"], "deployed_model_refs as a whole"),
        ([Model.deprecation_date.year], "deprecation_date as a whole"),
        ([Model], "paths or fields"),
        ("update_time", "a list of fields"),
    ],
)
def test_what_cannot_be_ignored_is_refused(ignore: Any, reason: str) -> None:
    """A misspelt path would ignore nothing; the message says what is near."""
    with pytest.raises(ConfigurationError, match=reason):
        diff([], [], ignore=ignore)


def snapshot(*models: Model, **fields: Any) -> Snapshot:
    """Return a snapshot of models."""
    given: dict[str, Any] = {"account_id": "a", "time": NOON, "query": {"page_size": 200}, **fields}
    return Snapshot(models=models, **given)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"account_id": "b"}, "accounts"),
        ({"query": {"filter": "public = true"}}, "filter is None and 'public = true'"),
        ({"query": {"read_mask": "name"}}, "read_mask"),
        ({"partial": True}, "partial"),
    ],
)
def test_snapshots_of_different_listings_are_not_compared(fields: dict[str, Any], reason: str) -> None:
    """What looks like a change would be none; who knows better says so."""
    one, other = snapshot(), snapshot(Model({"name": "x"}), **fields)
    for pair in ((one, other), (other, one)):
        with pytest.raises(ConfigurationError, match="across must be True"):
            diff(*pair)
    with pytest.raises(ConfigurationError, match=reason):
        diff(one, other)
    assert diff(one, other, across=True).added == other.models


def test_what_does_not_change_the_models_does_not_matter() -> None:
    """Another order, page size, time or version of the package, and whether either is a snapshot at all."""
    other = snapshot(query={"order_by": "kind", "page_size": 5}, time=datetime.now(UTC), spec_version="5")
    assert not diff(snapshot(), other)
    pager = FakeGateway(3).client().models.list()
    assert not diff(pager, Snapshot.take(pager))
    assert not diff(iter(pager), reversed(pager.to_list()))


@pytest.mark.parametrize("models", [[Model({})], [Model({"name": "a"})] * 2])
def test_models_need_names_of_their_own(models: Any) -> None:
    """What cannot be told apart cannot be compared."""
    with pytest.raises(SnapshotError):
        diff(models, [])


def test_a_difference_can_be_read_and_stored() -> None:
    """As text, which no name can use to write over it; as plain data; and as a pickle."""
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
    assert pickle.loads(pickle.dumps(found)) == found
    assert (len(found), len(Diff()), bool(Diff())) == (3, 0, False)


keys = st.sampled_from(
    "displayName contextLength public kind createTime status code message baseModelDetails moe parameterCount"
    " deployedModelRefs state deprecationDate year month defaultSamplingParams novel".split()
)
scalars = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "0", "1", "OK", "2026-02-14T12:00:00Z"])
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=3))
catalogues = st.dictionaries(st.sampled_from("abcd"), st.dictionaries(keys, values, max_size=6)).map(
    lambda named: [Model({**payload, "name": name}) for name, payload in named.items()]
)


@given(catalogues)
def test_nothing_changes_without_a_change(models: list[Model]) -> None:
    """A catalogue does not differ from itself, nor from its copy, nor from one printed with every default."""
    copies = [Model(json.loads(model.to_json())) for model in models]
    assert not diff(models, models)
    assert not diff(models, copies)
    printed = [Model({**model_payload(), **model.to_dict()}) for model in models]
    assert not diff(models, printed)


@given(catalogues, catalogues)
def test_a_difference_makes_the_new_of_the_old(old: list[Model], new: list[Model]) -> None:
    """What is added, removed and changed, put to the old catalogue, is the new one."""
    found = diff(old, new)
    made: dict[str | None, Model] = {model.name: model for model in old}
    made |= {model.name: model for model in (*found.added, *(change.new for change in found.changed))}
    for model in found.removed:
        del made[model.name]
    assert made.keys() == {model.name for model in new}
    assert not diff(made.values(), new)


@given(catalogues, catalogues)
def test_a_difference_turned_round_is_the_difference_the_other_way(old: list[Model], new: list[Model]) -> None:
    """Added is removed, before is after."""
    there, back = diff(old, new), diff(new, old)
    assert (there.added, there.removed) == (back.removed, back.added)
    assert [turned(change) for change in there.changed] == [sorted_by_path(change) for change in back.changed]


def turned(change: Change) -> Change:
    """Return a change the other way."""
    fields = tuple(FieldChange(each.path, each.after, each.before) for each in change.fields)
    return sorted_by_path(Change(change.name, change.new, change.old, fields))


def sorted_by_path(change: Change) -> Change:
    """Return a change with its fields in the order of their paths; that of maps follows what was sent first."""
    return evolve(change, fields=tuple(sorted(change.fields, key=lambda each: each.path)))


@given(catalogues, catalogues)
def test_fields_that_read_alike_do_not_differ(old: list[Model], new: list[Model]) -> None:
    """Of any two models every field that is no change reads the same, or as unset in both, or in neither."""
    stayed = {model.name: model for model in old}
    changed = {change.name: {each.path.split(".")[0] for each in change.fields} for change in diff(old, new).changed}
    for model in new:
        if model.name in stayed:
            for name in fields_of(Model).keys() - changed.get(model.name or "", set()):
                assert reading(stayed[model.name], name) == reading(model, name)


def reading(message: Message, name: str) -> Any:
    """Return what is read in a field, in plain values, and None where that is nothing or a default."""
    try:
        value = getattr(message, name)
    except FieldError as error:
        return repr(error.value)
    field = fields_of(type(message))[name]
    return None if field.reader.is_default(message.payload.get(field.key)) else plain(value)


def plain(value: Any) -> Any:
    """Return a read value with its messages as what is read in them."""
    if isinstance(value, Message):
        return {name: found for name in fields_of(type(value)) if (found := reading(value, name)) is not None}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return dict(value) if isinstance(value, Mapping) else value
