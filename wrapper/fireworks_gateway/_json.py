"""JSON as it is read: to the same values whether or not the extra `fast` is installed."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any


def decoded(text: bytes) -> Any:
    """Return the value that JSON text stands for, as the standard library reads it.

    Raises:
        ValueError: It is not JSON.
        RecursionError: It is nested too deep.
    """
    try:
        return _fastest()(text)
    except Exception:  # Its errors are a ValueError in some versions only.
        # The fast decoder refuses what the standard library reads, NaN, half a surrogate pair, numbers beyond a float;
        # and what both refuse is said in the words of one.
        return json.loads(text)


@cache
def _fastest() -> Callable[[bytes], Any]:
    # Looked for when the first answer is there, so that the import of the package stays light.
    try:
        from msgspec.json import Decoder
    except ImportError:
        return json.loads
    return Decoder().decode
