"""The first models of the sample catalogue. No key is needed: the gateway is in the package."""

from fireworks_gateway.testing import FakeGateway

with FakeGateway().client() as client:  # the real service: GatewayClient(account_id="fireworks")
    for model in client.models.list(limit=5):
        print(model.model_id, model.kind, model.context_length)
