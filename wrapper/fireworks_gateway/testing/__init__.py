"""A gateway to test against: no key, no network, and no patching of httpx."""

from __future__ import annotations

from . import faults
from ._exchange import Reply, Request
from ._fault_server import FaultServer
from ._gateway import FakeGateway
from ._payloads import model_payload
from ._printing import Printing
from ._time import VirtualTime

__all__ = ["FakeGateway", "FaultServer", "Printing", "Reply", "Request", "VirtualTime", "faults", "model_payload"]
