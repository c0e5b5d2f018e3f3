"""Contains all the data models used in inputs/outputs"""

from .base_model_details_checkpoint_format import BaseModelDetailsCheckpointFormat
from .deployment_precision import DeploymentPrecision
from .gateway_base_model_details import GatewayBaseModelDetails
from .gateway_code import GatewayCode
from .gateway_conversation_config import GatewayConversationConfig
from .gateway_deployed_model_ref import GatewayDeployedModelRef
from .gateway_deployed_model_state import GatewayDeployedModelState
from .gateway_list_models_response import GatewayListModelsResponse
from .gateway_model import GatewayModel
from .gateway_model_default_sampling_params import GatewayModelDefaultSamplingParams
from .gateway_model_state import GatewayModelState
from .gateway_peft_details import GatewayPEFTDetails
from .gateway_status import GatewayStatus
from .gateway_teft_details import GatewayTEFTDetails
from .model_kind import ModelKind
from .model_snapshot_type import ModelSnapshotType
from .type_date import TypeDate

__all__ = (
    "BaseModelDetailsCheckpointFormat",
    "DeploymentPrecision",
    "GatewayBaseModelDetails",
    "GatewayCode",
    "GatewayConversationConfig",
    "GatewayDeployedModelRef",
    "GatewayDeployedModelState",
    "GatewayListModelsResponse",
    "GatewayModel",
    "GatewayModelDefaultSamplingParams",
    "GatewayModelState",
    "GatewayPEFTDetails",
    "GatewayStatus",
    "GatewayTEFTDetails",
    "ModelKind",
    "ModelSnapshotType",
    "TypeDate",
)
