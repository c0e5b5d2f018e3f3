"""One Prism between a client and a gateway, for the whole folder."""

from collections.abc import Callable, Iterator

import pytest

from fireworks_gateway.testing import FakeGateway, FaultServer, Reply, Request
from tests.shared.documents import published_document

from .document import with_nulls, write
from .prism import Prism, proxy


class Changing:
    """A gateway with a replaceable handler, so that all tests use one Prism."""

    answer: Callable[[Request], Reply] = staticmethod(FakeGateway().reply)


@pytest.fixture(scope="session")
def changing() -> Changing:
    """The gateway behind Prism."""
    return Changing()


@pytest.fixture(scope="session")
def between(changing: Changing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prism]:
    """A Prism in front of that gateway, which checks requests and responses against the document with nulls."""
    document = write(with_nulls(published_document()), tmp_path_factory.mktemp("document"))
    with FaultServer(lambda request: changing.answer(request)) as url, proxy(url, document) as prism:
        yield prism
