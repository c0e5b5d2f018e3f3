"""Requests as a gateway received them."""

import re

from fireworks_gateway.testing import Request
from tests.shared.documents import operation, published_document
from tools.specification.names import STANDARD

PARAMETERS = operation(published_document())["parameters"]
DEFAULTS = {each["name"]: each["schema"]["default"] for each in PARAMETERS if "default" in each.get("schema", {})}


def query_of(request: Request) -> dict[str, str]:
    """Return the query of a request, its names in snake_case, because a document may have either spelling.

    It is without the defaults of parameters that only the document knows, which are sent too.
    """
    sent = {re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower(): (name, value) for name, value in request.query}
    return {
        name: value for name, (key, value) in sent.items() if name in STANDARD or value != str(DEFAULTS.get(key, ""))
    }
