"""Libraries that replace, record or trace the requests of httpx."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pytest_httpx import HTTPXMock, httpx_mock

from fireworks_gateway import AsyncGatewayClient, GatewayClient, Model, PermissionDeniedError, RequestTimeoutError
from fireworks_gateway.testing import FakeGateway, VirtualTime, faults

KEY: dict[str, Any] = {"api_key": "fw_secret_0123456789", "account_id": "fireworks"}
URL = "https://gateway.example"
PAGES = [
    {"models": [{"name": "accounts/fireworks/models/a"}], "nextPageToken": "2"},
    {"models": [{"name": "accounts/fireworks/models/b"}], "nextPageToken": ""},
]

__all__ = ["httpx_mock"]  # A fixture, whose plugin is off.


async def list_async(**options: Any) -> list[Model]:
    """Return the models of an async client of its own connections."""
    async with AsyncGatewayClient(**{**KEY, **options}) as client:
        return await client.models.list().to_list()


def list_sync(**options: Any) -> list[Model]:
    """Return the models of a client of its own connections."""
    with GatewayClient(**{**KEY, **options}) as client:
        return client.models.list().to_list()


def test_respx() -> None:
    """It replaces the transport of every client, sync and async, and its refusals become errors."""
    respx = pytest.importorskip("respx")
    with respx.mock(base_url=URL) as router:
        route = router.get("/v1/accounts/fireworks/models")
        route.side_effect = [httpx.Response(200, json=page) for page in [*PAGES, *PAGES]]
        assert [model.model_id for model in list_sync(base_url=URL)] == ["a", "b"]
        assert [model.model_id for model in asyncio.run(list_async(base_url=URL))] == ["a", "b"]
        assert [call.request.url.params.get("pageToken") for call in route.calls] == [None, "2", None, "2"]
        route.side_effect = [httpx.Response(403, json={"code": 7, "message": "no"})]
        with pytest.raises(PermissionDeniedError):
            list_sync(base_url=URL)


def test_pytest_httpx(httpx_mock: HTTPXMock) -> None:
    """The same."""
    for page in [*PAGES, *PAGES]:
        httpx_mock.add_response(json=page)
    assert [model.model_id for model in list_sync()] == ["a", "b"]
    assert [model.model_id for model in asyncio.run(list_async())] == ["a", "b"]
    assert {request.headers["authorization"] for request in httpx_mock.get_requests()} == {f"Bearer {KEY['api_key']}"}
    httpx_mock.add_exception(httpx.ReadTimeout("slow"))
    with pytest.raises(RequestTimeoutError):
        list_sync(max_retries=0)


def test_vcrpy(tmp_path: Path) -> None:
    """A recorded listing is replayed without the service; the cassettes have no key."""
    recorder = pytest.importorskip("vcr").VCR(cassette_library_dir=str(tmp_path), filter_headers=["authorization"])
    with FakeGateway(3, api_key=KEY["api_key"]).serve() as url:
        with recorder.use_cassette("sync.yaml"):
            recorded = list_sync(base_url=url)
        with recorder.use_cassette("async.yaml"):
            assert asyncio.run(list_async(base_url=url)) == recorded
    assert len(recorded) == 3
    with recorder.use_cassette("sync.yaml", record_mode="none"):
        assert list_sync(base_url=url) == recorded
    with recorder.use_cassette("async.yaml", record_mode="none"):
        assert asyncio.run(list_async(base_url=url)) == recorded
    assert KEY["api_key"] not in "".join(path.read_text() for path in tmp_path.iterdir())


def test_opentelemetry() -> None:
    """Each attempt has a span, without the key, and sends its context."""
    instrumentation = pytest.importorskip("opentelemetry.instrumentation.httpx").HTTPXClientInstrumentor()
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    gateway = FakeGateway(3, api_key=KEY["api_key"], faults=[faults.refuse("UNAVAILABLE")])
    instrumentation.instrument(tracer_provider=provider)
    try:
        with gateway.serve() as url:
            listed = list_sync(base_url=url, clock=VirtualTime().clock)
            assert listed == asyncio.run(list_async(base_url=url))
    finally:
        instrumentation.uninstrument()
    spans = [span.to_json() for span in exporter.get_finished_spans()]
    assert [json.loads(span)["attributes"]["http.status_code"] for span in spans] == [503, 200, 200]
    assert KEY["api_key"] not in "".join(spans)
    assert len({request.headers["traceparent"] for request in gateway.requests}) == 3
