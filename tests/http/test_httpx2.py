"""A client of httpx2 as `http_client`, beside httpx."""

import gzip
import json
from typing import Any

import httpx
import pytest

from fireworks_gateway import (
    ConfigurationError,
    GatewayClient,
    PermissionDeniedError,
    RequestTimeoutError,
    TransportError,
)
from fireworks_gateway.testing import FakeGateway, FaultServer, faults
from tests.client.driving import both_clients, call
from tests.http.test_sockets import PATH

httpx2 = pytest.importorskip("httpx2")

KEY: dict[str, Any] = {"api_key": "fake-key", "account_id": "fireworks"}
SIMPLE = [{"name": f"accounts/fireworks/models/m-{number}", "state": "READY"} for number in range(7)]


@both_clients
def test_a_listing_over_its_connection(make_client: Any) -> None:
    """With retries, prefetching and the generated client; the given client stays open."""
    http = (httpx2.Client if make_client is GatewayClient else httpx2.AsyncClient)(trust_env=False)
    with (server := FaultServer(FakeGateway(SIMPLE).reply, [None, faults.busy()])) as url:
        with make_client(**KEY, base_url=url, http_client=http) as client:
            assert len(client.models.list(page_size=2, prefetch=True).to_list()) == 7
            assert len(client.api.get_httpx_client().get(PATH, params={"pageSize": 3}).json()["models"]) == 3
        assert not http.is_closed
        assert (server.connections, len(server.requests)) == (1, 6)
        http.close() if make_client is GatewayClient else call(http.aclose)
        with pytest.raises(ConfigurationError, match="closed"):
            make_client(**KEY, base_url=url, http_client=http).models.list().first()


@pytest.mark.parametrize(
    ("fault", "kind", "text"),
    [
        (faults.truncated_body(), TransportError, "RemoteProtocolError"),
        (faults.reset_before(), TransportError, "ReadError"),
        (faults.stall(), RequestTimeoutError, "ReadTimeout after 0.2 s"),
    ],
    ids=str,
)
def test_its_failures_have_the_same_classes(fault: faults.Fault, kind: type[Exception], text: str) -> None:
    """Without an exception of httpx2 as cause or context, whose request has the key."""
    with (
        FaultServer(FakeGateway(1).reply, [fault, fault]) as url,
        httpx2.Client(trust_env=False) as http,
        httpx.Client(trust_env=False) as reference,
    ):
        raised = []
        for http_client in (http, reference):
            client = GatewayClient(**KEY, base_url=url, http_client=http_client, max_retries=0, timeout=0.2)
            with pytest.raises(kind, match=text) as failure:
                client.models.list().first()
            raised.append(failure.value)
    assert str(raised[0]) == str(raised[1])
    assert raised[0].__cause__ is raised[0].__context__ is None


def test_its_hooks_and_mocks_work() -> None:
    """A hook that reads the body or raises, and a compressed response of a mock."""

    def respond(request: Any) -> Any:
        body = gzip.compress(json.dumps({"models": SIMPLE}).encode())
        return httpx2.Response(200, headers={"content-encoding": "gzip"}, content=body)

    def read(response: Any) -> None:
        response.read()

    def refuse(response: Any) -> None:
        response.raise_for_status()

    mock = httpx2.Client(transport=httpx2.MockTransport(respond), event_hooks={"response": [read]})
    assert len(GatewayClient(**KEY, http_client=mock).models.list().to_list()) == 7
    with (
        FaultServer(FakeGateway(1).reply, [faults.refuse("PERMISSION_DENIED")]) as url,
        httpx2.Client(event_hooks={"response": [refuse]}) as raising,
        pytest.raises(PermissionDeniedError),
    ):
        GatewayClient(**KEY, base_url=url, http_client=raising).models.list().first()
