"""The packages of the generated client run on first use, and look as if they had run."""

import sys

import pytest

from tests.shared.processes import output_of

START = "import sys, fireworks_gateway._openapi as ours; ran = lambda: 'httpx' in sys.modules; assert not ran();"

USES = {
    "a class": "import fireworks_gateway_openapi as g; g.Client; assert ran() and type(g).__name__ == 'module'",
    "a name of a package": "from fireworks_gateway_openapi.models import GatewayModel; assert not ran()",
    "every name": "from fireworks_gateway_openapi.models import *; assert ModelKind is ours.ModelKind",
    "a package in a package": "import fireworks_gateway_openapi as g; assert g.models.GatewayModel is not None",
    "an enum": "from fireworks_gateway_openapi.models.model_kind import ModelKind as K; assert K is ours.ModelKind",
    "a module": "import fireworks_gateway_openapi.client as c; assert c.Client is ours.GeneratedClient",
    "a missing name": "import fireworks_gateway_openapi as g; assert not hasattr(g, 'nothing') and ran()",
    "the list of names": "import fireworks_gateway_openapi.models as m; assert 'GatewayModel' in dir(m)",
    "our alias": "import fireworks_gateway_openapi.models as m; assert ours.models is m",
    "threads": (
        "from concurrent.futures import ThreadPoolExecutor as Pool; import fireworks_gateway_openapi as g;"
        "found = {*Pool(8).map(lambda _: g.models.GatewayModel, range(64))}; assert len(found) == 1"
    ),
}


@pytest.mark.parametrize("use", USES)
def test_a_package_runs_on_first_use(use: str) -> None:
    """In a new interpreter, whatever is used first."""
    assert output_of(sys.executable, "-c", f"{START}{USES[use]}; print('ok')") == "ok\n"


def test_a_package_that_was_imported_before_stays() -> None:
    """The program imported the generated client first."""
    code = (
        "import fireworks_gateway_openapi.models as m, fireworks_gateway._openapi as o; print(type(m), o.models is m)"
    )
    assert output_of(sys.executable, "-c", code) == "<class 'module'> True\n"
