"""List the models of a Fireworks account, sync or async: the client for the Gateway REST API.

The names below load on first use (PEP 562), so importing the package is quick. The messages, enums and list
operations of the specification are in `fireworks_gateway.specification`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import errors, filters, specification
    from ._bookmark import Bookmark
    from ._client import AsyncGatewayClient, GatewayClient
    from ._fields.check import check_filter
    from ._fields.dates import PartialDate
    from ._fields.enums import Unrecognized, describe, http_status, parse_enum
    from ._fields.fields import BoolField, DateField, Field
    from ._fields.messages import Message, MessageField
    from ._http.retries import Retry
    from ._listing.async_pager import AsyncPager
    from ._listing.operation import ListOperation
    from ._listing.page import Page
    from ._listing.pager import Pager
    from ._model import Model
    from ._names import AccountName, ModelName
    from ._openapi import SPEC_VERSION, Code, ModelKind, ModelState
    from ._serving import ServingStatus
    from ._version import __version__
    from .errors import (
        BookmarkError,
        ConfigurationError,
        DecodeError,
        FieldError,
        GatewayError,
        InvalidArgumentError,
        ModelNotFoundError,
        NotFoundError,
        PageTokenError,
        PermissionDeniedError,
        RequestTimeoutError,
        ResourceExhaustedError,
        Response,
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
    "ModelNotFoundError",
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
    "check_filter",
    "describe",
    "errors",
    "filters",
    "http_status",
    "parse_enum",
    "specification",
]

if not TYPE_CHECKING:  # To type checkers a module's `__getattr__` means that it has every name.
    import sys as _sys
    from importlib import import_module as _import_module

    def _loader(package, modules, submodules):
        """Return the `__getattr__` of a package, given the names of each module, and its submodules."""
        module_of = {name: module for module, names in modules.items() for name in names}

        def load(name):
            if name in submodules:
                return _import_module(f"{package}.{name}")
            module = _sys.modules[package]
            if name not in module_of:
                raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=module)
            value = getattr(_import_module(f"{package}.{module_of[name]}"), name)
            setattr(module, name, value)  # The next use finds it without this function.
            return value

        return load

    __getattr__ = _loader(
        __name__,
        {
            "_bookmark": ["Bookmark"],
            "_client": ["AsyncGatewayClient", "GatewayClient"],
            "_fields.check": ["check_filter"],
            "_fields.dates": ["PartialDate"],
            "_fields.enums": ["Unrecognized", "describe", "http_status", "parse_enum"],
            "_fields.fields": ["BoolField", "DateField", "Field"],
            "_fields.messages": ["Message", "MessageField"],
            "_http.retries": ["Retry"],
            "_listing.async_pager": ["AsyncPager"],
            "_listing.operation": ["ListOperation"],
            "_listing.page": ["Page"],
            "_listing.pager": ["Pager"],
            "_model": ["Model"],
            "_names": ["AccountName", "ModelName"],
            "_openapi": ["SPEC_VERSION", "Code", "ModelKind", "ModelState"],
            "_serving": ["ServingStatus"],
            "_version": ["__version__"],
            "errors": ["Response", *(name for name in __all__ if name.endswith("Error"))],
        },
        ["errors", "filters", "specification"],
    )

    def __dir__():
        return __all__
