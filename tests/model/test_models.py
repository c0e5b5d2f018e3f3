"""Properties of a model that are written by hand."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from fireworks_gateway import FieldError, Model, ModelName

# Property, JSON and value. None means unknown.
VALUES: list[tuple[str, dict[str, Any], bool | None]] = [
    ("is_ready", {"state": "READY"}, True),
    ("is_ready", {"state": "UPLOADING"}, False),
    ("is_ready", {"state": "STATE_UNSPECIFIED"}, None),
    ("is_ready", {"state": "RESTING"}, None),
    ("is_ready", {"state": 6}, None),
    ("is_ready", {}, None),
    ("is_uploading", {"state": "UPLOADING"}, True),
    ("is_uploading", {"state": "READY"}, False),
    ("is_base_model", {"kind": "HF_BASE_MODEL"}, True),
    ("is_base_model", {"kind": "FLUMINA_BASE_MODEL"}, True),
    ("is_base_model", {"kind": "HF_PEFT_ADDON"}, False),
    ("is_base_model", {"kind": "EMBEDDING_MODEL"}, False),
    ("is_base_model", {"kind": "HF_NEW_MODEL"}, None),
    ("is_base_model", {"kind": "KIND_UNSPECIFIED"}, None),
    ("is_base_model", {"kind": None}, None),
    ("is_addon", {"kind": "HF_PEFT_ADDON"}, True),
    ("is_addon", {"kind": "HF_TEFT_ADDON"}, True),
    ("is_addon", {"kind": "FLUMINA_ADDON"}, True),
    ("is_addon", {"kind": "DRAFT_ADDON"}, True),
    ("is_addon", {"kind": "HF_BASE_MODEL"}, False),
    ("is_draft_model", {"kind": "DRAFT_ADDON"}, True),
    ("is_draft_model", {"kind": "HF_BASE_MODEL"}, False),
    ("is_embedding_model", {"kind": "EMBEDDING_MODEL"}, True),
    ("is_embedding_model", {"kind": "CUSTOM_MODEL"}, False),
    ("is_mixture_of_experts", {"baseModelDetails": {"moe": True}}, True),
    ("is_mixture_of_experts", {"baseModelDetails": {"moe": False}}, False),
    ("is_mixture_of_experts", {"baseModelDetails": {}}, None),
    ("is_mixture_of_experts", {"baseModelDetails": None}, None),
    ("is_chat_model", {"conversationConfig": {"style": "jinja"}}, True),
    ("is_chat_model", {"conversationConfig": {"style": "", "system": "", "template": ""}}, False),
    ("is_chat_model", {"conversationConfig": None}, False),
    ("is_chat_model", {}, None),
    ("is_fine_tuned", {"fineTuningJob": "accounts/a/jobs/b"}, True),
    ("is_fine_tuned", {"fineTuningJob": ""}, False),
    ("is_fine_tuned", {}, None),
    ("is_imported", {"importedFrom": "accounts/a/models/b"}, True),
    ("is_imported", {"importedFrom": ""}, False),
    ("is_imported", {}, None),
    ("last_operation_failed", {"status": {"code": "INTERNAL"}}, True),
    ("last_operation_failed", {"status": {"code": "NOVEL"}}, True),
    ("last_operation_failed", {"status": {"code": "OK", "message": "Preparing"}}, False),
    ("last_operation_failed", {"status": {}}, None),
    ("last_operation_failed", {"status": None}, None),
]


@pytest.mark.parametrize(("name", "sent", "value"), VALUES)
def test_a_property_is_true_false_or_unknown(name: str, sent: dict[str, Any], value: bool | None) -> None:
    """An unspecified or unknown value of the field makes it None."""
    assert getattr(Model(sent), name) is value


def test_every_property_is_in_the_table() -> None:
    """A new property needs rows."""
    assert {name for name in vars(Model) if name.startswith("is_")} <= {name for name, _, _ in VALUES}


def test_the_parts_of_a_name() -> None:
    """Account and model ID."""
    model = Model({"name": "accounts/fireworks/models/llama-v3p1-8b"})
    assert (model.account_id, model.model_id) == ("fireworks", "llama-v3p1-8b")
    assert model.resource_name == ModelName("fireworks", "llama-v3p1-8b")


@pytest.mark.parametrize("sent", [{}, {"name": None}, {"name": ""}])
def test_a_model_without_a_name_has_no_id(sent: dict[str, Any]) -> None:
    """Its parts are None."""
    model = Model(sent)
    assert (model.resource_name, model.account_id, model.model_id) == (None, None, None)


def test_a_malformed_name_has_no_parts() -> None:
    """They raise FieldError, and the name itself does not."""
    model = Model({"name": "models/x"})
    assert model.name == "models/x"
    with pytest.raises(FieldError, match="models/x"):
        _ = model.model_id


def test_the_generated_model_is_complete() -> None:
    """With nulls, unknown enum values, malformed values and missing required keys, at any depth."""
    sent = {
        "name": "accounts/a/models/b",
        "kind": "HF_NEW_MODEL",
        "state": 7,
        "teftDetails": None,
        "createTime": "yesterday",
        "contextLength": "8192",
        "peftDetails": {"r": None, "baseModel": "x"},
        "status": {"code": "NOVEL", "message": None},
        "deployedModelRefs": [{"name": "d", "state": "NOVEL"}],
        "novel": {"a": 1},
    }
    generated = Model(sent).generated
    assert generated.context_length == 8192
    assert generated.additional_properties["kind"] == "HF_NEW_MODEL"
    assert generated.to_dict() == sent | {
        "contextLength": 8192,
        "peftDetails": {"r": 0, "baseModel": "x", "targetModules": []},
    }


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


@pytest.mark.parametrize("name", [[1], {}, 5, None])
def test_a_model_with_a_malformed_name_has_a_hash(name: object) -> None:
    """Equal models have equal ones."""
    assert len({Model({"name": name}), Model({"name": name})}) == 1
