"""Plain http: the key goes to a loopback address, or to the one host that the caller names."""

import socket
from collections.abc import Iterator

import pytest

from fireworks_gateway import ConfigurationError, GatewayClient
from fireworks_gateway._http.settings import is_loopback_address
from fireworks_gateway.testing import FaultServer
from tests.http.test_sockets import GATEWAY, MODELS, Walk, both, settings_for, walk


def own_address() -> str:
    """Return an address of this machine that is no loopback address, or an empty text."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect(("192.0.2.1", 9))  # Nothing is sent.
        except OSError:
            return ""
        address = str(sock.getsockname()[0])
        return "" if is_loopback_address(address) else address


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[FaultServer, str]]:
    """A gateway on another address than loopback, to which every name leads, with its port."""
    if not (address := own_address()):
        pytest.skip("this machine has a loopback address only")
    real = socket.getaddrinfo
    names = ("localhost", "gateway.localhost", "gateway")

    def resolve(host: object, *args: object, **options: object) -> object:
        name = host.decode() if isinstance(host, bytes) else host
        return real(address if name in names else host, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with (server := FaultServer(GATEWAY.reply, host=address)) as url:
        yield server, url.rpartition(":")[2]


@both
@pytest.mark.parametrize("name", ["localhost", "gateway.localhost"])
def test_a_name_that_leads_elsewhere_is_refused(name: str, resolved: tuple[FaultServer, str], walking: Walk) -> None:
    """A hosts file or a resolver decides where a name leads; nothing is sent before the address is checked."""
    server, port = resolved
    with pytest.raises(ConfigurationError, match="not a loopback address") as raised:
        walking(f"http://{name}:{port}")
    assert (server.requests, raised.value.bookmark is not None) == ([], True)


def test_the_generated_client_checks_the_address_too(resolved: tuple[FaultServer, str]) -> None:
    """Over the same connections."""
    server, port = resolved
    with (
        GatewayClient(**settings_for(f"http://localhost:{port}", {})) as client,
        pytest.raises(ConfigurationError, match="not a loopback address"),
    ):
        client.api.get_httpx_client().get("/v1/accounts/fireworks/models")
    assert server.requests == []


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_a_proxy_of_a_given_client_is_refused(library: str, resolved: tuple[FaultServer, str]) -> None:
    """It would see the unencrypted key."""
    server, port = resolved
    with (
        pytest.importorskip(library).Client(proxy=f"http://gateway:{port}") as http,
        pytest.raises(ConfigurationError, match="not a loopback address"),
    ):
        walk("http://127.0.0.1:9", http_client=http)
    assert server.requests == []


@both
def test_a_named_host_may_be_insecure(
    resolved: tuple[FaultServer, str], walking: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The argument or the variable names exactly one host."""
    url = f"http://gateway:{resolved[1]}"
    with pytest.raises(ConfigurationError, match="pass insecure_host='gateway'"):
        walking(url)
    with pytest.raises(ConfigurationError, match="must be https"):
        walking(url, insecure_host="gateway.example")
    assert walking(url, insecure_host="Gateway") == MODELS
    monkeypatch.setenv("FIREWORKS_INSECURE_HOST", "gateway")
    assert walking(url) == MODELS


@both
def test_localhost_is_a_loopback_name(walking: Walk) -> None:
    """So is every name below it (RFC 6761)."""
    with FaultServer(GATEWAY.reply) as url:
        assert walking(url.replace("127.0.0.1", "localhost")) == MODELS


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ("127.0.0.1 127.1.2.3 ::1 ::ffff:127.0.0.1", True),
        ("10.0.0.1 0.0.0.0 ::ffff:10.0.0.1 fe80::1%eth0 localhost", False),
    ],
)
def test_loopback_addresses(addresses: str, expected: bool) -> None:
    """Of IPv4, IPv6, and the former inside the latter; a name is no address."""
    assert {is_loopback_address(each) for each in addresses.split()} == {expected}
