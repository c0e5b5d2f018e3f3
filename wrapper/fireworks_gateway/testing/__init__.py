"""A gateway to test against: no key, no network, and no patching of httpx."""

from __future__ import annotations

from ._gateway import FakeGateway
from ._payloads import model_payload
from ._service import Reply, Request
from ._time import VirtualTime

__all__ = ["FakeGateway", "Reply", "Request", "VirtualTime", "model_payload"]
