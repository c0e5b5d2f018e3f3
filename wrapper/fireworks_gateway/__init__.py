"""The client for the Fireworks Gateway REST API: every model of an account, sync or async, nothing lost."""

from . import errors, filters
from ._async_pagination import AsyncPager
from ._bookmarks import Bookmark
from ._client import AsyncGatewayClient, GatewayClient
from ._dates import PartialDate
from ._enums import Unrecognized, describe, http_status, parse
from ._fields import Field
from ._generated import (
    SPEC_VERSION,
    BaseModelDetailsCheckpointFormat,
    Code,
    DeployedModelState,
    DeploymentPrecision,
    ModelKind,
    ModelSnapshotType,
    ModelState,
)
from ._models import Model
from ._names import AccountName, ModelName
from ._pages import Page
from ._pagination import Pager
from ._parts import BaseModelDetails, ConversationConfig, DeployedModelRef, PEFTDetails, Status, TEFTDetails
from ._responses import Response
from ._retries import Retry
from ._serving import ServingStatus
from ._version import __version__
from .errors import (
    BookmarkError,
    ConfigurationError,
    DecodeError,
    FieldError,
    GatewayError,
    InvalidArgumentError,
    NotFoundError,
    PageTokenError,
    PermissionDeniedError,
    RequestTimeoutError,
    ResourceExhaustedError,
    StatusError,
    TransportError,
    UnauthenticatedError,
    UnavailableError,
)

__all__ = [
    "SPEC_VERSION",
    "AccountName",
    "AsyncGatewayClient",
    "AsyncPager",
    "BaseModelDetails",
    "BaseModelDetailsCheckpointFormat",
    "Bookmark",
    "BookmarkError",
    "Code",
    "ConfigurationError",
    "ConversationConfig",
    "DecodeError",
    "DeployedModelRef",
    "DeployedModelState",
    "DeploymentPrecision",
    "Field",
    "FieldError",
    "GatewayClient",
    "GatewayError",
    "InvalidArgumentError",
    "Model",
    "ModelKind",
    "ModelName",
    "ModelSnapshotType",
    "ModelState",
    "NotFoundError",
    "PEFTDetails",
    "Page",
    "PageTokenError",
    "Pager",
    "PartialDate",
    "PermissionDeniedError",
    "RequestTimeoutError",
    "ResourceExhaustedError",
    "Response",
    "Retry",
    "ServingStatus",
    "Status",
    "StatusError",
    "TEFTDetails",
    "TransportError",
    "UnauthenticatedError",
    "UnavailableError",
    "Unrecognized",
    "__version__",
    "describe",
    "errors",
    "filters",
    "http_status",
    "parse",
]
