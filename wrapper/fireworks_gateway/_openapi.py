"""The generated client, and a description of each enum value.

Written by `make generate` from openapi/gateway.yaml; do not edit. No other module imports the generated client. Its
packages run on first use, because they import every message and httpx.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from enum import Enum
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fireworks_gateway_openapi import models
    from fireworks_gateway_openapi.client import Client as GeneratedClient

_LOCK = RLock()


class _Package(ModuleType):
    """A package whose `__init__` runs when a name from it is first used; its modules can be imported before."""

    _running = False

    def __getattr__(self, name: str) -> Any:
        with _LOCK:
            if type(self) is _Package and not self._running:
                self._running = True
                try:
                    self.__spec__.loader.exec_module(self)  # type: ignore[union-attr]
                    self.__class__ = ModuleType  # type: ignore[assignment]
                finally:
                    del self._running
        return ModuleType.__getattribute__(self, name)

    def __dir__(self) -> list[str]:
        getattr(self, "__all__", None)  # Runs the package.
        return [*ModuleType.__dir__(self)]


def _defer(name: str) -> None:
    """Put a package among the imported modules without running it, unless it was imported."""
    if name not in sys.modules and (spec := find_spec(name)) is not None:
        package = module_from_spec(spec)
        package.__class__ = _Package
        sys.modules[name] = package
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, package)


for _name in ("fireworks_gateway_openapi", "fireworks_gateway_openapi.models"):
    _defer(_name)

from fireworks_gateway_openapi.models.base_model_details_checkpoint_format import (
    BaseModelDetailsCheckpointFormat as BaseModelDetailsCheckpointFormat,
)
from fireworks_gateway_openapi.models.deployment_precision import DeploymentPrecision as DeploymentPrecision
from fireworks_gateway_openapi.models.gateway_code import GatewayCode as Code
from fireworks_gateway_openapi.models.gateway_deployed_model_state import (
    GatewayDeployedModelState as DeployedModelState,
)
from fireworks_gateway_openapi.models.gateway_model_state import GatewayModelState as ModelState
from fireworks_gateway_openapi.models.model_kind import ModelKind as ModelKind
from fireworks_gateway_openapi.models.model_snapshot_type import ModelSnapshotType as ModelSnapshotType

__all__ = [
    "DEFAULT_BASE_URL",
    "ENUM_TEXTS",
    "SPEC_VERSION",
    "BaseModelDetailsCheckpointFormat",
    "Code",
    "DeployedModelState",
    "DeploymentPrecision",
    "GeneratedClient",
    "ModelKind",
    "ModelSnapshotType",
    "ModelState",
    "list_models_request",
    "load_requests",
    "models",
]

SPEC_VERSION = "4.259.0"
"""The version of the document, its `info.version`."""

DEFAULT_BASE_URL = "https://api.fireworks.ai"
"""The first server of the document; empty if that is relative, or if there is none."""

ENUM_TEXTS: Mapping[type[Enum], Mapping[object, str]] = {
    ModelState: {
        "STATE_UNSPECIFIED": "The state is unspecified.",
        "UPLOADING": "The model is still being uploaded (upload is asynchronous).",
        "READY": "The model is ready to be used.",
    },
    ModelKind: {
        "KIND_UNSPECIFIED": "The kind is unspecified.",
        "HF_BASE_MODEL": "An LLM base model.",
        "HF_PEFT_ADDON": "A parameter-efficent fine-tuned addon.",
        "HF_TEFT_ADDON": "A token-eficient fine-tuned addon.",
        "FLUMINA_BASE_MODEL": "A Flumina base model.",
        "FLUMINA_ADDON": "A Flumina addon.",
        "DRAFT_ADDON": "A draft model used for speculative decoding in a deployment.",
        "FIRE_AGENT": "A FireAgent model.",
        "LIVE_MERGE": "A live-merge model.",
        "CUSTOM_MODEL": "A customized model",
        "EMBEDDING_MODEL": "An Embedding model.",
        "SNAPSHOT_MODEL": "A snapshot model.",
    },
    ModelSnapshotType: {
        "FULL_SNAPSHOT": "A full snapshot. The service also prints this value for a model that is no snapshot.",
        "INCREMENTAL_SNAPSHOT": "An incremental snapshot.",
    },
    Code: {
        "OK": "Not an error; returned on success. HTTP Mapping: 200 OK",
        "CANCELLED": "The operation was cancelled, typically by the caller. HTTP Mapping: 499 Client Closed Request",
        "UNKNOWN": (
            "Unknown error. For example, this error may be returned when a `Status` value received from "
            "another address space belongs to an error space that is not known in this address space. Also "
            "errors raised by APIs that do not return enough error information may be converted to this "
            "error. HTTP Mapping: 500 Internal Server Error"
        ),
        "INVALID_ARGUMENT": (
            "The client specified an invalid argument. Note that this differs from `FAILED_PRECONDITION`. "
            "`INVALID_ARGUMENT` indicates arguments that are problematic regardless of the state of the "
            "system (e.g., a malformed file name). HTTP Mapping: 400 Bad Request"
        ),
        "DEADLINE_EXCEEDED": (
            "The deadline expired before the operation could complete. For operations that change the state "
            "of the system, this error may be returned even if the operation has completed successfully. For "
            "example, a successful response from a server could have been delayed long enough for the "
            "deadline to expire. HTTP Mapping: 504 Gateway Timeout"
        ),
        "NOT_FOUND": (
            "Some requested entity (e.g., file or directory) was not found. Note to server developers: if a "
            "request is denied for an entire class of users, such as gradual feature rollout or undocumented "
            "allowlist, `NOT_FOUND` may be used. If a request is denied for some users within a class of "
            "users, such as user-based access control, `PERMISSION_DENIED` must be used. HTTP Mapping: 404 "
            "Not Found"
        ),
        "ALREADY_EXISTS": (
            "The entity that a client attempted to create (e.g., file or directory) already exists. HTTP "
            "Mapping: 409 Conflict"
        ),
        "PERMISSION_DENIED": (
            "The caller does not have permission to execute the specified operation. `PERMISSION_DENIED` must"
            " not be used for rejections caused by exhausting some resource (use `RESOURCE_EXHAUSTED` instead"
            " for those errors). `PERMISSION_DENIED` must not be used if the caller can not be identified "
            "(use `UNAUTHENTICATED` instead for those errors). This error code does not imply the request is "
            "valid or the requested entity exists or satisfies other pre-conditions. HTTP Mapping: 403 "
            "Forbidden"
        ),
        "UNAUTHENTICATED": (
            "The request does not have valid authentication credentials for the operation. HTTP Mapping: 401 "
            "Unauthorized"
        ),
        "RESOURCE_EXHAUSTED": (
            "Some resource has been exhausted, perhaps a per-user quota, or perhaps the entire file system is"
            " out of space. HTTP Mapping: 429 Too Many Requests"
        ),
        "FAILED_PRECONDITION": (
            "The operation was rejected because the system is not in a state required for the operation's "
            "execution. For example, the directory to be deleted is non-empty, an rmdir operation is applied "
            "to a non-directory, etc. Service implementors can use the following guidelines to decide between"
            " `FAILED_PRECONDITION`, `ABORTED`, and `UNAVAILABLE`: (a) Use `UNAVAILABLE` if the client can "
            "retry just the failing call. (b) Use `ABORTED` if the client should retry at a higher level. For"
            " example, when a client-specified test-and-set fails, indicating the client should restart a "
            "read-modify-write sequence. (c) Use `FAILED_PRECONDITION` if the client should not retry until "
            'the system state has been explicitly fixed. For example, if an "rmdir" fails because the '
            "directory is non-empty, `FAILED_PRECONDITION` should be returned since the client should not "
            "retry unless the files are deleted from the directory. HTTP Mapping: 400 Bad Request"
        ),
        "ABORTED": (
            "The operation was aborted, typically due to a concurrency issue such as a sequencer check "
            "failure or transaction abort. See the guidelines above for deciding between "
            "`FAILED_PRECONDITION`, `ABORTED`, and `UNAVAILABLE`. HTTP Mapping: 409 Conflict"
        ),
        "OUT_OF_RANGE": (
            "The operation was attempted past the valid range. E.g., seeking or reading past end-of-file. "
            "Unlike `INVALID_ARGUMENT`, this error indicates a problem that may be fixed if the system state "
            "changes. For example, a 32-bit file system will generate `INVALID_ARGUMENT` if asked to read at "
            "an offset that is not in the range [0,2^32-1], but it will generate `OUT_OF_RANGE` if asked to "
            "read from an offset past the current file size. There is a fair bit of overlap between "
            "`FAILED_PRECONDITION` and `OUT_OF_RANGE`. We recommend using `OUT_OF_RANGE` (the more specific "
            "error) when it applies so that callers who are iterating through a space can easily look for an "
            "`OUT_OF_RANGE` error to detect when they are done. HTTP Mapping: 400 Bad Request"
        ),
        "UNIMPLEMENTED": (
            "The operation is not implemented or is not supported/enabled in this service. HTTP Mapping: 501 "
            "Not Implemented"
        ),
        "INTERNAL": (
            "Internal errors. This means that some invariants expected by the underlying system have been "
            "broken. This error code is reserved for serious errors. HTTP Mapping: 500 Internal Server Error"
        ),
        "UNAVAILABLE": (
            "The service is currently unavailable. This is most likely a transient condition, which can be "
            "corrected by retrying with a backoff. Note that it is not always safe to retry non-idempotent "
            "operations. See the guidelines above for deciding between `FAILED_PRECONDITION`, `ABORTED`, and "
            "`UNAVAILABLE`. HTTP Mapping: 503 Service Unavailable"
        ),
        "DATA_LOSS": "Unrecoverable data loss or corruption. HTTP Mapping: 500 Internal Server Error",
    },
    BaseModelDetailsCheckpointFormat: {
        "CHECKPOINT_FORMAT_UNSPECIFIED": "The format is unspecified.",
        "NATIVE": "A checkpoint in the native format of Fireworks.",
        "HUGGINGFACE": "A checkpoint in the format of Hugging Face.",
        "UNINITIALIZED": "No checkpoint is in place yet.",
    },
    DeploymentPrecision: {
        "PRECISION_UNSPECIFIED": "if left unspecified we will treat this as a legacy model created before self serve",
        "FP16": "16-bit floating point.",
        "FP8": "8-bit floating point.",
        "FP8_MM": "8-bit floating point, variant MM.",
        "FP8_AR": "8-bit floating point, variant AR.",
        "FP8_MM_KV_ATTN": "8-bit floating point, variant MM_KV_ATTN.",
        "FP8_KV": "8-bit floating point, variant KV.",
        "FP8_MM_V2": "8-bit floating point, variant MM_V2.",
        "FP8_V2": "8-bit floating point, variant V2.",
        "FP8_MM_KV_ATTN_V2": "8-bit floating point, variant MM_KV_ATTN_V2.",
        "NF4": "4-bit normal float.",
        "FP4": "4-bit floating point.",
        "BF16": "16-bit brain floating point.",
        "FP4_BLOCKSCALED_MM": "4-bit floating point, variant BLOCKSCALED_MM.",
        "FP4_MX_MOE": "4-bit floating point, variant MX_MOE.",
    },
    DeployedModelState: {
        "STATE_UNSPECIFIED": "The state is unspecified.",
        "UNDEPLOYING": "The model is being undeployed.",
        "DEPLOYING": "The model is being deployed.",
        "DEPLOYED": "The model is deployed and ready for inference.",
        "UPDATING": "there are updates happening with the deployed model",
    },
}
"""The description of each value of each enum, in the order of the document."""


def list_models_request(*arguments: Any, **values: Any) -> dict[str, Any]:
    """Return the method, URL and parameters of a request, from the generated function."""
    from fireworks_gateway_openapi.api.gateway.gateway_list_models import _get_kwargs

    return _get_kwargs(*arguments, **values)


def load_requests() -> None:
    """Import the modules of all requests. A process that is forked while a thread imports one could never do so."""
    for name in ("fireworks_gateway_openapi.api.gateway.gateway_list_models",):
        import_module(name)


if not TYPE_CHECKING:

    def __getattr__(name):
        if name == "models":
            return import_module("fireworks_gateway_openapi.models")
        if name == "GeneratedClient":
            return import_module("fireworks_gateway_openapi.client").Client
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
