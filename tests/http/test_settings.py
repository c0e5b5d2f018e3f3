"""Settings: arguments, then the environment; what cannot work is refused at once, and the key is never shown."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from fireworks_gateway import SPEC_VERSION, AsyncGatewayClient, ConfigurationError, GatewayClient, __version__
from fireworks_gateway._http.retries import Clock
from fireworks_gateway._http.settings import Settings
from fireworks_gateway.testing import VirtualTime

ENVIRONMENT = {
    "FIREWORKS_API_KEY": "from-environment",
    "FIREWORKS_ACCOUNT_ID": "accounts/environment",
    "FIREWORKS_BASE_URL": "https://environment.example/",
}


def settings(**given: Any) -> Settings:
    """Return the settings of a client made with some arguments."""
    arguments: dict[str, Any] = {"api_key": "k", **given}
    return GatewayClient(**arguments)._settings


def test_the_environment_is_used_where_no_argument_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The three variables, each overridden by its argument."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    found = settings(api_key=None)
    assert found.key.authorization == "Bearer from-environment"
    assert (found.account_id, found.base_url) == ("environment", "https://environment.example")
    given = settings(api_key="k", account_id="a", base_url="https://argument.example")
    assert given.key.authorization == "Bearer k"
    assert (given.account_id, given.base_url) == ("a", "https://argument.example")


def test_the_service_is_the_specifications_by_default() -> None:
    """Without a base URL the real service is asked."""
    assert settings().base_url == "https://api.fireworks.ai"


@pytest.mark.parametrize("client", [GatewayClient, AsyncGatewayClient])
def test_no_key_is_refused_at_construction(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says where one is looked for; an empty variable is none."""
    monkeypatch.setenv("FIREWORKS_API_KEY", "")
    with pytest.raises(ConfigurationError, match="FIREWORKS_API_KEY"):
        client(account_id="fireworks")


@pytest.mark.parametrize("key", ["", "se cret", "secret\n", "\nsecret", "sécret", "sec\x00ret", "secret\x7f"])
@pytest.mark.parametrize("client", [GatewayClient, AsyncGatewayClient])
def test_a_key_that_is_no_header_value_is_refused_and_never_shown(client: Any, key: Any) -> None:
    """At construction, without a word of the key in the error."""
    with pytest.raises(ConfigurationError) as raised:
        client(api_key=key, account_id="fireworks")
    assert "cret" not in str(raised.value) + repr(raised.value) + str(vars(raised.value))


@pytest.mark.parametrize(
    ("base_url", "reason"),
    [
        ("http://api.fireworks.ai", "protect the key"),
        ("http://192.0.2.1", "protect the key"),
        ("http://localhost.example", "protect the key"),
        ("ftp://api.fireworks.ai", "such as"),
        ("api.fireworks.ai", "such as"),
        ("https://", "such as"),
        ("https://host/?x=1", "such as"),
        ("https://host/#x", "such as"),
        ("https://me:word@host", "user name"),
        ("https://me@host", "user name"),
        ("https://:word@host", "user name"),
        ("https://host:port", "must be a URL"),
        ("https://[::1", "must be a URL"),
        ("https://a..b", "must be a URL"),
        (f"https://{'a' * 64}.example", "must be a URL"),
        ("https://local\thost", "such as"),
        (" https://x.example", "such as"),
        ("https://x.example/a?", "such as"),
        ("https://x.example/\x00", "such as"),
    ],
)
def test_an_address_that_cannot_work_is_refused(base_url: str, reason: str) -> None:
    """The key goes over plain http to loopback only, and nothing is asked of half an address."""
    with pytest.raises(ConfigurationError, match=reason):
        settings(base_url=base_url)


@pytest.mark.parametrize(
    "base_url",
    ["http://127.0.0.1:8000", "http://127.8.8.8", "http://[::1]:1", "http://localhost", "https://a.example/proxy"],
)
def test_loopback_and_https_are_taken(base_url: str) -> None:
    """Loopback needs no encryption; an address may have a path."""
    assert settings(base_url=base_url).base_url == base_url


@pytest.mark.parametrize("timeout", [0, -1, float("inf"), float("nan"), "5", None, True])
def test_a_bound_in_time_is_a_number_of_seconds(timeout: Any) -> None:
    """Above 0, and finite; None means no deadline."""
    with pytest.raises(ConfigurationError, match="timeout"):
        settings(timeout=timeout)
    if timeout is None:
        assert settings(deadline=None).deadline == float("inf")
        return
    with pytest.raises(ConfigurationError, match="deadline"):
        settings(deadline=timeout)
    with pytest.raises(ConfigurationError, match="deadline"):
        GatewayClient(api_key="k", account_id="a").models.list(deadline=timeout)


@pytest.mark.parametrize(
    "argument",
    [
        {"max_retries": -1},
        {"max_retries": 1.5},
        {"max_retries": True},
    ],
)
def test_how_often_to_ask_again_is_a_whole_number(argument: dict[str, Any]) -> None:
    """From 0; and what is told of it is a function."""
    with pytest.raises(ConfigurationError, match=next(iter(argument))):
        settings(**argument)


@pytest.mark.parametrize("seconds", [1, 0.001, 0.5, 366 * 24 * 3600])
def test_bounds_are_kept_as_they_are_given(seconds: float) -> None:
    """In seconds, a year at the most; a millisecond is a bound, and no retry at all a number of them."""
    found = settings(timeout=seconds, deadline=seconds, max_retries=0)
    assert (repr(found.timeout), found.deadline, found.max_retries) == (repr(float(seconds)), seconds, 0)
    for name in ("timeout", "deadline"):
        with pytest.raises(ConfigurationError, match=f"^{name} must be a positive number of seconds"):
            settings(**{name: 366 * 24 * 3600 + 1})


def test_what_is_not_said_has_its_default() -> None:
    """Half a minute for a step, two minutes for a request, two further attempts, and no account."""
    found = settings()
    assert (found.timeout, found.deadline, found.max_retries, found.account_id) == (30, 120, 2, None)
    clock = VirtualTime().clock
    assert (settings(clock=clock).clock, isinstance(found.clock, Clock)) == (clock, True)
    assert (found.encrypted, settings(base_url="http://localhost").encrypted) == (True, False)
    assert found.user_agent.endswith(")")


def test_the_user_agent_says_who_asks() -> None:
    """Package, version, specification and Python; then what the caller adds."""
    assert settings(user_agent_suffix="my-job/1.2").user_agent.startswith(
        f"fireworks-gateway/{__version__} (specification {SPEC_VERSION}; "
    )
    assert settings(user_agent_suffix="my-job/1.2").user_agent.endswith(") my-job/1.2")
    with pytest.raises(ConfigurationError, match="user_agent_suffix"):
        settings(user_agent_suffix="a\r\nX-Evil: 1")


def test_the_key_is_in_no_repr_and_no_pickle() -> None:
    """Neither of the settings, nor of the clients."""
    found = settings(api_key="secret-key")
    clients: list[Any] = [
        GatewayClient(api_key="secret-key", account_id="a"),
        AsyncGatewayClient(api_key="secret-key", account_id="a"),
    ]
    for shown in [
        found,
        found.key,
        *clients,
        *(client.models for client in clients),
        *(client.api for client in clients),
    ]:
        assert "secret-key" not in repr(shown) + str(shown) + str(getattr(shown, "__dict__", ""))
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(found)
