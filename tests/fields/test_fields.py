"""The reading rules: what was sent is what is read, a bad value costs its field alone, and nothing is lost."""

from __future__ import annotations

import copy
import json
import pickle
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import FieldError, Model, ModelKind, PartialDate, Unrecognized
from fireworks_gateway._fields.messages import fields_of
from fireworks_gateway.specification import BaseModelDetails, PEFTDetails, Status, TEFTDetails

NAME = "accounts/fireworks/models/sample"

# JSON key, what was sent, what is read; the table of the design, a row each and the edges of each row.
READ: list[tuple[str, Any, Any]] = [
    ("contextLength", None, None),
    ("contextLength", 0, 0),
    ("contextLength", 8192, 8192),
    ("contextLength", "8192", 8192),
    ("contextLength", "-1", -1),
    ("contextLength", 12.0, 12),
    ("contextLength", "1e3", 1000),
    ("displayName", "", ""),
    ("displayName", "モデル", "モデル"),
    ("public", False, False),
    ("public", None, None),
    ("deployedModelRefs", [], ()),
    ("defaultSamplingParams", {}, {}),
    ("defaultSamplingParams", {"top_k": 50, "top_p": "1e-06"}, {"top_k": 50.0, "top_p": 1e-06}),
    ("kind", "HF_BASE_MODEL", ModelKind.HF_BASE_MODEL),
    ("kind", "KIND_UNSPECIFIED", ModelKind.KIND_UNSPECIFIED),
    ("kind", "HF_NEW_MODEL", Unrecognized("HF_NEW_MODEL")),
    ("kind", 17, Unrecognized("17")),
    ("teftDetails", {}, TEFTDetails({})),
    ("teftDetails", None, None),
    ("deprecationDate", {"year": 2025, "month": 11, "day": 3}, PartialDate(2025, 11, 3)),
    ("deprecationDate", {"year": 2025, "month": 0, "day": 0}, PartialDate(2025)),
    ("deprecationDate", {"month": "2", "day": 29}, PartialDate(month=2, day=29)),
    ("deprecationDate", {}, PartialDate()),
    ("deprecationDate", None, None),
    ("createTime", None, None),
    ("createTime", "2023-11-21T01:40:13Z", datetime.fromisoformat("2023-11-21T01:40:13+00:00")),
    ("createTime", "2023-11-21T01:40:13.573799Z", datetime.fromisoformat("2023-11-21T01:40:13.573799+00:00")),
    ("createTime", "2023-11-21T01:40:13.5Z", datetime.fromisoformat("2023-11-21T01:40:13.500000+00:00")),
    ("createTime", "2023-11-21T01:40:13.573799999Z", datetime.fromisoformat("2023-11-21T01:40:13.573799+00:00")),
    ("createTime", "2023-11-21T07:10:13+05:30", datetime.fromisoformat("2023-11-21T01:40:13+00:00")),
]  # fmt: skip

UNREADABLE = [
    ("contextLength", "abc"),
    ("contextLength", ""),
    ("contextLength", "1_000"),
    ("contextLength", " 5"),
    ("contextLength", "٣"),
    ("contextLength", 12.5),
    ("contextLength", "1e400"),
    ("contextLength", "NaN"),
    ("contextLength", True),
    ("contextLength", []),
    ("displayName", 5),
    ("public", "true"),
    ("public", 1),
    ("kind", True),
    ("kind", 1.5),
    ("kind", {}),
    ("baseModelDetails", "x"),
    ("baseModelDetails", []),
    ("deployedModelRefs", {}),
    ("deployedModelRefs", [None]),
    ("deployedModelRefs", ["x"]),
    ("defaultSamplingParams", []),
    ("defaultSamplingParams", {"top_p": "high"}),
    ("defaultSamplingParams", {"top_p": True}),
    ("deprecationDate", "2025-11-03"),
    ("deprecationDate", {"year": 2025, "month": 13}),
    ("deprecationDate", {"year": 2025, "month": 2, "day": 30}),
    ("deprecationDate", {"year": "soon"}),
    ("deprecationDate", {"year": -1}),
    ("deprecationDate", {"day": 1}),
    ("createTime", ""),
    ("createTime", "yesterday"),
    ("createTime", "2023-11-21"),
    ("createTime", "2023-11-21T01:40:13"),
    ("createTime", "2023-11-21 01:40:13Z"),
    ("createTime", "2023-02-30T01:40:13Z"),
    ("createTime", "2023-11-21T01:40:13.1234567890Z"),
    ("createTime", "0000-11-21T01:40:13Z"),
    ("createTime", 1700000000),
]


def attribute_of(key: str) -> str:
    """Return the attribute of a JSON key."""
    return next(name for name, field in fields_of(Model).items() if field.key == key)


@pytest.mark.parametrize(("key", "sent", "read"), READ)
def test_what_was_sent_is_read(key: str, sent: Any, read: Any) -> None:
    """Each row of the reading rules, and the payload is as it was."""
    model = Model({"name": NAME, key: sent})
    value = getattr(model, attribute_of(key))
    assert value == read
    assert type(value) is type(read) or isinstance(value, type(read)) or key == "defaultSamplingParams"
    assert model.payload[key] is sent


@pytest.mark.parametrize(("key", "sent"), UNREADABLE)
def test_what_cannot_be_read_costs_its_field_alone(key: str, sent: Any) -> None:
    """The error names model, field and value; every other field still reads; the generated model still holds it."""
    model = Model({"name": NAME, "githubUrl": "there", key: sent})
    with pytest.raises(FieldError) as raised:
        getattr(model, attribute_of(key))
    assert raised.value.model == NAME
    assert raised.value.field == attribute_of(key)
    assert raised.value.value == sent
    assert NAME in str(raised.value)
    assert attribute_of(key) in str(raised.value)
    assert model.github_url == "there"
    assert model.generated.to_dict()[key] == sent
    assert pickle.loads(pickle.dumps(raised.value)) == raised.value


@pytest.mark.parametrize("name", fields_of(Model))
def test_what_was_not_sent_is_none(name: str) -> None:
    """Absent and null mean the same."""
    field = fields_of(Model)[name]
    assert getattr(Model({}), name) is None
    assert getattr(Model({field.key: None}), name) is None


def test_the_smallest_part_that_is_bad_is_what_it_costs() -> None:
    """A bad value inside a message costs that field of the message, and required keys may be missing."""
    model = Model({"peftDetails": {"r": "abc", "baseModel": "x"}, "baseModelDetails": {"moe": True}})
    assert model.peft_details is not None
    assert model.peft_details.base_model == "x"
    assert model.peft_details.target_modules is None
    with pytest.raises(FieldError, match=r"peft_details\.r of a Model should be an integer; the service sent 'abc'"):
        _ = model.peft_details.r


def test_an_error_about_a_field_is_one_line_that_prints() -> None:
    """It goes to logs and terminals, and a name may hold anything; the error's own attribute has it as sent."""
    name = "accounts/fireworks/models/\x1b[2J\nERROR all is lost"
    with pytest.raises(FieldError) as raised:
        _ = Model({"name": name, "contextLength": "many"}).context_length
    assert str(raised.value).isprintable()
    assert raised.value.model == name


@pytest.mark.parametrize(
    ("message", "truth"),
    [
        (Status({}), False),
        (Status({"code": "OK", "message": ""}), False),
        (Status({"code": 0}), True),
        (Status({"code": "OK", "message": "Preparing"}), True),
        (Status({"code": "INTERNAL"}), True),
        (Status({"code": "OK", "novel": ""}), False),
        (Status({"code": "OK", "novel": 1}), True),
        (PEFTDetails({"baseModel": "", "r": 0, "targetModules": [], "baseModelType": ""}), False),
        (PEFTDetails({"baseModel": "", "r": "x"}), True),
        (BaseModelDetails({"parameterCount": "0", "checkpointFormat": "CHECKPOINT_FORMAT_UNSPECIFIED"}), False),
        (BaseModelDetails({"parameterCount": "1"}), True),
        (Model({"deprecationDate": None, "status": {"code": "OK"}, "snapshotType": "FULL_SNAPSHOT"}), False),
        (Model({"deprecationDate": {"year": 0}}), False),
        (Model({"status": {"message": "x"}}), True),
    ],
)  # fmt: skip
def test_a_message_is_false_when_nothing_differs_from_its_defaults(message: Any, truth: bool) -> None:
    """The service prints an unset message as one of defaults, so that is what False is."""
    assert bool(message) is truth


def test_what_the_specification_lacks_is_kept() -> None:
    """Unknown fields are there, on every level, and the payload comes back as it was sent."""
    sent = {"name": NAME, "useTrainingV2": True, "status": {"code": "OK", "novel": [1]}, "teftDetails": None}
    model = Model(copy.deepcopy(sent))
    assert model.unknown_fields == {"useTrainingV2": True}
    assert model.status is not None
    assert model.status.unknown_fields == {"novel": [1]}
    assert model.to_dict() == sent
    assert json.loads(model.to_json()) == sent
    assert json.loads(model.to_json(indent=2)) == sent


def test_a_copy_is_a_copy() -> None:
    """Changing what `to_dict` gave changes no model; `payload` cannot be changed at all."""
    model = Model({"name": NAME, "status": {"code": "OK"}})
    model.to_dict()["status"]["code"] = "INTERNAL"
    assert model.payload["status"] == {"code": "OK"}
    with pytest.raises(TypeError):
        model.payload["name"] = "x"  # type: ignore[index]


def test_models_compare_by_payload_and_hash_by_name() -> None:
    """Equal objects are equal models, in sets too; other messages have no hash."""
    assert Model({"name": NAME}) == Model({"name": NAME}) != Model({"name": NAME, "public": True})
    assert len({Model({"name": NAME}), Model({"name": NAME}), Model({"name": NAME, "public": True})}) == 2
    assert Status({}) != TEFTDetails({})
    with pytest.raises(TypeError, match="not hashable"):
        hash(Status({}))


def test_models_pickle_and_copy() -> None:
    """A model survives a process boundary and copies."""
    model = Model({"name": NAME, "status": {"code": "OK"}})
    assert pickle.loads(pickle.dumps(model)) == copy.copy(model) == copy.deepcopy(model) == model


def test_a_repr_shows_what_a_person_looks_for_and_never_raises() -> None:
    """Name, kind and state of a model, whatever was sent; the rest of a message."""
    assert repr(Model({"name": NAME, "kind": "NEW", "state": 7})) == f"Model(name={NAME!r}, kind='NEW', state=7)"
    assert repr(BaseModelDetails({"moe": True, "worldSize": "x"})) == "BaseModelDetails(moe=True, worldSize='x')"


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
any_json = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)


@given(st.sampled_from(sorted(fields_of(Model))), any_json)
def test_no_value_breaks_anything_but_its_field(name: str, sent: Any) -> None:
    """Any JSON at all in any field: read, or a FieldError; repr, truth and the generated model work regardless."""
    key = fields_of(Model)[name].key
    model = Model({"novel": 1, key: sent})
    with suppress(FieldError):
        getattr(model, name)
    assert repr(model)
    assert bool(model)
    assert key in model.generated.to_dict() or sent is None


class TestOnTheClass:
    """A field is its name on the class."""

    def test_it_has_its_path_key_and_documentation(self) -> None:
        """One declaration gives the accessor, the JSON key, the path and the documentation."""
        assert str(Model.context_length) == "context_length"
        assert Model.context_length.key == "contextLength"
        assert (Model.context_length.__doc__ or "").startswith("The maximum context length")
        assert str(Model.base_model_details.parameter_count) == "base_model_details.parameter_count"
        assert str(Model.base_model_details) == "base_model_details"
        assert str(Model.deprecation_date.year) == "deprecation_date.year"
        assert repr(Model.status.code) == "<field status.code>"
        assert str(Status) == "<class 'fireworks_gateway.specification.Status'>"
        assert Model.base_model_details.moe is Model.base_model_details.moe

    def test_it_is_no_truth_value(self) -> None:
        """`if Model.public` is a mistake that says so."""
        with pytest.raises(TypeError, match="name of a field"):
            bool(Model.public)

    def test_it_cannot_be_assigned_on_an_instance(self) -> None:
        """A model shows what the service sent."""
        model = Model({"name": NAME})
        with pytest.raises(AttributeError, match="read-only"):
            model.name = "x"  # type: ignore[assignment]
        with pytest.raises(AttributeError, match="read-only"):
            model.status = None  # type: ignore[assignment]
        with pytest.raises(AttributeError):
            model.novel = 1  # type: ignore[attr-defined]

    def test_a_message_class_under_a_field_holds_no_value(self) -> None:
        """`Model.status` names the field, and is no class to make a status with."""
        with pytest.raises(TypeError, match="not callable"):
            Model.status({})
