"""The messages inside a model, one line a field, in the specification's order and words."""

from __future__ import annotations

from ._enums import Unrecognized, open_enum
from ._fields import Field, Flag, Message
from ._generated import (
    BaseModelDetailsCheckpointFormat,
    Code,
    DeployedModelState,
    DeploymentPrecision,
    GatewayBaseModelDetails,
    GatewayConversationConfig,
    GatewayDeployedModelRef,
    GatewayPEFTDetails,
    GatewayStatus,
    GatewayTEFTDetails,
)
from ._readers import integer, integer64, list_of, string


class Status(Message, generated=GatewayStatus):
    """How the last operation on a model went."""

    __slots__ = ()

    code: Field[Code | Unrecognized] = Field("code", open_enum(Code), doc="The status code.")
    message: Field[str] = Field("message", string, doc="A developer-facing error message in English.")


class BaseModelDetails(Message, generated=GatewayBaseModelDetails):
    """What is particular to a base model."""

    __slots__ = ()

    world_size: Field[int] = Field(
        "worldSize",
        integer,
        doc="The default number of GPUs the model is served with. If not specified, the default is 1.",
    )
    checkpoint_format: Field[BaseModelDetailsCheckpointFormat | Unrecognized] = Field(
        "checkpointFormat", open_enum(BaseModelDetailsCheckpointFormat), doc="The format of the checkpoint."
    )
    huggingface_files: Field[tuple[str, ...]] = Field(
        "huggingfaceFiles",
        list_of(string),
        doc="A list of Hugging Face files associated with this model. Specified if and only if the "
        "checkpoint_format is HUGGINGFACE.",
    )
    parameter_count: Field[int] = Field(
        "parameterCount",
        integer64,
        doc="The number of model parameters. For serverless models, this determines the price per token.",
    )
    moe: Flag = Flag(
        "moe",
        doc="If true, this is a Mixture of Experts (MoE) model. For serverless models, this affects the "
        "price per token.",
    )
    tunable: Flag = Flag(
        "tunable",
        doc="Deprecated: V1 training stack only. Use per-category tunable flags on Model instead.",
    )
    model_type: Field[str] = Field("modelType", string, doc="The type of the model.")
    supports_fireattention: Flag = Flag("supportsFireattention", doc="Whether this model supports fireattention.")
    default_precision: Field[DeploymentPrecision | Unrecognized] = Field(
        "defaultPrecision",
        open_enum(DeploymentPrecision),
        doc="Default precision of the model.",
    )
    supports_mtp: Flag = Flag("supportsMtp", doc="If true, this model supports MTP.")


class PEFTDetails(Message, generated=GatewayPEFTDetails):
    """What is particular to a parameter-efficient fine-tuned addon."""

    __slots__ = ()

    base_model: Field[str] = Field(
        "baseModel",
        string,
        doc="The base model name. e.g. accounts/fireworks/models/falcon-7b",
    )
    r: Field[int] = Field("r", integer, doc="The rank of the update matrices. Must be between 4 and 64, inclusive.")
    target_modules: Field[tuple[str, ...]] = Field(
        "targetModules",
        list_of(string),
        doc="This is the target modules for an adapter that we extract from for more information what "
        "target module means, check out "
        "https://huggingface.co/docs/peft/conceptual_guides/lora#common-lora-parameters-in-peft",
    )
    base_model_type: Field[str] = Field("baseModelType", string, doc="The type of the model.")
    merge_addon_model_name: Field[str] = Field(
        "mergeAddonModelName",
        string,
        doc="The resource name of the model to merge with base model, e.g accounts/fireworks/models/falcon-7b-lora",
    )


class TEFTDetails(Message, generated=GatewayTEFTDetails):
    """What is particular to a token-efficient fine-tuned addon; the specification gives it no fields."""

    __slots__ = ()


class ConversationConfig(Message, generated=GatewayConversationConfig):
    """How chat messages become a prompt."""

    __slots__ = ()

    style: Field[str] = Field("style", string, doc="The chat template to use.")
    system: Field[str] = Field("system", string, doc="The system prompt (if the chat style supports it).")
    template: Field[str] = Field("template", string, doc='The Jinja template (if style is "jinja").')


class DeployedModelRef(Message, generated=GatewayDeployedModelRef):
    """A deployment that serves the model."""

    __slots__ = ()

    name: Field[str] = Field(
        "name",
        string,
        doc="The resource name. e.g. accounts/my-account/deployedModels/my-deployed-model",
    )
    deployment: Field[str] = Field(
        "deployment",
        string,
        doc="The resource name of the base deployment the model is deployed to.",
    )
    state: Field[DeployedModelState | Unrecognized] = Field(
        "state", open_enum(DeployedModelState), doc="The state of the deployed model."
    )
    default: Flag = Flag(
        "default",
        doc="If true, this is the default target when querying this model without the `#<deployment>` "
        "suffix. The first deployment a model is deployed to will have this field set to true "
        "automatically.",
    )
    public: Flag = Flag("public", doc="If true, the deployed model will be publicly reachable.")
