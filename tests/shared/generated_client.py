"""List Models of the generated client, in whatever module the document's names put it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from fireworks_gateway import _openapi

GENERATED_LIST_MODELS: Any = import_module(_openapi.list_models_request.__module__)
"""The generated module, with `sync` and `asyncio`."""
