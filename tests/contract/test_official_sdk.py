"""The official SDK, in its own environment, against the fake gateway."""

import json
import os
import subprocess

import pytest

from benchmarks.environments import python_of
from fireworks_gateway.testing import FakeGateway

pytestmark = pytest.mark.contract

PROGRAM = """
import asyncio, json
from fireworks import AsyncFireworks, Fireworks, NotFoundError

def message_of(call):
    try:
        call()
    except NotFoundError as error:
        return error.body["message"]

async def list_async():
    async with AsyncFireworks() as client:
        return [model.name async for model in client.models.list(page_size=200)]

client = Fireworks()
names = [model.name for model in client.models.list()]
print(json.dumps({
    "sync": names,
    "async": asyncio.run(list_async()),
    "newest": [each.name for each in client.models.list(filter="state = READY", order_by="create_time desc")],
    "one": client.models.get(names[0].rpartition("/")[2]).name,
    "absent": message_of(lambda: client.models.get("absent")),
    "other": message_of(lambda: client.deployments.list()),
    "chat": message_of(lambda: client.chat.completions.create(model="m", messages=[])),
}))
"""


@pytest.mark.parametrize("page_numbers", [False, True], ids=["opaque tokens", "page numbers"])
def test_the_official_sdk_against_the_fake(page_numbers: bool) -> None:
    """It lists, filters and gets the same models, and its errors have the paths that the fake serves."""
    gateway = FakeGateway(page_numbers=page_numbers)
    models = gateway.client().models
    with gateway.serve() as url:
        environment = {**os.environ, **gateway.environment(url)}
        command = [str(python_of("official")), "-c", PROGRAM]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found["sync"] == found["async"] == [model.name for model in models.list()]
    newest = models.list(filter="state = READY", order_by="create_time desc")
    assert found["newest"] == [model.name for model in newest]
    assert found["one"] == found["sync"][0]
    assert "absent' not found" in found["absent"]
    assert "the fake gateway serves GET /v1/accounts/ACCOUNT/models" in found["other"]
    assert found["chat"].endswith("got POST '/v1/chat/completions'")
