"""Deadlines and cancellations on a pool of 8 for eight seconds, after which every slot is free."""

from itertools import repeat

import anyio
import pytest

from fireworks_gateway.testing import FaultServer, faults
from tests.http.test_connections import exhaust
from tests.http.test_sockets import GATEWAY

pytestmark = pytest.mark.soak


# Under trio, httpx leaves the generators of cancelled responses to the garbage collector, which warns.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_every_slot_is_free_afterwards(backend: str) -> None:
    """Sixty tasks share the pool, so that requests wait for a connection when they are cancelled."""
    with FaultServer(GATEWAY.reply, repeat(faults.delay(0.005))) as url:
        assert anyio.run(exhaust, url, "deadline cancel", 8.0, 60, 8, backend=backend) == []
