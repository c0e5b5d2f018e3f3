"""Libraries that replace, record or trace the requests of httpx."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pytest_httpx import HTTPXMock, httpx_mock

from fireworks_gateway import GatewayClient, Model, PermissionDeniedError, RequestTimeoutError
from fireworks_gateway.testing import FakeGateway, VirtualTime, faults
from tests.client.driving import both_clients, driven_client

KEY: dict[str, Any] = {"api_key": "fw_secret_0123456789", "account_id": "fireworks"}
URL = "https://gateway.example"
PAGES = [
    {"models": [{"name": "accounts/fireworks/models/a"}], "nextPageToken": "2"},
    {"models": [{"name": "accounts/fireworks/models/b"}], "nextPageToken": ""},
]

__all__ = ["httpx_mock"]  # A fixture, whose plugin is off.


def list_models(make_client: Any, **options: Any) -> list[Model]:
    """Return the models of a client of its own connections."""
    with make_client(**{**KEY, **options}) as client:
        return list(client.models.list())


@both_clients
def test_respx(make_client: Any) -> None:
    """It replaces the transport of every client, and its refusals become errors."""
    respx = pytest.importorskip("respx")
    with respx.mock(base_url=URL) as router:
        route = router.get("/v1/accounts/fireworks/models")
        route.side_effect = [httpx.Response(200, json=page) for page in PAGES]
        assert [model.model_id for model in list_models(make_client, base_url=URL)] == ["a", "b"]
        assert ["2" in call.request.url.params.values() for call in route.calls] == [False, True]
        route.side_effect = [httpx.Response(403, json={"code": 7, "message": "no"})]
        with pytest.raises(PermissionDeniedError):
            list_models(make_client, base_url=URL)


@both_clients
def test_pytest_httpx(make_client: Any, httpx_mock: HTTPXMock) -> None:
    """The same."""
    for page in PAGES:
        httpx_mock.add_response(json=page)
    assert [model.model_id for model in list_models(make_client)] == ["a", "b"]
    assert {request.headers["authorization"] for request in httpx_mock.get_requests()} == {f"Bearer {KEY['api_key']}"}
    httpx_mock.add_exception(httpx.ReadTimeout("slow"))
    with pytest.raises(RequestTimeoutError):
        list_models(make_client, max_retries=0)


@both_clients
def test_vcrpy(make_client: Any, tmp_path: Path) -> None:
    """A recorded listing is replayed without the service; the cassette has no key."""
    recorder = pytest.importorskip("vcr").VCR(filter_headers=["authorization"])
    tape = tmp_path / "tape.yaml"
    with FakeGateway(3, api_key=KEY["api_key"]).serve() as url, recorder.use_cassette(str(tape)):
        recorded = list_models(make_client, base_url=url)
    assert len(recorded) == 3
    with recorder.use_cassette(str(tape), record_mode="none"):
        assert list_models(make_client, base_url=url) == recorded
    assert KEY["api_key"] not in tape.read_text()


def test_opentelemetry() -> None:
    """Each attempt has a span, without the key, and sends its context."""
    instrumentation = pytest.importorskip("opentelemetry.instrumentation.httpx").HTTPXClientInstrumentor()
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    gateway = FakeGateway(3, api_key=KEY["api_key"], faults=[faults.refuse("UNAVAILABLE")])
    instrumentation.instrument(tracer_provider=provider)
    try:
        with gateway.serve() as url:
            listed = list_models(GatewayClient, base_url=url, clock=VirtualTime().clock)
            assert listed == list_models(driven_client, base_url=url)
    finally:
        instrumentation.uninstrument()
    spans = [span.to_json() for span in exporter.get_finished_spans()]
    assert [json.loads(span)["attributes"]["http.status_code"] for span in spans] == [503, 200, 200]
    assert KEY["api_key"] not in "".join(spans)
    assert len({request.headers["traceparent"] for request in gateway.requests}) == 3
