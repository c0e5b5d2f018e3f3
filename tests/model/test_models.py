"""Properties of a model that are written by hand."""

import copy
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import attrs
import pytest

from fireworks_gateway import Field, FieldError, Message, Model, ModelKind, ModelName
from fireworks_gateway._fields.enums import OpenEnum
from fireworks_gateway._fields.kinds import ListOf
from fireworks_gateway._model import to_generated
from fireworks_gateway.testing._payloads import message_payload
from tests.shared.schema_values import GENERATED, SCHEMAS, key_of

FACTS = Path(__file__).parents[3] / "shared" / "data" / "catalogue_facts.jsonl"
# Property, JSON key, and the values of the field that make it True and False. Others make it None, and so does absence.
VALUES: list[tuple[str, str, list[Any], list[Any], list[Any]]] = [
    ("is_base_model", "kind", ["HF_BASE_MODEL", "FLUMINA_BASE_MODEL"], ["HF_PEFT_ADDON", "EMBEDDING_MODEL"],
     ["HF_NEW_MODEL", "KIND_UNSPECIFIED", None, 6]),
    ("is_addon", "kind", ["HF_PEFT_ADDON", "HF_TEFT_ADDON", "FLUMINA_ADDON", "DRAFT_ADDON"], ["HF_BASE_MODEL"],
     ["NEW_ADDON"]),
    ("is_chat_model", "conversationConfig", [{"style": "jinja"}], [],
     [{"style": "", "system": "", "template": ""}, None]),
    ("last_operation_failed", "status", [{"code": "INTERNAL"}, {"code": "NOVEL"}],
     [{"code": "OK", "message": "Preparing"}], [{}, None]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "key", "true", "false", "unknown"), VALUES)
def test_a_property_is_true_false_or_unknown(
    name: str, key: str, true: list[Any], false: list[Any], unknown: list[Any]
) -> None:
    """An unspecified or unknown value of the field makes it None."""
    found = [[getattr(Model({key: value}), name) for value in values] for values in (true, false, unknown)]
    assert found == [[True] * len(true), [False] * len(false), [None] * len(unknown)]
    assert getattr(Model({}), name) is None


def test_every_property_is_in_the_table() -> None:
    """A new property needs a row."""
    assert {name for name in vars(Model) if name.startswith("is_")} <= {row[0] for row in VALUES}


def test_an_embedding_model_does_not_chat() -> None:
    """It may have a conversation configuration, as those of the public catalogue do."""
    for config in ({"style": "jinja"}, {}, None):
        assert Model({"kind": "EMBEDDING_MODEL", "conversationConfig": config}).is_chat_model is False


@pytest.mark.skipif(not FACTS.exists(), reason="the captured facts of the catalogue are absent")
def test_chat_models_of_the_catalogue() -> None:
    """No captured model with tools is reported as unable to chat, and no embedding model as able."""
    models = [Model(json.loads(line)) for line in FACTS.read_text(encoding="utf-8").splitlines()]
    wrong = [model.is_chat_model for model in models if model.payload.get("supportsTools")]
    assert (wrong.count(False), wrong.count(None)) == (0, 16)
    assert {model.is_chat_model for model in models if model.kind is ModelKind.EMBEDDING_MODEL} == {False}


def test_the_parts_of_a_name() -> None:
    """Account and model ID; None without a name. They raise FieldError for a malformed name, and the name does not."""
    model = Model({"name": "accounts/fireworks/models/llama-v3p1-8b"})
    assert (model.account_id, model.model_id) == ("fireworks", "llama-v3p1-8b")
    assert model.resource_name == ModelName("fireworks", "llama-v3p1-8b")
    for model in (Model({}), Model({"name": None}), Model({"name": ""})):
        assert (model.resource_name, model.account_id, model.model_id) == (None, None, None)
    model = Model({"name": "models/x"})
    assert model.name == "models/x"
    with pytest.raises(FieldError, match="models/x"):
        _ = model.model_id


def test_the_generated_model_is_complete() -> None:
    """With nulls, unknown enum values and malformed values, at any depth, except for required properties."""
    sent: dict[str, Any] = {
        "name": "accounts/a/models/b",
        "kind": "HF_NEW_MODEL",
        "state": 7,
        "conversationConfig": None,
        "createTime": "yesterday",
        "contextLength": "8192",
        "supportsServerless": True,
        "status": {"code": "NOVEL", "message": None},
        "novel": {"a": 1},
    }
    required = {*SCHEMAS["gatewayModel"].get("required", ()), *(["status"] * ("required" in SCHEMAS["gatewayStatus"]))}
    generated = Model(sent).generated
    assert str(generated.context_length) == "8192"
    assert generated.additional_properties["kind"] == "HF_NEW_MODEL"
    written = generated.to_dict() | {"contextLength": "8192"}
    assert {key: written[key] for key in sent.keys() - required} == {key: sent[key] for key in sent.keys() - required}


@attrs.define
class GeneratedKinds:
    """A class as the generator would write it for a list of enums."""

    kinds: list[ModelKind]
    additional_properties: dict[str, Any] = attrs.field(init=False, factory=dict[str, Any])

    @classmethod
    def from_dict(cls, payload: dict[str, Any]) -> Self:
        """Read the kinds."""
        return cls([ModelKind(kind) for kind in payload.get("kinds", ())])


class Kinds(Message, generated=lambda: GeneratedKinds):
    """A message with a list of enums."""

    kinds: Field[Any] = Field("kinds", ListOf(OpenEnum(ModelKind)), doc="")


@pytest.mark.parametrize(
    ("last", "read"), [("EMBEDDING_MODEL", [ModelKind.HF_BASE_MODEL, ModelKind.EMBEDDING_MODEL]), ("HF_NEW_MODEL", [])]
)
def test_the_generated_class_rejects_one_property_alone(last: str, read: list[ModelKind]) -> None:
    """A list with an unknown enum value is among the additional properties."""
    sent = {"kinds": ["HF_BASE_MODEL", last]}
    generated = to_generated(Kinds(sent))
    assert (generated.kinds, generated.additional_properties) == (read, {} if read else sent)


@pytest.mark.parametrize("message", GENERATED.values(), ids=GENERATED)
def test_a_missing_required_key_has_its_default(message: type[Message]) -> None:
    """ProtoJSON leaves out defaults, and the generated class requires some."""
    payload = message_payload(message, {})
    required = SCHEMAS[key_of(message._generated())].get("required", [])
    written = to_generated(message({})).to_dict()
    assert {*written} == {*required}
    # Null is no value of the generated class: a message is empty, and a time the epoch.
    assert {key: value for key, value in written.items() if payload[key] is not None} == {
        key: payload[key] for key in required if payload[key] is not None
    }
    assert to_generated(message({"novel": None})).additional_properties == {"novel": None}


@pytest.mark.parametrize("levels", [150, 600, 900])
@pytest.mark.parametrize(
    "act",
    [
        pickle.dumps,
        copy.copy,
        copy.deepcopy,
        Model.to_dict,
        Model.to_json,
        lambda model: model.generated,
        lambda model: model.context_length,
    ],
)
def test_a_value_that_is_nested_too_deep_is_a_field_error(act: Callable[[Model], object], levels: int) -> None:
    """No other exception escapes, and the error itself can be pickled."""
    deep: list[Any] = []
    for _ in range(levels):
        deep = [deep]
    with pytest.raises(FieldError) as raised:
        act(Model({"name": "m", "contextLength": deep}))
    assert pickle.loads(pickle.dumps(raised.value)) == raised.value
