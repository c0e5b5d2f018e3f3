"""Requests as a gateway received them."""

import re

from fireworks_gateway.testing import Request


def query_of(request: Request) -> dict[str, str]:
    """Return the query of a request, its names in snake_case, because a document may have either spelling."""
    return {re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower(): value for name, value in request.query}
