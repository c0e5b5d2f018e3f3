"""Settings from arguments and the environment."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from fireworks_gateway import (
    SPEC_VERSION,
    AsyncGatewayClient,
    ConfigurationError,
    GatewayClient,
    __version__,
    describe,
    http_status,
)
from fireworks_gateway._http.retries import Clock
from fireworks_gateway._http.settings import Settings
from fireworks_gateway._openapi import DEFAULT_BASE_URL
from fireworks_gateway.testing import VirtualTime

ENVIRONMENT = {
    "FIREWORKS_API_KEY": "from-environment",
    "FIREWORKS_ACCOUNT_ID": "accounts/environment",
    "FIREWORKS_BASE_URL": "https://environment.example/",
}


def settings(**given: Any) -> Settings:
    """Return the settings of a client with some arguments."""
    arguments: dict[str, Any] = {"api_key": "k", **given}
    return GatewayClient(**arguments)._settings


def test_the_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three variables, each overridden by its argument."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    found = settings(api_key=None)
    assert found.key.authorization == "Bearer from-environment"
    assert (found.account_id, found.base_url) == ("environment", "https://environment.example")
    given = settings(api_key="k", account_id="\u6a21\u578b-\u00e9", base_url="https://argument.example")
    assert given.key.authorization == "Bearer k"
    assert (given.account_id, given.base_url) == ("\u6a21\u578b-\u00e9", "https://argument.example")


@pytest.mark.parametrize("client", [GatewayClient, AsyncGatewayClient])
def test_a_missing_key_is_an_error(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the variable; an empty variable is missing."""
    monkeypatch.setenv("FIREWORKS_API_KEY", "")
    with pytest.raises(ConfigurationError, match="FIREWORKS_API_KEY"):
        client(account_id="fireworks")


# httpx2 reports two of these hosts when it connects.
BASE_URLS = [
    ("http://api.fireworks.ai", "protect the key"),
    ("http://localhost.example", "protect the key"),
    ("ftp://api.fireworks.ai", "such as"),
    ("https://", "such as"),
    ("https://host/?key=word", "such as"),
    ("https://host/#word", "such as"),
    ("https://me@host", "user name"),
    ("https://:word@host", "user name"),
    ("https://a..b", "must be a URL"),
    ("https://local\thost", "such as"),
    (" https://x.example", "such as"),
    ("https://x.example/\x00", "such as"),
    ("https://user:word@host:99999", "must be a URL"),
    ("https://user:wo/word@host", "must be a URL"),
    ("ftp://user:word@[::1", "must be a URL"),
    ("https://host:0", "must be a URL"),
    *[(url, "must be a URL") for url in ("https://xn--", "https://xn--/") if httpx.__name__ != "httpx2"],
    ("https://\u2603.example", "must be a URL"),
    ("https://1.2.3.999", "must be a URL"),
    ("https://exa%20mple", "must be a URL"),
    ("https://host/" + "a" * 70_000, "must be a URL"),
]
HEADERS: list[tuple[Any, str]] = [
    ({"authorization": "Bearer secret"}, "must not contain authorization. Pass the key as api_key"),
    ({"Host": "secret"}, "must not contain Host, which the client sets"),
    ({"a b": "secret"}, "must contain names of headers, got 'a b'"),
    ({"": "secret"}, "must contain names of headers, got ''"),
    ({3: "secret"}, "must contain names of headers, got 3"),
    ({"X-A": "secret\r\nX-Evil: 1"}, "must have printable ASCII without spaces at its ends as the value of X-A"),
    ({"X-A": " secret"}, "as the value of X-A"),
    ({"X-A": "s\u00e9cret"}, "as the value of X-A"),
    ({"X-A": 5}, "as the value of X-A"),
]
LONG = 10**5000  # Python does not convert it to text.
INVISIBLE = "\u200b\ufeff\u00ad\u202e\u2060\u00a0\ufe0f\u3164\x00"
NO_TIMES = [0, -1, 366 * 24 * 3600 + 1, float("inf"), float("nan"), "5", True, LONG, -LONG]
INVALID: list[tuple[str, Any, str]] = [
    *(("base_url", value, reason) for value, reason in BASE_URLS),
    *(("default_headers", value, re.escape(problem)) for value, problem in HEADERS),
    *((name, value, "must be a positive number of seconds") for name in ("timeout", "deadline") for value in NO_TIMES),
    ("timeout", None, "must be a positive number of seconds"),
    ("timeout", httpx.Timeout(5, read=-1), "must be a positive number of seconds"),
    *(("max_retries", value, "must be an integer of at least 0, got") for value in (-1, 1.5, True, "2", -LONG)),
    ("user_agent_suffix", "a\r\nX-Evil: 1", "must be printable ASCII"),
    *(("insecure_host", host, "must be a host name") for host in ("http://a", "a:80", "a b", "*", "a/", "10.0.0.1:80")),
    *(("account_id", f"my{character}account", "must be one segment of a path") for character in INVISIBLE),
    *(("account_id", f"accounts/{character}my-account", "must be one segment of a path") for character in INVISIBLE),
]


@pytest.mark.parametrize(
    ("parameter", "value", "problem"), INVALID, ids=[f"{name}-{row}" for row, (name, *_) in enumerate(INVALID)]
)
def test_an_invalid_setting_is_an_error(parameter: str, value: Any, problem: str) -> None:
    """The message begins with the parameter, and quotes no password and no header."""
    with pytest.raises(ConfigurationError, match=f"^{parameter} .*{problem}") as raised:
        settings(**{parameter: value})
    assert raised.value.parameter == parameter
    assert not re.search("cret|word", str(raised.value).replace("password", ""))


@pytest.mark.parametrize(
    "base_url",
    ["http://127.0.0.1:8000", "http://127.8.8.8", "http://[::1]:1", "http://localhost", "https://a.example/proxy"],
)
def test_loopback_and_https_are_valid(base_url: str) -> None:
    """Loopback needs no encryption; a URL may have a path, and its scheme capitals."""
    assert settings(base_url=base_url).base_url == settings(base_url=f"{base_url.replace('http', 'HTTP')}/").base_url
    assert settings(base_url=base_url).base_url == base_url


@pytest.mark.parametrize(
    "call",
    [
        lambda: GatewayClient(api_key="k", account_id="a").models.list(page_size=LONG),
        lambda: GatewayClient(api_key="k", account_id="a").models.list(limit=-LONG),
        lambda: GatewayClient(api_key="k", account_id="a").models.list(deadline=LONG),
        lambda: describe(LONG),  # type: ignore[arg-type]
        lambda: http_status(LONG),  # type: ignore[arg-type]
    ],
)
def test_a_number_too_long_to_print_is_an_error(call: Callable[[], object]) -> None:
    """The error names its parameter."""
    with pytest.raises(ConfigurationError, match=r" must be .* got an integer of thousands of digits") as raised:
        call()
    assert raised.value.parameter is not None
    assert str(raised.value).startswith(raised.value.parameter)


@pytest.mark.parametrize("seconds", [1, 0.001, 0.5, 366 * 24 * 3600])
def test_limits_are_seconds_up_to_a_year(seconds: float) -> None:
    """Fractions included."""
    found = settings(timeout=seconds, deadline=seconds, max_retries=0)
    assert (found.timeout, found.deadline, found.max_retries) == (httpx.Timeout(seconds, pool=None), seconds, 0)


def test_each_step_may_have_its_timeout() -> None:
    """As in httpx; a step without one is limited by the deadline only."""
    found = settings(timeout=httpx.Timeout(5, connect=2, pool=None)).timeout
    assert found.as_dict() == {"connect": 2, "read": 5, "write": 5, "pool": None}


def test_default_headers_replace_those_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line without a colon is ignored, as by the official SDK; the case of names does not matter."""
    monkeypatch.setenv("FIREWORKS_CUSTOM_HEADERS", "X-Team: search \n\nignored\r\n x-url:https://a.example\n")
    assert settings().headers == {"X-Team": "search", "x-url": "https://a.example"}
    assert settings(default_headers={"x-team": ""}).headers == {"x-url": "https://a.example", "x-team": ""}


def test_the_environment_contains_no_authorization(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the variable."""
    monkeypatch.setenv("FIREWORKS_CUSTOM_HEADERS", "Authorization: Bearer secret")
    with pytest.raises(ConfigurationError, match=r"^FIREWORKS_CUSTOM_HEADERS must not contain Authorization") as raised:
        settings()
    assert "secret" not in str(raised.value)


def test_settings_have_defaults() -> None:
    """30 seconds for a step, 120 for a request, two retries, no account, and the real service."""
    found = settings()
    assert not DEFAULT_BASE_URL or found.base_url == DEFAULT_BASE_URL
    assert settings(deadline=None).deadline == float("inf")
    assert (found.timeout.read, found.deadline, found.max_retries, found.account_id) == (30, 120, 2, None)
    clock = VirtualTime().clock
    assert (settings(clock=clock).clock, isinstance(found.clock, Clock)) == (clock, True)
    assert (found.encrypted, settings(base_url="http://localhost").encrypted) == (True, False)
    assert found.user_agent.endswith(")")


def test_the_user_agent_names_the_versions() -> None:
    """Of the package, the specification and Python, and then the suffix."""
    assert settings(user_agent_suffix="my-job/1.2").user_agent.startswith(
        f"fireworks-gateway/{__version__} (specification {SPEC_VERSION}; "
    )
    assert settings(user_agent_suffix="my-job/1.2").user_agent.endswith(") my-job/1.2")
