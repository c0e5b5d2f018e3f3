"""List the models of a Fireworks account, sync or async: the client for the Gateway REST API.

The names below load on first use (PEP 562), so importing the package is quick. The messages, enums and list
operations of the specification are in `fireworks_gateway.specification`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import errors, filters, specification
    from ._async_pagination import AsyncPager
    from ._bookmarks import Bookmark
    from ._client import AsyncGatewayClient, GatewayClient
    from ._dates import PartialDate
    from ._enums import Unrecognized, describe, http_status, parse
    from ._fields import BoolField, DateField, Field, Message, MessageField
    from ._models import Model
    from ._names import AccountName, ModelName
    from ._openapi import SPEC_VERSION, Code, ModelKind, ModelState
    from ._operation import ListOperation
    from ._pages import Page
    from ._pagination import Pager
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
    "Bookmark",
    "BookmarkError",
    "BoolField",
    "Code",
    "ConfigurationError",
    "DateField",
    "DecodeError",
    "Field",
    "FieldError",
    "GatewayClient",
    "GatewayError",
    "InvalidArgumentError",
    "ListOperation",
    "Message",
    "MessageField",
    "Model",
    "ModelKind",
    "ModelName",
    "ModelState",
    "NotFoundError",
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
    "StatusError",
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
    "specification",
]

if not TYPE_CHECKING:  # To type checkers a module's `__getattr__` means that it has every name.
    from ._loading import loader

    __getattr__ = loader(
        __name__,
        {
            "_async_pagination": ["AsyncPager"],
            "_bookmarks": ["Bookmark"],
            "_client": ["AsyncGatewayClient", "GatewayClient"],
            "_dates": ["PartialDate"],
            "_enums": ["Unrecognized", "describe", "http_status", "parse"],
            "_fields": ["BoolField", "DateField", "Field", "Message", "MessageField"],
            "_models": ["Model"],
            "_names": ["AccountName", "ModelName"],
            "_openapi": ["SPEC_VERSION", "Code", "ModelKind", "ModelState"],
            "_operation": ["ListOperation"],
            "_pages": ["Page"],
            "_pagination": ["Pager"],
            "_responses": ["Response"],
            "_retries": ["Retry"],
            "_serving": ["ServingStatus"],
            "_version": ["__version__"],
            "errors": [
                "BookmarkError",
                "ConfigurationError",
                "DecodeError",
                "FieldError",
                "GatewayError",
                "InvalidArgumentError",
                "NotFoundError",
                "PageTokenError",
                "PermissionDeniedError",
                "RequestTimeoutError",
                "ResourceExhaustedError",
                "StatusError",
                "TransportError",
                "UnauthenticatedError",
                "UnavailableError",
            ],
        },
        ["errors", "filters", "specification"],
    )

    def __dir__():
        return __all__
