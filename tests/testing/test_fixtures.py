"""Tests of the pytest fixtures and of the command that serves a gateway."""

import re
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from fireworks_gateway import GatewayClient
from fireworks_gateway.testing import FakeGateway, __main__, faults

SUITE = """
import sys
import threading

import pytest

LOADED = [name for name in sys.modules if name.startswith("fireworks_gateway")]

from fireworks_gateway import GatewayClient
from fireworks_gateway.testing import FakeGateway
from fireworks_gateway.testing import faults


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate()]


@pytest.fixture(autouse=True, scope="module")
def nothing_is_left():
    before = threads()
    yield
    assert threads() == before


def test_the_plugin_loads_nothing():
    assert LOADED == ["fireworks_gateway", "fireworks_gateway.testing", "fireworks_gateway.testing._fixtures"]


def test_in_process(fake_gateway, fake_gateway_client):
    assert len(fake_gateway_client.models.list().to_list()) > 200
    assert len(fake_gateway.requests) == 2


def test_it_is_new_each_time(fake_gateway):
    assert fake_gateway.requests == []


def test_served(fake_gateway, fake_gateway_url):
    with GatewayClient() as client:  # As the code under test makes it.
        assert client.models.list(limit=3).to_list()
    assert len(fake_gateway.requests) == 1


def test_the_environment_is_as_before():
    with pytest.raises(ValueError, match="FIREWORKS_API_KEY"):
        GatewayClient()


class TestOverridden:
    @pytest.fixture
    def fake_gateway(self):
        return FakeGateway(2, faults=[faults.reset_before()])

    def test_served(self, fake_gateway, fake_gateway_url):
        with GatewayClient() as client:
            assert len(client.models.list().to_list()) == 2
        assert len(fake_gateway.requests) == 2
"""

ASYNC_SUITE = """
import anyio
import pytest

from fireworks_gateway import AsyncGatewayClient, GatewayClient

URLS = set()


@pytest.mark.asyncio
async def test_asyncio(fake_gateway, fake_gateway_async_client):
    assert len([model async for model in fake_gateway_async_client.models.list(limit=3, prefetch=True)]) == 3
    assert len(fake_gateway.requests) == 1


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_anyio(fake_gateway_url, fake_gateway_async_client):
    async with AsyncGatewayClient() as client:
        served = await client.models.list().to_list()
    assert served == await fake_gateway_async_client.models.list().to_list()


@pytest.mark.parametrize("number", range(3))
def test_one_gateway_for_the_session(number, fake_gateway_session, fake_gateway_session_url):
    URLS.add(fake_gateway_session_url)
    with GatewayClient() as client:
        client.models.list(limit=1).first()
    assert len(URLS) == 1
    assert fake_gateway_session.requests


def test_the_environment_of_another_gateway(fake_gateway_session_url, fake_gateway, fake_gateway_url):
    with GatewayClient() as client:
        client.models.list(limit=1).first()
    assert len(fake_gateway.requests) == 1
"""


OFF = [f"-pno:{name}" for name in ("cacheprovider", "schemathesis", "hypothesispytest", "pytest_httpx", "respx")]
"""Options without the plugins that the suites do not use."""


def run_suite(suite: str, folder: Path, *options: str) -> str:
    """Run pytest with a suite in a folder, with warnings as errors, and return its output."""
    (folder / "test_suite.py").write_text(suite, encoding="utf-8")
    warnings = ["-W", "error", "-W", "ignore:_pytest.python.CallSpec2 has been renamed"]  # By the lowest anyio.
    command = [sys.executable, "-m", "pytest", "-q", *warnings, *OFF, *options, str(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert {path.name for path in folder.iterdir()} - {"__pycache__"} == {"test_suite.py"}
    return done.stdout + done.stderr


def test_a_suite_finds_the_fixtures_by_itself(tmp_path: Path) -> None:
    """Installing the package is enough; it imports nothing before their use, and no thread or file stays behind."""
    output = run_suite(SUITE, tmp_path, "-pno:anyio", "-pno:asyncio")
    assert "6 passed" in output, output


def test_the_fixtures_work_with_other_plugins(tmp_path: Path) -> None:
    """They work with xdist, pytest-asyncio, and anyio with both of its event loops."""
    pytest.importorskip("pytest_asyncio")
    output = run_suite(ASYNC_SUITE, tmp_path, "-n1", "-o", "asyncio_default_fixture_loop_scope=function")
    assert "7 passed" in output, output


@pytest.mark.skipif(sys.platform == "win32", reason="there, a signal ends a process")
def test_a_gateway_is_served_from_a_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its output configures another shell, its log shows requests, and an interrupt ends it quietly."""
    command = [sys.executable, "-m", "fireworks_gateway.testing", "--models", "7", "--account-id", "acme"]
    command += ["--api-key", "secret-of-tests"]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process,
        ExitStack() as stack,
    ):
        stack.callback(process.kill)
        assert process.stdout is not None
        told = ""
        while "FIREWORKS_BASE_URL" not in told:
            told += process.stdout.readline()
        for name, value in re.findall(r"export (\w+)=(\S+)", told):
            monkeypatch.setenv(name, value)
        with GatewayClient() as client:
            assert [model.account_id for model in client.models.list()] == ["acme"] * 7
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert re.search(r"GET /v1/accounts/acme/models\?\w+=200\b", errors)
    assert "Traceback" not in errors
    assert "secret-of-tests" not in errors


def test_wrong_options_are_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """One line reports a port in use, a number that is no port, a malformed host or a malformed count."""
    with FakeGateway(1, faults=[faults.busy()]).serve() as url:
        assert __main__.main(["--port", url.rpartition(":")[2]]) == 1
    assert "cannot serve on 127.0.0.1, port" in capsys.readouterr().err
    assert __main__.main(["--port", "70000"]) == 1
    assert __main__.main(["--host", "a..b"]) == 1
    assert "cannot serve on a..b, port 0" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        __main__.main(["--models", "few"])
    assert "must be 0 or more, got 'few'" in capsys.readouterr().err
