"""The fields of a model, in the specification's order and words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ._dates import timestamp
from ._enums import Unrecognized, open_enum
from ._fields import DateField, Field, Flag, Message, MessageField, view_of
from ._generated import GatewayModel, ModelKind, ModelSnapshotType, ModelState
from ._parts import BaseModelDetails, ConversationConfig, DeployedModelRef, PEFTDetails, Status, TEFTDetails
from ._readers import integer, list_of, map_of, number, string


class ModelFields(Message, generated=GatewayModel):
    """What the service sends of a model: one line a field, which a new specification adds to."""

    __slots__ = ()

    name: Field[str] = Field(
        "name",
        string,
        doc="The resource name of the model. e.g. accounts/my-account/models/my-model",
    )
    display_name: Field[str] = Field(
        "displayName",
        string,
        doc='Human-readable display name of the model. e.g. "My Model" Must be fewer than 64 characters long.',
    )
    description: Field[str] = Field(
        "description",
        string,
        doc="The description of the model. Must be fewer than 1000 characters long.",
    )
    create_time: Field[datetime] = Field("createTime", timestamp, doc="The creation time of the model.")
    state: Field[ModelState | Unrecognized] = Field("state", open_enum(ModelState), doc="The state of the model.")
    status: MessageField[Status] = MessageField(
        "status",
        Status,
        doc="Contains detailed message when the last model operation fails.",
    )
    kind: Field[ModelKind | Unrecognized] = Field(
        "kind",
        open_enum(ModelKind),
        doc="The kind of model. If not specified, the default is HF_PEFT_ADDON.",
    )
    github_url: Field[str] = Field("githubUrl", string, doc="The URL to GitHub repository of the model.")
    hugging_face_url: Field[str] = Field("huggingFaceUrl", string, doc="The URL to the Hugging Face model.")
    base_model_details: MessageField[BaseModelDetails] = MessageField(
        "baseModelDetails",
        BaseModelDetails,
        doc="Base model details. Required if kind is HF_BASE_MODEL. Must not be set otherwise.",
    )
    peft_details: MessageField[PEFTDetails] = MessageField(
        "peftDetails",
        PEFTDetails,
        doc="PEFT addon details. Required if kind is HF_PEFT_ADDON or HF_TEFT_ADDON.",
    )
    teft_details: MessageField[TEFTDetails] = MessageField(
        "teftDetails",
        TEFTDetails,
        doc="TEFT addon details. Required if kind is HF_TEFT_ADDON. Must not be set otherwise.",
    )
    public: Flag = Flag("public", doc="If true, the model will be publicly readable.")
    conversation_config: MessageField[ConversationConfig] = MessageField(
        "conversationConfig",
        ConversationConfig,
        doc="If set, the Chat Completions API will be enabled for this model.",
    )
    context_length: Field[int] = Field(
        "contextLength",
        integer,
        doc="The maximum context length supported by the model.",
    )
    supports_image_input: Flag = Flag(
        "supportsImageInput",
        doc="If set, images can be provided as input to the model.",
    )
    supports_tools: Flag = Flag(
        "supportsTools",
        doc="If set, tools (i.e. functions) can be provided as input to the model, and the model may "
        "respond with one or more tool calls.",
    )
    imported_from: Field[str] = Field(
        "importedFrom",
        string,
        doc="The name of the the model from which this was imported. This field is empty if the model was"
        " not imported.",
    )
    fine_tuning_job: Field[str] = Field(
        "fineTuningJob",
        string,
        doc="If the model was created from a fine-tuning job, this is the fine-tuning job name.",
    )
    default_draft_model: Field[str] = Field(
        "defaultDraftModel",
        string,
        doc="The default draft model to use when creating a deployment. If empty, speculative decoding is"
        " disabled by default.",
    )
    default_draft_token_count: Field[int] = Field(
        "defaultDraftTokenCount",
        integer,
        doc="The default draft token count to use when creating a deployment. Must be specified if "
        "default_draft_model is specified.",
    )
    deployed_model_refs: Field[tuple[DeployedModelRef, ...]] = Field(
        "deployedModelRefs",
        list_of(view_of(DeployedModelRef)),
        doc="Populated from GetModel API call only.",
    )
    cluster: Field[str] = Field(
        "cluster",
        string,
        doc="The resource name of the BYOC cluster to which this model belongs. e.g. "
        "accounts/my-account/clusters/my-cluster. Empty if it belongs to a Fireworks cluster.",
    )
    deprecation_date: DateField = DateField(
        "deprecationDate",
        doc="If specified, this is the date when the serverless deployment of the model will be taken down.",
    )
    calibrated: Flag = Flag(
        "calibrated",
        doc="If true, the model is calibrated and can be deployed to non-FP16 precisions.",
    )
    tunable: Flag = Flag(
        "tunable",
        doc="Deprecated: V1 training stack only — LoRA only, limited architecture support. If the model "
        "has use_training_v2=true and your account has AllowTrainingV2, use supervised_lora_tunable "
        "and supervised_full_parameter_tunable instead.",
    )
    supports_lora: Flag = Flag("supportsLora", doc="Whether this model supports LoRA.")
    use_hf_apply_chat_template: Flag = Flag(
        "useHfApplyChatTemplate",
        doc="If true, the model will use the Hugging Face apply_chat_template API to apply the chat template.",
    )
    update_time: Field[datetime] = Field("updateTime", timestamp, doc="The update time for the model.")
    default_sampling_params: Field[Mapping[str, float]] = Field(
        "defaultSamplingParams",
        map_of(number),
        doc="A json object that contains the default sampling parameters for the model.",
    )
    rl_tunable: Flag = Flag(
        "rlTunable",
        doc="Deprecated: V1 training stack only — LoRA only, limited architecture support. If the model "
        "has use_training_v2=true and your account has AllowTrainingV2, use rl_lora_tunable and "
        "rl_full_parameter_tunable instead.",
    )
    training_context_length: Field[int] = Field(
        "trainingContextLength",
        integer,
        doc="The maximum context length supported by the model.",
    )
    snapshot_type: Field[ModelSnapshotType | Unrecognized] = Field(
        "snapshotType", open_enum(ModelSnapshotType), doc="Whether the snapshot is full or incremental."
    )
    supports_serverless: Flag = Flag("supportsServerless", doc="If true, the model has a serverless deployment.")
    supervised_lora_tunable: Flag = Flag(
        "supervisedLoraTunable",
        doc="V2 only. Whether the model supports LoRA supervised fine-tuning and DPO (lora_rank > 0). "
        "True when a validated LORA_TRAINER training shape exists.",
    )
    supervised_full_parameter_tunable: Flag = Flag(
        "supervisedFullParameterTunable",
        doc="V2 only. Whether the model supports full-parameter supervised fine-tuning and DPO (lora_rank"
        " = 0). True when a validated POLICY_TRAINER training shape exists.",
    )
    rl_lora_tunable: Flag = Flag(
        "rlLoraTunable",
        doc="V2 only. Whether the model supports LoRA reinforcement learning (lora_rank > 0). True when a"
        " validated LORA_TRAINER training shape exists plus a deployment shape.",
    )
    rl_full_parameter_tunable: Flag = Flag(
        "rlFullParameterTunable",
        doc="V2 only. Whether the model supports full-parameter reinforcement learning (lora_rank = 0). "
        "True when validated POLICY_TRAINER + FORWARD_ONLY training shapes exist plus a deployment "
        "shape.",
    )
