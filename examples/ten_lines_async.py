"""The same, asynchronously."""

import asyncio

from fireworks_gateway.testing import FakeGateway


async def main() -> None:
    """Print the first models of the sample catalogue."""
    async with FakeGateway().async_client() as client:
        async for model in client.models.list(limit=5):
            print(model.model_id, model.kind, model.context_length)


asyncio.run(main())
