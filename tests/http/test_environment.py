"""Proxies and certificates of the environment, before a request is sent."""

import os
from pathlib import Path
from typing import Any

import httpx
import pytest

from fireworks_gateway import AsyncGatewayClient, ConfigurationError, GatewayClient
from fireworks_gateway._http.environment import find_proxy

SERVICE = "https://gateway.example"
PROXY = "http://proxy.example:8080"
HTTPX_ALONE = pytest.mark.skipif(
    httpx.__name__ == "httpx2", reason="httpx2 decodes no host names, and writes no key log by default"
)


@pytest.fixture(autouse=True)
def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the variables of this machine."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("SSL"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize("client", [GatewayClient, AsyncGatewayClient])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "socks5://me:PASSWORD@h:1"),
        ("HTTPS_PROXY", "http://me:PASSWORD@h:port"),
        ("https_proxy", "http://me:PASS/WORD@h:1"),
        ("https_proxy", "http://me:PASS@WORD@h:99999"),
        ("all_proxy", "me:PASSWORD@h:0"),
        ("HTTPS_PROXY", "http://"),
        ("HTTPS_PROXY", "http://[::1"),
        pytest.param("HTTPS_PROXY", "http://xn--:1", marks=HTTPX_ALONE),
        ("SSL_CERT_FILE", "/nonexistent/file"),
        ("SSL_CERT_FILE", os.devnull),
        ("SSL_CERT_DIR", "/nonexistent/folder"),
        pytest.param("SSLKEYLOGFILE", "/nonexistent/file", marks=HTTPX_ALONE),
    ],
)
def test_a_variable_that_cannot_be_used_is_named(
    client: Any, name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its value, without a password, and the remedy; a client over plain http needs none of them."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=f"^{name} .*unset") as raised:
        client(api_key="fake-key", base_url=SERVICE)
    assert "PASS" not in str(raised.value)
    assert "WORD" not in str(raised.value)
    assert value.rpartition("@")[2] in str(raised.value)
    client(api_key="fake-key", base_url="http://127.0.0.1:1")


@pytest.mark.parametrize(
    ("no_proxy", "hosts", "others"),
    [
        ("", "", "gateway.example"),
        ("*", "gateway.example 10.1.2.3", ""),
        ("localhost, example ,::1", "gateway.example EXAMPLE localhost [::1]", "gateway.invalid anexample"),
        (".example", "gateway.example", "gateway.invalid"),
        ("*.example,one.invalid.", "gateway.example one.invalid one.invalid.", "gateway.invalid"),
        ("https://gateway.example", "gateway.example", "other.example"),
        ("gateway.example:443,a:8", "gateway.example a:8", "gateway.example:444 a"),
        ("10.0.0.0/8,fe80::/10", "10.1.2.3 [fe80::1]", "11.1.2.3 [fd00::1] gateway.example"),
        ("fd00::/8,[::1],::2/128", "[fd00::1] [::1] [::2]", "[fe80::1]"),
        ("[::1,::1/999,http://[,:,", "", "gateway.example [::2]"),
    ],
)
def test_no_proxy_has_names_addresses_and_networks(
    no_proxy: str, hosts: str, others: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names include their subdomains; entries of no known form are ignored."""
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", no_proxy)
    GatewayClient(api_key="fake-key", base_url=SERVICE)
    assert [host for host in hosts.split() if find_proxy(f"https://{host}")] == []
    assert [host for host in others.split() if not find_proxy(f"https://{host}")] == []


def test_the_proxy_of_the_scheme_has_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    """HTTPS_PROXY, then ALL_PROXY; plain http, to loopback, has no proxy."""
    monkeypatch.setenv("HTTP_PROXY", "http://other.example")
    assert find_proxy(SERVICE) is None
    monkeypatch.setenv("ALL_PROXY", "proxy.example:8080")
    assert str(find_proxy(SERVICE)) == f"{PROXY} (ALL_PROXY)"
    monkeypatch.setenv("https_proxy", "http://me:word@one.example")
    assert str(find_proxy(SERVICE)) == "http://***@one.example (https_proxy)"
    assert "word" not in repr(find_proxy(SERVICE))
    assert find_proxy("http://127.0.0.1") is None


def test_certificates_of_a_directory_are_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SSL_CERT_DIR needs no SSL_CERT_FILE."""
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    GatewayClient(api_key="fake-key", base_url=SERVICE)
