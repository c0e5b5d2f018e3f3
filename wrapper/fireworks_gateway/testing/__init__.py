"""A gateway to test against, without a key, a network or patches of httpx. Names load on first use."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import faults
    from ._gateway import FakeGateway
    from ._payloads import JsonStyle, model_payload
    from ._script import VirtualTime
    from ._server import FaultServer
    from ._service import Reply, Request


__all__ = ["FakeGateway", "FaultServer", "JsonStyle", "Reply", "Request", "VirtualTime", "faults", "model_payload"]

if not TYPE_CHECKING:  # To type checkers a module's `__getattr__` means that it has every name.
    from .. import _loader

    __getattr__ = _loader(
        __name__,
        {
            "_gateway": ["FakeGateway"],
            "_payloads": ["JsonStyle", "model_payload"],
            "_script": ["VirtualTime"],
            "_server": ["FaultServer"],
            "_service": ["Reply", "Request"],
        },
        ["faults"],
    )

    def __dir__():
        return __all__
