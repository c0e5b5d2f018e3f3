"""Two hundred walks of two thousand models at once, by one async client, against the served fake gateway."""

import asyncio
import hashlib
import re
import resource
import subprocess
import sys
from contextlib import ExitStack

import pytest

from fireworks_gateway import AsyncGatewayClient
from fireworks_gateway.testing import FakeGateway

pytestmark = pytest.mark.soak

WALKS, MODELS = 200, 2_000
# A page of 200 models takes about 1 MB decoded, and each walk keeps one and reads another.
ALLOWED = 3 * WALKS * (1 << 20)


def peak() -> int:
    """Return the peak memory of this process in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def test_every_model_is_listed_in_bounded_memory() -> None:
    """Every walk gets every model once and in order, and keeps a page or two of them."""
    with FakeGateway(MODELS).client() as client:
        names = [f"{model.name}\n" for model in client.models.list()]
    expected = hashlib.sha256("".join(names).encode()).hexdigest()
    del names

    async def walk(client: AsyncGatewayClient) -> str:
        seen = hashlib.sha256()
        async for model in client.models.list():
            seen.update(f"{model.name}\n".encode())
        return seen.hexdigest()

    async def walk_all(url: str) -> list[str]:
        client = AsyncGatewayClient(account_id="fireworks", api_key="fake-key", base_url=url, timeout=300, deadline=600)
        async with client:
            await walk(client)  # Imports and caches of the first use do not count.
            before = peak()
            digests = await asyncio.gather(*(walk(client) for _ in range(WALKS)))
        assert peak() - before < ALLOWED
        return digests

    command = [sys.executable, "-m", "fireworks_gateway.testing", "--models", str(MODELS)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process,
        ExitStack() as stack,
    ):
        stack.callback(process.terminate)
        assert process.stdout is not None
        (url,) = re.findall(r"http://\S+\d", process.stdout.readline())
        assert asyncio.run(walk_all(url)) == [expected] * WALKS
