"""What a client needs to know, from its arguments and then from the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from platform import python_version
from typing import NoReturn, TypedDict
from urllib.parse import urlsplit

from attrs import frozen

from ._generated import DEFAULT_BASE_URL, SPEC_VERSION
from ._names import AccountName
from ._version import __version__
from .errors import ConfigurationError

DEFAULT_TIMEOUT = 60.0
"""For how many seconds one step of a request (connecting, one read, one write) may stall."""

_HEADER_VALUE = re.compile(r"[\x21-\x7e]+").fullmatch


class Key:
    """An API key that shows itself to nobody but the request that it signs."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    @property
    def authorization(self) -> str:
        """The value of the Authorization header."""
        return f"Bearer {self._value}"

    def __repr__(self) -> str:
        return "<API key>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key is not written anywhere; make the client anew where it is needed")


class ClientOptions(TypedDict, total=False):
    """The arguments of a client that are plain values."""

    api_key: str | None
    account_id: str | None
    base_url: str | None
    timeout: float
    user_agent_suffix: str | None


@frozen
class Settings:
    """What a client needs to know, checked.

    Attributes:
        key: The API key.
        account_id: The account whose models are listed unless a call names another.
        base_url: Where the service is, without a slash at the end.
        timeout: For how many seconds one step of a request may stall.
        user_agent: What the client calls itself.
    """

    key: Key
    account_id: str | None
    base_url: str
    timeout: float
    user_agent: str


def settings_from(
    environment: Mapping[str, str],
    *,
    api_key: str | None,
    account_id: str | None,
    base_url: str | None,
    timeout: float,
    user_agent_suffix: str | None,
) -> Settings:
    """Return the settings that arguments, and then the environment, give.

    Raises:
        ConfigurationError: One is missing or cannot work; the key is never shown.
    """
    account_id = account_id if account_id is not None else environment.get("FIREWORKS_ACCOUNT_ID") or None
    return Settings(
        key=_key(api_key if api_key is not None else environment.get("FIREWORKS_API_KEY")),
        account_id=None if account_id is None else AccountName.parse(account_id).account_id,
        base_url=_base_url(base_url or environment.get("FIREWORKS_BASE_URL") or DEFAULT_BASE_URL),
        timeout=_seconds("timeout", timeout),
        user_agent=_user_agent(user_agent_suffix),
    )


def _key(value: object) -> Key:
    if value is None or value == "":
        raise ConfigurationError("there is no API key: give api_key, or set FIREWORKS_API_KEY")
    if not isinstance(value, str) or not _HEADER_VALUE(value):
        raise ConfigurationError(
            "the API key holds something that cannot be in a header (a space, a line break, or a character beyond "
            "ASCII); it was not shown here or sent anywhere. Was it read from a file with its line end?"
        )
    return Key(value)


def _base_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018  # Reading it checks it.
    except (ValueError, TypeError, AttributeError):
        raise ConfigurationError(f"base_url is not an address: {value!r}") from None
    if parts.username or parts.password:
        raise ConfigurationError("base_url must not hold a user name or password; the key is given as api_key")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ConfigurationError(f"base_url is like {DEFAULT_BASE_URL}, without a query; not {value!r}")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ConfigurationError(f"base_url {value!r} would send the key unencrypted; use https (http is for loopback)")
    return value.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _seconds(name: str, value: object) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < float("inf"):
        return float(value)
    raise ConfigurationError(f"{name} is a number of seconds above 0; not {value!r}")


def _user_agent(suffix: str | None) -> str:
    ours = f"fireworks-gateway/{__version__} (specification {SPEC_VERSION}; Python {python_version()})"
    if suffix is None:
        return ours
    if not re.fullmatch(r"[\x20-\x7e]*\S", suffix):
        raise ConfigurationError(f"user_agent_suffix is printable ASCII, e.g. my-job/1.2; not {suffix!r}")
    return f"{ours} {suffix}"
