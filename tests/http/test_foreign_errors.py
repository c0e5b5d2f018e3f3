"""Exceptions of others around a request: each is an error of this package, with a bookmark."""

from itertools import repeat
from typing import Any

import httpx
import pytest

from fireworks_gateway import GatewayClient, GatewayError, PermissionDeniedError, TransportError
from fireworks_gateway.testing import FakeGateway, FaultServer, faults
from tests.client.driving import both_clients
from tests.http.test_sockets import GATEWAY, MODELS, Walk, both, settings_for, walk

KEY = "fw_0123456789abcdef"


@both
@pytest.mark.parametrize(
    "location", ["http://[::1", "urn:a:b", "https:login.example/x", "javascript:alert(1)", "http://xn--/"]
)
def test_an_odd_location_is_an_error_of_this_package(location: str, walking: Walk) -> None:
    """The location of a redirect is parsed."""
    fault = faults.respond(302, headers={"location": location})
    with FaultServer(GATEWAY.reply, [None, fault]) as url, pytest.raises(GatewayError) as raised:
        walking(url)
    assert (raised.value.retryable, raised.value.attempts, raised.value.bookmark is not None) == (False, 1, True)


@both_clients
def test_cookies_are_ignored(make_client: Any) -> None:
    """Odd ones too: no later request contains them, and the memory does not fill with those of a proxy."""
    odd = {"set-cookie": "a=b; expires=Thu, 99 Foo 2026 25:61:61 GMT; max-age=" + "9" * 5000 + "; version=x"}
    busy = faults.respond(429, headers={"retry-after": "0", "set-cookie": "session=1"})
    script = [faults.respond(503, headers=odd), busy]
    with (server := FaultServer(GATEWAY.reply, script)) as url, make_client(**settings_for(url, {})) as client:
        assert client.models.list().to_list() == MODELS
        assert list(client._transport._pool.client.cookies.jar) == []
    assert all("cookie" not in request.headers for request in server.requests)


@pytest.mark.parametrize(
    "failure", [KeyError(KEY), RuntimeError("x"), ValueError("x"), RecursionError(), OSError(5, "x")]
)
def test_an_exception_of_a_hook_is_a_transport_error(failure: Exception) -> None:
    """It is not retried, has a bookmark, and shows no key."""

    def hook(response: httpx.Response) -> None:
        raise failure

    http = httpx.Client(transport=FakeGateway(3, api_key=KEY).transport(), event_hooks={"response": [hook]})
    client = GatewayClient(api_key=KEY, account_id="fireworks", http_client=http)
    with pytest.raises(TransportError, match=type(failure).__name__) as raised:
        client.models.list().to_list()
    assert (raised.value.retryable, raised.value.attempts, raised.value.bookmark is not None) == (False, 1, True)
    assert (raised.value.__cause__, raised.value.__context__, KEY in str(raised.value)) == (None, None, False)


@pytest.mark.parametrize(
    ("failure", "kind"), [(LookupError("no such host"), TransportError), (AssertionError("not mocked"), AssertionError)]
)
def test_an_exception_of_a_transport_is_a_transport_error(failure: Exception, kind: type[Exception]) -> None:
    """Except the assertion of a mocking library, which reports an unexpected request."""

    def respond(request: httpx.Request) -> httpx.Response:
        raise failure

    with pytest.raises(kind, match=str(failure)) as raised:
        walk("https://gateway.example", http_client=httpx.Client(transport=httpx.MockTransport(respond)))
    assert hasattr(raised.value, "bookmark") == (kind is TransportError)


@pytest.mark.parametrize(("read", "message"), [(False, "Forbidden"), (True, "not yours")])
def test_a_hook_may_raise_for_a_status(read: bool, message: str) -> None:
    """The response that its error contains is retried, or raised as the error of its status, with the body if read."""

    def hook(response: httpx.Response) -> None:
        if read:
            response.read()
        response.raise_for_status()

    fault = faults.refuse("PERMISSION_DENIED", "not yours")
    with (
        FaultServer(GATEWAY.reply, [faults.busy(0), None, fault]) as url,
        httpx.Client(event_hooks={"response": [hook]}) as http,
        pytest.raises(PermissionDeniedError, match=message) as raised,
    ):
        walk(url, http_client=http)
    assert raised.value.bookmark is not None


def test_the_error_of_another_request_is_not_the_response() -> None:
    """A hook may fail to send another request, for example for a token."""

    def hook(request: httpx.Request) -> None:
        other = httpx.Request("GET", "https://tokens.example")
        httpx.Response(403, request=other).raise_for_status()

    with (
        FaultServer(GATEWAY.reply, repeat(None)) as url,
        httpx.Client(event_hooks={"request": [hook]}) as http,
        pytest.raises(TransportError, match="HTTPStatusError"),
    ):
        walk(url, http_client=http)
