"""Read the proxy and certificates from the environment; httpx rejects some values, and its errors name no variable."""

import os
import re
import ssl
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx
from attrs import field, frozen

from ..errors import ConfigurationError


@frozen
class Proxy:
    """A proxy, and the variable that names it."""

    url: str = field(repr=False)
    variable: str

    def __str__(self) -> str:
        return f"{hide_password(self.url)} ({self.variable})"


def hide_password(url: str) -> str:
    """Return a URL, which may be invalid, without user name, password and query."""
    url = re.sub(r"^([^/]*//)?.*@", r"\1***@", url, flags=re.DOTALL)
    return re.sub(r"[?#].+", "?***", url, flags=re.DOTALL)


def find_proxy(base_url: str) -> Proxy | None:
    """Return the proxy of the environment for a base URL, or raise ConfigurationError if it cannot be used."""
    parts, proxies = urlsplit(base_url), getproxies()
    scheme = next((scheme for scheme in (parts.scheme, "all") if proxies.get(scheme)), None)
    if parts.scheme != "https" or scheme is None:
        return None  # Requests over http, to loopback, must not go through a proxy, which would see the key.
    host, port = parts.hostname or "", parts.port or 443
    if any(_bypasses(entry.strip(), host, port) for entry in proxies.get("no", "").split(",")):
        return None
    url, name = proxies[scheme], f"{scheme}_proxy"
    variable = next((each for each in os.environ if each.lower() == name and os.environ[each] == url), name.upper())
    proxy = Proxy(url if "://" in url else f"http://{url}", variable)
    _check_proxy(proxy)
    return proxy


def _bypasses(entry: str, host: str, port: int) -> bool:
    try:
        return ip_address(host) in ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        name = entry.rpartition("://")[2].lower().lstrip("*.").rstrip(".")
        host = host.rstrip(".")
        return entry == "*" or (name != "" and f".{host}".endswith(f".{name}")) or name == f"{host}:{port}"


def _check_proxy(proxy: Proxy) -> None:
    try:
        url = httpx.Proxy(proxy.url).url  # Validates the scheme.
        is_valid = url.host != "" and (url.port is None or 0 < url.port < 2**16)
    except (ValueError, httpx.InvalidURL):
        url, is_valid = httpx.URL(), False
    if not is_valid:
        constraint = f"{proxy.variable} must be the URL of a proxy such as http://proxy.example:8080"
        raise ConfigurationError(f"{constraint}, got {hide_password(proxy.url)!r}. Correct or unset it")
    if url.scheme.startswith("socks"):
        from importlib.util import find_spec  # Only SOCKS needs it.

        if find_spec("socksio") is None:
            problem = f"{proxy.variable} is a SOCKS proxy, {hide_password(proxy.url)!r}, which needs socksio"
            raise ConfigurationError(f'{problem}. Install it with pip install "httpx[socks]", or unset the variable')


def load_certificates() -> ssl.SSLContext:
    """Return a TLS context with the certificate authorities of the environment, or else those of certifi."""
    file, folder = map(os.environ.get, _CERTIFICATES)
    try:
        if folder and not file and not any(map(os.path.isdir, folder.split(os.pathsep))):
            raise NotADirectoryError("no such folder")
        if file or folder:  # httpx 0.27 ignores a file that does not exist.
            return ssl.create_default_context(cafile=file or None, capath=None if file else folder)
        return httpx.create_ssl_context()
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError; a path with NUL is a ValueError.
        key_log = os.environ.get("SSLKEYLOGFILE")
        names = ["SSLKEYLOGFILE"] if key_log and getattr(error, "filename", None) == key_log else _CERTIFICATES
        name = next((name for name in names if os.environ.get(name)), "SSL_CERT_FILE")
        message = f"{name} must be {_PURPOSES[name]}, got {os.environ.get(name)!r} ({error}). Correct or unset it"
        raise ConfigurationError(message) from None


_CERTIFICATES = ["SSL_CERT_FILE", "SSL_CERT_DIR"]
_PURPOSES = {
    "SSL_CERT_FILE": "a file with certificates in PEM format",
    "SSL_CERT_DIR": "a folder with certificates in PEM format",
    "SSLKEYLOGFILE": "a writable file",
}


def certificate_remedy() -> str:
    """Return the remedy for a certificate that does not verify."""
    content = "the certificate of the authority that the server, or a proxy that inspects traffic, uses"
    current = ", ".join(f"{name} is {os.environ[name]!r}" for name in _CERTIFICATES if os.environ.get(name))
    return f"Set SSL_CERT_FILE to a file with {content}{f' ({current})' if current else ''}"
