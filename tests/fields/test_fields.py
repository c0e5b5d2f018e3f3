"""Reading fields of messages: an unreadable value affects one field, and no data is lost."""

import copy
import json
import pickle
from collections import OrderedDict
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireworks_gateway import FieldError, Model, ModelKind, PartialDate, Unrecognized
from fireworks_gateway._fields.messages import fields_of
from fireworks_gateway.specification import BaseModelDetails, Status
from tests.shared.json_values import JSON_VALUES
from tests.shared.sample_message import Child, Nothing, Part, Sample
from tests.shared.schema_values import SCHEMAS

NAME = "accounts/fireworks/models/sample"
TIME = datetime(2023, 11, 21, 1, 40, 13, tzinfo=UTC)
ATTRIBUTES = {field.key: name for name, field in fields_of(Sample).items()}

# fmt: off
# JSON values by key, with the value that is read.
READ: dict[str, list[tuple[Any, Any]]] = {
    "contextLength": [(None, None), (0, 0), ("9007199254740993", 9007199254740993), (12.0, 12), ("1.2e1", 12)],
    "displayName": [("", ""), ("モデル", "モデル")],
    "flag": [(False, False), (None, None)],
    "childList": [([], ())],
    "numberMap": [({}, {}), ({"top_k": 50, "top_p": "1e-06"}, {"top_k": 50.0, "top_p": 1e-06})],
    "kind": [
        ("HF_BASE_MODEL", ModelKind.HF_BASE_MODEL), ("KIND_UNSPECIFIED", ModelKind.KIND_UNSPECIFIED),
        ("HF_NEW_MODEL", Unrecognized("HF_NEW_MODEL")), (17, Unrecognized("17")),
    ],
    "nothing": [({}, Nothing({})), (None, None)],
    "deprecationDate": [
        ({}, PartialDate()), ({"year": 2025, "month": 0}, PartialDate(2025)), ({"month": "2"}, PartialDate(0, 2)),
    ],
    "createTime": [
        (None, None), ("2023-11-21T01:40:13Z", TIME), ("2023-11-21T07:10:13+05:30", TIME),
        ("2023-11-21T01:40:13.573799Z", TIME.replace(microsecond=573799)),
        ("2023-11-21T01:40:13.573799999Z", TIME.replace(microsecond=573799)),
    ],
}
UNREADABLE: dict[str, list[Any]] = {
    "contextLength": ["abc", 12.5, True], "displayName": [5], "flag": ["true"], "kind": [1.5],
    "baseModelDetails": ["x", []], "childList": [{}, [None], ["x"]],
    "numberMap": [[], {"top_p": "high"}], "deprecationDate": [{"year": 2025, "month": 13}],
    "createTime": ["yesterday", 1700000000],
}
UNSET: list[Any] = [
    Status({}), Status({"code": "OK", "message": ""}), Status({"code": "OK", "novel": ""}),
    Part({"ownerName": "", "size": 0, "labels": []}),
    BaseModelDetails({"parameterCount": "0", "moe": False}), Child({"state": "STATE_UNSPECIFIED"}),
    Model({"deprecationDate": None, "status": {"code": "OK"}, "kind": "KIND_UNSPECIFIED"}),
    Model({"deprecationDate": {"year": 0}}),
]
SET: list[Any] = [
    Status({"code": 0}), Status({"code": "OK", "message": "Preparing"}), Status({"code": "INTERNAL"}),
    Status({"code": "OK", "novel": 1}), Part({"ownerName": "", "size": "x"}),
    BaseModelDetails({"parameterCount": "1"}), Model({"status": {"message": "x"}}),
]
# fmt: on


@pytest.mark.parametrize(("key", "sent", "read"), [(key, *row) for key, rows in READ.items() for row in rows])
def test_a_value_is_decoded(key: str, sent: Any, read: Any) -> None:
    """A field returns the decoded value, and the payload is unchanged."""
    model = Sample({"name": NAME, key: sent})
    value = getattr(model, ATTRIBUTES[key])
    assert value == read
    assert isinstance(value, type(read)) or key == "numberMap"
    assert model.payload[key] is sent


@pytest.mark.parametrize(("key", "sent"), [(key, each) for key, values in UNREADABLE.items() for each in values])
def test_an_unreadable_value_affects_one_field(key: str, sent: Any) -> None:
    """The error has the model, field and value, and every other field can be read."""
    model = Sample({"name": NAME, key: sent})
    with pytest.raises(FieldError) as raised:
        getattr(model, ATTRIBUTES[key])
    error = raised.value
    assert (error.model, error.field, error.value) == (NAME, ATTRIBUTES[key], sent)
    assert NAME in str(error)
    assert error.field in str(error)
    assert model.name == NAME
    if key not in SCHEMAS["gatewayModel"].get("required", ()):
        assert Model(model.to_dict()).generated.to_dict()[key] == sent
    assert pickle.loads(pickle.dumps(error)) == error


@pytest.mark.parametrize("name", fields_of(Model))
def test_an_absent_field_is_none(name: str) -> None:
    """Absent and null mean the same."""
    assert getattr(Model({}), name) is getattr(Model({fields_of(Model)[name].key: None}), name) is None


def test_a_payload_of_a_subclass_of_dict_is_read() -> None:
    """JSON parsed with an `object_pairs_hook` has such objects."""
    model = Model(OrderedDict(status=OrderedDict(code="OK"), deprecationDate=OrderedDict(year=2027)))
    assert (model.status, model.deprecation_date) == (Status({"code": "OK"}), PartialDate(2027))


def test_an_unreadable_part_of_a_message_affects_that_part() -> None:
    """The rest of the message can be read, even if required keys are missing."""
    details = Sample({"part": {"size": "abc", "ownerName": "x"}}).part
    assert details is not None
    assert (details.owner_name, details.labels) == ("x", None)
    with pytest.raises(FieldError, match=r"part\.size of a Sample .* 'abc'"):
        _ = details.size


def test_a_field_error_is_one_printable_line() -> None:
    """A name with control characters cannot damage a log or a terminal; the attribute has the name as sent."""
    name = "accounts/fireworks/models/\x1b[2J\nERROR all is lost"
    with pytest.raises(FieldError) as raised:
        _ = Model({"name": name, "contextLength": "many"}).context_length
    assert str(raised.value).isprintable()
    assert raised.value.model == name


def test_a_message_of_defaults_is_false() -> None:
    """The service prints an unset message as one of defaults, so both are false."""
    assert [message for message in UNSET if message] == []
    assert [message for message in SET if not message] == []


def test_unknown_fields_are_kept() -> None:
    """Every level has its unknown fields, and the payload is returned as it was sent."""
    sent = {"name": NAME, "novel": True, "status": {"code": "OK", "novel": [1]}, "createTime": None}
    model = Model(copy.deepcopy(sent))
    assert model.unknown_fields == {"novel": True}
    assert model.status is not None
    assert model.status.unknown_fields == {"novel": [1]}
    assert model.to_dict() == json.loads(model.to_json()) == json.loads(model.to_json(indent=2)) == sent


def test_json_can_be_read_by_others() -> None:
    """Numbers that JSON lacks are text, and half a surrogate pair is escaped; in rows too."""
    model = Sample({"numberMap": {"x": [float("nan"), float("-inf")], "y": "\ud800"}})
    params = {"x": ["NaN", "-Infinity"], "y": "\ud800"}
    for text in (model.to_json(), model.to_json(indent=1)):
        assert json.loads(text.encode(), parse_constant=pytest.fail) == {"numberMap": params}
    row = Sample({"numberMap": {"x": float("inf")}}).to_row(["number_map"])
    assert row == {"number_map": '{"x": "Infinity"}'}


def test_a_payload_is_immutable() -> None:
    """`to_dict` returns a copy, and `payload` cannot be changed."""
    model = Model({"name": NAME, "status": {"code": "OK"}})
    model.to_dict()["status"]["code"] = "INTERNAL"
    assert model.payload["status"] == {"code": "OK"}
    with pytest.raises(TypeError):
        model.payload["name"] = "x"  # type: ignore[index]


def test_models_are_values() -> None:
    """Models compare by payload, hash, pickle and copy; other messages have no hash."""
    model, other = Model({"name": NAME}), Model({"name": NAME, "novel": True})
    assert pickle.loads(pickle.dumps(model)) == copy.copy(model) == copy.deepcopy(model) == model != other
    assert len({model, Model({"name": NAME}), other}) == 2
    names: list[Any] = [[1], {}, 5, None]
    for name in names:
        assert len({Model({"name": name}), Model({"name": name})}) == 1
    assert Status({}) != Nothing({})
    with pytest.raises(TypeError, match="not hashable"):
        hash(Status({}))


def test_a_repr_never_raises() -> None:
    """The repr of a model has its name, kind and state; that of another message has its set fields."""
    assert repr(Model({"name": NAME, "kind": "NEW", "state": 7})) == f"Model(name={NAME!r}, kind='NEW', state=7)"
    assert (
        repr(BaseModelDetails({"moe": True, "novel": "x"}))
        == "BaseModelDetails(moe=True, unknown_fields={'novel': 'x'})"
    )


@given(st.sampled_from(sorted(fields_of(Model))), JSON_VALUES)
def test_any_json_value_is_decoded_or_refused(name: str, sent: Any) -> None:
    """A field returns a value or raises FieldError; repr, bool and the generated model always work."""
    key = fields_of(Model)[name].key
    model = Model({"novel": 1, key: sent})
    with suppress(FieldError):
        getattr(model, name)
    assert repr(model)
    assert bool(model)
    assert key in model.generated.to_dict() or sent is None


def test_a_field_of_the_class_has_its_path_and_documentation() -> None:
    """One declaration gives the accessor, the JSON key, the path and the documentation."""
    assert Model.context_length.key == "contextLength"
    assert Sample.flag.__doc__ == "A flag."
    paths = [Model.base_model_details, Model.base_model_details.parameter_count, Model.deprecation_date.year]
    expected = ["base_model_details", "base_model_details.parameter_count", "deprecation_date.year"]
    assert [str(path) for path in paths] == expected
    assert repr(Model.status.code) == "<field status.code>"
    assert repr(Sample.number_map["top.k"]) == '<field number_map."top.k">'
    assert str(Status) == "<class 'fireworks_gateway.specification.Status'>"
    assert Model.base_model_details.moe is Model.base_model_details.moe


def test_a_field_of_an_instance_is_read_only() -> None:
    """A model has the values that the service sent."""
    model = Model({"name": NAME})
    for name in ("name", "status", "novel"):
        with pytest.raises(AttributeError):
            setattr(model, name, None)
