"""A made-up sample catalogue, shaped like the public one.

About 300 models, worked out from the table in `_families`, always the same. Descriptions are composed here, and
times, states and the like are invented: nothing in it says anything about a model of the real service.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count as numbers
from itertools import islice
from typing import Any, cast

from . import _families
from ._members import Member, drafts, members
from ._payloads import model_payload

LAST_UPDATED = datetime(2026, 11, 15, tzinfo=UTC)
FIRST_TUNE = datetime(2026, 1, 1, tzinfo=UTC)
TUNE_EVERY = timedelta(minutes=4, microseconds=7)

STYLES = frozenset({"chatml", "alpaca", "llama-chat"})
CHAT_TEMPLATE = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}<|assistant|>"
MODULES = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
# Organisations that are called the same on GitHub.
ON_GITHUB = ("deepseek-ai/", "MiniMaxAI/", "moonshotai/", "openai/", "zai-org/")
SUBJECTS = frozenset({"code", "mathematics", "reasoning", "safety"})
NOUNS = {
    "CUSTOM_MODEL": "a custom model",
    "DRAFT_ADDON": "a draft model",
    "EMBEDDING_MODEL": "an embedding model",
    "FLUMINA_ADDON": "an image add-on",
    "FLUMINA_BASE_MODEL": "an image model",
    "HF_PEFT_ADDON": "a LoRA add-on",
    "HF_TEFT_ADDON": "a token-efficient add-on",
    "LIVE_MERGE": "a LoRA add-on, merged into its base model,",
    "SNAPSHOT_MODEL": "a snapshot",
}


def sample_models(count: int | None = None, *, account_id: str = "fireworks") -> list[dict[str, Any]]:
    """Return the first `count` models by name as JSON objects with every property; all of them if None.

    Beyond the end of the catalogue it goes on with numbered add-ons: any count gives that many, all with
    different names. Every call gives new objects, which the caller may change.

    Raises:
        ValueError: `count` is negative.
    """
    if count is not None and count < 0:
        raise ValueError(f"a sample has 0 models or more, not {count}")
    models = [_payload(member, account_id) for member in islice(members().values(), count)]
    return models if count is None else [*models, *islice(_tunes(account_id), count - len(models))]


def _tunes(account_id: str) -> Iterator[dict[str, Any]]:
    adapters = (m for m in members().values() if m.kind == "HF_PEFT_ADDON")
    samples = [_payload(m, account_id) for m in adapters if m.model_id not in _families.UPLOADING]
    for number in numbers(1):
        # Composing each would take several times as long.
        tune = _copy(samples[number % len(samples)])
        tune["name"] = f"accounts/{account_id}/models/my-tune-{number:05}"
        tune["displayName"] = f"My tune {number:05}"
        tune["description"] = "A LoRA add-on, one of many."
        tune["fineTuningJob"] = f"accounts/{account_id}/supervisedFineTuningJobs/my-tune-{number:05}"
        tune["importedFrom"] = ""
        tune["createTime"] = tune["updateTime"] = _timestamp(FIRST_TUNE + number % 100_000 * TUNE_EVERY)
        yield tune


def _copy(payload: dict[str, Any]) -> dict[str, Any]:
    items = payload.items()
    messages = {key: _copy(cast("dict[str, Any]", value)) for key, value in items if isinstance(value, dict)}
    lists = {key: list(cast("list[str]", value)) for key, value in items if isinstance(value, list)}
    return {**payload, **messages, **lists}


def _payload(member: Member, account_id: str) -> dict[str, Any]:
    models = f"accounts/{account_id}/models/"
    return model_payload(
        name=models + member.model_id,
        displayName=member.title,
        description=_description(member),
        kind=member.kind,
        baseModelDetails={} if member.base else _base_model_details(member),
        peftDetails=_peft_details(member, models),
        teftDetails={} if member.kind == "HF_TEFT_ADDON" else None,
        conversationConfig=_conversation_config(member),
        snapshotType="INCREMENTAL_SNAPSHOT" if member.model_id.endswith("-step-400") else "FULL_SNAPSHOT",
        **_story(member),
        **_origin(member, account_id),
        **_draft(member, models),
        **_abilities(member),
        **_training(member),
    )


def _description(member: Member) -> str:
    family, marks, noun = member.family, member.family.marks, NOUNS.get(member.kind)
    if member.base and member.tuning:
        return f"{member.title} is {noun} for {member.tuning.purpose}, made from {member.base.title}."
    mixture, subject = "mixture-of-experts " * ("moe" in marks), next(iter(SUBJECTS & marks), "language")
    text = f"{member.title} is {noun or f'a {mixture}{subject} model'}"
    if member.parameter_count > 1000:
        text += f" with {member.parameter_count / 1e9:,.1f} billion parameters"
    text += ", pre-trained only." if member.pretrained else "."
    if family.context_length:
        text += f" It reads up to {family.context_length:,} tokens."
    return text + " It takes images." if "image" in marks else text


def _story(member: Member) -> dict[str, Any]:
    """What has become of the model."""
    uploading = member.model_id in _families.UPLOADING
    # Every fifth was never touched again.
    updated = member.created + (LAST_UPDATED - member.created) * (member.number % 5 * 0.2)
    return {
        "createTime": _timestamp(member.created),
        "updateTime": _timestamp(updated),
        "state": "UPLOADING" if uploading else "READY",
        "status": _status(member.model_id),
        "public": not uploading and member.kind != "SNAPSHOT_MODEL",
        "supportsServerless": member.model_id in _families.SERVERLESS,
        "deprecationDate": _date(_families.DEPRECATIONS.get(member.model_id)),
    }


def _status(model_id: str) -> dict[str, str]:
    if model_id in _families.TROUBLED:
        return {"code": "INTERNAL", "message": "The last operation failed; the model itself is unchanged."}
    return {"code": "OK", "message": "Preparing" if model_id in _families.UPLOADING else ""}


def _date(text: str | None) -> dict[str, int] | None:
    if text is None:
        return None
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    return {"year": year, "month": month, "day": day}


def _timestamp(when: datetime) -> str:
    return when.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _origin(member: Member, account_id: str) -> dict[str, str]:
    """Where the model came from: repositories, or for an adapter a job or another account."""
    repository, source = member.repository, member.family.repository
    adapter, imported = member.kind in ("HF_PEFT_ADDON", "HF_TEFT_ADDON"), member.number % 4 == 0
    job = f"accounts/{account_id}/supervisedFineTuningJobs/{member.number:08x}"
    return {
        "githubUrl": f"https://github.com/{source}" if repository and source.startswith(ON_GITHUB) else "",
        "huggingFaceUrl": f"https://huggingface.co/{repository}" if repository else "",
        "importedFrom": f"accounts/sample-lab/models/{member.model_id}" if adapter and imported else "",
        "fineTuningJob": job if adapter and not imported else "",
    }


def _draft(member: Member, models: str) -> dict[str, Any]:
    if draft := drafts().get(member.model_id):
        return {"defaultDraftModel": models + draft, "defaultDraftTokenCount": 2 + member.number % 3}
    return {}


def _base_model_details(member: Member) -> dict[str, Any]:
    family, marks, parameters = member.family, member.family.marks, member.parameter_count
    if not family.model_type:
        native = "NATIVE" if member.kind == "CUSTOM_MODEL" else "CHECKPOINT_FORMAT_UNSPECIFIED"
        return {"worldSize": 1, "checkpointFormat": native, "parameterCount": str(parameters)}
    weights = "model.safetensors" if parameters < 5e9 else "model.safetensors.index.json"
    return {
        "worldSize": 1 if parameters < 20e9 else 2 if parameters < 50e9 else 4 if parameters < 150e9 else 8,
        "checkpointFormat": "HUGGINGFACE",
        "huggingfaceFiles": ["config.json", weights, "tokenizer.json"],
        "parameterCount": str(parameters),
        "moe": "moe" in marks,
        "tunable": "v1" in marks,
        "modelType": family.model_type,
        "supportsFireattention": family.model_type not in ("bert", "dbrx", "falcon", "nomic_bert"),
        "defaultPrecision": member.precision,
        "supportsMtp": "mtp" in marks,
    }


def _peft_details(member: Member, models: str) -> dict[str, Any] | None:
    if member.kind == "FLUMINA_BASE_MODEL":
        return None
    if member.base is None or member.kind in ("DRAFT_ADDON", "SNAPSHOT_MODEL"):
        return {} if member.number % 20 else None
    if member.kind == "FLUMINA_ADDON":
        return {"baseModel": models + member.base.model_id}
    return {
        "baseModel": models + member.base.model_id,
        "r": (4, 8, 16, 32, 64)[member.number % 5],
        "targetModules": list(MODULES[: 2 + member.number % 6]),
        "baseModelType": member.family.model_type,
        "mergeAddonModelName": models + member.merged if member.merged else "",
    }


def _conversation_config(member: Member) -> dict[str, str] | None:
    model = member.base or member
    if model.kind == "FLUMINA_BASE_MODEL" or model.family.since >= "2025-11":
        return None
    if model.kind != "HF_BASE_MODEL" or model.pretrained:
        return {}
    style = next(iter(STYLES & model.family.marks), "jinja")
    return {"style": style, "template": CHAT_TEMPLATE if style == "jinja" else ""}


def _abilities(member: Member) -> dict[str, Any]:
    model, family = member.base or member, member.family
    chats = model.kind == "HF_BASE_MODEL" and not model.pretrained
    temperature, top_k, top_p = _families.SAMPLING.get(family.model_type, (1, 50, 1))
    return {
        "contextLength": family.context_length,
        "supportsImageInput": "image" in family.marks,
        "supportsTools": chats and "tools" in family.marks,
        "useHfApplyChatTemplate": chats and family.since >= "2025-04",
        "defaultSamplingParams": {"temperature": temperature, "top_k": top_k, "top_p": top_p} if chats else {},
    }


def _training(member: Member) -> dict[str, Any]:
    """Flags that agree: what is tunable takes LoRA, and learns by rewards only if it learns by examples."""
    if member.base:
        return {}
    family, answers = member.family, not member.pretrained
    v1, v2 = "v1" in family.marks, "v2" in family.marks
    small = member.parameter_count < 40e9
    return {
        "calibrated": member.precision.startswith("FP8"),
        "tunable": v1,
        "supportsLora": v1 or v2,
        "rlTunable": v1 and answers and family.since >= "2024-07",
        "trainingContextLength": min(family.context_length, 65536) if v1 or v2 else 0,
        "supervisedLoraTunable": v2,
        "supervisedFullParameterTunable": v2 and small,
        "rlLoraTunable": v2 and answers,
        "rlFullParameterTunable": v2 and small and answers,
    }
