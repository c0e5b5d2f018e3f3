"""Requests as they are sent: built, and signed for the one server that is to see the key."""

from __future__ import annotations

from typing import Any

import httpx

from ._settings import Settings
from .errors import ConfigurationError


def request_for(asked: dict[str, Any], settings: Settings) -> httpx.Request:
    """Return the signed request for method, url and params; nothing of a caller's own httpx client goes into it.

    Raises:
        ConfigurationError: There is no address for it.
    """
    request = unsigned_for(asked, settings)
    if isinstance(request, ConfigurationError):
        raise request
    request.headers["Authorization"] = settings.key.authorization
    return request


def unsigned_for(asked: dict[str, Any], settings: Settings) -> httpx.Request | ConfigurationError:
    """Return the request without the key, which is in no local variable while something can go wrong."""
    headers = {
        **asked.get("headers", {}),
        "Accept": "application/json",
        "Accept-Encoding": "gzip, deflate",
        "User-Agent": settings.user_agent,
    }
    try:
        return httpx.Request(
            asked["method"],
            settings.base_url + asked["url"],
            params=asked.get("params"),
            headers=headers,
            cookies=asked.get("cookies"),
        )
    except (httpx.InvalidURL, UnicodeError) as error:
        return ConfigurationError(f"{settings.base_url} cannot be asked for {list(asked.get('params', ()))} ({error})")


def signed(request: httpx.Request, settings: Settings) -> httpx.Request:
    """Return a signed copy of a request of the generated client.

    Raises:
        ConfigurationError: It is to another server, which is not to see the key.
    """
    service = httpx.URL(settings.base_url)
    if (request.url.scheme, request.url.host, request.url.port) != (service.scheme, service.host, service.port):
        raise ConfigurationError(f"client.api asks {settings.base_url} and no other server; not {request.url}")
    copy = httpx.Request(
        request.method, request.url, headers=request.headers, stream=request.stream, extensions=request.extensions
    )
    copy.headers["Authorization"] = settings.key.authorization
    return copy
