"""The messages, enums and list operations of the Gateway REST API.

Written by `make generate` from openapi/gateway.yaml; do not edit. On a message class an attribute is a field, for
filters, orders and masks; on an instance it is the field's value. `client.list` walks a list operation.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from . import _openapi
from ._fields.dates import Timestamp
from ._fields.enums import OpenEnum, Unrecognized
from ._fields.fields import BoolField, DateField, Field
from ._fields.kinds import (
    Integer,
    Integer64,
    ListOf,
    MapOf,
    MessageOf,
    Number,
    String,
)
from ._fields.messages import Message, MessageField
from ._listing.operation import ListOperation
from ._openapi import (
    BaseModelDetailsCheckpointFormat,
    Code,
    DeployedModelState,
    DeploymentPrecision,
    ModelKind,
    ModelSnapshotType,
    ModelState,
)

__all__ = [
    "LIST_MODELS",
    "BaseModelDetails",
    "BaseModelDetailsCheckpointFormat",
    "Code",
    "ConversationConfig",
    "DeployedModelRef",
    "DeployedModelState",
    "DeploymentPrecision",
    "ModelFields",
    "ModelKind",
    "ModelSnapshotType",
    "ModelState",
    "PEFTDetails",
    "Status",
    "TEFTDetails",
]


class ModelFields(Message, generated=lambda: _openapi.models.GatewayModel):
    """The fields of a model."""

    __slots__ = ()
    name: Field[str] = Field(
        "name", String(), doc="The resource name of the model. e.g. accounts/my-account/models/my-model"
    )
    display_name: Field[str] = Field(
        "displayName",
        String(),
        doc='Human-readable display name of the model. e.g. "My Model" Must be fewer than 64 characters long.',
    )
    description: Field[str] = Field(
        "description", String(), doc="The description of the model. Must be fewer than 1000 characters long."
    )
    create_time: Field[datetime] = Field("createTime", Timestamp(), doc="The creation time of the model.")
    state: Field[ModelState | Unrecognized] = Field(
        "state", OpenEnum(ModelState, "STATE_UNSPECIFIED"), doc="The state of the model."
    )
    status: MessageField[Status] = MessageField(
        "status", lambda: Status, doc="Contains detailed message when the last model operation fails."
    )
    kind: Field[ModelKind | Unrecognized] = Field(
        "kind",
        OpenEnum(ModelKind, "KIND_UNSPECIFIED"),
        doc="The kind of model. If not specified, the default is HF_PEFT_ADDON.",
    )
    github_url: Field[str] = Field("githubUrl", String(), doc="The URL to GitHub repository of the model.")
    hugging_face_url: Field[str] = Field("huggingFaceUrl", String(), doc="The URL to the Hugging Face model.")
    base_model_details: MessageField[BaseModelDetails] = MessageField(
        "baseModelDetails",
        lambda: BaseModelDetails,
        doc="Base model details. Required if kind is HF_BASE_MODEL. Must not be set otherwise.",
    )
    peft_details: MessageField[PEFTDetails] = MessageField(
        "peftDetails",
        lambda: PEFTDetails,
        doc="PEFT addon details. Required if kind is HF_PEFT_ADDON or HF_TEFT_ADDON.",
    )
    teft_details: MessageField[TEFTDetails] = MessageField(
        "teftDetails",
        lambda: TEFTDetails,
        doc="TEFT addon details. Required if kind is HF_TEFT_ADDON. Must not be set otherwise.",
    )
    public: BoolField = BoolField("public", doc="If true, the model will be publicly readable.")
    conversation_config: MessageField[ConversationConfig] = MessageField(
        "conversationConfig",
        lambda: ConversationConfig,
        doc="If set, the Chat Completions API will be enabled for this model.",
    )
    context_length: Field[int] = Field(
        "contextLength", Integer(), doc="The maximum context length supported by the model."
    )
    supports_image_input: BoolField = BoolField(
        "supportsImageInput", doc="If set, images can be provided as input to the model."
    )
    supports_tools: BoolField = BoolField(
        "supportsTools",
        doc=(
            "If set, tools (i.e. functions) can be provided as input to the model, and the model may respond "
            "with one or more tool calls."
        ),
    )
    imported_from: Field[str] = Field(
        "importedFrom",
        String(),
        doc=(
            "The name of the the model from which this was imported. This field is empty if the model was not imported."
        ),
    )
    fine_tuning_job: Field[str] = Field(
        "fineTuningJob",
        String(),
        doc="If the model was created from a fine-tuning job, this is the fine-tuning job name.",
    )
    default_draft_model: Field[str] = Field(
        "defaultDraftModel",
        String(),
        doc=(
            "The default draft model to use when creating a deployment. If empty, speculative decoding is "
            "disabled by default."
        ),
    )
    default_draft_token_count: Field[int] = Field(
        "defaultDraftTokenCount",
        Integer(),
        doc=(
            "The default draft token count to use when creating a deployment. Must be specified if "
            "default_draft_model is specified."
        ),
    )
    deployed_model_refs: Field[tuple[DeployedModelRef, ...]] = Field(
        "deployedModelRefs", ListOf(MessageOf(lambda: DeployedModelRef)), doc="Populated from GetModel API call only."
    )
    cluster: Field[str] = Field(
        "cluster",
        String(),
        doc=(
            "The resource name of the BYOC cluster to which this model belongs. e.g. "
            "accounts/my-account/clusters/my-cluster. Empty if it belongs to a Fireworks cluster."
        ),
    )
    deprecation_date: DateField = DateField(
        "deprecationDate",
        doc="If specified, this is the date when the serverless deployment of the model will be taken down.",
    )
    calibrated: BoolField = BoolField(
        "calibrated", doc="If true, the model is calibrated and can be deployed to non-FP16 precisions."
    )
    tunable: BoolField = BoolField(
        "tunable",
        doc=(
            "Deprecated: V1 training stack only — LoRA only, limited architecture support. If the model has "
            "use_training_v2=true and your account has AllowTrainingV2, use supervised_lora_tunable and "
            "supervised_full_parameter_tunable instead."
        ),
    )
    supports_lora: BoolField = BoolField("supportsLora", doc="Whether this model supports LoRA.")
    use_hf_apply_chat_template: BoolField = BoolField(
        "useHfApplyChatTemplate",
        doc="If true, the model will use the Hugging Face apply_chat_template API to apply the chat template.",
    )
    update_time: Field[datetime] = Field("updateTime", Timestamp(), doc="The update time for the model.")
    default_sampling_params: Field[Mapping[str, float]] = Field(
        "defaultSamplingParams",
        MapOf(Number()),
        doc="A json object that contains the default sampling parameters for the model.",
    )
    rl_tunable: BoolField = BoolField(
        "rlTunable",
        doc=(
            "Deprecated: V1 training stack only — LoRA only, limited architecture support. If the model has "
            "use_training_v2=true and your account has AllowTrainingV2, use rl_lora_tunable and "
            "rl_full_parameter_tunable instead."
        ),
    )
    training_context_length: Field[int] = Field(
        "trainingContextLength", Integer(), doc="The maximum context length supported by the model."
    )
    snapshot_type: Field[ModelSnapshotType | Unrecognized] = Field(
        "snapshotType",
        OpenEnum(ModelSnapshotType, "FULL_SNAPSHOT"),
        doc="The extent of a snapshot: full or incremental.",
    )
    supports_serverless: BoolField = BoolField(
        "supportsServerless", doc="If true, the model has a serverless deployment."
    )
    supervised_lora_tunable: BoolField = BoolField(
        "supervisedLoraTunable",
        doc=(
            "V2 only. Whether the model supports LoRA supervised fine-tuning and DPO (lora_rank > 0). True "
            "when a validated LORA_TRAINER training shape exists."
        ),
    )
    supervised_full_parameter_tunable: BoolField = BoolField(
        "supervisedFullParameterTunable",
        doc=(
            "V2 only. Whether the model supports full-parameter supervised fine-tuning and DPO (lora_rank = "
            "0). True when a validated POLICY_TRAINER training shape exists."
        ),
    )
    rl_lora_tunable: BoolField = BoolField(
        "rlLoraTunable",
        doc=(
            "V2 only. Whether the model supports LoRA reinforcement learning (lora_rank > 0). True when a "
            "validated LORA_TRAINER training shape exists plus a deployment shape."
        ),
    )
    rl_full_parameter_tunable: BoolField = BoolField(
        "rlFullParameterTunable",
        doc=(
            "V2 only. Whether the model supports full-parameter reinforcement learning (lora_rank = 0). True "
            "when validated POLICY_TRAINER + FORWARD_ONLY training shapes exist plus a deployment shape."
        ),
    )


class Status(Message, generated=lambda: _openapi.models.GatewayStatus):
    """Mimics [https://github.com/googleapis/googleapis/blob/master/google/rpc/status.proto]."""

    __slots__ = ()
    code: Field[Code | Unrecognized] = Field("code", OpenEnum(Code, "OK"), doc="The status code.")
    message: Field[str] = Field("message", String(), doc="A developer-facing error message in English.")


class BaseModelDetails(Message, generated=lambda: _openapi.models.GatewayBaseModelDetails):
    """Details of a base model."""

    __slots__ = ()
    world_size: Field[int] = Field(
        "worldSize",
        Integer(),
        doc="The default number of GPUs the model is served with. If not specified, the default is 1.",
    )
    checkpoint_format: Field[BaseModelDetailsCheckpointFormat | Unrecognized] = Field(
        "checkpointFormat",
        OpenEnum(BaseModelDetailsCheckpointFormat, "CHECKPOINT_FORMAT_UNSPECIFIED"),
        doc="The format of the checkpoint.",
    )
    huggingface_files: Field[tuple[str, ...]] = Field(
        "huggingfaceFiles",
        ListOf(String()),
        doc=(
            "A list of Hugging Face files associated with this model. Specified if and only if the "
            "checkpoint_format is HUGGINGFACE."
        ),
    )
    parameter_count: Field[int] = Field(
        "parameterCount",
        Integer64(),
        doc="The number of model parameters. For serverless models, this determines the price per token.",
    )
    moe: BoolField = BoolField(
        "moe",
        doc=(
            "If true, this is a Mixture of Experts (MoE) model. For serverless models, this affects the price"
            " per token."
        ),
    )
    tunable: BoolField = BoolField(
        "tunable", doc="Deprecated: V1 training stack only. Use per-category tunable flags on Model instead."
    )
    model_type: Field[str] = Field("modelType", String(), doc="The type of the model.")
    supports_fireattention: BoolField = BoolField(
        "supportsFireattention", doc="Whether this model supports fireattention."
    )
    default_precision: Field[DeploymentPrecision | Unrecognized] = Field(
        "defaultPrecision",
        OpenEnum(DeploymentPrecision, "PRECISION_UNSPECIFIED"),
        doc="Default precision of the model.",
    )
    supports_mtp: BoolField = BoolField("supportsMtp", doc="If true, this model supports MTP.")


class PEFTDetails(Message, generated=lambda: _openapi.models.GatewayPEFTDetails):
    """PEFT addon details."""

    __slots__ = ()
    base_model: Field[str] = Field(
        "baseModel", String(), doc="The base model name. e.g. accounts/fireworks/models/falcon-7b"
    )
    r: Field[int] = Field("r", Integer(), doc="The rank of the update matrices. Must be between 4 and 64, inclusive.")
    target_modules: Field[tuple[str, ...]] = Field(
        "targetModules",
        ListOf(String()),
        doc=(
            "This is the target modules for an adapter that we extract from for more information what target "
            "module means, check out "
            "https://huggingface.co/docs/peft/conceptual_guides/lora#common-lora-parameters-in-peft"
        ),
    )
    base_model_type: Field[str] = Field("baseModelType", String(), doc="The type of the model.")
    merge_addon_model_name: Field[str] = Field(
        "mergeAddonModelName",
        String(),
        doc=("The resource name of the model to merge with base model, e.g accounts/fireworks/models/falcon-7b-lora"),
    )


class TEFTDetails(Message, generated=lambda: _openapi.models.GatewayTEFTDetails):
    """Details of a token-efficient fine-tuned addon."""

    __slots__ = ()


class ConversationConfig(Message, generated=lambda: _openapi.models.GatewayConversationConfig):
    """The prompt format of chat messages."""

    __slots__ = ()
    style: Field[str] = Field("style", String(), doc="The chat template to use.")
    system: Field[str] = Field("system", String(), doc="The system prompt (if the chat style supports it).")
    template: Field[str] = Field("template", String(), doc='The Jinja template (if style is "jinja").')


class DeployedModelRef(Message, generated=lambda: _openapi.models.GatewayDeployedModelRef):
    """A deployment that serves the model."""

    __slots__ = ()
    name: Field[str] = Field(
        "name", String(), doc="The resource name. e.g. accounts/my-account/deployedModels/my-deployed-model"
    )
    deployment: Field[str] = Field(
        "deployment", String(), doc="The resource name of the base deployment the model is deployed to."
    )
    state: Field[DeployedModelState | Unrecognized] = Field(
        "state", OpenEnum(DeployedModelState, "STATE_UNSPECIFIED"), doc="The state of the deployed model."
    )
    default: BoolField = BoolField(
        "default",
        doc=(
            "If true, this is the default target when querying this model without the `#<deployment>` suffix."
            " The first deployment a model is deployed to will have this field set to true automatically."
        ),
    )
    public: BoolField = BoolField("public", doc="If true, the deployed model will be publicly reachable.")


LIST_MODELS: ListOperation[ModelFields] = ListOperation(
    "LIST_MODELS",
    path="/v1/accounts/{account_id}/models",
    items="models",
    message=ModelFields,
    build=_openapi.list_models_request,
    parameters={
        "account_id": "account_id",
        "page_size": "page_size",
        "page_token": "page_token",
        "filter": "filter_",
        "order_by": "order_by",
        "read_mask": "read_mask",
    },
    in_path=("account_id",),
    required=("account_id",),
)
"""List Models: GET /v1/accounts/{account_id}/models."""
