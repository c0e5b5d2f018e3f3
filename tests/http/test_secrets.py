"""The key appears in the requests that it signs, and in no repr, log, error, traceback or pickle."""

import copy
import io
import logging
import pickle
import traceback
from typing import Any

import pytest
from rich.console import Console
from rich.traceback import Traceback

from fireworks_gateway import AsyncGatewayClient, GatewayClient, GatewayError, errors
from fireworks_gateway.testing import FakeGateway, FaultServer, VirtualTime, faults
from fireworks_gateway.testing.faults import Fault
from tests.client.driving import driven_client

SECRET = "fw-0123456789-not-to-be-seen"
REPEATED = f"no such key: {SECRET}".encode()

LEAKS: dict[str, tuple[Fault, type[GatewayError]]] = {
    "refused": (faults.respond(401, b'{"code":16,"message":"no","details":[]}'), errors.UnauthenticatedError),
    "repeated in a message": (
        faults.respond(401, b'{"code":16,"message":"%b","details":[{"key":"%b"}]}' % (REPEATED, REPEATED)),
        errors.UnauthenticatedError,
    ),
    "repeated in a text": (faults.respond(403, REPEATED), errors.PermissionDeniedError),
    "repeated in a header": (
        faults.respond(400, b"", {"X-Request-Id": SECRET, "X-Echo": SECRET}),
        errors.InvalidArgumentError,
    ),
    "repeated in an encoding": (faults.respond(200, b"", {"Content-Encoding": "x-" + SECRET}), errors.DecodeError),
    "repeated in an address": (faults.redirect(f"https://elsewhere.example/?key={SECRET}"), errors.StatusError),
    "repeated in no JSON": (faults.respond(200, REPEATED), errors.DecodeError),
    "repeated in a listing": (faults.respond(200, b'{"models": ["%b"]}' % SECRET.encode()), errors.DecodeError),
    "repeated in another object": (faults.respond(200, b'{"%b": 1}' % SECRET.encode()), errors.DecodeError),
    "repeated in escapes": (
        faults.respond(401, b'{"code":16,"message":"no \\u0066%b"}' % SECRET[1:].encode()),
        errors.UnauthenticatedError,
    ),
    "repeated where it is cut": (faults.respond(200, b"x" * 490 + SECRET.encode()), errors.DecodeError),
    "repeated where an item is cut": (
        faults.respond(200, b'{"models": ["%b"]}' % (b"x" * 190 + SECRET.encode())),
        errors.DecodeError,
    ),
    "repeated in garbage": (
        Fault("", lambda _: [b"HTTP/x " + SECRET.encode() + b"\r\n\r\n", faults.Act.CLOSE]),
        errors.TransportError,
    ),
    "busy": (faults.respond(503, REPEATED), errors.UnavailableError),
    "reset": (faults.reset_before(), errors.TransportError),
    "truncated": (faults.truncated_body(), errors.TransportError),
    "stalled": (faults.stall(), errors.RequestTimeoutError),
    "garbage": (faults.garbage(), errors.TransportError),
    "bad gzip": (faults.bad_gzip(), errors.DecodeError),
}


# httpcore logs the headers of a response, and garbage, at DEBUG; this package cannot redact that.
LOGGED_BELOW = {"repeated in a header", "repeated in an encoding", "repeated in an address", "repeated in garbage"}


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the key from the environment: local variables in a traceback have it only if the package leaks it."""
    monkeypatch.setenv("FIREWORKS_API_KEY", SECRET)
    monkeypatch.setenv("FIREWORKS_ACCOUNT_ID", "fireworks")


def shown_by(error: BaseException) -> str:
    """Return every text of an error, and crash reports with every local variable, except those of the test."""
    report = io.StringIO()
    frames = error.__traceback__ and error.__traceback__.tb_next
    crash = Traceback.from_exception(type(error), error, frames, show_locals=True, locals_max_string=10_000)
    Console(file=report, width=400).print(crash)
    plain = traceback.TracebackException(type(error), error, frames, capture_locals=True)
    return "\n".join(
        [
            repr(error),
            str(error),
            repr(vars(error)),
            repr(error.args),
            str(pickle.dumps(error)),
            repr(copy.deepcopy(error)),
            "".join(plain.format()),
            report.getvalue(),
        ]
    )


PREFETCHED = ("repeated in a message", "reset", "stalled")
CASES = [
    *((leak, GatewayClient, False) for leak in LEAKS),
    *((leak, make_client, True) for leak in PREFETCHED for make_client in (GatewayClient, driven_client)),
]


@pytest.mark.parametrize(("leak", "make_client", "prefetch"), CASES, ids=lambda each: getattr(each, "__name__", each))
def test_no_failure_shows_the_key(
    leak: str, make_client: Any, prefetch: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Even if the service repeats it; neither do the loggers of this package and of httpx at DEBUG."""
    fault, kind = LEAKS[leak]
    server = FaultServer(FakeGateway(5, api_key=SECRET).reply, [None] * prefetch + [fault] * 9)
    with (
        caplog.at_level(logging.DEBUG),
        server as url,
        make_client(base_url=url, timeout=0.2, clock=VirtualTime().clock) as client,
        pytest.raises(kind) as raised,
    ):
        client.models.list(page_size=2, prefetch=prefetch).to_list()
    assert SECRET in server.requests[0].headers["authorization"]
    assert SECRET not in shown_by(raised.value)
    logged = [each for each in caplog.records if each.name == "fireworks_gateway" or leak not in LOGGED_BELOW]
    assert SECRET not in "".join(map(caplog.handler.format, logged))
    assert caplog.records


def test_a_leak_is_found() -> None:
    """Find a key in a local variable and in an error, as a check of the test above."""

    def failing(value: str) -> None:
        raise GatewayError("no")

    with pytest.raises(GatewayError) as raised:
        failing(SECRET)
    assert SECRET in shown_by(raised.value)
    assert SECRET in shown_by(GatewayError(SECRET))


REFUSED: list[dict[str, Any]] = [
    {"base_url": "http://api.fireworks.ai"},
    {"base_url": "https://me:word@api.fireworks.ai"},
    {"account_id": "a/b"},
    {"timeout": -1},
    {"max_retries": -1},
    {"user_agent_suffix": "\n"},
]


@pytest.mark.parametrize("client", [GatewayClient, AsyncGatewayClient])
@pytest.mark.parametrize("arguments", REFUSED, ids=str)
def test_no_invalid_setting_shows_the_key(client: Any, arguments: dict[str, Any]) -> None:
    """The error names the setting alone."""
    with pytest.raises(errors.ConfigurationError) as raised:
        client(**arguments)
    assert SECRET not in shown_by(raised.value)


@pytest.mark.parametrize("ending", ["\n", " x", "é", "\x00", "\x7f"])
@pytest.mark.parametrize("client", [GatewayClient, AsyncGatewayClient])
def test_no_invalid_key_is_shown(client: Any, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key with a line end raises an error without the key."""
    if ending != "\x00":  # No variable can contain it.
        monkeypatch.setenv("FIREWORKS_API_KEY", SECRET + ending)
        with pytest.raises(errors.ConfigurationError) as raised:
            client()
        assert SECRET not in shown_by(raised.value)
    with pytest.raises(errors.ConfigurationError) as raised:
        client(api_key=SECRET + ending)
    assert SECRET not in shown_by(raised.value)


@pytest.mark.parametrize(
    "arguments", [{"filter": "a" * 70_000}, {"filter": "\ud800"}, {"read_mask": "\ud800"}], ids=["long", "half", "mask"]
)
def test_no_invalid_argument_shows_the_key(arguments: dict[str, Any]) -> None:
    """A URL that is too long, or has half a character."""
    with pytest.raises(errors.ConfigurationError) as raised:
        GatewayClient().models.list(**arguments).first()
    assert SECRET not in shown_by(raised.value)


def test_no_problem_of_a_page_shows_the_key() -> None:
    """A total that repeats the key is one."""
    fault = faults.respond(200, b'{"models": [], "totalSize": "%b"}' % SECRET.encode())
    with FaultServer(FakeGateway(1, api_key=SECRET).reply, [fault]) as url, GatewayClient(base_url=url) as client:
        (page,) = client.models.list().pages()
    assert len(page.problems) == 1
    assert SECRET not in shown_by(page.problems[0])


def test_no_object_shows_the_key() -> None:
    """In the repr, text or attributes of clients, pagers, iterators, pages and models."""
    gateway = FakeGateway(5, api_key=SECRET)
    with FaultServer(gateway.reply) as url, GatewayClient(base_url=url) as client:
        pager = client.models.list(page_size=2)
        items, pages = iter(pager), pager.pages()
        objects: list[Any] = [client, client.models, client.api, client.api.get_httpx_client(), pager, items, pages]
        objects += [(other := AsyncGatewayClient(base_url=url)), other.models, other.api, next(items), next(pages)]
        objects += [items.bookmark, client._transport, client._settings, client._settings.key]
        for each in objects:
            assert SECRET not in repr(each) + str(each) + repr(getattr(each, "__dict__", {}))
        with pytest.raises(TypeError):
            pickle.dumps(client)
