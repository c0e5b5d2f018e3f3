"""A project that installs the package without an extra; run beside the wheel, and with every extra hidden."""

from importlib.util import find_spec

import pytest

from fireworks_gateway import GatewayClient, Model
from fireworks_gateway.catalogue import Snapshot, diff, drift
from fireworks_gateway.cli import main
from fireworks_gateway.testing import FakeGateway, faults


@pytest.mark.parametrize("name", ["msgspec", "rich", "typer"])
def test_the_extra_is_absent(name: str) -> None:
    """Otherwise the other tests would prove nothing."""
    try:
        found = find_spec(name)
    except ValueError:  # It is hidden.
        found = None
    assert found is None


def test_models_are_listed(fake_gateway: FakeGateway) -> None:
    """Listing with an order and a mask, and getting by name, need no extra."""
    with fake_gateway.client() as client:
        models = client.models.list(order_by=Model.name.desc(), read_mask=[Model.name, Model.kind], limit=9).to_list()
        assert len(models) == 9
        assert client.models.get(str(models[0].name)).name == models[0].name


def test_a_filter_is_sent(fake_gateway: FakeGateway) -> None:
    """The fake gateway parses and evaluates it."""
    condition = Model.supports_serverless & (Model.context_length >= 8192)
    with fake_gateway.client() as client:
        assert client.models.list(filter=condition).first() is not None
    assert dict(fake_gateway.requests[0].query)["filter"] == str(condition)


def test_the_catalogue_is_kept_and_compared(fake_gateway: FakeGateway) -> None:
    """Drift is computed too."""
    with fake_gateway.client() as client:
        taken = Snapshot.take(client.models.list())
    assert not diff(taken, taken)
    assert not drift(taken)


@pytest.mark.parametrize("script", [[], [faults.busy()]], ids=["right", "faulty"])
def test_a_gateway_is_served(script: list[faults.Fault], monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway is served with and without faults."""
    gateway = FakeGateway(3, faults=script)
    with gateway.serve() as url:
        for name, value in gateway.environment(url).items():
            monkeypatch.setenv(name, value)
        with GatewayClient() as client:
            assert len(client.models.list().to_list()) == 3


def test_the_command_line_names_its_extra(capsys: pytest.CaptureFixture[str]) -> None:
    """It prints one line on standard error, and exits with status 2."""
    assert main(["--version"]) == 2
    assert capsys.readouterr() == ("", "fireworks-gateway needs its extra: pip install 'fireworks-gateway[cli]'\n")
