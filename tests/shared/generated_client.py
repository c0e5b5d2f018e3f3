"""List Models of the generated client, in whatever module the document's names put it."""

import re
from importlib import import_module
from inspect import getsource
from typing import Any

from fireworks_gateway import _openapi

_module = re.findall(r"from (\S+) import _get_kwargs", getsource(_openapi.list_models_request))[0]

GENERATED_LIST_MODELS: Any = import_module(_module)
"""The generated module, with `sync` and `asyncio`."""
