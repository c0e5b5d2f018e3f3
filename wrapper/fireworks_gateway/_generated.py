"""The only door to the generated package: what is used of it, under short names.

The generated code's pure half is used (request building, enums, models as the reference); its I/O half is not.
No other module imports `fireworks_gateway_openapi`, and `UNSET` never leaves this one.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from fireworks_gateway_openapi.api.gateway import gateway_list_models as list_models
from fireworks_gateway_openapi.client import Client as GeneratedClient
from fireworks_gateway_openapi.models import (
    BaseModelDetailsCheckpointFormat,
    DeploymentPrecision,
    GatewayBaseModelDetails,
    GatewayConversationConfig,
    GatewayDeployedModelRef,
    GatewayListModelsResponse,
    GatewayModel,
    GatewayPEFTDetails,
    GatewayStatus,
    GatewayTEFTDetails,
    ModelKind,
    ModelSnapshotType,
    TypeDate,
)
from fireworks_gateway_openapi.models import GatewayCode as Code
from fireworks_gateway_openapi.models import GatewayDeployedModelState as DeployedModelState
from fireworks_gateway_openapi.models import GatewayModelState as ModelState

__all__ = [
    "DEFAULT_BASE_URL",
    "SPEC_VERSION",
    "BaseModelDetailsCheckpointFormat",
    "Code",
    "DeployedModelState",
    "DeploymentPrecision",
    "GatewayBaseModelDetails",
    "GatewayConversationConfig",
    "GatewayDeployedModelRef",
    "GatewayListModelsResponse",
    "GatewayModel",
    "GatewayPEFTDetails",
    "GatewayStatus",
    "GatewayTEFTDetails",
    "GeneratedClient",
    "ModelKind",
    "ModelSnapshotType",
    "ModelState",
    "TypeDate",
    "list_models",
    "request_from",
]

SPEC_VERSION = "4.259.0"
"""The `info.version` of the OpenAPI document that the package was generated from."""

DEFAULT_BASE_URL = "https://api.fireworks.ai"
"""The server that the OpenAPI document names."""


def request_from(endpoint: ModuleType, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return method, url and params of a request to a generated endpoint module, by its own names of parameters."""
    request: dict[str, Any] = endpoint._get_kwargs(**arguments)
    return request
