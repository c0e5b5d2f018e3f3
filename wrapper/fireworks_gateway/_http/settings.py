"""Read and check the settings of a client, from its arguments and then from the environment."""

from __future__ import annotations

import os
import re
from functools import partial
from inspect import iscoroutinefunction
from ipaddress import ip_address
from math import inf
from platform import python_version
from typing import Any, NoReturn, TypedDict
from urllib.parse import urlsplit

from attrs import frozen

from .._names import AccountName
from .._openapi import DEFAULT_BASE_URL, SPEC_VERSION
from .._version import __version__
from ..errors import ConfigurationError
from .retries import Clock, OnRetry

DEFAULT_TIMEOUT = 30.0
"""For how many seconds one step of a request (connecting, one read, one write) may stall."""

DEFAULT_DEADLINE = 120.0
"""For how many seconds a request may take in all: every attempt, every wait, and the body to its end."""

_LONGEST_TIME = 366 * 24 * 3600.0

_is_header_value = partial(re.fullmatch, r"[\x21-\x7e]+")


class Key:
    """An API key that shows itself to nobody but the request that it signs."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    @property
    def authorization(self) -> str:
        """The value of the Authorization header."""
        return f"Bearer {self._value}"

    @property
    def usable(self) -> bool:
        """Whether the key can be in a header."""
        return isinstance(self._value, str) and _is_header_value(self._value) is not None

    def kept_out(self, text: str) -> str:
        """Return a text without the key, should it be in there: a service may repeat it in what it answers."""
        kept: str = text.replace(self._value, "<API key>")
        return kept

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
    deadline: float | None
    max_retries: int
    user_agent_suffix: str | None
    on_retry: OnRetry | None
    clock: Clock | None


@frozen(eq=False, repr=False)
class Settings:
    """What a client needs to know, checked.

    Attributes:
        key: The API key.
        account_id: The account whose models are listed unless a call names another.
        base_url: Where the service is, without a slash at the end.
        timeout: For how many seconds one step of a request may stall.
        deadline: For how many seconds a request may take, all attempts and waits included; infinity for no bound.
        max_retries: How often a request is sent again at the most.
        user_agent: What the client calls itself.
        on_retry: What is told of each further attempt.
        clock: What time it is.
    """

    key: Key
    account_id: str | None
    base_url: str
    timeout: float
    deadline: float
    max_retries: int
    user_agent: str
    on_retry: OnRetry | None
    clock: Clock

    @property
    def encrypted(self) -> bool:
        """Whether requests are encrypted; where not, to loopback, they must not take a proxy's way over a network."""
        return self.base_url.startswith("https:")


def key_from(api_key: str | None) -> Key | None:
    """Return the key that the argument, or else the environment, gives; None where there is none.

    Nothing is raised here, where the key is still plain: a traceback with local variables would show it.
    """
    value = api_key if api_key is not None else os.environ.get("FIREWORKS_API_KEY")
    return None if value is None or value == "" else Key(value)


def settings_from(
    *,
    key: Key | None,
    account_id: str | None,
    base_url: str | None,
    timeout: float,
    deadline: float | None,
    max_retries: int,
    user_agent_suffix: str | None,
    on_retry: OnRetry | None,
    clock: Clock | None,
) -> Settings:
    """Return the settings that arguments, and then the environment, give.

    Raises:
        ConfigurationError: One is missing or cannot work; the key is never shown.
    """
    account_id = account_id if account_id is not None else os.environ.get("FIREWORKS_ACCOUNT_ID") or None
    return Settings(
        key=_checked(key),
        account_id=None if account_id is None else AccountName.parse(account_id).account_id,
        base_url=_base_url(base_url or os.environ.get("FIREWORKS_BASE_URL") or DEFAULT_BASE_URL),
        timeout=seconds_from("timeout", timeout),
        deadline=inf if deadline is None else seconds_from("deadline", deadline),
        max_retries=_whole("max_retries", max_retries),
        user_agent=_user_agent(user_agent_suffix),
        on_retry=_callable("on_retry", on_retry),
        clock=_clock(clock),
    )


def _checked(key: Key | None) -> Key:
    if key is None:
        raise ConfigurationError("api_key is missing. Pass it or set FIREWORKS_API_KEY", parameter="api_key")
    if not key.usable:
        raise ConfigurationError(
            "api_key must be printable ASCII without spaces or line breaks. If you read it from a file, strip the line "
            "end. The key was not sent and is not shown here",
            parameter="api_key",
        )
    return key


def _whole(name: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise ConfigurationError(f"{name} must be an integer of at least 0, got {value!r}", parameter=name)


def _callable(name: str, value: OnRetry | None) -> OnRetry | None:
    given: object = value
    if given is None or (callable(given) and not iscoroutinefunction(given)):
        return value
    raise ConfigurationError(f"{name} must be a function that takes a Retry, got {value!r}", parameter=name)


def _clock(clock: object) -> Clock:
    if clock is None or isinstance(clock, Clock):
        return clock or Clock()
    raise ConfigurationError(f"clock must be a Clock, got {clock!r}", parameter="clock")


def _base_url(value: str) -> str:
    if not value:
        raise _base_url_error("is missing. Pass it or set FIREWORKS_BASE_URL; the specification names no server")
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018  # Reading it checks it.
        (parts.hostname or "").encode("idna")
    except (ValueError, TypeError, AttributeError):
        raise _base_url_error(f"must be a URL, got {value!r}") from None
    if parts.username or parts.password:
        raise _base_url_error("must not contain a user name or password")
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[\s\x00-\x1f\x7f?#\\]", value):
        raise _base_url_error(f"must be a URL such as {DEFAULT_BASE_URL}, without a query, got {value!r}")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise _base_url_error(f"must be https, or http to a loopback address, to protect the key, got {value!r}")
    return value.rstrip("/")


def _base_url_error(problem: str) -> ConfigurationError:
    return ConfigurationError(f"base_url {problem}", parameter="base_url")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def seconds_from(name: str, value: object) -> float:
    """Return a number of seconds.

    Raises:
        ConfigurationError: It is not above 0, or more than a year.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= _LONGEST_TIME:
        return float(value)
    message = f"{name} must be a positive number of seconds, at most a year, got {value!r}"
    raise ConfigurationError(message, parameter=name)


def _user_agent(suffix: object) -> str:
    ours = f"fireworks-gateway/{__version__} (specification {SPEC_VERSION}; Python {python_version()})"
    if suffix is None:
        return ours
    if not isinstance(suffix, str) or not re.fullmatch(r"[\x20-\x7e]*\S", suffix):
        message = f"user_agent_suffix must be printable ASCII such as my-job/1.2, got {suffix!r}"
        raise ConfigurationError(message, parameter="user_agent_suffix")
    return f"{ours} {suffix}"
